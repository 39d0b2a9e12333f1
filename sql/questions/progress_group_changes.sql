-- Title: When groups changed
-- Question: When was a group defined anew, and when did many pupils join or leave it on one day?
-- Grain: a group and a day by the day asked about on which its definition was agreed, or on which pupils in scope joined or
--   left it.
-- Columns: what (definition: agreed on that day; pupils: joined or left), joined and left (pupils in scope), pupils (in
--   scope and in the group on the day asked about), is_large (the definition, or as many joined or left as a fifth of the
--   group, a setting: what is marked on a time line), point (the term of the day, by the dates of the first school).
-- Filters: group. Wrinkles: a status whose start nobody recorded did not change on the day it was first seen.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
spans as (
    select school_id, pupil_id, group_code, start_date, end_date, start_date is not null as is_start_recorded,
    from records.memberships
    union all
    select statuses.school_id, statuses.pupil_id, named.group_code, statuses.start_date, statuses.end_date,
        statuses.is_start_recorded,
    from store.statuses
    inner join store.codes.status_groups as named
        on named.status = statuses.status and named.value = statuses.value
),
held as (
    select spans.*, scope.entry_date,
    from scope
    inner join spans on spans.school_id = scope.school_id and spans.pupil_id = scope.pupil_id
),
moves as (
    select group_code, start_date as on_day, school_id, pupil_id, 1 as joined, 0 as gone,
    from held
    -- Who came to the school that day did not change groups.
    where is_start_recorded and coalesce(start_date > entry_date, true)
    union all
    select group_code, end_date + 1, school_id, pupil_id, 0, 1, from held where end_date is not null
),
each_pupil as (
    -- A span that only goes on, under a flag or from the next day, is no move.
    select group_code, on_day, school_id, pupil_id, max(joined) as joined, max(gone) as gone,
    from moves
    where on_day <= $as_at
    group by all
    having max(joined) <> max(gone)
),
changed as (
    select group_code, on_day, 'pupils' as what, sum(joined)::bigint as joined, sum(gone)::bigint as "left",
    from each_pupil
    group by group_code, on_day
    union all
    select distinct own.group_code, own.agreed_on, 'definition', 0, 0,
    from records.groups as own
    where own.agreed_on <= $as_at and (len($schools) = 0 or list_contains($schools, own.school_id))
),
sizes as (
    select group_code, count(*) as pupils, from groups_in_scope('scope', $as_at) group by group_code
)
select
    changed.group_code,
    coalesce(group_names.name, changed.group_code) as "group",
    changed.on_day,
    changed.what,
    changed.joined,
    changed."left",
    coalesce(sizes.pupils, 0) as pupils,
    changed.what = 'definition' or changed.joined + changed."left" >= setting_group_change_share($as_at) * coalesce(sizes.pupils, 0) as is_large,
    upper(days.term[1]) || days.term[2:] || ', ' || days.academic_year as point,
from changed
asof join (from store.codes.term_days where school_id = (select min(school_id) from store.schools)) as days
    on days.start_date <= changed.on_day
left join sizes using (group_code)
left join records.group_names using (group_code)
where len($groups) = 0 or list_contains($groups, changed.group_code)
order by group_names.sort_order, changed.group_code, changed.on_day, changed.what;
