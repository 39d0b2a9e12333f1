-- Title: Needs and barriers against responses
-- Question: Which needs and barriers are met for the whole class, in groups, one to one or beyond school, and by nothing?
-- Grain: an area of need, a need or a barrier (row_kind), of pupils in scope.
-- Columns: row_kind (area, need, barrier), row_key (its code or words), name, live_needs, and of them those that are met
--   in each way (a need can be met in several), whole_class_only (for the whole class and in no other), without (in
--   none), pupils (each counted once), adjusted_only (of whole_class_only, those adjusted in class for the pupil: the rest
--   get what everybody gets).
-- Filters: need.
-- Wrinkles: a barrier that was removed is not among the barriers; one that is written in two ways, but for capitals,
--   counts as two. The universal offer counts as whole class.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
met as materialized (
    select *, len(whole_class || guided_group || in_group || individually || beyond_school || unsaid) = 0 as is_without,
        len(guided_group || in_group || individually || beyond_school || unsaid) = 0 and not is_without as is_whole_class_only,
    from responses('scope', $as_at, $needs)
),
lined as (
    select 'area' as row_kind, coalesce(area, 'no broad area') as row_key, area_order as sort_order,
        coalesce(area, 'no broad area') as name, *,
    from met
    union all
    select 'need', need_code, area_order, need, *, from met
    union all
    select 'barrier', lower(trim(barrier)), 0, trim(barrier), *,
    from met
    where coalesce(trim(barrier), '') <> '' and barrier_removed_on is null
)
select
    row_kind,
    row_key,
    min(name) as name,
    count(*) as live_needs,
    count(*) filter (where len(whole_class) > 0) as whole_class,
    count(*) filter (where len(guided_group) > 0) as guided_group,
    count(*) filter (where len(in_group) > 0) as in_group,
    count(*) filter (where len(individually) > 0) as individually,
    count(*) filter (where len(beyond_school) > 0) as beyond_school,
    count(*) filter (where len(unsaid) > 0) as unsaid,
    count(*) filter (where is_whole_class_only) as whole_class_only,
    count(*) filter (where is_without) as without,
    count(distinct (school_id, pupil_id)) as pupils,
    count(*) filter (where is_whole_class_only and state = 'in_class') as adjusted_only,
    null::varchar as school_id,
from lined
group by row_kind, row_key
order by array_position(['area', 'need', 'barrier'], row_kind), min(sort_order), min(name), row_key;
