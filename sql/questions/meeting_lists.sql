-- Title: Lists for the meeting
-- Question: Whom should a progress meeting talk about, and why?
-- Grain: a finding: a pupil, a subject (none for attendance), and one of the lists.
-- Columns: kind (below_mark: the latest result of the last 366 days is below the mark, at risk of under-attaining;
--   below_own_past: clearly lower than about a year ago; behind_own_target: behind the line to the newest agreed target,
--   from its starting point to its day, never on grades; both
--   at risk of underachieving; sudden_fall: clearly lower than the result before it, of an earlier term within 366 days;
--   good_progress: clearly
--   higher than a year ago, or at the mark after being below it; not_assessed: no result in the latest term in which
--   most classes were assessed; teacher_and_test: the two disagree; absent: a tenth or more of the sessions possible
--   this school year missed), scale, value, value_before, mark, on_day (of the value), reason (a sentence),
--   missed_share (of sessions), part_time_share (of those missed in the spans for which it is recorded, under an agreed
--   part-time timetable; empty: not known),
--   assessor (only of results that are missing: who assessed most of the class).
-- Filters: subject. Counts: a pupil can have several rows; each list counts its rows.
-- Wrinkles: more-able pupils are judged against greater depth where it is set. The lists are tests of their own and
--   overlap. Exactly a tenth of the sessions missed is persistent; nothing possible is not applicable.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
latest as materialized (
    from latest_points('scope', $subjects, $as_at)
),
a_year as materialized (
    from since_a_year_ago('latest', $as_at)
),
below as (
    select latest.*, 'below_mark' as list, value_2 as value_before,
        value || ' in ' || subject || ' (' || scale || ') is below '
            || case when is_deeper then 'greater depth' else 'expected' end || ', which is ' || mark
            || case when points_below > 1 then '; below it at ' || points_below || ' results running' else '' end
            || '.' as reason,
    from latest
    where gap > 0
),
own_past as (
    select latest.*, 'below_own_past' as list, year_ago_value as value_before,
        value || ' in ' || subject || ' (' || scale || ') after ' || year_ago_value || ' on '
            || strftime(year_ago_day, '%-d %b %Y')
            || case when kind = 'age' then ': ' || format('{:.0f}', -better_by) || ' months less than the time that passed.'
                else '.' end as reason,
    from latest
    inner join a_year using (line)
    where better_by < 0 and -better_by >= matters
),
good as (
    select latest.*, 'good_progress' as list, year_ago_value as value_before,
        value || ' in ' || subject || ' (' || scale || ') after ' || year_ago_value || ' on '
            || strftime(year_ago_day, '%-d %b %Y')
            || case when gap <= 0 and year_ago_gap > 0 then ': below the mark then, at it now.'
                when kind = 'age' then ': ' || format('{:.0f}', better_by) || ' months more than the time that passed.'
                else '.' end as reason,
    from latest
    inner join a_year using (line)
    where (better_by > 0 and better_by >= matters and not grows) or (better_by >= 0 and gap <= 0 and year_ago_gap > 0)
),
falls as (
    select latest.*, 'sudden_fall' as list, value_2 as value_before,
        value || ' in ' || subject || ' (' || latest.scale || '), after ' || value_2 || ' at the result before.' as reason,
    from latest
    left join store.codes.scales on scales.scale_key = latest.scale_key
    where loss > 0 and on_day - day_2 <= setting_assessment_window($as_at)
        and loss >= ledger_fall(scales.sd, latest.kind, scales.minimum, scales.maximum, $as_at)
),
behind as (
    select latest.*, 'behind_own_target' as list, value_2 as value_before,
        value || ' in ' || subject || ' (' || scale || ') is behind the way to the target of ' || targets.target
            || coalesce(', due ' || strftime(targets.due_on, '%-d %b %Y'), '') || '.' as reason,
    from latest
    inner join (
        -- The newest alone: an older one is history, also where it was higher.
        from own_targets('latest')
        qualify row_number() over (partition by line order by set_on desc, target) = 1
    ) as targets using (line)
    -- There is a line only from a starting point to a day, and on grades nothing lies between two steps.
    where not targets.is_on_course and targets.due_on is not null and targets.first_number is not null
        and latest.kind <> 'ordered'
),
from_results as (
    select school_id, pupil_id, subject, scale, value, value_before, mark, on_day, list, reason,
    from (
        select * from below
        union all by name
        select * from own_past
        union all by name
        select * from good
        union all by name
        select * from falls
        union all by name
        select * from behind
    )
),
missing as (
    select school_id, pupil_id, subject, scale, 'not_assessed' as list, assessor,
        case
            when is_whole_class then 'Nobody of the class has a result'
            when code is not null then 'No score (' || code || ')'
            else 'No result'
        end || ' in ' || subject || ' (' || scale || ') in the ' || in_term || ' term ' || in_year
            || ', in which most classes were assessed.' as reason,
    from results_missing('scope', $subjects, $as_at)
),
disagree as (
    select school_id, pupil_id, subject, tested_scale as scale, 'teacher_and_test' as list, tested_value as value,
        judged_value as value_before, tested_mark as mark, tested_on as on_day,
        'The teacher''s judgement (' || judged_value || ', ' || strftime(judged_on, '%-d %b %Y') || ') says '
            || case when judged_at_expected then 'at expected' else 'below expected' end || ', the test ('
            || tested_value || ', ' || tested_scale || ', ' || strftime(tested_on, '%-d %b %Y') || ') says '
            || case when judged_at_expected then 'below' else 'at or above' end || '.' as reason,
    from teacher_against_test('scope', $subjects, $as_at)
),
attended as (
    select attendance.school_id, attendance.pupil_id, sum(possible) as possible, sum(attended) as attended,
        sum(agreed_part_time) as part_time,
        sum(possible - attended) filter (where agreed_part_time is not null) as missed_where_known,
        max(attendance.end_date) as on_day,
    from scope
    inner join store.attendance
        on attendance.school_id = scope.school_id and attendance.pupil_id = scope.pupil_id
    where attendance.end_date <= $as_at and academic_year_of(attendance.end_date) = academic_year_of($as_at)
        and len($subjects) = 0
    group by all
    having sum(possible) > 0
),
absent as (
    select school_id, pupil_id, 'absent' as list, on_day,
        (possible - attended) / possible as missed_share,
        part_time / nullif(missed_where_known, 0) as part_time_share,
        format('{:.0f}', possible - attended) || ' of ' || format('{:.0f}', possible)
            || ' sessions missed this school year'
            || case when possible - attended + 1e-9 * possible >= setting_severe_absence($as_at) * possible
                then ' (severe)' else ' (persistent)' end
            || case when part_time > 0 then ', ' || format('{:.0f}', part_time) || ' of them agreed part-time' else '' end
            || '.' as reason,
    from attended
    -- Sessions worked out from a percentage carry floating-point noise: exactly a tenth is persistent.
    where possible - attended + 1e-9 * possible >= setting_persistent_absence($as_at) * possible
),
found as (
    select * from from_results
    union all by name
    select * from missing
    union all by name
    select * from disagree
    union all by name
    select * from absent
)
select
    found.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    found.list as kind,
    found.subject,
    found.scale,
    found.value,
    found.value_before,
    found.mark,
    found.on_day,
    found.reason,
    found.missed_share,
    found.part_time_share,
    found.assessor,
    found.school_id,
from found
inner join scope using (school_id, pupil_id)
order by found.school_id, scope.surname, scope.forename, found.pupil_id, found.subject, found.list, found.scale;
