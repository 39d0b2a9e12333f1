-- Title: Who moved where
-- Question: Since last term, which pupils' subjects moved from which state to which?
-- Grain: a pupil in scope and a subject that is in play on the day, or was on the last day before this term.
-- Columns: state_before, state (as in `ledger`; empty: not in play, which at the end means that it is settled or that
--   there is nothing to judge by), moved.
-- Filters: subject. Counts: a pupil has as many rows as subjects.
-- Wrinkles: the same pupils on both days, those in scope on the day.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
days as materialized (
    from ledger_days('scope', $as_at)
),
states as (
    select
        school_id, pupil_id, subject_key,
        any_value(subject) as subject,
        max(state) filter (where not is_now) as state_before,
        max(state) filter (where is_now) as state,
    from ledger_states('days')
    where (len($subjects) = 0 or list_contains(code_keys($subjects), subject_key))
    group by school_id, pupil_id, subject_key
)
select
    states.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    states.subject,
    states.state_before,
    states.state,
    states.state is distinct from states.state_before as moved,
    states.school_id,
from states
inner join scope using (school_id, pupil_id)
order by states.school_id, scope.surname, scope.forename, states.pupil_id, states.subject_key;
