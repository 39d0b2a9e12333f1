-- Title: The same year group, year after year
-- Question: Year after year, what share of each year group was at the expected standard at its end?
-- Grain: a year group, a subject, scale and academic year in which one of its pupils has a score by the day.
-- Columns: stage (the year group then), term (the last of the year with a score of the year group, which is the point
--   that is shown), assessed, expected_or_above, expected_share, with_expectation, greater_depth, depth_share.
-- Filters: school, year group, subject. Counts: each pupil once in a year. Wrinkles: other pupils each year, those who
--   have left too, by the year group that they were in then; a class, group or need of the filter is not applied.
--   $measure ("reading/standardised") keeps one subject and scale.
with pupils_of_any_time as materialized (
    select school_id, pupil_id, null as year_group, null as class,
    from store.pupils
    where len($schools) = 0 or list_contains($schools, school_id)
),
found as (
    from term_results('pupils_of_any_time', $as_at, $measure)
    where number is not null and (len($subjects) = 0 or list_contains(code_keys($subjects), subject_key))
),
scores as (
    select *, max(point) over (partition by year_group_then, subject_key, scale_key, academic_year) as last_point,
    from found
    where len($year_groups) = 0 or list_contains($year_groups, year_group_then)
),
counted as (
    select year_group_then as year_group, subject_key, scale_key, academic_year, term,
        min(subject) as subject, min(scale) as scale,
        count(*) as assessed,
        count(meets_expected) as with_expectation,
        count(*) filter (where meets_expected) as met,
        count(is_greater_depth) as with_depth,
        count(*) filter (where is_greater_depth) as deeper,
    from scores
    where point = last_point
    group by all
)
select
    counted.year_group,
    coalesce(year_groups.name, 'Year not recorded') as stage,
    counted.subject,
    counted.scale,
    counted.academic_year,
    counted.term,
    counted.assessed,
    case when counted.with_expectation > 0 then counted.met end as expected_or_above,
    case when counted.with_expectation > 0 then counted.met / counted.assessed end as expected_share,
    counted.with_expectation,
    case when counted.with_depth > 0 then counted.deeper end as greater_depth,
    case when counted.with_depth > 0 then counted.deeper / counted.assessed end as depth_share,
    year_groups.sort_order,
from counted
left join store.codes.year_groups using (year_group)
order by year_groups.sort_order, counted.year_group, counted.subject_key, counted.scale_key, counted.academic_year;
