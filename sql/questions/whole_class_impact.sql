-- Title: Whole-class provision, before and after
-- Question: How did the pupils whom a whole-class provision reaches do after it began, against the years before?
-- Grain: a universal provision with a first day, a subject and scale, and a school year: the one in which it began
--   (is_with), or one of the three before it, over the pupils of its year groups then.
-- Columns: from_day and to_day (the latest result up to the first is the start, the latest after it and up to the
--   second the end; in earlier years the same days of that year), pupils (with both, on one scale), mean_start,
--   mean_end, mean_gain (positive where better) with its 95% interval (gain_low, gain_high; all of these empty for
--   grades), usual_low and usual_high (on the row is_with: where the mean gain of another year is expected after the
--   three before it), verdict with verdict_because (on the row is_with: promising, no clear change, worse than before,
--   too little to say), expected_start, expected_end (how many were at expected then), expected_share_start, expected_share_end.
-- Filters: subject. Counts: pupils of the whole school in those year groups then, those who have left too.
-- Wrinkles: a provision for no subject is looked at in every subject. The year groups are those the provision names;
--   where it names none, all. The filter's years, classes and groups choose provisions that reach a pupil counted,
--   never the pupils compared: last year's pupils are in other classes now. After is not because.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
reaching as (
    select offered.school_id, offered.provision_id, offered.name as provision, offered.subject_key,
        offered.year_groups, offered.start_date, offered.end_date,
    from records.offered
    where offered.is_adjustment and offered.start_date <= $as_at
        and coalesce(offered.end_date >= offered.start_date, true)
        and exists (
            select 1 from scope
            where scope.school_id = offered.school_id
                and (coalesce(len(offered.year_groups), 0) = 0 or list_contains(offered.year_groups, scope.year_group))
        )
),
-- The end: the day, the last day of the provision, or of the school year in which it began, whichever is first.
years as (
    select
        reaching.*,
        ago,
        (start_date - 1 - to_years(ago))::date as from_day,
        (least($as_at, coalesce(end_date, $as_at),
            first_day_of(academic_year_of(start_date)) + interval 1 year - interval 1 day) - to_years(ago))::date as to_day,
    from reaching
    cross join (select unnest([0, 1, 2, 3]) as ago)
),
scored as (
    select
        years.provision_id, years.ago, years.from_day, years.to_day, years.school_id,
        results.pupil_id, results.subject_key, results.scale_key,
        any_value(results.subject) as subject,
        any_value(results.scale) as scale,
        any_value(results.kind) as kind,
        any_value(case when results.is_higher_better then 1 else -1 end) as better,
        arg_max({'number': results.number, 'is_expected': results.meets_expected},
            (results.on_day, -results.source_order)) filter (where results.on_day <= years.from_day) as first,
        arg_max({'number': results.number, 'is_expected': results.meets_expected, 'year': results.year_group_then},
            (results.on_day, -results.source_order)) filter (where results.on_day > years.from_day) as last,
    from years
    inner join store.results
        on results.school_id = years.school_id
        and (years.subject_key is null or results.subject_key = years.subject_key)
        and results.on_day between years.from_day - setting_assessment_window($as_at)::integer and years.to_day
    where results.number is not null
        and (len($subjects) = 0 or list_contains(code_keys($subjects), results.subject_key))
    group by all
),
reached as (
    select scored.*, (last.number - first.number) * better as gain,
    from scored
    inner join reaching using (school_id, provision_id)
    where first is not null and last is not null
        and (coalesce(len(reaching.year_groups), 0) = 0 or list_contains(reaching.year_groups, last.year))
),
counted as (
    select
        school_id, provision_id, ago, from_day, to_day,
        any_value(subject) as subject,
        any_value(scale) as scale,
        subject_key,
        scale_key,
        any_value(coalesce(kind = 'ordered', false)) as is_ordered,
        count(*) as pupils,
        avg(first.number) as mean_start,
        avg(last.number) as mean_end,
        avg(gain) as mean_gain,
        stddev_samp(gain) as sd,
        count(*) filter (where first.is_expected) as expected_start,
        count(*) filter (where last.is_expected) as expected_end,
        count(first.is_expected) as with_mark_start,
        count(last.is_expected) as with_mark_end,
    from reached
    group by all
)
select
    counted.provision_id,
    reaching.provision,
    counted.subject,
    counted.scale,
    academic_year_of((reaching.start_date - to_years(counted.ago))::date) as academic_year,
    counted.ago = 0 as is_with,
    counted.from_day,
    counted.to_day,
    counted.pupils,
    case when not is_ordered then mean_start end as mean_start,
    case when not is_ordered then mean_end end as mean_end,
    case when not is_ordered then mean_gain end as mean_gain,
    null::double as gain_low,
    null::double as gain_high,
    null::double as usual_low,
    null::double as usual_high,
    null::varchar as verdict,
    null::varchar as verdict_because,
    case when with_mark_start > 0 then expected_start end as expected_start,
    case when with_mark_end > 0 then expected_end end as expected_end,
    case when with_mark_start > 0 then expected_start / pupils end as expected_share_start,
    case when with_mark_end > 0 then expected_end / pupils end as expected_share_end,
    counted.sd as own_sd,
    is_ordered as own_is_ordered,
    counted.pupils as own_pairs,
    setting_impact_least_pupils($as_at) as least_pupils,
    counted.school_id,
from counted
inner join reaching using (school_id, provision_id)
order by reaching.provision, counted.provision_id, counted.subject_key, counted.scale_key, counted.ago;
