-- Title: Coverage
-- Question: Is anything in place for each need?
-- Grain: a need of a pupil in scope, live on the day, in exactly one state.
-- Columns: state (covered, in_class, planned, lapsed, unmet: the first that holds), provisions (those that
--   give the state), days_in_state (days since the unbroken run of this state began; 0 on its first day),
--   since (that day), is_broad_match_only (addressed only by naming the whole area of need),
--   is_start_recorded (whether the day the need began was written down), universal_offer (universal provisions that run
--   on the day, reach the pupil's year and address the need: beside the state, and no answer to it), groups and
--   key_stage (of the pupil).
-- Filters: need. Counts: a pupil has as many rows as live needs.
-- Wrinkles: covered means arranged, which is not yet enough or delivered. Whole-class provision reaches
--   everybody and is no answer to a need by itself.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
states as materialized (
    from need_states('scope', $as_at, $needs)
),
in_groups as (
    select school_id, pupil_id, list(group_code order by group_code) as groups,
    from groups_in_scope('scope', $as_at)
    group by school_id, pupil_id
)
select
    pupil_id,
    surname,
    forename,
    year_group,
    class,
    need_code,
    need,
    area,
    state,
    provisions,
    days_in_state,
    since,
    is_broad_match_only,
    is_start_recorded,
    barrier,
    provision_ids,
    coalesce(offers.universal_offer, []) as universal_offer,
    coalesce(in_groups.groups, []) as groups,
    year_groups.key_stage,
    school_id,
from states
left join universal_offers('states', $as_at) as offers using (school_id, year_group, need_key)
left join in_groups using (school_id, pupil_id)
left join store.codes.year_groups using (year_group)
order by school_id, surname, forename, pupil_id, area_order, need, need_row;
