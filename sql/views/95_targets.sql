-- Question: how does each target stand: reached, within reach, not yet, past due, or nothing to judge by?

-- Grain: a value of an ordered scale that counts, with its place among them (1: the lowest).
create view scale_steps as
select listed.scale_key, listed.rank as number, dense_rank() over (partition by listed.scale_key order by listed.rank) as step,
from (select distinct scale_key, rank from store.codes.scale_values where rank is not null) as listed
inner join store.codes.scales on scales.scale_key = listed.scale_key
where scales.kind = 'ordered' and scales.sd is null;

-- How far away is still within reach, in the unit of `away`.
create macro target_reach(some_sd, some_kind, some_minimum, some_maximum, on_date) as
    case
        when coalesce(some_sd > 0, false)
            then greatest(setting_reach_sd(on_date) * some_sd, setting_reach_least(on_date))
        when some_kind = 'ordered' then setting_reach_steps(on_date)
        when some_kind = 'age' then setting_reach_months(on_date)
        else greatest(setting_reach_range(on_date) * (some_maximum - some_minimum), setting_reach_least(on_date))
    end;

create macro target_unit(some_sd, some_kind) as
    case
        when some_kind = 'age' then 'month'
        when some_kind = 'ordered' and not coalesce(some_sd > 0, false) then 'step'
        else 'point'
    end;

create macro how_far_in_words(some_away, some_unit) as
    case
        when some_away = 0 then 'at the target'
        else format('{:g}', abs(some_away)::double) || ' ' || some_unit || case when abs(some_away) = 1 then '' else 's' end
            || case when some_away > 0 then ' to go' else ' beyond' end
    end;

