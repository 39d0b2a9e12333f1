-- Title: Whom the universal offer does not reach
-- Question: Which pupils miss what everybody else gets, in which subject and why?
-- Grain: a pupil in scope, a kind and a subject.
-- Columns: kind (taken_out: something in place takes the pupil out of that lesson; part_time: sessions of an agreed
--   part-time timetable in the latest span of attendance of this academic year that had begun by the day; off_site: something in place beyond
--   school), subject (empty: any), provisions (those that do it), weekly_minutes (of them; empty: not recorded for one),
--   since (the first day of it), reason (a sentence).
-- Filters: subject. Counts: a pupil can have several rows.
-- Wrinkles: rows without a subject are kept whichever subject is chosen: they may touch any.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
in_place as (
    select provided.*,
    from scope
    inner join records.provided on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
),
missed as (
    select 'taken_out' as kind, lower(trim(subject_missed)) as subject, * from in_place
    where coalesce(trim(subject_missed), '') <> ''
    union all
    select 'off_site', null, * from in_place where delivery = 'beyond school'
),
part_time as (
    select scope.school_id, scope.pupil_id,
        arg_max({'sessions': attendance.agreed_part_time, 'start_date': attendance.start_date}, attendance.start_date)
            as latest,
    from scope
    inner join store.attendance
        on attendance.school_id = scope.school_id and attendance.pupil_id = scope.pupil_id
    where attendance.start_date <= $as_at
        and coalesce(attendance.end_date >= first_day_of(academic_year_of($as_at)), true)
    group by scope.school_id, scope.pupil_id
),
findings as (
    select
        school_id, pupil_id, kind, subject,
        list(distinct provision order by provision) as provisions,
        case when count(weekly_minutes) = count(*) then sum(weekly_minutes) end as weekly_minutes,
        min(start_date) as since,
        case kind when 'taken_out' then 'Is taken out of ' || subject || ' for ' else 'Is elsewhere for ' end
            || array_to_string(provisions, ', ') || '.' as reason,
    from missed
    group by school_id, pupil_id, kind, subject
    union all
    select
        school_id, pupil_id, 'part_time', null, [], null, latest.start_date,
        'Has an agreed part-time timetable: ' || format('{:.0f}', latest.sessions)
            || ' sessions missed under it in the latest attendance.',
    from part_time
    where latest.sessions > 0
)
select
    scope.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    findings.kind,
    findings.subject,
    findings.provisions,
    findings.weekly_minutes,
    findings.since,
    findings.reason,
    scope.school_id,
from findings
inner join scope using (school_id, pupil_id)
where len($subjects) = 0 or findings.subject is null or list_contains(code_keys($subjects), findings.subject)
order by scope.school_id, scope.surname, scope.forename, scope.pupil_id, findings.kind, findings.subject;
