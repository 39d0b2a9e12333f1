-- Title: Results at a term
-- Question: At one term, which pupils are below the mark, at it, or without a result?
-- Grain: a pupil in scope, a subject and a scale, at a term ($at_term, such as "2025/26 spring"; empty: the latest with
--   a score in the subject and scale at the pupil's school), where somebody of the pupil's year group has a result, counted
--   here or not.
-- Columns: value (as the source gives it), band (the grade; of numbers, a band), standing (below, at_expected,
--   greater_depth; no_mark: no mark is set; no_score: a code that is none; not_assessed: nothing recorded),
--   no_score_because, expected (the mark), groups (of the day).
-- Filters: subject. Counts: a pupil has as many rows as subjects and scales.
-- Wrinkles: $measure ("reading/standardised") keeps one subject and scale.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
whole_school as materialized (
    from pupils_in_scope($as_at, $schools, [], [], [], [])
),
latest as (
    from latest_terms($as_at, $measure)
),
found as materialized (
    select found.*,
    from term_results('scope', $as_at, $measure) as found
    inner join latest using (school_id, subject_key, scale_key)
    where found.point = coalesce(point_of($at_term::varchar), latest.point)
        and (len($subjects) = 0 or list_contains(code_keys($subjects), found.subject_key))
),
assessed as materialized (
    select assessed.*,
    from assessed_terms('whole_school', $as_at, $measure) as assessed
    inner join latest using (school_id, subject_key, scale_key)
    where assessed.point = coalesce(point_of($at_term::varchar), latest.point)
        and (len($subjects) = 0 or list_contains(code_keys($subjects), assessed.subject_key))
),
everyone as (
    from banded('found')
    union all by name
    from term_holes('scope', 'found', 'assessed')
),
in_groups as (
    select school_id, pupil_id, list_sort(list(group_code)) as groups,
    from groups_in_scope('scope', $as_at)
    group by all
)
select
    everyone.pupil_id,
    scope.surname,
    scope.forename,
    everyone.year_group,
    everyone.class,
    everyone.subject,
    everyone.scale,
    everyone.academic_year,
    everyone.term,
    everyone.assessed_on,
    everyone.value,
    everyone.band,
    everyone.expected,
    everyone.standing,
    everyone.no_score_because,
    coalesce(in_groups.groups, []) as groups,
    everyone.number,
    everyone.band_place,
    everyone.point as term_order,
    everyone.school_id,
from everyone
inner join scope using (school_id, pupil_id)
left join in_groups using (school_id, pupil_id)
order by everyone.school_id, scope.surname, scope.forename, everyone.pupil_id, everyone.subject_key, everyone.scale_key;
