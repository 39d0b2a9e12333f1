-- Question: how did each pupil in scope do in each assessment, and was that what is expected?

-- A value on a scale as a number: the rank on an ordered scale, months on an age scale, else the number
-- itself. Empty where the value is a code that is no score (absent, disapplied), or cannot be read.
create macro number_on_scale(some_kind, has_listed_value, some_rank, some_value) as
    case
        when has_listed_value then some_rank
        when some_kind = 'ordered' then null
        when isfinite(try_cast(some_value as double)) then try_cast(some_value as double)
    end;

-- Grain: an assessment of a pupil in scope between two days.
-- Columns: number (see above), expected and greater_depth (marks for its scale, subject, term, and the
--   pupil's year group on its day; empty: none set), meets_expected, is_below (empty: cannot be judged).
-- Wrinkles: an assessment with a year and term but no day counts on the term's last day. A scale that
--   nobody described is taken as a number where higher is better.
create macro results_in_scope(some_scope, from_day, on_date) as table
with scope as (
    from query_table(some_scope)
),
found as (
    select
        assessments.* exclude (assessed_on, academic_year, term),
        coalesce(assessments.assessed_on, given.end_date) as assessed_on,
        scope.year_group,
        scope.class,
    from scope
    inner join store.assessments
        on assessments.school_id = scope.school_id and assessments.pupil_id = scope.pupil_id
    left join term_days as given
        on assessments.assessed_on is null and given.school_id = assessments.school_id
        and given.academic_year = assessments.academic_year and given.term = assessments.term
    where coalesce(assessments.assessed_on, given.end_date) between from_day and on_date
),
placed_in_term as (
    select found.*, term_days.academic_year, term_days.term, term_days.sort_order as term_order,
    from found
    asof join term_days
        on term_days.school_id = found.school_id and term_days.start_date <= found.assessed_on
),
enrolled as (
    select
        enrolments.school_id,
        enrolments.pupil_id,
        enrolments.academic_year,
        enrolments.year_group,
        coalesce(enrolments.start_date, first_day_of(enrolments.academic_year)) as start_date,
    from scope
    inner join store.enrolments
        on enrolments.school_id = scope.school_id and enrolments.pupil_id = scope.pupil_id
),
placed as (
    select placed_in_term.*, enrolled.year_group as year_group_then,
    from placed_in_term
    asof left join enrolled
        on enrolled.school_id = placed_in_term.school_id and enrolled.pupil_id = placed_in_term.pupil_id
        and enrolled.academic_year = placed_in_term.academic_year
        and enrolled.start_date <= placed_in_term.assessed_on
),
scored as (
    select
        placed.* replace (coalesce(placed.year_group_then, pupils.year_group) as year_group_then),
        lower(placed.subject) as subject_key,
        lower(placed.scale) as scale_key,
        coalesce(scales.kind, 'number') as kind,
        coalesce(scales.is_higher_better, true) as is_higher_better,
        coalesce(scales.age_normed, false) as age_normed,
        number_on_scale(scales.kind, listed.value_key is not null, listed.rank, placed.value) as number,
        case when listed.rank is null then listed.meaning end as no_score_because,
    from placed
    inner join store.pupils
        on pupils.school_id = placed.school_id and pupils.pupil_id = placed.pupil_id
    left join scales on scales.scale_key = lower(placed.scale)
    left join scale_values as listed
        on listed.scale_key = lower(placed.scale) and listed.value_key = lower(placed.value)
),
judged as (
    select
        scored.*,
        expectations.expected,
        expectations.greater_depth,
        expectations.expected_number,
        expectations.greater_depth_number,
    from scored
    left join expectations
        on expectations.scale_key = scored.scale_key and expectations.subject_key = scored.subject_key
        and expectations.year_group = scored.year_group_then and expectations.term = scored.term
)
select
    judged.*,
    case when is_higher_better then number >= expected_number else number <= expected_number end as meets_expected,
    case when is_higher_better then number < expected_number else number > expected_number end as is_below,
    case when is_higher_better then number >= greater_depth_number else number <= greater_depth_number end
        as is_greater_depth,
    case source when 'test' then 1 when 'teacher' then 2 else 3 end as source_order,
from judged;

-- The first day whose results still say how a pupil is doing on the day.
create macro window_start(on_date) as on_date - setting('assessment_window')::integer;

-- Grain: a pupil in scope and a subject with a scored result among those named (of the window): the latest.
-- Of one day, a test counts before a teacher's judgement.
create macro latest_results(some_results) as table
select *,
from query_table(some_results)
where number is not null
qualify row_number() over (
    partition by school_id, pupil_id, subject_key
    order by assessed_on desc, source_order, scale_key
) = 1;
