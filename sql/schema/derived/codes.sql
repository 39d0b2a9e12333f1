-- Question: which codes, scales and marks are in force?
-- What ships (`shipped_…`, from reference/) replaced row by row by what the school imported. Keys (`…_key`) are
-- lower case: codes, areas, subjects and scales are compared without regard to case.
create schema store.codes;

-- Grain: a status of a pupil and the group that it makes the pupil a member of.
create table store.codes.status_groups as
select status, value, group_code, from shipped_status_groups;

-- Grain: a year group.
create table store.codes.year_groups as
select year_group, name, sort_order::integer as sort_order, key_stage, from shipped_year_groups;

-- Grain: a tier. `is_additional`: on top of what everyone has.
create table store.codes.tiers as
select tier, name, is_additional::boolean as is_additional, sort_order::integer as sort_order, from shipped_tiers;

-- Grain: a setting in force from a day.
create table store.codes.settings as
select name, value::double as value, coalesce(from_date::date, date '1900-01-01') as from_date, unit, meaning,
from shipped_settings;

-- Grain: an area of need. `is_broad_match`: naming the area stands for every need code in it.
create table store.codes.areas as
select area, name, is_broad_match::boolean as is_broad_match, sort_order::integer as sort_order, from shipped_areas
union all
select distinct lower(area), area, true, 9, from store.need_codes
where lower(area) not in (select area from shipped_areas);

-- Grain: a kind of need. Subjects in use are kinds of need of their own; so is a code that a need uses.
create table store.codes.need_kinds as
with known as (
    select lower(need_code) as need_key, need_code, name as need, lower(area) as area, 1 as preference,
    from store.need_codes
    union all
    select lower(need_code), need_code, name, area, 2, from shipped_need_codes
    union all
    select distinct lower(subject), subject, subject, 'subjects', 3, from store.assessments
    union all
    select distinct lower(subject), subject, subject, 'subjects', 3, from store.provisions where subject is not null
    union all
    select distinct lower(need_code), need_code, need_code, null, 4, from store.needs
)
select
    need_key,
    arg_min(need_code, (preference, need_code)) as need_code,
    arg_min(need, (preference, need)) as need,
    arg_min_null(area, preference) as area,
    need_key in (select lower(need_code) from shipped_need_codes where is_dfe = 'true') as is_dfe,
    coalesce(any_value(areas.is_broad_match), true) as is_broad_match,
    coalesce(any_value(areas.sort_order), 10) as area_order,
from known
left join store.codes.areas using (area)
group by need_key;

-- Grain: a scale. Better: 'higher' unless said otherwise; age_normed: a number scale whose mean and spread are given is,
-- unless said otherwise. Columns: is_own (the school has described it itself), valid_from
-- (of its own: the day of the import; of ours: from when it holds, where that is known), source and note (of ours).
create table store.codes.scales as
with known as (
    select scale, kind, better, age_normed, minimum, maximum, mean, sd, 1 as preference, from store.scales
    union all
    select scale, kind, better, age_normed::boolean, minimum::double, maximum::double, mean::double, sd::double, 2,
    from shipped_scales
    union all
    -- A scale that nobody described is taken as a number where higher is better.
    select distinct scale, 'number', null, null, null, null, null, null, 3, from store.assessments
)
select
    lower(known.scale) as scale_key,
    arg_min(known.scale, (preference, known.scale)) as scale,
    arg_min(known.kind, preference) as kind,
    coalesce(arg_min_null(known.better, preference), 'higher') = 'higher' as is_higher_better,
    coalesce(
        arg_min_null(known.age_normed, preference),
        arg_min(known.kind, preference) = 'number' and arg_min_null(known.mean, preference) is not null
            and arg_min_null(known.sd, preference) > 0,
        false
    ) as age_normed,
    arg_min_null(known.minimum, preference) as minimum,
    arg_min_null(known.maximum, preference) as maximum,
    arg_min_null(known.mean, preference) as mean,
    arg_min_null(known.sd, preference) as sd,
    min(preference) = 1 as is_own,
    min(preference) < 3 as is_described,
    coalesce(any_value(own.dated), any_value(shipped.valid_from::date)) as valid_from,
    any_value(shipped.source) as source,
    any_value(shipped.note) as note,
from known
left join shipped_scales as shipped on lower(shipped.scale) = lower(known.scale)
left join scales_dated as own on lower(own.scale) = lower(known.scale)
group by scale_key;

-- Grain: a value of a scale. `rank` empty: a code that is no score. A school that ranks a scale's values
-- itself replaces all our ranks for that scale; our codes for absence stay. Column: value (as it is written).
create table store.codes.scale_values as
with known as (
    select lower(scale) as scale_key, lower(value) as value_key, value, rank, meaning, 1 as preference,
    from store.scale_values
    union all
    select lower(scale), lower(value), value, rank::double, meaning, 2, from shipped_scale_values
    where rank is null
        or lower(scale) not in (select lower(scale) from store.scale_values where rank is not null)
)
select
    scale_key,
    value_key,
    arg_min(value, preference) as value,
    arg_min_null(rank, preference) as rank,
    arg_min_null(meaning, preference) as meaning,
    min(preference) = 1 as is_own,
