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

-- The macros of the files that follow take the name of the scope they start from (`query_table` finds it
-- among the named parts of the question), so that each question works out its scope once.

-- Grain: a pupil in scope and a group the pupil is in on the day.
create macro groups_in_scope(some_scope, on_date) as table
select distinct scope.school_id, scope.pupil_id, belonging.group_code,
from query_table(some_scope) as scope
inner join belonging
    on belonging.school_id = scope.school_id and belonging.pupil_id = scope.pupil_id
where is_active(belonging.start_date, belonging.end_date, on_date);
