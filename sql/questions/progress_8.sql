-- Title: Progress 8
-- Question: Who reached more, or less, at the end of Key Stage 4 than others with the same start at Key Stage 2?
-- Grain: a pupil in scope with an Attainment 8 score by the day: the latest.
-- Columns: ks2_reading and ks2_mathematics (the latest scaled score; N, below the scale, is 79, as in the ready
--   reckoner), ks2_mean (of the two), prior_group (1 to 34, by that mean), cohort (whose pupils
--   expected_attainment_8 is of), attainment_8, expected_attainment_8 (the Attainment 8 that pupils of the group reached on average), progress_8
--   ((attainment_8 less that) / 10: 1 is a grade in each of the eight places), not_scored_because (empty: scored),
--   groups (codes, on the day).
-- Filters: none beyond pupils. Counts: each pupil once; a pupil without both KS2 results is listed and never scored.
-- Wrinkles: Source: DfE, KS4 ready reckoners, 2024 cohort; pupils of other years are set beside that cohort too. What
--   DfE does about extremely low scores, and for pupils who worked below the tests, is left out. Who has left is not
--   counted: for a cohort that has, choose its last day.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
in_groups as (
    select school_id, pupil_id, list(group_code order by group_code) as groups,
    from groups_in_scope('scope', $as_at)
    group by all
)
select
    scored.pupil_id,
    scope.surname,
    scope.forename,
    scored.year_group,
    scored.class,
    scored.ks2_reading,
    scored.ks2_mathematics,
    scored.ks2_mean,
    scored.prior_group,
    scored.attainment_8,
    scored.assessed_on,
    scored.expected_attainment_8,
    scored.progress_8,
    scored.not_scored_because,
    scored.cohort,
    coalesce(in_groups.groups, []) as groups,
    scored.school_id,
from progress_8_of('scope', $as_at) as scored
inner join scope using (school_id, pupil_id)
left join in_groups using (school_id, pupil_id)
order by scored.school_id, scope.surname, scope.forename, scored.pupil_id;
