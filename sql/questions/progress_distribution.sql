-- Title: How results are spread
-- Question: Term by term, how many pupils had each result, and how many had none?
-- Grain: a subject, scale, term, standing and band (a grade; of numbers a band; of codes that are no score their meaning)
--   that a pupil in scope was in.
-- Columns: standing (below, at_expected, greater_depth; no_mark: no mark is set; no_score: a code that is none;
--   not_assessed: nothing recorded, while somebody of the pupil's year group has a result,
--   counted here or not), band, pupils, out_of (all
--   pupils of the term, with a result or without), band_share (pupils / out_of, 0 to 1), place (from the weakest to the
--   strongest, the right way round where a lower score is better; then those without a mark or a score).
-- Filters: subject. Counts: each pupil once in a term. Wrinkles: $measure ("reading/standardised") keeps one subject and
--   scale. Nobody without a score is counted as a nought.
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
assessed as materialized (
    from assessed_terms('whole_school', $as_at, $measure)
    where len($subjects) = 0 or list_contains(code_keys($subjects), subject_key)
),
everyone as (
    select subject_key, scale_key, subject, scale, academic_year, term, point, is_higher_better, standing,
        coalesce(band, no_score_because) as band, band_place,
    from banded('found')
    union all
    select subject_key, scale_key, subject, scale, academic_year, term, point, is_higher_better, standing, null, null,
    from term_holes('scope', 'found', 'assessed')
),
counted as (
    select subject_key, scale_key, academic_year, term, point, standing, band_place,
        case when band_place is null then band end as reason,
        min(subject) as subject, min(scale) as scale, min(band) as band,
        any_value(is_higher_better) as is_higher_better,
        count(*) as pupils,
    from everyone
    group by all
)
select
    subject,
    scale,
    academic_year,
    term,
    standing,
    coalesce(band, 'Nothing recorded') as band,
    pupils,
    (sum(pupils) over this_term)::bigint as out_of,
    pupils / out_of as band_share,
    upper(term[1]) || term[2:] || ', ' || academic_year as point,
    row_number() over (
        this_term
        order by list_position(['below', 'at_expected', 'greater_depth', 'no_mark', 'no_score', 'not_assessed'], standing),
            case when is_higher_better then band_place else -band_place end, band
    ) as place,
    band_place,
    point as term_order,
from counted
window this_term as (partition by subject_key, scale_key, point)
order by subject_key, scale_key, term_order, place;
