-- Title: What ran before
-- Question: What has this pupil had for this need, and what came of it?
-- Grain: a time that the pupil had something in place that addresses the need, begun by the day ($school_id, $pupil_id,
--   $need_code), while the pupil had the need (or, of a subject, in any time).
-- Columns: outcome (empty: not recorded, or not yet over), entry_value and exit_value (in the scale of measure; exit_value
--   empty where it was taken after the day), is_broad_match (it names the whole area of the need).
with scope as materialized (
    from pupils_in_scope($as_at, [$school_id], [], [], [], []) where pupil_id = $pupil_id
)
select
    tried.provision_id,
    tried.provision,
    tried.tier,
    tried.start_date,
    tried.end_date,
    tried.weekly_minutes,
    tried.outcome_by_then as outcome,
    tried.measure,
    tried.entry_value,
    case when coalesce(tried.exit_date <= $as_at, true) then tried.exit_value end as exit_value,
    tried.is_broad as is_broad_match,
    tried.school_id,
from tried_for([$school_id], $need_code, $as_at) as tried
semi join scope using (school_id, pupil_id)
order by tried.start_date desc, tried.provision, tried.placement_id;
