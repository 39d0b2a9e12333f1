-- Title: Provision list
-- Question: Who is having what now?
-- Grain: a provision in place for a pupil in scope on the day.
-- Columns: weekly_minutes (minutes a week; empty: not recorded), overdue_for_review (past its expected end;
--   or it has none, and neither began nor was reviewed for this pupil in the last 120 days, a setting).
-- Filters: tier. Counts: a pupil has as many rows as provisions.
-- Wrinkles: expected_end_date never ends a provision. A review of the provision as a whole is no review
--   of how it goes for one pupil.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
in_groups as (
    select school_id, pupil_id, list(group_code order by group_code) as groups,
    from groups_in_scope('scope', $as_at)
    group by school_id, pupil_id
),
reviewed as (
    select reviews.school_id, reviews.pupil_id, reviews.provision_id, max(reviews.reviewed_on) as reviewed_on,
    from scope
    inner join records.reviews
        on reviews.school_id = scope.school_id and reviews.pupil_id = scope.pupil_id
    where reviews.reviewed_on <= $as_at
    group by all
),
in_place as (
    select scope.*, provided.* exclude (school_id, pupil_id), row_number() over () as place,
    from scope
    inner join records.provided
        on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
        and (len($tiers) = 0 or list_contains($tiers, provided.tier))
),
given_by as (
    select given.place, list(distinct coalesce(staff.name, given.staff_id) order by coalesce(staff.name, given.staff_id)) as staff,
    from (select place, school_id, unnest(staff_ids) as staff_id from in_place) as given
    left join records.staff on staff.school_id = given.school_id and staff.staff_id = given.staff_id
    group by given.place
),
for_areas as (
    select named.place,
        list_sort(list(distinct coalesce(kinds.area, areas.area, 'no broad area'))) as need_areas,
        list_sort(list(distinct coalesce(kinds.need, areas.name, named.need_key))) as needs_named,
    from (select place, unnest(need_keys) as need_key from in_place) as named
    left join store.codes.need_kinds as kinds using (need_key)
    left join store.codes.areas on areas.area = named.need_key
    group by named.place
)
select
    in_place.pupil_id,
    in_place.surname,
    in_place.forename,
    in_place.year_group,
    in_place.class,
    coalesce(in_groups.groups, []) as groups,
    in_place.provision_id,
    in_place.provision,
    in_place.tier,
    coalesce(in_place.need_codes, []) as need_codes,
    in_place.start_date,
    in_place.expected_end_date,
    in_place.end_date,
    in_place.weekly_minutes,
    coalesce(given_by.staff, []) as staff,
    is_overdue(in_place.expected_end_date, in_place.start_date, reviewed.reviewed_on, $as_at) as overdue_for_review,
    coalesce(for_areas.need_areas, ['purpose not recorded']) as need_areas,
    coalesce(for_areas.needs_named, ['purpose not recorded']) as needs_named,
    year_groups.key_stage,
    in_place.delivery,
    in_place.group_name,
    in_place.school_id,
from in_place
left join in_groups using (school_id, pupil_id)
left join reviewed using (school_id, pupil_id, provision_id)
left join given_by using (place)
left join for_areas using (place)
left join store.codes.year_groups on year_groups.year_group = in_place.year_group
order by in_place.school_id, in_place.surname, in_place.forename, in_place.pupil_id, in_place.tier_order,
    in_place.provision, in_place.start_date, in_place.placement_id;
