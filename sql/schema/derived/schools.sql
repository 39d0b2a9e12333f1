-- Question: which schools are there?
-- Grain: a school. A school that pupils name but `schools` does not is added under its identifier.
insert into store.schools (school_id, name)
select distinct
    pupils.school_id,
    case when pupils.school_id = 'school' then 'This school' else 'School ' || pupils.school_id end as name,
from store.pupils
anti join store.schools on schools.school_id = pupils.school_id
order by all;
