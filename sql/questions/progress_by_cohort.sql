-- Title: Cohorts over the years
-- Question: At the end of each year, what share of each cohort was at the expected standard?
-- Grain: a cohort (the pupils in scope who are in a year group on the day), a subject, scale and academic year in which
--   one of them has a score.
-- Columns: year_group and cohort (its name now), entered_year_1 (the academic year in which its Year 1 was; empty before
--   it), stage (the year group that most of it was in then), term (the last of the year with a score of the cohort, which is the point
--   that is shown), pupils (in scope), assessed, expected_or_above, expected_share, greater_depth, depth_share.
-- Filters: subject. Counts: each pupil once in a year. Wrinkles: those who are here now, followed back; who has left is
--   not among them. $measure ("reading/standardised") keeps one subject and scale.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
sizes as (
    select year_group, count(*) as pupils, from scope group by year_group
),
scores as materialized (
    select *, max(point) over (partition by year_group, subject_key, scale_key, academic_year) as last_point,
    from term_results('scope', $as_at, $measure)
    where number is not null and (len($subjects) = 0 or list_contains(code_keys($subjects), subject_key))
),
counted as (
    select year_group, subject_key, scale_key, academic_year, term,
        min(subject) as subject, min(scale) as scale,
        count(*) as assessed,
        count(meets_expected) as with_expectation,
        count(*) filter (where meets_expected) as met,
        count(is_greater_depth) as with_depth,
        count(*) filter (where is_greater_depth) as deeper,
        mode(year_group_then) as stage_code,
    from scores
    where point = last_point
    group by all
),
placed as (
    select counted.*, now_in.name as cohort, now_in.sort_order,
        first.sort_order as year_1_order,
    from counted
    left join store.codes.year_groups as now_in using (year_group)
    cross join (select sort_order from store.codes.year_groups where year_group = '1') as first
)
select
    placed.year_group,
    coalesce(placed.cohort, 'Year not recorded') as cohort,
    case when placed.sort_order >= placed.year_1_order then
        academic_year_of(make_date(
            left(academic_year_of($as_at), 4)::integer - (placed.sort_order - placed.year_1_order), 9, 1
        ))
    end as entered_year_1,
    then_in.name as stage,
    placed.subject,
    placed.scale,
    placed.academic_year,
    placed.term,
    sizes.pupils,
    placed.assessed,
    case when placed.with_expectation > 0 then placed.met end as expected_or_above,
    case when placed.with_expectation > 0 then placed.met / placed.assessed end as expected_share,
    placed.with_expectation,
    case when placed.with_depth > 0 then placed.deeper end as greater_depth,
    case when placed.with_depth > 0 then placed.deeper / placed.assessed end as depth_share,
    placed.sort_order,
from placed
inner join sizes on sizes.year_group is not distinct from placed.year_group
left join store.codes.year_groups as then_in on then_in.year_group = placed.stage_code
order by placed.sort_order, placed.year_group, placed.subject_key, placed.scale_key, placed.academic_year;
