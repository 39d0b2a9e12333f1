-- Title: Before, during and after a provision
-- Question: What were attendance, behaviour and what people said before, during and after a provision?
-- Grain: a time that a pupil in scope had the provision ($of_school, $provision_id), begun by the day, and a part of it
--   (before: the 90 days, a setting, before its first day; during; after: as long after its last day, by the day).
-- Columns: from_day and to_day, possible and attended (half-day sessions; a recorded span counts in the part in which
--   most of its days lie), attendance_share (empty: nothing possible is recorded), negative and positive (behaviour
--   noted; empty where the school notes none), school_days (Monday to Friday, so that parts can be compared),
--   voices (what was heard), rating (the mean of their ratings, -2 to 2).
-- Counts: a pupil counts once for each time in the provision, and who has left as on the last day on roll. After is not because.
with scope as materialized (
    from ever_in_scope($as_at, [$of_school], $year_groups, $classes, $groups, $needs)
),
times as (
    select row_number() over (order by provided.pupil_id, provided.start_date) as time_row, scope.surname, scope.forename,
        scope.year_group, scope.class, provided.school_id, provided.pupil_id, provided.start_date, provided.end_date,
        setting_around_days($as_at)::integer as around,
    from scope
    inner join records.provided using (school_id, pupil_id)
    where provided.provision_id = $provision_id and provided.start_date <= $as_at
),
parts as (
    select *, 'before' as part, 1 as part_order, start_date - around as from_day, start_date - 1 as to_day from times
    union all
    select *, 'during', 2, start_date, least(coalesce(end_date, $as_at), $as_at) from times
    union all
    select *, 'after', 3, end_date + 1, least(end_date + around, $as_at) from times where end_date < $as_at
),
spans as (
    select parts.time_row, parts.part, attendance.possible, attendance.attended,
    from parts
    inner join records.attendance on attendance.school_id = parts.school_id and attendance.pupil_id = parts.pupil_id
        and attendance.start_date <= parts.to_day and attendance.end_date >= parts.from_day
        and attendance.end_date <= $as_at
    -- Most of its days: a span that is half in one part and half in another counts in the earlier.
    where 2 * (least(attendance.end_date, parts.to_day) - greatest(attendance.start_date, parts.from_day) + 1)
        >= attendance.end_date - attendance.start_date + 1
    qualify row_number() over (
        partition by parts.time_row, attendance.start_date, attendance.end_date order by parts.part_order
    ) = 1
),
attended as (
    select time_row, part, sum(possible) as possible, sum(attended) as attended, from spans group by time_row, part
),
noted as (
    select distinct school_id from records.behaviour
),
behaved as (
    select parts.time_row, parts.part,
        count(*) filter (where behaviour.kind = 'negative') as negative,
        count(*) filter (where behaviour.kind = 'positive') as positive,
    from parts
    inner join records.behaviour on behaviour.school_id = parts.school_id and behaviour.pupil_id = parts.pupil_id
        and behaviour.happened_on between parts.from_day and parts.to_day
    group by all
),
heard as (
    select parts.time_row, parts.part, count(*) as voices, avg(voices.rating) as rating,
    from parts
    inner join records.voices on voices.school_id = parts.school_id and voices.pupil_id = parts.pupil_id
        and voices.heard_on between parts.from_day and parts.to_day
    where (voices.provision_id is null or voices.provision_id = $provision_id) and voices.reply is null
    group by all
)
select
    parts.pupil_id,
    parts.surname,
    parts.forename,
    parts.year_group,
    parts.class,
    parts.start_date,
    parts.part,
    parts.from_day,
    parts.to_day,
    attended.possible,
    attended.attended,
    attended.attended / nullif(attended.possible, 0) as attendance_share,
    case when noted.school_id is not null then coalesce(behaved.negative, 0) end as negative,
    case when noted.school_id is not null then coalesce(behaved.positive, 0) end as positive,
    (
        select count(*) from range(parts.from_day, parts.to_day + interval 1 day, interval 1 day) as days(d)
        where isodow(d) < 6
    ) as school_days,
    coalesce(heard.voices, 0) as voices,
    heard.rating,
    parts.part_order,
    parts.school_id,
from parts
left join attended using (time_row, part)
left join behaved using (time_row, part)
left join heard using (time_row, part)
left join noted on noted.school_id = parts.school_id
order by parts.surname, parts.forename, parts.pupil_id, parts.start_date, parts.part_order;
