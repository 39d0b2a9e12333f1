-- Title: Pupils of shared targets
-- Question: Who of a class, year or group is at its target, who is within reach of it, and who is not yet?
-- Grain: a target of a class, year group or group, and a pupil in scope whom it is for.
-- Columns: for_whom and aim (as in `shared_targets`), the rest as in `targets` for this pupil; starting_point (the latest
--   result as at the day it was set), was_there (whether that was at the target), forecast (the newest that the teacher
--   has made by the day with the pupil's own targets of the subject, on this scale, in the same academic year),
--   forecast_meets (whether it is at the target; empty: no forecast that can be read).
-- Filters: subject. Counts: a pupil once for each shared target.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
shared as materialized (
    from shared_aims($schools, $subjects, $as_at)
),
aims as materialized (
    from pupils_of_aims('shared', 'scope', $as_at)
)
select
    judged.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    aims.aim,
    aims.for_whom,
    aims.subject,
    judged.scale,
    judged.starting_point,
    judged.now_value,
    judged.now_on,
    aims.target,
    aims.set_on,
    aims.due_on,
    judged.how_far,
    judged.state,
    judged.because,
    judged.was_there,
    judged.forecast,
    judged.forecast_meets,
    judged.away,
    judged.unit,
    judged.reach,
    judged.school_id,
from aims
inner join judged_targets('aims', $as_at) as judged on judged.aim = aims.aim and judged.pupil_id = aims.pupil_id
inner join scope on scope.school_id = judged.school_id and scope.pupil_id = judged.pupil_id
order by aims.aim, scope.surname, scope.forename, judged.pupil_id;
