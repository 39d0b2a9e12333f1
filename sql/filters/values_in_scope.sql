-- Question: which values of each field are worth choosing, given the other choices?
-- Grain: a field and a value that at least one pupil on roll has who matches every other field.
with pupil as materialized (
    from pupils_in_scope($as_at, [], [], [], [], [])
),
in_groups as (
    select school_id, pupil_id, list(group_code) as groups,
    from groups_in_scope('pupil', $as_at)
    group by all
),
with_needs as (
    select pupil.school_id, pupil.pupil_id, list(distinct kinds.need_code) as needs,
    from pupil
    inner join records.needs on needs.school_id = pupil.school_id and needs.pupil_id = pupil.pupil_id
    inner join store.codes.need_kinds as kinds on kinds.need_key = lower(needs.need_code)
    where is_active(needs.start_date, needs.end_date, $as_at)
    group by all
),
matched as (
    select
        pupil.school_id,
        pupil.year_group,
        pupil.class,
        in_groups.groups,
        with_needs.needs,
        len($schools) = 0 or list_contains($schools, pupil.school_id) as in_school,
        len($year_groups) = 0 or coalesce(list_contains($year_groups, pupil.year_group), false) as in_year,
        len($classes) = 0 or coalesce(list_contains($classes, pupil.class), false) as in_class,
        len($groups) = 0 or coalesce(list_has_any(in_groups.groups, $groups), false) as in_group,
        len($needs) = 0 or coalesce(list_has_any(with_needs.needs, $needs), false) as in_need,
    from pupil
    left join in_groups using (school_id, pupil_id)
    left join with_needs using (school_id, pupil_id)
)
select distinct 'schools' as field, school_id as value, from matched
where in_year and in_class and in_group and in_need
union all
select distinct 'year_groups', year_group, from matched
where in_school and in_class and in_group and in_need
union all
select distinct 'classes', class, from matched
where in_school and in_year and in_group and in_need
union all
select distinct 'groups', unnest(groups), from matched
where in_school and in_year and in_class and in_need
union all
select distinct 'needs', unnest(needs), from matched
where in_school and in_year and in_class and in_group
union all
select 'tiers', tier, from store.codes.tiers
union all
select 'subjects', need_code, from store.codes.need_kinds where area = 'subjects';
