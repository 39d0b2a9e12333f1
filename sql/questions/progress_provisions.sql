-- Title: Provision beside progress
-- Question: Which additional provision did each pupil have, and when?
-- Grain: a time that a pupil in scope had an additional provision, begun by the day.
-- Columns: subject (of the provision; empty: for no one subject), drawn_until (its end, no later than the day).
-- Filters: tier, subject. Wrinkles: with a subject chosen, also what is for no one subject.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
)
select
    scope.pupil_id,
    scope.surname,
    scope.forename,
    scope.year_group,
    scope.class,
    provided.provision_id,
    provided.provision,
    provided.tier,
    provided.subject_key as subject,
    provided.start_date,
    provided.end_date,
    least(coalesce(provided.end_date, $as_at), $as_at) as drawn_until,
    scope.school_id,
from scope
inner join records.provided on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
where provided.is_additional
    and provided.start_date <= $as_at
    and (len($tiers) = 0 or list_contains($tiers, provided.tier))
    and (len($subjects) = 0 or provided.subject_key is null or list_contains(code_keys($subjects), provided.subject_key))
order by scope.school_id, scope.surname, scope.forename, scope.pupil_id, provided.start_date, provided.provision_id;