-- Grain: a pupil and a target that is the pupil's own or shared (rows of `some_aims`: aim, school_id, pupil_id, subject,
--   scale, target, baseline, set_on, due_on, result, forecast, forecast_on).
-- Judged by the recorded result where it is on the scale, else by the pupil's latest scored result of the subject on the
--   target's scale (none named: the scale of the latest result of the subject) by the day, from the last 366 days (a
--   setting), test before teacher on one day; what was reached by the due day stays reached.
-- Columns: starting_point (the baseline, else the latest result by the day it was set), now_value and now_on (that latest
--   result), away (how far from the target in the scale's better direction, in `unit`s: 0 or less is reached), reach (how
--   far is within reach), forecast_meets (empty: no forecast that can be read by the day), state (the first that holds):
--   no_result (no result to judge by, or a target that is no value of the scale), reached (at the target or better, now or,
--   where there is no result now, on the due day), reached_then (at it on the due day, and below it now), overdue (the due
--   day is before the day), within_reach, not_yet; because (why there is nothing to judge by); since_set (the result it is
--   judged by beside the starting point, up being better: risen or fallen by as much as matters on the scale, same; empty:
--   no result since it was set, or no starting point on the scale).
create macro judged_targets(some_aims, on_date) as table
with scored as (
    -- Grouped rather than numbered within windows, and joined by day rather than as of it: less than half the time.
    select results.school_id, results.pupil_id, results.subject_key, results.scale_key, results.on_day,
        unnest(arg_min(
            {'value': results.value, 'number': results.number, 'source_order': results.source_order},
            {'source': results.source_order, 'number': results.number}
        )),
    from store.results
    semi join query_table(some_aims) as aims
        on aims.school_id = results.school_id and aims.pupil_id = results.pupil_id
        and lower(aims.subject) = results.subject_key
    where results.number is not null and results.on_day <= on_date
    group by results.school_id, results.pupil_id, results.subject_key, results.scale_key, results.on_day
),
latest_scale as (
    select school_id, pupil_id, subject_key, scale_key,
    from scored
    where on_day >= window_start(on_date)
    qualify row_number() over (
        partition by school_id, pupil_id, subject_key order by on_day desc, source_order, scale_key
    ) = 1
),
on_scale as (
    select
        aims.aim, aims.school_id, aims.pupil_id, aims.target, aims.baseline, aims.set_on, aims.due_on, aims.result,
        case when coalesce(aims.forecast_on <= on_date, true) then aims.forecast end as forecast,
        lower(aims.subject) as subject_key,
        coalesce(lower(aims.scale), latest_scale.scale_key) as scale_key,
        coalesce(scales.scale, aims.scale) as scale,
        scales.kind,
        coalesce(scales.is_higher_better, true) as is_higher_better,
        target_unit(scales.sd, scales.kind) as unit,
        target_reach(scales.sd, scales.kind, scales.minimum, scales.maximum, on_date) as reach,
        scales.sd, scales.minimum, scales.maximum,
    from query_table(some_aims) as aims
    left join latest_scale
        on latest_scale.school_id = aims.school_id and latest_scale.pupil_id = aims.pupil_id
        and latest_scale.subject_key = lower(aims.subject)
    left join store.codes.scales on scales.scale_key = coalesce(lower(aims.scale), latest_scale.scale_key)
),
numbered as (
    select
        on_scale.*,
        case when on_scale.scale_key is not null
            then number_on_scale(on_scale.kind, wanted.value_key is not null, wanted.rank, target) end as target_number,
        case when on_scale.scale_key is not null
            then number_on_scale(on_scale.kind, ended.value_key is not null, ended.rank, result) end as result_number,
        case when on_scale.scale_key is not null
            then number_on_scale(on_scale.kind, hoped.value_key is not null, hoped.rank, forecast) end as forecast_number,
        case when on_scale.scale_key is not null
            then number_on_scale(on_scale.kind, begun.value_key is not null, begun.rank, baseline) end as baseline_number,
    from on_scale
    left join store.codes.scale_values as wanted
        on wanted.scale_key = on_scale.scale_key and wanted.value_key = lower(on_scale.target)
    left join store.codes.scale_values as ended
        on ended.scale_key = on_scale.scale_key and ended.value_key = lower(on_scale.result)
    left join store.codes.scale_values as hoped
        on hoped.scale_key = on_scale.scale_key and hoped.value_key = lower(on_scale.forecast)
    left join store.codes.scale_values as begun
        on begun.scale_key = on_scale.scale_key and begun.value_key = lower(on_scale.baseline)
),
-- The latest result as at three days: the day, the due day where it is over, the day it was set.
days as (
    select aim, school_id, pupil_id, subject_key, scale_key, 'now' as moment, on_date as as_of, from numbered
    union all
    select aim, school_id, pupil_id, subject_key, scale_key, 'due', due_on, from numbered where due_on < on_date
    union all
    select aim, school_id, pupil_id, subject_key, scale_key, 'start', set_on, from numbered
),
-- From which day on results still count as at each of these days.
opened as (
    select as_of, window_start(as_of) as from_day, from (select distinct as_of from days)
),
standing as (
    select
        days.aim, days.school_id, days.pupil_id,
        arg_max({'value': scored.value, 'number': scored.number, 'on_day': scored.on_day}, scored.on_day)
            filter (where moment = 'now') as now,
        arg_max({'value': scored.value, 'number': scored.number, 'on_day': scored.on_day}, scored.on_day)
            filter (where moment = 'due') as due,
        arg_max({'value': scored.value, 'number': scored.number, 'on_day': scored.on_day}, scored.on_day)
            filter (where moment = 'start') as start,
    from days
    inner join opened on opened.as_of = days.as_of
    inner join scored
        on scored.school_id = days.school_id and scored.pupil_id = days.pupil_id
        and scored.subject_key = days.subject_key and scored.scale_key = days.scale_key
        and scored.on_day between opened.from_day and days.as_of
    group by days.aim, days.school_id, days.pupil_id
),
judged as (
    select
        numbered.*,
        standing.now, standing.due, standing.start,
        coalesce(result_number, standing.now.number) as judged_number,
        case when result_number is null then standing.due.number end as due_number,
        case when is_higher_better then 1 else -1 end as better,
        coalesce(baseline_number, standing.start.number) as begun_number,
    from numbered
    left join standing using (aim, school_id, pupil_id)
)
select
    judged.aim, judged.school_id, judged.pupil_id, judged.subject_key, judged.scale, judged.unit, judged.reach,
    coalesce(judged.baseline, judged.start.value) as starting_point,
    judged.start.number as start_number,
    judged.now.value as now_value,
    judged.now.on_day as now_on,
    judged.forecast,
    better * (forecast_number - target_number) >= 0 as forecast_meets,
    better * coalesce(far.step - here.step, target_number - judged_number) as away,
    coalesce(better * (target_number - due_number) <= 0, false) as was_there_when_due,
    case when away > 0 and was_there_when_due
            then format('{:g}', away::double) || ' ' || judged.unit || case when away = 1 then '' else 's' end || ' below'
        else how_far_in_words(away, judged.unit) end as how_far,
    case
        when target_number is null or coalesce(judged_number, due_number) is null then 'no_result'
        when coalesce(away <= 0, was_there_when_due) then 'reached'
        when was_there_when_due then 'reached_then'
        when due_on < on_date then 'overdue'
        when away <= reach then 'within_reach'
        else 'not_yet'
    end as state,
    case
        when state <> 'no_result' then null
        when judged.scale_key is null then 'No result in this subject in the last year, and no scale is named'
        when target_number is null then 'The target is no value of this scale'
        else 'No result on this scale in the last year'
    end as because,
    start_number is not null and better * (target_number - start_number) <= 0 as was_there,
    better * coalesce(here.step - begun.step, judged_number - begun_number) as change,
    case
        -- Without a result since it was set nothing can be said.
        when change is null or (judged.result_number is null and coalesce(judged.now.on_day <= judged.set_on, true)) then null
        when not is_move(change, judged.sd, judged.kind, judged.minimum, judged.maximum, on_date) then 'same'
        when change > 0 then 'risen'
        else 'fallen'
    end as since_set,
from judged
left join scale_steps as far on far.scale_key = judged.scale_key and far.number = judged.target_number
left join scale_steps as here on here.scale_key = judged.scale_key and here.number = judged.judged_number
left join scale_steps as begun on begun.scale_key = judged.scale_key and begun.number = judged.begun_number;

