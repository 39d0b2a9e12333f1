-- Title: One pupil in the provision map
-- Question: Of all that the school offers this pupil's year, what does this pupil have?
-- Grain: a provision that runs on the day for the pupil's year group, under each area of need it is for
--   ($school_id, $pupil_id); and what the pupil has besides.
-- Columns: area (what the pupil has stands where its own needs put it), has (in place for this pupil on the day), start_date and expected_end_date (of that), had_before (at an
--   earlier time), pupils (of the pupil's key stage who have it on the day, this one included).
with scope as materialized (
    from pupils_in_scope($as_at, [$school_id], [], [], [], [])
),
pupil as (
    select scope.*, year_groups.key_stage,
    from scope
    left join store.codes.year_groups using (year_group)
    where pupil_id = $pupil_id
),
stage as (
    select scope.pupil_id,
    from scope
    left join store.codes.year_groups using (year_group)
    where year_groups.key_stage is not distinct from (select key_stage from pupil)
),
times as (
    select provision_id, pupil_id, start_date, expected_end_date, need_keys,
        is_active(start_date, end_date, $as_at) as is_now,
        start_date <= $as_at as has_begun,
    from records.provided
    where school_id = $school_id
),
counted as (
    select provision_id, count(distinct pupil_id) as pupils,
    from times
    where is_now and pupil_id in (select pupil_id from stage)
    group by provision_id
),
own as (
    select provision_id,
        bool_or(is_now) as has,
        max(start_date) filter (where is_now) as start_date,
        max(expected_end_date) filter (where is_now) as expected_end_date,
        bool_or(has_begun and not is_now) as had_before,
        list_distinct(flatten(list(need_keys) filter (where is_now))) as need_keys,
    from times
    where pupil_id = $pupil_id
    group by provision_id
),
offered as (
    select offered.* replace (coalesce(own.need_keys, offered.need_keys) as need_keys),
    from records.offered
    left join own using (provision_id)
    where school_id = $school_id
        and (
            own.has
            or (
                is_active(offered.start_date, offered.end_date, $as_at)
                and (coalesce(len(year_groups), 0) = 0 or list_contains(year_groups, (select year_group from pupil)))
            )
        )
),
named as (
    select offered.*, unnest(case when len(need_keys) > 0 then need_keys else [''] end) as need_key,
    from offered
),
placed as (
    select distinct
        case when need_key = '' then 'purpose not recorded' else coalesce(kinds.area, areas.area, 'no broad area') end as area,
        case when need_key = '' then 99 else coalesce(kinds.area_order, areas.sort_order, 98) end as area_place,
        provision_id, named.name as provision, tier, tier_order,
    from named
    left join store.codes.need_kinds as kinds using (need_key)
    left join store.codes.areas on areas.area = named.need_key
)
select
    placed.area,
    placed.provision_id,
    placed.provision,
    placed.tier,
    coalesce(own.has, false) as has,
    own.start_date,
    own.expected_end_date,
    coalesce(own.had_before, false) as had_before,
    coalesce(counted.pupils, 0) as pupils,
    (select key_stage from pupil) as key_stage,
    $school_id as school_id,
from placed
left join own using (provision_id)
left join counted using (provision_id)
order by area_place, area, tier_order, provision, provision_id;
