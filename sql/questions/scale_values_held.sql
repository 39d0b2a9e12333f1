-- Title: Values of scales
-- Question: Which values does each scale have, in which order, and which codes are no score?
-- Grain: a value of a scale: a step of an ordered one, a band of a scale of numbers, or a code that is no score.
-- Columns: value_kind (step, band or code), place (of a step, 1 the lowest; of a band, from the least difficulty up as far as
--   the scale goes by number), scale_value (as it is written; of a band its ends), meaning, valid_from and origin (of a band).
-- Filters: none. Counts: no pupils.
with listed as (
    select
        scale_key,
        case when rank is null then 'code' else 'step' end as what,
        case when rank is not null
            then dense_rank() over (partition by scale_key, rank is null order by rank) end as place,
        value,
        meaning,
        is_own,
        null::date as valid_from,
        null as source,
    from store.codes.scale_values
    union all
    select
        scale_key,
        'band',
        row_number() over (partition by scale_key order by low nulls first),
        case when low is null then 'up to ' || high::bigint when high is null then low::bigint || ' and above'
            when low = high then low::bigint::varchar else low::bigint || ' to ' || high::bigint end,
        band,
        false,
        valid_from,
        source,
    from store.codes.scale_bands
)
select scales.scale, listed.what as value_kind, listed.place, listed.value as scale_value, listed.meaning, listed.is_own, listed.valid_from, listed.source as origin,
from listed
inner join store.codes.scales using (scale_key)
order by lower(scales.scale), listed.what = 'code', listed.what, listed.place, listed.value;
