-- Title: Actions
-- Question: Who does what by when, what is overdue, and what has been measured since?
-- Grain: an action agreed by the day, for a pupil in scope, or for the class as a whole in a meeting about pupils in scope.
-- Columns: action, owner, set_on, due_on, state (the first that holds: done late, done, dropped, overdue, open), days_overdue,
--   hoped_for (what was expected of it), subject (in which its effect should show), value_then and value_now (the latest
--   result of that subject when it was agreed, and the latest since, on the same scale), day_then, day_now, better_by
--   (how much better it is: steps, months or points; empty: no result since), outcome, done_on, dropped_on, why_dropped, meeting_id, held_on.
-- Counts: an action once. Nobody is ranked by it, and after is not because.
-- Wrinkles: an action due on the day is not overdue. One without a subject has no measured change.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
held as materialized (
    from meetings_in_scope('scope', $as_at)
),
agreed as (
    select actions.*, scope.surname, scope.forename, scope.year_group, scope.class,
    from records.actions
    inner join scope using (school_id, pupil_id)
    where actions.set_on <= $as_at
    union all by name
    select actions.*
    from records.actions
    semi join held using (school_id, meeting_id)
    where actions.pupil_id is null and actions.set_on <= $as_at
),
since as (
    select distinct school_id, pupil_id, lower(subject) as subject_key, set_on as since_day,
    from agreed
    where pupil_id is not null and subject is not null
)
select
    agreed.pupil_id,
    agreed.surname,
    agreed.forename,
    agreed.year_group,
    agreed.class,
    agreed.what as action,
    agreed.owner,
    agreed.set_on,
    agreed.due_on,
    case
        when agreed.done_on <= $as_at and agreed.done_on > agreed.due_on then 'done late'
        when agreed.done_on <= $as_at then 'done'
        when agreed.dropped_on <= $as_at then 'dropped'
        when agreed.due_on < $as_at then 'overdue'
        else 'open'
    end as state,
    case when state = 'overdue' then $as_at - agreed.due_on end as days_overdue,
    agreed.expected as hoped_for,
    agreed.subject,
    changed.value_then,
    changed.value_now,
    changed.better_by,
    changed.scale,
    changed.day_then,
    changed.day_now,
    agreed.outcome,
    agreed.done_on,
    agreed.dropped_on,
    agreed.why_dropped,
    agreed.action_id,
    agreed.meeting_id,
    held.held_on,
    agreed.school_id,
from agreed
left join held using (school_id, meeting_id)
left join change_since('since', $as_at) as changed
    on changed.school_id = agreed.school_id and changed.pupil_id = agreed.pupil_id
    and changed.subject_key = lower(agreed.subject) and changed.since_day = agreed.set_on
order by agreed.school_id, agreed.due_on, agreed.owner, agreed.surname nulls first, agreed.forename, agreed.action_id;
