-- Title: This year and last
-- Question: Does provision run on from last year although needs have changed?
-- Grain: a pupil in scope with a need or additional provision on the day or on the same day of last year.
-- Columns: needs_last_year and needs_now (live need codes), provisions_last_year and provisions_now (additional,
--   in place), runs_on (in place on both days), without_reason (of those, the ones for learning or therapy that no
--   present need, result, criterion or plan asks for: as no_current_need of the possible overlaps), needs_changed (the needs are not the same), is_drift (needs_changed and something
--   runs on without a present reason).
-- Filters: need (a pupil who has it now). Counts: a pupil has one row.
-- Wrinkles: a provision that ended and began again in between runs on all the same. Last year's day is the same
--   date a year before; on 29 February, the 28th. Provision whose purpose is not recorded addresses nothing, and is
--   no finding.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
now_live as (
    from live_needs('scope', $as_at, [])
),
then_live as (
    from live_needs('scope', ($as_at - interval 1 year)::date, [])
),
needs_now as (
    select school_id, pupil_id, list(distinct need_code order by need_code) as codes, from now_live group by all
),
needs_then as (
    select school_id, pupil_id, list(distinct need_code order by need_code) as codes, from then_live group by all
),
additional as (
    select
        provided.*,
        is_active(start_date, end_date, $as_at) as is_now,
        is_active(start_date, end_date, ($as_at - interval 1 year)::date) as is_then,
    from scope
    inner join records.provided using (school_id, pupil_id)
    where provided.is_additional
),
unasked as materialized (
    from without_reason('scope', $as_at)
),
each_provision as (
    select school_id, pupil_id, provision_id, any_value(provision) as provision,
        bool_or(is_now) as is_now,
        bool_or(is_then) as is_then,
        bool_or(is_now and not exists (
            select 1 from unasked
            where unasked.school_id = additional.school_id and unasked.pupil_id = additional.pupil_id
                and unasked.provision_id = additional.provision_id and unasked.start_date = additional.start_date
                and unasked.placement_id is not distinct from additional.placement_id
        )) as has_reason,
    from additional
    where is_now or is_then
    group by school_id, pupil_id, provision_id
),
provisions as (
    select school_id, pupil_id,
        list(provision order by provision) filter (where is_then) as last_year,
        list(provision order by provision) filter (where is_now) as now,
        list(provision order by provision) filter (where is_then and is_now) as runs_on,
        list(provision order by provision) filter (where is_then and is_now and not has_reason) as without_reason,
    from each_provision
    group by school_id, pupil_id
)
select
    scope.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    coalesce(needs_then.codes, []) as needs_last_year,
    coalesce(needs_now.codes, []) as needs_now,
    coalesce(provisions.last_year, []) as provisions_last_year,
    coalesce(provisions.now, []) as provisions_now,
    coalesce(provisions.runs_on, []) as runs_on,
    coalesce(provisions.without_reason, []) as without_reason,
    coalesce(needs_then.codes, []) <> coalesce(needs_now.codes, []) as needs_changed,
    needs_changed and len(coalesce(provisions.without_reason, [])) > 0 as is_drift,
    scope.school_id,
from scope
left join needs_now using (school_id, pupil_id)
left join needs_then using (school_id, pupil_id)
left join provisions using (school_id, pupil_id)
where needs_now.codes is not null or needs_then.codes is not null or provisions.pupil_id is not null
order by scope.school_id, is_drift desc, scope.surname, scope.forename, scope.pupil_id;
