-- Title: The EEF's bands of cost
-- Question: What does the EEF's Toolkit call a low, moderate or high cost?
-- Grain: a band of cost.
-- Columns: pupil_from and pupil_up_to (pounds for a pupil and a year; empty: open at that end), class_up_to (pounds for
--   a class of 25), source.
-- Filters: none. Counts: no pupils.
-- Wrinkles: exactly 80 pounds is low; at the other ends the lower band holds.
select cost_band, pupil_from, pupil_up_to, class_up_to, source,
from store.codes.eef_cost_bands
order by pupil_from nulls first;
