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
begun as materialized (
    from impact_begun('scope', $as_at)
),
scores as materialized (
    from impact_scores('begun', $as_at)
),
pairs as materialized (
    from impact_pairs('begun', 'scores', $as_at)
),
-- Comparing is work: only where there are pupils enough for a verdict.
enough as (
    select *
    from pairs
    qualify count(distinct pupil_id) over (partition by school_id, provision_id, measure, measured_from)
        >= setting_impact_least_pupils($as_at)
),
alike as materialized (
    select *, count(*) over (partition by time_row) as others,
    from similar_pupils('enough', 'scores', $as_at)
    qualify others >= setting_impact_least_similar($as_at)
),
expected as (
    select time_row, avg(expected_gain) as similar_gain, from alike group by time_row
),
-- How much each comparison pupil weighs in the mean of a row.
weights as (
    select
        pairs.school_id, pairs.provision_id, pairs.measure, pairs.measured_from, alike.other_id,
        sum(1 / alike.others) as weight,
        any_value(alike.other_start) as other_start,
    from alike
    inner join pairs using (time_row)
    group by all
),
others as (
    select
        school_id, provision_id, measure, measured_from,
        count(*) as others,
        sum(weight) ** 2 / sum(weight ** 2) as similar_weight,
        stddev_samp(other_start) as similar_other_sd_entry,
    from weights
    group by all
),
facts as (
    select
        pairs.school_id,
        pairs.provision_id,
        pairs.measure,
        pairs.measured_from,
        count(*) as pairs,
        count(distinct pairs.pupil_id) as pupils,
        avg(gain) as mean,
        median(gain) as median,
        stddev_samp(gain) as sd,
        stddev_samp(start_score) as sd_entry,
        stddev_samp(end_score) as sd_exit,
        avg(months) as months,
        count(*) filter (where months >= setting_impact_least_months($as_at)) as far_apart,
        avg(gain) filter (where months is not null) as dated_mean,
        any_value(case when is_age_normed and kind = 'number' then scale_sd end) as scale_sd,
        any_value(coalesce(kind = 'ordered', false)) as is_ordered,
        any_value(coalesce(kind = 'age', false)) as is_age,
        count(similar_gain) as similar_pairs,
        count(distinct case when similar_gain is not null then pairs.pupil_id end) as similar_pupils,
        count(*) filter (where similar_gain is not null and has_before) as similar_before,
        avg(gain_from_start - similar_gain) as similar_mean,
        stddev_samp(gain_from_start - similar_gain) as similar_sd,
        stddev_samp(start_score) filter (where similar_gain is not null) as similar_sd_entry,
        count(gain_from_start - norm_gain) as norm_pairs,
        count(distinct case when norm_gain is not null then pairs.pupil_id end) as norm_pupils,
        count(*) filter (where norm_gain is not null and has_before) as norm_before,
        avg(gain_from_start - norm_gain) as norm_mean,
        stddev_samp(gain_from_start - norm_gain) as norm_sd,
    from pairs
    left join expected using (time_row)
    where measured_from is not null
    group by pairs.school_id, pairs.provision_id, pairs.measure, pairs.measured_from
),
costed as (
    select pairs.school_id, pairs.provision_id, pairs.measure, count(costs.staff_cost) as costed,
        avg(costs.staff_cost) as staff_cost,
        count(costs.staff_cost) filter (where pairs.end_date < $as_at) as costed_over,
        avg(costs.staff_cost) filter (where pairs.end_date < $as_at) as staff_cost_over,
        avg(costs.staff_cost) filter (where coalesce(pairs.end_date >= $as_at, true)) as staff_cost_running,
        -- A month gained costs what those cost who gained it.
        avg(costs.staff_cost) filter (where pairs.measured_from = 'own') as own_staff_cost,
        avg(pairs.gain) filter (where pairs.measured_from = 'own' and costs.staff_cost is not null) as own_gain,
    from costs_of('begun', $as_at) as costs
    inner join pairs using (time_row)
    group by all
),
-- Materials are paid for once: they are spread over everybody who had the provision, on whatever measure.
materials as (
    select
        offered.school_id, offered.provision_id,
        offered.resource_cost / (
            select count(*) from records.provided
            where provided.school_id = offered.school_id and provided.provision_id = offered.provision_id
                and provided.start_date <= $as_at
        ) as for_each,
    from records.offered
    where offered.resource_cost is not null
),
reviewed as (
    select school_id, provision_id, arg_max(rating, reviewed_on) as rating,
        max(reviewed_on) filter (where rating is not null) as reviewed_on,
    from records.reviews
    where pupil_id is null and reviewed_on <= $as_at
    group by school_id, provision_id
),
own as (
    select facts.* exclude (measured_from), others.others, others.similar_weight, others.similar_other_sd_entry,
    from facts
    left join others
        on others.school_id = facts.school_id and others.provision_id = facts.provision_id
        and others.measure is not distinct from facts.measure and others.measured_from = 'own'
    where facts.measured_from = 'own'
),
assessed as (
    select facts.* exclude (measured_from), others.others, others.similar_weight, others.similar_other_sd_entry,
    from facts
    left join others
        on others.school_id = facts.school_id and others.provision_id = facts.provision_id
        and others.measure is not distinct from facts.measure and others.measured_from = 'assessed'
    where facts.measured_from = 'assessed'
),
counted as (
    select
        provision_id,
        any_value(provision) as provision,
        measure,
        count(*) as placements,
        count(distinct pupil_id) as pupils_given,
        count(*) filter (where measured_from = 'own' and gain > 0) as rose,
        count(*) filter (where measured_from = 'own' and gain = 0) as level,
        count(*) filter (where measured_from = 'own' and gain < 0) as fell,
        count(*) filter (where measured_from = 'own') as with_entry_and_exit,
        avg(gain) filter (where measured_from = 'own') as mean_gain,
        avg(months) filter (where measured_from = 'own') as months_between,
        sum(sessions_attended) filter (where sessions_planned is not null)
            / nullif(sum(sessions_planned) filter (where sessions_attended is not null), 0) as delivered_share,
        any_value(tier) as tier,
        any_value(delivery) as delivery,
        count(*) filter (where end_date < $as_at and outcome = 'met') as reached_target,
        count(*) filter (where end_date < $as_at and outcome is not null) as judged,
        count(*) filter (where end_date < $as_at) as ended,
        count(*) filter (where end_date < $as_at and measured_from is null and not (leaving is not null and is_over))
            as missing_exit,
        count(*) filter (where end_date < $as_at and measured_from is null and not (leaving is not null and is_over)
            and entry is null) as missing_both,
        count(*) filter (where has_left) as left_school,
        count(*) filter (where end_date < $as_at and end_date < expected_end_date) as ended_early,
        count(*) filter (where end_date < $as_at or measured_from = 'own') as over,
        count(*) filter (where measured_from = 'assessed') as from_assessments,
        school_id,
    from pairs
    group by school_id, provision_id, measure
)
select
    counted.provision_id,
    counted.provision,
    counted.measure,
    placements,
    with_entry_and_exit,
    -- Grades are steps: a mean of them is no distance.
    case when not coalesce(own.is_ordered, false) then mean_gain end as mean_gain,
    null::double as gain_low,
    null::double as gain_high,
    months_between,
    null::double as ratio_gain,
    null::double as effect_size,
    null::double as effect_low,
    null::double as effect_high,
    delivered_share,
    null::varchar as verdict,
    null::varchar as verdict_because,
    null::double as median_gain,
    coalesce(own.pupils, 0) as pupils_measured,
    ended,
    missing_exit,
    ended_early,
    null::double as gain_beyond,
    null::double as gain_beyond_low,
    null::double as gain_beyond_high,
    null::double as effect_beyond,
    null::varchar as compared_with,
    coalesce(own.similar_pairs, 0) as compared,
    coalesce(own.others, 0) as similar_pupils,
    coalesce(own.is_age and own.months >= setting_ratio_gain_least($as_at)
        and own.months < setting_ratio_gain_short($as_at), false) as is_short,
    from_assessments,
    null::double as assessed_gain,
    null::double as assessed_low,
    null::double as assessed_high,
    null::double as assessed_months,
    null::varchar as assessed_verdict,
    counted.tier,
    counted.delivery,
    reached_target,
    judged,
    reached_target / nullif(judged, 0) as reached_share,
    reviewed.rating,
    reviewed.reviewed_on,
    null::varchar as rating_beside,
    null::varchar as ratio_gain_band,
    coalesce(costed.costed, 0) as costed,
    costed.staff_cost + coalesce(materials.for_each, 0) as cost_per_pupil,
    case when own.is_age and costed.own_gain > 0
        then (costed.own_staff_cost + coalesce(materials.for_each, 0)) / costed.own_gain end as cost_per_month,
    columns(own.* exclude (school_id, provision_id, measure, others)) as 'own_\0',
    over as own_ended,
    columns(assessed.* exclude (school_id, provision_id, measure, others)) as 'assessed_own_\0',
    over - with_entry_and_exit as assessed_own_ended,
    missing_both,
    left_school,
    pupils_given,
    rose,
    level,
    fell,
    coalesce(costed.costed_over, 0) as costed_over,
    costed.staff_cost_over + coalesce(materials.for_each, 0) as cost_over,
    coalesce(costed.costed - costed.costed_over, 0) as costed_running,
    costed.staff_cost_running + coalesce(materials.for_each, 0) as cost_running,
    setting_impact_least_pupils($as_at) as least_pupils,
    setting_impact_least_share($as_at) as least_share,
    setting_ratio_gain_least($as_at) as least_ratio_months,
    counted.school_id,
from counted
left join costed
    on costed.school_id = counted.school_id and costed.provision_id = counted.provision_id
    and costed.measure is not distinct from counted.measure
left join materials
    on materials.school_id = counted.school_id and materials.provision_id = counted.provision_id
left join reviewed
    on reviewed.school_id = counted.school_id and reviewed.provision_id = counted.provision_id
left join own
    on own.school_id = counted.school_id and own.provision_id = counted.provision_id
    and own.measure is not distinct from counted.measure
left join assessed
    on assessed.school_id = counted.school_id and assessed.provision_id = counted.provision_id
    and assessed.measure is not distinct from counted.measure
order by counted.school_id, counted.provision, counted.provision_id, counted.measure;
