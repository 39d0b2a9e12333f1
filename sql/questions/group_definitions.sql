-- Title: Groups
-- Question: Which groups are there, who agreed what they mean, and how many pupils are in each?
-- Grain: a group with a definition of a school's own, and one that comes with a status of the roll and that anybody in
--   scope is in on the day.
-- Columns: is_own (the school's own; else a status from the roll), counts_as_disadvantage,
--   definition, agreed_on and agreed_by (empty: not recorded), pupils (in scope, in the group on the day),
--   not_written (of a group of the school's own: who belongs, when it was agreed, who agreed it, where that is empty).
-- Filters: group. Counts: a pupil in several groups is counted in each.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
counted as (
    select school_id, group_code, count(*) as pupils,
    from groups_in_scope('scope', $as_at)
    group by all
),
own as (
    from records.groups
    where len($schools) = 0 or list_contains($schools, school_id)
),
each_school as (
    select
        coalesce(own.group_code, counted.group_code) as group_code,
        own.group_code is not null as is_own,
        own.name, own.definition, own.agreed_on, own.agreed_by,
        own.school_id,
        coalesce(counted.pupils, 0) as pupils,
    from counted
    full join own on own.school_id = counted.school_id and own.group_code = counted.group_code
)
select
    each_school.group_code,
    coalesce(each_school.name, group_names.name) as "group",
    each_school.is_own,
    group_names.counts_as_disadvantage,
    each_school.definition,
    each_school.agreed_on,
    each_school.agreed_by,
    sum(each_school.pupils)::bigint as pupils,
    list_filter(
        [
            case when is_own and definition is null then 'who belongs' end,
            case when is_own and agreed_on is null then 'when it was agreed' end,
            case when is_own and agreed_by is null then 'who agreed it' end,
        ],
        lambda part: part is not null
    ) as not_written,
    each_school.school_id,
from each_school
inner join records.group_names using (group_code)
where len($groups) = 0 or list_contains($groups, each_school.group_code)
group by all
order by any_value(group_names.sort_order), "group", each_school.group_code, each_school.school_id;
