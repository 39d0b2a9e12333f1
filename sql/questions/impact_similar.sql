-- Title: Similar pupils
-- Question: Who are the similar pupils with whom one pupil's gain is compared, and what did each of them gain?
-- Grain: a similar pupil of one time in a provision ($school_id, $pupil_id, $provision_id, $began): in the same year
--   group, from a starting point within the stated distance, with a need in a same area, without the provision between
--   the two tests of either of them.
-- Columns: start_value, end_value, gain (positive where better), expected_gain (that gain over as long a time, and
--   from the same starting point).
-- Counts: a pupil once.
with scope as materialized (
    from ever_in_scope($as_at, [$school_id], [], [], [], []) where pupil_id = $pupil_id
),
begun as materialized (
    select * from impact_begun('scope', $as_at) where provision_id = $provision_id and start_date = $began
),
scores as materialized (
    from impact_scores('begun', $as_at)
),
pairs as materialized (
    from impact_pairs('begun', 'scores', $as_at)
)
select distinct
    others.other_id as pupil_id,
    pupils.surname,
    pupils.forename,
    others.other_start as start_value,
    others.other_end as end_value,
    others.other_gain as gain,
    others.expected_gain,
    pairs.school_id,
from similar_pupils('pairs', 'scores', $as_at) as others
inner join pairs using (time_row)
inner join store.pupils on pupils.school_id = pairs.school_id and pupils.pupil_id = others.other_id
order by pupils.surname, pupils.forename, others.other_id;
