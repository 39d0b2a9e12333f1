-- Question: who meets the criteria of a provision, and is that so of those who have it?

-- A criterion's comparison as people say it.
create macro comparison_in_words(some_comparator) as
    case some_comparator
        when '<' then 'below'
        when '<=' then 'at or below'
        when '>' then 'above'
        when '>=' then 'at or above'
        else 'exactly'
    end;

-- Grain: a criterion as it is written down, read once. `some_criteria` has rows of the dataset.
-- Columns: looks_at (score, attendance, need, group), measure_key, value_key, bar (what a number is compared with;
--   empty: cannot be read), is_readable (it can be judged: a number or grade of the scale; a need or group is only
--   compared with "="), words.
create macro criteria_read_of(some_criteria) as table
with read as (
    select
        criteria.*,
        case when lower(measure) in ('attendance', 'need', 'group') then lower(measure) else 'score' end as looks_at,
        lower(measure) as measure_key,
        lower(value) as value_key,
        lower(substring(measure, instr(measure, '/') + 1)) as scale_key,
        try_cast(value as double) as plain_number,
    from query_table(some_criteria) as criteria
),
group_called as (
    select lower(group_code) as group_key, any_value(name) as name, from records.group_names group by group_key
)
select
    read.* exclude (plain_number, scale_key),
    case looks_at
        when 'attendance' then plain_number * case when plain_number <= 1 then 100 else 1 end
        when 'score' then number_on_scale(scales.kind, listed.value_key is not null, listed.rank, read.value)
    end as bar,
    case when looks_at in ('need', 'group') then comparator = '=' else bar is not null end as is_readable,
    case looks_at
        when 'need' then 'need: ' || coalesce(kinds.need, read.value)
        when 'group' then 'group: ' || coalesce(group_called.name, read.value)
        when 'attendance' then 'attendance ' || comparison_in_words(comparator) || ' '
            || coalesce(format('{:g}%', plain_number * case when plain_number <= 1 then 100 else 1 end), read.value)
        else replace(measure, '/', ' ') || ' score ' || comparison_in_words(comparator) || ' ' || read.value
    end || case when is_readable then '' else ' (cannot be read)' end as words,
from read
left join store.codes.scales on scales.scale_key = read.scale_key
left join store.codes.scale_values as listed
    on listed.scale_key = read.scale_key and listed.value_key = read.value_key
left join store.codes.need_kinds as kinds on kinds.need_key = read.value_key
left join group_called on group_called.group_key = read.value_key;

create view criteria_read as from criteria_read_of('records.criteria');

