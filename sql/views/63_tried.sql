-- Question: what has been tried for a need, for whom, and what followed?

-- Grain: one row, of the need or subject that is asked about.
-- Columns: is_subject (a subject, so that no need has to be recorded: who is below expected in it may have none).
create macro need_asked_about(some_need) as table
select lower(some_need) as need_key, kinds.area, coalesce(kinds.is_broad_match, false) as is_broad_match,
    coalesce(kinds.area, 'subjects') = 'subjects' as is_subject,
from (select 1 as one)
left join store.codes.need_kinds as kinds on kinds.need_key = lower(some_need);

-- Grain: a time that a pupil of some schools had something in place that addresses a need, begun by the day. The need is
-- the pupil's own: it was live on at least one day of that time, by the day. Of a subject: every time in something for it.
-- Columns: year_group_then and key_stage_then (on the first day), is_measured (a score at both ends by the day), is_gain
--   (the score moved the better way; on age-normed scales holding level is a gain), outcome_by_then (empty where it was
--   not over by the day).
create macro tried_for(in_schools, some_need, on_date) as table
with wanted as (
    from need_asked_about(some_need)
),
times as (
    select
        provided.*,
        not list_contains(provided.need_keys, wanted.need_key)
            and not coalesce(provided.subject_key = wanted.need_key, false) as is_broad,
        academic_year_of(provided.start_date) as in_year,
    from records.provided
    inner join wanted
        on addresses(provided.need_keys, wanted.need_key, wanted.area, wanted.is_broad_match)
        or provided.subject_key = wanted.need_key
    where provided.start_date <= on_date
        and (len(in_schools) = 0 or list_contains(in_schools, provided.school_id))
        and (wanted.is_subject or exists (
            select 1 from records.needs
            where needs.school_id = provided.school_id and needs.pupil_id = provided.pupil_id
                and lower(needs.need_code) = wanted.need_key
                and needs.start_date <= least(coalesce(provided.end_date, on_date), on_date)
                and coalesce(needs.end_date >= provided.start_date, true)
        ))
),
enrolled as (
    select school_id, pupil_id, academic_year, year_group, coalesce(start_date, first_day_of(academic_year)) as start_date,
    from store.enrolments
)
select
    times.*,
    coalesce(enrolled.year_group, pupils.year_group) as year_group_then,
    year_groups.key_stage as key_stage_then,
    number_on_scale(scales.kind, leaving.value_key is not null, leaving.rank, times.exit_value)
        - number_on_scale(scales.kind, entry.value_key is not null, entry.rank, times.entry_value) as difference,
    difference is not null and coalesce(times.exit_date <= on_date, true) as is_measured,
    case when is_measured then
        difference * case when coalesce(scales.is_higher_better, true) then 1 else -1 end > 0
            or (difference = 0 and coalesce(scales.age_normed, false))
    end as is_gain,
    case when coalesce(times.end_date <= on_date, true) then times.outcome end as outcome_by_then,
from times
inner join store.pupils on pupils.school_id = times.school_id and pupils.pupil_id = times.pupil_id
asof left join enrolled
    on enrolled.school_id = times.school_id and enrolled.pupil_id = times.pupil_id
    and enrolled.academic_year = times.in_year and enrolled.start_date <= times.start_date
left join store.codes.year_groups on year_groups.year_group = coalesce(enrolled.year_group, pupils.year_group)
left join store.codes.scales
    on scales.scale_key = lower(substring(times.measure, instr(times.measure, '/') + 1))
left join store.codes.scale_values as entry
    on entry.scale_key = scales.scale_key and entry.value_key = lower(times.entry_value)
left join store.codes.scale_values as leaving
    on leaving.scale_key = scales.scale_key and leaving.value_key = lower(times.exit_value);
