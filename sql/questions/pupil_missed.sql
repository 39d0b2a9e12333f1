-- Title: One pupil's missing results
-- Question: In which terms has this pupil no result, though somebody of the year group has one?
-- Grain: a subject, scale and term without any result of the pupil, in which somebody of the pupil's year group of the
--   day has one ($school_id, $pupil_id).
-- Columns: missed_on (the last day of the term, or the day asked about where that is earlier).
-- Filters: subject. Wrinkles: a code such as A is a result, and stands in pupil_results; a term that had ended when the
--   pupil came is none.
with whole_school as materialized (
    from pupils_in_scope($as_at, [$school_id], [], [], [], [])
),
scope as materialized (
    from whole_school where pupil_id = $pupil_id
),
year as materialized (
    from whole_school where year_group is not distinct from (select year_group from scope)
),
found as materialized (
    from term_results('scope', $as_at, null)
),
assessed as materialized (
    from assessed_terms('year', $as_at, null)
    where len($subjects) = 0 or list_contains(code_keys($subjects), subject_key)
)
select
    holes.pupil_id,
    holes.subject,
    holes.scale,
    least(days.end_date, $as_at) as missed_on,
    holes.academic_year,
    holes.term,
    holes.school_id,
from term_holes('scope', 'found', 'assessed') as holes
inner join store.codes.term_days as days
    on days.school_id = holes.school_id and days.academic_year = holes.academic_year and days.term = holes.term
order by holes.subject_key, holes.scale_key, missed_on;
