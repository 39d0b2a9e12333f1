-- Title: Progress 8 by group
-- Question: Which groups reached more, or less, than others in the country with the same start?
-- Grain: a group with at least one pupil who has an Attainment 8 score. Groups overlap; `all` counts each pupil once.
-- Columns: with_attainment_8 (pupils in scope and in the group on the day, with that score), with_both (of them, with
--   both KS2 results too), progress_8 (their mean), progress_low and progress_high (its 95% interval: mean ± 1.96 ×
--   the country's standard deviation of pupils' scores / √with_both), differs (from 0, only where the whole interval is
--   on one side), caution.
-- Filters: none beyond pupils. Counts: with_attainment_8 is as many rows of `progress_8`, with_both those that are scored.
-- Wrinkles: as in `progress_8`; the interval says what chance alone can do, and nothing about why.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
scored as materialized (
    from progress_8_of('scope', $as_at)
),
members as (
    select school_id, pupil_id, 'all' as group_code, from scope
    union all
    select school_id, pupil_id, group_code, from groups_in_scope('scope', $as_at)
),
counted as (
    select
        members.group_code,
        count(*) as with_attainment_8,
        count(scored.progress_8) as with_both,
        avg(scored.progress_8) as progress_8,
        any_value(scored.sd) as own_sd,
        any_value(scored.cohort) as cohort,
    from scored
    inner join members using (school_id, pupil_id)
    group by members.group_code
)
select
    counted.group_code,
    coalesce(group_names.name, 'Everyone counted') as "group",
    counted.with_attainment_8,
    counted.with_both,
    counted.progress_8,
    counted.own_sd,
    nullif(concat_ws('. ',
        case
            when with_both = 0 then 'Nobody can be scored'
            when with_both < setting_comparison_small($as_at)
                then 'Small group: one moves it far'
        end,
        case when with_both < with_attainment_8
            then (with_attainment_8 - with_both) || ' without KS2 results' end
    ), '') as caution,
    counted.cohort,
from counted
left join records.group_names using (group_code)
order by counted.group_code <> 'all', group_names.sort_order, counted.group_code;
