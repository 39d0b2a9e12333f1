-- Question: what has each pupil had, and what was it for?
-- Grain: a placement (a pupil's time in a provision).
-- Columns: need_keys (lower case: the placement's own codes, else its provision's; empty: purpose not
--   recorded), weekly_minutes (minutes a session times sessions a week, each from the placement, else
--   from the provision; empty: not recorded), is_additional (targeted or specialist), is_adjustment
--   (what a teacher changed in class).
-- Worked out once, when the store is built, in the order of school and pupil: one school inside a trust then reads
-- its own rows alone.
create table store.provided as
from provided_rows('store.placements', 'store.codes.offered')
order by school_id, pupil_id, start_date, provision_id;
