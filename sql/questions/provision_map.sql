-- Title: Provision map
-- Question: What do we provide, for which needs, and for how many pupils?
-- Grain: a heading of rows ($rows: area, need, tier or delivery: how it is given), a provision, and a column ($by: year_group, class, key_stage,
--   group, or pupil: each pupil counted here). A provision that runs on the day and neither has nor reaches a pupil
--   in scope has one row without a column.
-- Columns: area (what the row stands under: the area of need, the need, the tier, or how it is given), column_key and
--   column_label, pupils (in scope, with the provision in place on the day for it; each counted once), reaches (in scope,
--   of a year that a universal provision is for while it runs, whatever is recorded for them).
-- Filters: tier. Wrinkles: a pupil in several provisions is counted in each; a provision for several areas or needs
--   stands under each; one whose purpose is not recorded stands under "purpose not recorded". By group a pupil stands
--   in each of the pupil's groups, or under "in no group".
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
columns_of as (
    select school_id, pupil_id, coalesce(year_group, '') as in_year,
        coalesce(case $by
            when 'class' then class
            when 'key_stage' then year_groups.key_stage
            when 'pupil' then pupil_id
            else year_group
        end, 'not recorded') as column_key,
        case $by when 'pupil' then forename || ' ' || surname end as column_label,
    from scope
    left join store.codes.year_groups using (year_group)
    where $by <> 'group'
    union all
    select scope.school_id, scope.pupil_id, coalesce(scope.year_group, ''), in_groups.group_code, null,
    from groups_in_scope('scope', $as_at) as in_groups
    inner join scope using (school_id, pupil_id)
    where $by = 'group'
    union all
    select school_id, pupil_id, coalesce(year_group, ''), 'in no group', null,
    from scope
    anti join groups_in_scope('scope', $as_at) using (school_id, pupil_id)
    where $by = 'group'
),
running as (
    select offered.school_id, offered.provision_id, offered.name as provision, offered.tier, offered.tier_order,
        offered.delivery, offered.need_keys, null as column_key, null as column_label, null as pupil_id, 0 as reaches,
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
        provided.delivery,
        provided.need_keys,
        columns_of.column_key,
        columns_of.column_label,
        provided.pupil_id,
        0 as reaches,
    from columns_of
    inner join records.provided
        on provided.school_id = columns_of.school_id and provided.pupil_id = columns_of.pupil_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
        and (len($tiers) = 0 or list_contains($tiers, provided.tier))
),
reached as (
    select universal.* exclude (in_year), column_key, column_label, null as pupil_id, sum(of_year.pupils) as reaches,
    from (select school_id, in_year, column_key, column_label, count(*) as pupils from columns_of group by all) as of_year
    inner join universal_for('scope', $tiers, $as_at) as universal using (school_id, in_year)
    group by all
),
with_pupils as (
    from in_place
    union all by name
    from reached
),
shown as (
    from with_pupils
    union all by name
    from running anti join with_pupils using (school_id, provision_id)
),
named as (
    select * exclude (need_keys),
        unnest(case when $rows in ('tier', 'delivery') then [$rows] when len(need_keys) > 0 then need_keys else [''] end) as need_key,
    from shown
),
cells as (
    select
        case
            when $rows = 'tier' then coalesce(named.tier, 'tier not recorded')
            when $rows = 'delivery' then coalesce(named.delivery, 'way not recorded')
            when named.need_key = '' then 'purpose not recorded'
            when $rows = 'need' then coalesce(kinds.need, areas.name, named.need_key)
            else coalesce(kinds.area, areas.area, 'no broad area')
        end as area,
        case
            when $rows = 'tier' then coalesce(named.tier_order, 9)
            when $rows = 'delivery' then coalesce(
                array_position(['whole class', 'guided group', 'group', 'one to one', 'beyond school'], named.delivery), 9
            )
            when named.need_key = '' then 99
            else coalesce(kinds.area_order, areas.sort_order, 98)
        end as area_place,
        named.provision_id,
        named.provision,
        named.tier,
        named.tier_order,
        named.column_key,
        named.column_label,
        count(distinct named.pupil_id) as pupils,
        max(named.reaches)::bigint as reaches,
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
    case $by
        when 'year_group' then coalesce(year_groups.sort_order, 0)
        when 'key_stage' then coalesce(stages.sort_order, 0)
        when 'group' then case when cells.column_key = 'in no group' then 999 else coalesce(group_names.sort_order, 0) end
        else 0
    end as column_order,
    coalesce(cells.column_label, group_names.name, cells.column_key) as column_label,
    cells.reaches,
    cells.school_id,
from cells
left join store.codes.year_groups on $by = 'year_group' and year_groups.year_group = cells.column_key
left join (select key_stage, min(sort_order) as sort_order from store.codes.year_groups group by key_stage) as stages
    on $by = 'key_stage' and stages.key_stage = cells.column_key
left join records.group_names on $by = 'group' and group_names.group_code = cells.column_key
order by cells.area_place, cells.area, cells.tier_order, cells.provision, cells.provision_id,
    column_order, cells.column_key, cells.school_id;
