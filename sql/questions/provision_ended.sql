-- Title: Provision that has ended
-- Question: What has ended, and what came of it?
-- Grain: a time in a provision that ended before the day, of a pupil in scope or one who has left.
-- Columns: end_date (its last day; of a pupil who has left, the last day on roll at the latest), has_left, intended_outcome,
--   outcome (whether that was met, as recorded), measure, entry_value and exit_value (scores recorded with it; one at the
--   end that is dated after the day is not there yet), gain (from the one to the other, in points or months, positive
--   where better; empty: one of them is missing, or the scale is one of words).
-- Filters: tier. Counts: a pupil has a row for each time. After is not because.
-- Wrinkles: what ends on the day itself is still in place. An expected end ends nothing.
with people as materialized (
    from people_of_meetings($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
begun as materialized (
    from impact_begun('people', $as_at)
)
select
    begun.pupil_id,
    people.surname,
    people.forename,
    people.year_group,
    people.class,
    begun.provision_id,
    begun.provision,
    begun.tier,
    begun.start_date,
    begun.expected_end_date,
    begun.end_date,
    begun.intended_outcome,
    begun.outcome,
    begun.measure,
    begun.entry_value,
    begun.entry_date,
    case when begun.is_over then begun.exit_value end as exit_value,
    case when begun.is_over then begun.exit_date end as exit_date,
    case when begun.is_over and begun.kind <> 'ordered'
        then (begun.leaving - begun.entry) * case when begun.is_higher_better then 1 else -1 end end as gain,
    begun.has_left,
    begun.school_id,
from begun
inner join people using (school_id, pupil_id)
where begun.end_date < $as_at and (len($tiers) = 0 or list_contains($tiers, begun.tier))
order by begun.school_id, begun.end_date desc, people.surname, people.forename, begun.pupil_id, begun.tier_order,
    begun.provision, begun.start_date, begun.placement_id;
