-- Question: which values can each field of the filter take in this store?
-- Grain: a field and a value. Columns: label (in a teacher's words), place (reading order).
with placed as (
    select year_group, class from store.pupils
    union
    select year_group, class from store.enrolments
)
select 'schools' as field, school_id as value, name as label, 0 as place, from store.schools
union all
select 'year_groups', year_group, name, sort_order, from store.codes.year_groups
union all
select 'classes', class, class, 0, from (select distinct class from placed where class is not null)
union all
select 'groups', group_code, name, sort_order, from records.group_names
union all
select 'needs', need_code, need, area_order, from store.codes.need_kinds
union all
select 'tiers', tier, name, sort_order, from store.codes.tiers
union all
select 'subjects', need_code, need, area_order, from store.codes.need_kinds where area = 'subjects'
union all
select 'academic_years', academic_year, academic_year, -left(academic_year, 4)::integer,
from (
    select academic_year from store.enrolments
    union
    select academic_year_of(assessed_on) from store.assessments where assessed_on is not null
)
order by field, place, label, value;
