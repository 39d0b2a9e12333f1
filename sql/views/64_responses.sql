-- Question: in what ways is each need met, besides by what is put in place for one pupil?

-- Grain: a year group (`in_year`; '' where it is not recorded) of the pupils in scope and a universal provision that reaches
-- everybody in it on the day. What stands for changes made for one pupil at a time (see ui/adjusting.py) reaches nobody else.
create macro universal_for(some_scope, in_tiers, on_date) as table
with years as (
    select distinct school_id, coalesce(year_group, '') as in_year, from query_table(some_scope)
)
select
    years.school_id, years.in_year, offered.provision_id, offered.name as provision, offered.tier, offered.tier_order,
    offered.delivery, offered.need_keys,
from years
inner join records.offered using (school_id)
where offered.is_adjustment
    and offered.provision_id <> 'class_adjustment'
    and is_active(offered.start_date, offered.end_date, on_date)
    and (len(in_tiers) = 0 or list_contains(in_tiers, offered.tier))
    and (coalesce(len(offered.year_groups), 0) = 0 or list_contains(offered.year_groups, years.in_year));

-- Grain: a kind of need in a year group of a school, with what reaches everybody there and addresses it.
-- `some_needs` has school_id, year_group, need_key, area and is_broad_match.
create macro universal_offers(some_needs, on_date) as table
with kinds as (
    select distinct school_id, year_group, need_key, area, is_broad_match, from query_table(some_needs)
)
select
    kinds.school_id,
    kinds.year_group,
    kinds.need_key,
    list(offered.name order by offered.name, offered.provision_id) as universal_offer,
from kinds
inner join records.offered on offered.school_id = kinds.school_id
where offered.is_adjustment
    and is_active(offered.start_date, offered.end_date, on_date)
    and (coalesce(len(offered.year_groups), 0) = 0 or list_contains(offered.year_groups, kinds.year_group))
    and addresses(offered.need_keys, kinds.need_key, kinds.area, kinds.is_broad_match)
group by kinds.school_id, kinds.year_group, kinds.need_key;

-- Grain: a barrier that was found to be gone by the day, and not taken back. A need that began after that has it anew.
create macro barriers_gone(on_date) as table
select school_id, pupil_id, lower(need_code) as need_key, lower(trim(barrier)) as barrier_key, removed_on, removed_by,
from records.barriers_removed
where not coalesce(is_taken_back, false) and removed_on <= on_date;

-- Grain: a live need of a pupil in scope, with the provisions that answer it by the way they are given.
-- Columns: whole_class (the universal offer among them), guided_group, in_group, individually, beyond_school, unsaid (how
--   it is given is not recorded); barrier_removed_on and barrier_removed_by (by the day; empty: it stands).
create macro responses(some_scope, on_date, in_needs) as table
with states as (
    from need_states(some_scope, on_date, in_needs)
),
given as (
    select
        states.need_row,
        list(distinct provided.provision order by provided.provision) filter (where provided.delivery = 'whole class') as whole_class,
        list(distinct provided.provision order by provided.provision) filter (where provided.delivery = 'guided group') as guided_group,
        list(distinct provided.provision order by provided.provision) filter (where provided.delivery = 'group') as in_group,
        list(distinct provided.provision order by provided.provision) filter (where provided.delivery = 'one to one') as individually,
        list(distinct provided.provision order by provided.provision) filter (where provided.delivery = 'beyond school') as beyond_school,
        list(distinct provided.provision order by provided.provision) filter (where provided.delivery is null) as unsaid,
    from states
    inner join records.provided
        on provided.school_id = states.school_id and provided.pupil_id = states.pupil_id
    where provided.start_date <= on_date and coalesce(provided.end_date >= on_date, true)
        and (provided.is_additional or provided.is_adjustment)
        and addresses(provided.need_keys, states.need_key, states.area, states.is_broad_match)
    group by states.need_row
)
select
    states.*,
    list_sort(list_distinct(
        coalesce(given.whole_class, []) || coalesce(offers.universal_offer, [])
    )) as whole_class,
    list_sort(coalesce(given.guided_group, [])) as guided_group,
    list_sort(coalesce(given.in_group, [])) as in_group,
    list_sort(coalesce(given.individually, [])) as individually,
    list_sort(coalesce(given.beyond_school, [])) as beyond_school,
    list_sort(coalesce(given.unsaid, [])) as unsaid,
    removed.removed_on as barrier_removed_on,
    removed.removed_by as barrier_removed_by,
from states
left join given using (need_row)
left join universal_offers('states', on_date) as offers using (school_id, year_group, need_key)
left join barriers_gone(on_date) as removed
    on removed.school_id = states.school_id and removed.pupil_id = states.pupil_id
    and removed.need_key = states.need_key and removed.barrier_key = lower(trim(states.barrier))
    and removed.removed_on >= states.need_start;

-- Grain: a pupil in scope and a provision that runs on the day, is aimed at a group the pupil is in and is for the
-- pupil's year. Columns: has_it (in place on the day).
create macro aimed(some_scope, in_schools, in_tiers, on_date) as table
with aims as (
    select distinct school_id, provision_id, unnest(code_keys(group_codes)) as group_key,
    from records.offered
    where is_active(start_date, end_date, on_date)
        and (len(in_schools) = 0 or list_contains(in_schools, school_id))
        and (len(in_tiers) = 0 or list_contains(in_tiers, tier))
),
met as (
    select distinct aims.school_id, aims.provision_id, in_group.pupil_id,
    from aims
    inner join groups_in_scope(some_scope, on_date) as in_group
        on in_group.school_id = aims.school_id and lower(in_group.group_code) = aims.group_key
)
select
    scope.*,
    met.provision_id,
    exists (
        select 1 from records.provided
        where provided.school_id = met.school_id and provided.pupil_id = met.pupil_id
            and provided.provision_id = met.provision_id
            and provided.start_date <= on_date and coalesce(provided.end_date >= on_date, true)
    ) as has_it,
from met
inner join query_table(some_scope) as scope using (school_id, pupil_id)
inner join records.offered on offered.school_id = met.school_id and offered.provision_id = met.provision_id
where coalesce(len(offered.year_groups), 0) = 0 or list_contains(offered.year_groups, scope.year_group);
