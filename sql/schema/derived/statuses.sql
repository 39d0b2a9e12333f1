-- Question: which status did a pupil have, from when, until when?
-- Grain: a span of days in which a pupil had one value of one status flag (a flag that is "no" has no span).
-- Columns: value ('true', or the letter of sen_status), start_date and end_date (inclusive, empty: open),
--   is_start_recorded (false: the first import that named it; it then holds from the pupil's entry).
-- Wrinkles: here imports count in the order of their dates, so that the history of an older roll can be brought
--   in later (the other columns of `pupils` follow the order of import); of two imports of one day the later
--   made wins; a blank says nothing.
create table store.statuses as
with said as (
    unpivot pupils_history
    on sen_status, pupil_premium, fsm, ever_6, eal, looked_after, previously_looked_after,
        service_child, young_carer, more_able
    into name status value value
),
each_day as (
    select school_id, pupil_id, status, dated, arg_max(value, import_number) as value,
    from said
    group by school_id, pupil_id, status, dated
),
compared as (
    select *, lag(value) over (partition by school_id, pupil_id, status order by dated) as value_before,
    from each_day
),
spans as (
    select
        *,
        lead(dated) over (partition by school_id, pupil_id, status order by dated) - 1 as end_date,
    from compared
    where value_before is distinct from value
)
select
    spans.school_id,
    spans.pupil_id,
    spans.status,
    spans.value,
    case when spans.value_before is null then pupils.entry_date else spans.dated end as start_date,
    spans.end_date::date as end_date,
    spans.value_before is not null as is_start_recorded,
from spans
inner join store.pupils
    on pupils.school_id = spans.school_id and pupils.pupil_id = spans.pupil_id
where (spans.value = 'true' or spans.status = 'sen_status')
    and (start_date is null or spans.end_date is null or start_date <= spans.end_date)
order by spans.school_id, spans.pupil_id, spans.status, start_date;
