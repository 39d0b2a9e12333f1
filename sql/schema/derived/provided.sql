-- Question: what has each pupil had, and what was it for?
-- Grain: a placement (a pupil's time in a provision).
-- Columns: need_keys (lower case: the placement's own codes, else its provision's; empty: purpose not
--   recorded), weekly_minutes (minutes a session times sessions a week, each from the placement, else
--   from the provision; empty: not recorded), is_additional (targeted or specialist), is_adjustment
--   (what a teacher changed in class).
-- Worked out once, when the store is built, in the order of school and pupil: one school inside a trust then reads
-- its own rows alone.
create table store.provided as
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
    on offered.school_id = placements.school_id and offered.provision_id = placements.provision_id
order by placements.school_id, placements.pupil_id, placements.start_date, placements.provision_id;
