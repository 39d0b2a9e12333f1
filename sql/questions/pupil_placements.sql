-- Title: One pupil's provision
-- Question: What has this pupil had, and what is to come?
-- Grain: a time in a provision, past, present or planned ($school_id, $pupil_id).
-- Columns: subject (the provision's, lower case), is_in_place (on the day), weekly_minutes, entry and exit values on the measure's scale, outcome,
--   drawn_until (where its bar ends on a time line: its end; while open the day; planned and open: its expected
--   end, else six weeks), overdue_for_review (as in the provision list; false where it is not in place).
with reviewed as (
    select provision_id, max(reviewed_on) as reviewed_on,
    from records.reviews
    where school_id = $school_id and pupil_id = $pupil_id and reviewed_on <= $as_at
    group by provision_id
)
select
    provided.provision_id,
    provided.provision,
    provided.tier,
    provided.need_codes,
    provided.start_date,
    provided.expected_end_date,
    provided.end_date,
    provided.weekly_minutes,
    (select coalesce(list(coalesce(staff.name, given.staff_id) order by given.staff_id), [])
        from (select unnest(provided.staff_ids) as staff_id) as given
        left join records.staff on staff.school_id = $school_id and staff.staff_id = given.staff_id) as staff,
    provided.measure,
    provided.entry_value,
    provided.entry_date,
    provided.exit_value,
    provided.exit_date,
    provided.outcome,
    provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true) as is_in_place,
    is_in_place
        and is_overdue(provided.expected_end_date, provided.start_date, reviewed.reviewed_on, $as_at)
        as overdue_for_review,
    coalesce(
        provided.end_date,
        case when provided.start_date > $as_at then coalesce(provided.expected_end_date, provided.start_date + 42)
            else $as_at end
    )::date as drawn_until,
    provided.purpose,
    provided.subject_key as subject,
    provided.is_additional,
    provided.intended_outcome,
    provided.note,
    provided.school_id,
from records.provided
left join reviewed using (provision_id)
where provided.school_id = $school_id and provided.pupil_id = $pupil_id
order by provided.start_date, provided.tier_order, provided.provision, provided.placement_id;
