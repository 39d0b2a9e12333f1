-- Question: when was each assessment, what is it as a number, and was that what is expected?
-- Grain: an assessment. Adds to what was imported:
--   on_day (its day; one with a year and term but no day counts on the term's last day), in_year, in_term and
--   term_order, year_group_then (the pupil's by the latest enrolment of that year begun by then, else from the
--   roll), number (the rank on an ordered scale, months on an age scale, else the number itself; empty: a code
--   that is no score, or nothing that can be read), no_score_because (what such a code means), expected and
--   greater_depth (the marks for its scale, subject, term and year group; empty: none set), meets_expected,
--   is_below and is_greater_depth (empty: cannot be judged), source_order (test, teacher, other), subject_until and
--   scale_until (of a score: the day from which a later one of the pupil's subject, or subject and scale, stands instead;
--   of one day, a test before a teacher's judgement), term_until (the same within subject, scale and term, and of a code
--   that is no score too: until there is a score or a later code), before_number and before_on (of a score that stands
--   at the end of its day: the one of the subject and scale that stood at the end of the last day before).
-- Wrinkles: a scale that nobody described is taken as a number where higher is better. Worked out once, when
--   the store is built: doing it for each question took most of the question's time.
create table store.results as
with found as (
    select
        row_number() over () as place,
        assessments.*,
        lower(assessments.subject) as subject_key,
        lower(assessments.scale) as scale_key,
        coalesce(assessments.assessed_on, given.end_date) as on_day,
        given.sort_order as given_order,
    from store.assessments
    -- Joined for dated rows too: a condition on one side alone makes this join compare every pair of rows.
    left join store.codes.term_days as given
        on given.school_id = assessments.school_id
        and given.academic_year = assessments.academic_year and given.term = assessments.term
),
in_terms as (
    -- A year and term that were given stand; else the term that had begun on the day.
    select
        found.*,
        case when found.assessed_on is null then found.academic_year else begun.academic_year end as in_year,
        case when found.assessed_on is null then found.term else begun.term end as in_term,
        case when found.assessed_on is null then found.given_order else begun.sort_order end as term_order,
    from found
    asof join store.codes.term_days as begun
        on begun.school_id = found.school_id and begun.start_date <= found.on_day
),
enrolled as (
    select school_id, pupil_id, academic_year, year_group, coalesce(start_date, first_day_of(academic_year)) as start_date,
    from store.enrolments
),
placed as (
    select in_terms.*, coalesce(enrolled.year_group, pupils.year_group) as year_group_then,
    from in_terms
    asof left join enrolled
        on enrolled.school_id = in_terms.school_id and enrolled.pupil_id = in_terms.pupil_id
        and enrolled.academic_year = in_terms.in_year and enrolled.start_date <= in_terms.on_day
    left join store.pupils
        on pupils.school_id = in_terms.school_id and pupils.pupil_id = in_terms.pupil_id
),
scored as (
    select
        -- One spelling for a subject and a scale, however the files write them.
        placed.* replace (kinds.need_code as subject, scales.scale as scale),
        coalesce(scales.kind, 'number') as kind,
        coalesce(scales.is_higher_better, true) as is_higher_better,
        number_on_scale(scales.kind, listed.value_key is not null, listed.rank, placed.value) as number,
        case when listed.rank is null then listed.meaning end as no_score_because,
    from placed
    left join store.codes.need_kinds as kinds on kinds.need_key = placed.subject_key
    left join store.codes.scales on scales.scale_key = placed.scale_key
    left join store.codes.scale_values as listed
        on listed.scale_key = placed.scale_key and listed.value_key = lower(placed.value)
),
dated as (
    select
        scored.* exclude (place, given_order),
        marks.expected,
        marks.greater_depth,
        marks.expected_number,
        marks.greater_depth_number,
        case when is_higher_better then number >= expected_number else number <= expected_number end as meets_expected,
        case when is_higher_better then number < expected_number else number > expected_number end as is_below,
        case when is_higher_better then number >= greater_depth_number else number <= greater_depth_number end
            as is_greater_depth,
        case source when 'test' then 1 when 'teacher' then 2 else 3 end as source_order,
        case when number is not null then coalesce(
            lead(on_day) over (
                partition by number is null, scored.school_id, scored.pupil_id, scored.subject_key
                order by on_day, source_order desc, scored.scale_key desc, number desc
            ), 'infinity'::date
        ) end as subject_until,
        case when number is not null then coalesce(
            lead(on_day) over (
                partition by number is null, scored.school_id, scored.pupil_id, scored.subject_key, scored.scale_key
                order by on_day, source_order desc, number desc
            ), 'infinity'::date
        ) end as scale_until,
        least(
            coalesce(
                lead(on_day) over (
                    partition by scored.school_id, scored.pupil_id, scored.subject_key, scored.scale_key, in_year, term_order,
                        number is null
                    order by on_day, source_order desc, number desc, scored.value desc
                ), 'infinity'::date
            ),
            -- A code that is no score says nothing once there is a score of its term; `least` passes over what is empty.
            case when number is null then min(on_day) filter (where number is not null) over (
                partition by scored.school_id, scored.pupil_id, scored.subject_key, scored.scale_key, in_year, term_order
            ) end
        ) as term_until,
    from scored
    left join store.codes.expectations as marks
        on marks.scale_key = scored.scale_key and marks.subject_key = scored.subject_key
        and marks.year_group = scored.year_group_then and marks.term = scored.in_term
)
select
    *,
    case when scale_until > on_day then lag(number) over ends_of_days end as before_number,
    case when scale_until > on_day then lag(on_day) over ends_of_days end as before_on,
from dated
window ends_of_days as (
    partition by coalesce(scale_until > on_day, false), school_id, pupil_id, subject_key, scale_key order by on_day
)
order by school_id, pupil_id, subject_key, scale_key, on_day;
