-- Title: Reviews due and overdue
-- Question: Which provision is due or overdue for review, for a pupil or as a whole?
-- Grain: a provision in place on the day for a pupil in scope; and a provision as a whole that runs on the day and that a
--   pupil in scope has had or is in a year group of.
-- Columns: about (pupil, whole), state (the first that holds: overdue, due, no day, to come), due_on, days_overdue, reason,
--   reviewed_on, rating, decision and next_review_on (of the latest review; for a pupil, of one since it began), heard (whose
--   voices are on record since then, or since it began, about it or about the pupil as a whole), end_date (its last day,
--   where that is set: the day itself or one to come), pupils (of a whole: pupils on roll of the school who have it in place).
-- Filters: tier. Counts: a pupil has as many rows as provisions; a provision as a whole has one.
-- Wrinkles: for a pupil, overdue is overdue_for_review of the provision list, and nothing else: past its expected end; or
--   it has none, and neither began nor was reviewed for this pupil in the last 120 days (a setting). Due: that day, or the day
--   that the latest review set, is at most 14 days ahead (a setting) or has come; or it was decided to stop it. A provision
--   as a whole goes by the day that its own latest review set: past it is overdue, on the day itself it is due. Without one, or never
--   reviewed as a whole: no day, which is not fine.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
latest as materialized (
    from reviews_by($as_at) where is_latest
),
heard_by as materialized (
    from records.voices where heard_on <= $as_at and reply is null
),
for_pupils as (
    select
        scope.pupil_id, scope.surname, scope.forename, scope.year_group, scope.class, scope.school_id,
        provided.provision_id, provided.provision, provided.tier, provided.tier_order, provided.delivery,
        provided.start_date, provided.expected_end_date, provided.end_date, provided.placement_id,
        'pupil' as about,
        latest.reviewed_on as any_review,
        -- What was said of an earlier time in it says nothing of this one.
        unnest(case when latest.reviewed_on >= provided.start_date then {
            'reviewed_on': latest.reviewed_on, 'rating': latest.rating, 'decision': latest.decision,
            'next_review_on': latest.next_review_on
        } else {'reviewed_on': null, 'rating': null, 'decision': null, 'next_review_on': null} end),
        is_overdue(provided.expected_end_date, provided.start_date, any_review, $as_at) as is_late,
        coalesce(
            provided.expected_end_date,
            greatest(provided.start_date, any_review) + setting_review_after($as_at)::integer
        ) as last_day,
        (
            select list_sort(list(distinct voice)) from heard_by
            where heard_by.school_id = scope.school_id and heard_by.pupil_id = scope.pupil_id
                and coalesce(heard_by.provision_id, provided.provision_id) = provided.provision_id
                and heard_by.heard_on >= coalesce(reviewed_on, provided.start_date)
        ) as heard,
        null::bigint as pupils,
    from scope
    inner join records.provided
        on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    left join latest
        on latest.school_id = scope.school_id and latest.pupil_id = scope.pupil_id
        and latest.provision_id = provided.provision_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
        and (len($tiers) = 0 or list_contains($tiers, provided.tier))
),
as_a_whole as (
    select
        null::varchar as pupil_id, null::varchar as surname, null::varchar as forename,
        null::varchar as year_group, null::varchar as class, offered.school_id,
        offered.provision_id, offered.name as provision, offered.tier, offered.tier_order, offered.delivery,
        offered.start_date, offered.end_date as expected_end_date, null::date as end_date, null::varchar as placement_id,
        'whole' as about,
        latest.reviewed_on as any_review,
        latest.reviewed_on, latest.rating, latest.decision, latest.next_review_on,
        coalesce(latest.next_review_on < $as_at, false) as is_late,
        latest.next_review_on as last_day,
        (
            select list_sort(list(distinct voice)) from heard_by
            where heard_by.school_id = offered.school_id and heard_by.provision_id = offered.provision_id
                and heard_by.heard_on >= coalesce(latest.reviewed_on, heard_by.heard_on)
        ) as heard,
        coalesce(still.pupils, 0) as pupils,
    from provision_of_scope('scope', $tiers, $as_at) as offered
    left join latest
        on latest.school_id = offered.school_id and latest.provision_id = offered.provision_id
        and latest.pupil_id is null
    left join still_having($schools, $as_at) as still
        on still.school_id = offered.school_id and still.provision_id = offered.provision_id
    where offered.is_running
),
every as (
    select *, least(last_day, next_review_on) as due_on, decision is not distinct from 'stop' as is_to_stop,
    from (from for_pupils union all by name from as_a_whole)
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
    case
        when is_late then 'overdue'
        when is_to_stop or due_on <= $as_at + setting_review_soon($as_at)::integer then 'due'
        when due_on is null then 'no day'
        else 'to come'
    end as state,
    -- What makes it overdue is the day that counts, also where the latest review had set an earlier one.
    case when is_late then last_day else due_on end as due_on,
    case when is_late then $as_at - last_day end as days_overdue,
    case
        when is_late and about = 'whole' then 'As a whole: its next review was set for ' || day_in_words(last_day) || '.'
        when is_late and expected_end_date is not null
            then 'Expected to end on ' || day_in_words(expected_end_date)
                || case when end_date is null then ', and still in place.' else '.' end
        when is_late and any_review >= start_date
            then 'No expected end. Last reviewed on ' || day_in_words(any_review) || '.'
        when is_late then 'No expected end. Not reviewed since it began on ' || day_in_words(start_date) || '.'
        when is_to_stop then 'On ' || day_in_words(reviewed_on) || ' it was decided to stop it.'
            || case when end_date is null then ' It is still in place.' else '' end
        when due_on is null and reviewed_on is null then 'Never reviewed as a whole.'
        when due_on is null then 'Its latest review, on ' || day_in_words(reviewed_on) || ', set no day for the next.'
        when due_on = next_review_on and due_on < $as_at
            then 'That day was set by the latest review, and none followed.'
        when due_on = next_review_on then 'The day was set by the latest review.'
        when expected_end_date is not null then 'Expected to end on ' || day_in_words(expected_end_date) || '.'
        else 'No expected end: ' || setting_review_after($as_at)::integer || ' days after '
            || case when any_review >= start_date then 'it was last reviewed.' else 'it began.' end
    end || coalesce(' Ends ' || day_in_words(end_date) || '.', '') as reason,
    reviewed_on,
    rating,
    decision,
    next_review_on,
    coalesce(heard, []) as heard,
    pupils,
    delivery,
    start_date,
    end_date,
    school_id,
from every
order by school_id, list_position(['overdue', 'due', 'no day', 'to come'], state), due_on, about desc, surname, forename,
    pupil_id, tier_order, provision, start_date, placement_id;
