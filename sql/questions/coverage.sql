-- Title: Coverage
-- Question: Is anything in place for each need?
-- Grain: a need of a pupil in scope, live on the day, in exactly one state.
-- Columns: state (covered, in_class, planned, lapsed, unmet: the first that holds), provisions (those that
--   give the state), days_in_state (days since the unbroken run of this state began; 0 on its first day),
--   since (that day), is_broad_match_only (addressed only by naming the whole area of need),
--   is_start_recorded (whether the day the need began was written down).
-- Filters: need. Counts: a pupil has as many rows as live needs.
-- Wrinkles: covered means arranged, which is not yet enough or delivered. Whole-class provision reaches
--   everybody and is no answer to a need by itself.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
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
    school_id,
from need_states('scope', $as_at, $needs)
order by school_id, surname, forename, pupil_id, area_order, need, need_row;
