-- Title: Coverage by year, class or group
-- Question: In which years, classes, groups or key stages are needs answered, and in which are they not?
-- Grain: a year group, class, group or key stage ($by) with at least one live need in scope, and a row for all of them.
-- Columns: by_key (its code; "all" for all of them, "not recorded" where nothing is), name, live_needs and the five states,
--   which add up to it (needs, not pupils), answered_share ((covered + in_class) / live_needs), pupils (each counted
--   once), is_all, school_id (of a class alone).
-- Filters: need.
-- Wrinkles: a pupil can be in several groups or in none, so groups do not add up; the row for all counts each need once.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
states as materialized (
    from need_states('scope', $as_at, $needs)
),
parted as (
    select
        coalesce(case $by when 'class' then states.class when 'key_stage' then year_groups.key_stage
            else states.year_group end, 'not recorded') as by_key,
        case when $by = 'class' then states.school_id end as school_id,
        case $by when 'class' then 0 else coalesce(year_groups.sort_order, 99) end as sort_order,
        states.pupil_id, states.school_id as of_school, states.state,
    from states
    left join store.codes.year_groups using (year_group)
    where $by <> 'group'
    union all
    select in_group.group_code, null, coalesce(called.sort_order, 99), states.pupil_id, states.school_id, states.state,
    from states
    inner join groups_in_scope('scope', $as_at) as in_group using (school_id, pupil_id)
    left join records.group_names as called using (group_code)
    where $by = 'group'
    union all
    select 'all', null, -1, pupil_id, school_id, state, from states
),
counted as (
    select
        by_key,
        school_id,
        min(sort_order) as sort_order,
        count(*) as live_needs,
        count(*) filter (where state = 'covered') as covered,
        count(*) filter (where state = 'in_class') as in_class,
        count(*) filter (where state = 'planned') as planned,
        count(*) filter (where state = 'lapsed') as lapsed,
        count(*) filter (where state = 'unmet') as unmet,
        count(distinct (of_school, pupil_id)) as pupils,
        sort_order = -1 as is_all,
    from parted
    group by by_key, school_id, parted.sort_order = -1
)
select
    counted.by_key,
    case
        when is_all then 'All'
        when $by = 'group' then coalesce(called.name, by_key)
        when $by = 'year_group' then coalesce(year_groups.name, by_key)
        else by_key
    end as name,
    counted.live_needs,
    counted.covered,
    counted.in_class,
    counted.planned,
    counted.lapsed,
    counted.unmet,
    (counted.covered + counted.in_class) / counted.live_needs as answered_share,
    counted.pupils,
    counted.is_all,
    counted.school_id,
from counted
left join store.codes.year_groups on year_groups.year_group = counted.by_key
left join records.group_names as called on called.group_code = counted.by_key
order by counted.sort_order, counted.school_id, name, counted.by_key;
