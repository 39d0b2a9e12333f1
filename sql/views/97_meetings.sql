-- Question: which meetings were about pupils in scope, and what stood then and stands now?

-- Grain: a pupil on roll, or one who has left, who matches the filter: whom a look back at meetings counts. Who left in an
-- earlier academic year is in no class or year group of this one, so is not there where one of these is chosen.
-- Columns: seen_on (as in ever_in_scope), has_left.
create macro people_of_meetings(on_date, in_schools, in_year_groups, in_classes, in_groups, in_needs) as table
select *, seen_on < on_date as has_left,
from ever_in_scope(on_date, in_schools, in_year_groups, in_classes, in_groups, in_needs)
where seen_on = on_date or academic_year_of(seen_on) = academic_year_of(on_date)
    or (len(in_year_groups) = 0 and len(in_classes) = 0);

-- Grain: a meeting and one it was about, a pupil in scope: in the class, year or group on the day of the meeting, or, of
-- the meetings of this academic year and to come, in it now.
create macro about_in_scope(some_scope, on_date) as table
with people as materialized (
    select scope.school_id, scope.pupil_id, scope.year_group, scope.class, roll.entry_date, roll.leaving_date,
        academic_year_of(least(on_date, roll.leaving_date)) as this_year,
    from query_table(some_scope) as scope
    inner join store.pupils as roll on roll.school_id = scope.school_id and roll.pupil_id = scope.pupil_id
),
held as materialized (
    select school_id, meeting_id, held_on, about, about_code, academic_year_of(held_on) as in_year,
    from records.meetings
    where about <> 'school'
),
enrolled as (
    select
        people.school_id, people.pupil_id, enrolments.academic_year, enrolments.year_group, enrolments.class,
        people.entry_date, people.leaving_date,
        coalesce(enrolments.start_date, first_day_of(enrolments.academic_year)) as first_day,
        lead(first_day) over (
            partition by people.school_id, people.pupil_id, enrolments.academic_year order by first_day
        ) as next_day,
    from people
    inner join store.enrolments
        on enrolments.school_id = people.school_id and enrolments.pupil_id = people.pupil_id
    where enrolments.academic_year in (select in_year from held)
)
select held.school_id, held.meeting_id, enrolled.pupil_id,
from held
inner join enrolled
    on enrolled.school_id = held.school_id and enrolled.academic_year = held.in_year
    and case held.about when 'class' then enrolled.class when 'year group' then enrolled.year_group end = held.about_code
where enrolled.first_day <= held.held_on and coalesce(enrolled.next_day > held.held_on, true)
    and is_active(enrolled.entry_date, enrolled.leaving_date, held.held_on)
union
select held.school_id, held.meeting_id, people.pupil_id,
from held
inner join people
    on people.school_id = held.school_id
    and case held.about when 'class' then people.class when 'year group' then people.year_group end = held.about_code
where held.in_year >= people.this_year
union
select held.school_id, held.meeting_id, people.pupil_id,
from held
inner join belonging on belonging.group_code = held.about_code and belonging.school_id = held.school_id
inner join people on people.school_id = belonging.school_id and people.pupil_id = belonging.pupil_id
where held.about = 'group'
    and (
        (is_active(belonging.start_date, belonging.end_date, held.held_on)
            and is_active(people.entry_date, people.leaving_date, held.held_on))
        or (held.in_year >= people.this_year
            and is_active(belonging.start_date, belonging.end_date, least(on_date, people.leaving_date)))
    );

