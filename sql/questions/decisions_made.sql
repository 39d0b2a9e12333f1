-- Title: Decisions
-- Question: What was decided, about whom, what should come of it, and what has been measured since?
-- Grain: a decision made by the day, about a pupil in scope, or about the class as a whole in a meeting about pupils in scope.
-- Columns: decided_on, decision_kind, decision, provision (that it starts, ends or changes), hoped_for (what it should bring about, as
--   the decision says, else the provision that it began), start_date and end_date (of what it began or changed in the map),
--   subject (of the provision), value_then and value_now (the latest result of that subject when the provision began, else
--   when it was decided, and the latest since, on the same scale), day_then, day_now, scale, better_by (how much better:
--   steps, months or points; empty: no result since).
-- Counts: a decision once. After is not because.
-- Wrinkles: what was decided without a provision, or for one of no single subject, has no measured change.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
held as materialized (
    from meetings_in_scope('scope', $as_at)
),
made as (
    select decisions.*, scope.surname, scope.forename, scope.year_group, scope.class,
    from records.decisions
    inner join scope using (school_id, pupil_id)
    union all by name
    select decisions.*
    from records.decisions
    semi join held using (school_id, meeting_id)
    where decisions.pupil_id is null
),
about as materialized (
    select
        made.*,
        offered.name as provision,
        placements.start_date,
        placements.end_date,
        placements.intended_outcome,
        coalesce(offered.subject_key, lower(nullif(split_part(placements.measure, '/', 1), ''))) as subject_key,
        coalesce(placements.start_date, made.decided_on) as since_day,
    from made
    left join records.offered using (school_id, provision_id)
    left join records.placements
        on placements.school_id = made.school_id and placements.placement_id = made.placement_id
    where made.decided_on <= $as_at
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
left join change_since('since', $as_at) as changed
    on changed.school_id = about.school_id and changed.pupil_id = about.pupil_id
    and changed.subject_key = about.subject_key and changed.since_day = about.since_day
order by about.school_id, about.decided_on desc, about.surname nulls first, about.forename, about.decision_id;
