-- Title: Where are we, by subject, year, class or group
-- Question: In which subjects, years, classes or groups is it handled, does it persist, or is nothing recorded?
-- Grain: a subject, year group, class or group ($by) with at least one pupil's subject in play, and a row for all of them.
-- Columns: by_key (its code; "all" for all of them, "not recorded" where nothing is), name, pupils_subjects and the six
--   states of the ledger, which add up to it, pupils (each counted once), is_all, school_id (of a class alone).
-- Filters: subject.
-- Wrinkles: a pupil can be in several groups or in none, so groups do not add up; the row for all counts each pupil's subject
--   once.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
days as materialized (
    from ledger_days('scope', $as_at)
),
states as materialized (
    select states.school_id as of_school, states.pupil_id, states.subject, states.subject_key, states.state,
        scope.year_group, scope.class,
    from ledger_states('days', $subjects) as states
    inner join scope using (school_id, pupil_id)
    where states.is_now
),
parted as (
    select
        coalesce(case $by when 'class' then class when 'subject' then subject_key else states.year_group end, 'not recorded')
            as by_key,
        case when $by = 'class' then of_school end as school_id,
        case $by when 'year_group' then coalesce(year_groups.sort_order, 99) else 0 end as sort_order,
        states.subject, of_school, pupil_id, state,
    from states
    left join store.codes.year_groups using (year_group)
    where $by <> 'group'
    union all
    select in_group.group_code, null, coalesce(called.sort_order, 99), states.subject, of_school, states.pupil_id, state,
    from states
    inner join groups_in_scope('scope', $as_at) as in_group
        on in_group.school_id = states.of_school and in_group.pupil_id = states.pupil_id
    left join records.group_names as called using (group_code)
    where $by = 'group'
    union all
    select 'all', null, -1, subject, of_school, pupil_id, state, from states
),
counted as (
    select
        by_key,
        school_id,
        min(sort_order) as sort_order,
        min(subject) as subject,
        count(*) as pupils_subjects,
        count(*) filter (where state = 'in_class') as in_class,
        count(*) filter (where state = 'additional') as additional,
        count(*) filter (where state = 'persists') as persists,
        count(*) filter (where state = 'closed') as closed,
        count(*) filter (where state = 'nothing_recorded') as nothing_recorded,
        count(*) filter (where state = 'too_soon') as too_soon,
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
        when $by = 'subject' then upper(counted.subject[1]) || counted.subject[2:]
        else by_key
    end as name,
    counted.pupils_subjects,
    counted.in_class,
    counted.additional,
    counted.persists,
    counted.closed,
    counted.nothing_recorded,
    counted.too_soon,
    counted.pupils,
    counted.is_all,
    counted.school_id,
from counted
left join store.codes.year_groups on year_groups.year_group = counted.by_key
left join records.group_names as called on called.group_code = counted.by_key
order by counted.sort_order, counted.school_id, name, counted.by_key;
