-- Question: which pupils' subjects are in play, and is each being handled, solved, closed, or does it persist?
-- Points: a pupil's scored results of a subject, on the scale of the latest result of the last 366 days (a setting):
--   the latest of each academic year and term, test before teacher on one day. Each has its own mark: what was
--   expected of its scale, subject, year group and term, for a more-able pupil greater depth where there is such a mark.
-- In play (`standing`, the first that holds): `below` (the latest point is below its mark), `closed` (the last two are
--   at the mark, the one before below), `once` (the latest is at the mark, the one before below), `fallen` (not below a
--   mark, but worse than the point before by a fall that matters, see `ledger_fall`).
-- For the subject is what is additional or adjusted in class and whose provision's subject it is, or whose codes name
--   it, or which names no subject and addresses a need in cognition and learning that is live on the day.
-- On course: the gap to the mark is smaller at the latest point (made after the start) than at the last point by the
--   start, else the first point; or the pupil's own target, agreed with pupil or parent, is on course.
-- Every macro looks at two days at once: the day itself (`is_now`) and the last day before its term began.

-- Grain: a pupil in scope and a day to judge by.
create macro ledger_days(some_scope, on_date) as table
with begun as (
    select school_id, max(start_date) as term_start from store.codes.term_days where start_date <= on_date group by school_id
)
select school_id, pupil_id, true as is_now, on_date as judged_on, from query_table(some_scope)
union all
select scope.school_id, scope.pupil_id, false, begun.term_start - 1,
from query_table(some_scope) as scope
inner join begun using (school_id);

-- Grain: a pupil and day on which the pupil is more able: in that group, or with a live need of that area.
create macro more_able_on(some_days) as table
select distinct days.school_id, days.pupil_id, days.is_now,
from query_table(some_days) as days
inner join belonging on belonging.school_id = days.school_id and belonging.pupil_id = days.pupil_id
where lower(belonging.group_code) = 'more_able'
    and is_active(belonging.start_date, belonging.end_date, days.judged_on)
union
select days.school_id, days.pupil_id, days.is_now,
from query_table(some_days) as days
inner join records.needs on needs.school_id = days.school_id and needs.pupil_id = days.pupil_id
inner join store.codes.need_kinds as kinds on kinds.need_key = lower(needs.need_code)
where kinds.area = 'more able' and is_active(needs.start_date, needs.end_date, days.judged_on);

-- Grain: a point. Columns: place (1: the latest), gap (to its mark, in the scale's worse direction: above 0 is below the
--   mark; empty: no mark), step (its place among the values of an ordered scale).
create macro ledger_points(some_days) as table
with scored as (
    select days.is_now, days.judged_on, results.*,
    from query_table(some_days) as days
    inner join store.results on results.school_id = days.school_id and results.pupil_id = days.pupil_id
    where results.number is not null and results.on_day <= days.judged_on
),
on_scale as (
    select is_now, school_id, pupil_id, subject_key, scale_key,
    from scored
    where on_day >= window_start(judged_on)
    qualify row_number() over (
        partition by is_now, school_id, pupil_id, subject_key order by on_day desc, source_order, scale_key
    ) = 1
),
in_terms as (
    select scored.*,
    from scored
    semi join on_scale using (is_now, school_id, pupil_id, subject_key, scale_key)
    qualify row_number() over (
        partition by scored.is_now, scored.school_id, scored.pupil_id, scored.subject_key, in_year, in_term
        order by on_day desc, source_order, number
    ) = 1
),
steps as (
    select scale_key, rank as number, dense_rank() over (partition by scale_key order by rank) as step,
    from (select distinct scale_key, rank from store.codes.scale_values where rank is not null)
),
marked as (
    select
        in_terms.*,
        steps.step,
        able.pupil_id is not null and greater_depth_number is not null as is_deeper,
        case when is_deeper then greater_depth else expected end as mark,
        case when is_deeper then greater_depth_number else expected_number end as mark_number,
    from in_terms
    left join more_able_on(some_days) as able using (is_now, school_id, pupil_id)
    left join steps on steps.scale_key = in_terms.scale_key and steps.number = in_terms.number and in_terms.kind = 'ordered'
)
select
    *,
    case when is_higher_better then mark_number - number else number - mark_number end as gap,
    row_number() over (
        partition by is_now, school_id, pupil_id, subject_key order by on_day desc, in_year desc, term_order desc
    ) as place,
