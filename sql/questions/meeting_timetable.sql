-- Title: Timetable of what was decided
-- Question: Which adult gives what to whom since a meeting decided it, from when and for how long?
-- Grain: a pupil's time in a provision that a meeting decided to begin, change or end, and an adult who gives it (nobody
--   named: one row).
-- Columns: adult (empty: nobody is named yet), decision_kind, provision, group_name, start_date, expected_end_date,
--   end_date, minutes_per_session, sessions_per_week (each as recorded for the pupil, else for the provision), weekly_minutes,
--   subject_missed, decided_on.
-- Counts: one pupil and provision once for each adult. Minutes of a group stand in each row of its pupils: they do not add up.
-- Wrinkles: the records hold no weekday and no hour; what began later than the day is listed with its first day.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
placed as (
    select
        scope.*,
        decisions.kind, decisions.decided_on, decisions.decision_id, decisions.meeting_id,
        placements.placement_id, placements.provision_id, placements.group_name, placements.start_date,
        placements.expected_end_date, placements.end_date, placements.subject_missed,
        coalesce(offered.name, placements.provision_id) as provision,
        coalesce(placements.minutes_per_session, offered.minutes_per_session) as minutes_per_session,
        coalesce(placements.sessions_per_week, offered.sessions_per_week) as sessions_per_week,
        unnest(case when len(placements.staff_ids) > 0 then placements.staff_ids else [null] end) as staff_id,
    from scope
    inner join records.decisions
        on decisions.school_id = scope.school_id and decisions.pupil_id = scope.pupil_id
    inner join records.decided_placements as placements
        on placements.school_id = decisions.school_id and placements.decision_id = decisions.decision_id
    left join records.offered
        on offered.school_id = placements.school_id and offered.provision_id = placements.provision_id
    where decisions.decided_on <= $as_at
)
select
    placed.pupil_id,
    coalesce(staff.name, placed.staff_id) as adult,
    placed.surname,
    placed.forename,
    placed.year_group,
    placed.class,
    placed.kind as decision_kind,
    placed.provision_id,
    placed.provision,
    placed.group_name,
    placed.start_date,
    placed.expected_end_date,
    placed.end_date,
    placed.minutes_per_session,
    placed.sessions_per_week,
    placed.minutes_per_session * placed.sessions_per_week as weekly_minutes,
    placed.subject_missed,
    placed.decided_on,
    placed.placement_id,
    placed.decision_id,
    placed.meeting_id,
    placed.school_id,
from placed
left join records.staff on staff.school_id = placed.school_id and staff.staff_id = placed.staff_id
order by placed.school_id, adult nulls last, placed.start_date, placed.provision, placed.group_name, placed.surname,
    placed.forename, placed.pupil_id, placed.decision_id;
