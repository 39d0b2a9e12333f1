-- Title: Pupils in several groups
-- Question: Which pupils are in two groups at once, so that two coordinators may plan for one child?
-- Grain: two different groups with a pupil in both on the day; each pair once.
-- Columns: pupils (in scope and in both).
-- Counts: a pupil in three groups is in three pairs. Wrinkles: "No SEN" says what a pupil has not, and is no group here.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
in_groups as (
    select held.*, group_names.name, group_names.sort_order,
    from groups_in_scope('scope', $as_at) as held
    inner join records.group_names using (group_code)
    where held.group_code <> 'no_sen'
)
select
    one.group_code,
    one.name as "group",
    other.group_code as other_group_code,
    other.name as other_group,
    count(*) as pupils,
from in_groups as one
inner join in_groups as other
    on other.school_id = one.school_id and other.pupil_id = one.pupil_id
    and (other.sort_order, other.group_code) > (one.sort_order, one.group_code)
group by all
order by pupils desc, "group", other_group, one.group_code, other.group_code;
