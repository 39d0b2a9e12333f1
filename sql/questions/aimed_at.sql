-- Title: Whom each provision is aimed at
-- Question: At how many pupils is each provision aimed, and how many of them have it?
-- Grain: a provision that runs on the day and is aimed at a group.
-- Columns: group_codes, aimed_at (pupils in scope in one of those groups, and of the provision's years), have_it (of
--   them, with it in place on the day), have_share (have_it / aimed_at), others (pupils in scope who have it and at whom
--   it is not aimed).
-- Filters: tier.
-- Wrinkles: information and not a gap: being in a group is no need.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
met as materialized (
    from aimed('scope', $schools, $tiers, $as_at)
),
counted as (
    select school_id, provision_id, count(*) as aimed_at, count(*) filter (where has_it) as have_it,
    from met
    group by school_id, provision_id
),
others as (
    select provided.school_id, provided.provision_id, count(distinct provided.pupil_id) as others,
    from scope
    inner join records.provided on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    anti join met
        on met.school_id = provided.school_id and met.pupil_id = provided.pupil_id
        and met.provision_id = provided.provision_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
    group by provided.school_id, provided.provision_id
)
select
    offered.provision_id,
    offered.name as provision,
    offered.tier,
    offered.group_codes,
    coalesce(counted.aimed_at, 0) as aimed_at,
    coalesce(counted.have_it, 0) as have_it,
    counted.have_it / counted.aimed_at as have_share,
    coalesce(others.others, 0) as others,
    offered.school_id,
from records.offered
left join counted using (school_id, provision_id)
left join others using (school_id, provision_id)
where is_active(offered.start_date, offered.end_date, $as_at) and coalesce(len(offered.group_codes), 0) > 0
    and (len($schools) = 0 or list_contains($schools, offered.school_id))
    and (len($tiers) = 0 or list_contains($tiers, offered.tier))
order by offered.school_id, offered.tier_order, provision, offered.provision_id;
