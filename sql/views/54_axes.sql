-- Question: where on a chart is a score drawn, the same whoever is counted?

-- Grain: a subject and scale with a score by the day, of one measure ('reading/standardised') or of all (empty).
-- Columns: lowest and highest (the ends of the scale, else of all scores of anybody), grades and ranks (of an ordered
--   scale: all its grades that anybody has or that are a mark, the lowest first), first_day.
create macro drawn_axes(on_date, some_measure) as table
with chosen as (
    select subject_key, scale_key, kind, subject, scale, number, value, on_day,
    from store.results
    where number is not null and on_day <= on_date
        and is_of_measure(subject_key, scale_key, some_measure)
),
in_use as (
    select subject_key, scale_key, any_value(kind) as kind, min(subject) as subject, min(scale) as scale,
        min(number) as fewest, max(number) as most, min(on_day) as first_day,
    from chosen
    group by all
),
graded as (
    select subject_key, scale_key, number, value, from chosen where kind = 'ordered'
    union
    select marks.subject_key, marks.scale_key, marks.expected_number, marks.expected,
    from store.codes.expectations as marks
    semi join in_use on in_use.subject_key = marks.subject_key and in_use.scale_key = marks.scale_key
        and in_use.kind = 'ordered'
    where marks.expected_number is not null
),
grades as (
    select subject_key, scale_key, list(value order by number) as grades, list(number order by number) as ranks,
    from (select subject_key, scale_key, number, min(value) as value, from graded group by all)
    group by all
)
select
    in_use.subject_key, in_use.scale_key, in_use.kind, in_use.subject, in_use.scale,
    case when in_use.kind = 'ordered' then 1 else coalesce(scales.minimum, in_use.fewest) end as lowest,
    case when in_use.kind = 'ordered' then len(grades.ranks) else coalesce(scales.maximum, in_use.most) end as highest,
    grades.grades,
    grades.ranks,
    in_use.first_day,
from in_use
left join store.codes.scales as scales using (scale_key)
left join grades using (subject_key, scale_key);

create macro drawn_height(some_kind, some_ranks, some_number) as
    case when some_kind = 'ordered' then nullif(list_position(some_ranks, some_number), 0)::double else some_number end;
