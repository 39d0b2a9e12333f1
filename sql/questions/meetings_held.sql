-- Title: Meetings
-- Question: Which progress meetings were held, and what came of them?
-- Grain: a meeting held by the day about a pupil in scope or one who has left: in its class, year or group on its day, or on
--   its list.
-- Columns: held_on, about and about_code, people, closed_on, proposed (pupils on its list), discussed (of them, talked
--   about), decisions, actions, done (of the actions, by the day), overdue, dropped, goal, note.
-- Counts: pupils in scope, or who have left, and decisions and actions for these or for the class as a whole: each number
--   is that of the rows of the meeting in `actions` and `decisions_made`, for the same filter.
with people as materialized (
    from people_of_meetings($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
held as materialized (
    from meetings_in_scope('people', $as_at)
),
listed as (
    select school_id, meeting_id,
        count(*) filter (where not coalesce(is_left_out, false)) as proposed,
        count(*) filter (where not coalesce(is_left_out, false) and discussed_on <= $as_at) as discussed,
    from records.discussions
    semi join people using (school_id, pupil_id)
    group by all
),
decided as (
    select school_id, meeting_id, count(*) as decisions from decided_in_scope('people', 'held', $as_at) group by all
),
agreed as (
    select school_id, meeting_id, count(*) as actions,
        count(*) filter (where state in ('done', 'done late')) as done,
        count(*) filter (where state = 'dropped') as dropped,
        count(*) filter (where state = 'overdue') as overdue,
    from agreed_in_scope('people', 'held', $as_at)
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
