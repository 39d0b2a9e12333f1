-- Question: who is being counted?
-- The one place in which a filter is interpreted. Every question starts here and joins outward.

-- Grain: a span of a pupil's time in a group, from memberships and from status flags alike. Spans may
-- overlap (a flag and a membership of one name): take each group once, after scope.
create view belonging as
select school_id, pupil_id, group_code, start_date, end_date, from records.memberships
union all
select statuses.school_id, statuses.pupil_id, groups.group_code, statuses.start_date, statuses.end_date,
from store.statuses
inner join store.codes.status_groups as groups
    on groups.status = statuses.status and groups.value = statuses.value;

-- A span is active on its first and its last day.
create macro is_active(some_start, some_end, some_day) as
    coalesce(some_start <= some_day, true) and coalesce(some_end >= some_day, true);

-- Grain: a pupil on roll on the day who matches the filter. Year group and class come from the latest
-- enrolment of that day's academic year begun by then, else from the roll. An empty list means all.
create macro pupils_in_scope(on_date, in_schools, in_year_groups, in_classes, in_groups, in_needs) as table
with on_roll as (
    select school_id, pupil_id, surname, forename, year_group, class, entry_date,
    from store.pupils
    where is_active(entry_date, leaving_date, on_date)
        and (len(in_schools) = 0 or list_contains(in_schools, school_id))
),
enrolled as (
    select
        enrolments.school_id,
        enrolments.pupil_id,
        arg_max(
            {'year_group': enrolments.year_group, 'class': enrolments.class},
            coalesce(enrolments.start_date, first_day_of(academic_year))
        ) as latest,
    from store.enrolments
    inner join on_roll
        on on_roll.school_id = enrolments.school_id and on_roll.pupil_id = enrolments.pupil_id
    where enrolments.academic_year = academic_year_of(on_date)
        and coalesce(enrolments.start_date <= on_date, true)
    group by enrolments.school_id, enrolments.pupil_id
),
placed as (
    select on_roll.* replace (
        case when enrolled.latest is null then on_roll.year_group else enrolled.latest.year_group end as year_group,
        case when enrolled.latest is null then on_roll.class else enrolled.latest.class end as class
    ),
    from on_roll
    left join enrolled
        on enrolled.school_id = on_roll.school_id and enrolled.pupil_id = on_roll.pupil_id
)
select placed.*,
from placed
where (len(in_year_groups) = 0 or list_contains(in_year_groups, placed.year_group))
    and (len(in_classes) = 0 or list_contains(in_classes, placed.class))
    and (
        len(in_groups) = 0
        or exists (
            select 1 from belonging
            where belonging.school_id = placed.school_id and belonging.pupil_id = placed.pupil_id
                and list_contains(in_groups, belonging.group_code)
                and is_active(belonging.start_date, belonging.end_date, on_date)
        )
    )
    and (
        len(in_needs) = 0
        or exists (
            select 1 from records.needs
            where needs.school_id = placed.school_id and needs.pupil_id = placed.pupil_id
                and list_contains(code_keys(in_needs), lower(needs.need_code))
                and is_active(needs.start_date, needs.end_date, on_date)
        )
    );

-- Grain: a pupil who is or was on roll by the day and matches the filter: those on roll on the day as on the day, those
-- who have left as on their last day. For what is looked back on: who left must not leave the count.
-- Column: seen_on (the day as on which the pupil is counted; before the day: the pupil has left).
create macro ever_in_scope(on_date, in_schools, in_year_groups, in_classes, in_groups, in_needs) as table
with left_by_then as (
    select school_id, pupil_id, surname, forename, year_group, class, entry_date, leaving_date as seen_on,
    from store.pupils
    where leaving_date < on_date and coalesce(entry_date <= leaving_date, true)
        and (len(in_schools) = 0 or list_contains(in_schools, school_id))
),
enrolled as (
    select
        enrolments.school_id,
        enrolments.pupil_id,
        arg_max(
            {'year_group': enrolments.year_group, 'class': enrolments.class},
            coalesce(enrolments.start_date, first_day_of(academic_year))
        ) as latest,
    from store.enrolments
    inner join left_by_then
        on left_by_then.school_id = enrolments.school_id and left_by_then.pupil_id = enrolments.pupil_id
    where enrolments.academic_year = academic_year_of(seen_on)
        and coalesce(enrolments.start_date <= seen_on, true)
    group by enrolments.school_id, enrolments.pupil_id
),
placed as (
    select left_by_then.* replace (
        case when enrolled.latest is null then left_by_then.year_group else enrolled.latest.year_group end as year_group,
        case when enrolled.latest is null then left_by_then.class else enrolled.latest.class end as class
    ),
    from left_by_then
    left join enrolled
        on enrolled.school_id = left_by_then.school_id and enrolled.pupil_id = left_by_then.pupil_id
),
in_groups_then as (
    select distinct placed.school_id, placed.pupil_id,
    from placed
    inner join belonging
        on belonging.school_id = placed.school_id and belonging.pupil_id = placed.pupil_id
        and list_contains(in_groups, belonging.group_code)
        and is_active(belonging.start_date, belonging.end_date, placed.seen_on)
),
with_needs_then as (
    select distinct placed.school_id, placed.pupil_id,
    from placed
    inner join records.needs as needs
        on needs.school_id = placed.school_id and needs.pupil_id = placed.pupil_id
        and list_contains(code_keys(in_needs), lower(needs.need_code))
        and is_active(needs.start_date, needs.end_date, placed.seen_on)
)
select *, on_date as seen_on,
from pupils_in_scope(on_date, in_schools, in_year_groups, in_classes, in_groups, in_needs)
union all by name
select placed.*,
from placed
where (len(in_year_groups) = 0 or list_contains(in_year_groups, placed.year_group))
    and (len(in_classes) = 0 or list_contains(in_classes, placed.class))
    and (len(in_groups) = 0 or (placed.school_id, placed.pupil_id) in (from in_groups_then))
    and (len(in_needs) = 0 or (placed.school_id, placed.pupil_id) in (from with_needs_then));

-- The macros of the files that follow take the name of the scope they start from (`query_table` finds it
-- among the named parts of the question), so that each question works out its scope once.

-- Grain: a pupil in scope and a group the pupil is in on the day.
create macro groups_in_scope(some_scope, on_date) as table
select distinct scope.school_id, scope.pupil_id, belonging.group_code,
from query_table(some_scope) as scope
inner join belonging
    on belonging.school_id = scope.school_id and belonging.pupil_id = scope.pupil_id
where is_active(belonging.start_date, belonging.end_date, on_date);
