-- Title: Results pupil by pupil
-- Question: Where does each pupil stand now?
-- Grain: a pupil in scope, a subject and a scale with a score in the last 366 days (a setting): the latest.
-- Columns: value, expected (the mark for it; empty: none set), meets_expected (empty: cannot be judged).
-- Filters: subject.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
latest as (
    select *,
    from results_in_scope('scope', window_start($as_at), $as_at)
    where number is not null
    qualify row_number() over (
        partition by school_id, pupil_id, subject_key, scale_key order by assessed_on desc, source_order
    ) = 1
)
select
    scope.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    latest.subject,
    latest.scale,
    latest.assessed_on,
    latest.value,
    latest.expected,
    latest.meets_expected,
    latest.school_id,
from latest
inner join scope using (school_id, pupil_id)
where (len($subjects) = 0 or list_contains(code_keys($subjects), latest.subject_key))
order by latest.school_id, scope.surname, scope.forename, scope.pupil_id, latest.subject_key, latest.scale_key;