-- Grain: a target of a class, year group or group that was set by the day. Its academic year is the one it names, else
--   that of the day it was set. `aim` numbers them. Columns: for_whom ("Year 5, Oak"), unsaid (what it lacks to be judged).
create macro shared_aims(in_schools, in_subjects, on_date) as table
select
    row_number() over (
        order by targets.school_id, lower(targets.subject), targets.year_group, targets.class, targets.group_code,
            targets.set_on, targets.due_on, targets.scale, targets.target
    ) as aim,
    targets.* replace (
        coalesce(targets.academic_year, academic_year_of(targets.set_on)) as academic_year,
        case when coalesce(targets.forecast_on <= on_date, true) then targets.forecast end as forecast
    ),
    concat_ws(', ', year_groups.name, targets.class, coalesce(group_names.name, targets.group_code)) as for_whom,
    case when targets.share_needed is null then 'How many are to reach it is not recorded'
        when targets.scale is null then 'The scale is not recorded' end as unsaid,
from records.targets
left join store.codes.year_groups on year_groups.year_group = targets.year_group
left join records.group_names on group_names.group_code = targets.group_code
where targets.pupil_id is null and targets.set_on <= on_date
    and (len(in_schools) = 0 or list_contains(in_schools, targets.school_id))
    and (len(in_subjects) = 0 or list_contains(code_keys(in_subjects), lower(targets.subject)));

-- Grain: a pupil of `some_scope`, a subject, a scale and an academic year for which a teacher has made a forecast by the
--   day: the newest that stands with the pupil's own targets of that year. One without a scale says nothing of any.
create macro own_forecasts(some_scope, on_date) as table
select
    targets.school_id, targets.pupil_id,
    lower(targets.subject) as subject_key,
    lower(targets.scale) as scale_key,
    coalesce(targets.academic_year, academic_year_of(targets.set_on)) as academic_year,
    unnest(arg_max(
        {'forecast': targets.forecast, 'forecast_on': targets.forecast_on},
        {'made_on': coalesce(targets.forecast_on, targets.set_on), 'set_on': targets.set_on, 'forecast': targets.forecast}
    )),
from records.targets
inner join query_table(some_scope) as scope
    on scope.school_id = targets.school_id and scope.pupil_id = targets.pupil_id
where targets.set_on <= on_date and targets.forecast is not null and targets.scale is not null
    and coalesce(targets.forecast_on <= on_date, true)
group by targets.school_id, targets.pupil_id, lower(targets.subject), lower(targets.scale),
    coalesce(targets.academic_year, academic_year_of(targets.set_on));

-- Grain: a shared target and a pupil of `some_scope` whom it is for: in its class, year group and group, as far as it
--   names them. Of the day's academic year: as on the day; of another: by the last enrolment of that year, and the groups
--   of its last day (of an academic year to come: of the day).
-- Columns: forecast and forecast_on (the pupil's own, see own_forecasts).
create macro pupils_of_aims(some_aims, some_scope, on_date) as table
with enrolled as (
    select enrolments.school_id, enrolments.pupil_id, enrolments.academic_year,
        unnest(arg_max(
            {'year_group': enrolments.year_group, 'class': enrolments.class},
            coalesce(enrolments.start_date, first_day_of(enrolments.academic_year))
        )),
    from store.enrolments
    inner join query_table(some_scope) as scope
        on scope.school_id = enrolments.school_id and scope.pupil_id = enrolments.pupil_id
    where enrolments.academic_year <> academic_year_of(on_date)
        and enrolments.academic_year in (select academic_year from query_table(some_aims))
    group by enrolments.school_id, enrolments.pupil_id, enrolments.academic_year
),
placed as (
    from enrolled
    union all
    select school_id, pupil_id, academic_year_of(on_date), year_group, class, from query_table(some_scope)
)
select
    aims.* replace (
        placed.pupil_id as pupil_id, null::varchar as result, null::varchar as baseline,
        own.forecast as forecast, own.forecast_on as forecast_on
    ),
from query_table(some_aims) as aims
inner join placed on placed.school_id = aims.school_id and placed.academic_year = aims.academic_year
left join own_forecasts(some_scope, on_date) as own
    on own.school_id = placed.school_id and own.pupil_id = placed.pupil_id
    and own.subject_key = lower(aims.subject) and own.scale_key = lower(aims.scale)
    and own.academic_year = aims.academic_year
where coalesce(placed.year_group = aims.year_group, aims.year_group is null)
    and coalesce(placed.class = aims.class, aims.class is null)
    and (
        aims.group_code is null
        or exists (
            select 1 from belonging
            where belonging.school_id = placed.school_id and belonging.pupil_id = placed.pupil_id
                and belonging.group_code = aims.group_code
                and is_active(
                    belonging.start_date, belonging.end_date,
                    least(on_date, (first_day_of(aims.academic_year) + interval 1 year - interval 1 day)::date)
                )
        )
    );
