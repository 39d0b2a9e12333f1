-- Question: which pupils' subjects are in play: below the mark, fallen, or lately back at it?
-- Points (see schema/derived/points.sql): a pupil's scored results of a subject, on the scale of the latest result of the
--   last 366 days (a setting): the latest of each academic year and term, test before teacher on one day. Each has its own
--   mark: what was expected of its scale, subject, year group and term, for a more-able pupil greater depth where there is
--   such a mark.
-- In play (`standing`, the first that holds): `below` (the latest point is below its mark), `closed` (the last two are
--   at the mark, the one before below), `once` (the latest is at the mark, the one before below), `fallen` (not below a
--   mark, but worse than the point before by a fall that matters, see `ledger_fall`).
-- Every macro looks at two days at once: the day itself (`is_now`) and the last day before its term began.

-- Grain: a pupil in scope and a day to judge by. Columns: is_more_able (in that group, or with a live need of that area),
--   learning_keys (the live needs in cognition and learning).
create macro ledger_days(some_scope, on_date) as table
with begun as (
    select school_id, max(start_date) as term_start from store.codes.term_days where start_date <= on_date group by school_id
),
days as (
    select school_id, pupil_id, true as is_now, on_date as judged_on, from query_table(some_scope)
    union all
    select scope.school_id, scope.pupil_id, false, begun.term_start - 1,
    from query_table(some_scope) as scope
    inner join begun using (school_id)
),
kinds_of_need as (
    select need_key, area from store.codes.need_kinds where area in ('more able', 'cognition and learning')
),
with_needs as (
    select days.school_id, days.pupil_id, days.is_now,
        bool_or(kinds.area = 'more able') as is_more_able,
        list(distinct kinds.need_key) filter (where kinds.area = 'cognition and learning') as learning_keys,
    from days
    inner join records.needs on needs.school_id = days.school_id and needs.pupil_id = days.pupil_id
    inner join kinds_of_need as kinds on kinds.need_key = lower(needs.need_code)
    where is_active(needs.start_date, needs.end_date, days.judged_on)
    group by all
),
in_group as (
    select distinct days.school_id, days.pupil_id, days.is_now,
    from days
    inner join belonging on belonging.school_id = days.school_id and belonging.pupil_id = days.pupil_id
    where lower(belonging.group_code) = 'more_able'
        and is_active(belonging.start_date, belonging.end_date, days.judged_on)
)
select
    days.*,
    in_group.pupil_id is not null or coalesce(with_needs.is_more_able, false) as is_more_able,
    with_needs.learning_keys,
from days
left join with_needs using (school_id, pupil_id, is_now)
left join in_group using (school_id, pupil_id, is_now);

-- The least fall that matters from one point to the next, in the unit of `loss`: half a standard deviation where
-- the scale has one, a step on an ordered scale, any loss of age, a tenth of the range of other numbers (no range: none).
create macro ledger_fall(some_sd, some_kind, some_minimum, some_maximum, on_date) as
    case
        when some_sd > 0 then setting_ledger_fall_sd(on_date) * some_sd
        when some_kind = 'ordered' then setting_ledger_fall_steps(on_date)
        when some_kind = 'age' then setting_ledger_fall_months(on_date)
        else setting_ledger_fall_range(on_date) * (some_maximum - some_minimum)
    end;

-- Whether a difference on a scale is large enough to matter, up or down; where no such fall can be told, any is.
create macro is_move(some_difference, some_sd, some_kind, some_minimum, some_maximum, on_date) as
    some_difference <> 0
    and abs(some_difference)
        >= coalesce(ledger_fall(some_sd, some_kind, some_minimum, some_maximum, on_date), 0);

-- What a point says by the pupil's own mark: greater depth for a more-able pupil.
create macro by_mark(some_expected, some_depth, some_more_able) as
    case when some_more_able then some_depth else some_expected end;

