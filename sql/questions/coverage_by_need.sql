-- Title: Coverage by need
-- Question: Which kinds of need are answered, and which are not?
-- Grain: a need code with at least one live need in scope.
-- Columns: live_needs and the five states, which add up to it (needs, not pupils), pupils (each counted
--   once), answered_share ((covered + in_class) / live_needs, 0 to 1).
-- Filters: need.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
)
select
    need_code,
    any_value(need) as need,
    any_value(area) as area,
    count(*) as live_needs,
    count(*) filter (where state = 'covered') as covered,
    count(*) filter (where state = 'in_class') as in_class,
    count(*) filter (where state = 'planned') as planned,
    count(*) filter (where state = 'lapsed') as lapsed,
    count(*) filter (where state = 'unmet') as unmet,
    count(*) filter (where state in ('covered', 'in_class')) / count(*) as answered_share,
    count(distinct (school_id, pupil_id)) as pupils,
from need_states('scope', $as_at, $needs)
group by need_code
order by min(area_order), need, need_code;
