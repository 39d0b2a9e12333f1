-- Title: Whom the universal offer reaches
-- Question: Which pupils does each universal provision reach, because it is for everybody of their year?
-- Grain: a pupil in scope and a universal provision that runs on the day and is for the pupil's year.
-- Columns: groups (codes), delivery (how it is given), need_areas and needs_named (what it is for), has_own (in place on
--   the day for this pupil alone: what a teacher changed in class).
-- Filters: tier. Counts: a pupil has as many rows as provisions.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
in_groups as (
    select school_id, pupil_id, list(group_code order by group_code) as groups,
    from groups_in_scope('scope', $as_at)
    group by school_id, pupil_id
),
universal as materialized (
    from universal_for('scope', $tiers, $as_at)
),
is_for as (
    select named.school_id, named.provision_id,
        list_sort(list(distinct coalesce(kinds.area, areas.area, 'no broad area'))) as need_areas,
        list_sort(list(distinct coalesce(kinds.need, areas.name, named.need_key))) as needs_named,
    from (select distinct school_id, provision_id, unnest(need_keys) as need_key from universal) as named
    left join store.codes.need_kinds as kinds using (need_key)
    left join store.codes.areas on areas.area = named.need_key
    group by named.school_id, named.provision_id
),
own as (
    select distinct provided.school_id, provided.pupil_id, provided.provision_id,
    from scope
    inner join records.provided
        on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
)
select
    scope.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    coalesce(in_groups.groups, []) as groups,
    universal.provision_id,
    universal.provision,
    universal.tier,
    universal.delivery,
    own.pupil_id is not null as has_own,
    coalesce(is_for.need_areas, ['purpose not recorded']) as need_areas,
    coalesce(is_for.needs_named, ['purpose not recorded']) as needs_named,
    year_groups.key_stage,
    scope.school_id,
from scope
inner join universal on universal.school_id = scope.school_id and universal.in_year = coalesce(scope.year_group, '')
left join in_groups on in_groups.school_id = scope.school_id and in_groups.pupil_id = scope.pupil_id
left join is_for on is_for.school_id = scope.school_id and is_for.provision_id = universal.provision_id
left join own
    on own.school_id = scope.school_id and own.pupil_id = scope.pupil_id and own.provision_id = universal.provision_id
left join store.codes.year_groups on year_groups.year_group = scope.year_group
order by scope.school_id, scope.surname, scope.forename, scope.pupil_id, universal.tier_order, universal.provision,
    universal.provision_id;
