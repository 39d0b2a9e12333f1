-- Title: Provision map
-- Question: What do we provide, for which areas of need, and for how many pupils?
-- Grain: an area of need, a provision and a year group or class ($by: year_group or class). A provision that
--   runs on the day and has no pupil in scope has one row without a column.
-- Columns: pupils (in scope, with the provision in place on the day for that area; each counted once).
-- Filters: tier. Wrinkles: a pupil in several provisions is counted in each; a provision for several areas
--   stands under each; one whose purpose is not recorded stands under "purpose not recorded".
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
running as (
    select offered.school_id, offered.provision_id, offered.name as provision, offered.tier, offered.tier_order,
        offered.need_keys, null as column_key, null as pupil_id,
    from records.offered
    where (len($schools) = 0 or list_contains($schools, offered.school_id))
        and (len($tiers) = 0 or list_contains($tiers, offered.tier))
        and is_active(offered.start_date, offered.end_date, $as_at)
),
in_place as (
    select
        provided.school_id,
        provided.provision_id,
        provided.provision,
        provided.tier,
        provided.tier_order,
        provided.need_keys,
        coalesce(case $by when 'class' then scope.class else scope.year_group end, 'not recorded') as column_key,
        provided.pupil_id,
    from scope
    inner join records.provided
        on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
        and (len($tiers) = 0 or list_contains($tiers, provided.tier))
),
shown as (
    from in_place
    union all
    from running anti join in_place using (school_id, provision_id)
),
named as (
    select * exclude (need_keys),
        unnest(case when len(need_keys) > 0 then need_keys else [''] end) as need_key,
    from shown
),
cells as (
    select
        case when named.need_key = '' then 'purpose not recorded'
            else coalesce(kinds.area, areas.area, 'no broad area') end as area,
        named.provision_id,
        named.provision,
        named.tier,
        named.tier_order,
        named.column_key,
        count(distinct named.pupil_id) as pupils,
        named.school_id,
    from named
    left join store.codes.need_kinds as kinds using (need_key)
    left join store.codes.areas on areas.area = named.need_key
    group by all
)
select
    cells.area,
    cells.provision_id,
    cells.provision,
    cells.tier,
    cells.column_key,
    cells.pupils,
    coalesce(year_groups.sort_order, 0) as column_order,
    cells.school_id,
from cells
left join store.codes.year_groups on year_groups.year_group = cells.column_key
left join store.codes.areas on areas.area = cells.area
order by coalesce(areas.sort_order, 99), cells.area, cells.tier_order, cells.provision, cells.provision_id,
    column_order, cells.column_key, cells.school_id;
