-- Question: where does each subject stand now, where did it stand before this term, and what has not been tried?

-- Grain: a subject in play now. Column: not_tried (additional provision for it, as in ledger_given, that runs, is meant
--   for the pupil's year group, and that the pupil never had), not_planned (those of them that are not to begin for the
--   pupil), to_begin (the others, each with its first day).
create macro ledger_untried(some_scope, some_states, on_date) as table
with current as (
    select states.school_id, states.pupil_id, states.subject_key, states.learning_keys, scope.year_group,
    from query_table(some_states) as states
    inner join query_table(some_scope) as scope using (school_id, pupil_id)
    where states.is_now
),
running as (
    from records.offered where is_additional and is_active(start_date, end_date, on_date)
),
had as (
    select distinct provided.school_id, provided.pupil_id, provided.provision_id,
    from records.provided
    semi join current using (school_id, pupil_id)
    where provided.is_additional and provided.start_date <= on_date
),
planned as (
    select provided.school_id, provided.pupil_id, provided.provision_id, min(provided.start_date) as first_day,
    from records.provided
    semi join current using (school_id, pupil_id)
    where provided.is_additional and provided.start_date > on_date
    group by all
)
select current.school_id, current.pupil_id, current.subject_key,
    list(distinct running.name order by running.name) as not_tried,
    list(distinct running.name order by running.name) filter (where planned.first_day is null) as not_planned,
    list_sort(list(distinct running.name || ' begins on ' || day_in_words(planned.first_day))
        filter (where planned.first_day is not null)) as to_begin,
from current
inner join running on running.school_id = current.school_id
cross join codes_of_subjects()
anti join had
    on had.school_id = current.school_id and had.pupil_id = current.pupil_id and had.provision_id = running.provision_id
left join planned
    on planned.school_id = current.school_id and planned.pupil_id = current.pupil_id
    and planned.provision_id = running.provision_id
where is_for_subject(running.subject_key, running.need_keys, current.subject_key, current.learning_keys, subject_keys)
    and (coalesce(len(running.year_groups), 0) = 0 or list_contains(running.year_groups, current.year_group))
group by current.school_id, current.pupil_id, current.subject_key;

-- Grain: a pupil in scope and a subject in play on the day, or on the last day before this term (state is then empty).
create macro ledger_lines(some_scope, on_date, in_subjects) as table
with days as materialized (
    from ledger_days(some_scope, on_date)
),
states as materialized (
    from ledger_states('days', in_subjects)
),
lines as (
    select
        coalesce(current.school_id, earlier.school_id) as school_id,
        coalesce(current.pupil_id, earlier.pupil_id) as pupil_id,
        coalesce(current.subject_key, earlier.subject_key) as subject_key,
        coalesce(current.subject, earlier.subject) as subject,
        earlier.state as state_before,
        current.* exclude (school_id, pupil_id, subject_key, subject),
    from ledger_told('states') as current
    full join (from states where not is_now) as earlier
        on earlier.school_id = current.school_id and earlier.pupil_id = current.pupil_id
        and earlier.subject_key = current.subject_key
),
in_groups as (
    select school_id, pupil_id, list(group_code order by group_code) as groups,
    from groups_in_scope(some_scope, on_date)
    group by school_id, pupil_id
)
select
    lines.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    lines.subject,
    lines.state,
    lines.scale,
    lines.value as latest_value,
    lines.on_day as latest_on,
    lines.mark,
    case when lines.mark is not null then case when lines.is_deeper then 'greater depth' else 'expected' end end as mark_kind,
    lines.points_below::integer as points_below,
    coalesce(lines.running, []) as running,
    lines.running_days,
    list_filter(coalesce(lines.ended, []), lambda name: not list_contains(coalesce(lines.running, []), name)) as tried,
    coalesce(untried.not_tried, []) as not_tried,
    lines.state_before,
    lines.state is distinct from lines.state_before as moved,
    lines.reason || case when lines.state <> 'persists' then ''
        when untried.not_tried is null then ' Nothing that runs for it in this year is left untried.'
        when untried.not_planned is null
            then ' Nothing else that runs for it in this year is left untried: ' || array_to_string(untried.to_begin, ', ') || '.'
        else ' Not tried yet: ' || array_to_string(untried.not_planned, ', ')
            || coalesce(' (' || array_to_string(untried.to_begin, ', ') || ')', '') || '.' end as reason,
    lines.standing,
    coalesce(in_groups.groups, []) as groups,
    lines.school_id,
    lines.subject_key,
from lines
inner join query_table(some_scope) as scope using (school_id, pupil_id)
left join ledger_untried(some_scope, 'states', on_date) as untried using (school_id, pupil_id, subject_key)
left join in_groups using (school_id, pupil_id);
