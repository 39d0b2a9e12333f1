-- Question: what is said of each provision, from each time that a pupil had it?

-- Grain: a time that a pupil in scope had a provision, begun by the day. `some_scope` has the rows of ever_in_scope.
-- Columns: those of impact_pairs that are summed up, staff_cost (pounds), similar and similar_gain (the similar pupils and
--   the mean of what they gained, where there are pupils enough for a verdict, and similar pupils enough for the time).
create macro impact_times(some_scope, on_date) as table
with begun as materialized (
    from impact_begun(some_scope, on_date)
),
scores as materialized (
    from impact_scores('begun', on_date)
),
pairs as materialized (
    from impact_pairs('begun', 'scores', on_date)
),
-- Comparing is work: only where there are pupils enough for a verdict.
enough as (
    select *
    from pairs
    qualify count(distinct pupil_id) over (partition by school_id, provision_id, measure, measured_from)
        >= setting_impact_least_pupils(on_date)
),
resembling as (
    select
        time_row,
        list({'other_id': other_id, 'other_start': other_start} order by other_id) as alike,
        avg(expected_gain) as similar_gain,
    from similar_pupils('enough', 'scores', on_date)
    group by time_row
    having count(*) >= setting_impact_least_similar(on_date)
)
select
    school_id, pupil_id, provision_id, provision, tier, delivery, end_date, expected_end_date, has_left,
    sessions_attended, sessions_planned, outcome,
    measure, kind, is_age_normed, scale_sd, measured_from, entry, leaving, is_over,
    start_score, end_score, months, gain, gain_from_start, has_before, norm_gain,
    costs.staff_cost,
    resembling.alike,
    resembling.similar_gain,
from pairs
inner join costs_of('begun', on_date) as costs using (time_row)
left join resembling using (time_row);

-- Grain: a provision and measure. `some_times` has rows of impact_times, of all pupils or of some.
-- Columns: those of the question "Impact by provision".
create macro impact_of_times(some_times, on_date) as table
with times as (
    select
        * replace (
            -- Of fewer pupils there is no verdict, and nobody to compare them with.
            case when count(distinct pupil_id) over (partition by school_id, provision_id, measure, measured_from)
                    >= setting_impact_least_pupils(on_date)
                then similar_gain end as similar_gain
        ),
    from query_table(some_times)
),
-- How much each comparison pupil weighs in the mean of a row.
weights as (
    select
        school_id, provision_id, measure, measured_from, other.other_id,
        sum(1 / len(alike)) as weight,
        any_value(other.other_start) as other_start,
    from (
        select school_id, provision_id, measure, measured_from, alike, unnest(alike) as other,
        from times
        where similar_gain is not null
    )
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
        school_id,
        provision_id,
        measure,
        measured_from,
        count(*) as pairs,
        count(distinct pupil_id) as pupils,
        avg(gain) as mean,
        median(gain) as median,
        stddev_samp(gain) as sd,
        stddev_samp(start_score) as sd_entry,
        stddev_samp(end_score) as sd_exit,
        avg(months) as months,
        count(*) filter (where months >= setting_impact_least_months(on_date)) as far_apart,
        avg(gain) filter (where months is not null) as dated_mean,
        any_value(case when is_age_normed and kind = 'number' then scale_sd end) as scale_sd,
        any_value(coalesce(kind = 'ordered', false)) as is_ordered,
        any_value(coalesce(kind = 'age', false)) as is_age,
        count(similar_gain) as similar_pairs,
        count(distinct case when similar_gain is not null then pupil_id end) as similar_pupils,
        count(*) filter (where similar_gain is not null and has_before) as similar_before,
        avg(gain_from_start - similar_gain) as similar_mean,
        stddev_samp(gain_from_start - similar_gain) as similar_sd,
        stddev_samp(start_score) filter (where similar_gain is not null) as similar_sd_entry,
        count(gain_from_start - norm_gain) as norm_pairs,
        count(distinct case when norm_gain is not null then pupil_id end) as norm_pupils,
        count(*) filter (where norm_gain is not null and has_before) as norm_before,
        avg(gain_from_start - norm_gain) as norm_mean,
        stddev_samp(gain_from_start - norm_gain) as norm_sd,
    from times
    where measured_from is not null
    group by school_id, provision_id, measure, measured_from
),
costed as (
    select school_id, provision_id, measure, count(staff_cost) as costed,
        avg(staff_cost) as staff_cost,
        count(staff_cost) filter (where end_date < on_date) as costed_over,
        avg(staff_cost) filter (where end_date < on_date) as staff_cost_over,
        avg(staff_cost) filter (where coalesce(end_date >= on_date, true)) as staff_cost_running,
        -- A month gained costs what those cost who gained it.
        avg(staff_cost) filter (where measured_from = 'own') as own_staff_cost,
        avg(gain) filter (where measured_from = 'own' and staff_cost is not null) as own_gain,
    from times
    group by school_id, provision_id, measure
),
-- Materials are paid for once: they are spread over everybody who had the provision, on whatever measure.
materials as (
    select
        offered.school_id, offered.provision_id,
        offered.resource_cost / (
            select count(*) from records.provided
            where provided.school_id = offered.school_id and provided.provision_id = offered.provision_id
                and provided.start_date <= on_date
        ) as for_each,
    from records.offered
    where offered.resource_cost is not null
),
reviewed as (
    select school_id, provision_id, arg_max(rating, reviewed_on) as rating,
        max(reviewed_on) filter (where rating is not null) as reviewed_on,
    from records.reviews
    where pupil_id is null and reviewed_on <= on_date
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
        count(*) filter (where end_date < on_date and outcome = 'met') as reached_target,
        count(*) filter (where end_date < on_date and outcome is not null) as judged,
        count(*) filter (where end_date < on_date) as ended,
        count(*) filter (where end_date < on_date and measured_from is null and not (leaving is not null and is_over))
            as missing_exit,
        count(*) filter (where end_date < on_date and measured_from is null and not (leaving is not null and is_over)
            and entry is null) as missing_both,
        count(*) filter (where has_left) as left_school,
        count(*) filter (where end_date < on_date and end_date < expected_end_date) as ended_early,
        count(*) filter (where end_date < on_date or measured_from = 'own') as over,
        count(*) filter (where measured_from = 'assessed') as from_assessments,
        school_id,
    from times
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
    coalesce(own.is_age and own.months >= setting_ratio_gain_least(on_date)
        and own.months < setting_ratio_gain_short(on_date), false) as is_short,
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
    setting_impact_least_pupils(on_date) as least_pupils,
    setting_impact_least_share(on_date) as least_share,
    setting_ratio_gain_least(on_date) as least_ratio_months,
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
