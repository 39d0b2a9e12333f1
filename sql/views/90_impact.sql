-- Question: what did each pupil gain while having a provision, and what did similar pupils gain without it?

-- Where a pupil stood at the start: half-way between the score at the start and the one before it, with what has grown
-- since in between. Who is chosen after a fall rises again by chance; so does the half of it that this takes away.
-- Where nobody knows what grows, the earlier score counts only where it was the better one.
create macro starting_point(some_number, some_before, some_growth, is_higher_better) as
    case
        when some_before is null then some_number
        when some_growth is not null then (some_number + some_before + some_growth) / 2
        when is_higher_better then greatest(some_number, (some_number + some_before) / 2)
        else least(some_number, (some_number + some_before) / 2)
    end;

-- What grows between two tests so many days apart: nothing on a scale with national norms, as many months as pass on
-- an age scale, else what the year group grew from test to test that school year (`each_day`: the median of its pupils).
create macro growth_over(some_days, some_kind, is_age_normed, each_day) as
    case
        when is_age_normed then 0
        when some_kind = 'age' then some_days / 30.4375
        else each_day * some_days
    end;

-- Grain: a time that a pupil in scope had a provision, begun by the day. `some_scope` has the rows of ever_in_scope.
-- Columns: has_left (the pupil has left the school by the day; the provision ended then at the latest), entry and leaving (the recorded scores as numbers), is_over (the leaving score is known by the day),
--   measure (the subject and scale: the pupil's, else the provision's where its scale is known; empty: a recorded
--   number of no scale is none), the scale's facts, birth.
create macro impact_begun(some_scope, on_date) as table
with held as (
    select provided.school_id, provided.pupil_id, provided.provision_id, provided.start_date,
        count(*) filter (where sessions.status = 'attended') as attended,
    from query_table(some_scope) as scope
    inner join records.provided
        on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
        and provided.sessions_attended is null
    inner join records.sessions
        on sessions.school_id = provided.school_id and sessions.pupil_id = provided.pupil_id
        and sessions.provision_id = provided.provision_id
        and sessions.held_on between provided.start_date and coalesce(provided.end_date, on_date)
        and sessions.held_on <= on_date
    group by all
),
provided as (
    select
        row_number() over () as time_row,
        provided.* replace (
            least(provided.end_date, case when seen_on < on_date then seen_on end) as end_date,
            coalesce(provided.measure, case when known.scale_key is not null then offered.quantitative_measure end) as measure,
            -- Where nobody has counted them, the record of sessions does.
            coalesce(provided.sessions_attended, held.attended) as sessions_attended
        ),
        seen_on < on_date as has_left,
        pupils.date_of_birth,
    from query_table(some_scope) as scope
    inner join records.provided
        on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    inner join store.pupils on pupils.school_id = scope.school_id and pupils.pupil_id = scope.pupil_id
    left join records.offered
        on offered.school_id = provided.school_id and offered.provision_id = provided.provision_id
    left join store.codes.scales as known
        on known.scale_key
            = lower(substring(offered.quantitative_measure, instr(offered.quantitative_measure, '/') + 1))
    left join held
        on held.school_id = provided.school_id and held.pupil_id = provided.pupil_id
        and held.provision_id = provided.provision_id and held.start_date = provided.start_date
    where provided.start_date <= scope.seen_on
)
select
    provided.*,
    lower(left(measure, greatest(0, instr(measure, '/') - 1))) as looked_at_subject_key,
    scales.scale_key,
    scales.kind,
    coalesce(scales.is_higher_better, true) as is_higher_better,
    coalesce(scales.age_normed, false) as is_age_normed,
    scales.mean as scale_mean,
    scales.sd as scale_sd,
    case when measure is not null
        then number_on_scale(scales.kind, entry.value_key is not null, entry.rank, provided.entry_value) end as entry,
    case when measure is not null
        then number_on_scale(scales.kind, leaving.value_key is not null, leaving.rank, provided.exit_value) end as leaving,
    coalesce(provided.exit_date <= on_date, true) as is_over,
from provided
left join store.codes.scales
    on scales.scale_key = lower(substring(measure, instr(measure, '/') + 1))
left join store.codes.scale_values as entry
    on entry.scale_key = scales.scale_key and entry.value_key = lower(provided.entry_value)
left join store.codes.scale_values as leaving
    on leaving.scale_key = scales.scale_key and leaving.value_key = lower(provided.exit_value);

