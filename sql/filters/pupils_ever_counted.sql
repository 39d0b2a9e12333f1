-- Question: which pupils does the filter count, those who have left too, as on their last day?
-- Grain: a pupil.
select school_id, pupil_id,
from ever_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs);
