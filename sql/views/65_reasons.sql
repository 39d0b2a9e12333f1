-- Question: does anything present ask for what is in place?

-- Grain: additional provision for learning or therapy in place on the day for a pupil in scope, that nothing present
-- asks for: no live need (by its code or its area), no result below expected in its subject, no criterion to start that
-- holds, and no plan requires it. What has no recorded purpose is left out.
create macro without_reason(some_scope, on_date) as table
with live as (
    from live_needs(some_scope, on_date, [])
),
below as (
    select school_id, pupil_id, subject_key,
    from latest_results(some_scope, on_date)
    where is_below
),
entry_met as (
    select distinct school_id, pupil_id, provision_id,
    from criteria_met(some_scope, on_date)
    where kind = 'entry'
)
select provided.*,
from query_table(some_scope) as scope
inner join records.provided on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
where provided.purpose in ('learning', 'therapy') and len(provided.need_keys) > 0
    and provided.is_additional and provided.required_by is null
    and provided.start_date <= on_date and coalesce(provided.end_date >= on_date, true)
    and not exists (
        select 1 from live
        where live.school_id = provided.school_id and live.pupil_id = provided.pupil_id
            and (list_contains(provided.need_keys, live.need_key)
                or coalesce(list_contains(provided.need_keys, live.area), false))
    )
    and not exists (
        select 1 from below
        where below.school_id = provided.school_id and below.pupil_id = provided.pupil_id
            and below.subject_key = provided.subject_key
    )
    and not exists (
        select 1 from entry_met
        where entry_met.school_id = provided.school_id and entry_met.pupil_id = provided.pupil_id
            and entry_met.provision_id = provided.provision_id
    );
