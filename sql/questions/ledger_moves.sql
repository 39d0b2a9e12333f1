-- Title: Who moved where
-- Question: Since last term, which pupils' subjects moved from which state to which?
-- Grain: a pupil in scope and a subject that is in play on the day, or was on the last day before this term.
-- Columns: as in `ledger`; state is empty where the subject is in play no more, which means that it is settled or that
--   there is nothing to judge by: then the columns that say how it stands are empty too.
-- Filters: subject. Counts: a pupil has as many rows as subjects.
-- Wrinkles: the same pupils on both days, those in scope on the day. The rows with a state are those of `ledger`.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
lines as (
    from ledger_lines('scope', $as_at, $subjects)
)
select lines.* exclude (subject_key, school_id), school_id,
from lines
order by school_id, surname, forename, pupil_id, subject_key;
