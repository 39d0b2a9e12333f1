-- Title: Impact by provision
-- Question: Was each provision followed by a gain?
-- Grain: a provision and measure, over provision begun by the day for pupils in scope.
-- Columns: placements (times a pupil had it), with_entry_and_exit (of them, with a score at both ends by the
--   day), mean_gain (exit less entry, in the scale's unit, positive where better), months_between (mean months
--   between the two scores), delivered_share (sessions attended / planned where both are known, 0 to 1).
--   The columns from gain_low to verdict are empty until the statistics are added.
-- Counts: a pupil counts once for each time in the provision. After is not because.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
begun as (
    select
        provided.*,
        (number_on_scale(scales.kind, leaving.value_key is not null, leaving.rank, provided.exit_value)
            - number_on_scale(scales.kind, entry.value_key is not null, entry.rank, provided.entry_value))
            * case when coalesce(scales.is_higher_better, true) then 1 else -1 end as gain,
        (provided.exit_date - provided.entry_date) / 30.4375 as months,
        coalesce(provided.exit_date <= $as_at, true) as is_over,
    from scope
    inner join records.provided
        on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    left join store.codes.scales
        on scales.scale_key = lower(substring(provided.measure, instr(provided.measure, '/') + 1))
    left join store.codes.scale_values as entry
        on entry.scale_key = scales.scale_key and entry.value_key = lower(provided.entry_value)
    left join store.codes.scale_values as leaving
        on leaving.scale_key = scales.scale_key and leaving.value_key = lower(provided.exit_value)
    where provided.start_date <= $as_at
)
select
    provision_id,
    any_value(provision) as provision,
    measure,
    count(*) as placements,
    count(gain) filter (where is_over) as with_entry_and_exit,
    avg(gain) filter (where is_over) as mean_gain,
    null::double as gain_low,
    null::double as gain_high,
    avg(months) filter (where is_over and gain is not null) as months_between,
    null::double as ratio_gain,
    null::double as effect_size,
    null::double as effect_low,
    null::double as effect_high,
    sum(sessions_attended) filter (where sessions_planned is not null)
        / nullif(sum(sessions_planned) filter (where sessions_attended is not null), 0) as delivered_share,
    null::varchar as verdict,
    school_id,
from begun
group by school_id, provision_id, measure
order by school_id, provision, provision_id, measure;
