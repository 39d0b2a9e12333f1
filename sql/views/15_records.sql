-- Question: what is recorded, counting both what was imported and what people wrote in the app since?
-- `records.<dataset>` are views that opening makes for every dataset (see store/written.py). Here is what follows from
-- them: made at opening, and made again (the whole file) when somebody writes.

-- Grain: a provision of a school, with its purpose and kind settled.
create or replace table records.offered as from offered_rows('records.provisions');

-- Grain: a group, ours from status flags or the school's own.
create or replace table records.group_names as
with changed as (
    select group_code,
        arg_max(name, written_at) as name,
        arg_max(counts_as_disadvantage, written_at) as counts_as_disadvantage,
    from written.groups
    where not is_removed
    group by group_code
)
select
    group_code,
    coalesce(changed.name, known.name) as name,
    -- Where nobody says whether it counts, it counts as it did.
    coalesce(changed.counts_as_disadvantage, known.counts_as_disadvantage) as counts_as_disadvantage,
    coalesce(known.sort_order, 0) as sort_order,
from store.codes.group_names as known
full join changed using (group_code);

-- Grain: a placement that somebody wrote or changed, or whose provision was.
create or replace view written.placements_again as
select * exclude (row_key, row_version, written_by, written_at, is_removed) from written.placements where not is_removed
union all by name
select imported.*
from store.placements as imported
semi join written.provisions as changed
    on changed.school_id = imported.school_id and changed.provision_id = imported.provision_id
anti join written.replaced_placements as replaced on replaced.row_id = imported.rowid;

create or replace table written.provided as from provided_rows('written.placements_again', 'records.offered');

-- Grain: a placement whose row of store.provided no longer stands.
create or replace table written.replaced_provided as
select school_id, pupil_id, provision_id, start_date, placement_id,
from store.placements as imported
semi join written.replaced_placements as replaced on replaced.row_id = imported.rowid
union all
select school_id, pupil_id, provision_id, start_date, placement_id,
from store.placements as imported
semi join written.provisions as changed
    on changed.school_id = imported.school_id and changed.provision_id = imported.provision_id;

-- Grain: a placement, with what follows from it and its provision (see schema/derived/provided.sql).
create or replace view records.provided as
select made.*
from store.provided as made
anti join written.replaced_provided as replaced
    on replaced.school_id = made.school_id and replaced.pupil_id = made.pupil_id
    and replaced.provision_id = made.provision_id and replaced.start_date = made.start_date
    and replaced.placement_id is not distinct from made.placement_id
union all
from written.provided;

-- Grain: a threshold from a day on: ours, or the school's.
create or replace view records.thresholds as
select name, value, from_date from store.codes.settings
union all
select name, value, from_date from records.settings;
