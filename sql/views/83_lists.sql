-- Question: which pupils should a progress meeting talk about, and by which rule?

-- Grain: a pupil in scope and a subject: the latest point (see schema/derived/points.sql) of the last 366 days, a setting.
-- Columns: those of the point, mark and gap by the pupil's own mark (greater depth for a more-able pupil), line.
create macro latest_points(some_scope, in_subjects, on_date) as table
with days as (
    select * from ledger_days(some_scope, on_date) where is_now
)
select
    days.school_id, days.pupil_id, days.judged_on,
    points.* exclude (school_id, pupil_id, until_day, latest_until, has_depth, by_expected, by_depth),
    days.is_more_able and points.has_depth as is_deeper,
    unnest(by_mark(points.by_expected, points.by_depth, days.is_more_able)),
    row_number() over () as line,
from days
inner join store.points on points.school_id = days.school_id and points.pupil_id = days.pupil_id
where points.on_day <= on_date and points.latest_until > on_date and points.on_day >= window_start(on_date)
    and (len(in_subjects) = 0 or list_contains(code_keys(in_subjects), points.subject_key));

-- Grain: a row of latest_points with the point of about a year before on the same scale: the latest of 270 to 460 days
-- before it (settings).
-- Columns: year_ago_value, year_ago_day, year_ago_gap (to its own mark), better_by (how much better the latest is: steps,
--   months beyond the months that passed, or numbers of the scale), matters (how much of it matters, see ledger_fall; on age
--   scales months, a setting), grows (a scale of raw numbers, on which everybody moves up).
create macro since_a_year_ago(some_latest, on_date) as table
with earlier as (
    select
        latest.line,
        arg_max({'number': points.number, 'step': points.step, 'value': points.value, 'on_day': points.on_day,
            'gap': case when latest.is_deeper then points.by_depth.gap else points.by_expected.gap end}, points.on_day) as of_then,
    from query_table(some_latest) as latest
    inner join store.points
        on points.of_subject = latest.of_subject and points.scale_key = latest.scale_key
        and points.on_day between latest.on_day - setting_year_ago_most(on_date)::integer
            and latest.on_day - setting_year_ago_least(on_date)::integer
    group by latest.line
)
select
    latest.line,
    of_then.value as year_ago_value,
    of_then.on_day as year_ago_day,
    of_then.gap as year_ago_gap,
    latest.kind = 'number' and not coalesce(scales.age_normed, false) as grows,
    case
        when latest.step is not null
            then (latest.step - of_then.step) * case when latest.is_higher_better then 1 else -1 end
        when latest.kind = 'age' then latest.number - of_then.number - (latest.on_day - of_then.on_day) / 30.4375
        else (latest.number - of_then.number) * case when latest.is_higher_better then 1 else -1 end
    end as better_by,
    case
        when latest.kind = 'age' then setting_year_ago_months(on_date)
        else ledger_fall(scales.sd, latest.kind, scales.minimum, scales.maximum, on_date)
    end as matters,
from query_table(some_latest) as latest
inner join earlier using (line)
left join store.codes.scales on scales.scale_key = latest.scale_key;

