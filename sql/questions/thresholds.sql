-- Title: Thresholds
-- Question: Which numbers decide what is listed, and since when?
-- Grain: a threshold.
-- Columns: value (in force on the day, in `unit`), from_date and agreed_by (empty: as provmap ships it).
-- Filters: none. Counts: no pupils.
with in_force as (
    select name, arg_max(value, from_date) as value, max(from_date) as from_date,
    from records.thresholds
    where from_date <= $as_at
    group by name
)
select
    shipped.name,
    shipped.meaning,
    in_force.value,
    shipped.unit,
    own.from_date,
    own.agreed_by,
    own.reason,
from store.codes.settings as shipped
inner join in_force using (name)
left join records.settings as own on own.name = shipped.name and own.from_date = in_force.from_date
order by shipped.name;
