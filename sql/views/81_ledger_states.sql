-- Question: what runs or ran for each subject in play, is it on course, and which state does that make?

-- Grain: a subject in play and something for it that is additional or adjusted in class, of any time.
-- Columns: is_running, is_counted (running, or ended in the last 366 days, a setting), is_judged (a point since it began),
--   has_narrowed and is_on_course, days (run by the day, its first and last included), fresh_days (those that nothing of
--   the subject counted before it had: they add up without counting a day twice), value_then (at the start).
create macro ledger_answers(some_days, some_standing, some_points) as table
with learning_needs as (
    select days.is_now, days.school_id, days.pupil_id, list(distinct kinds.need_key) as learning_keys,
    from query_table(some_days) as days
    inner join records.needs on needs.school_id = days.school_id and needs.pupil_id = days.pupil_id
    inner join store.codes.need_kinds as kinds on kinds.need_key = lower(needs.need_code)
    where kinds.area = 'cognition and learning' and is_active(needs.start_date, needs.end_date, days.judged_on)
    group by days.is_now, days.school_id, days.pupil_id
),
subject_codes as (
    select list(need_key) as subject_keys from store.codes.need_kinds where area = 'subjects'
),
given as (
    select
        subjects.is_now, subjects.school_id, subjects.pupil_id, subjects.subject_key, subjects.judged_on,
        subjects.gap, subjects.on_day,
        row_number() over () as answer_row,
        provided.provision_id,
        provided.provision,
        provided.is_additional,
        provided.start_date,
        provided.end_date,
        provided.start_date <= subjects.judged_on and coalesce(provided.end_date >= subjects.judged_on, true) as is_running,
        is_running or coalesce(
            provided.end_date < subjects.judged_on
            and provided.end_date >= subjects.judged_on - setting('ledger_look_back', subjects.judged_on)::integer,
            false
        ) as is_counted,
        subjects.on_day > provided.start_date as is_judged,
    from query_table(some_standing) as subjects
    inner join records.provided on provided.school_id = subjects.school_id and provided.pupil_id = subjects.pupil_id
    cross join subject_codes
    left join learning_needs
        on learning_needs.is_now = subjects.is_now and learning_needs.school_id = subjects.school_id
        and learning_needs.pupil_id = subjects.pupil_id
    where (provided.is_additional or provided.is_adjustment)
        and (
            coalesce(provided.subject_key = subjects.subject_key, false)
            or list_contains(provided.need_keys, subjects.subject_key)
            or (
                provided.subject_key is null
                and not list_has_any(provided.need_keys, subject_keys)
                and coalesce(
                    list_has_any(provided.need_keys, learning_keys)
                    or list_contains(provided.need_keys, 'cognition and learning'),
                    false
                )
                and learning_keys is not null
            )
        )
),
-- The point that each began from: the last by its start, else the first.
begun_from as (
    select given.answer_row,
        coalesce(min(points.place) filter (where points.on_day <= given.start_date), max(points.place)) as place,
    from given
    inner join query_table(some_points) as points using (is_now, school_id, pupil_id, subject_key)
    group by given.answer_row
),
compared as (
    select
        given.*,
        points.value as value_then,
        coalesce(given.is_judged and given.gap < points.gap, false) as has_narrowed,
        has_narrowed or aimed.pupil_id is not null as is_on_course,
        least(coalesce(given.end_date, given.judged_on), given.judged_on) as last_day,
        last_day - given.start_date + 1 as days,
    from given
    inner join begun_from using (answer_row)
    inner join query_table(some_points) as points using (is_now, school_id, pupil_id, subject_key, place)
    left join ledger_targets(some_standing, some_points) as aimed using (is_now, school_id, pupil_id, subject_key)
)
select
    *,
    case when is_counted then greatest(
        0,
        last_day - greatest(
            start_date,
            coalesce(
                max(case when is_counted then last_day end) over (
                    partition by is_now, school_id, pupil_id, subject_key order by start_date, answer_row
                    rows between unbounded preceding and 1 preceding
                ) + 1,
                start_date
            )
        ) + 1
    ) else 0 end as fresh_days,
from compared;

