-- Question: each time that a pupil counted had a provision, what was gained, and which pupils are similar?
-- Grain: a time that a pupil had a provision.
with scope as materialized (
    from ever_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
)
from impact_times('scope', $as_at);
