-- Title: Actions
-- Question: Who does what by when, what is overdue, and what has been measured since?
-- Grain: an action agreed by the day, for a pupil in scope or one who has left, or for the class as a whole in a meeting about
--   pupils in scope.
-- Columns: for_whom (the pupil, "has left" where that is so; else whom the meeting was about, with its academic year where
--   that is over), has_left, action, owner, set_on, due_on, state (the first that holds: done late, done, dropped, overdue,
--   open), days_overdue, hoped_for (what was expected of it), subject (in which its effect should show), value_then and value_now (the latest
--   result of that subject when it was agreed, on a scale with a result since if there is one, and the latest since), day_then, day_now, better_by
--   (how much better it is: steps, months or points; empty: no result since), outcome, done_on, dropped_on, why_dropped, meeting_id, held_on.
-- Counts: an action once. Nobody is ranked by it, and after is not because.
-- Wrinkles: who left in an earlier academic year is not there where a class or year group is chosen. An action due on the
--   day is not overdue. One without a subject has no measured change.
with people as materialized (
    from people_of_meetings($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
held as materialized (
    from meetings_in_scope('people', $as_at)
),
agreed as materialized (
    from agreed_in_scope('people', 'held', $as_at)
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
    case
        when agreed.pupil_id is null then held.for_whom
        else concat_ws(', ', agreed.surname, agreed.forename) || case when agreed.has_left then ' (has left)' else '' end
    end as for_whom,
    coalesce(agreed.has_left, false) as has_left,
    agreed.what as action,
    agreed.owner,
    agreed.set_on,
    agreed.due_on,
    agreed.state,
    case when agreed.state = 'overdue' then $as_at - agreed.due_on end as days_overdue,
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
