-- Title: Comparisons
-- Question: How do our figures stand beside those of the country, the local authority, similar schools and our own past?
-- Grain: a comparator: one that was imported or entered, or a past year of the school's own (worked out, never typed).
-- Columns: beside (the comparator's source), measure (expected_share, greater_depth_share, mean_value, attendance_share, persistent_absence_share), value (as
--   the source gives it: a number, or c, x, z or low), figure (it as a number; a share is 0 to 1; empty: a symbol),
--   own_value and own_year (ours for the same measure, subject, scale, year group and group: of the same academic year
--   where we have one, else our latest; a past year of our own is beside our latest), own_counted of own_of (pupils, of
--   attendance sessions; of a mean how many scores), pupils (of ours, in the year group and group then), assessed (of
--   them), difference (ours less theirs, in `unit`: percentage points, points of the scale or months), better (which way),
--   ours, theirs, apart (the same in words, rounded half up for show alone), caution (what to bear in mind).
-- Filters: year group, group and subject keep the comparators for these; no class or need. Counts: see `own_of`.
-- Wrinkles: ours counts who was on roll, in the year group and in the group on the last day that the year group was measured
--   that year, and who had left by then but was measured in the same term (attendance: that year); those who have left since
--   included, each by the last result of the year. No mean is taken over words or grades.
with held as (
    select
        row_number() over () as place,
        comparators.*,
        lower(subject) as subject_key,
        lower(scale) as scale_key,
        nullif(lower(group_code), 'all') as group_key,
    from comparators_written() as comparators
    where (len($schools) = 0 or list_contains($schools, school_id))
        and (len($year_groups) = 0 or list_contains($year_groups, year_group))
        and (len($groups) = 0 or list_contains($groups, group_code))
        and (len($subjects) = 0 or list_contains(code_keys($subjects), lower(subject)))
),
keys as materialized (
    select
        row_number() over () as key,
        school_id, measure, subject_key, scale_key, year_group,
        case when group_key is not null then any_value(group_code) end as group_code,
        case when measure in ('attendance_share', 'persistent_absence_share') then 'attendance'
            else subject_key || '/' || scale_key end as of_what,
        any_value(subject) as subject,
        any_value(scale) as scale,
        group_key,
    from held
    group by school_id, measure, subject_key, scale_key, year_group, group_key
),
measured as materialized (
    from measured_in_years('keys', $as_at)
),
people as materialized (
    from pupils_in_years('measured', $as_at)
),
own as materialized (
    from own_figures('keys', 'measured', 'people')
),
latest as (
    select key, max(academic_year) as academic_year from own where own_value is not null group by key
),
listed as (
    select
        keys.key, held.academic_year, held.source, held.value,
        held.measure like '%\_share' escape '\' as is_share,
        figure_of(held.value, is_share, held.is_percent) as figure,
        how_it_was_read(held.value, is_share, held.is_percent, held.is_part) as read_as,
        coalesce(same.academic_year, latest.academic_year) as own_year,
        false as is_own_past,
    from held
    inner join keys
        on keys.school_id is not distinct from held.school_id and keys.measure = held.measure
        and keys.subject_key is not distinct from held.subject_key and keys.scale_key is not distinct from held.scale_key
        and keys.year_group is not distinct from held.year_group and keys.group_key is not distinct from held.group_key
    left join own as same
        on same.key = keys.key and same.academic_year = held.academic_year and same.own_value is not null
    left join latest on latest.key = keys.key
    union all
    select own.key, own.academic_year, 'our own past', null, null, own.own_value, null, latest.academic_year, true,
    from own
    inner join latest on latest.key = own.key and own.academic_year < latest.academic_year
    where own.own_value is not null
),
beside as (
    select
        listed.* replace (keys.measure like '%\_share' escape '\' as is_share),
        keys.* exclude (key),
        own.own_value, own.own_counted, own.own_of, own.pupils, own.assessed, own.unmarked,
        coalesce((select bool_or(others.is_ordered) from own as others where others.key = listed.key), false) as is_ordered,
        scales.kind,
        coalesce(scales.is_higher_better, true) and keys.measure <> 'persistent_absence_share'
            or keys.measure in ('expected_share', 'greater_depth_share') as is_higher_better,
    from listed
    inner join keys using (key)
    left join own on own.key = listed.key and own.academic_year = listed.own_year
    left join store.codes.scales on scales.scale_key = keys.scale_key
)
select
    beside.measure,
    coalesce(kinds.need_code, beside.subject) as subject,
    coalesce(scales.scale, beside.scale) as scale,
    beside.year_group,
    beside.group_code,
    coalesce(group_names.name, beside.group_code, 'All pupils') as "group",
    beside.source as beside,
    beside.academic_year,
    beside.value,
    beside.figure,
    beside.own_value,
    beside.own_year,
    beside.own_counted,
    beside.own_of,
    beside.pupils,
    beside.assessed,
    case when is_share then 100 * (own_value - figure) else own_value - figure end as difference,
    case when is_share then 'percentage point' when beside.kind = 'age' then 'month' else 'point' end as unit,
    case when beside.is_higher_better then 'higher' else 'lower' end as better,
    concat_ws('. ',
        symbol_in_words(beside.value),
        read_as,
        case when figure is null and symbol_in_words(beside.value) is null then 'Theirs cannot be read as a number' end,
        case
            when own_value is null and beside.measure = 'mean_value' and is_ordered
                then 'No mean is taken over words or grades'
            when own_value is null then 'We hold nothing of our own for it'
        end,
        case when own_year <> beside.academic_year and not is_own_past then 'Ours is of ' || own_year end,
        case when own_year = academic_year_of($as_at) then 'Ours is this year so far' end,
        case when own_of < setting_comparison_small($as_at) and beside.measure <> 'attendance_share'
            then 'Only ' || assessed || ' of ours: one pupil moves it far' end,
        case when assessed < pupils then assessed || ' of our ' || pupils || ' pupils are measured' end,
        case when unmarked > 0 then 'No mark is set for ' || unmarked || ' of them' end
    ) as caution,
    beside.is_own_past,
    beside.school_id,
from beside
left join records.group_names on group_names.group_code = beside.group_code
left join store.codes.need_kinds as kinds on kinds.need_key = beside.subject_key
left join store.codes.scales as scales on scales.scale_key = beside.scale_key
left join store.codes.year_groups on year_groups.year_group = beside.year_group
order by beside.school_id, beside.measure, beside.subject_key, beside.scale_key, year_groups.sort_order,
    beside.group_code nulls first, beside.academic_year desc, beside.is_own_past, beside.source;
