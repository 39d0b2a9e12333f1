-- Title: Pupils a provision is aimed at
-- Question: At which pupils is each provision aimed, and who of them has it?
-- Grain: a pupil in scope and a provision that runs on the day, is aimed at a group the pupil is in, and is for the
--   pupil's year.
-- Columns: has_it (in place on the day).
-- Filters: tier.
-- Wrinkles: information and not a gap: being in a group is no need.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
)
select
    aimed.pupil_id,
    aimed.surname,
    aimed.forename,
    aimed.year_group,
    aimed.class,
    aimed.provision_id,
    offered.name as provision,
    offered.tier,
    aimed.has_it,
    aimed.school_id,
from aimed('scope', $schools, $tiers, $as_at) as aimed
inner join records.offered using (school_id, provision_id)
order by aimed.school_id, provision, aimed.provision_id, aimed.has_it, aimed.surname, aimed.forename, aimed.pupil_id;
