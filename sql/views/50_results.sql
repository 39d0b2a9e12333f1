-- Question: how did each pupil in scope do in each assessment, and was that what is expected?
-- What each assessment comes to is worked out when the store is built (see schema/derived/results.sql).

-- Grain: an assessment of a pupil in scope between two days.
-- Columns: the pupil's year group and class on the day of the question; the rest as in store.results.
create macro results_in_scope(some_scope, from_day, on_date) as table
select
    results.* exclude (assessed_on, academic_year, term, on_day, in_year, in_term),
    results.on_day as assessed_on,
    results.in_year as academic_year,
    results.in_term as term,
    scope.year_group,
    scope.class,
from query_table(some_scope) as scope
inner join store.results
    on results.school_id = scope.school_id and results.pupil_id = scope.pupil_id
where results.on_day between from_day and on_date;

-- The first day whose results still say how a pupil is doing on the day.
create macro window_start(on_date) as on_date - setting_assessment_window(on_date)::integer;

-- Grain: a pupil in scope and a subject with a score in the window: the latest by the day.
-- Of one day, a test counts before a teacher's judgement.
create macro latest_results(some_scope, on_date) as table
from results_in_scope(some_scope, window_start(on_date), on_date)
where number is not null and subject_until > on_date;
