-- Question: what runs or ran for each subject in play, is it on course, and which state does that make?

-- On course: over the subject's scales in which the pupil has a point by the start (else the first after it) and a later
-- one, of the last 366 days, the gap to the mark has narrowed in at least one and widened in none; or the pupil's own
-- target, agreed with pupil or parent, is on course.
-- For the subject is what is additional or adjusted in class and whose provision's subject it is, or whose codes name
-- it, or which names no subject and addresses a need in cognition and learning that is live on the day.

create macro is_for_subject(given_subject_key, given_need_keys, some_subject_key, some_learning_keys, subject_keys) as
    coalesce(given_subject_key = some_subject_key, false)
    or list_contains(given_need_keys, some_subject_key)
    or (
        given_subject_key is null
        and not list_has_any(given_need_keys, subject_keys)
        and coalesce(
            list_has_any(given_need_keys, some_learning_keys) or list_contains(given_need_keys, 'cognition and learning'),
            false
        )
        and some_learning_keys is not null
    );

-- Grain: one row: the codes that are subjects.
create macro codes_of_subjects() as table
select list(need_key) as subject_keys from store.codes.need_kinds where area = 'subjects';

-- Grain: a subject in play and something for it that is additional or adjusted in class, of any time.
-- Columns: is_running, is_counted (running, or ended in the last 366 days, a setting), is_judged (a point since it began).
create macro ledger_given(some_standing) as table
select
    subjects.line, subjects.school_id, subjects.pupil_id, subjects.subject_key, subjects.of_subject, subjects.judged_on,
    subjects.is_more_able,
    row_number() over () as answer_row,
    provided.provision,
    provided.is_additional,
    provided.start_date,
    provided.end_date,
    provided.start_date <= subjects.judged_on and coalesce(provided.end_date >= subjects.judged_on, true) as is_running,
    is_running or coalesce(
        provided.end_date < subjects.judged_on
        and provided.end_date >= subjects.judged_on - setting_ledger_look_back(subjects.judged_on)::integer,
        false
    ) as is_counted,
    subjects.on_day > provided.start_date as is_judged,
from query_table(some_standing) as subjects
inner join records.provided on provided.school_id = subjects.school_id and provided.pupil_id = subjects.pupil_id
cross join codes_of_subjects()
where (provided.is_additional or provided.is_adjustment)
    and is_for_subject(
        provided.subject_key, provided.need_keys, subjects.subject_key, subjects.learning_keys, subject_keys
    );

-- Grain: something that counts, under which the gap to the mark has narrowed on a scale and widened on none. At the mark
--   is no gap, however far above. Column: narrowed_on (each scale, with the values then and now).
create macro ledger_narrowed(some_given) as table
with
-- One row for a subject: of rows that repeat it, DuckDB expects far too many and then works through the points twice.
subjects as (
    select of_subject,
        list({'answer_row': answer_row, 'judged_on': judged_on, 'is_more_able': is_more_able, 'start_date': start_date}) as given,
    from query_table(some_given)
    where is_counted and is_judged
    group by of_subject
),
with_points as (
    select unnest(subjects.given) as given, points.*
    from subjects
    inner join store.points on points.of_subject = subjects.of_subject
),
measured as (
    select
        given.answer_row, given.judged_on, points.scale, points.scale_key,
        -- In one value, so that an empty gap is not passed over.
        arg_max({'on_day': points.on_day, 'value': points.value, 'gap': by_mark(points.by_expected, points.by_depth, given.is_more_able).gap},
            points.on_day) as latest,
        arg_max({'on_day': points.on_day, 'value': points.value, 'gap': by_mark(points.by_expected, points.by_depth, given.is_more_able).gap},
            points.on_day) filter (where points.on_day <= given.start_date) as by_start,
        arg_min({'on_day': points.on_day, 'value': points.value, 'gap': by_mark(points.by_expected, points.by_depth, given.is_more_able).gap},
            points.on_day) as earliest,
        coalesce(by_start, earliest) as first,
    from with_points as points
    where points.on_day <= given.judged_on and points.until_day > given.judged_on
    group by given.answer_row, given.judged_on, points.scale, points.scale_key
)
select
    answer_row,
    list(scale || ' (' || first.value || ' to ' || latest.value || ')' order by scale_key)
        filter (where latest.gap < first.gap and first.gap > 0) as narrowed_on,
from measured
where first.on_day < latest.on_day and latest.on_day >= window_start(judged_on)
group by answer_row
having len(narrowed_on) > 0 and not bool_or(coalesce(latest.gap > 0 and latest.gap > first.gap, false));

-- Grain: as of `ledger_given`. Columns: has_narrowed and is_on_course, days (run by the day, its first and last included).
create macro ledger_answers(some_standing) as table
with given as materialized (
    from ledger_given(some_standing)
)
select
    given.*,
    narrowed.narrowed_on,
    narrowed.answer_row is not null as has_narrowed,
    has_narrowed or aimed.line is not null as is_on_course,
    least(coalesce(given.end_date, given.judged_on), given.judged_on) as last_day,
    last_day - given.start_date + 1 as days,
from given
left join ledger_narrowed('given') as narrowed using (answer_row)
left join ledger_targets(some_standing) as aimed using (line);

