-- Title: Pupils side by side
-- Question: Term by term, how did each pupil do, and where is a result missing?
-- Grain: a pupil in scope, a subject, scale and term in which somebody of the pupil's year group has a result,
--   counted here or not.
-- Columns: drawn_on (the day of the result; of a hole, the last day of the term or the day asked about), value (as the
--   source gives it), number (empty: no score), height (where it is drawn: the number; of grades, the place among those
--   in use), expected, expected_height and depth_height (the marks in the same way), standing (below, at_expected,
--   greater_depth; no_mark: no mark is set; no_score: a code that is none; not_assessed: nothing recorded).
-- Filters: subject. Counts: a pupil has as many rows as terms. Wrinkles: $measure ("reading/standardised") keeps one
--   subject and scale.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
whole_school as materialized (
    from pupils_in_scope($as_at, $schools, [], [], [], [])
),
found as materialized (
    from term_results('scope', $as_at, $measure)
    where len($subjects) = 0 or list_contains(code_keys($subjects), subject_key)
),
assessed as materialized (
    from assessed_terms('whole_school', $as_at, $measure)
    where len($subjects) = 0 or list_contains(code_keys($subjects), subject_key)
),
everyone as (
    select *, assessed_on as drawn_on, from found
    union all by name
    select holes.*, least(days.end_date, $as_at) as drawn_on,
    from term_holes('scope', 'found', 'assessed') as holes
    inner join store.codes.term_days as days
        on days.school_id = holes.school_id and days.academic_year = holes.academic_year and days.term = holes.term
)
select
    everyone.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    everyone.subject,
    everyone.scale,
    everyone.academic_year,
    everyone.term,
    everyone.drawn_on,
    everyone.value,
    everyone.expected,
    everyone.standing,
    everyone.no_score_because,
    everyone.number,
    drawn_height(axes.kind, axes.ranks, everyone.number) as height,
    drawn_height(axes.kind, axes.ranks, everyone.expected_number) as expected_height,
    drawn_height(axes.kind, axes.ranks, everyone.greater_depth_number) as depth_height,
    upper(everyone.term[1]) || everyone.term[2:] || ', ' || everyone.academic_year as point,
    everyone.point as term_order,
    everyone.school_id,
from everyone
inner join scope using (school_id, pupil_id)
inner join drawn_axes($as_at, $measure) as axes using (subject_key, scale_key)
order by scope.school_id, scope.surname, scope.forename, scope.pupil_id, everyone.subject_key, everyone.scale_key,
    everyone.drawn_on, term_order;
