-- Title: Decisions
-- Question: What was decided, about whom, and what should come of it?
-- Grain: a decision made by the day, about a pupil in scope, or about the class as a whole in a meeting about pupils in scope.
-- Columns: decided_on, kind, decision, provision (that it starts, ends or changes), hoped_for (what it should bring about).
-- Counts: a decision once.
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
)
select
    made.pupil_id,
    made.surname,
    made.forename,
    made.year_group,
    made.class,
    made.decided_on,
    made.kind,
    made.words as decision,
    made.provision_id,
    offered.name as provision,
    made.expected as hoped_for,
    made.decision_id,
    made.meeting_id,
    made.school_id,
from made
left join records.offered using (school_id, provision_id)
where made.decided_on <= $as_at
order by made.school_id, made.decided_on desc, made.surname nulls first, made.forename, made.decision_id;
