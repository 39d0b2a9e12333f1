-- Title: Who moved
-- Question: Between two terms, which pupils moved from which result to which?
-- Grain: a pupil in scope, a subject and a scale, at two terms ($from_term and $to_term, such as "2024/25 summer";
--   empty: the latest term with a score in the subject and scale at the pupil's school, and the summer of
--   the academic year before it).
-- Columns: pair (both, start_only, end_only, neither: at which of the two the pupil has a score), moved (better, same,
--   worse: by bands, the right way round where a lower score is better; on an age scale gained_more, kept_pace,
--   gained_less: months gained beside the whole months that passed between the two results; empty without both),
--   moved_by (what says so: bands; months; nothing: raw numbers, which grow with everybody, have no sign), from_band and to_band
--   (grades; of numbers, bands), from_value and to_value (as the source gives them), from_standing and to_standing.
-- Filters: subject. Counts: a pupil has as many rows as subjects and scales assessed at one of the two terms.
-- Wrinkles: $measure ("reading/standardised") keeps one subject and scale. A pupil stands here without a result at a
--   term if somebody of the pupil's year group has one, counted here or not.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
whole_school as materialized (
    from pupils_in_scope($as_at, $schools, [], [], [], [])
),
found as materialized (
    from term_results('scope', $as_at, $measure)
    where len($subjects) = 0 or list_contains(code_keys($subjects), subject_key)
),
latest as (
    from latest_terms($as_at, $measure)
),
ends as materialized (
    select
        school_id,
        subject_key,
        scale_key,
        coalesce(point_of($to_term::varchar), point) as to_point,
        coalesce(point_of($from_term::varchar), (to_point // 10 - 1) * 10 + 3) as from_point,
    from latest
),
two_terms as materialized (
    select found.*, ends.from_point, ends.to_point,
    from found
    inner join ends using (school_id, subject_key, scale_key)
    where found.point in (ends.from_point, ends.to_point)
),
placed as (
    from banded('two_terms')
),
assessed as materialized (
    select assessed.*,
    from assessed_terms('whole_school', $as_at, $measure) as assessed
    inner join ends using (school_id, subject_key, scale_key)
    where assessed.point in (ends.from_point, ends.to_point)
        and (len($subjects) = 0 or list_contains(code_keys($subjects), assessed.subject_key))
),
holes as (
    from term_holes('scope', 'two_terms', 'assessed')
),
each_end as (
    select school_id, pupil_id, subject_key, scale_key, subject, scale, point, is_higher_better, value, number, assessed_on,
        band, band_place, standing, no_score_because,
    from placed
    union all by name
    select school_id, pupil_id, subject_key, scale_key, subject, scale, point, is_higher_better, standing,
    from holes
),
paired as (
    select
        each_end.school_id, each_end.pupil_id, each_end.subject_key, each_end.scale_key,
        min(each_end.subject) as subject, min(each_end.scale) as scale,
        any_value(each_end.is_higher_better) as is_higher_better,
        any_value(ends.from_point) as from_point, any_value(ends.to_point) as to_point,
        any_value(each_end.value) filter (where each_end.point = ends.from_point) as from_value,
        any_value(each_end.value) filter (where each_end.point = ends.to_point) as to_value,
        any_value(each_end.band) filter (where each_end.point = ends.from_point) as from_band,
        any_value(each_end.band) filter (where each_end.point = ends.to_point) as to_band,
        any_value({'number': each_end.number, 'on_day': each_end.assessed_on})
            filter (where each_end.point = ends.from_point) as started,
        any_value({'number': each_end.number, 'on_day': each_end.assessed_on})
            filter (where each_end.point = ends.to_point) as ended,
        any_value(each_end.band_place) filter (where each_end.point = ends.from_point) as from_place,
        any_value(each_end.band_place) filter (where each_end.point = ends.to_point) as to_place,
        any_value(each_end.standing) filter (where each_end.point = ends.from_point) as from_standing,
        any_value(each_end.standing) filter (where each_end.point = ends.to_point) as to_standing,
        any_value(each_end.no_score_because) filter (where each_end.point = ends.from_point) as from_no_score,
        any_value(each_end.no_score_because) filter (where each_end.point = ends.to_point) as to_no_score,
    from each_end
    inner join ends using (school_id, subject_key, scale_key)
    group by all
)
select
    paired.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    paired.subject,
    paired.scale,
    case
        when from_place is not null and to_place is not null then 'both'
        when from_place is not null then 'start_only'
        when to_place is not null then 'end_only'
        else 'neither'
    end as pair,
    case
        when scales.kind = 'age' then 'months'
        when is_raw(scales.kind, scales.age_normed, scales.sd, scales.is_higher_better, scales.minimum) then 'nothing'
        else 'bands'
    end as moved_by,
    case
        when moved_by = 'months' then pace_of(started.number, ended.number, started.on_day, ended.on_day)
        when moved_by = 'bands' then way_of(from_place, to_place, paired.is_higher_better)
    end as moved,
    from_band,
    to_band,
    from_value,
    to_value,
    coalesce(from_standing, 'not_here') as from_standing,
    coalesce(to_standing, 'not_here') as to_standing,
    coalesce(from_no_score, case when from_place is null then 'No result' end) as from_no_score,
    coalesce(to_no_score, case when to_place is null then 'No result' end) as to_no_score,
    from_point,
    to_point,
    from_place,
    to_place,
    paired.is_higher_better,
    paired.school_id,
from paired
left join store.codes.scales on scales.scale_key = paired.scale_key
inner join scope using (school_id, pupil_id)
order by paired.school_id, scope.surname, scope.forename, paired.pupil_id, paired.subject_key, paired.scale_key;
