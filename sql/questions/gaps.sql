-- Title: Gaps
-- Question: What does a pupil need that nothing recorded answers?
-- Grain: a finding.
-- Columns: kind (planned, lapsed, unmet: a live need in that state; no_recorded_need: below expected in a
--   subject with no need and no provision for it; sen_without_need: SEN support or a plan with no need of
--   a DfE type; below_plan: fewer minutes a week than the plan requires), since (the first day of it),
--   days (since then), reason (a sentence).
-- Filters: need, subject. Counts: a pupil can have several rows.
-- Wrinkles: whole-class provision is no answer. Being in a group at which a provision is aimed is no gap.
--   A subject can be a need of its own: choosing it keeps that need's rows too.
--   A need that is planned, lapsed or unmet is listed once, not again as below_plan.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
-- All live needs of the pupils in scope, also where the filter names some of them.
states as (
    from need_states('scope', $as_at, [])
),
in_state as (
    select
        school_id, pupil_id, state as kind, need_code,
        null as subject,
        since,
        case state
            when 'planned' then 'Nothing is in place yet for ' || need || ': '
                || array_to_string(provisions, ', ') || ' starts later.'
            when 'lapsed' then 'Nothing has been in place for ' || need || ' since '
                || array_to_string(provisions, ', ') || ' ended.'
            else 'Nothing is recorded that answers ' || need || '.'
        end as reason,
    from states
    where state in ('planned', 'lapsed', 'unmet')
),
below_plan as (
    select
        school_id, pupil_id, 'below_plan' as kind, need_code,
        null as subject,
        case when state = 'covered' then greatest(need_start, latest_start) end as since,
        'The plan requires ' || format('{:.0f}', required_weekly_minutes) || ' minutes a week for ' || need
            || '; what is in place adds up to ' || format('{:.0f}', weekly_minutes)
            || case when minutes_unknown > 0 then ', and some of it has no minutes recorded.' else '.' end as reason,
    from states
    where state in ('covered', 'in_class') and weekly_minutes < required_weekly_minutes
),
below_expected as (
    select latest.school_id, latest.pupil_id, latest.subject, latest.subject_key, latest.assessed_on,
        latest.value, latest.scale, latest.expected,
    from latest_results('scope', $as_at) as latest
    where latest.is_below
),
no_recorded_need as (
    select
        below.school_id, below.pupil_id, 'no_recorded_need' as kind, null as need_code, below.subject,
        below.assessed_on as since,
        'Below the expected mark in ' || below.subject || ' (' || below.value || ' on the scale '
            || below.scale || '; expected ' || below.expected
            || '), with no need and no provision recorded for it.' as reason,
    from below_expected as below
    where not exists (
            select 1 from states
            where states.school_id = below.school_id and states.pupil_id = below.pupil_id
                and (states.need_key = below.subject_key or states.area = 'cognition and learning')
        )
        and not exists (
            select 1 from records.provided
            where provided.school_id = below.school_id and provided.pupil_id = below.pupil_id
                and provided.is_additional and provided.subject_key = below.subject_key
                and provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
        )
),
sen_without_need as (
    select
        scope.school_id, scope.pupil_id, 'sen_without_need' as kind, null as need_code, null as subject,
        min(coalesce(belonging.start_date, scope.entry_date)) as since,
        case when bool_or(belonging.group_code = 'ehc_plan') then 'Has an education, health and care plan'
            else 'Is on SEN support' end || ', with no type of need recorded.' as reason,
    from scope
    inner join belonging
        on belonging.school_id = scope.school_id and belonging.pupil_id = scope.pupil_id
    where belonging.group_code in ('sen_support', 'ehc_plan')
        and is_active(belonging.start_date, belonging.end_date, $as_at)
        and not exists (
            select 1 from states
            where states.school_id = scope.school_id and states.pupil_id = scope.pupil_id and states.is_dfe
        )
    group by scope.school_id, scope.pupil_id
),
findings as (
    from in_state
    union all by name from below_plan
    union all by name from no_recorded_need
    union all by name from sen_without_need
)
select
    findings.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    findings.kind,
    findings.need_code,
    findings.subject,
    findings.since::date as since,
    findings.reason,
    ($as_at - findings.since::date)::integer as days,
    findings.school_id,
from findings
inner join scope using (school_id, pupil_id)
where (len($needs) = 0 or list_contains(code_keys($needs), lower(findings.need_code)))
    and (
        len($subjects) = 0
        or list_contains(code_keys($subjects), lower(coalesce(findings.subject, findings.need_code)))
    )
order by
    findings.school_id, scope.surname, scope.forename, findings.pupil_id,
    array_position(['unmet', 'lapsed', 'planned', 'below_plan', 'sen_without_need', 'no_recorded_need'], findings.kind),
    findings.need_code, findings.subject, findings.since;
