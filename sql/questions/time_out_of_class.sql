-- Title: Time out of class
-- Question: How long is each pupil taken out of class each week, from which subject, and how is the pupil doing in it?
-- Grain: a pupil in scope and a subject missed for something that is in place on the day. Additional provision for which
--   nobody wrote down what is missed stands under `not recorded`, unless it takes place beyond school or is an adult's
--   support beside the pupil.
-- Columns: weekly_minutes (minutes a week out of this subject; empty: none recorded), minutes_unknown (how many of the
--   provisions say no minutes), provisions, pupil_weekly_minutes (of the whole pupil), latest_value, latest_on, scale and
--   expected (the latest result of the last 366 days, a setting, in that subject, and the mark for it), meets_expected
--   (empty: cannot be judged), is_over_threshold (the pupil misses more than 150 minutes a week, a setting).
-- Filters: subject. Counts: a pupil has as many rows as subjects missed.
-- Wrinkles: minutes that nobody recorded add nothing, so that the time is at least this. Choosing a subject leaves the
--   pupil's whole time as it is.
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
recent as materialized (
    from results_in_scope('scope', window_start($as_at), $as_at)
),
latest as (
    from latest_results('recent')
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
    latest.value as latest_value,
    latest.assessed_on as latest_on,
    latest.scale,
    latest.expected,
    latest.meets_expected,
    coalesce(of_pupils.pupil_weekly_minutes > setting('time_out_minutes', $as_at), false) as is_over_threshold,
    of_pupils.school_id,
from of_pupils
inner join scope using (school_id, pupil_id)
left join store.codes.need_kinds as kinds on kinds.need_key = of_pupils.subject_key and kinds.area = 'subjects'
left join latest
    on latest.school_id = of_pupils.school_id and latest.pupil_id = of_pupils.pupil_id
    and latest.subject_key = of_pupils.subject_key
where (len($subjects) = 0 or list_contains(code_keys($subjects), of_pupils.subject_key))
order by of_pupils.school_id, of_pupils.pupil_weekly_minutes desc nulls last, scope.surname, scope.forename,
    of_pupils.pupil_id, of_pupils.weekly_minutes desc nulls last, of_pupils.subject_key;
