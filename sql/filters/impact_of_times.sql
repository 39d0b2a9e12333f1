-- Question: what is said of each provision, of the times in `these_times`?
-- Grain: a provision and measure.
from impact_of_times('these_times', $as_at);
