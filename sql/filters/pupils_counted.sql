-- Title: Pupils counted
-- Question: Which pupils does the filter count?
-- Grain: a pupil in scope.
select school_id, pupil_id,
from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs);