-- Grain: a meeting about a pupil in scope, or one in which such a pupil was listed, or something decided or agreed for
-- one; also one on a day to come, as what is written for it beforehand counts from its own day.
-- Columns: from_year (its academic year where that is over by the day, as what it said of a class was said of the class
--   of that year; empty: this year's), for_whom (whom it was about, in words, with that year).
create macro meetings_in_scope(some_scope, on_date) as table
with known as (
    select school_id, meeting_id from about_in_scope(some_scope, on_date)
    union
    select school_id, meeting_id from records.meetings
    where about = 'school' and school_id in (select school_id from query_table(some_scope))
    union
    select of_pupil.school_id, of_pupil.meeting_id,
    from (
        select school_id, meeting_id, pupil_id from records.discussions
        union all
        select school_id, meeting_id, pupil_id from records.actions where set_on <= on_date
        union all
        select school_id, meeting_id, pupil_id from records.decisions where decided_on <= on_date
    ) as of_pupil
    semi join query_table(some_scope) as scope
        on scope.school_id = of_pupil.school_id and scope.pupil_id = of_pupil.pupil_id
)
select
    meetings.*,
    case when academic_year_of(meetings.held_on) < academic_year_of(on_date) then academic_year_of(meetings.held_on) end
        as from_year,
    concat_ws(
        ', ',
        case meetings.about
            when 'school' then 'The whole school'
            when 'year group' then coalesce(year_groups.name, meetings.about_code)
            when 'group' then coalesce(group_names.name, meetings.about_code)
            else meetings.about_code
        end,
        from_year
    ) as for_whom,
from records.meetings
semi join known on known.school_id = meetings.school_id and known.meeting_id = meetings.meeting_id
left join store.codes.year_groups
    on meetings.about = 'year group' and year_groups.year_group = meetings.about_code
left join records.group_names on meetings.about = 'group' and group_names.group_code = meetings.about_code;

-- Grain: an action agreed by the day, for one of `some_people` (see people_of_meetings), or for the class as a whole in
-- one of `some_held` (see meetings_in_scope). Column: state (the first that holds: done late, done, dropped, overdue, open).
create macro agreed_in_scope(some_people, some_held, on_date) as table
with listed as (
    select actions.*, people.surname, people.forename, people.year_group, people.class, people.has_left,
    from records.actions
    inner join query_table(some_people) as people
        on people.school_id = actions.school_id and people.pupil_id = actions.pupil_id
    union all by name
    select actions.*
    from records.actions
    semi join query_table(some_held) as held
        on held.school_id = actions.school_id and held.meeting_id = actions.meeting_id
    where actions.pupil_id is null
)
select
    *,
    case
        when done_on <= on_date and done_on > due_on then 'done late'
        when done_on <= on_date then 'done'
        when dropped_on <= on_date then 'dropped'
        when due_on < on_date then 'overdue'
        else 'open'
    end as state,
from listed
where set_on <= on_date;

-- Grain: a decision made by the day, about one of `some_people` (see people_of_meetings), or about the class as a whole
-- in one of `some_held` (see meetings_in_scope).
create macro decided_in_scope(some_people, some_held, on_date) as table
select decisions.*, people.surname, people.forename, people.year_group, people.class, people.has_left,
from records.decisions
inner join query_table(some_people) as people
    on people.school_id = decisions.school_id and people.pupil_id = decisions.pupil_id
where decisions.decided_on <= on_date
union all by name
select decisions.*
from records.decisions
semi join query_table(some_held) as held
    on held.school_id = decisions.school_id and held.meeting_id = decisions.meeting_id
where decisions.pupil_id is null and decisions.decided_on <= on_date;

-- Grain: a pupil's subject on one scale with a result by an earlier day: one with a result since, else any; of these the
-- one with the latest result by the earlier day; of one day, test before teacher, then by name of the scale.
-- Columns: first (the latest by the earlier day, of some_since: school_id, pupil_id, subject_key, since_day), last (the
-- latest after it, by the day; empty: none since), better_by (how much better the last is: steps, months or numbers of
-- the scale). No row where there was no result before.
create macro change_since(some_since, on_date) as table
with before as (
    select since.*, points.scale_key, arg_max(points, points.on_day) as first,
    from query_table(some_since) as since
    inner join store.points
        on points.school_id = since.school_id and points.pupil_id = since.pupil_id
        and points.subject_key = since.subject_key
    where points.on_day <= since.since_day and points.until_day > since.since_day
    group by all
),
after as (
    select before.school_id, before.pupil_id, before.subject_key, before.since_day, before.scale_key,
        arg_max(points, points.on_day) as last,
    from before
    inner join store.points
        on points.school_id = before.school_id and points.pupil_id = before.pupil_id
        and points.subject_key = before.subject_key and points.scale_key = before.scale_key
    where points.on_day > before.since_day and points.on_day <= on_date and points.until_day > on_date
    group by all
),
sources as (
    select before.school_id, before.pupil_id, before.subject_key, before.since_day, before.scale_key,
        min(results.source_order) as source_order,
    from before
    inner join store.results
        on results.school_id = before.school_id and results.pupil_id = before.pupil_id
        and results.subject_key = before.subject_key and results.scale_key = before.scale_key
        and results.on_day = before.first.on_day
    group by all
)
select
    before.* exclude (first, scale_key),
    first.value as value_then,
    first.on_day as day_then,
    last.value as value_now,
    last.on_day as day_now,
    first.scale as scale,
    coalesce(last.step - first.step, last.number - first.number)
        * case when first.is_higher_better then 1 else -1 end as better_by,
from before
left join after using (school_id, pupil_id, subject_key, since_day, scale_key)
left join sources using (school_id, pupil_id, subject_key, since_day, scale_key)
qualify row_number() over (
    partition by before.school_id, before.pupil_id, before.subject_key, before.since_day
    order by last is null, first.on_day desc, sources.source_order, first.scale
) = 1;
