-- Title: Breaks in one pupil's provision
-- Question: When was nothing in place for a need of this pupil, after something had been and before something was again?
-- Grain: a break ($school_id, $pupil_id).
-- Columns: line (the need), from_date and to_date (its first and last day), days, reason.
-- Wrinkles: shorter ones than a summer holiday (a setting) are none. Class adjustments and additional provision count
--   alike; days before the need began or after it ended do not. What goes on to the day is no break but a gap.
with needs as (
    select
        row_number() over () as need_row, kinds.need, kinds.need_key, kinds.area, kinds.is_broad_match,
        held.start_date, held.end_date,
    from records.needs as held
    inner join store.codes.need_kinds as kinds on kinds.need_key = lower(held.need_code)
    where held.school_id = $school_id and held.pupil_id = $pupil_id and held.start_date <= $as_at
),
answered as (
    select needs.need_row, needs.need, needs.start_date as need_start, needs.end_date as need_end, provided.provision,
        provided.start_date, provided.end_date,
        max(coalesce(provided.end_date, date '9999-12-31')) over earlier as answered_until,
        arg_max(provided.provision, coalesce(provided.end_date, date '9999-12-31')) over earlier as before,
    from needs
    inner join records.provided
        on provided.school_id = $school_id and provided.pupil_id = $pupil_id
        and (provided.is_additional or provided.is_adjustment)
        and addresses(provided.need_keys, needs.need_key, needs.area, needs.is_broad_match)
    where provided.start_date <= $as_at
    window earlier as (
        partition by needs.need_row order by provided.start_date, provided.end_date nulls last, provided.provision
        rows between unbounded preceding and 1 preceding
    )
),
breaks as (
    select
        need as line,
        greatest(answered_until + 1, need_start) as from_date,
        least(start_date - 1, need_end) as to_date,
        'Nothing was in place for ' || need || ' between ' || before || ' and ' || provision || '.' as reason,
    from answered
    where answered_until between need_start and start_date - 2
        and greatest(answered_until + 1, need_start) <= least(start_date - 1, need_end)
)
select
    line,
    from_date,
    to_date,
    (to_date - from_date + 1)::integer as days,
    reason,
from breaks
where days >= setting_break_after($as_at)
order by from_date, line;
