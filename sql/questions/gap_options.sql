-- Title: What could answer a need
-- Question: Which provisions address this need of this pupil, is there room, and is somebody trained to give them?
-- Grain: a provision of the pupil's school that runs on the day, is for the pupil's year and addresses the need
--   ($school_id, $pupil_id, $need_code; where that is a subject, provisions for the subject count too).
-- Columns: match (exact: it names the need; broad: it names the whole area), free_places (see provision_criteria),
--   skills_required, trained_staff (adults with every one of those skills on the day), qualifies (yes, no, or not
--   known, by its criteria to start; empty: it has none), times_before (how often this pupil had it and it ended),
--   could_take (yes; "has it now" or "starts soon", which nobody needs to offer again; or what stands in the way: no
--   room, nobody trained, criteria not met), in_place (the pupil has it),
--   lessons_missed (what the pupils who have it on the day are recorded to miss for it, lower case; empty: none recorded),
--   not_recorded (what would decide and nobody wrote down: room, skills, criteria, lesson missed; also where could_take is yes).
-- Wrinkles: room that is not recorded stands in nobody's way, and free_places is then empty. Room is asked of what is
--   given in a group; criteria of what not everybody gets; a lesson of what takes place in school and not in class.
with scope as materialized (
    from pupils_in_scope($as_at, [$school_id], [], [], [], []) where pupil_id = $pupil_id
),
wanted as (
    from need_asked_about($need_code)
),
offer as (
    select places.*,
        case when list_contains(places.need_keys, wanted.need_key) or coalesce(places.subject_key = wanted.need_key, false)
            then 'exact' else 'broad' end as match,
    from places([$school_id], $as_at) as places
    inner join scope using (school_id)
    inner join wanted
        on addresses(places.need_keys, wanted.need_key, wanted.area, wanted.is_broad_match)
        or places.subject_key = wanted.need_key
    where is_active(places.start_date, places.end_date, $as_at)
        and (coalesce(len(places.year_groups), 0) = 0 or list_contains(places.year_groups, scope.year_group))
),
trained as (
    select provision_id, list(adult order by adult, staff_id) as trained_staff,
    from trained_adults([$school_id], $as_at)
    group by provision_id
),
asked_to_start as (
    select distinct provision_id, from criteria_read where school_id = $school_id and kind = 'entry'
),
found as (
    select provision_id, list(finding) as findings, from criteria_findings('scope', $as_at) group by provision_id
),
missed as (
    select provision_id, list(distinct lower(trim(subject_missed)) order by lower(trim(subject_missed))) as lessons_missed,
    from records.provided
    where school_id = $school_id and coalesce(trim(subject_missed), '') <> ''
        and is_active(start_date, end_date, $as_at)
    group by provision_id
),
held as (
    select
        provision_id,
        count(*) filter (where end_date < $as_at) as times_before,
        bool_or(start_date <= $as_at and coalesce(end_date >= $as_at, true)) as in_place,
        bool_or(start_date > $as_at) as is_to_come,
    from records.provided
    where school_id = $school_id and pupil_id = $pupil_id
    group by provision_id
)
select
    offer.provision_id,
    offer.name as provision,
    offer.tier,
    offer.match,
    offer.delivery,
    offer.group_size,
    offer.teaching_groups as groups,
    offer.free_places,
    coalesce(offer.skills_required, []) as skills_required,
    coalesce(trained.trained_staff, []) as trained_staff,
    case
        when asked_to_start.provision_id is null then null
        when list_contains(found.findings, 'waits') then 'yes'
        when list_contains(found.findings, 'attends_without') then 'no'
        when list_contains(found.findings, 'cannot_judge') then 'not known'
        when coalesce(held.in_place, false) then 'yes'
        else 'no'
    end as qualifies,
    coalesce(held.times_before, 0) as times_before,
    array_to_string(list_filter(
        [
            case when offer.free_places <= 0 and not coalesce(held.in_place, false) then 'no room' end,
            case when len(code_keys(offer.skills_required)) > 0 and trained.trained_staff is null
                then 'nobody trained' end,
            case when qualifies = 'no' then 'criteria not met' end,
        ],
        lambda part: part is not null
    ), ', ') as in_the_way,
    case
        when coalesce(held.in_place, false) then 'has it now'
        when coalesce(held.is_to_come, false) then 'starts soon'
        when in_the_way = '' then 'yes'
        else in_the_way
    end as could_take,
    coalesce(held.in_place, false) as in_place,
    coalesce(missed.lessons_missed, []) as lessons_missed,
    offer.lead,
    list_filter(
        [
            case when offer.is_additional and offer.free_places is null and coalesce(offer.delivery, '') not in ('whole class', 'one to one')
                then 'room' end,
            case when len(code_keys(offer.skills_required)) = 0 then 'skills' end,
            case when offer.is_additional and asked_to_start.provision_id is null then 'criteria' end,
            case when offer.is_additional and coalesce(offer.delivery, '') <> 'beyond school' and missed.provision_id is null
                then 'lesson missed' end,
        ],
        lambda part: part is not null
    ) as not_recorded,
    offer.school_id,
from offer
left join trained using (provision_id)
left join asked_to_start using (provision_id)
left join found using (provision_id)
left join held using (provision_id)
left join missed using (provision_id)
order by could_take in ('has it now', 'starts soon'), in_the_way <> '', offer.match desc, offer.tier_order, provision, offer.provision_id;
