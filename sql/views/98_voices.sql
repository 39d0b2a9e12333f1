-- Question: who has been heard about what a pupil has, and since when is a pupil with special needs supported?

-- Grain: additional provision in place on the day for a pupil of `some_scope`, with the review that is in question.
-- Columns: due_on (the day up to which it is not overdue for review), is_review_due (that day is over), review_on (the
--   review in question: the day it fell due where it is overdue, the day itself where it is the last, else the latest of
--   this pupil in it since it began; empty: none yet). What ends is planned no more: its review is the one to hear about.
create macro times_in_question(some_scope, on_date) as table
with reviewed as (
    select scope.school_id, scope.pupil_id, reviews.provision_id, reviews.reviewed_on,
    from query_table(some_scope) as scope
    inner join records.reviews on reviews.school_id = scope.school_id and reviews.pupil_id = scope.pupil_id
    where reviews.reviewed_on <= on_date
),
in_place as (
    select
        row_number() over () as time_row,
        scope.*,
        provided.provision_id, provided.provision, provided.tier, provided.tier_order, provided.start_date,
        provided.expected_end_date, provided.end_date, provided.placement_id,
        placements.pupil_involved, placements.parent_involved,
    from query_table(some_scope) as scope
    inner join records.provided on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    inner join records.placements
        on placements.school_id = provided.school_id and placements.pupil_id = provided.pupil_id
        and placements.provision_id = provided.provision_id and placements.start_date = provided.start_date
        and placements.placement_id is not distinct from provided.placement_id
    where provided.is_additional
        and provided.start_date <= on_date and coalesce(provided.end_date >= on_date, true)
),
looked_at as (
    select in_place.time_row, max(reviewed.reviewed_on) as last_review,
    from in_place
    inner join reviewed
        on reviewed.school_id = in_place.school_id and reviewed.pupil_id = in_place.pupil_id
        and reviewed.provision_id = in_place.provision_id and reviewed.reviewed_on >= in_place.start_date
    group by in_place.time_row
)
select
    in_place.*,
    looked_at.last_review,
    coalesce(
        in_place.expected_end_date,
        greatest(in_place.start_date, looked_at.last_review) + setting_review_after(on_date)::integer
    ) as due_on,
    due_on < on_date as is_review_due,
    case when is_review_due then due_on when end_date = on_date then on_date else last_review end as review_on,
from in_place
left join looked_at using (time_row);

-- Grain: something that was heard by the day about a pupil, of the pupils of `some_scope`.
-- Columns: is_heard (false: asked, and no answer).
create macro voices_of(some_scope, on_date) as table
select
    scope.school_id, scope.pupil_id, voices.provision_id, voices.heard_on, voices.voice, voices.stage,
    voices.reply is null as is_heard,
from query_table(some_scope) as scope
inner join records.voices on voices.school_id = scope.school_id and voices.pupil_id = scope.pupil_id
where voices.heard_on <= on_date;

-- How a voice stands at a stage: see stages_heard.
create macro how_heard(was_heard, was_involved, some_day, some_is_over) as
    case
        when coalesce(was_heard, false) or coalesce(was_involved, false) then 'heard'
        when was_heard is not null then 'no_answer'
        when some_day is null then 'not_yet'
        when some_is_over then 'not_heard'
        else 'to_hear'
    end;

-- Grain: a time in question (rows of `some_times`) and a stage of it, planning or review.
-- A voice counts for a time where it is about the pupil as a whole or about that provision, says that stage, and was
-- heard no more than `heard_before` days (a setting) before the beginning, or before the review in question.
-- Columns: pupil and parent, each one of heard, no_answer (asked: invited without a reply, or chose not to say), to_hear,
--   not_heard (planning is over: a review is in question) or not_yet (no review is in question); others (the other kinds
--   of evidence, in the order of the alphabet).
create macro stages_heard(some_times, some_scope, on_date) as table
with stages as (
    select time_row, school_id, pupil_id, provision_id, 'planning' as stage, start_date as about_day,
        review_on is not null as is_over, pupil_involved, parent_involved,
    from query_table(some_times)
    union all
    select time_row, school_id, pupil_id, provision_id, 'review', review_on, false, null, null,
    from query_table(some_times)
),
heard as (
    select stages.time_row, stages.stage, voices.voice, bool_or(voices.is_heard) as is_heard,
    from stages
    inner join voices_of(some_scope, on_date) as voices
        on voices.school_id = stages.school_id and voices.pupil_id = stages.pupil_id
        and voices.stage = stages.stage
        and coalesce(voices.provision_id = stages.provision_id, voices.provision_id is null)
        and voices.heard_on >= stages.about_day - setting_heard_before(on_date)::integer
    group by all
),
summed as (
    select time_row, stage,
        bool_or(is_heard) filter (where voice = 'pupil') as pupil_heard,
        bool_or(is_heard) filter (where voice = 'parent') as parent_heard,
        list(voice order by voice) filter (where is_heard and voice not in ('pupil', 'parent')) as others,
    from heard
    group by all
)
select
    stages.time_row, stages.stage, stages.about_day,
    how_heard(summed.pupil_heard, stages.pupil_involved, stages.about_day, stages.is_over) as pupil,
    how_heard(summed.parent_heard, stages.parent_involved, stages.about_day, stages.is_over) as parent,
    coalesce(summed.others, []) as others,
from stages
left join summed using (time_row, stage);

-- Grain: a pupil of `some_scope` with SEN support or a plan on the day.
-- Columns: sen (ehc_plan or sen_support), sen_since (the first day of the unbroken run of either, no earlier than the
--   pupil's entry; empty: neither is recorded).
create macro with_sen(some_scope, on_date) as table
with spans as (
    select
        scope.school_id, scope.pupil_id, belonging.group_code,
        coalesce(greatest(belonging.start_date, scope.entry_date), date '0001-01-01') as first_day,
        least(coalesce(belonging.end_date, on_date), on_date) as last_day,
    from query_table(some_scope) as scope
    inner join belonging on belonging.school_id = scope.school_id and belonging.pupil_id = scope.pupil_id
    where belonging.group_code in ('sen_support', 'ehc_plan') and coalesce(belonging.start_date <= on_date, true)
),
compared as (
    select *,
        max(last_day) over (
            partition by school_id, pupil_id order by first_day, last_day
            rows between unbounded preceding and 1 preceding
        ) as before,
    from spans
),
runs as (
    select *,
        count(*) filter (where before is null or first_day > before + 1) over (
            partition by school_id, pupil_id order by first_day, last_day
        ) as run,
    from compared
)
select
    school_id, pupil_id,
    case when bool_or(group_code = 'ehc_plan' and last_day = on_date) then 'ehc_plan' else 'sen_support' end as sen,
    nullif(min(first_day), date '0001-01-01') as sen_since,
from runs
group by school_id, pupil_id, run
having max(last_day) = on_date;
