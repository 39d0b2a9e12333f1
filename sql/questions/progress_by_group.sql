-- Title: Progress by group
-- Question: What share of each group was at the expected standard, term by term?
-- Grain: a subject, scale, group and assessment point (academic year and term) at which at least one pupil
--   of the group was assessed. Groups overlap; `all` counts each pupil once.
-- Columns: pupils (in scope and in the group on the day), assessed (of them, with a score at that point: the
--   latest of that scale in the term, test before teacher on one day), mean_value (empty for ordered scales),
--   expected_or_above (empty where no expected mark is set), expected_share (expected_or_above / assessed,
--   0 to 1), with_expectation (of the assessed, those for whose year group a mark is set).
--   rest_share (the same for all pupils in scope outside the group), gap_points (expected_share less
--   rest_share, in percentage points), its change since the term before and since a year before, the same of greater
--   depth; in_group_then (of the assessed, in the group on the day of the assessment too), term_order (the points in
--   time order). Of each share and gap the 95% interval is added (…_low, …_high), and gap_says (small: fewer than six on
--   one side; chance: the interval has nought in it; behind; ahead).
-- Filters: subject. Counts: pupils, assessed and expected_or_above are pupils.
-- Wrinkles: follows the pupils in scope on the day, and their groups on the day, back through time. $measure
--   ("reading/standardised") keeps one subject and scale.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
members as materialized (
    select school_id, pupil_id, 'all' as part, from scope
    union all
    select school_id, pupil_id, group_code,
    from groups_in_scope('scope', $as_at)
),
sizes as (
    select part, count(*) as pupils, from members group by part
),
scores as materialized (
    from term_results('scope', $as_at, $measure)
    where number is not null and (len($subjects) = 0 or list_contains(code_keys($subjects), subject_key))
),
-- With plain days, which a join can use.
spans as (
    select school_id, pupil_id, group_code as part,
        coalesce(start_date, '-infinity'::date) as first_day, coalesce(end_date, 'infinity'::date) as last_day,
    from belonging
),
-- Who is in a group now was perhaps not in it then.
counted_then as (
    select in_part.part, in_part.subject_key, in_part.scale_key, in_part.point, count(*) as in_group_then,
    from (
        select members.part, scores.*
        from members
        inner join scores on scores.school_id = members.school_id and scores.pupil_id = members.pupil_id
    ) as in_part
    -- Spans of a pupil in one group may overlap: a result counts once.
    semi join spans
        on spans.school_id = in_part.school_id and spans.pupil_id = in_part.pupil_id and spans.part = in_part.part
        and spans.first_day <= in_part.assessed_on and spans.last_day >= in_part.assessed_on
    group by all
),
shares as (
    from part_shares('members', 'scores')
)
select
    shares.part as group_code,
    coalesce(group_names.name, 'Everyone counted') as "group",
    shares.subject,
    shares.scale,
    shares.academic_year,
    shares.term,
    sizes.pupils,
    shares.assessed,
    shares.mean_value,
    shares.meeting as expected_or_above,
    shares.meeting_share as expected_share,
    shares.with_expectation,
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
    case when shares.part = 'all' then shares.assessed else coalesce(counted_then.in_group_then, 0) end as in_group_then,
    upper(shares.term[1]) || shares.term[2:] || ', ' || shares.academic_year as point,
    shares.point as term_order,
from shares
inner join sizes using (part)
left join counted_then using (part, subject_key, scale_key, point)
left join records.group_names on group_names.group_code = shares.part
order by shares.part <> 'all', group_names.sort_order, shares.part, shares.subject_key, shares.scale_key, term_order;
