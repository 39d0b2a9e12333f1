-- Question: for each need that pupils in scope have on the day, is anything in place for it?

-- Grain: a live need of a pupil in scope. `need_row` numbers them.
create macro live_needs(some_scope, on_date, in_needs) as table
select
    row_number() over (order by scope.school_id, scope.pupil_id, needs.need_code, needs.start_date) as need_row,
    scope.*,
    kinds.need_code,
    kinds.need_key,
    kinds.need,
    kinds.area,
    kinds.area_order,
    kinds.is_broad_match,
    kinds.is_dfe,
    needs.start_date as need_start,
    needs.is_start_recorded,
    needs.required_by,
    needs.required_weekly_minutes,
    needs.barrier,
    needs.rank,
    greatest(needs.start_date, scope.entry_date) as first_day,
from query_table(some_scope) as scope
inner join records.needs
    on needs.school_id = scope.school_id and needs.pupil_id = scope.pupil_id
inner join store.codes.need_kinds as kinds on kinds.need_key = lower(needs.need_code)
where is_active(needs.start_date, needs.end_date, on_date)
    and (len(in_needs) = 0 or list_contains(code_keys(in_needs), kinds.need_key));

-- Grain: a live need of a pupil in scope, in exactly one state.
-- Columns: state (the first that holds: covered, in_class, planned, lapsed, unmet), provisions and
--   provision_ids (those that give the state), days_in_state (0 on the first day of the unbroken run,
--   which begins no earlier than the need and the pupil's entry), weekly_minutes (of the additional
--   provision in place for it; minutes_unknown of those say none).
-- Wrinkles: the state of every earlier day is found by adding up starts and ends in order of the day,
--   so that a run's first day is the last day on which the state changed.
create macro need_states(some_scope, on_date, in_needs) as table
with live as (
    from live_needs(some_scope, on_date, in_needs)
),
-- A live need and a placement, of any time, that addresses it.
answer as (
    select
        live.need_row,
        live.need_start,
        provided.provision_id,
        provided.provision,
        provided.is_additional,
        provided.start_date,
        provided.end_date,
        provided.weekly_minutes,
        not list_contains(provided.need_keys, live.need_key) as is_broad,
        provided.start_date <= on_date and coalesce(provided.end_date >= on_date, true) as is_active_now,
    from live
    inner join records.provided
        on provided.school_id = live.school_id and provided.pupil_id = live.pupil_id
    where (provided.is_additional or provided.is_adjustment)
        and addresses(provided.need_keys, live.need_key, live.area, live.is_broad_match)
),
happenings as (
    select need_row, first_day as on_day, 0 as additional, 0 as adjusted, 0 as to_come, 0 as ended, from live
    union all
    select need_row, start_date, is_additional::integer, (not is_additional)::integer, -1, 0, from answer
    union all
    select need_row, end_date + 1, -is_additional::integer, -(not is_additional)::integer, 0,
        (end_date >= need_start)::integer,
    from answer where end_date is not null
    union all
    -- Before anything has started, all of it is still to come.
    select need_row, date '0001-01-01', 0, 0, count(*)::integer, 0, from answer group by need_row
),
days as (
    select
        need_row,
        on_day,
        sum(additional) as additional,
        sum(adjusted) as adjusted,
        sum(to_come) as to_come,
        sum(ended) as ended,
    from happenings
    where on_day <= on_date
    group by need_row, on_day
),
states as (
    select
        days.need_row,
        days.on_day,
        case
            when sum(additional) over so_far > 0 then 'covered'
            when sum(adjusted) over so_far > 0 then 'in_class'
            when sum(to_come) over so_far > 0 then 'planned'
            when sum(ended) over so_far > 0 then 'lapsed'
            else 'unmet'
        end as state,
    from days
    window so_far as (partition by days.need_row order by days.on_day)
),
changes as (
    select
        states.need_row,
        states.on_day,
        states.state,
        lag(states.state) over (partition by states.need_row order by states.on_day) as state_before,
    from states
    inner join live using (need_row)
    where states.on_day >= live.first_day
),
runs as (
    select
        need_row,
        arg_max(state, on_day) as state,
        max(on_day) filter (where state is distinct from state_before) as since,
    from changes
    group by need_row
),
given as (
    select
        answer.need_row,
        list(distinct answer.provision order by answer.provision) as provisions,
        list(distinct answer.provision_id order by answer.provision_id) as provision_ids,
        bool_and(answer.is_broad) as is_broad_match_only,
    from answer
    inner join runs using (need_row)
    where case runs.state
        when 'covered' then answer.is_active_now and answer.is_additional
        when 'in_class' then answer.is_active_now and not answer.is_additional
        when 'planned' then answer.start_date > on_date
        when 'lapsed' then answer.end_date < on_date and answer.end_date >= answer.need_start
        else false
    end
    group by answer.need_row
),
minutes as (
    select
        need_row,
        sum(weekly_minutes) as weekly_minutes,
        count(*) filter (where weekly_minutes is null) as minutes_unknown,
        max(start_date) as latest_start,
    from answer
    where is_active_now and is_additional
    group by need_row
)
select
    live.* exclude (first_day),
    runs.state,
    coalesce(given.provisions, []) as provisions,
    coalesce(given.provision_ids, []) as provision_ids,
    coalesce(given.is_broad_match_only, false) as is_broad_match_only,
    runs.since,
    (on_date - runs.since)::integer as days_in_state,
    coalesce(minutes.weekly_minutes, 0) as weekly_minutes,
    coalesce(minutes.minutes_unknown, 0) as minutes_unknown,
    minutes.latest_start,
from live
inner join runs using (need_row)
left join given using (need_row)
left join minutes using (need_row);
