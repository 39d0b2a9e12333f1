-- The small words that questions are made of: macros over single values.

-- Put by its format: DuckDB's `year` makes a table of a century's days for each plan that names it.
create macro academic_year_of(some_day) as
    strftime(some_day - interval 8 months, '%Y/') || strftime(some_day + interval 4 months, '%y');

create macro first_day_of(some_academic_year) as make_date(left(some_academic_year, 4)::integer, 9, 1);

-- A list of codes in lower case (empty where nothing is recorded).
create macro code_keys(some_codes) as
    case when len(some_codes) > 0 then string_split(lower(array_to_string(some_codes, ';')), ';') else [] end;

-- A value on a scale as a number: the rank on an ordered scale, months on an age scale, else the number
-- itself. Empty where the value is a code that is no score (absent, disapplied), or cannot be read.
create macro number_on_scale(some_kind, has_listed_value, some_rank, some_value) as
    case
        when has_listed_value then some_rank
        when some_kind = 'ordered' then null
        when isfinite(try_cast(some_value as double)) then try_cast(some_value as double)
    end;

-- Grain: a provision of a school, with its purpose and kind settled. Made when the store is built, and again where
-- somebody has changed a provision since.
create macro offered_rows(some_provisions) as table
select
    provisions.*,
    coalesce(provisions.purpose, 'learning') as settled_purpose,
    code_keys(provisions.need_codes) as need_keys,
    lower(provisions.subject) as subject_key,
    coalesce(tiers.is_additional, false) as is_additional,
    coalesce(not tiers.is_additional, false) as is_adjustment,
    tiers.sort_order as tier_order,
from query_table(some_provisions) as provisions
left join store.codes.tiers using (tier);

-- Grain: a placement (see schema/derived/provided.sql for its columns). Made when the store is built, and again for
-- what somebody has changed since.
create macro provided_rows(some_placements, some_offered) as table
select
    placements.school_id,
    placements.pupil_id,
    placements.placement_id,
    placements.provision_id,
    coalesce(offered.name, placements.provision_id) as provision,
    offered.tier,
    offered.tier_order,
    offered.delivery,
    offered.subject_key,
    coalesce(offered.settled_purpose, 'learning') as purpose,
    coalesce(offered.is_additional, false) as is_additional,
    coalesce(offered.is_adjustment, false) as is_adjustment,
    placements.start_date,
    placements.expected_end_date,
    placements.end_date,
    case when len(placements.need_codes) > 0 then placements.need_codes else offered.need_codes end as need_codes,
    case when len(placements.need_codes) > 0 then code_keys(placements.need_codes) else coalesce(offered.need_keys, []) end
        as need_keys,
    coalesce(placements.minutes_per_session, offered.minutes_per_session)
        * coalesce(placements.sessions_per_week, offered.sessions_per_week) as weekly_minutes,
    placements.required_by,
    placements.staff_ids,
    placements.group_name,
    placements.subject_missed,
    placements.sessions_planned,
    placements.sessions_attended,
    placements.intended_outcome,
    placements.measure,
    placements.entry_value,
    placements.entry_date,
    placements.exit_value,
    placements.exit_date,
    placements.outcome,
    placements.note,
from query_table(some_placements) as placements
left join query_table(some_offered) as offered
    on offered.school_id = placements.school_id and offered.provision_id = placements.provision_id;
