-- Title: What was tried for pupils like this one here
-- Question: What has this school tried for pupils of the same need and key stage, and what followed?
-- Grain: a provision of the pupil's school ($school_id, $pupil_id, $need_code).
-- Columns: place (1: the largest share with a gain; ties share a place; empty: too few to rank), times (that other pupils
--   with this need, or with something for the subject, in the same key stage when it began, had it by the day, those who left included), measured (of them,
--   with a score at both ends), gained (of those, with a gain; on age-normed scales holding level is one), gain_share,
--   judged (of all times, with an outcome recorded), outcome_met, outcome_met_share, is_ranked (measured at least as
--   often as the school's setting asks, 5 unless it says otherwise), runs_now.
-- Wrinkles: after is not because, and pupils are not given a provision by lot. The pupil's own times are not among them.
with scope as materialized (
    from pupils_in_scope($as_at, [$school_id], [], [], [], []) where pupil_id = $pupil_id
),
alike as (
    select tried.*,
    from scope
    inner join store.codes.year_groups as now on now.year_group = scope.year_group
    inner join tried_for([$school_id], $need_code, $as_at) as tried
        on tried.school_id = scope.school_id and tried.pupil_id <> scope.pupil_id
        and tried.key_stage_then = now.key_stage
),
counted as (
    select
        school_id,
        provision_id,
        any_value(provision) as provision,
        any_value(tier) as tier,
        count(*) as times,
        count(*) filter (where is_measured) as measured,
        count(*) filter (where is_gain) as gained,
        count(outcome_by_then) as judged,
        count(*) filter (where outcome_by_then = 'met') as outcome_met,
        count(*) filter (where is_measured) >= setting_least_to_rank($as_at) as is_ranked,
    from alike
    group by school_id, provision_id
)
select
    counted.provision_id,
    counted.provision,
    counted.tier,
    case when is_ranked then rank() over (partition by is_ranked order by gained / measured desc) end as place,
    counted.times,
    counted.measured,
    counted.gained,
    counted.gained / nullif(counted.measured, 0) as gain_share,
    counted.judged,
    counted.outcome_met,
    counted.outcome_met / nullif(counted.judged, 0) as outcome_met_share,
    counted.is_ranked,
    coalesce(is_active(offered.start_date, offered.end_date, $as_at), false) as runs_now,
    counted.school_id,
from counted
left join records.offered using (school_id, provision_id)
order by is_ranked desc, place, outcome_met_share desc nulls last, times desc, provision, provision_id;
