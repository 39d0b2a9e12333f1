-- Question: what was the school's own figure, year by year, for what a comparator measures?

-- A measure by its name here, however the source writes it.
create macro measure_key(some_measure) as
    case lower(trim(some_measure))
        when 'attendance' then 'attendance_share' when 'attendance_rate' then 'attendance_share'
        when 'persistent_absence' then 'persistent_absence_share' when 'greater_depth' then 'greater_depth_share'
        else lower(trim(some_measure))
    end;

-- A figure as a number. A share is 0 to 1; one with % is in percent, and so is one of a source that writes percent.
-- Empty: a symbol, or words.
create macro figure_of(some_value, is_share, is_percent) as
    case
        when not is_share then try_cast(some_value as double)
        when trim(some_value) like '%\%' escape '\' then try_cast(rtrim(trim(some_value), '%') as double) / 100
        when is_percent then try_cast(some_value as double) / 100
        else try_cast(some_value as double)
    end;

-- Grain: a comparator, with its measure by its name here. How its source writes shares is settled once for the source and
-- measure in the school: is_percent where any of them is above 1 (without %); is_part (of one) where none is, and one has
-- two or more decimals, as no source gives hundredths of a percent; else it cannot be known.
create macro comparators_written() as table
select
    *,
    coalesce(bool_or(try_cast(value as double) > 1) over of_source, false) as is_percent,
    not is_percent
        and coalesce(bool_or(try_cast(value as double) < 1 and regexp_matches(trim(value), '[.][0-9]{2,}$')) over of_source, false)
        as is_part,
from (select * replace (measure_key(measure) as measure) from records.comparators)
window of_source as (partition by school_id, measure, lower(trim(source)));

-- What is to be borne in mind where a share could be a part of one or percent: from nought to one, without %.
create macro how_it_was_read(some_value, is_share, is_percent, is_part) as
    case
        when not is_share or is_part or not coalesce(try_cast(some_value as double) between 0 and 1, false)
            or try_cast(some_value as double) = 0 then null
        when is_percent then 'Read as percent, as other figures of this source are above 1'
        else 'Read as a part of one: write ' || trim(some_value) || '% if that is what is meant'
    end;

create macro symbol_in_words(some_value) as
    case lower(trim(some_value))
        when 'c' then 'c: withheld, as so few pupils could be recognised'
        when 'x' then 'x: not available'
        when 'z' then 'z: not applicable'
        when 'low' then 'low: rounds to 0 and is not 0'
        when 'u' then 'u: too unreliable to be shown'
        when 'supp' then 'SUPP: withheld, as so few pupils could be recognised'
    end;

-- Grain: a pupil, an academic year and what was measured (`of_what`: a subject and scale, or attendance), by the day.
-- A result is the last scored one of the year, test before teacher on one day; attendance is of spans that have ended.
create macro measured_in_years(some_keys, on_date) as table
with results as (
    -- Grouped rather than numbered within windows: half the time.
    select results.school_id, results.pupil_id, results.subject_key, results.scale_key, results.in_year,
        unnest(arg_max(
            {
                'on_day': results.on_day, 'term_order': results.term_order, 'number': results.number,
                'is_ordered': results.kind = 'ordered', 'is_expected': results.meets_expected,
                'is_deeper': results.is_greater_depth,
            },
            {'on_day': results.on_day, 'source': -results.source_order, 'number': -results.number}
        )),
    from store.results
    semi join query_table(some_keys) as keys
        on keys.school_id = results.school_id and keys.subject_key = results.subject_key
        and keys.scale_key = results.scale_key
    where results.number is not null and results.on_day <= on_date
    group by results.school_id, results.pupil_id, results.subject_key, results.scale_key, results.in_year
)
select school_id, pupil_id, subject_key || '/' || scale_key as of_what, in_year as academic_year, on_day, term_order, number,
    is_ordered, is_expected, is_deeper,
    null::double as attended, null::double as possible,
from results
union all
select school_id, pupil_id, 'attendance', academic_year_of(start_date) as academic_year, max(end_date), null, null, false, null,
    null, sum(attended), sum(possible),
from store.attendance
where end_date <= on_date and school_id in (select school_id from query_table(some_keys))
group by school_id, pupil_id, academic_year;

