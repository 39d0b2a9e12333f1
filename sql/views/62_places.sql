-- Question: how many more pupils could a provision take, and who could give it?

-- Grain: a provision of some schools that runs on the day, or that a pupil on roll still has.
-- Columns: places_taken (by pupils on roll, in scope or not, who have it: a pupil takes one in each teaching group that
--   is named, and one where none is), teaching_groups (different group names among
--   them), free_places (group_size times the groups, at least one, less the places taken; below zero: more pupils
--   than the groups hold). free_places is empty where group_size is not recorded, for the whole class, one to one
--   (where the adult's time and not a group is the limit), and where more pupils have it than one group holds while
--   no group is named.
create macro places(in_schools, on_date) as table
with holders as (
    select
        provided.school_id,
        provided.provision_id,
        provided.pupil_id,
        list(distinct provided.group_name) filter (where provided.group_name is not null) as group_names,
    from records.provided
    inner join store.pupils on pupils.school_id = provided.school_id and pupils.pupil_id = provided.pupil_id
    where provided.start_date <= on_date and coalesce(provided.end_date >= on_date, true)
        and is_active(pupils.entry_date, pupils.leaving_date, on_date)
        and (len(in_schools) = 0 or list_contains(in_schools, provided.school_id))
    group by provided.school_id, provided.provision_id, provided.pupil_id
),
taken as (
    select
        school_id,
        provision_id,
        sum(greatest(1, coalesce(len(group_names), 0)))::bigint as places_taken,
        len(list_distinct(flatten(list(coalesce(group_names, []))))) as teaching_groups,
    from holders
    group by school_id, provision_id
)
select
    offered.*,
    coalesce(taken.places_taken, 0) as places_taken,
    coalesce(taken.teaching_groups, 0) as teaching_groups,
    case
        when coalesce(offered.delivery, '') in ('whole class', 'one to one') then null
        when coalesce(taken.teaching_groups, 0) = 0 and taken.places_taken > offered.group_size then null
        else (offered.group_size * greatest(1, coalesce(taken.teaching_groups, 0)) - coalesce(taken.places_taken, 0))::bigint
    end as free_places,
from records.offered
left join taken using (school_id, provision_id)
where (is_active(offered.start_date, offered.end_date, on_date) or taken.provision_id is not null)
    and (len(in_schools) = 0 or list_contains(in_schools, offered.school_id));

-- Grain: an adult of a school who has every skill that a provision asks for, on the day. A skill counts on the day it
-- was gained and on the last day before it lapses.
create macro trained_adults(in_schools, on_date) as table
with held as (
    select distinct school_id, staff_id, lower(skill) as skill_key,
    from records.training
    where gained_on <= on_date and coalesce(expires_on >= on_date, true)
        and (len(in_schools) = 0 or list_contains(in_schools, school_id))
),
wanted as (
    select distinct school_id, provision_id, unnest(code_keys(skills_required)) as skill_key,
    from records.offered
    where len(in_schools) = 0 or list_contains(in_schools, school_id)
),
counted as (
    select school_id, provision_id, count(*) as skills, from wanted group by school_id, provision_id
)
select counted.school_id, counted.provision_id, held.staff_id, coalesce(any_value(staff.name), held.staff_id) as adult,
from wanted
inner join counted using (school_id, provision_id)
inner join held on held.school_id = wanted.school_id and held.skill_key = wanted.skill_key
left join records.staff on staff.school_id = held.school_id and staff.staff_id = held.staff_id
group by counted.school_id, counted.provision_id, held.staff_id, counted.skills
having count(*) = counted.skills;
