-- Title: Who qualifies
-- Question: Who qualifies for a provision without having it, who has it without qualifying, who has reached the finish and stays?
-- Grain: a pupil in scope, a provision and a finding.
-- Columns: kind (waits: every entry criterion holds on the day, the provision runs and is for the pupil's year, and the
--   pupil does not have it; attends_without: the pupil has it, and at its start at least one entry criterion is known
--   not to have held; met_exit_stays: the pupil has it, and every exit criterion holds by what was found since its
--   start; cannot_judge: none is known to fail, and for at least one the pupil's value is not known), criteria (in
--   words), values (the pupil's own), since (of waits and met_exit_stays, the day of the newest value; else the day on
--   which the pupil's time in it began; empty: not begun).
-- Filters: tier. Counts: a pupil can have several rows.
-- Wrinkles: a value that is not known never counts as holding or failing. At its start, the score recorded with the
--   provision counts before the latest result of the 366 days to it; of the finish, a dated score at the end recorded
--   with the provision counts as a result of its day. What has nobody qualifying by a criterion that
--   fails is no row. A criterion of a need or a group can only be "is"; another comparison cannot be judged.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
)
select
    scope.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    found.provision_id,
    coalesce(offered.name, found.provision_id) as provision,
    found.finding as kind,
    found.criteria,
    found.known as "values",
    found.since,
    scope.school_id,
from criteria_findings('scope', $as_at) as found
inner join scope using (school_id, pupil_id)
left join records.offered
    on offered.school_id = found.school_id and offered.provision_id = found.provision_id
where len($tiers) = 0 or list_contains($tiers, offered.tier)
order by
    array_position(['waits', 'met_exit_stays', 'attends_without', 'cannot_judge'], kind),
    scope.school_id, provision, found.provision_id, scope.surname, scope.forename, scope.pupil_id;