-- Grain: a pupil of the school in an academic year of which something was measured, with the year group and the day
-- (as_of) that the pupil is counted by: the last day on which somebody of the year group was measured, where the pupil was
-- on roll then; else, of who had left by then, the pupil's own measured day, if it is in the same term (attendance: in the
-- same year). Enrolled that year (of the day's own year: or on the roll).
create macro pupils_in_years(some_measured, on_date) as table
with enrolled as (
    select
        enrolments.school_id, enrolments.pupil_id, enrolments.academic_year,
        coalesce(enrolments.year_group, pupils.year_group) as year_group,
        coalesce(enrolments.start_date, first_day_of(enrolments.academic_year)) as first_day,
        coalesce(
            lead(first_day) over (
                partition by enrolments.school_id, enrolments.pupil_id, enrolments.academic_year
                order by first_day, enrolments.year_group
            ),
            'infinity'::date
        ) as until_day,
    from store.enrolments
    inner join store.pupils on pupils.school_id = enrolments.school_id and pupils.pupil_id = enrolments.pupil_id
),
begun as (
    select school_id, pupil_id, min(first_day) as first_day,
    from enrolled
    where academic_year = academic_year_of(on_date)
    group by school_id, pupil_id
),
placed as (
    from enrolled
    union all
    select pupils.school_id, pupils.pupil_id, academic_year_of(on_date), pupils.year_group, '-infinity'::date,
        coalesce(begun.first_day, 'infinity'::date),
    from store.pupils
    left join begun on begun.school_id = pupils.school_id and begun.pupil_id = pupils.pupil_id
),
in_year as (
    select placed.*, pupils.entry_date, pupils.leaving_date,
    from placed
    inner join store.pupils on pupils.school_id = placed.school_id and pupils.pupil_id = placed.pupil_id
),
own_days as (
    select measured.school_id, measured.of_what, measured.academic_year, measured.pupil_id, in_year.year_group, in_year.leaving_date, measured.term_order,
        case when measured.of_what = 'attendance' then least(measured.on_day, in_year.leaving_date) else measured.on_day end as as_of,
    from query_table(some_measured) as measured
    inner join in_year
        on in_year.school_id = measured.school_id and in_year.pupil_id = measured.pupil_id
        and in_year.academic_year = measured.academic_year
        and in_year.first_day <= measured.on_day and in_year.until_day > measured.on_day
    where is_active(in_year.entry_date, in_year.leaving_date, as_of)
),
days as (
    select school_id, of_what, academic_year, year_group, max(as_of) as as_of, arg_max(term_order, as_of) as term_order,
    from own_days
    group by school_id, of_what, academic_year, year_group
),
counted as (
    select days.school_id, days.of_what, days.academic_year, days.as_of, in_year.pupil_id, days.year_group,
    from days
    inner join in_year
        on in_year.school_id = days.school_id and in_year.academic_year = days.academic_year
        and in_year.year_group is not distinct from days.year_group
        and in_year.first_day <= days.as_of and in_year.until_day > days.as_of
    where is_active(in_year.entry_date, in_year.leaving_date, days.as_of)
    union all
    select own.school_id, own.of_what, own.academic_year, own.as_of, own.pupil_id, own.year_group,
    from own_days as own
    inner join days
        on days.school_id = own.school_id and days.of_what = own.of_what and days.academic_year = own.academic_year
        and days.year_group is not distinct from own.year_group and days.term_order is not distinct from own.term_order
    where own.leaving_date < days.as_of
)
-- Who changed the year group within the year is counted once, in the later.
select school_id, of_what, academic_year, pupil_id, max(as_of) as as_of,
    max({'as_of': as_of, 'year_group': year_group}).year_group as year_group,
from counted
group by school_id, of_what, academic_year, pupil_id;

-- Grain: a key (school, measure, subject, scale, year group and group; rows of `some_keys`, numbered) and an academic year
--   of which the school holds something for it.
-- Columns: own_value (empty: cannot be worked out), own_counted of own_of (pupils; of attendance sessions; of a mean only
--   how many), pupils (in the year group and group then), assessed (of them, measured), unmarked (no mark is set).
create macro own_figures(some_keys, some_measured, some_pupils) as table
with in_year as (
    select keys.key, keys.measure, keys.group_code, people.*,
    from query_table(some_keys) as keys
    inner join query_table(some_pupils) as people
        on people.school_id = keys.school_id and people.of_what = keys.of_what
    where coalesce(people.year_group = keys.year_group, keys.year_group is null)
),
spans as (
    select school_id, pupil_id, group_code, coalesce(start_date, '-infinity'::date) as first_day,
        coalesce(end_date, 'infinity'::date) as last_day,
    from belonging
),
-- Two joins rather than one condition for both: with an `or` each pupil would be looked up by itself.
matched as (
    from in_year where group_code is null
    union all
    select in_year.*,
    from in_year
    semi join spans
        on spans.school_id = in_year.school_id and spans.pupil_id = in_year.pupil_id
        and spans.group_code = in_year.group_code
        and spans.first_day <= in_year.as_of and spans.last_day >= in_year.as_of
),
counted as (
    select
        people.key, people.measure, people.academic_year, max(people.as_of) as as_of,
        count(*) as pupils,
        count(measured.pupil_id) as assessed,
        coalesce(bool_or(measured.is_ordered), false) as is_ordered,
        avg(measured.number) as mean_number,
        count(measured.is_expected) as with_mark,
        count(*) filter (where measured.is_expected) as expected,
        count(measured.is_deeper) as with_deeper,
        count(*) filter (where measured.is_deeper) as deeper,
        sum(measured.attended) as attended,
        sum(measured.possible) as possible,
        count(*) filter (where measured.possible > 0) as with_sessions,
        -- A hair of tolerance: sessions worked out from a percentage carry noise, and 90.0% is a tenth missed.
        count(*) filter (
            where measured.possible > 0
                and (measured.possible - measured.attended + 1e-9 * measured.possible) * 10 >= measured.possible
        ) as persistent,
    from matched as people
    left join query_table(some_measured) as measured
        on measured.school_id = people.school_id and measured.pupil_id = people.pupil_id
        and measured.of_what = people.of_what and measured.academic_year = people.academic_year
    group by people.key, people.measure, people.academic_year
)
select
    key, academic_year, as_of, pupils, is_ordered,
    case when measure = 'persistent_absence_share' then with_sessions else assessed end as assessed,
    case measure when 'expected_share' then expected when 'greater_depth_share' then deeper
        when 'attendance_share' then attended when 'persistent_absence_share' then persistent end as own_counted,
    case when measure = 'attendance_share' then possible when measure = 'persistent_absence_share' then with_sessions
        else assessed end as own_of,
    case measure
        when 'expected_share' then case when with_mark > 0 then expected / assessed end
        when 'greater_depth_share' then case when with_deeper > 0 then deeper / assessed end
        when 'mean_value' then case when not is_ordered then mean_number end
        when 'attendance_share' then attended / nullif(possible, 0)
        when 'persistent_absence_share' then persistent / nullif(with_sessions, 0)
    end as own_value,
    case measure when 'expected_share' then assessed - with_mark when 'greater_depth_share' then assessed - with_deeper
        else 0 end as unmarked,
from counted
where assessed > 0;
