-- Title: Meetings
-- Question: Which progress meetings were held, and what came of them?
-- Grain: a meeting held by the day about a pupil in scope, or about a class, year group or group with one in it.
-- Columns: held_on, about and about_code, people, closed_on, proposed (pupils on its list), discussed (of them, talked
--   about), decisions, actions, done (of the actions, by the day), overdue, dropped, goal, note.
-- Counts: pupils, decisions and actions of the meeting, also those of pupils outside the filter.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
held as materialized (
    from meetings_in_scope('scope', $as_at)
),
listed as (
    select school_id, meeting_id,
        count(*) filter (where not coalesce(is_left_out, false)) as proposed,
        count(*) filter (where not coalesce(is_left_out, false) and discussed_on <= $as_at) as discussed,
    from records.discussions
    group by all
),
decided as (
    select school_id, meeting_id, count(*) as decisions, from records.decisions where decided_on <= $as_at group by all
),
agreed as (
    select school_id, meeting_id, count(*) as actions,
        count(*) filter (where done_on <= $as_at) as done,
        count(*) filter (where dropped_on <= $as_at and coalesce(done_on > $as_at, true)) as dropped,
        count(*) filter (where due_on < $as_at and coalesce(done_on > $as_at, true)
            and coalesce(dropped_on > $as_at, true)) as overdue,
    from records.actions
    where set_on <= $as_at
    group by all
)
select
    held.meeting_id,
    held.held_on,
    held.about,
    held.about_code,
    held.people,
    held.closed_on,
    coalesce(listed.proposed, 0) as proposed,
    coalesce(listed.discussed, 0) as discussed,
    coalesce(decided.decisions, 0) as decisions,
    coalesce(agreed.actions, 0) as actions,
    coalesce(agreed.done, 0) as done,
    coalesce(agreed.overdue, 0) as overdue,
    coalesce(agreed.dropped, 0) as dropped,
    held.goal,
    held.note,
    held.school_id,
from held
left join listed using (school_id, meeting_id)
left join decided using (school_id, meeting_id)
left join agreed using (school_id, meeting_id)
where held.held_on <= $as_at
order by held.school_id, held.held_on desc, held.meeting_id;
