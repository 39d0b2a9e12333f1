-- Title: Assessment by class
-- Question: In which class is assessment late or missing, in which subject, and who assesses there?
-- Grain: a class of pupils in scope and a subject, where fewer than half of the class (a setting) have a score in the
--   latest term in which most classes of the school were assessed in it, on whatever scale.
-- Columns: pupils and assessed (of the class: all, and with a score in that term), academic_year and term (of that
--   round), last_assessed_on (of anybody of the class, in the last 366 days; empty: never in that time), assessor (who
--   assessed most of the class in that subject), reason (a sentence).
-- Filters: subject. Counts: whole classes, whoever of them is counted.
-- Wrinkles: most is half of the classes or more, so that a check of one year group is waited for in no other. A class is
--   one of the day (its year group, where no class is recorded). A code that is no score is none.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
everybody as (
    select school_id, pupil_id, coalesce(class, 'year ' || year_group, '') as of_class,
    from pupils_in_scope($as_at, [], [], [], [], [])
    where school_id in (select school_id from scope)
),
sizes as (
    select school_id, of_class, count(*) as pupils, from everybody group by school_id, of_class
),
given as (
    select
        everybody.school_id, everybody.of_class, everybody.pupil_id, results.subject_key, results.subject,
        results.in_year, results.in_term, results.term_order, results.on_day, results.assessor,
    from everybody
    inner join store.results
        on results.school_id = everybody.school_id and results.pupil_id = everybody.pupil_id
    where results.number is not null and results.on_day between window_start($as_at) and $as_at
        and (len($subjects) = 0 or list_contains(code_keys($subjects), results.subject_key))
),
by_term as (
    select school_id, of_class, subject_key, in_year, in_term,
        any_value(term_order) as term_order,
        any_value(subject) as subject,
        count(distinct pupil_id) as assessed,
        assessed >= setting_late_share($as_at) * any_value(sizes.pupils) as is_round,
    from given
    inner join sizes using (school_id, of_class)
    group by all
),
rounds as (
    select school_id, subject_key, in_year, in_term, any_value(subject) as subject,
    from by_term
    where is_round
    group by school_id, subject_key, in_year, in_term
    having 2 * count(*) >= (select count(*) from sizes where sizes.school_id = by_term.school_id)
    qualify row_number() over (
        partition by school_id, subject_key order by in_year desc, any_value(term_order) desc
    ) = 1
),
ever as (
    select school_id, of_class, subject_key, max(on_day) as last_on, mode(assessor) as assessor,
    from given
    group by all
)
select
    sizes.of_class as class,
    rounds.subject,
    sizes.pupils,
    coalesce(by_term.assessed, 0) as assessed,
    rounds.in_year as academic_year,
    rounds.in_term as term,
    ever.last_on as last_assessed_on,
    ever.assessor,
    case
        when ever.last_on is null then 'Nobody of the class has a score in ' || rounds.subject || ' in the last year.'
        when by_term.assessed is null then 'Nobody of the class has a score in ' || rounds.subject || ' in the '
            || rounds.in_term || ' term ' || rounds.in_year || '.'
        else by_term.assessed || ' of ' || sizes.pupils || ' of the class have a score in ' || rounds.subject || ' in the '
            || rounds.in_term || ' term ' || rounds.in_year || '.'
    end as reason,
    sizes.school_id,
from sizes
inner join rounds on rounds.school_id = sizes.school_id
semi join (
    select everybody.school_id, everybody.of_class from everybody inner join scope using (school_id, pupil_id)
) as chosen on chosen.school_id = sizes.school_id and chosen.of_class = sizes.of_class
left join by_term
    on by_term.school_id = sizes.school_id and by_term.of_class = sizes.of_class
    and by_term.subject_key = rounds.subject_key and by_term.in_year = rounds.in_year and by_term.in_term = rounds.in_term
left join ever
    on ever.school_id = sizes.school_id and ever.of_class = sizes.of_class and ever.subject_key = rounds.subject_key
where not coalesce(by_term.is_round, false)
order by sizes.school_id, sizes.of_class, rounds.subject;