-- Grain: a score by the day of any pupil of the schools, in a subject and on a scale by which something is measured
-- (of one day a test before a teacher's judgement). `some_begun` has the rows of impact_begun.
create macro impact_scores(some_begun, on_date) as table
with measured as (
    select distinct school_id, looked_at_subject_key as subject_key, scale_key, kind, is_age_normed, is_higher_better,
    from query_table(some_begun)
),
-- Of one day, the score that stands at its end.
stepped as (
    select
        results.school_id, results.pupil_id, results.subject_key, results.scale_key, results.on_day, results.number,
        results.year_group_then, measured.kind, measured.is_age_normed, measured.is_higher_better,
        academic_year_of(results.on_day) as test_year,
        case when results.before_on >= results.on_day - setting_assessment_window(on_date)::integer
            then results.before_number end as before,
        results.on_day - results.before_on as days,
    from measured
    inner join store.results
        on results.school_id = measured.school_id and results.subject_key = measured.subject_key
        and results.scale_key = measured.scale_key
    where results.number is not null and results.on_day <= on_date and results.scale_until > results.on_day
),
grown as (
    select school_id, subject_key, scale_key, year_group_then, test_year, median((number - before) / days) as each_day,
    from stepped
    where before is not null and not is_age_normed and kind = 'number'
    group by all
)
select
    stepped.* exclude (kind, is_age_normed, is_higher_better, before, days),
    grown.each_day,
    starting_point(number, before, growth_over(days, kind, is_age_normed, grown.each_day), is_higher_better) as starting,
from stepped
left join grown
    on grown.school_id = stepped.school_id and grown.subject_key = stepped.subject_key
    and grown.scale_key = stepped.scale_key and grown.year_group_then = stepped.year_group_then
    and grown.test_year = stepped.test_year;

-- Grain: a time of impact_begun, with its pair of scores where it has one by the day.
-- Columns: measured_from ('own': recorded with it; 'assessed': no recorded pair, and the assessments nearest to its
--   first and its last day, both within the school's window; empty: neither), start_score, end_score, gain and
--   gain_from_start (positive where better; the second from the starting point), has_before (a score before the one at
--   the start is held, which the starting point takes in), entry_on, exit_on, months (of 30.4375 days; empty: undated),
--   norm_gain (what comes by itself: on a scale with national norms, low scores regain part of their distance to its
--   mean; on an age scale, as many months as pass, and part of the distance to the pupil's age).
create macro impact_pairs(some_begun, some_scores, on_date) as table
with unmeasured as (
    from query_table(some_begun) where (leaving - entry) is null and end_date < on_date
),
first_scores as (
    select
        unmeasured.time_row,
        arg_min({'number': scores.number, 'on_day': scores.on_day},
            (abs(scores.on_day - unmeasured.start_date), scores.on_day)) as nearest,
    from unmeasured
    inner join query_table(some_scores) as scores
        on scores.school_id = unmeasured.school_id and scores.pupil_id = unmeasured.pupil_id
        and scores.subject_key = unmeasured.looked_at_subject_key and scores.scale_key = unmeasured.scale_key
    where abs(scores.on_day - unmeasured.start_date) <= setting_impact_window(on_date)::integer
    group by unmeasured.time_row
),
last_scores as (
    select
        unmeasured.time_row,
        arg_min({'number': scores.number, 'on_day': scores.on_day},
            (abs(scores.on_day - unmeasured.end_date), -(scores.on_day - date '2000-01-01'))) as nearest,
    from unmeasured
    inner join first_scores using (time_row)
    inner join query_table(some_scores) as scores
        on scores.school_id = unmeasured.school_id and scores.pupil_id = unmeasured.pupil_id
        and scores.subject_key = unmeasured.looked_at_subject_key and scores.scale_key = unmeasured.scale_key
    where abs(scores.on_day - unmeasured.end_date) <= setting_impact_window(on_date)::integer
        and scores.on_day > first_scores.nearest.on_day
    group by unmeasured.time_row
),
paired as (
    select
        begun.*,
        case
            when (begun.leaving - begun.entry) is not null and begun.is_over then 'own'
            when last_scores.nearest is not null then 'assessed'
        end as measured_from,
        case measured_from when 'own' then begun.entry when 'assessed' then first_scores.nearest.number end as start_score,
        case measured_from when 'own' then begun.leaving when 'assessed' then last_scores.nearest.number end as end_score,
        case measured_from when 'own' then begun.entry_date when 'assessed' then first_scores.nearest.on_day end as entry_on,
        case measured_from when 'own' then begun.exit_date when 'assessed' then last_scores.nearest.on_day end as exit_on,
        case when begun.is_higher_better then 1 else -1 end as better,
    from query_table(some_begun) as begun
    left join first_scores using (time_row)
    left join last_scores using (time_row)
),
-- Joined and summed up, which is quicker than a join as of a day.
enrolled as (
    select paired.time_row,
        arg_max({'year_group': enrolments.year_group}, coalesce(enrolments.start_date, first_day_of(academic_year)))
            as latest,
    from paired
    inner join store.enrolments
        on enrolments.school_id = paired.school_id and enrolments.pupil_id = paired.pupil_id
        and enrolments.academic_year = academic_year_of(paired.entry_on)
    where coalesce(enrolments.start_date <= paired.entry_on, true)
    group by paired.time_row
),
earlier as (
    select paired.time_row, arg_max({'number': scores.number, 'on_day': scores.on_day}, scores.on_day) as latest,
    from paired
    inner join query_table(some_scores) as scores
        on scores.school_id = paired.school_id and scores.pupil_id = paired.pupil_id
        and scores.subject_key = paired.looked_at_subject_key and scores.scale_key = paired.scale_key
    where scores.on_day < paired.entry_on
    group by paired.time_row
),
tested as (
    select
        paired.*,
        academic_year_of(paired.entry_on) as entry_year,
        coalesce(enrolled.latest.year_group, pupils.year_group) as year_group_then,
        case when earlier.latest.on_day >= paired.entry_on - setting_assessment_window(on_date)::integer
            then earlier.latest.number end as before,
        paired.entry_on - earlier.latest.on_day as days_since,
    from paired
    inner join store.pupils on pupils.school_id = paired.school_id and pupils.pupil_id = paired.pupil_id
    left join enrolled using (time_row)
    left join earlier using (time_row)
),
grown as (
    select distinct school_id, subject_key, scale_key, year_group_then, test_year, each_day,
    from query_table(some_scores)
),
placed as (
    select
        tested.*,
        starting_point(
            start_score, before, growth_over(days_since, kind, is_age_normed, grown.each_day), is_higher_better
        ) as starting,
        before is not null as has_before,
    from tested
    left join grown
        on grown.school_id = tested.school_id and grown.subject_key = tested.looked_at_subject_key
        and grown.scale_key = tested.scale_key and grown.year_group_then = tested.year_group_then
        and grown.test_year = tested.entry_year
)
select
    *,
    (end_score - start_score) * better as gain,
    (end_score - starting) * better as gain_from_start,
    -- A test at the end on or before the day of the first has its days mixed up: as good as undated.
    case when exit_on > entry_on then (exit_on - entry_on) / 30.4375 end as months,
    (1 - setting_impact_retest(on_date)) as regained,
    case
        when kind = 'number' and is_age_normed and scale_sd > 0 and scale_mean is not null
            then regained * greatest(0, (scale_mean - starting) * better)
        -- greatest() takes no notice of an empty value: without a date of birth, nothing is expected.
        when kind = 'age' and date_of_birth is not null
            then months + regained * greatest(0, (entry_on - date_of_birth) / 30.4375 - starting)
    end as norm_gain,
from placed;

-- Grain: a pair of impact_pairs and a similar pupil of the school: one who did not have the provision between the two
-- tests of either, was in the same year group, started within a stated part of a standard deviation, and had on the first test's
-- day a live need in a same area (or, like the pupil, none), with tests of the same subject and scale near the two days.
-- Columns: other_start, other_end, other_gain, expected_gain (the other's gain; on scales that grow with age over as
--   many days; and where the other started a little higher, with what the lower score regains by itself).
create macro similar_pupils(some_pairs, some_scores, on_date) as table
with spreads as (
    select school_id, subject_key, scale_key, year_group_then, stddev_samp(number) as sd,
    from query_table(some_scores)
    group by all
),
wanted as (
    select pairs.*, setting_impact_near(on_date) * coalesce(pairs.scale_sd, spreads.sd) as near,
    from query_table(some_pairs) as pairs
    inner join spreads
        on spreads.school_id = pairs.school_id and spreads.subject_key = pairs.looked_at_subject_key
        and spreads.scale_key = pairs.scale_key and spreads.year_group_then = pairs.year_group_then
    where pairs.measured_from is not null and pairs.kind <> 'ordered' and pairs.exit_on > pairs.entry_on
),
-- Blocks of days as long as the window: tests near a day are in its block or the ones beside it.
blocks as (
    select *, unnest([-1, 0, 1]) + (entry_on - date '2000-01-01') // setting_impact_window(on_date)::integer as block,
    from wanted
),
first_scores as (
    select
        wanted.time_row,
        scores.pupil_id,
        arg_min({'starting': scores.starting, 'on_day': scores.on_day},
            (abs(scores.on_day - wanted.entry_on), scores.on_day)) as nearest,
    from blocks as wanted
    inner join query_table(some_scores) as scores
        on scores.school_id = wanted.school_id and scores.subject_key = wanted.looked_at_subject_key
        and scores.scale_key = wanted.scale_key and scores.year_group_then = wanted.year_group_then
        and (scores.on_day - date '2000-01-01') // setting_impact_window(on_date)::integer = wanted.block
    where scores.pupil_id <> wanted.pupil_id
        and abs(scores.on_day - wanted.entry_on) <= setting_impact_window(on_date)::integer
    group by wanted.time_row, scores.pupil_id
),
near_starts as (
    select wanted.*, first_scores.pupil_id as other_id, first_scores.nearest.starting as other_start,
        first_scores.nearest.on_day as other_entry_on,
    from first_scores
    inner join wanted using (time_row)
    where abs(other_start - wanted.starting) <= wanted.near
),
last_scores as (
    select
        near_starts.time_row,
        near_starts.other_id,
        arg_min({'number': scores.number, 'on_day': scores.on_day},
            (abs(scores.on_day - near_starts.exit_on), scores.on_day)) as nearest,
    from near_starts
    inner join query_table(some_scores) as scores
        on scores.school_id = near_starts.school_id and scores.pupil_id = near_starts.other_id
        and scores.subject_key = near_starts.looked_at_subject_key and scores.scale_key = near_starts.scale_key
    where abs(scores.on_day - near_starts.exit_on) <= setting_impact_window(on_date)::integer
        and scores.on_day > near_starts.other_entry_on
    group by near_starts.time_row, near_starts.other_id
),
tested as (
    from near_starts inner join last_scores using (time_row, other_id)
),
-- Neither between the pupil's tests nor between the other's own, which may lie outside them. (Found first and then left
-- out: as a condition of leaving out, it compares every pair of rows.)
had as (
    select distinct tested.time_row, tested.other_id,
    from tested
    inner join records.provided
        on provided.school_id = tested.school_id and provided.pupil_id = tested.other_id
        and provided.provision_id = tested.provision_id
    where provided.start_date <= greatest(tested.exit_on, tested.nearest.on_day)
        and coalesce(provided.end_date >= least(tested.entry_on, tested.other_entry_on), true)
),
without as (
    select tested.* from tested anti join had using (time_row, other_id)
),
areas as (
    select needs.school_id, needs.pupil_id, needs.start_date, needs.end_date, coalesce(kinds.area, kinds.need_key) as area,
    from records.needs
    inner join store.codes.need_kinds as kinds on kinds.need_key = lower(needs.need_code)
    where needs.school_id in (select school_id from wanted)
),
own_areas as (
    select wanted.time_row, list(areas.area) as areas,
    from wanted
    inner join areas
        on areas.school_id = wanted.school_id and areas.pupil_id = wanted.pupil_id
        and is_active(areas.start_date, areas.end_date, wanted.entry_on)
    group by wanted.time_row
),
other_areas as (
    select without.time_row, without.other_id, list(areas.area) as areas,
    from without
    inner join areas
        on areas.school_id = without.school_id and areas.pupil_id = without.other_id
        and is_active(areas.start_date, areas.end_date, without.entry_on)
    group by without.time_row, without.other_id
)
select
    without.time_row,
    without.other_id,
    without.other_start,
    without.nearest.number as other_end,
    (other_end - without.other_start) * without.better as other_gain,
    other_gain * case when without.is_age_normed then 1.0
        else (without.exit_on - without.entry_on) / (without.nearest.on_day - without.other_entry_on) end
        + without.regained * greatest(0, (without.other_start - without.starting) * without.better) as expected_gain,
from without
left join own_areas using (time_row)
left join other_areas using (time_row, other_id)
where (own_areas.areas is null and other_areas.areas is null) or list_has_any(own_areas.areas, other_areas.areas);
