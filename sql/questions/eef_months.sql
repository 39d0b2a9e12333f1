-- Title: What the EEF's months stand for
-- Question: Which effect sizes do the months of progress in the EEF's Toolkit stand for?
-- Grain: a number of months, from 0 to 12.
-- Columns: effect_from and effect_to (effect sizes, rounded to two decimals first), label (the EEF's word), source.
-- Filters: none. Counts: no pupils.
-- Wrinkles: for effects below nothing the same table holds with a minus before the effects and the months. It is the
--   table of the Toolkit; the EEF's project reports use a slightly different one. No gain is turned into months by it.
select eef_months, effect_from, effect_to, label, source,
from store.codes.eef_months
order by eef_months;
