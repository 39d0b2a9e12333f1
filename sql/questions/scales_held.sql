-- Title: Scales
-- Question: Which scales are results on, which way is better, and from when does each hold?
-- Grain: a scale that ships, that the school has described, or that results are on, in all schools.
-- Columns: written_as (number, age: months, ordered: words or grades in order), better, minimum and maximum (empty: no end, or
--   grades), mean and sd (of the country, where there are any), whose (ours, or the school's own), valid_from (of the
--   school's own: the day of its import; empty: not known), results (how many are held on it), subjects (with results on
--   it), marks (expected marks set for it), origin and note (of ours).
-- Filters: none. Counts: no pupils.
with used as (
    select scale_key, count(*) as results, list(distinct subject order by subject) as subjects,
    from store.results
    group by scale_key
),
marked as (
    select scale_key, count(*) as marks, from store.codes.expectations group by scale_key
)
select
    scales.scale,
    case when is_described then kind else 'unknown' end as written_as,
    case when is_higher_better then 'higher' else 'lower' end as better,
    scales.minimum,
    scales.maximum,
    scales.mean,
    scales.sd,
    scales.age_normed,
    case when is_own then 'own' when is_described then 'ours' else 'nobody' end as whose,
    scales.valid_from,
    coalesce(used.results, 0) as results,
    coalesce(used.subjects, []) as subjects,
    coalesce(marked.marks, 0) as marks,
    scales.source as origin,
    scales.note,
from store.codes.scales
left join used using (scale_key)
left join marked using (scale_key)
order by coalesce(used.results, 0) = 0, not is_own, lower(scales.scale);
