-- Title: Pupils of two groups crossed
-- Question: Who is in both of two groups, in only one of them, or in neither, and how did they do at one term?
-- Grain: a pupil in scope.
-- Columns: who (in both of $first_group and $other_group, first_only, other_only, neither, on the day), value and standing
--   (of $measure, such as "reading/standardised", at $at_term; empty: no result then).
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
found as (
    from term_results('scope', $as_at, $measure)
    where $measure is not null and point = point_of($at_term::varchar)
)
select
    scope.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    parted.part as who,
    found.value,
    found.expected,
    found.standing,
    scope.school_id,
from crossed_parts('scope', $as_at, $first_group, $other_group) as parted
inner join scope using (school_id, pupil_id)
left join found using (school_id, pupil_id)
order by scope.school_id, scope.surname, scope.forename, scope.pupil_id;
