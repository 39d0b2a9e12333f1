-- Title: Shared targets
-- Question: How does each target of a class, a year or a group stand, and how many are within reach of it?
-- Grain: a target of a class, year group or group, set by the day, for at least one pupil in scope; or for nobody at all.
-- Columns: for_whom, aim (its number on the day), needed_share (of the members, 0 to 1; empty: not said), members (pupils of
--   the whole school whom it is for), needed (how many of them have to reach it), reached (how many have, by the latest
--   result on its scale as at the day, or as at the due day), more_needed (needed less reached, 0 at the least), state (of
--   all members, whoever is counted; the first that holds: no_result (nobody has a result, or how many are to reach it or
--   the scale is not said), reached, overdue, within_reach (with all who are within reach it would be reached), not_yet),
--   because; and of those counted: pupils (in scope, whom it is for), at_target, now_share (at_target / pupils: who has no
--   result is not there), at_start (at the target as at the day it was set) of
--   known_at_start (with a result by then), forecast_at_target (at the target by the teacher's forecast) of with_forecast
--   (with a forecast, see `shared_target_pupils`), within_reach, not_yet, no_result (with
--   at_target they add up to pupils; once the due day is over, who has not reached it is `past_due`); is_newest (the newest
--   of its subject for the same pupils).
-- Filters: subject. Counts: each number of those counted opens the rows of that state in `shared_target_pupils`; at_target
--   those that are reached or reached_then.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
everyone as materialized (
    from pupils_in_scope($as_at, $schools, [], [], [], [])
),
shared as materialized (
    from shared_aims($schools, $subjects, $as_at)
),
aims as materialized (
    from pupils_of_aims('shared', 'everyone', $as_at)
),
counted as (
    select
        judged.aim,
        count(*) as members,
        count(*) filter (where judged.state in ('reached', 'reached_then')) as reached,
        count(*) filter (where judged.state = 'within_reach') as members_near,
        count(*) filter (where judged.state = 'no_result') as members_unknown,
        count(scope.pupil_id) as pupils,
        count(scope.pupil_id) filter (where judged.state in ('reached', 'reached_then')) as at_target,
        count(scope.pupil_id) filter (where judged.state = 'within_reach') as within_reach,
        count(scope.pupil_id) filter (where judged.state = 'not_yet') as not_yet,
        count(scope.pupil_id) filter (where judged.state = 'overdue') as past_due,
        count(scope.pupil_id) filter (where judged.state = 'no_result') as no_result,
        count(scope.pupil_id) filter (where judged.was_there) as at_start,
        count(scope.pupil_id) filter (where judged.starting_point is not null) as known_at_start,
        count(scope.pupil_id) filter (where judged.forecast_meets) as forecast_at_target,
        count(judged.forecast_meets) filter (where scope.pupil_id is not null) as with_forecast,
        any_value(judged.scale) as scale,
    from judged_targets('aims', $as_at) as judged
    left join scope on scope.school_id = judged.school_id and scope.pupil_id = judged.pupil_id
    group by judged.aim
),
summed as (
    select
        shared.* exclude (scale),
        coalesce(counted.scale, shared.scale) as scale,
        -- Rounded first: 0.55 of 20 pupils is 11, and not a hair more.
        ceil(round(shared.share_needed * counted.members, 9))::bigint as needed,
        counted.reached, counted.members_near, counted.members_unknown,
        counted.at_target, counted.within_reach, counted.not_yet, counted.past_due, counted.no_result, counted.at_start,
        counted.known_at_start, counted.forecast_at_target, counted.with_forecast,
        coalesce(counted.pupils, 0) as pupils,
        coalesce(counted.members, 0) as members,
        row_number() over (
            partition by shared.school_id, lower(shared.subject), shared.year_group, shared.class, shared.group_code
            order by shared.set_on desc, shared.aim desc
        ) = 1 as is_newest,
    from shared
    left join counted using (aim)
    where counted.aim is null or counted.pupils > 0
)
select
    summed.aim,
    summed.for_whom,
    summed.subject,
    summed.scale,
    summed.target,
    summed.share_needed as needed_share,
    summed.members,
    summed.needed,
    summed.reached,
    summed.pupils,
    summed.at_target,
    summed.at_target / nullif(summed.pupils, 0) as now_share,
    summed.at_start,
    summed.known_at_start,
    summed.forecast_at_target,
    summed.with_forecast,
    case when summed.needed is not null then greatest(summed.needed - summed.reached, 0) end as more_needed,
    summed.within_reach,
    summed.not_yet,
    summed.past_due,
    summed.no_result,
    summed.baseline,
    summed.forecast,
    summed.set_on,
    summed.due_on,
    case
        when unsaid is not null or summed.members = 0 or summed.members_unknown = summed.members then 'no_result'
        when summed.reached >= summed.needed then 'reached'
        when summed.due_on < $as_at then 'overdue'
        when summed.reached + summed.members_near >= summed.needed then 'within_reach'
        else 'not_yet'
    end as state,
    case
        when state <> 'no_result' then null
        when unsaid is not null then unsaid
        when summed.members = 0 then 'Nobody on roll is in it'
        else 'No result on this scale in the last year, or the target is no value of it'
    end as because,
    summed.words,
    summed.result,
    summed.academic_year,
    summed.is_newest,
    summed.year_group,
    summed.class,
    summed.group_code,
    summed.school_id,
from summed
left join store.codes.year_groups on year_groups.year_group = summed.year_group
order by summed.school_id, summed.group_code is not null, year_groups.sort_order, summed.class, summed.group_code,
    lower(summed.subject), summed.set_on desc, summed.aim;
