-- Title: One pupil's attendance
-- Question: How much has this pupil attended?
-- Grain: a span of days that had ended by the day ($school_id, $pupil_id).
-- Columns: possible, attended, authorised, unauthorised (sessions, half days), attended_share (0 to 1; empty:
--   nothing was possible).
select
    start_date,
    end_date,
    possible,
    attended,
    authorised,
    unauthorised,
    agreed_part_time,
    attended / nullif(possible, 0) as attended_share,
    school_id,
from store.attendance
where school_id = $school_id and pupil_id = $pupil_id and end_date <= $as_at
order by start_date;
