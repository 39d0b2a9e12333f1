-- The small words that questions are made of: macros over single values.

create macro academic_year_of(some_day) as
    year(some_day - interval 8 months)::varchar || '/'
        || lpad(((year(some_day - interval 8 months) + 1) % 100)::varchar, 2, '0');

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
