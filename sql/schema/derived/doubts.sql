-- Question: of which results and which attendance is something doubtful, whatever the day of a question?
-- Wrinkles: worked out once, when the store is built: they follow from imports alone, and every page asks for them.

-- Grain: a pupil and a school year of which scores are held.
-- Columns: first_day (of the first score), is_held (an enrolment of that year is held; else the year group of the roll
--   stands in).
create table store.result_years as
with years as (
    select school_id, pupil_id, in_year, min(on_day) as first_day,
    from store.results
    where number is not null
    group by school_id, pupil_id, in_year
)
select years.*, enrolled.academic_year is not null as is_held,
from years
left join (select distinct school_id, pupil_id, academic_year from store.enrolments) as enrolled
    on enrolled.school_id = years.school_id and enrolled.pupil_id = years.pupil_id
    and enrolled.academic_year = years.in_year;

-- Grain: a result with a term and no day.
create table store.undated_results as
select results.school_id, results.pupil_id, results.subject, results.scale, results.in_year, results.in_term,
    results.on_day, pupils.leaving_date,
from store.results
inner join store.pupils on pupils.school_id = results.school_id and pupils.pupil_id = results.pupil_id
where results.assessed_on is null;

-- Grain: a span of attendance of a pupil that shares days with one that began before it.
-- Columns: earlier (of those, the one that ends last).
create table store.attendance_twice as
with spans as (
    select
        school_id, pupil_id, start_date, coalesce(end_date, start_date) as last_day,
        max({'last_day': coalesce(end_date, start_date), 'start_date': start_date}) over (
            partition by school_id, pupil_id order by start_date rows between unbounded preceding and 1 preceding
        ) as earlier,
    from store.attendance
)
select * from spans where start_date <= earlier.last_day;
