-- Title: Impact by tier, need, group or year
-- Question: What was gained in each tier, for each need, by each group, or year by year?
-- Grain: a tier, need, group or school year ($by), a measure, and where its scores come from (measured_from: recorded
--   with the provision, or the assessments nearest to it), over provision begun by the day for pupils in scope.
-- Columns: part and part_name, measure, measured_from, placements (times of that part looked at on that measure),
--   pairs (of them, with a score at both ends), pupils_measured (different pupils), mean_gain with its 95% interval
--   (gain_low, gain_high; all of these, and the median, empty for grades, which are steps), median_gain (in the scale's unit,
--   positive where better), months_between, delivered_share (sessions attended / planned where both are known).
-- Counts: pupils who have left too, as on their last day; each once for each time in a provision, and under each need it addresses and each group.
-- Wrinkles: a need is one that the provision addressed for the pupil (an area counts as itself); a group is the
--   pupil's on the day or on the last one on roll; a school year is that of the first day. What similar pupils gained stands by the provision
--   alone: after is not because. With $only_provision it looks at that provision alone, with
--   $of_school at that of one school: two schools may call different provision by one code.
with scope as materialized (
    from ever_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
begun as materialized (
    select *
    from impact_begun('scope', $as_at)
    where ($only_provision is null or provision_id = $only_provision) and ($of_school is null or school_id = $of_school)
),
scores as materialized (
    from impact_scores('begun', $as_at)
),
pairs as materialized (
    from impact_pairs('begun', 'scores', $as_at)
),
-- A group is the pupil's on the day, or on the last day on roll.
groups_then as (
    select distinct scope.school_id, scope.pupil_id, belonging.group_code,
    from scope
    inner join belonging
        on belonging.school_id = scope.school_id and belonging.pupil_id = scope.pupil_id
        and is_active(belonging.start_date, belonging.end_date, scope.seen_on)
),
parted as (
    select case $by when 'tier' then tier else in_year end as part, pairs.*,
    from (select *, academic_year_of(start_date) as in_year from pairs) as pairs
    where $by in ('tier', 'year')
    union all by name
    select unnest(need_keys) as part, pairs.* from pairs where $by = 'need'
    union all by name
    select in_group.group_code as part, pairs.*,
    from pairs
    inner join groups_then as in_group using (school_id, pupil_id)
    where $by = 'group'
),
called as (
    select
        parted.*,
        coalesce(
            case $by when 'tier' then tiers.name when 'need' then coalesce(kinds.need, areas.name)
                when 'group' then group_names.name else part end,
            part
        ) as part_name,
        coalesce(
            case $by when 'tier' then tiers.sort_order when 'group' then group_names.sort_order end, 0
        ) as sort_order,
    from parted
    left join store.codes.tiers as tiers on $by = 'tier' and tiers.tier = parted.part
    left join store.codes.need_kinds as kinds on $by = 'need' and kinds.need_key = parted.part
    left join store.codes.areas as areas on $by = 'need' and areas.area = parted.part
    left join records.group_names on $by = 'group' and group_names.group_code = parted.part
),
looked_at as (
    select part, measure, count(*) as placements,
        sum(sessions_attended) filter (where sessions_planned is not null)
            / nullif(sum(sessions_planned) filter (where sessions_attended is not null), 0) as delivered_share,
    from called
    group by part, measure
)
select
    called.part,
    any_value(called.part_name) as part_name,
    called.measure,
    called.measured_from,
    any_value(looked_at.placements) as placements,
    count(*) as pairs,
    count(distinct (called.school_id, called.pupil_id)) as pupils_measured,
    avg(called.gain) as mean_gain,
    null::double as gain_low,
    null::double as gain_high,
    case when not coalesce(any_value(called.kind) = 'ordered', false) then median(called.gain) end as median_gain,
    avg(called.months) as months_between,
    any_value(looked_at.delivered_share) as delivered_share,
    stddev_samp(called.gain) as own_sd,
    any_value(coalesce(called.kind = 'ordered', false)) as own_is_ordered,
from called
inner join looked_at on looked_at.part = called.part and looked_at.measure is not distinct from called.measure
where called.measured_from is not null
group by called.part, called.measure, called.measured_from
order by any_value(called.sort_order), part_name, called.part, called.measure, called.measured_from desc;
