-- Question: what does it cost that a pupil has had a provision until a day?

-- Grain: a time of impact_begun.
-- Columns: sharing (the most pupils who had it together on one of its days: one where it is given one to one, else those in the
--   same teaching group, else those with the same staff; empty: no way to know), weeks (calendar weeks in place by the
--   day, at most 38 in a school year, a setting), staff_cost (pounds: hours a week x weeks x what the staff cost an
--   hour / sharing; empty where hours, staff or the cost of one of them is not known).
-- Source: the costing of weekly hours of a teaching assistant that local authorities use: cost of a weekly hour over
--   38 weeks, divided by the pupils, times weeks of 38.
create macro costs_of(some_begun, on_date) as table
with given as (
    select distinct
        others.school_id, others.provision_id, others.pupil_id, others.start_date, others.end_date,
        -- Who has it together: a teaching group, else the pupils of the same staff.
        coalesce('group ' || others.group_name, 'staff ' || list_sort(others.staff_ids)::varchar) as together,
    from records.provided as others
    semi join query_table(some_begun) as begun
        on begun.school_id = others.school_id and begun.provision_id = others.provision_id
    where coalesce(others.delivery, '') not in ('one to one', 'whole class') and others.start_date <= on_date
),
-- A group grows only on a first day of somebody: it is the largest on one of those.
sizes as (
    select given.school_id, given.provision_id, given.together, days.start_date as on_day,
        count(distinct given.pupil_id) as size,
    from given
    inner join (select distinct school_id, provision_id, together, start_date from given) as days
        on days.school_id = given.school_id and days.provision_id = given.provision_id
        and days.together = given.together
        and is_active(given.start_date, given.end_date, days.start_date)
    group by all
),
sharers as (
    select begun.time_row, max(sizes.size) as largest,
    from query_table(some_begun) as begun
    inner join sizes
        on sizes.school_id = begun.school_id and sizes.provision_id = begun.provision_id
        and sizes.together
            = coalesce('group ' || begun.group_name, 'staff ' || list_sort(begun.staff_ids)::varchar)
        and sizes.on_day between begun.start_date and coalesce(begun.end_date, on_date)
    group by begun.time_row
),
hourly as (
    select
        adults.time_row,
        case when count(staff.hourly_cost) = count(*) then sum(staff.hourly_cost) end as hourly_cost,
    from (select time_row, school_id, unnest(staff_ids) as staff_id from query_table(some_begun)) as adults
    left join records.staff on staff.school_id = adults.school_id and staff.staff_id = adults.staff_id
    group by adults.time_row
),
years as (
    select
        time_row,
        start_date,
        least(coalesce(end_date, on_date), on_date) as last_day,
        unnest(range(year(start_date) - 1, year(on_date) + 1)) as y,
    from query_table(some_begun)
),
in_years as (
    select
        time_row,
        least(
            setting_cost_weeks(on_date),
            (least(last_day, make_date(y + 1, 8, 31)) - greatest(start_date, make_date(y, 9, 1)) + 1) / 7
        ) as weeks,
    from years
    where last_day >= make_date(y, 9, 1) and start_date <= make_date(y + 1, 8, 31)
),
in_place as (
    select time_row, sum(greatest(0, weeks)) as weeks, from in_years group by time_row
)
select
    begun.time_row,
    case
        when begun.delivery = 'one to one' then 1
        when begun.delivery = 'whole class' then null
        else sharers.largest
    end as sharing,
    in_place.weeks,
    begun.weekly_minutes / 60 * in_place.weeks * hourly.hourly_cost / sharing as staff_cost,
from query_table(some_begun) as begun
left join in_place using (time_row)
left join sharers using (time_row)
left join hourly using (time_row);
