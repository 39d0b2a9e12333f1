-- Title: Where are we, in numbers
-- Question: How many pupils' subjects are in each state now, and how many were last term?
-- Grain: a state of the ledger.
-- Columns: pupils_subjects, pupils (now), before (pupils' subjects on the last day before this term, for the same
--   pupils), change.
-- Filters: subject. Counts: pupils' subjects; a pupil counts once for each subject.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
days as materialized (
    from ledger_days('scope', $as_at)
),
counted as (
    select
        state,
        count(*) filter (where is_now) as pupils_subjects,
        count(distinct (school_id, pupil_id)) filter (where is_now) as pupils,
        count(*) filter (where not is_now) as before,
    from ledger_states('days', $subjects)
    group by state
),
kinds as (
    select unnest(['in_class', 'additional', 'persists', 'closed', 'nothing_recorded', 'too_soon']) as state,
        generate_subscripts(['in_class', 'additional', 'persists', 'closed', 'nothing_recorded', 'too_soon'], 1) as place,
)
select
    kinds.state,
    coalesce(counted.pupils_subjects, 0) as pupils_subjects,
    coalesce(counted.pupils, 0) as pupils,
    coalesce(counted.before, 0) as before,
    coalesce(counted.pupils_subjects, 0) - coalesce(counted.before, 0) as change,
from kinds
left join counted using (state)
order by kinds.place;
