-- Title: Hours of plans
-- Question: Are the minutes that a plan requires timetabled, and are they delivered?
-- Grain: a need of a pupil in scope, live on the day, for which minutes a week are required.
-- Columns: specified, timetabled (of the additional provision in place that addresses the need; minutes that nobody
--   recorded count nothing, and minutes_unknown says of how many), delivered (minutes a week attended in the last four
--   school weeks, by the record of sessions; where none is there for a provision, its timetabled minutes times
--   sessions attended of planned; empty: not known for one of them), all in minutes a week; weeks (school weeks that
--   the sessions are of), timetabled_share (timetabled / specified), delivered_share (delivered / specified),
--   delivered_from (sessions: the record of them; attended: sessions attended of planned; both; nothing: nothing is in
--   place; empty: delivered is not known), kept (as_planned: delivered as much as required; short: less; not_known).
-- Filters: need.
-- Wrinkles: a school week is one from Monday to Friday that is over, touches a term of this academic year, and has a
--   session recorded in the school, so that holidays are not held against anybody. Provision that began in one of them
--   is judged by the weeks that were not over when it began. A session counts once for a need, also where the pupil's
--   time in the provision is written down twice.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
required as (
    select * from live_needs('scope', $as_at, $needs) where required_weekly_minutes is not null
),
answer as (
    select
        required.need_row,
        provided.school_id,
        provided.pupil_id,
        provided.provision_id,
        provided.provision,
        provided.start_date,
        provided.weekly_minutes,
        provided.sessions_attended / nullif(provided.sessions_planned, 0) as attended_share,
    from required
    inner join records.provided
        on provided.school_id = required.school_id and provided.pupil_id = required.pupil_id
    where provided.is_additional
        and provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
        and addresses(provided.need_keys, required.need_key, required.area, required.is_broad_match)
),
held as (
    select school_id, pupil_id, provision_id, held_on, status, minutes, date_trunc('week', held_on)::date as monday,
    from records.sessions
    where held_on between first_day_of(academic_year_of($as_at)) and $as_at
        and school_id in (select school_id from required)
),
weeks as (
    select school_id, monday,
    from (select distinct school_id, monday from held) as held
    where monday + 4 <= $as_at
        and exists (
            select 1 from store.codes.term_days as terms
            where terms.school_id = held.school_id and terms.start_date <= monday + 4 and terms.end_date >= monday
        )
    qualify row_number() over (partition by school_id order by monday desc) <= setting_delivery_weeks($as_at)
),
by_sessions as (
    select
        answer.need_row,
        answer.provision_id,
        count(distinct weeks.monday) as weeks,
        count(held.held_on) as sessions,
        count(*) filter (where held.status = 'attended' and coalesce(held.minutes, offered.minutes_per_session) is null)
            as unknown,
        coalesce(sum(coalesce(held.minutes, offered.minutes_per_session)) filter (where held.status = 'attended'), 0)
            as minutes,
    from (
        select need_row, school_id, pupil_id, provision_id, min(start_date) as start_date, from answer group by all
    ) as answer
    inner join weeks on weeks.school_id = answer.school_id and weeks.monday + 4 >= answer.start_date
    left join held
        on held.school_id = answer.school_id and held.pupil_id = answer.pupil_id
        and held.provision_id = answer.provision_id and held.monday = weeks.monday and held.held_on >= answer.start_date
    left join records.offered
        on offered.school_id = answer.school_id and offered.provision_id = answer.provision_id
    group by answer.need_row, answer.provision_id
),
delivered as (
    select
        answer.need_row,
        any_value(answer.provision) as provision,
        sum(answer.weekly_minutes) as weekly_minutes,
        count(*) filter (where answer.weekly_minutes is null) as unknown,
        any_value(by_sessions.weeks) as weeks,
        coalesce(any_value(by_sessions.sessions > 0 and by_sessions.unknown = 0), false) as by_record,
        case
            when by_record then any_value(by_sessions.minutes / by_sessions.weeks)
            when count(answer.weekly_minutes * answer.attended_share) = count(*)
                then sum(answer.weekly_minutes * answer.attended_share)
        end as minutes,
    from answer
    left join by_sessions using (need_row, provision_id)
    group by answer.need_row, answer.provision_id
),
added as (
    select
        need_row,
        list(distinct provision order by provision) as provisions,
        coalesce(sum(weekly_minutes), 0) as timetabled,
        sum(unknown) as minutes_unknown,
        case when count(minutes) = count(*) then sum(minutes) end as delivered,
        max(weeks) as weeks,
        case when bool_and(by_record) then 'sessions' when bool_or(by_record) then 'both' else 'attended' end as found_in,
    from delivered
    group by need_row
)
select
    required.pupil_id,
    required.surname,
    required.forename,
    required.year_group,
    required.class,
    required.need_code,
    required.need,
    required.required_by,
    required.required_weekly_minutes as specified,
    coalesce(added.timetabled, 0) as timetabled,
    case when added.need_row is null then 0 else added.delivered end as delivered,
    timetabled / nullif(specified, 0) as timetabled_share,
    delivered / nullif(specified, 0) as delivered_share,
    coalesce(added.provisions, []) as provisions,
    coalesce(added.minutes_unknown, 0) as minutes_unknown,
    added.weeks,
    case when added.need_row is null then 'nothing' when added.delivered is not null then added.found_in end as delivered_from,
    case
        when added.need_row is not null and added.delivered is null then 'not_known'
        when coalesce(added.delivered, 0) < specified then 'short'
        else 'as_planned'
    end as kept,
    required.school_id,
from required
left join added using (need_row)
order by required.school_id, required.surname, required.forename, required.pupil_id, required.need, required.need_row;
