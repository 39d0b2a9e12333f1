-- Title: Expected marks
-- Question: What is expected on each scale, by subject, year and term, and from when?
-- Grain: a mark for a scale, subject, year group and term.
-- Columns: expected (at it or better is at expected), greater_depth (empty: none set), whose (ours, or the school's own),
--   valid_from (of the school's own: the day of its import; of ours: from when it holds), origin (of ours).
-- Filters: subject. Counts: no pupils.
select
    coalesce(scales.scale, marks.scale_key) as scale,
    coalesce(kinds.need_code, marks.mark_subject) as subject,
    marks.year_group,
    marks.term,
    marks.expected,
    marks.greater_depth,
    case when marks.is_own then 'own' else 'ours' end as whose,
    marks.valid_from,
    marks.mark_source as origin,
from store.codes.expectations as marks
left join store.codes.scales using (scale_key)
left join store.codes.need_kinds as kinds on kinds.need_key = marks.subject_key
left join store.codes.year_groups using (year_group)
where (len($subjects) = 0 or list_contains(code_keys($subjects), marks.subject_key))
    and (len($year_groups) = 0 or list_contains($year_groups, marks.year_group))
order by lower(marks.scale_key), marks.subject_key, year_groups.sort_order,
    case marks.term when 'autumn' then 1 when 'spring' then 2 else 3 end;