-- Grain: a subject in play on one of the days, in exactly one state: the first that holds.
--   closed: at the mark at two successive points, after one below it.
--   additional: something additional that runs now for the subject is on course.
--   in_class: a class adjustment that runs now for the subject is on course.
--   persists: not at the mark, and what runs or ended in the last 366 days has run for a term (84 days, a setting) in all,
--     with a point since it began and none of it on course; or something that runs now has itself run so long, with a
--     point since (what ended earlier may then have been on course).
--   too_soon: something runs for the subject or is to come; or at the mark once.
--   nothing_recorded: the rest: nothing runs.
create macro ledger_states(some_days) as table
with points as materialized (
    from ledger_points(some_days)
),
in_play as materialized (
    from ledger_standing('points')
),
answers as materialized (
    from ledger_answers(some_days, 'in_play', 'points')
),
summed as (
    select
        is_now, school_id, pupil_id, subject_key,
        bool_or(is_running and is_additional and is_on_course) as is_additional_on_course,
        bool_or(is_running and not is_additional and is_on_course) as is_adjusted_on_course,
        bool_or(is_running) as has_running,
        bool_or(start_date > judged_on) as has_to_come,
        bool_or(is_counted and is_judged) as has_judged,
        bool_or(is_counted and is_on_course) as has_on_course,
        bool_or(is_running and is_judged and days >= setting('ledger_term_days', judged_on)) as has_run_a_term,
        sum(fresh_days)::integer as days_in_all,
        max(days) filter (where is_running)::integer as running_days,
        min(start_date) filter (where is_running) as running_since,
        max(end_date) filter (where end_date < judged_on) as last_ended,
        arg_max(value_then, start_date) filter (where is_running and has_narrowed) as value_then,
        list(distinct provision order by provision) filter (where is_running) as running,
        list(distinct provision order by provision) filter (where end_date < judged_on) as ended,
        list(distinct provision order by provision) filter (where is_counted) as counted,
        list(distinct provision order by provision) filter (where start_date > judged_on) as to_come,
        list(distinct provision order by provision) filter (where is_running and is_on_course) as on_course,
    from answers
    group by all
)
select
    in_play.*,
    summed.* exclude (is_now, school_id, pupil_id, subject_key),
    case
        when standing = 'closed' then 'closed'
        when is_additional_on_course then 'additional'
        when is_adjusted_on_course then 'in_class'
        when standing <> 'once' and has_judged and (
            (days_in_all >= setting('ledger_term_days', in_play.judged_on) and not has_on_course) or has_run_a_term
        ) then 'persists'
        when has_running or has_to_come or standing = 'once' then 'too_soon'
        else 'nothing_recorded'
    end as state,
from in_play
left join summed using (is_now, school_id, pupil_id, subject_key);

-- Why a subject stands where it does: what the points say, then what is done about it.
create macro ledger_reason(some_line) as
    case some_line.standing
        when 'below' then
            case when some_line.points_below > 1 then 'Below the mark at ' || some_line.points_below || ' points in a row: '
                else 'Below the mark: ' end || some_line.value || ' on ' || day_in_words(some_line.on_day)
        when 'fallen' then
            'Fell from ' || some_line.value_2 || ' to ' || some_line.value || ' on ' || day_in_words(some_line.on_day)
        when 'once' then
            'At the mark once: ' || some_line.value || ' on ' || day_in_words(some_line.on_day)
                || ', after ' || some_line.value_2
        else 'At the mark twice running: ' || some_line.value_2 || ', then ' || some_line.value || ' on '
            || day_in_words(some_line.on_day) || ', after ' || some_line.value_3
    end
    || ' (' || some_line.scale || case when some_line.mark is null then ', no mark set)'
        when some_line.is_deeper then '; greater depth is ' || some_line.mark || ')'
        else '; expected ' || some_line.mark || ')' end || '. '
    || case
        when some_line.state = 'closed' and len(some_line.counted) > 0
            then 'Before that: ' || array_to_string(some_line.counted, ', ') || '.'
        when some_line.state = 'closed' then 'Nothing is recorded that came before.'
        when some_line.state in ('additional', 'in_class') then array_to_string(some_line.on_course, ', ')
            || case when some_line.value_then is null then ': the pupil''s own target is on course.'
                else ': it was ' || some_line.value_then || ' when this began, and the gap has narrowed.' end
        when some_line.state = 'persists' then array_to_string(some_line.counted, ', ') || ' for '
            || some_line.days_in_all || ' days in all, and '
            || case when some_line.has_on_course then 'what is in place now has not narrowed the gap.'
                when some_line.has_running then 'no result shows a smaller gap.'
                else 'no result shows a smaller gap; nothing is in place now.' end
        when some_line.has_running then array_to_string(some_line.running, ', ') || ' since '
            || day_in_words(some_line.running_since) || ': too soon, or no result since, to say.'
        when some_line.has_to_come then array_to_string(some_line.to_come, ', ') || ' starts later.'
        when some_line.state = 'too_soon' then 'Nothing is in place; the next result will tell.'
        when len(some_line.counted) > 0 then 'Nothing is in place since ' || array_to_string(some_line.counted, ', ')
            || ' ended on ' || day_in_words(some_line.last_ended) || '.'
        else 'Nothing is recorded for it.'
    end;
