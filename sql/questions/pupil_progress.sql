-- Title: Pupil progress
-- Question: How has each pupil done, assessment by assessment?
-- Grain: an assessment, made by the day, of a pupil in scope.
-- Columns: value (as the source gives it), number (on its scale: months for ages, the rank for ordered
--   scales; empty: not a score), expected (the mark for its scale, subject, term and the year group then;
--   empty: none set), meets_expected (empty: cannot be judged), no_score_because (absent, disapplied …).
-- Filters: subject. Counts: a pupil has as many rows as assessments.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
)
select
    results.pupil_id,
    results.subject,
    results.scale,
    results.assessed_on,
    results.academic_year,
    results.term,
    results.value,
    results.number,
    results.expected,
    results.meets_expected,
    results.expected_number,
    results.greater_depth,
    results.is_greater_depth,
    results.source,
    why_no_score(results.number, results.value, results.no_score_because) as no_score_because,
    results.year_group_then,
    upper(results.term[1]) || results.term[2:] || ', ' || results.academic_year as point,
    scales.minimum as scale_minimum,
    scales.maximum as scale_maximum,
    pupils.surname,
    pupils.forename,
    results.year_group,
    results.class,
    results.school_id,
from results_in_scope('scope', date '1900-01-01', $as_at) as results
inner join store.pupils
    on pupils.school_id = results.school_id and pupils.pupil_id = results.pupil_id
left join store.codes.scales using (scale_key)
where (len($subjects) = 0 or list_contains(code_keys($subjects), results.subject_key))
order by results.school_id, pupils.surname, pupils.forename, results.pupil_id, results.subject_key,
    results.scale_key, results.assessed_on, results.source_order;