from marked;

-- The least fall that matters from one point to the next, in the unit of `loss`: half a standard deviation where
-- the scale has one, a step on an ordered scale, any loss of age, a tenth of the range of other numbers (no range: none).
create macro ledger_fall(some_sd, some_kind, some_minimum, some_maximum, on_date) as
    case
        when some_sd > 0 then setting('ledger_fall_sd', on_date) * some_sd
        when some_kind = 'ordered' then setting('ledger_fall_steps', on_date)
        when some_kind = 'age' then setting('ledger_fall_months', on_date)
        else setting('ledger_fall_range', on_date) * (some_maximum - some_minimum)
    end;

-- Grain: a pupil's subject that is in play on one of the days. value_2 and value_3 are the points before the latest.
create macro ledger_standing(some_points) as table
with lines as (
    select
        is_now, judged_on, school_id, pupil_id, subject_key, scale_key,
        coalesce(min(place) filter (where not coalesce(gap > 0, false)), count(*) + 1) - 1 as points_below,
        max(columns(['subject', 'scale', 'kind', 'is_higher_better', 'is_deeper', 'number', 'step', 'value', 'on_day',
            'mark', 'gap'])) filter (where place = 1),
        max(number) filter (where place = 2) as number_2,
        max(step) filter (where place = 2) as step_2,
        max(value) filter (where place = 2) as value_2,
        max(value) filter (where place = 3) as value_3,
        max(gap) filter (where place = 2) as gap_2,
        max(gap) filter (where place = 3) as gap_3,
    from query_table(some_points)
    group by all
),
fallen as (
    select
        lines.*,
        case
            when lines.kind = 'ordered' and scales.sd is null then step_2 - step
            when lines.is_higher_better then number_2 - number
            else number - number_2
        end as loss,
        loss > 0 and loss >= ledger_fall(scales.sd, lines.kind, scales.minimum, scales.maximum, judged_on) as is_fall,
    from lines
    left join store.codes.scales using (scale_key)
)
select
    *,
    case
        when gap > 0 then 'below'
        when gap <= 0 and gap_2 <= 0 and gap_3 > 0 then 'closed'
        when gap <= 0 and gap_2 > 0 then 'once'
        when is_fall then 'fallen'
    end as standing,
from fallen
where standing is not null;

-- Grain: a subject in play whose pupil has a target of their own in it that is on course: agreed, set by the day and not
--   yet due before it, with the latest point, made after it was set, at or better than the straight line from the
--   baseline (else the last point by then) to the target; with no day due or nothing to start from, at the target itself.
create macro ledger_targets(some_standing, some_points) as table
with aimed as (
    select
        subjects.*,
        targets.set_on,
        targets.due_on,
        number_on_scale(subjects.kind, wanted.value_key is not null, wanted.rank, targets.target) as target_number,
        case when targets.baseline is null
            then (
                select arg_max(points.number, points.on_day)
                from query_table(some_points) as points
                where points.is_now = subjects.is_now and points.school_id = subjects.school_id
                    and points.pupil_id = subjects.pupil_id and points.subject_key = subjects.subject_key
                    and points.on_day <= targets.set_on
            )
            else number_on_scale(subjects.kind, first.value_key is not null, first.rank, targets.baseline)
        end as first_number,
    from query_table(some_standing) as subjects
    inner join records.targets
        on targets.school_id = subjects.school_id and targets.pupil_id = subjects.pupil_id
        and lower(targets.subject) = subjects.subject_key
        and coalesce(lower(targets.scale), subjects.scale_key) = subjects.scale_key
    left join store.codes.scale_values as wanted
        on wanted.scale_key = subjects.scale_key and wanted.value_key = lower(targets.target)
    left join store.codes.scale_values as first
        on first.scale_key = subjects.scale_key and first.value_key = lower(targets.baseline)
    where targets.set_on < subjects.on_day and targets.set_on <= subjects.judged_on
        and coalesce(targets.due_on >= subjects.judged_on, true)
        and (targets.agreed_with_pupil or targets.agreed_with_parent)
),
lined as (
    select
        aimed.*,
        coalesce(
            first_number + (target_number - first_number) * (on_day - set_on) / nullif(due_on - set_on, 0),
            target_number
        ) as line,
    from aimed
)
select distinct is_now, school_id, pupil_id, subject_key,
from lined
where case when is_higher_better then number >= line else number <= line end;