-- Grain: a pupil's subject that is in play on one of the days; `line` numbers them. value_2 and value_3 are the points
-- before the latest.
create macro ledger_standing(some_days, in_subjects) as table
with latest as (
    select
        days.*,
        points.* exclude (school_id, pupil_id, until_day, latest_until, has_depth, by_expected, by_depth),
        days.is_more_able and points.has_depth as is_deeper,
        unnest(by_mark(points.by_expected, points.by_depth, days.is_more_able)),
    from query_table(some_days) as days
    inner join store.points on points.school_id = days.school_id and points.pupil_id = days.pupil_id
    where points.on_day <= days.judged_on and points.latest_until > days.judged_on
        and points.on_day >= window_start(days.judged_on)
        and (len(in_subjects) = 0 or list_contains(code_keys(in_subjects), points.subject_key))
)
select
    latest.*,
    row_number() over () as line,
    case
        when gap > 0 then 'below'
        when gap <= 0 and gap_2 <= 0 and gap_3 > 0 then 'closed'
        when gap <= 0 and gap_2 > 0 then 'once'
        when loss > 0
            and loss >= ledger_fall(scales.sd, latest.kind, scales.minimum, scales.maximum, latest.judged_on) then 'fallen'
    end as standing,
from latest
left join store.codes.scales on scales.scale_key = latest.scale_key
qualify standing is not null;

-- Grain: a target of a pupil's own in a subject of `some_standing` (line, judged_on, school_id, pupil_id, subject_key,
--   scale_key, kind, is_higher_better, on_day, number): agreed, set by the day and not yet due before it.
-- Columns: is_on_course (the latest point, made after it was set, is at or better than the straight line from the
--   baseline (else the last point by then) to the target; with no day due or nothing to start from, than the target).
create macro own_targets(some_standing) as table
with aimed as (
    select
        row_number() over () as target_row,
        targets.target,
        subjects.line, subjects.judged_on, subjects.school_id, subjects.pupil_id, subjects.subject_key,
        subjects.of_subject, subjects.scale_key, subjects.is_higher_better, subjects.on_day, subjects.number,
        targets.set_on,
        targets.due_on,
        targets.baseline is null as is_from_point,
        number_on_scale(subjects.kind, wanted.value_key is not null, wanted.rank, targets.target) as target_number,
        number_on_scale(subjects.kind, first.value_key is not null, first.rank, targets.baseline) as baseline_number,
    from query_table(some_standing) as subjects
    inner join records.targets
        on targets.school_id = subjects.school_id and targets.pupil_id = subjects.pupil_id
        and lower(targets.subject) = subjects.subject_key
    left join store.codes.scale_values as wanted
        on wanted.scale_key = subjects.scale_key and wanted.value_key = lower(targets.target)
    left join store.codes.scale_values as first
        on first.scale_key = subjects.scale_key and first.value_key = lower(targets.baseline)
    where coalesce(lower(targets.scale), subjects.scale_key) = subjects.scale_key
        and targets.set_on < subjects.on_day and targets.set_on <= subjects.judged_on
        and coalesce(targets.due_on >= subjects.judged_on, true)
        and (targets.agreed_with_pupil or targets.agreed_with_parent)
),
-- The last point by the day on which a target without a baseline was set.
subjects as (
    select of_subject,
        list({'target_row': target_row, 'scale_key': scale_key, 'set_on': set_on, 'judged_on': judged_on}) as targets,
    from aimed
    where is_from_point
    group by of_subject
),
with_points as (
    select unnest(subjects.targets) as aimed, points.*
    from subjects
    inner join store.points on points.of_subject = subjects.of_subject
),
starts as (
    select aimed.target_row, arg_max(number, on_day) as point_number,
    from with_points
    where scale_key = aimed.scale_key and on_day <= aimed.set_on and until_day > aimed.judged_on
    group by aimed.target_row
),
lined as (
    select
        aimed.*,
        case when is_from_point then starts.point_number else baseline_number end as first_number,
        coalesce(
            first_number + (target_number - first_number) * (on_day - set_on) / nullif(due_on - set_on, 0),
            target_number
        ) as wanted_by_now,
    from aimed
    left join starts using (target_row)
)
select line, target, set_on, due_on, first_number, wanted_by_now,
    case when is_higher_better then number >= wanted_by_now else number <= wanted_by_now end as is_on_course,
from lined;

-- Grain: a subject in play whose pupil has a target of their own in it that is on course.
create macro ledger_targets(some_standing) as table
select distinct line, from own_targets(some_standing) where is_on_course;
