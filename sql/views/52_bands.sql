-- Question: which band of its scale is a score in?

-- A number without needless noughts.
create macro in_figures(some_number) as format('{:.10g}', some_number);

-- Grain: a scale, with how its numbers are put in bands: each number by itself where there are few; else a standard
-- deviation each from the mean, all that is two or more away from it in one; a year of an age; or steps of five, ten,
-- twenty or fifty from the lowest. Follows from the scale alone, so that the bands are the same whoever is counted.
-- Columns: way, band_start and band_width, last_number (the highest, which is no band of its own).
create view scale_bands as
with ways as (
    select scale_key, minimum, maximum, mean, sd,
        case
            when kind = 'ordered' then 'ordered'
            when kind = 'age' then 'age'
            when maximum - minimum <= 12 then 'each'
            when sd > 0 and mean is not null then 'normed'
            else 'range'
        end as way,
    from store.codes.scales
)
select
    scale_key,
    way,
    case way when 'normed' then mean when 'age' then 0 else coalesce(minimum, 0) end as band_start,
    case
        when way = 'normed' then sd
        when way = 'age' then 12
        when way = 'each' then 1
        when maximum - minimum <= 25 then 5
        when maximum - minimum > 100 then 50
        when maximum - minimum > 50 then 20
        else 10
    end as band_width,
    case when way = 'range' and (maximum - band_start) % band_width = 0 then maximum end as last_number,
from ways;

-- Grain: a rank of an ordered scale. name: all values of that rank, whatever the rows write ("2 / 2*").
create view rank_names as
select scale_key, rank, string_agg(value, ' / ' order by value) as name,
from store.codes.scale_values
where rank is not null
group by scale_key, rank;

-- Grain: a row of term_results, with the band it is in: band_place grows with the number (a grade's is its rank; empty:
-- no score), band is its name.
create macro banded(some_results) as table
with placed as (
    select
        results.*, bands.way, bands.band_start, bands.band_width, bands.last_number, ranks.name as rank_name,
        case
            -- greatest() and least() take no notice of an empty value.
            when results.number is null then null
            when bands.way = 'ordered' then results.number
            when bands.way = 'normed' then greatest(-3, least(2, floor((results.number - band_start) / band_width)))
            else floor((results.number - band_start) / band_width) - coalesce(results.number = last_number, false)::integer
        end as band_place,
        band_start + band_place * band_width as band_low,
        band_low + band_width as band_high,
    from query_table(some_results) as results
    left join scale_bands as bands using (scale_key)
    left join rank_names as ranks on ranks.scale_key = results.scale_key and ranks.rank = results.number
)
select
    * exclude (way, rank_name, band_start, band_width, last_number, band_low, band_high),
    case
        when band_place is null then null
        when way = 'ordered' then rank_name
        when way = 'age' then in_figures(band_place) || ':00–' || in_figures(band_place) || ':11'
        when way = 'each' then in_figures(band_low)
        when way = 'normed' and band_place = -3 then 'below ' || in_figures(band_high)
        when way = 'normed' and band_place = 2 then in_figures(band_low) || ' or more'
        when band_high = last_number then in_figures(band_low) || '–' || in_figures(band_high)
        when band_low = floor(band_low) and band_high = floor(band_high)
            then in_figures(band_low) || '–' || in_figures(band_high - 1)
        else in_figures(band_low) || ' to under ' || in_figures(band_high)
    end as band,
from placed;

-- Which way a score moved, by bands.
create macro way_of(from_place, to_place, is_higher_better) as
    case sign((to_place - from_place) * case when is_higher_better then 1 else -1 end)
        when 1 then 'better'
        when 0 then 'same'
        when -1 then 'worse'
    end;

-- Months gained on an age scale beside the whole months that passed: a year's gain in a year is keeping pace.
create macro pace_of(from_number, to_number, from_day, to_day) as
    case sign(to_number - from_number - round((to_day - from_day) / 30.4375))
        when 1 then 'gained_more'
        when 0 then 'kept_pace'
        when -1 then 'gained_less'
    end;

-- Whether the numbers of a scale are raw ones that grow as pupils learn: nobody has set them beside others of an age, and
-- they begin at nought. The scaled scores of a test do not.
create macro is_raw(some_kind, age_normed, some_sd, is_higher_better, some_minimum) as
    some_kind = 'number' and not age_normed and some_sd is null and is_higher_better and coalesce(some_minimum, 0) = 0;
