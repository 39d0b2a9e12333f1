-- Title: Decisions
-- Question: What was decided, about whom, what should come of it, and what has been measured since?
-- Grain: a decision made by the day, about a pupil in scope or one who has left, or about the class as a whole in a meeting
--   about pupils in scope.
-- Columns: for_whom and has_left (as in `actions`), decided_on, decision_kind, decision, provision (that it starts, ends or
--   changes), hoped_for (what it should bring about, as the decision says, else the provision that it began), start_date and end_date (of what it began or changed in the map),
--   subject (as the decision says, else of the provision), value_then and value_now (the latest result of that subject when the provision began, else
--   when it was decided, on a scale with a result since if there is one, and the latest since), day_then, day_now, scale, better_by (how much better:
--   steps, months or points; empty: no result since).
-- Counts: a decision once. After is not because.
-- Wrinkles: what was decided without a provision, or for one of no single subject, has no measured change.
with people as materialized (
    from people_of_meetings($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
held as materialized (
    from meetings_in_scope('people', $as_at)
),
made as materialized (
    from decided_in_scope('people', 'held', $as_at)
),
about as materialized (
    select
        made.*,
        offered.name as provision,
        placements.start_date,
        placements.end_date,
        placements.intended_outcome,
        coalesce(lower(made.subject), offered.subject_key, lower(nullif(split_part(placements.measure, '/', 1), ''))) as subject_key,
        coalesce(placements.start_date, made.decided_on) as since_day,
    from made
    left join records.offered using (school_id, provision_id)
    left join records.decided_placements as placements
        on placements.school_id = made.school_id and placements.decision_id = made.decision_id
),
since as (
    select distinct school_id, pupil_id, subject_key, since_day,
    from about
    where pupil_id is not null and subject_key is not null
)
select
    about.pupil_id,
    about.surname,
    about.forename,
    about.year_group,
    about.class,
    case
        when about.pupil_id is null then held.for_whom
        else concat_ws(', ', about.surname, about.forename) || case when about.has_left then ' (has left)' else '' end
    end as for_whom,
    coalesce(about.has_left, false) as has_left,
    about.decided_on,
    about.kind as decision_kind,
    about.words as decision,
    about.provision_id,
    about.provision,
    coalesce(about.expected, about.intended_outcome) as hoped_for,
    about.start_date,
    about.end_date,
    about.subject_key as subject,
    changed.value_then,
    changed.value_now,
    changed.better_by,
    changed.scale,
    changed.day_then,
    changed.day_now,
    about.placement_id,
    about.decision_id,
    about.meeting_id,
    about.school_id,
from about
left join held using (school_id, meeting_id)
left join change_since('since', $as_at) as changed
    on changed.school_id = about.school_id and changed.pupil_id = about.pupil_id
    and changed.subject_key = about.subject_key and changed.since_day = about.since_day
order by about.school_id, about.decided_on desc, about.surname nulls first, about.forename, about.decision_id;
