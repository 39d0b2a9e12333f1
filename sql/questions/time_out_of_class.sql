-- Title: Time out of class
-- Question: How long is each pupil taken out of class each week, from which subject, and how is the pupil doing in it?
-- Grain: a pupil in scope and a subject missed for something that is in place on the day. Additional provision for which
--   nobody wrote down what is missed stands under `not recorded`, unless it takes place beyond school or is an adult's
--   support beside the pupil.
-- Columns: weekly_minutes (minutes a week out of this subject; empty: none recorded), minutes_unknown (how many of the
--   provisions say no minutes), provisions, pupil_weekly_minutes (of the whole pupil), latest_value, latest_on, scale and
--   expected (the latest result of the last 366 days, a setting, in that subject, and the mark for it), meets_expected
--   (empty: cannot be judged), is_over_threshold (the pupil misses more than 150 minutes a week, a setting), value_before
--   and before_on (the last result of an earlier term on the same scale), since_before (from that to the latest: rose, level,
--   fell, one_result, no_result; on age scales rose_less, by fewer months than passed; empty: lesson not recorded).
-- Filters: subject. Counts: a pupil has as many rows as subjects missed.
-- Wrinkles: minutes that nobody recorded add nothing, so that the time is at least this. Choosing a subject leaves the
--   pupil's whole time as it is. Rose is better: where a lower score is better, the score went down. Any difference
--   counts, however small.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
missed as (
    select
        scope.school_id,
        scope.pupil_id,
        coalesce(lower(trim(provided.subject_missed)), 'not recorded') as subject_key,
        sum(provided.weekly_minutes) as weekly_minutes,
        (count(*) - count(provided.weekly_minutes))::integer as minutes_unknown,
        list(distinct provided.provision order by provided.provision) as provisions,
    from scope
    inner join records.provided
        on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
        and (
            provided.subject_missed is not null
            or (
                provided.is_additional
                and coalesce(provided.delivery <> 'beyond school', true)
                and provided.purpose <> 'adult support'
            )
        )
    group by all
),
of_pupils as (
    select *, sum(weekly_minutes) over (partition by school_id, pupil_id) as pupil_weekly_minutes,
    from missed
),
latest as materialized (
    select points.*
    from of_pupils
    inner join store.points
        on points.school_id = of_pupils.school_id and points.pupil_id = of_pupils.pupil_id
        and points.subject_key = of_pupils.subject_key
    where points.on_day between window_start($as_at) and $as_at and points.latest_until > $as_at
),
before as (
    select latest.school_id, latest.pupil_id, latest.subject_key,
        arg_max({'value': points.value, 'number': points.number, 'on_day': points.on_day}, points.on_day) as of_then,
    from latest
    inner join store.points
        on points.of_subject = latest.of_subject and points.scale_key = latest.scale_key
        and points.on_day < latest.on_day and points.until_day = 'infinity'::date
    group by latest.school_id, latest.pupil_id, latest.subject_key
),
judged as (
    select
        latest.*,
        of_then.value as value_before,
        of_then.on_day as before_on,
        case when is_higher_better then number - of_then.number else of_then.number - number end as better_by,
        case
            when of_then is null then 'one_result'
            when better_by = 0 then 'level'
            when better_by < 0 then 'fell'
            when kind = 'age' and better_by < round((on_day - before_on) / 30.4375) then 'rose_less'
            else 'rose'
        end as since_before,
    from latest
    left join before using (school_id, pupil_id, subject_key)
)
select
    of_pupils.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    coalesce(kinds.need_code, of_pupils.subject_key) as subject_missed,
    of_pupils.weekly_minutes,
    of_pupils.minutes_unknown,
    of_pupils.provisions,
    of_pupils.pupil_weekly_minutes,
    judged.value as latest_value,
    judged.on_day as latest_on,
    judged.scale,
    judged.by_expected.mark as expected,
    judged.by_expected.gap <= 0 as meets_expected,
    coalesce(of_pupils.pupil_weekly_minutes > setting_time_out_minutes($as_at), false) as is_over_threshold,
    judged.value_before,
    judged.before_on,
    case when of_pupils.subject_key <> 'not recorded' then coalesce(judged.since_before, 'no_result') end as since_before,
    of_pupils.school_id,
from of_pupils
inner join scope using (school_id, pupil_id)
left join store.codes.need_kinds as kinds on kinds.need_key = of_pupils.subject_key and kinds.area = 'subjects'
left join judged
    on judged.school_id = of_pupils.school_id and judged.pupil_id = of_pupils.pupil_id
    and judged.subject_key = of_pupils.subject_key
where (len($subjects) = 0 or list_contains(code_keys($subjects), of_pupils.subject_key))
order by of_pupils.school_id, of_pupils.pupil_weekly_minutes desc nulls last, scope.surname, scope.forename,
    of_pupils.pupil_id, of_pupils.weekly_minutes desc nulls last, of_pupils.subject_key;
