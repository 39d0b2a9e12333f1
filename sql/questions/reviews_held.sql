-- Title: Reviews held
-- Question: What did each review decide, and did the change that it agreed meet the need?
-- Grain: a review held by the day, of a provision for a pupil in scope, or of a provision as a whole that a pupil in scope
--   has had or is in a year group of.
-- Columns: about (pupil, whole), reviewed_on, rating (-2 to 2), decision, adaptation, next_review_on, check_on (of a review that
--   agreed a change: the day on which to see whether it met the need: the day set for the next review, else 42 days after, a
--   setting), check_state (of these, the first that holds: met, partly met or not met, as somebody checked by the day; replaced,
--   where a later review agreed another change; over, where the provision is no longer in place; due, from that day on until the
--   check is made; to come), checked_on.
-- Filters: tier. Counts: a review once.
-- Wrinkles: a review that decided to adapt agreed a change, also where nobody wrote down which.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
held as materialized (
    from reviews_by($as_at)
),
offered as materialized (
    from provision_of_scope('scope', $tiers, $as_at)
),
counted as (
    select
        scope.surname, scope.forename, scope.year_group, scope.class, held.*,
        'pupil' as about,
        coalesce(offered.name, held.provision_id) as provision,
        offered.tier,
        exists (
            select 1 from records.provided
            where provided.school_id = held.school_id and provided.pupil_id = held.pupil_id
                and provided.provision_id = held.provision_id
                and is_active(provided.start_date, provided.end_date, $as_at)
        ) as is_in_place,
    from scope
    inner join held on held.school_id = scope.school_id and held.pupil_id = scope.pupil_id
    left join records.offered
        on offered.school_id = held.school_id and offered.provision_id = held.provision_id
    where len($tiers) = 0 or list_contains($tiers, offered.tier)
    union all by name
    select held.*, 'whole' as about, offered.name as provision, offered.tier, offered.is_running as is_in_place,
    from held
    inner join offered on offered.school_id = held.school_id and offered.provision_id = held.provision_id
    where held.pupil_id is null
),
followed as (
    select
        *,
        count(*) filter (where decision = 'adapt') over (
            partition by school_id, provision_id, pupil_id order by reviewed_on
            range between interval 1 day following and unbounded following
        ) > 0 as is_replaced,
        coalesce(next_review_on, reviewed_on + setting_adaptation_check($as_at)::integer) as day_of_check,
        case when coalesce(adaptation_checked_on <= $as_at, true) then adaptation_met end as found,
    from counted
)
select
    pupil_id,
    surname,
    forename,
    year_group,
    class,
    provision_id,
    provision,
    tier,
    about,
    reviewed_on,
    rating,
    decision,
    adaptation,
    next_review_on,
    case when decision = 'adapt' then day_of_check end as check_on,
    case
        when decision is distinct from 'adapt' then null
        when found is not null then found
        when is_replaced then 'replaced'
        when not is_in_place then 'over'
        when day_of_check <= $as_at then 'due'
        else 'to come'
    end as check_state,
    case when decision = 'adapt' and found is not null then adaptation_checked_on end as checked_on,
    school_id,
from followed
order by school_id, reviewed_on desc, provision, surname nulls first, forename, pupil_id, provision_id;
