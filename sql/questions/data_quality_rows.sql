-- Title: Data quality, row by row
-- Question: Which records are missing, unknown or unlikely?
-- Grain: a finding of one check.
-- Columns: dataset (where to mend it), pupil and provision where the check is of one, since (the day from
--   which it is so; empty: not recorded), what (in a sentence).
-- Counts: a pupil can have several rows, also of one check.
-- Wrinkles: a review of a provision as a whole is no review of how it goes for one pupil. A code that is no
--   score (absent, disapplied) is no assessment. Nought is found only where higher is better.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
)
select
    found."check",
    checks.dataset,
    found.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    found.provision_id,
    provisions.name as provision,
    nullif(found.since, date '0001-01-01') as since,
    found.what,
    found.school_id,
from quality_rows('scope', $as_at, $schools) as found
inner join quality_checks as checks using ("check")
left join scope on scope.school_id = found.school_id and scope.pupil_id = found.pupil_id
left join records.provisions
    on provisions.school_id = found.school_id and provisions.provision_id = found.provision_id
left join store.codes.year_groups using (year_group)
order by checks.sort_order, found.school_id, year_groups.sort_order, scope.class, scope.surname, scope.forename,
    found.pupil_id, provision, found.provision_id, found.since, found.what;
