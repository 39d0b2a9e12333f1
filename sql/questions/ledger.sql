-- Title: Where are we?
-- Question: Which pupils are below the mark or falling behind their own past, and is that being handled, solved, closed, or does it persist?
-- Grain: a pupil in scope and a subject that is in play on the day: below the mark, fallen from the pupil's own last
--   point by more than a set amount, or lately back at the mark. In exactly one state.
-- Columns: state (closed: at the mark twice running after being below; additional, in_class: something additional, or a
--   class adjustment, is in place for the subject and on course; persists: a term of provision and none of it on course;
--   too_soon: less than that, no result since, or at the mark once; nothing_recorded: nothing is in place; the first that
--   holds), mark (greater depth for a more-able pupil: mark_kind), points_below (terms in a row below it), running (in
--   place now for the subject), running_days (the longest of them), tried (what ended before), not_tried (additional
--   provision that runs for the subject and year group, which the pupil never had), state_before (the same on the last
--   day before this term; empty: not in play then), moved, reason (a sentence with the numbers), standing (below, fallen,
--   once or closed), groups.
-- Filters: subject. Counts: a pupil has as many rows as subjects in play.
-- Wrinkles: on course means that the gap to the mark is smaller at the latest point since the start than at the last one
--   by the start, or that the pupil's own agreed target is on course. A pupil with no result in the last 366 days (a
--   setting) is not here but under no data. One point a term; a gap is measured on one scale alone.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
days as materialized (
    from ledger_days('scope', $as_at)
),
states as materialized (
    from ledger_states('days')
),
current as (
    from states where is_now and (len($subjects) = 0 or list_contains(code_keys($subjects), subject_key))
),
untried as (
    select current.school_id, current.pupil_id, current.subject_key,
        list(distinct offered.name order by offered.name) as not_tried,
    from current
    inner join scope using (school_id, pupil_id)
    inner join records.offered on offered.school_id = current.school_id
    where offered.is_additional
        and is_active(offered.start_date, offered.end_date, $as_at)
        and (offered.subject_key = current.subject_key or list_contains(offered.need_keys, current.subject_key))
        and (coalesce(len(offered.year_groups), 0) = 0 or list_contains(offered.year_groups, scope.year_group))
        and not exists (
            select 1 from records.provided
            where provided.school_id = current.school_id and provided.pupil_id = current.pupil_id
                and provided.provision_id = offered.provision_id
        )
    group by current.school_id, current.pupil_id, current.subject_key
),
in_groups as (
    select school_id, pupil_id, list(group_code order by group_code) as groups,
    from groups_in_scope('scope', $as_at)
    group by school_id, pupil_id
)
select
    current.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    current.subject,
    current.state,
    current.scale,
    current.value as latest_value,
    current.on_day as latest_on,
    current.mark,
    case when current.mark is not null then case when current.is_deeper then 'greater depth' else 'expected' end end
        as mark_kind,
    current.points_below::integer as points_below,
    coalesce(current.running, []) as running,
    current.running_days,
    list_filter(coalesce(current.ended, []), lambda name: not list_contains(coalesce(current.running, []), name)) as tried,
    coalesce(untried.not_tried, []) as not_tried,
    earlier.state as state_before,
    current.state is distinct from earlier.state as moved,
    ledger_reason(current) as reason,
    current.standing,
    coalesce(in_groups.groups, []) as groups,
    current.school_id,
from current
inner join scope using (school_id, pupil_id)
left join states as earlier
    on earlier.school_id = current.school_id and earlier.pupil_id = current.pupil_id
    and earlier.subject_key = current.subject_key and not earlier.is_now
left join untried
    on untried.school_id = current.school_id and untried.pupil_id = current.pupil_id
    and untried.subject_key = current.subject_key
left join in_groups
    on in_groups.school_id = current.school_id and in_groups.pupil_id = current.pupil_id
order by current.school_id, scope.surname, scope.forename, current.pupil_id, current.subject_key;
