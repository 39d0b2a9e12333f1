-- Question: which share of some pupils is at expected and at greater depth, beside all others, and how did that change?

-- Grain: a part of those in scope (any parts, also such as overlap), a subject, scale and term. `some_members` says who
-- is in which part (school_id, pupil_id, part; the part 'all' has everybody), `some_scores` has the rows of term_results
-- that are scores.
-- Columns: assessed, with_expectation (of them, with a mark), meeting and deep (at expected or above, at greater depth;
--   empty where no mark is set), with their shares of the assessed; rest_… the same of everybody outside the part (empty
--   where nobody there has a mark); gap_points and depth_gap_points (share less that of the rest, in percentage points),
--   and how much each changed since the term before and since the same term a year before (above 0: the part gained on
--   the rest; empty: one of the two gaps is not known).
create macro part_shares(some_members, some_scores) as table
with points as (
    select
        members.part, scores.subject_key, scores.scale_key, scores.academic_year, scores.term, scores.point,
        min(scores.subject) as subject,
        min(scores.scale) as scale,
        count(*) as assessed,
        case when any_value(scores.kind) <> 'ordered' then avg(scores.number) end as mean_value,
        count(scores.meets_expected) as with_expectation,
        count(scores.is_greater_depth) as with_depth,
        count(*) filter (where scores.meets_expected) as met,
        count(*) filter (where scores.is_greater_depth) as deeper,
    from query_table(some_scores) as scores
    inner join query_table(some_members) as members using (school_id, pupil_id)
    group by members.part, scores.subject_key, scores.scale_key, scores.academic_year, scores.term, scores.point
),
beside as (
    select
        points.* exclude (met, deeper),
        case when points.with_expectation > 0 then points.met end as meeting,
        case when points.with_depth > 0 then points.deeper end as deep,
        everyone.assessed - points.assessed as rest_assessed,
        case when points.part <> 'all' and everyone.with_expectation > points.with_expectation
            then everyone.met - points.met end as rest_meeting,
        case when points.part <> 'all' and everyone.with_depth > points.with_depth
            then everyone.deeper - points.deeper end as rest_deep,
    from points
    inner join (from points where part = 'all') as everyone using (subject_key, scale_key, point)
),
compared as (
    select
        *,
        meeting / assessed as meeting_share,
        deep / assessed as deep_share,
        rest_meeting / nullif(rest_assessed, 0) as rest_meeting_share,
        rest_deep / nullif(rest_assessed, 0) as rest_deep_share,
        100 * (meeting_share - rest_meeting_share) as gap_points,
        100 * (deep_share - rest_deep_share) as depth_gap_points,
        case when point % 10 = 1 then point - 8 else point - 1 end as point_before,
    from beside
)
select
    compared.* exclude (point_before),
    compared.gap_points - before.gap_points as gap_since_term,
    compared.gap_points - last_year.gap_points as gap_since_year,
    compared.depth_gap_points - before.depth_gap_points as depth_gap_since_term,
    compared.depth_gap_points - last_year.depth_gap_points as depth_gap_since_year,
from compared
left join compared as before
    on before.part = compared.part and before.subject_key = compared.subject_key
    and before.scale_key = compared.scale_key and before.point = compared.point_before
left join compared as last_year
    on last_year.part = compared.part and last_year.subject_key = compared.subject_key
    and last_year.scale_key = compared.scale_key and last_year.point = compared.point - 10;

-- Grain: a pupil in scope, with the part of two groups crossed that the pupil is in on the day.
create macro crossed_parts(some_scope, on_date, some_group, some_other_group) as table
select
    scope.school_id,
    scope.pupil_id,
    case
        when bool_or(held.group_code = some_group) and bool_or(held.group_code = some_other_group) then 'both'
        when bool_or(held.group_code = some_group) then 'first_only'
        when bool_or(held.group_code = some_other_group) then 'other_only'
        else 'neither'
    end as part,
from query_table(some_scope) as scope
left join groups_in_scope(some_scope, on_date) as held using (school_id, pupil_id)
group by scope.school_id, scope.pupil_id;
