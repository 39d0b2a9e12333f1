-- Question: what did each pupil reach at the end of Key Stage 4, beside others with the same start at Key Stage 2?

-- Grain: a pupil in scope with an Attainment 8 score by the day: the latest; a test's before a teacher's forecast of
--   the same day.
-- Columns: ks2_reading and ks2_mathematics (the pupil's latest scaled score; N, below the scale, is 79), ks2_mean (of the
--   two; empty unless both are known), prior_group (1 to 34), cohort (whose table it is), attainment_8, expected_attainment_8 (what
--   pupils of that group reached on average), progress_8 ((attainment_8 less that) / 10), sd (of the country's pupils),
--   not_scored_because (empty: scored).
-- Wrinkles: a scaled score more than six school years older than the Attainment 8 is of Key Stage 1, as a rule, and does
--   not count. A score outside the scale is none. The newest cohort's table holds for all.
create macro progress_8_of(some_scope, on_date) as table
with known as materialized (
    from results_in_scope(some_scope, date '1900-01-01', on_date)
    where scale_key = 'attainment 8'
        or (scale_key = 'scaled score' and subject_key in ('reading', 'mathematics') and source is distinct from 'teacher')
),
reached as (
    select *, from known
    where scale_key = 'attainment 8' and number is not null
    qualify row_number() over (partition by school_id, pupil_id order by assessed_on desc, source_order) = 1
),
tests as (
    select
        known.school_id,
        known.pupil_id,
        known.subject_key,
        case
            when lower(known.value) = 'n' then 79
            when coalesce(known.number >= scales.minimum, true) and coalesce(known.number <= scales.maximum, true)
                then known.number
        end as score,
        case
            when score is not null then null
            when known.no_score_because is not null
                then 'KS2 ' || known.subject_key || ' is ' || known.value || ': ' || lower(known.no_score_because)
            else 'KS2 ' || known.subject_key || ' is no score on the scale'
        end as told,
    from known
    inner join reached using (school_id, pupil_id)
    left join store.codes.scales as scales on scales.scale_key = known.scale_key
    where known.scale_key = 'scaled score'
        and left(known.academic_year, 4)::integer >= left(reached.academic_year, 4)::integer - 6
    qualify row_number() over (
        partition by known.school_id, known.pupil_id, known.subject_key
        order by known.assessed_on desc, known.source_order
    ) = 1
),
started as (
    select
        school_id,
        pupil_id,
        any_value(score) filter (where subject_key = 'reading') as ks2_reading,
        any_value(score) filter (where subject_key = 'mathematics') as ks2_mathematics,
        any_value(told) filter (where subject_key = 'reading') as told_reading,
        any_value(told) filter (where subject_key = 'mathematics') as told_mathematics,
    from tests
    group by school_id, pupil_id
),
beside as (
    select
        reached.school_id,
        reached.pupil_id,
        reached.year_group,
        reached.class,
        reached.number as attainment_8,
        reached.assessed_on,
        started.* exclude (school_id, pupil_id),
        (ks2_reading + ks2_mathematics) / 2 as ks2_mean,
    from reached
    left join started using (school_id, pupil_id)
),
bands as (
    select *, from store.codes.progress_8 where cohort = (select max(cohort) from store.codes.progress_8)
)
select
    beside.* exclude (told_reading, told_mathematics),
    bands.prior_group,
    (select max(cohort) from store.codes.progress_8) as cohort,
    bands.expected as expected_attainment_8,
    (beside.attainment_8 - bands.expected) / 10 as progress_8,
    bands.sd,
    case when bands.prior_group is null then concat_ws('; ',
        case when ks2_reading is null then coalesce(told_reading, 'No KS2 result in reading') end,
        case when ks2_mathematics is null then coalesce(told_mathematics, 'No KS2 result in mathematics') end
    ) || '.' end as not_scored_because,
from beside
-- The first group that reaches up to the mean.
asof left join bands on beside.ks2_mean <= bands.up_to;
