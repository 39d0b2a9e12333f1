-- Title: Assessment points
-- Question: Which subjects were assessed on which scale, and in which terms?
-- Grain: a subject, scale and term with a result of a pupil in scope.
-- Columns: results (pupils with a result that stands for the term, scores and codes that are no score), assessed (of
--   them, with a score), with_expectation (of those, with a mark to be judged by), point (the term as people write it).
-- Filters: subject.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
-- Pupils are counted by a number of their own: quicker than by two words.
numbered as (
    select school_id, pupil_id, row_number() over () as pupil_row, from scope
)
select
    min(results.subject) as subject,
    min(results.scale) as scale,
    results.in_year as academic_year,
    results.in_term as term,
    count(distinct numbered.pupil_row) as results,
    count(distinct numbered.pupil_row) filter (where results.number is not null) as assessed,
    count(distinct numbered.pupil_row) filter (where results.meets_expected is not null) as with_expectation,
    upper(in_term[1]) || in_term[2:] || ', ' || in_year as point,
    left(in_year, 4)::integer * 10 + any_value(results.term_order) as term_order,
    results.subject_key || '/' || results.scale_key as measure,
from numbered
inner join store.results
    on results.school_id = numbered.school_id and results.pupil_id = numbered.pupil_id
where results.on_day <= $as_at
    and (len($subjects) = 0 or list_contains(code_keys($subjects), results.subject_key))
group by results.subject_key, results.scale_key, results.in_year, results.in_term
order by results.subject_key, results.scale_key, term_order;
