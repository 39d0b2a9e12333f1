-- Title: Whom to hear
-- Question: Whose view is missing about what a pupil has: the pupil's or the parents', at planning or at review?
-- Grain: a pupil in scope, whose view it is (pupil or parent), and the stage that it is asked for.
-- Columns: view_of (pupil or parent), stage (planning, until a review is held or falls due, or the last day has come; from
--   then on review), provisions (those it is asked about), provision_ids, since (the earliest day on which one of them
--   began, was reviewed, fell due for review or ended), days_waiting (0 on that day).
-- Filters: tier. Counts: a pupil has up to four rows.
-- Wrinkles: "invited, no reply" and "chose not to say" are answers: who gave one is not asked again at that stage. The other
--   kinds of evidence are never asked for here.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
times as materialized (
    from times_in_question('scope', $as_at)
    where len($tiers) = 0 or list_contains($tiers, tier)
),
stages as materialized (
    from stages_heard('times', 'scope', $as_at)
),
missing as (
    select time_row, stage, about_day, 'pupil' as view_of from stages where pupil = 'to_hear'
    union all
    select time_row, stage, about_day, 'parent' from stages where parent = 'to_hear'
)
select
    times.pupil_id,
    times.surname,
    times.forename,
    times.year_group,
    times.class,
    missing.view_of,
    missing.stage,
    list(distinct times.provision order by times.provision) as provisions,
    min(missing.about_day) as since,
    $as_at - since as days_waiting,
    list(distinct times.provision_id order by times.provision_id) as provision_ids,
    times.school_id,
from missing
inner join times using (time_row)
group by all
order by since, times.school_id, times.surname, times.forename, times.pupil_id, missing.view_of, missing.stage;
