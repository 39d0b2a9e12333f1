-- Title: Impact, pupil by pupil
-- Question: Who had this provision, what did each of them gain, and what did similar pupils gain without it?
-- Grain: a time that a pupil in scope had the provision ($of_school, $provision_id), begun by the day.
-- Columns: start_date, end_date, measure, measured_from (recorded with it, or the nearest assessments; empty: no score
--   at both ends), start_value and end_value (on the scale; months for ages), gain (positive where better), months,
--   similar (similar pupils found), similar_gain (what they gained on average; empty: too few to compare),
--   beyond (gain from the starting point, less similar_gain), norm_gain (what comes by itself on a scale with national
--   norms), delivered_share, outcome, sharing, staff_cost (pounds), no_score_because, starting (the starting point: the
--   score at the start, or between it and the one before), gain_from_start (the gain from there), has_before (a score
--   before the one at the start is held).
-- Counts: pupils who have left too (has_left), as on their last day; each once for each time in the provision. After is not because.
with scope as materialized (
    from ever_in_scope($as_at, [$of_school], $year_groups, $classes, $groups, $needs)
),
begun as materialized (
    select * from impact_begun('scope', $as_at) where provision_id = $provision_id
),
scores as materialized (
    from impact_scores('begun', $as_at)
),
pairs as materialized (
    from impact_pairs('begun', 'scores', $as_at)
),
alike as (
    select time_row, count(*) as similar, avg(expected_gain) as similar_gain,
    from similar_pupils('pairs', 'scores', $as_at)
    group by time_row
)
select
    pairs.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    pairs.start_date,
    pairs.end_date,
    pairs.measure,
    pairs.measured_from,
    pairs.start_score as start_value,
    pairs.end_score as end_value,
    pairs.gain,
    pairs.months,
    coalesce(alike.similar, 0) as similar,
    case when alike.similar >= setting_impact_least_similar($as_at) then alike.similar_gain end as similar_gain,
    pairs.gain_from_start - case when alike.similar >= setting_impact_least_similar($as_at) then alike.similar_gain end
        as beyond,
    pairs.norm_gain,
    pairs.sessions_attended / nullif(pairs.sessions_planned, 0) as delivered_share,
    pairs.outcome,
    costs.sharing,
    costs.staff_cost,
    case
        when pairs.measured_from is not null then null
        when pairs.end_date is null or pairs.end_date >= $as_at then 'not over yet'
        when pairs.entry is not null and pairs.leaving is null then 'no score at the end'
        when pairs.entry is null and pairs.leaving is not null and pairs.is_over then 'no score at the start'
        when pairs.measure is null then 'no measure is set'
        else 'no scores near both ends'
    end as no_score_because,
    pairs.starting,
    pairs.gain_from_start,
    pairs.has_before,
    pairs.has_left,
    pairs.entry_on,
    pairs.exit_on,
    coalesce(pairs.kind = 'ordered', false) as is_ordered,
    pairs.school_id,
from pairs
inner join scope using (school_id, pupil_id)
left join alike using (time_row)
left join costs_of('begun', $as_at) as costs using (time_row)
order by pairs.measure, pairs.measured_from desc nulls last, scope.surname, scope.forename, pairs.pupil_id,
    pairs.start_date;
