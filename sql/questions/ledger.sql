-- Title: Where are we?
-- Question: Which pupils are below the mark or falling behind their own past, and is that being handled, solved, closed, or does it persist?
-- Grain: a pupil in scope and a subject that is in play on the day: below the mark, fallen from the pupil's own last
--   point by more than a set amount, or lately back at the mark. In exactly one state.
-- Columns: state (closed: at the mark twice running after being below; additional, in_class: something additional, or a
--   class adjustment, is in place for the subject and on course; persists: a term of provision and none of it on course;
--   too_soon: less than that, no result since, or at the mark once; nothing_recorded: nothing is recorded that runs; the first that
--   holds), mark (greater depth for a more-able pupil: mark_kind), points_below (terms in a row below it), running (in
--   place now for the subject), running_days (the longest of them), tried (what ended before), not_tried (additional
--   provision that runs for the subject and year group, which the pupil never had; reason says it of what persists), state_before (the same on the last
--   day before this term; empty: not in play then), moved, reason (a sentence with the numbers), standing (below, fallen,
--   once or closed), groups.
-- Filters: subject. Counts: a pupil has as many rows as subjects in play.
-- Wrinkles: on course means that, of the scales with a result by the start (else the first after it) and a later one, the
--   gap to the mark has narrowed in one at least and widened in none, or that the pupil's own agreed target is on course.
--   A pupil with no result in the last 366 days (a setting) is not here but under no data. One point a term.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
lines as (
    from ledger_lines('scope', $as_at, $subjects)
)
select lines.* exclude (subject_key, school_id), school_id,
from lines
where state is not null
order by school_id, surname, forename, pupil_id, subject_key;
