-- Title: Two groups crossed
-- Question: Of two groups, how do the pupils in both, in only one of them and in neither do beside the rest?
-- Grain: a part of those in scope (who: in both of $first_group and $other_group, first_only, other_only, neither), a subject,
--   scale and term at which anybody in scope has a score.
-- Columns: pupils (in scope, in that part on the day: the four add up to everybody in scope), assessed, and for expected
--   and greater depth the share, that of the rest (all in scope outside the part, assessed at the same point), the gap
--   and its change, as in progress_by_group; the intervals and gap_says are added as there.
-- Filters: subject. Counts: each pupil once in a subject, scale and term. Wrinkles: $measure keeps one subject and scale.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
parted as materialized (
    from crossed_parts('scope', $as_at, $first_group, $other_group)
),
members as materialized (
    select school_id, pupil_id, part, from parted
    union all
    select school_id, pupil_id, 'all', from scope
),
sizes as (
    select parts.part, parts.place, count(parted.pupil_id) as pupils,
    from (values ('both', 1), ('first_only', 2), ('other_only', 3), ('neither', 4)) as parts(part, place)
    left join parted using (part)
    group by all
),
scores as materialized (
    from term_results('scope', $as_at, $measure)
    where number is not null and (len($subjects) = 0 or list_contains(code_keys($subjects), subject_key))
),
shares as materialized (
    from part_shares('members', 'scores')
)
select
    sizes.part as who,
    everyone.subject,
    everyone.scale,
    everyone.academic_year,
    everyone.term,
    sizes.pupils,
    coalesce(shares.assessed, 0) as assessed,
    shares.meeting as expected_or_above,
    shares.meeting_share as expected_share,
    coalesce(shares.with_expectation, 0) as with_expectation,
    shares.deep as greater_depth,
    shares.deep_share as depth_share,
    shares.rest_assessed,
    shares.rest_meeting as rest_expected_or_above,
    shares.rest_meeting_share as rest_share,
    shares.gap_points,
    shares.gap_since_term,
    shares.gap_since_year,
    shares.rest_deep as rest_greater_depth,
    shares.rest_deep_share as rest_depth_share,
    shares.depth_gap_points,
    shares.depth_gap_since_term,
    shares.depth_gap_since_year,
    upper(everyone.term[1]) || everyone.term[2:] || ', ' || everyone.academic_year as point,
    everyone.point as term_order,
from shares as everyone
cross join sizes
left join shares
    on shares.part = sizes.part and shares.subject_key = everyone.subject_key
    and shares.scale_key = everyone.scale_key and shares.point = everyone.point
where everyone.part = 'all'
order by everyone.subject_key, everyone.scale_key, term_order, sizes.place;
