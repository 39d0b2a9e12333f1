-- Title: Two subjects
-- Question: Who is at expected in both of two subjects, in only one, or in neither?
-- Grain: a pupil in scope with a score in the last 366 days (a setting) in at least one of two subjects, each on one scale:
--   $measure and $other_measure (such as "reading/standardised"; without both of them, every pair of those on one scale).
-- Columns: quadrant (both, first_only, second_only, neither: where the pupil is at expected or above; no_mark: a score in
--   each, and no mark is set for one; first_missing, second_missing: no score in it), value and expected of
--   the latest score in the first, other_… in the second; height and expected_height: where they are drawn.
-- Filters: subject. Counts: each pupil once in a pair.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
latest as materialized (
    select results.school_id, results.pupil_id, results.subject_key, results.scale_key, results.subject, results.scale,
        results.subject_key || '/' || results.scale_key as of_measure,
        results.value, results.number, results.expected, results.expected_number, results.meets_expected,
    from results_in_scope('scope', window_start($as_at), $as_at) as results
    where results.number is not null
        and (len($subjects) = 0 or list_contains(code_keys($subjects), results.subject_key))
        and (
            $measure is null or $other_measure is null
            or of_measure in (lower($measure::varchar), lower($other_measure::varchar))
        )
    qualify row_number() over (
        partition by school_id, pupil_id, subject_key, scale_key order by assessed_on desc, source_order, value
    ) = 1
),
measures as (
    select of_measure, subject_key, scale_key, min(subject) as subject, min(scale) as scale, from latest group by all
),
pairs as (
    select one.of_measure as first_measure, other.of_measure as second_measure,
        one.subject, one.scale, other.subject as other_subject, other.scale as other_scale,
    from measures as one
    inner join measures as other on one.of_measure <> other.of_measure
    where case
        when $measure is null or $other_measure is null
            then one.scale_key = other.scale_key and one.subject_key < other.subject_key
        else one.of_measure = lower($measure::varchar) and other.of_measure = lower($other_measure::varchar)
    end
),
who as (
    select distinct school_id, pupil_id, first_measure, second_measure,
    from latest
    inner join pairs on latest.of_measure in (pairs.first_measure, pairs.second_measure)
)
select
    who.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    pairs.subject,
    pairs.scale,
    pairs.other_subject,
    pairs.other_scale,
    case
        when one.number is null then 'first_missing'
        when other.number is null then 'second_missing'
        when one.meets_expected and other.meets_expected then 'both'
        when one.meets_expected and not other.meets_expected then 'first_only'
        when other.meets_expected and not one.meets_expected then 'second_only'
        when not one.meets_expected and not other.meets_expected then 'neither'
        else 'no_mark'
    end as quadrant,
    one.value,
    one.expected,
    other.value as other_value,
    other.expected as other_expected,
    drawn_height(first_axis.kind, first_axis.ranks, one.number) as height,
    drawn_height(first_axis.kind, first_axis.ranks, one.expected_number) as expected_height,
    drawn_height(second_axis.kind, second_axis.ranks, other.number) as other_height,
    drawn_height(second_axis.kind, second_axis.ranks, other.expected_number) as other_expected_height,
    who.school_id,
from who
inner join pairs using (first_measure, second_measure)
inner join scope using (school_id, pupil_id)
left join drawn_axes($as_at, $measure) as first_axis
    on first_axis.subject_key || '/' || first_axis.scale_key = who.first_measure
left join drawn_axes($as_at, $other_measure) as second_axis
    on second_axis.subject_key || '/' || second_axis.scale_key = who.second_measure
left join latest as one
    on one.school_id = who.school_id and one.pupil_id = who.pupil_id and one.of_measure = who.first_measure
left join latest as other
    on other.school_id = who.school_id and other.pupil_id = who.pupil_id and other.of_measure = who.second_measure
order by who.school_id, scope.surname, scope.forename, who.pupil_id, who.first_measure, who.second_measure;
