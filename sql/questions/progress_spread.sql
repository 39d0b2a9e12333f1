-- Title: The middle of the results
-- Question: Term by term, where is the middle of the results, and where is the middle half?
-- Grain: a subject, scale and term with a score of a pupil in scope.
-- Columns: assessed, and of where they are drawn (see progress_pupils; the place of a grade, never a mean of grades):
--   lower_quartile, median, upper_quartile (of an even number the lower of the two in the middle), each with its
--   value (…_value: a result that a pupil has), lowest_mark and highest_mark (of the marks of those assessed).
-- Filters: subject. Wrinkles: $measure ("reading/standardised") keeps one subject and scale. Who has no score is left out.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
drawn as (
    select found.*,
        drawn_height(axes.kind, axes.ranks, found.number) as height,
        drawn_height(axes.kind, axes.ranks, found.expected_number) as expected_height,
    from term_results('scope', $as_at, $measure) as found
    inner join drawn_axes($as_at, $measure) as axes using (subject_key, scale_key)
    where found.number is not null and (len($subjects) = 0 or list_contains(code_keys($subjects), found.subject_key))
),
middles as (
    select subject_key, scale_key, academic_year, term, point,
        min(subject) as subject, min(scale) as scale, count(*) as assessed,
        quantile_disc({'height': height, 'value': value}, [0.25, 0.5, 0.75]) as quartiles,
        min(expected_height) as lowest_mark,
        max(expected_height) as highest_mark,
    from drawn
    group by all
)
select
    subject,
    scale,
    academic_year,
    term,
    assessed,
    quartiles[1].height as lower_quartile,
    quartiles[2].height as median,
    quartiles[3].height as upper_quartile,
    quartiles[1].value as lower_quartile_value,
    quartiles[2].value as median_value,
    quartiles[3].value as upper_quartile_value,
    lowest_mark,
    highest_mark,
    upper(term[1]) || term[2:] || ', ' || academic_year as point,
    point as term_order,
from middles
order by subject_key, scale_key, term_order;
