-- Title: Coverage over time
-- Question: Were the needs that these pupils had answered, month by month?
-- Grain: a month of the last three academic years, at its last day that lies in a term and two weeks (a setting) or more
--   before the end of it, up to the day, and the day itself.
-- Columns: on_day, academic_year, live_needs (on that day, of pupils who had come by then) and the five states, which
--   add up to it, answered_share, pupils (with a live need; each counted once), planned_long_after (of the planned, those
--   for which nothing began within a term, 84 days, a setting).
-- Filters: need. Counts: the pupils in scope on the day of the question, followed back; who has left since is not there.
-- Wrinkles: each day is judged as `coverage` judges it, by all that is recorded now: what began later was to come,
--   for a past day with hindsight. In holidays nothing runs, and in the last days of a term provision for that term is
--   over already: neither is a change of coverage.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
months as (
    select month_start::date as first_of_month, last_day(month_start)::date as last_of_month,
    from range(
        (first_day_of(academic_year_of($as_at)) - interval 2 years)::timestamp, $as_at::timestamp, interval 1 month
    ) as months(month_start)
),
points as (
    select max(least(terms.end_date - setting_coverage_before_end($as_at)::integer, months.last_of_month)) as on_day,
    from months
    inner join store.codes.term_days as terms
        on terms.start_date <= months.last_of_month
        and terms.end_date - setting_coverage_before_end($as_at)::integer >= greatest(months.first_of_month, terms.start_date)
    where terms.school_id in (select school_id from scope)
    group by months.first_of_month
    having on_day < $as_at
    union all
    select $as_at,
),
wanted as (
    select
        row_number() over () as need_row,
        scope.school_id, scope.pupil_id, needs.start_date, needs.end_date,
        greatest(needs.start_date, scope.entry_date) as first_day,
        kinds.need_key, kinds.area, kinds.is_broad_match,
    from scope
    inner join records.needs on needs.school_id = scope.school_id and needs.pupil_id = scope.pupil_id
    inner join store.codes.need_kinds as kinds on kinds.need_key = lower(needs.need_code)
    where len($needs) = 0 or list_contains(code_keys($needs), kinds.need_key)
),
answer as (
    select
        wanted.need_row, provided.is_additional, provided.start_date, provided.end_date,
        provided.end_date >= wanted.start_date as ends_within,
    from wanted
    inner join records.provided
        on provided.school_id = wanted.school_id and provided.pupil_id = wanted.pupil_id
    where (provided.is_additional or provided.is_adjustment)
        and addresses(provided.need_keys, wanted.need_key, wanted.area, wanted.is_broad_match)
),
live as (
    select points.on_day, wanted.need_row, wanted.school_id, wanted.pupil_id,
    from points
    inner join wanted on wanted.first_day <= points.on_day and coalesce(wanted.end_date >= points.on_day, true)
),
judged as (
    select
        live.on_day,
        live.need_row,
        live.school_id,
        live.pupil_id,
        case
            when bool_or(is_now and answer.is_additional) then 'covered'
            when bool_or(is_now) then 'in_class'
            when bool_or(answer.start_date > live.on_day) then 'planned'
            when bool_or(answer.ends_within and answer.end_date < live.on_day) then 'lapsed'
            else 'unmet'
        end as state,
        min(answer.start_date) filter (where answer.start_date > live.on_day) - live.on_day
            > setting_ledger_term_days($as_at) as is_long_after,
    from live
    left join (select *, coalesce(end_date, date '9999-12-31') as last_day from answer) as answer using (need_row)
    cross join lateral (select live.on_day between answer.start_date and answer.last_day as is_now) as spans
    group by live.on_day, live.need_row, live.school_id, live.pupil_id
)
select
    points.on_day,
    academic_year_of(points.on_day) as academic_year,
    count(judged.state) as live_needs,
    count(*) filter (where state = 'covered') as covered,
    count(*) filter (where state = 'in_class') as in_class,
    count(*) filter (where state = 'planned') as planned,
    count(*) filter (where state = 'lapsed') as lapsed,
    count(*) filter (where state = 'unmet') as unmet,
    count(*) filter (where state in ('covered', 'in_class')) / nullif(count(judged.state), 0) as answered_share,
    count(distinct case when judged.state is not null then (judged.school_id, judged.pupil_id) end) as pupils,
    count(*) filter (where state = 'planned' and is_long_after) as planned_long_after,
    null::varchar as school_id,
from points
left join judged using (on_day)
where exists (select 1 from wanted)
group by points.on_day
order by points.on_day;