-- Grain: a criterion that is asked of a pupil, with what is known of the pupil.
-- `some_asked` has asked_row, school_id, pupil_id, looks_at, measure_key, comparator, value_key, bar, own_value and
--   own_number (a score that is recorded with the placement itself) with its own_day (empty: it counts before every
--   result; else before those of that day and earlier), and the days that are looked at: scores from from_day, sessions
--   from year_start, all up to to_day, on which needs and groups are read.
-- Columns: holds (empty: not known), known (the pupil's own value, in words), known_since (its day).
create macro criteria_judged(some_asked) as table
with asked_of as (
    from query_table(some_asked)
),
latest_scores as (
    select
        asked_of.asked_row,
        arg_max(
            {'value': results.value, 'number': results.number, 'on_day': results.on_day},
            (results.on_day, -results.source_order, results.number)
        ) as latest,
    from asked_of
    inner join store.results
        on results.school_id = asked_of.school_id and results.pupil_id = asked_of.pupil_id
        and results.subject_key || '/' || results.scale_key = asked_of.measure_key
    where asked_of.looks_at = 'score' and results.number is not null
        and results.on_day between asked_of.from_day and asked_of.to_day
    group by asked_of.asked_row
),
scores as (
    select
        asked_of.asked_row,
        latest_scores.latest,
        asked_of.own_number is not null and coalesce(latest_scores.latest.on_day <= asked_of.own_day, true) as is_own,
    from asked_of
    left join latest_scores using (asked_row)
),
present as (
    select
        asked_of.asked_row,
        100.0 * sum(attended) / nullif(sum(possible), 0) as percent,
        max(attendance.end_date) as until_day,
    from asked_of
    inner join store.attendance
        on attendance.school_id = asked_of.school_id and attendance.pupil_id = asked_of.pupil_id
    where asked_of.looks_at = 'attendance'
        and attendance.start_date >= asked_of.year_start and attendance.end_date <= asked_of.to_day
    group by asked_of.asked_row
),
needed as (
    select asked_of.asked_row, min(needs.start_date) as since,
    from asked_of
    inner join records.needs
        on needs.school_id = asked_of.school_id and needs.pupil_id = asked_of.pupil_id
        and lower(needs.need_code) = asked_of.value_key
    where asked_of.looks_at = 'need' and is_active(needs.start_date, needs.end_date, asked_of.to_day)
    group by asked_of.asked_row
),
grouped as (
    select asked_of.asked_row, min(coalesce(belonging.start_date, date '0001-01-01')) as since,
    from asked_of
    inner join belonging
        on belonging.school_id = asked_of.school_id and belonging.pupil_id = asked_of.pupil_id
        and lower(belonging.group_code) = asked_of.value_key
    where asked_of.looks_at = 'group' and is_active(belonging.start_date, belonging.end_date, asked_of.to_day)
    group by asked_of.asked_row
)
select
    asked_of.asked_row,
    case
        when asked_of.looks_at = 'need' then case when asked_of.comparator = '=' then needed.since is not null end
        when asked_of.looks_at = 'group' then case when asked_of.comparator = '=' then grouped.since is not null end
        when asked_of.looks_at = 'attendance' then compares(present.percent, asked_of.comparator, asked_of.bar)
        else compares(
            case when scores.is_own then asked_of.own_number else scores.latest.number end,
            asked_of.comparator,
            asked_of.bar
        )
    end as holds,
    case
        when asked_of.looks_at = 'need' then
            coalesce('recorded since ' || day_in_words(needed.since), 'not recorded')
        when asked_of.looks_at = 'group' then case when grouped.since is null then 'not in the group' else 'in the group' end
        when asked_of.looks_at = 'attendance' then coalesce(format('{:.1f}%', present.percent), 'not known')
        when scores.is_own then
            asked_of.own_value || coalesce(' on ' || day_in_words(asked_of.own_day), ' at the start')
        else coalesce(scores.latest.value || ' on ' || day_in_words(scores.latest.on_day), 'not known')
    end as known,
    case
        when asked_of.looks_at = 'need' then needed.since
        when asked_of.looks_at = 'group' then nullif(grouped.since, date '0001-01-01')
        when asked_of.looks_at = 'attendance' then present.until_day
        when scores.is_own and asked_of.own_day is not null then asked_of.own_day
        else scores.latest.on_day
    end as known_since,
from asked_of
left join scores using (asked_row)
left join present using (asked_row)
left join needed using (asked_row)
left join grouped using (asked_row);

-- Grain: a pupil in scope, a provision and a finding (waits, attends_without, met_exit_stays, cannot_judge).
-- Columns: criteria (in words: of what waits and met_exit_stays all, of attends_without those that do not hold, of
--   cannot_judge those that are not known), known (the pupil's own value for each), since.
create macro criteria_findings(some_scope, on_date) as table
with attending as (
    select
        scope.*,
        provided.provision_id,
        provided.start_date,
        lower(provided.measure) as own_measure,
        provided.entry_value,
        provided.exit_value,
        provided.exit_date,
    from query_table(some_scope) as scope
    inner join records.provided on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    where provided.start_date <= on_date and coalesce(provided.end_date >= on_date, true)
),
-- `about` is a column, not a condition of the join below: that would then compare everybody with everybody.
recorded as (
    select
        school_id, pupil_id, provision_id, start_date, own_measure, 'attends' as about, entry_value as own_value,
        null::date as own_day,
    from attending
    union all
    select school_id, pupil_id, provision_id, start_date, own_measure, 'stays', exit_value, exit_date,
    from attending
    where exit_date between greatest(window_start(on_date), start_date) and on_date
),
questioned as (
    select
        scope.school_id, scope.pupil_id, scope.year_group, 'waits' as about, offered.provision_id,
        offered.start_date as provision_start, null::date as start_date, null as own_value,
        window_start(on_date) as from_day, on_date as to_day, first_day_of(academic_year_of(on_date)) as year_start,
    from query_table(some_scope) as scope
    inner join records.offered on offered.school_id = scope.school_id
    anti join attending
        on attending.school_id = scope.school_id and attending.pupil_id = scope.pupil_id
        and attending.provision_id = offered.provision_id
    where is_active(offered.start_date, offered.end_date, on_date)
        and (coalesce(len(offered.year_groups), 0) = 0 or list_contains(offered.year_groups, scope.year_group))
    union all
    select
        school_id, pupil_id, year_group, 'attends', provision_id, null, start_date, null,
        window_start(start_date), start_date, first_day_of(academic_year_of(start_date)),
    from attending
    union all
    select
        school_id, pupil_id, year_group, 'stays', provision_id, null, start_date, null,
        greatest(window_start(on_date), start_date), on_date,
        greatest(first_day_of(academic_year_of(on_date)), start_date),
    from attending
),
asked as (
    select
        row_number() over () as asked_row,
        questioned.* exclude (own_value),
        criteria_read.* exclude (school_id, provision_id),
        recorded.own_value,
        recorded.own_day,
        number_on_scale(scales.kind, listed.value_key is not null, listed.rank, recorded.own_value) as own_number,
    from questioned
    inner join criteria_read
        on criteria_read.school_id = questioned.school_id and criteria_read.provision_id = questioned.provision_id
        and criteria_read.kind = case questioned.about when 'stays' then 'exit' else 'entry' end
    left join recorded
        on recorded.about = questioned.about
        and recorded.school_id = questioned.school_id and recorded.pupil_id = questioned.pupil_id
        and recorded.provision_id = questioned.provision_id and recorded.start_date = questioned.start_date
        and recorded.own_measure = criteria_read.measure_key
    left join store.codes.scales
        on scales.scale_key = substring(recorded.own_measure, instr(recorded.own_measure, '/') + 1)
    left join store.codes.scale_values as listed
        on listed.scale_key = scales.scale_key and listed.value_key = lower(recorded.own_value)
),
judged as (
    select
        asked.*,
        answers.* exclude (asked_row),
        count(*) filter (where not answers.holds) over together as failing,
        count(*) filter (where answers.holds is null) over together as unknown,
    from asked
    inner join criteria_judged('asked') as answers using (asked_row)
    window together as (partition by asked.school_id, asked.pupil_id, asked.provision_id, asked.about, asked.start_date)
),
found as (
    select
        *,
        case
            when about = 'attends' and failing > 0 then 'attends_without'
            when failing > 0 then null
            when unknown > 0 then 'cannot_judge'
            when about = 'waits' then 'waits'
            when about = 'stays' then 'met_exit_stays'
        end as finding,
    from judged
),
-- Of two times in one provision at once, the earlier speaks.
spoken as (
    select *,
    from found
    where finding is not null
        and case finding when 'attends_without' then not holds when 'cannot_judge' then holds is null else true end
    qualify dense_rank() over (
        partition by school_id, pupil_id, provision_id, finding, about order by start_date
    ) = 1
)
select
    school_id,
    pupil_id,
    provision_id,
    finding,
    list(words order by about, measure_key, comparator, value) as criteria,
    list(known order by about, measure_key, comparator, value) as known,
    case
        when finding in ('attends_without', 'cannot_judge') then min(start_date)
        else max(greatest(known_since, provision_start, start_date))
    end as since,
from spoken
group by school_id, pupil_id, provision_id, finding;
