-- Question: which row of the map is a decision about?
-- Grain: a decision that began, ended or changed provision in the map, with that row of provision: by its identifier;
-- where it had none, by pupil, provision and the day it was first recorded with, whatever was corrected in it since.
create view records.decided_placements as
with recorded as (
    select imported.*, imported.start_date as recorded_start,
    from store.placements as imported
    anti join written.replaced_placements as replaced on replaced.row_id = imported.rowid
    union all by name
    select * exclude (row_key, row_version, written_by, written_at, is_removed),
        -- The key of a row without an identifier has the day that it was recorded with.
        coalesce(try_cast(regexp_extract(row_key, '"start_date":"([0-9-]+)"', 1) as date), start_date) as recorded_start,
    from written.placements
    where not is_removed
),
named as (
    select decisions.decision_id, recorded.*,
    from records.decisions
    inner join recorded
        on recorded.school_id = decisions.school_id and recorded.placement_id = decisions.placement_id
    union all
    select decisions.decision_id, recorded.*,
    from records.decisions
    inner join recorded
        on recorded.school_id = decisions.school_id and recorded.pupil_id = decisions.pupil_id
        and recorded.provision_id = decisions.provision_id and recorded.recorded_start = decisions.placement_start
    where decisions.placement_id is null
)
from named
-- Begun twice on one day, the one without an identifier is meant.
qualify row_number() over (partition by school_id, decision_id order by placement_id nulls first) = 1;
