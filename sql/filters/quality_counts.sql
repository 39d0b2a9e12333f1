-- Question: of each pupil counted, what do the checks of data quality find, and of how many?
-- Grain: a check and a pupil; or a check that looks at the schools (no pupil).
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
)
from quality_counts('scope', $as_at, $schools);