-- How many days some spans hold together, a day in several of them counted once: `days` adds up from span to span.
create macro span_of(first_day, last_day) as {'first': first_day, 'last': last_day, 'days': 0};
create macro days_held(some_spans) as list_reduce(
    list_sort(some_spans),
    lambda held, span: {
        'first': held.first,
        'last': greatest(held.last, span.last),
        'days': held.days + greatest(0, span.last - greatest(span.first, held.last + 1) + 1)::integer,
    },
    span_of(date '0001-01-01', date '0001-01-01')
).days;

create macro names_of(some_names) as list_sort(list_distinct(some_names));

-- Grain: a subject in play on one of the days, in exactly one state: the first that holds.
--   closed: at the mark at two successive points, after one below it.
--   additional: something additional that runs now for the subject is on course.
--   in_class: a class adjustment that runs now for the subject is on course.
--   persists: not at the mark, and what runs or ended in the last 366 days has run for a term (84 days, a setting) in all,
--     with a point since it began and none of it on course; or something that runs now has itself run so long, with a
--     point since (what ended earlier may then have been on course).
--   too_soon: something runs for the subject or is to come; or at the mark once.
--   nothing_recorded: the rest: nothing is recorded that runs.
create macro ledger_states(some_days, in_subjects) as table
with in_play as materialized (
    from ledger_standing(some_days, in_subjects)
),
answers as (
    from ledger_answers('in_play')
),
summed as (
    select
        line,
        bool_or(is_running and is_additional and is_on_course) as is_additional_on_course,
        bool_or(is_running and not is_additional and is_on_course) as is_adjusted_on_course,
        bool_or(is_running) as has_running,
        bool_or(start_date > judged_on) as has_to_come,
        bool_or(is_counted and is_judged) as has_judged,
        bool_or(is_counted and is_on_course) as has_on_course,
        bool_or(is_running and is_judged and days >= setting_ledger_term_days(judged_on)) as has_run_a_term,
        coalesce(days_held(list(span_of(start_date, last_day)) filter (where is_counted)), 0) as days_in_all,
        max(days) filter (where is_running)::integer as running_days,
        min(start_date) filter (where is_running) as running_since,
        max(end_date) filter (where end_date < judged_on) as last_ended,
        arg_max(narrowed_on, (start_date, provision)) filter (where is_running and has_narrowed) as narrowed_on,
        names_of(list(provision) filter (where is_running)) as running,
        names_of(list(provision) filter (where end_date < judged_on)) as ended,
        names_of(list(provision) filter (where is_counted)) as counted,
        names_of(list(provision) filter (where start_date > judged_on)) as to_come,
        names_of(list(provision) filter (where is_running and is_on_course)) as on_course,
    from answers
    group by line
)
select
    in_play.*,
    summed.* exclude (line),
    case
        when standing = 'closed' then 'closed'
        when is_additional_on_course then 'additional'
        when is_adjusted_on_course then 'in_class'
        when standing <> 'once' and has_judged and (
            (days_in_all >= setting_ledger_term_days(in_play.judged_on) and not has_on_course) or has_run_a_term
        ) then 'persists'
        when has_running or has_to_come or standing = 'once' then 'too_soon'
        else 'nothing_recorded'
    end as state,
from in_play
left join summed using (line);

-- Grain: a subject in play now. Column: reason (why it stands where it does: what the points say, then what is done about it).
create macro ledger_told(some_states) as table
select
    *,
    case standing
        when 'below' then
            case when points_below > 1 then 'Below the mark at ' || points_below || ' results in a row: '
                else 'Below the mark: ' end || value || ' on ' || day_in_words(on_day)
        when 'fallen' then
            'Fell from ' || value_2 || ' to ' || value || ' on ' || day_in_words(on_day)
        when 'once' then
            'At the mark once: ' || value || ' on ' || day_in_words(on_day)
                || ', after ' || value_2
        else 'At the mark twice running: ' || value_2 || ', then ' || value || ' on '
            || day_in_words(on_day) || ', after ' || value_3
    end
    || ' (' || scale || case when mark is null then ', no mark set)'
        when is_deeper then '; greater depth is ' || mark || ')'
        else '; expected ' || mark || ')' end || '. '
    || case
        when state = 'closed' and len(counted) > 0
            then 'Before that: ' || array_to_string(counted, ', ') || '.'
        when state = 'closed' then 'Nothing is recorded that came before.'
        when state in ('additional', 'in_class') then array_to_string(on_course, ', ')
            || case when narrowed_on is null then ': the pupil''s own target is on course.'
                else ': the gap has narrowed in ' || array_to_string(narrowed_on, ' and in ') || '.' end
        when state = 'persists' then array_to_string(counted, ', ') || ' for '
            || days_in_all || ' days in all, and '
            || case when has_on_course then 'what is in place now has not narrowed the gap.'
                when has_running then 'no result shows a smaller gap.'
                else 'no result shows a smaller gap; nothing is recorded now.' end
        when has_running then array_to_string(running, ', ') || ' since '
            || day_in_words(running_since) || ': too soon, or no result since, to say.'
        when has_to_come then array_to_string(to_come, ', ') || ' starts later.'
        when state = 'too_soon' then 'Nothing is recorded for it now; the next result will tell.'
        when len(counted) > 0 then 'Nothing is recorded since ' || array_to_string(counted, ', ')
            || ' ended on ' || day_in_words(last_ended) || '.'
        else 'Nothing is recorded for it.'
    end as reason,
from query_table(some_states)
where is_now;
