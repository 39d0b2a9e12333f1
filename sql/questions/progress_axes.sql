-- Title: The axes of progress
-- Question: From where to where do the charts of each subject and scale reach?
-- Grain: a subject and scale with a score of anybody by the day, whoever is counted.
-- Columns: lowest and highest (the ends of the scale, else of all scores), grades (of an ordered scale, those in use and
--   its marks, the lowest first), first_day, measure ("reading/standardised").
-- Filters: subject. Wrinkles: the same whatever the filter, so that two pictures can be compared.
select subject, scale, lowest, highest, grades, first_day, subject_key || '/' || scale_key as measure,
from drawn_axes($as_at, $measure)
where len($subjects) = 0 or list_contains(code_keys($subjects), subject_key)
order by subject_key, scale_key;
