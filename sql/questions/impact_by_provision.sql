-- Title: Impact by provision
-- Question: Was each provision followed by a gain, and by more than comes by itself?
-- Grain: a provision and measure (the pupil's, else the provision's own; empty: none is set), over provision begun by the day for pupils in scope.
-- Columns: placements (times a pupil had it), with_entry_and_exit (of them, with a score at both ends by the
--   day), mean_gain (exit less entry, in the scale's unit, positive where better; of grades
--   there is none, nor a median), gain_low and gain_high (its 95%
--   interval), months_between (mean months between the two scores), ratio_gain (age scales: months gained for each
--   month; empty under the stated least), effect_size, effect_low and effect_high (the gain in standard deviations: of
--   the scale where it has one, else of the pupils, after Hedges), delivered_share (sessions attended, as counted
--   or else by the record of sessions, / planned, where both are known, 0 to 1), verdict (promising, no clear change, worse than before, too little to say), verdict_because,
--   median_gain, pupils_measured (different pupils with both), ended (times that are over: the last day
--   is past), missing_exit (of them, without a score at the end, own or from assessments), ended_early (of them, before the day expected), gain_beyond with
--   its interval (the gain less what comes by itself, from the starting point), effect_beyond (in standard deviations,
--   after Morris), compared_with (similar pupils; or what low scores regain), compared (pairs that are),
--   similar_pupils (different pupils they are compared with), is_short (ratio gain over less than the stated time: read with care).
--   tier, delivery, reached_target and judged (of the times that are over and whose intended outcome was judged: met),
--   reached_share (of those judged), rating and reviewed_on (the latest review of the provision as a whole, -2 to 2),
--   rating_beside (what the rating says beside the measured gain),
--   ratio_gain_band (how large a ratio gain counts as, after Singleton 2009), costed (times whose cost is known), cost_per_pupil
--   (pounds: the mean of those, with the materials spread over all times), cost_per_month (age scales: pounds for each
--   month gained, over the times with a score at both ends whose cost is known).
--   from_assessments (times without a recorded pair that have assessments near their first and last day) and the
--   assessed_ columns say the same of those alone: the two are never mixed.
--   pupils_given (different pupils who had it), rose, level and fell (of the times with both scores: better, the same,
--   worse; of grades all that can be said), cost_over and cost_running (of cost_per_pupil: times that are over, and
--   those that still run, to the day), costed_over and costed_running (how many of each).
--   missing_both (of missing_exit, without a score at the start either), left_school (times of pupils who have left
--   the school since; what they had ended on their last day at the latest).
-- Counts: pupils who have left too, as on their last day; each once for each time in the provision. After is not because.
-- Wrinkles: the similar pupils are of the whole school, whatever the filter. The statistics are added afterwards (see
--   provmap/statistics), from the columns own_, assessed_own_ and least_, which are then left out. Empty is no answer.
with scope as materialized (
    from ever_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
times as materialized (
    from impact_times('scope', $as_at)
)
from impact_of_times('times', $as_at);
