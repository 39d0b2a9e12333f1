-- Title: How complete each dataset is
-- Question: How much of each dataset is filled in?
-- Grain: a dataset that holds rows, in all schools, whatever is chosen.
-- Columns: rows, columns_in_use (those with any value), filled_share (of their cells, 0 to 1), patchy (columns in
--   use with a value in fewer than nine rows of ten, the emptiest first).
-- Wrinkles: a column that is never used is no gap: no school fills every column there is. A need's start that
--   was worked out counts as blank.
with needs_as_written as (
    select * exclude (is_start_recorded) replace (case when is_start_recorded then start_date end as start_date),
    from records.needs
),
cells as (
    from filled_cells('assessments', 'store.main.assessments')
    union all
    from filled_cells('attendance', 'store.main.attendance')
    union all
    from filled_cells('behaviour', 'store.main.behaviour')
    union all
    from filled_cells('comparators', 'store.main.comparators')
    union all
    from filled_cells('criteria', 'store.main.criteria')
    union all
    from filled_cells('enrolments', 'store.main.enrolments')
    union all
    from filled_cells('expectations', 'store.main.expectations')
    union all
    from filled_cells('groups', 'store.main.groups')
    union all
    from filled_cells('memberships', 'store.main.memberships')
    union all
    from filled_cells('need_codes', 'store.main.need_codes')
    union all
    from filled_cells('needs', 'needs_as_written')
    union all
    from filled_cells('placements', 'store.main.placements')
    union all
    from filled_cells('provisions', 'store.main.provisions')
    union all
    from filled_cells('pupils', 'store.main.pupils')
    union all
    from filled_cells('reviews', 'store.main.reviews')
    union all
    from filled_cells('scale_values', 'store.main.scale_values')
    union all
    from filled_cells('scales', 'store.main.scales')
    union all
    from filled_cells('schools', 'store.main.schools')
    union all
    from filled_cells('sessions', 'store.main.sessions')
    union all
    from filled_cells('staff', 'store.main.staff')
    union all
    from filled_cells('targets', 'store.main.targets')
    union all
    from filled_cells('terms', 'store.main.terms')
    union all
    from filled_cells('training', 'store.main.training')
    union all
    from filled_cells('voices', 'store.main.voices')
)
select
    dataset,
    any_value(row_count) as rows,
    count(*) as columns_in_use,
    sum(filled) / sum(row_count) as filled_share,
    coalesce(
        list(column_name || ' (' || (100 * filled // row_count) || '%)' order by filled, column_name)
            filter (where filled < 0.9 * row_count),
        []
    ) as patchy,
from cells
where filled > 0
group by dataset
order by dataset;
