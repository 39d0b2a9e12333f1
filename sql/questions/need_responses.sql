-- Title: How each need is met
-- Question: In what ways is each need met: for the whole class, in groups, one to one, beyond school?
-- Grain: a need of a pupil in scope, live on the day.
-- Columns: whole_class, guided_group, in_group, individually, beyond_school, unsaid (provisions that address the need, in
--   place for the pupil, by how they are given; the universal offer that reaches the pupil's year stands under
--   whole_class), is_without (none at all), met (beyond: in a way besides whole class; whole_class: in no other
--   way; nothing), barrier, barrier_removed_on and barrier_removed_by (empty: it stands), met_by (more: something
--   besides the whole class, or additional; adjusted: changed in class for this pupil, and no more; offer: what everybody
--   gets and no more; nothing).
-- Filters: need. Counts: a pupil has as many rows as live needs.
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
    whole_class,
    guided_group,
    in_group,
    individually,
    beyond_school,
    unsaid,
    len(whole_class) + len(guided_group) + len(in_group) + len(individually) + len(beyond_school) + len(unsaid) = 0
        as is_without,
    case
        when is_without then 'nothing'
        when len(guided_group) + len(in_group) + len(individually) + len(beyond_school) + len(unsaid) = 0 then 'whole_class'
        else 'beyond'
    end as met,
    barrier,
    barrier_removed_on,
    barrier_removed_by,
    need_start,
    case
        when met = 'nothing' then 'nothing'
        when met = 'beyond' or state = 'covered' then 'more'
        when state = 'in_class' then 'adjusted'
        else 'offer'
    end as met_by,
    school_id,
from responses('scope', $as_at, $needs)
order by school_id, surname, forename, pupil_id, area_order, need, need_row;
