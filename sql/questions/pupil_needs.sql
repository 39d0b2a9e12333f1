-- Title: One pupil's needs
-- Question: Which needs has this pupil had, and is anything in place for those that are live?
-- Grain: a need of the pupil that had begun by the day ($school_id, $pupil_id).
-- Columns: state and provisions (of a live need; empty once it has ended), end_date (empty: live), barrier_removed_on and
--   barrier_removed_by (empty: the barrier stands).
with scope as materialized (
    from pupils_in_scope($as_at, [$school_id], [], [], [], []) where pupil_id = $pupil_id
),
states as (
    from need_states('scope', $as_at, [])
)
select
    kinds.need_code,
    kinds.need,
    kinds.area,
    states.state,
    coalesce(states.provisions, []) as provisions,
    states.days_in_state,
    needs.start_date,
    needs.end_date,
    needs.is_start_recorded,
    needs.required_by,
    needs.required_weekly_minutes,
    needs.barrier,
    needs.rank,
    removed.removed_on as barrier_removed_on,
    removed.removed_by as barrier_removed_by,
    coalesce(needs.end_date, $as_at) as drawn_until,
    needs.school_id,
from records.needs
inner join store.codes.need_kinds as kinds on kinds.need_key = lower(needs.need_code)
left join states
    on states.need_key = kinds.need_key and states.need_start = needs.start_date
    and is_active(needs.start_date, needs.end_date, $as_at)
left join barriers_gone($as_at) as removed
    on removed.school_id = needs.school_id and removed.pupil_id = needs.pupil_id
    and removed.need_key = kinds.need_key and removed.barrier_key = lower(trim(needs.barrier))
    and removed.removed_on >= needs.start_date
where needs.school_id = $school_id and needs.pupil_id = $pupil_id and needs.start_date <= $as_at
order by needs.end_date is not null, needs.rank, needs.start_date, kinds.need;