-- Grain: a pupil in scope, subject and scale that most of the school's classes were assessed in, in the latest term of
-- which that is so, without a result on that scale in that term.
-- Columns: in_year, in_term, code (a code that is no score, where there is one), is_whole_class (nobody of the class has
--   one), assessor (who assessed most of the class in this subject in the last 366 days, where it is recorded).
-- Wrinkles: a class is one of the day (its year group, where no class is recorded). It counts where half of it (a setting)
--   has a result; a class that was never assessed on the scale is not waited for, nor a pupil who came after the last of
--   the results.
create macro results_missing(some_scope, in_subjects, on_date) as table
with everybody as (
    select school_id, pupil_id, coalesce(class, 'year ' || year_group, '') as of_class, entry_date,
    from pupils_in_scope(on_date, [], [], [], [], [])
    where school_id in (select school_id from query_table(some_scope))
),
sizes as (
    select school_id, of_class, count(*) as pupils, from everybody group by school_id, of_class
),
given as (
    select
        everybody.school_id, everybody.of_class, everybody.pupil_id, results.subject_key, results.scale_key,
        results.in_year, results.in_term, results.term_order, results.on_day, results.subject, results.scale,
        results.number, results.value, results.assessor,
    from everybody
    inner join store.results
        on results.school_id = everybody.school_id and results.pupil_id = everybody.pupil_id
    where results.on_day between window_start(on_date) and on_date
        and (len(in_subjects) = 0 or list_contains(code_keys(in_subjects), results.subject_key))
),
of_class as (
    select school_id, of_class, subject_key, scale_key, in_year, in_term,
        any_value(term_order) as term_order,
        any_value(subject) as subject,
        any_value(scale) as scale,
        max(on_day) as last_day,
        count(distinct pupil_id) >= setting_late_share(on_date) * any_value(sizes.pupils) as is_round,
    from given
    inner join sizes using (school_id, of_class)
    group by all
),
waited_for as (
    select school_id, subject_key, scale_key, count(distinct of_class) as classes,
    from of_class
    where is_round
    group by all
),
rounds as (
    select of_class.school_id, of_class.subject_key, of_class.scale_key, of_class.in_year, of_class.in_term,
        any_value(of_class.subject) as subject,
        any_value(of_class.scale) as scale,
        max(of_class.last_day) as last_day,
    from of_class
    inner join waited_for using (school_id, subject_key, scale_key)
    where of_class.is_round
    group by of_class.school_id, of_class.subject_key, of_class.scale_key, of_class.in_year, of_class.in_term
    having count(*) >= 0.5 * any_value(waited_for.classes)
    qualify row_number() over (
        partition by of_class.school_id, of_class.subject_key, of_class.scale_key
        order by of_class.in_year desc, any_value(of_class.term_order) desc
    ) = 1
),
assessors as (
    select school_id, of_class, subject_key, mode(assessor) as assessor, from given group by all
)
select
    scope.school_id, scope.pupil_id, rounds.subject, rounds.subject_key, rounds.scale, rounds.in_year, rounds.in_term,
    any_value(given.value) as code,
    coalesce(not any_value(here.is_round), true) and count(given.value) = 0 as is_whole_class,
    any_value(assessors.assessor) as assessor,
from query_table(some_scope) as scope
inner join everybody using (school_id, pupil_id)
inner join rounds on rounds.school_id = scope.school_id
semi join of_class as waited
    on waited.school_id = scope.school_id and waited.of_class = everybody.of_class
    and waited.subject_key = rounds.subject_key and waited.scale_key = rounds.scale_key and waited.is_round
left join of_class as here
    on here.school_id = scope.school_id and here.of_class = everybody.of_class
    and here.subject_key = rounds.subject_key and here.scale_key = rounds.scale_key
    and here.in_year = rounds.in_year and here.in_term = rounds.in_term
left join given
    on given.school_id = scope.school_id and given.pupil_id = scope.pupil_id
    and given.subject_key = rounds.subject_key and given.scale_key = rounds.scale_key
    and given.in_year = rounds.in_year and given.in_term = rounds.in_term
left join assessors
    on assessors.school_id = scope.school_id and assessors.of_class = everybody.of_class
    and assessors.subject_key = rounds.subject_key
where coalesce(scope.entry_date <= rounds.last_day, true)
group by scope.school_id, scope.pupil_id, rounds.subject, rounds.subject_key, rounds.scale, rounds.in_year, rounds.in_term
having count(given.number) = 0;

-- Grain: a pupil in scope and a subject in which the latest teacher's judgement and the latest test, made within 120 days
-- of each other (a setting), are on two sides of their marks, the test by more than a stated amount.
create macro teacher_against_test(some_scope, in_subjects, on_date) as table
with recent as (
    select *
    from results_in_scope(some_scope, window_start(on_date), on_date)
    where number is not null and meets_expected is not null and source in ('teacher', 'test')
        and (len(in_subjects) = 0 or list_contains(code_keys(in_subjects), subject_key))
    qualify row_number() over (
        partition by school_id, pupil_id, subject_key, source order by assessed_on desc, scale_key
    ) = 1
)
select
    judged.school_id, judged.pupil_id, judged.subject, judged.value as judged_value, judged.scale as judged_scale,
    judged.assessed_on as judged_on, judged.meets_expected as judged_at_expected,
    tested.value as tested_value, tested.scale as tested_scale, tested.assessed_on as tested_on,
    tested.expected as tested_mark,
from recent as judged
inner join recent as tested
    on tested.school_id = judged.school_id and tested.pupil_id = judged.pupil_id
    and tested.subject_key = judged.subject_key
left join store.codes.scales on scales.scale_key = tested.scale_key
where judged.source = 'teacher' and tested.source = 'test'
    and abs(judged.assessed_on - tested.assessed_on) <= setting_disagree_days(on_date)
    and judged.meets_expected <> tested.meets_expected
    and abs(tested.number - tested.expected_number) >= coalesce(
        setting_disagree_sd(on_date) * scales.sd,
        setting_disagree_range(on_date) * (scales.maximum - scales.minimum),
        0
    );
