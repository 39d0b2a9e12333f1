-- Question: for which provisions does a pupil in scope meet a criterion, as at the day?

create macro compares(some_left, some_comparator, some_right) as
    case some_comparator
        when '<' then some_left < some_right
        when '<=' then some_left <= some_right
        when '>' then some_left > some_right
        when '>=' then some_left >= some_right
        else some_left = some_right
    end;

-- Grain: a pupil in scope and one criterion (entry or exit) that holds for the pupil on the day.
-- Measures: `subject/scale` (the latest score of the last 366 days, a setting), `attendance` (percent of
--   possible sessions attended this academic year in spans that have ended; a value up to 1 is a share),
--   `need` (a live need), `group` (a group the pupil is in).
create macro criteria_met(some_scope, on_date) as table
with scope as (
    from query_table(some_scope)
),
scores as (
    select school_id, pupil_id, subject_key || '/' || scale_key as measure_key, scale_key, number,
    from results_in_scope(some_scope, window_start(on_date), on_date)
    where number is not null and scale_until > on_date
),
present as (
    select scope.school_id, scope.pupil_id, 100.0 * sum(attended) / nullif(sum(possible), 0) as percent,
    from scope
    inner join store.attendance
        on attendance.school_id = scope.school_id and attendance.pupil_id = scope.pupil_id
    where attendance.end_date <= on_date
        and attendance.start_date >= first_day_of(academic_year_of(on_date))
    group by scope.school_id, scope.pupil_id
)
select criteria.*, scores.pupil_id,
from records.criteria
inner join scores on scores.school_id = criteria.school_id and scores.measure_key = lower(criteria.measure)
left join store.codes.scales on scales.scale_key = scores.scale_key
left join store.codes.scale_values as listed
    on listed.scale_key = scores.scale_key and listed.value_key = lower(criteria.value)
where compares(
    scores.number,
    criteria.comparator,
    number_on_scale(scales.kind, listed.value_key is not null, listed.rank, criteria.value)
)
union all
select criteria.*, present.pupil_id,
from records.criteria
inner join present on present.school_id = criteria.school_id
where lower(criteria.measure) = 'attendance'
    and compares(
        present.percent,
        criteria.comparator,
        try_cast(criteria.value as double) * case when try_cast(criteria.value as double) <= 1 then 100 else 1 end
    )
union all
select distinct criteria.*, scope.pupil_id,
from records.criteria
inner join scope on scope.school_id = criteria.school_id
inner join records.needs
    on needs.school_id = scope.school_id and needs.pupil_id = scope.pupil_id
    and lower(needs.need_code) = lower(criteria.value)
where lower(criteria.measure) = 'need' and criteria.comparator = '='
    and is_active(needs.start_date, needs.end_date, on_date)
union all
select criteria.*, in_group.pupil_id,
from records.criteria
inner join groups_in_scope(some_scope, on_date) as in_group
    on in_group.school_id = criteria.school_id and lower(in_group.group_code) = lower(criteria.value)
where lower(criteria.measure) = 'group' and criteria.comparator = '=';
