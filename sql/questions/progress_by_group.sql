-- Title: Progress by group
-- Question: What share of each group was at the expected standard, term by term?
-- Grain: a subject, scale, group and assessment point (academic year and term) at which at least one pupil
--   of the group was assessed. Groups overlap; `all` counts each pupil once.
-- Columns: pupils (in scope and in the group on the day), assessed (of them, with a score at that point: the
--   latest of that scale in the term, test before teacher on one day), mean_value (empty for ordered scales),
--   expected_or_above (empty where no expected mark is set), expected_share (expected_or_above / assessed,
--   0 to 1), with_expectation (of the assessed, those for whose year group a mark is set).
--   rest_share (the same for all pupils in scope outside the group), gap_points (expected_share less
--   rest_share, in percentage points), term_order (the points in time order).
-- Filters: subject. Counts: pupils, assessed and expected_or_above are pupils.
-- Wrinkles: follows the pupils in scope on the day, and their groups on the day, back through time.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
members as (
    select school_id, pupil_id, 'all' as group_code, from scope
    union all
    select school_id, pupil_id, group_code,
    from groups_in_scope('scope', $as_at)
),
sizes as (
    select group_code, count(*) as pupils, from members group by group_code
),
scores as (
    select *,
    from results_in_scope('scope', date '1900-01-01', $as_at)
    where number is not null
        and (len($subjects) = 0 or list_contains(code_keys($subjects), subject_key))
    qualify row_number() over (
        partition by school_id, pupil_id, subject_key, scale_key, academic_year, term
        order by assessed_on desc, source_order
    ) = 1
),
points as (
    select
        members.group_code,
        scores.subject_key,
        scores.scale_key,
        min(scores.subject) as subject,
        min(scores.scale) as scale,
        scores.academic_year,
        scores.term,
        any_value(scores.term_order) as term_order,
        count(*) as assessed,
        case when any_value(scores.kind) <> 'ordered' then avg(scores.number) end as mean_value,
        count(scores.meets_expected) as with_expectation,
        count(*) filter (where scores.meets_expected) as meeting,
        count(*) filter (where scores.is_greater_depth) as greater_depth,
    from scores
    inner join members using (school_id, pupil_id)
    group by members.group_code, scores.subject_key, scores.scale_key, scores.academic_year, scores.term
),
compared as (
    select
        points.*,
        everyone.assessed - points.assessed as rest_assessed,
        case when everyone.with_expectation > points.with_expectation and points.group_code <> 'all'
            then (everyone.meeting - points.meeting) / nullif(everyone.assessed - points.assessed, 0) end as rest_share,
    from points
    left join points as everyone
        on everyone.group_code = 'all' and everyone.subject_key = points.subject_key
        and everyone.scale_key = points.scale_key and everyone.academic_year = points.academic_year
        and everyone.term = points.term
)
select
    compared.group_code,
    coalesce(group_names.name, 'Everyone counted') as "group",
    compared.subject,
    compared.scale,
    compared.academic_year,
    compared.term,
    sizes.pupils,
    compared.assessed,
    compared.mean_value,
    case when compared.with_expectation > 0 then compared.meeting end as expected_or_above,
    case when compared.with_expectation > 0 then compared.meeting / compared.assessed end as expected_share,
    compared.with_expectation,
    case when compared.with_expectation > 0 then compared.greater_depth end as greater_depth,
    compared.rest_assessed,
    compared.rest_share,
    100 * (expected_share - compared.rest_share) as gap_points,
    upper(compared.term[1]) || compared.term[2:] || ', ' || compared.academic_year as point,
    left(compared.academic_year, 4)::integer * 10 + compared.term_order as term_order,
from compared
inner join sizes using (group_code)
left join records.group_names using (group_code)
order by compared.group_code <> 'all', group_names.sort_order, compared.group_code, compared.subject_key,
    compared.scale_key, term_order;
