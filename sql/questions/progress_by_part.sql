-- Title: Progress by class or year
-- Question: What share of each class or year group was at the expected standard, term by term?
-- Grain: a class, year group or key stage ($by) of the day, a subject, scale and term at which a pupil of it has a score.
-- Columns: by_key and name (what it is called), pupils (in scope, in it on the day), assessed, expected_or_above,
--   expected_share, with_expectation, greater_depth, depth_share: as in progress_by_group.
-- Filters: subject. Counts: each pupil once in a term. Wrinkles: follows the pupils in scope, by their class and year on
--   the day, back through time; in another class then, they count in the one of now. $measure ("reading/standardised")
--   keeps one subject and scale.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
members as materialized (
    select scope.school_id, scope.pupil_id, coalesce(year_groups.sort_order, 99) as year_order,
        case $by
            when 'class' then scope.school_id || ' ' || coalesce(scope.class, 'not recorded')
            when 'key_stage' then coalesce(year_groups.key_stage, 'not recorded')
            else coalesce(scope.year_group, 'not recorded')
        end as part,
        case $by
            when 'class' then coalesce(scope.class, 'Class not recorded')
            when 'key_stage' then coalesce(year_groups.key_stage, 'Key stage not recorded')
            else coalesce(year_groups.name, scope.year_group, 'Year not recorded')
        end as name,
    from scope
    left join store.codes.year_groups using (year_group)
),
parts as (
    select part, any_value(name) as name, min(year_order) as sort_order, count(*) as pupils,
        case when $by = 'class' then any_value(school_id) end as school_id,
    from members
    group by part
),
scores as materialized (
    from term_results('scope', $as_at, $measure)
    where number is not null and (len($subjects) = 0 or list_contains(code_keys($subjects), subject_key))
),
members_and_all as materialized (
    select school_id, pupil_id, part, from members
    union all
    select school_id, pupil_id, 'all', from scope
)
select
    case when $by = 'class' then substring(shares.part, length(parts.school_id) + 2) else shares.part end as by_key,
    parts.name,
    shares.subject,
    shares.scale,
    shares.academic_year,
    shares.term,
    parts.pupils,
    shares.assessed,
    shares.meeting as expected_or_above,
    shares.meeting_share as expected_share,
    shares.with_expectation,
    shares.deep as greater_depth,
    shares.deep_share as depth_share,
    upper(shares.term[1]) || shares.term[2:] || ', ' || shares.academic_year as point,
    shares.point as term_order,
    parts.sort_order,
    parts.school_id,
from part_shares('members_and_all', 'scores') as shares
inner join parts using (part)
order by parts.sort_order, parts.school_id, parts.name, shares.part, shares.subject_key, shares.scale_key, term_order;
