-- Question: which result stands for a pupil in a term, on which side of the mark is it, and who has none?

-- A term as one number, in the order of time: 2025/26 spring is 20252. Empty where it is not written like that.
create macro point_of(some_term) as
    try_cast(left(some_term, 4) as integer) * 10
        + list_position(['autumn', 'spring', 'summer'], lower(trim(substring(some_term, 8))));

-- Whether a result is of a measure ('reading/standardised'; empty: of any).
create macro is_of_measure(some_subject_key, some_scale_key, some_measure) as
    some_measure is null
    or (
        some_subject_key = lower(left(some_measure, greatest(0, instr(some_measure, '/') - 1)))
        and some_scale_key = lower(substring(some_measure, instr(some_measure, '/') + 1))
    );

-- Grain: a school, subject and scale with a score of anybody by the day, of one measure or of all: its latest term there,
-- so that it is the same term whoever is counted, and that of another school says nothing.
create macro latest_terms(on_date, some_measure) as table
select school_id, subject_key, scale_key, max(left(in_year, 4)::integer * 10 + term_order) as point,
from store.results
where number is not null and on_day <= on_date and is_of_measure(subject_key, scale_key, some_measure)
group by school_id, subject_key, scale_key;

-- Why a result is no score, where nobody described its code: the symbols of DfE's tables, else that it is none.
create macro why_no_score(some_number, some_value, some_meaning) as
    case
        when some_number is not null then null
        when some_meaning is not null then some_meaning
        else case lower(trim(some_value))
            when 'c' then 'Suppressed (c)'
            when 'x' then 'Not available (x)'
            when 'z' then 'Not applicable (z)'
            else 'Not a score'
        end
    end;

-- Grain: a pupil in scope, subject, scale and term with a result by the day, of one measure ('reading/standardised')
-- or of all (empty): the latest score, of one day a test before a teacher's judgement; a code that is no score only
-- where there is no score.
-- Columns: year_group and class (of the day of the question), point (the term as a number), standing (greater_depth,
--   at_expected, below; no_mark: a score, and no mark is set for it; no_score).
create macro term_results(some_scope, on_date, some_measure) as table
select
    results.school_id, results.pupil_id, scope.year_group, scope.class, results.year_group_then,
    results.subject_key, results.scale_key, results.subject, results.scale,
    results.in_year as academic_year, results.in_term as term,
    left(results.in_year, 4)::integer * 10 + results.term_order as point,
    results.on_day as assessed_on, results.value, results.number, results.kind, results.is_higher_better,
    results.expected, results.expected_number, results.greater_depth_number, results.meets_expected,
    results.is_greater_depth,
    case
        when results.number is null then 'no_score'
        when results.is_greater_depth then 'greater_depth'
        when results.meets_expected then 'at_expected'
        when results.is_below then 'below'
        else 'no_mark'
    end as standing,
    why_no_score(results.number, results.value, results.no_score_because) as no_score_because,
from query_table(some_scope) as scope
inner join store.results
    on results.school_id = scope.school_id and results.pupil_id = scope.pupil_id
where results.on_day <= on_date and results.term_until > on_date
    and is_of_measure(results.subject_key, results.scale_key, some_measure);

-- Grain: a year group of the day (of `some_pupils`: all of the school, whoever is counted), subject, scale and term with
-- a result of anybody of it by the day, of one measure or of all.
create macro assessed_terms(some_pupils, on_date, some_measure) as table
select
    people.school_id, people.year_group, results.subject_key, results.scale_key,
    results.in_year as academic_year, results.in_term as term,
    left(results.in_year, 4)::integer * 10 + any_value(results.term_order) as point,
    min(results.subject) as subject, min(results.scale) as scale,
    any_value(results.kind) as kind, any_value(results.is_higher_better) as is_higher_better,
from query_table(some_pupils) as people
inner join store.results
    on results.school_id = people.school_id and results.pupil_id = people.pupil_id
where results.on_day <= on_date and is_of_measure(results.subject_key, results.scale_key, some_measure)
group by people.school_id, people.year_group, results.subject_key, results.scale_key, results.in_year, results.in_term;

-- Grain: a pupil in scope, subject, scale and term in which the pupil has no result, though somebody of the pupil's
-- year group in the whole school has one: a filter does not hide who was missed. Who had not come by the end of the term
-- is no hole. `some_results` has the rows of term_results, `some_assessed` those of assessed_terms.
create macro term_holes(some_scope, some_results, some_assessed) as table
select scope.school_id, scope.pupil_id, scope.year_group, scope.class, assessed.* exclude (school_id, year_group),
    'not_assessed' as standing,
from query_table(some_assessed) as assessed
inner join query_table(some_scope) as scope
    on scope.school_id = assessed.school_id and scope.year_group is not distinct from assessed.year_group
inner join store.codes.term_days as days
    on days.school_id = assessed.school_id and days.academic_year = assessed.academic_year and days.term = assessed.term
anti join query_table(some_results) as found
    on found.school_id = scope.school_id and found.pupil_id = scope.pupil_id
    and found.subject_key = assessed.subject_key and found.scale_key = assessed.scale_key
    and found.point = assessed.point
where coalesce(scope.entry_date <= days.end_date, true);
