-- Question: from when does a need hold whose start nobody wrote down?
-- Grain: a need of a pupil over a span of days, as folded; start_date is then never empty, and
--   is_start_recorded says whether it was written down.
-- Wrinkles: treated as a status is. First seen with the pupil's first import of needs: from the pupil's
--   entry (entry not recorded: from the import's date). New in a later import, when the pupil was already
--   here at an earlier one: from that import's date. An undated row gives way to a dated one of the same
--   need that a later import brought.
create table store.needs_dated as
with last_seen as (
    select school_id, pupil_id, lower(need_code) as need_key, start_date::date as start_date,
        min(dated) as first_dated, max(import_number) as last_import,
    from needs_history
    group by all
),
imports as (
    select distinct school_id, dated from needs_history
),
entered as (
    select last_seen.*, pupils.entry_date,
    from last_seen
    left join store.pupils
        on pupils.school_id = last_seen.school_id and pupils.pupil_id = last_seen.pupil_id
    where last_seen.start_date is null
),
starts as (
    select entered.*,
        true as is_undated,
        case
            when entry_date is null then first_dated
            when exists (
                select 1 from imports
                where imports.school_id = entered.school_id
                    and imports.dated < entered.first_dated and imports.dated >= entered.entry_date
            ) then first_dated
            else entry_date
        end as start_worked_out,
        exists (
            select 1 from last_seen as dated_row
            where dated_row.school_id = entered.school_id and dated_row.pupil_id = entered.pupil_id
                and dated_row.need_key = entered.need_key and dated_row.start_date is not null
                and dated_row.last_import > entered.last_import
        ) as is_replaced,
    from entered
)
select
    needs.* replace (coalesce(needs.start_date, starts.start_worked_out)::date as start_date),
    needs.start_date is not null as is_start_recorded,
from store.needs
left join starts
    on starts.school_id = needs.school_id and starts.pupil_id = needs.pupil_id
    and starts.need_key = lower(needs.need_code) and starts.is_undated = (needs.start_date is null)
where not coalesce(starts.is_replaced, false)
order by needs.school_id, needs.pupil_id, needs.need_code, needs.start_date;
drop table store.needs;
alter table store.needs_dated rename to needs;
