-- Title: Pupils and meetings
-- Question: Who has been talked about in a progress meeting, when last, and who never?
-- Grain: a pupil in scope.
-- Columns: times_discussed (meetings by the day in which the pupil was discussed), last_discussed (the day; empty: never),
--   days_since (since then), is_long_ago (never, or longer ago than 366 days, a setting),
--   open_actions (actions for the pupil that are neither done nor dropped by the day),
--   overdue_actions (of them, due before the day).
-- Counts: a pupil once.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
talked as (
    select scope.school_id, scope.pupil_id, count(*) as times_discussed, max(discussions.discussed_on) as last_discussed,
    from scope
    inner join records.discussions
        on discussions.school_id = scope.school_id and discussions.pupil_id = scope.pupil_id
    where discussions.discussed_on <= $as_at and not coalesce(discussions.is_left_out, false)
    group by all
),
agreed as (
    select scope.school_id, scope.pupil_id, count(*) as open_actions,
        count(*) filter (where actions.due_on < $as_at) as overdue_actions,
    from scope
    inner join records.actions on actions.school_id = scope.school_id and actions.pupil_id = scope.pupil_id
    where actions.set_on <= $as_at
        and coalesce(actions.done_on > $as_at, true) and coalesce(actions.dropped_on > $as_at, true)
    group by all
)
select
    scope.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    coalesce(talked.times_discussed, 0) as times_discussed,
    talked.last_discussed,
    $as_at - talked.last_discussed as days_since,
    coalesce(days_since > setting_not_discussed($as_at), true) as is_long_ago,
    coalesce(agreed.open_actions, 0) as open_actions,
    coalesce(agreed.overdue_actions, 0) as overdue_actions,
    scope.school_id,
from scope
left join talked using (school_id, pupil_id)
left join agreed using (school_id, pupil_id)
order by scope.school_id, scope.surname, scope.forename, scope.pupil_id;
