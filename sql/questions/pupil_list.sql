-- Title: Pupils
-- Question: Who is counted, with what needs, and what do they have?
-- Grain: a pupil in scope.
-- Columns: groups (codes), needs (live need codes), provisions (in place), attendance_share (attended /
--   possible this academic year in spans that have ended, 0 to 1; empty: nothing possible or not recorded).
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
in_groups as (
    select school_id, pupil_id, list(group_code order by group_code) as groups,
    from groups_in_scope('scope', $as_at)
    group by all
),
with_needs as (
    select school_id, pupil_id, list(distinct need_code order by need_code) as needs,
    from live_needs('scope', $as_at, [])
    group by all
),
with_provision as (
    select scope.school_id, scope.pupil_id,
        list(distinct provided.provision order by provided.provision) as provisions,
    from scope
    inner join records.provided on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
    group by all
),
attending as (
    select scope.school_id, scope.pupil_id, sum(attended) as attended, sum(possible) as possible,
    from scope
    inner join store.attendance
        on attendance.school_id = scope.school_id and attendance.pupil_id = scope.pupil_id
    where attendance.end_date <= $as_at
        and attendance.start_date >= first_day_of(academic_year_of($as_at))
    group by all
)
select
    scope.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    coalesce(in_groups.groups, []) as groups,
    coalesce(with_needs.needs, []) as needs,
    coalesce(with_provision.provisions, []) as provisions,
    attending.attended / nullif(attending.possible, 0) as attendance_share,
    attending.attended,
    attending.possible,
    scope.entry_date,
    scope.school_id,
from scope
left join in_groups using (school_id, pupil_id)
left join with_needs using (school_id, pupil_id)
left join with_provision using (school_id, pupil_id)
left join attending using (school_id, pupil_id)
order by scope.school_id, scope.surname, scope.forename, scope.pupil_id;
