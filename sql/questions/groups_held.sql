-- Title: Groups over the years
-- Question: How many pupils has each group held, year by year, in each phase and across them?
-- Grain: a group, an academic year and a phase (its key stage; `all`: across phases).
-- Columns: pupils (on roll on a day of that year while in the group), on_roll (pupils on roll on a day of that year in
--   that phase), pupils_share (pupils / on_roll).
-- Filters: school, group. Counts: each pupil once a year and phase; over the years a pupil counts again each year.
-- Wrinkles: everybody who was on roll then is counted, leavers too, whatever year or class is chosen now. The phase is
--   that of the pupil's latest enrolment in the year, else of the roll. Years after the day are left out.
with years as (
    select distinct academic_year, first_day_of(academic_year) as first_day,
    from store.enrolments
    where first_day_of(academic_year) <= $as_at
),
on_roll as (
    select
        years.academic_year, years.first_day,
        least(years.first_day + interval 1 year - interval 1 day, $as_at)::date as last_day,
        pupils.school_id, pupils.pupil_id, pupils.year_group as year_group_now, pupils.entry_date, pupils.leaving_date,
    from years
    inner join store.pupils
        on coalesce(pupils.entry_date <= least(years.first_day + interval 1 year - interval 1 day, $as_at), true)
        and coalesce(pupils.leaving_date >= years.first_day, true)
    where len($schools) = 0 or list_contains($schools, pupils.school_id)
),
enrolled as (
    select school_id, pupil_id, academic_year,
        arg_max(year_group, coalesce(start_date, first_day_of(academic_year))) as year_group,
    from store.enrolments
    where (len($schools) = 0 or list_contains($schools, school_id)) and coalesce(start_date <= $as_at, true)
    group by all
),
placed as (
    select on_roll.*, year_groups.key_stage,
    from on_roll
    left join enrolled using (school_id, pupil_id, academic_year)
    left join store.codes.year_groups
        on year_groups.year_group = coalesce(enrolled.year_group, on_roll.year_group_now)
    -- Who has no enrolment in a year is counted in it only where the roll says that the pupil was there.
    where enrolled.pupil_id is not null or on_roll.entry_date is not null
),
each_phase as (
    select * replace (coalesce(key_stage, 'not recorded') as key_stage), from placed
    union all
    select * replace ('all' as key_stage), from placed
),
held as (
    select distinct each_phase.academic_year, each_phase.key_stage, belonging.group_code,
        each_phase.school_id, each_phase.pupil_id,
    from each_phase
    inner join belonging
        on belonging.school_id = each_phase.school_id and belonging.pupil_id = each_phase.pupil_id
        and coalesce(belonging.start_date <= least(each_phase.last_day, each_phase.leaving_date), true)
        and coalesce(belonging.end_date >= greatest(each_phase.first_day, each_phase.entry_date), true)
    where len($groups) = 0 or list_contains($groups, belonging.group_code)
),
sizes as (
    select academic_year, key_stage, count(distinct (school_id, pupil_id)) as on_roll, from each_phase group by all
)
select
    held.group_code,
    group_names.name as "group",
    held.academic_year,
    held.key_stage,
    count(*) as pupils,
    any_value(sizes.on_roll) as on_roll,
    count(*) / any_value(sizes.on_roll) as pupils_share,
from held
inner join sizes using (academic_year, key_stage)
inner join records.group_names using (group_code)
group by held.group_code, group_names.name, group_names.sort_order, held.academic_year, held.key_stage
order by group_names.sort_order, group_names.name, held.key_stage <> 'all', held.key_stage, held.academic_year;
