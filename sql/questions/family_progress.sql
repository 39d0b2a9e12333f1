-- Title: How it is going, for a family
-- Question: Has each subject gone up since the result before, by as much as matters?
-- Grain: a subject in which the pupil ($school_id, $pupil_id) has a score by the day, from the last 366 days (a setting).
-- Columns: moved (up, same, down: the latest score beside the last one of an earlier term on the same scale, up being better;
--   first: there is none in the 366 days before it), scale, on_day, before_on.
-- Wrinkles: up or down is a difference of at least the fall that matters on the scale (`ledger_fall`); less is much the
--   same. Where no such fall can be told (numbers without ends), any difference counts. No score stands here: a family's sheet ranks nobody.
with scope as materialized (
    from pupils_in_scope($as_at, [$school_id], [], [], [], []) where pupil_id = $pupil_id
)
select
    points.subject_key,
    any_value(points.subject) as subject,
    any_value(
        case
            when points.day_2 is null or points.day_2 < points.on_day - setting_assessment_window($as_at)::integer then 'first'
            when not is_move(points.loss, scales.sd, scales.kind, scales.minimum, scales.maximum, $as_at) then 'same'
            when points.loss < 0 then 'up'
            else 'down'
        end
    ) as moved,
    any_value(points.scale) as scale,
    any_value(points.on_day) as on_day,
    any_value(points.day_2) as before_on,
    points.school_id,
from scope
inner join store.points on points.school_id = scope.school_id and points.pupil_id = scope.pupil_id
left join store.codes.scales on scales.scale_key = points.scale_key
where points.on_day <= $as_at and points.latest_until > $as_at
    and points.on_day >= $as_at - setting_assessment_window($as_at)::integer
group by points.school_id, points.subject_key
order by points.subject_key;
