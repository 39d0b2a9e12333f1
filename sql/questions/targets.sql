-- Title: Targets
-- Question: How does each pupil's target stand: reached, within reach, not yet, past due, or nothing to judge by?
-- Grain: a target of a pupil in scope, set by the day.
-- Columns: starting_point (the recorded starting point, else the latest result by the day it was set), now_value and now_on
--   (the latest scored result of the subject on the target's scale, from the last 366 days, a setting), forecast (the
--   teacher's, where it was made by the day), how_far (to the target, in steps, points or months; also as a number in
--   `away`: 0 or less is reached), state (see views/95_targets.sql: reached, reached_then, within_reach,
--   not_yet, overdue, no_result),
--   because (why there is nothing to judge by), is_newest (the pupil's newest in the subject; the others are history),
--   result (what was recorded of it: where it is on the scale, the target is judged by it), forecast_meets (whether the
--   forecast is at the target or better), reach (how far counts as within reach), words (the pupil's own), parent_words,
--   since_set (risen, same or fallen since the starting point; empty: no result since),
--   agreed_with and reviewed_with (pupil, parent: each where it is recorded), reviewed_on.
-- Filters: subject. Counts: targets; a pupil can have one a subject, and earlier ones.
-- Wrinkles: on the due day itself a target is not past due. Better can be lower. A target without a scale is on that of
--   the pupil's latest result in the subject.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
aims as materialized (
    select
        row_number() over () as aim,
        targets.* exclude (year_group, class),
        scope.surname, scope.forename, scope.year_group, scope.class,
        row_number() over (
            partition by targets.school_id, targets.pupil_id, lower(targets.subject)
            order by targets.set_on desc, targets.due_on desc nulls last, targets.scale, targets.target
        ) = 1 as is_newest,
    from scope
    inner join records.targets on targets.school_id = scope.school_id and targets.pupil_id = scope.pupil_id
    where targets.set_on <= $as_at
        and (len($subjects) = 0 or list_contains(code_keys($subjects), lower(targets.subject)))
)
select
    aims.pupil_id,
    aims.surname,
    aims.forename,
    aims.year_group,
    aims.class,
    aims.subject,
    judged.scale,
    judged.starting_point,
    judged.now_value,
    judged.now_on,
    judged.forecast,
    aims.target,
    aims.set_on,
    aims.due_on,
    judged.how_far,
    judged.state,
    judged.because,
    aims.is_newest,
    aims.words,
    aims.agreed_with_pupil,
    aims.agreed_with_parent,
    aims.result,
    aims.parent_words,
    list_filter([
        case when aims.agreed_with_pupil then 'pupil' end, case when aims.agreed_with_parent then 'parent' end
    ], lambda one : one is not null) as agreed_with,
    aims.reviewed_on,
    list_filter([
        case when aims.reviewed_with_pupil then 'pupil' end, case when aims.reviewed_with_parent then 'parent' end
    ], lambda one : one is not null) as reviewed_with,
    judged.away,
    judged.unit,
    judged.reach,
    judged.forecast_meets,
    judged.since_set,
    aims.school_id,
from aims
inner join judged_targets('aims', $as_at) as judged using (aim)
order by aims.school_id, aims.surname, aims.forename, aims.pupil_id, lower(aims.subject), aims.set_on desc,
    aims.due_on desc nulls last, judged.scale, aims.target;
