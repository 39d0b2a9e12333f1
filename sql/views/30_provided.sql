-- Question: what has each pupil had, and what was it for?
-- Grain: a placement (a pupil's time in a provision).
-- Columns: need_keys (lower case: the placement's own codes, else its provision's; empty: purpose not
--   recorded), weekly_minutes (minutes a session times sessions a week, each from the placement, else
--   from the provision; empty: not recorded), is_additional (targeted or specialist), is_adjustment
--   (what a teacher changed in class).
create view provided as
select
    placements.school_id,
    placements.pupil_id,
    placements.placement_id,
    placements.provision_id,
    coalesce(offered.name, placements.provision_id) as provision,
    offered.tier,
    offered.tier_order,
    offered.delivery,
    offered.subject_key,
    coalesce(offered.settled_purpose, 'learning') as purpose,
    coalesce(offered.is_additional, false) as is_additional,
    coalesce(offered.is_adjustment, false) as is_adjustment,
    placements.start_date,
    placements.expected_end_date,
    placements.end_date,
    case when len(placements.need_codes) > 0 then placements.need_codes else offered.need_codes end as need_codes,
    case when len(placements.need_codes) > 0 then code_keys(placements.need_codes) else coalesce(offered.need_keys, []) end
        as need_keys,
    coalesce(placements.minutes_per_session, offered.minutes_per_session)
        * coalesce(placements.sessions_per_week, offered.sessions_per_week) as weekly_minutes,
    placements.required_by,
    placements.staff_ids,
    placements.group_name,
    placements.subject_missed,
    placements.sessions_planned,
    placements.sessions_attended,
    placements.intended_outcome,
    placements.measure,
    placements.entry_value,
    placements.entry_date,
    placements.exit_value,
    placements.exit_date,
    placements.outcome,
    placements.note,
from store.placements
left join store.codes.offered
    on offered.school_id = placements.school_id and offered.provision_id = placements.provision_id;

-- Whether codes in lower case address a need: by its code, or broadly by naming its area. An area never
-- stands for a sensory or physical need: a motor group does not cover a visual impairment.
create macro addresses(some_keys, some_need_key, some_area, some_broad_match) as
    list_contains(some_keys, some_need_key)
    or (some_broad_match and some_area is not null and list_contains(some_keys, some_area));

-- Whether something in place is overdue for review: past its expected end; or it has none, and neither began nor
-- was reviewed in the time that the school sets.
create macro is_overdue(some_expected_end, some_start, some_review, on_date) as
    case
        when some_expected_end is not null then some_expected_end < on_date
        else greatest(some_start, some_review) < on_date - setting('review_after')::integer
    end;
