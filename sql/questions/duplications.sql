-- Title: Possible overlaps
-- Question: Who is served twice, again without gain, or without a present need?
-- Grain: a finding.
-- Columns: kind (same_provision: two times in one provision that share a day; same_need: two additional
--   provisions of one purpose in place for one live need; repeated_without_gain: again in a provision
--   whose last time brought no gain; no_current_need: additional provision for no present need),
--   provision_id (the earlier start, then the smaller id) and other_provision_id, from_date and to_date
--   (the shared days; for the last two kinds the provision's own; to_date empty while open),
--   weekly_minutes (minutes a week doubled: the smaller of the two; for the last two kinds its own),
--   is_current (those days, for a repeat the later provision, include the day), shared_days (of the first two
--   kinds, by the day), doubled_minutes (lesson time that they took twice by the day: minutes a week doubled, for
--   the weeks shared; empty: minutes not recorded), is_intended, intended_because, marked_by and marked_at (a leader
--   marked it as intended; it stays listed), first_time and other_time (which times in provision it is about: each by its
--   identifier, or by its first day where it has none).
-- Counts: a pupil can have several rows.
-- Wrinkles: only provision for learning or therapy counts (repeats: learning), and nothing whose purpose is
--   not recorded. same_provision and repeated_without_gain look at all time. Spans that only meet are no
--   overlap. On an age-normed scale holding level is a gain.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
provision_of as (
    select
        provided.*,
        provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true) as is_active_now,
        row_number() over (
            order by provided.school_id, provided.pupil_id, provided.start_date, provided.provision_id,
                provided.placement_id
        ) as place,
    from scope
    inner join records.provided
        on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    where provided.purpose in ('learning', 'therapy') and len(provided.need_keys) > 0
),
same_provision as (
    select
        earlier.school_id, earlier.pupil_id, 'same_provision' as kind,
        earlier.provision_id, later.provision_id as other_provision_id, null as need_code,
        greatest(earlier.start_date, later.start_date) as from_date,
        least(earlier.end_date, later.end_date) as to_date,
        coalesce(earlier.placement_id, earlier.start_date::varchar) as first_time,
        coalesce(later.placement_id, later.start_date::varchar) as other_time,
        case when earlier.weekly_minutes is not null and later.weekly_minutes is not null
            then least(earlier.weekly_minutes, later.weekly_minutes) end as weekly_minutes,
        'In ' || earlier.provision || ' twice over the same days.' as reason,
    from provision_of as earlier
    inner join provision_of as later
        on later.school_id = earlier.school_id and later.pupil_id = earlier.pupil_id
        and later.provision_id = earlier.provision_id and later.place > earlier.place
    where coalesce(earlier.end_date >= later.start_date, true)
        and coalesce(later.end_date >= earlier.start_date, true)
),
-- All live needs of the pupils in scope, also where the filter names some of them.
live as (
    from live_needs('scope', $as_at, [])
),
answering as (
    select distinct provision_of.*, live.need_code, live.need,
    from provision_of
    inner join live
        on live.school_id = provision_of.school_id and live.pupil_id = provision_of.pupil_id
    where provision_of.is_additional and provision_of.is_active_now
        and addresses(provision_of.need_keys, live.need_key, live.area, live.is_broad_match)
),
same_need as (
    select
        earlier.school_id, earlier.pupil_id, 'same_need' as kind,
        earlier.provision_id, later.provision_id as other_provision_id, earlier.need_code,
        greatest(earlier.start_date, later.start_date) as from_date,
        least(earlier.end_date, later.end_date) as to_date,
        coalesce(earlier.placement_id, earlier.start_date::varchar) as first_time,
        coalesce(later.placement_id, later.start_date::varchar) as other_time,
        case when earlier.weekly_minutes is not null and later.weekly_minutes is not null
            then least(earlier.weekly_minutes, later.weekly_minutes) end as weekly_minutes,
        earlier.provision || ' and ' || later.provision || ' are both in place for ' || earlier.need || '.' as reason,
    from answering as earlier
    inner join answering as later
        on later.school_id = earlier.school_id and later.pupil_id = earlier.pupil_id
        and later.need_code = earlier.need_code and later.place > earlier.place
    where later.provision_id <> earlier.provision_id
        and later.purpose = earlier.purpose
        and earlier.required_by is null and later.required_by is null
        and coalesce(later.subject_key = earlier.subject_key, true)
),
previous as (
    select
        later.school_id, later.pupil_id, later.place,
        arg_max(earlier.place, (earlier.end_date, earlier.start_date, earlier.place)) as previous_place,
    from provision_of as later
    inner join provision_of as earlier
        on earlier.school_id = later.school_id and earlier.pupil_id = later.pupil_id
        and earlier.provision_id = later.provision_id and earlier.end_date < later.start_date
    where later.purpose = 'learning'
    group by all
),
outcomes as (
    select
        previous.place,
        earlier.outcome,
        earlier.end_date,
        number_on_scale(scales.kind, entry.value_key is not null, entry.rank, earlier.entry_value) as entry_number,
        number_on_scale(scales.kind, leaving.value_key is not null, leaving.rank, earlier.exit_value) as exit_number,
        case when coalesce(scales.is_higher_better, true) then 1 else -1 end as direction,
        coalesce(scales.age_normed, false) as age_normed,
        earlier.measure,
    from previous
    inner join provision_of as earlier on earlier.place = previous.previous_place
    left join store.codes.scales
        on scales.scale_key = lower(substring(earlier.measure, instr(earlier.measure, '/') + 1))
    left join store.codes.scale_values as entry
        on entry.scale_key = scales.scale_key and entry.value_key = lower(earlier.entry_value)
    left join store.codes.scale_values as leaving
        on leaving.scale_key = scales.scale_key and leaving.value_key = lower(earlier.exit_value)
),
without_gain as (
    select *, (exit_number - entry_number) * direction as gain,
    from outcomes
),
repeated_without_gain as (
    select
        later.school_id, later.pupil_id, 'repeated_without_gain' as kind,
        later.provision_id, later.provision_id as other_provision_id, null as need_code,
        later.start_date as from_date, later.end_date as to_date, later.weekly_minutes,
        coalesce(later.placement_id, later.start_date::varchar) as first_time,
        null as other_time,
        'In ' || later.provision || ' again, after a time that ended on '
            || strftime(without_gain.end_date, '%-d %b %Y')
            || case when without_gain.outcome = 'not met' then ' with its outcome not met.' else ' without gain.' end as reason,
    from without_gain
    inner join provision_of as later using (place)
    where without_gain.outcome = 'not met'
        or (
            without_gain.measure is not null
            and case when age_normed then gain < 0 else gain <= 0 end
        )
),
no_current_need as (
    select
        provision_of.school_id, provision_of.pupil_id, 'no_current_need' as kind,
        provision_of.provision_id, null as other_provision_id, null as need_code,
        provision_of.start_date as from_date, provision_of.end_date as to_date, provision_of.weekly_minutes,
        coalesce(provision_of.placement_id, provision_of.start_date::varchar) as first_time,
        null as other_time,
        provision_of.provision || ' is in place, and no present need, result or entry criterion asks for it.' as reason,
    from without_reason('scope', $as_at) as provision_of
),
findings as (
    from same_provision
    union all by name from same_need
    union all by name from repeated_without_gain
    union all by name from no_current_need
)
select
    findings.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    findings.kind,
    findings.provision_id,
    findings.other_provision_id,
    findings.need_code,
    findings.from_date,
    findings.to_date,
    findings.weekly_minutes,
    findings.reason,
    findings.from_date <= $as_at and coalesce(findings.to_date >= $as_at, true) as is_current,
    case when findings.kind in ('same_provision', 'same_need')
        then greatest(least(coalesce(findings.to_date, $as_at), $as_at) - findings.from_date + 1, 0)::integer
        end as shared_days,
    case when findings.kind in ('same_provision', 'same_need')
        then findings.weekly_minutes * shared_days / 7 end as doubled_minutes,
    marks.pupil_id is not null as is_intended,
    marks.reason as intended_because,
    marks.written_by as marked_by,
    marks.written_at as marked_at,
    coalesce(offered.name, findings.provision_id) as provision,
    coalesce(other.name, findings.other_provision_id) as other_provision,
    findings.first_time,
    findings.other_time,
    findings.school_id,
from findings
inner join scope using (school_id, pupil_id)
left join records.offered
    on offered.school_id = findings.school_id and offered.provision_id = findings.provision_id
left join records.offered as other
    on other.school_id = findings.school_id and other.provision_id = findings.other_provision_id
left join records.marks
    on marks.school_id = findings.school_id and marks.pupil_id = findings.pupil_id and marks.kind = findings.kind
    and marks.provision_id = findings.provision_id
    and marks.other_provision_id is not distinct from findings.other_provision_id
    and marks.need_code is not distinct from findings.need_code
    and marks.first_time = findings.first_time
    and marks.other_time is not distinct from findings.other_time
    and not coalesce(marks.is_taken_back, false)
where (len($needs) = 0 or list_contains(code_keys($needs), lower(findings.need_code)))
order by
    findings.school_id, scope.surname, scope.forename, findings.pupil_id,
    array_position(['same_provision', 'same_need', 'repeated_without_gain', 'no_current_need'], findings.kind),
    findings.provision_id, findings.other_provision_id, findings.need_code, findings.from_date,
    findings.first_time, findings.other_time;