from known
group by scale_key, value_key;

-- Grain: a band of a scale, from and to inclusive: how a score is commonly read.
create table store.codes.scale_bands as
select lower(scale) as scale_key, low::double as low, high::double as high, band, valid_from::date as valid_from, source,
from shipped_scale_bands;

-- Grain: a prior-attainment group of a cohort's Progress 8. Columns: cohort (the summer of its results), up_to (the highest
-- KS2 mean in the group), expected (the Attainment 8 that pupils of the group reached on average), sd (of pupils' scores).
create table store.codes.progress_8 as
select
    cohort::integer as cohort,
    prior_group::integer as prior_group,
    up_to::double as up_to,
    expected::double as expected,
    sd::double as sd,
    source,
from shipped_progress_8;

-- Grain: a number of months in the EEF's Toolkit, with the effect sizes (to two decimals) that it stands for.
create table store.codes.eef_months as
select
    eef_months::integer as eef_months,
    effect_from::double as effect_from,
    effect_to::double as effect_to,
    label,
    source,
from shipped_eef_months;

-- Grain: a band of cost in the EEF's Toolkit, in pounds for a pupil and a year.
create table store.codes.eef_cost_bands as
select
    cost_band,
    pupil_from::double as pupil_from,
    pupil_up_to::double as pupil_up_to,
    class_up_to::double as class_up_to,
    source,
from shipped_eef_cost_bands;

-- Grain: what is expected of a year group in a term. Numbers are ranks on an ordered scale. Columns: mark_subject (as
-- it is written), is_own, valid_from (of the school's own: the day of the import; else from when ours holds, where that is
-- known), mark_source (of ours).
create table store.codes.expectations as
with known as (
    select scale, subject, year_group, term, expected, greater_depth, 1 as preference, dated as valid_from, null as source,
    from store.expectations
    left join expectations_dated using (scale, subject, year_group, term)
    union all
    select scale, subject, year_group, term, expected, greater_depth, 2, valid_from::date, source, from shipped_expectations
),
chosen as (
    select
        lower(scale) as scale_key,
        lower(subject) as subject_key,
        year_group,
        term,
        arg_min(subject, preference) as mark_subject,
        arg_min_null(expected, preference) as expected,
        arg_min_null(greater_depth, preference) as greater_depth,
        min(preference) = 1 as is_own,
        arg_min(valid_from, preference) as valid_from,
        arg_min(source, preference) as mark_source,
    from known
    group by all
)
select
    chosen.*,
    case when marks.value_key is null then try_cast(expected as double) else marks.rank end as expected_number,
    case when deeper.value_key is null then try_cast(greater_depth as double) else deeper.rank end
        as greater_depth_number,
from chosen
left join store.codes.scale_values as marks
    on marks.scale_key = chosen.scale_key and marks.value_key = lower(chosen.expected)
left join store.codes.scale_values as deeper
    on deeper.scale_key = chosen.scale_key and deeper.value_key = lower(chosen.greater_depth);

-- Grain: a group, ours from status flags or the school's own.
create table store.codes.group_names as
with known as (
    select group_code, name, counts_as_disadvantage, 0 as sort_order, 1 as preference, from store.groups
    union all
    select group_code, name, counts_as_disadvantage::boolean, sort_order::integer, 2, from shipped_status_groups
    union all
    select distinct group_code, group_code, null, 50, 3, from store.memberships
)
select
    group_code,
    arg_min(name, preference) as name,
    arg_min_null(counts_as_disadvantage, preference) as counts_as_disadvantage,
    max(sort_order) as sort_order,
from known
group by group_code;

-- Grain: a term of a school's academic year, autumn to summer without a hole: a term lasts until the next
-- begins. The school's own dates, else autumn from September, spring from January, summer from April.
create table store.codes.term_days as
with years as (
    select y::varchar || '/' || lpad(((y + 1) % 100)::varchar, 2, '0') as academic_year, y, from range(1990, 2061) as r(y)
),
usual as (
    select
        schools.school_id,
        years.academic_year,
        shipped_terms.term,
        make_date((y + (first_month::integer < 9)::integer)::integer, first_month::integer, first_day::integer) as start_date,
        make_date((y + (last_month::integer < 9)::integer)::integer, last_month::integer, last_day::integer) as end_date,
        sort_order::integer as sort_order,
    from store.schools, years, shipped_terms
)
select
    usual.school_id,
    usual.academic_year,
    usual.term,
    case when usual.term = 'autumn' then usual.start_date else coalesce(own.start_date, usual.start_date) end as start_date,
    coalesce(own.end_date, usual.end_date) as end_date,
    usual.sort_order,
from usual
left join store.terms as own
    on own.school_id = usual.school_id and own.academic_year = usual.academic_year and own.term = usual.term;

-- Grain: a provision of a school, with its purpose and kind settled.
create table store.codes.offered as
from offered_rows('store.provisions');
