-- Title: Progress by subject
-- Question: In each subject, how many were at the expected standard when last assessed?
-- Grain: a subject and scale with an expected mark, at its latest term.
-- Columns: assessed, expected_or_above (pupils), expected_share (expected_or_above / assessed, 0 to 1).
-- Filters: subject.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
scores as (
    select *,
    from results_in_scope('scope', window_start($as_at), $as_at)
    where number is not null and (len($subjects) = 0 or list_contains(code_keys($subjects), subject_key))
    qualify row_number() over (
        partition by school_id, pupil_id, subject_key, scale_key, academic_year, term
        order by assessed_on desc, source_order
    ) = 1
),
points as (
    select
        min(subject) as subject,
        min(scale) as scale,
        academic_year,
        term,
        any_value(term_order) as term_order,
        count(*) as assessed,
        count(meets_expected) as with_expectation,
        count(*) filter (where meets_expected) as expected_or_above,
        subject_key,
        scale_key,
    from scores
    group by subject_key, scale_key, academic_year, term
    having with_expectation > 0
)
select
    subject,
    scale,
    academic_year,
    term,
    assessed,
    expected_or_above,
    expected_or_above / assessed as expected_share,
    with_expectation,
from points
qualify row_number() over (
    partition by subject_key, scale_key order by academic_year desc, term_order desc
) = 1
order by subject_key, scale_key;
