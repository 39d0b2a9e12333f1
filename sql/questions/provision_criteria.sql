-- Title: Provisions and their criteria
-- Question: For whom is each provision, how many wait for it, is there room, and is it described in full?
-- Grain: a provision of the schools chosen that runs on the day, or that somebody still has.
-- Columns: entry and exit (criteria in words), in_place (rows of the provision list), the four findings of
--   criteria_status, groups (different group names among all pupils who have it), free_places (group_size times the
--   groups, at least one, less places_taken; below zero: over full; empty: not limited by a group, or not recorded),
--   missing (what is not written down), is_complete, places_taken (by pupils on roll who have it, in scope or not: one in each
--   teaching group that is named).
-- Filters: tier.
-- Wrinkles: a provision for the whole class is for everybody and needs no criteria. One to one is limited by an adult's
--   time and not by a group, so it has no free places to count.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
attending as (
    select provided.school_id, provided.provision_id, count(*) as in_place,
    from scope
    inner join records.provided on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
    group by provided.school_id, provided.provision_id
),
found as (
    select
        school_id,
        provision_id,
        count(*) filter (where finding = 'waits') as waits,
        count(*) filter (where finding = 'attends_without') as attends_without,
        count(*) filter (where finding = 'met_exit_stays') as met_exit_stays,
        count(*) filter (where finding = 'cannot_judge') as cannot_judge,
    from criteria_findings('scope', $as_at)
    group by school_id, provision_id
),
said as (
    select
        school_id,
        provision_id,
        list(words order by measure_key, comparator, value) filter (where kind = 'entry') as entry,
        list(words order by measure_key, comparator, value) filter (where kind = 'exit') as exit,
    from criteria_read
    group by school_id, provision_id
)
select
    places.provision_id,
    places.name as provision,
    places.tier,
    coalesce(said.entry, []) as entry,
    coalesce(said.exit, []) as exit,
    coalesce(attending.in_place, 0) as in_place,
    coalesce(found.waits, 0) as waits,
    coalesce(found.attends_without, 0) as attends_without,
    coalesce(found.met_exit_stays, 0) as met_exit_stays,
    coalesce(found.cannot_judge, 0) as cannot_judge,
    places.group_size,
    places.teaching_groups as groups,
    places.free_places,
    list_filter(
        [
            case when places.is_additional and said.provision_id is null then 'criteria' end,
            case when coalesce(trim(places.monitoring), '') = '' then 'monitoring' end,
            case when coalesce(trim(places.quantitative_measure), '') = '' then 'quantitative measure' end,
            case when coalesce(trim(places.qualitative_measure), '') = '' then 'qualitative measure' end,
            case when coalesce(trim(places.lead), '') = '' then 'lead' end,
        ],
        lambda part: part is not null
    ) as missing,
    len(missing) = 0 as is_complete,
    places.places_taken,
    places.school_id,
from places($schools, $as_at) as places
left join attending using (school_id, provision_id)
left join found using (school_id, provision_id)
left join said using (school_id, provision_id)
where len($tiers) = 0 or list_contains($tiers, places.tier)
order by places.school_id, places.tier_order, provision, places.provision_id;
