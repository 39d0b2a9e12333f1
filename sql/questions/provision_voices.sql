-- Title: Who has been heard about each provision
-- Question: Who has been heard about what each pupil has, at planning and at review?
-- Grain: additional provision in place on the day for a pupil in scope.
-- Columns: pupil_at_planning, parent_at_planning, pupil_at_review, parent_at_review (each heard; no_answer: invited without
--   a reply, or chose not to say; to_hear; not_heard: planning is over; not_yet: no review is in question),
--   others_at_planning and others_at_review (the other kinds of evidence), review_on (the review in question: the day it
--   fell due, where it is overdue, the day itself where it is the last, else the latest; empty: none), is_review_due.
-- Filters: tier. Counts: a pupil has as many rows as additional provisions in place.
-- Wrinkles: a voice about the pupil as a whole counts for all of the pupil's provision; one without a stage counts for
--   neither. "Had a say" in the provision itself counts as heard at planning. A view counts when it was heard up to 42
--   days (a setting) before the beginning or the review, or later.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
times as materialized (
    from times_in_question('scope', $as_at)
    where len($tiers) = 0 or list_contains($tiers, tier)
),
stages as materialized (
    from stages_heard('times', 'scope', $as_at)
)
select
    times.pupil_id,
    times.surname,
    times.forename,
    times.year_group,
    times.class,
    times.provision_id,
    times.provision,
    times.tier,
    times.start_date,
    planning.pupil as pupil_at_planning,
    planning.parent as parent_at_planning,
    reviewing.pupil as pupil_at_review,
    reviewing.parent as parent_at_review,
    planning.others as others_at_planning,
    reviewing.others as others_at_review,
    times.review_on,
    times.is_review_due,
    times.school_id,
from times
inner join stages as planning on planning.time_row = times.time_row and planning.stage = 'planning'
inner join stages as reviewing on reviewing.time_row = times.time_row and reviewing.stage = 'review'
order by times.school_id, times.surname, times.forename, times.pupil_id, times.tier_order, times.provision,
    times.start_date, times.placement_id;
