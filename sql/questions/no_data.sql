-- Title: No data to judge by
-- Question: For whom is there nothing to say how they are doing?
-- Grain: a pupil in scope and a subject that somebody on roll in the school has a score in from the last 366 days
--   (a setting) and that has an expected mark for the pupil's year group, where the pupil's own latest
--   result in that time is missing or cannot be judged. A pupil with no score of any kind in that time, and
--   no such row, has one row without a subject.
-- Columns: last_assessed_on (the pupil's latest score in the subject, or in any
--   where no subject is named, however long ago), reason.
-- Filters: subject. Counts: a pupil can have several rows.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
everyone as materialized (
    from pupils_in_scope($as_at, $schools, [], [], [], [])
),
assessed_subjects as (
    select results.school_id, results.subject_key, any_value(results.subject) as subject,
    from results_in_scope('everyone', window_start($as_at), $as_at) as results
    where results.number is not null
    group by results.school_id, results.subject_key
),
due as (
    select distinct scope.school_id, scope.pupil_id, assessed_subjects.subject_key, assessed_subjects.subject,
    from scope
    inner join assessed_subjects using (school_id)
    inner join store.codes.expectations
        on expectations.subject_key = assessed_subjects.subject_key
        and expectations.year_group = scope.year_group
),
latest as materialized (
    from latest_results('scope', $as_at)
),
ever as (
    select results.school_id, results.pupil_id, results.subject_key, max(results.assessed_on) as assessed_on,
    from results_in_scope('scope', date '1900-01-01', $as_at) as results
    where results.number is not null
    group by grouping sets (
        (results.school_id, results.pupil_id, results.subject_key), (results.school_id, results.pupil_id)
    )
),
by_subject as (
    select due.*, latest.number, latest.is_below, latest.scale, latest.term, latest.assessed_on as recent,
    from due
    left join latest using (school_id, pupil_id, subject_key)
),
missing as (
    select school_id, pupil_id, subject_key, subject,
        case
            when number is null then 'No score in ' || subject || ' in the last '
                || setting_assessment_window($as_at)::integer || ' days.'
            else 'The latest score in ' || subject || ' is on the scale ' || scale
                || ', for which no expected mark is set for this year group in the ' || term || ' term.'
        end as reason,
    from by_subject
    where is_below is null
    union all
    select scope.school_id, scope.pupil_id, null, null,
        'No score in any subject in the last ' || setting_assessment_window($as_at)::integer || ' days.',
    from scope
    where not exists (
            select 1 from latest
            where latest.school_id = scope.school_id and latest.pupil_id = scope.pupil_id
        )
        and not exists (
            select 1 from due where due.school_id = scope.school_id and due.pupil_id = scope.pupil_id
        )
)
select
    missing.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    missing.subject,
    ever.assessed_on as last_assessed_on,
    missing.reason,
    missing.school_id,
from missing
inner join scope using (school_id, pupil_id)
left join ever
    on ever.school_id = missing.school_id and ever.pupil_id = missing.pupil_id
    and ever.subject_key is not distinct from missing.subject_key
where (len($subjects) = 0 or list_contains(code_keys($subjects), missing.subject_key))
order by missing.school_id, scope.surname, scope.forename, missing.pupil_id, missing.subject;
