-- Title: Assess, plan, do, review
-- Question: Where does each pupil with SEN support or a plan stand, since when, what is next, and are parents met often enough?
-- Grain: a pupil in scope with SEN support or an education, health and care plan on the day.
-- Columns: sen (sen_support or ehc_plan), sen_since, step (the first that holds: review: something in place is overdue for
--   review; do: something is in place, adjusted in class included; plan: a live need of a DfE type, and nothing in place;
--   assess: no such need), since (the first day of the step, no earlier than the support), days_in_step, what_next,
--   provisions (in place), targets_running (own targets that are not past due), reviews_with_parents (days in the 365 to
--   the day on which a parent was heard at review, or a target was reviewed with one), asked_in_vain (other days on which
--   a parent was asked at review and there was no answer), due_by_now (how many of the three a year, a setting, are due by
--   now: after a year of support all of them, before that in proportion, rounded down), with_parents (enough; no_answer:
--   enough with those asked in vain; short; too_soon: none is due yet), last_with_parents.
-- Counts: a pupil once.
-- Wrinkles: "since" of do is the later of the first beginning and the latest review of what is in place, since it began; of review the day
--   after the first fell due; of plan the latest of: the support, the first need, the day after the latest provision ended;
--   of assess the later of the support and the day after the latest such need ended.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
counted as materialized (
    select scope.*, supported.sen, supported.sen_since,
    from scope
    inner join with_sen('scope', $as_at) as supported using (school_id, pupil_id)
),
reviewed as (
    select counted.school_id, counted.pupil_id, reviews.provision_id, max(reviews.reviewed_on) as reviewed_on,
    from counted
    inner join records.reviews on reviews.school_id = counted.school_id and reviews.pupil_id = counted.pupil_id
    where reviews.reviewed_on <= $as_at
    group by all
),
times as (
    select
        counted.school_id, counted.pupil_id, provided.provision, provided.start_date, provided.end_date,
        reviewed.reviewed_on,
        coalesce(
            provided.expected_end_date,
            greatest(provided.start_date, reviewed.reviewed_on) + setting_review_after($as_at)::integer
        ) as due_on,
        provided.start_date > $as_at as is_to_come,
        not is_to_come and coalesce(provided.end_date >= $as_at, true) as is_in_place,
        is_in_place and is_overdue(provided.expected_end_date, provided.start_date, reviewed.reviewed_on, $as_at)
            as is_overdue_now,
    from counted
    inner join records.provided on provided.school_id = counted.school_id and provided.pupil_id = counted.pupil_id
    left join reviewed
        on reviewed.school_id = provided.school_id and reviewed.pupil_id = provided.pupil_id
        and reviewed.provision_id = provided.provision_id
),
in_provision as (
    select school_id, pupil_id,
        coalesce(list(distinct provision order by provision) filter (where is_in_place), []) as provisions,
        min(start_date) filter (where is_in_place) as first_start,
        max(reviewed_on) filter (where is_in_place and reviewed_on >= start_date) as last_review,
        min(due_on) filter (where is_in_place) as due_on,
        list(distinct provision order by provision) filter (where is_overdue_now) as overdue,
        min(due_on) filter (where is_overdue_now) as first_overdue,
        max(end_date) filter (where not is_to_come and not is_in_place) as last_end,
        min(start_date) filter (where is_to_come) as begins,
    from times
    group by all
),
needed as (
    select school_id, pupil_id, count(*) as needs, min(first_day) as first_need,
        list(distinct need order by need) as named,
    from live_needs('counted', $as_at, [])
    where is_dfe
    group by all
),
no_longer as (
    select needs.school_id, needs.pupil_id, max(needs.end_date) as last_need,
    from counted
    inner join records.needs on needs.school_id = counted.school_id and needs.pupil_id = counted.pupil_id
    inner join store.codes.need_kinds as kinds on kinds.need_key = lower(needs.need_code)
    where kinds.is_dfe and needs.end_date < $as_at
    group by all
),
met as (
    select school_id, pupil_id, heard_on as met_on, is_heard,
    from voices_of('counted', $as_at)
    where voice = 'parent' and stage = 'review'
    union all
    select targets.school_id, targets.pupil_id, targets.reviewed_on, true,
    from counted
    inner join records.targets on targets.school_id = counted.school_id and targets.pupil_id = counted.pupil_id
    where targets.reviewed_with_parent and targets.reviewed_on <= $as_at
),
days_met as (
    select school_id, pupil_id, met_on, bool_or(is_heard) as is_heard, from met group by all
),
with_parents as (
    select school_id, pupil_id,
        count(*) filter (where is_heard and met_on > $as_at - 365) as held,
        count(*) filter (where not is_heard and met_on > $as_at - 365) as in_vain,
        max(met_on) filter (where is_heard) as last_held,
    from days_met
    group by all
),
aimed as (
    select counted.school_id, counted.pupil_id, count(*) as targets_running,
    from counted
    inner join records.targets on targets.school_id = counted.school_id and targets.pupil_id = counted.pupil_id
    where targets.set_on <= $as_at and coalesce(targets.due_on >= $as_at, true)
    group by all
)
select
    counted.pupil_id,
    counted.surname,
    counted.forename,
    counted.year_group,
    counted.class,
    counted.sen,
    case
        when in_provision.first_overdue is not null then 'review'
        when len(in_provision.provisions) > 0 then 'do'
        when needed.needs > 0 then 'plan'
        else 'assess'
    end as step,
    case step
        when 'review' then greatest(in_provision.first_overdue + 1, counted.sen_since)
        when 'do' then greatest(in_provision.first_start, in_provision.last_review, counted.sen_since)
        when 'plan' then greatest(counted.sen_since, needed.first_need, in_provision.last_end + 1)
        else greatest(counted.sen_since, no_longer.last_need + 1)
    end as since,
    $as_at - since as days_in_step,
    case step
        when 'review' then 'Review: ' || array_to_string(in_provision.overdue, ', ')
        when 'do' then 'Review by ' || strftime(in_provision.due_on, '%-d %b %Y')
            || case when needed.needs is null then '; record the type of need' else '' end
        when 'plan' then coalesce(
            'Starts on ' || strftime(in_provision.begins, '%-d %b %Y'),
            'Plan for ' || array_to_string(needed.named, ', ')
        )
        else 'Find out and record the type of need'
    end as what_next,
    coalesce(in_provision.provisions, []) as provisions,
    coalesce(aimed.targets_running, 0) as targets_running,
    coalesce(with_parents.held, 0) as reviews_with_parents,
    coalesce(with_parents.in_vain, 0) as asked_in_vain,
    case when counted.sen_since is null then setting_parent_reviews($as_at)::integer
        else least($as_at - counted.sen_since, 365) * setting_parent_reviews($as_at)::integer // 365 end as due_by_now,
    case
        when due_by_now = 0 and reviews_with_parents = 0 then 'too_soon'
        when reviews_with_parents >= due_by_now then 'enough'
        when reviews_with_parents + asked_in_vain >= due_by_now then 'no_answer'
        else 'short'
    end as with_parents,
    with_parents.last_held as last_with_parents,
    counted.sen_since,
    counted.school_id,
from counted
left join in_provision using (school_id, pupil_id)
left join needed using (school_id, pupil_id)
left join no_longer using (school_id, pupil_id)
left join with_parents using (school_id, pupil_id)
left join aimed using (school_id, pupil_id)
order by counted.school_id, array_position(['review', 'plan', 'assess', 'do'], step), since, counted.surname,
    counted.forename, counted.pupil_id;
