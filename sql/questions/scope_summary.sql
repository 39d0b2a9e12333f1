-- Title: Who is counted
-- Question: How many pupils does the filter count, and of how many?
-- Grain: one row.
-- Columns: pupils (in scope on the day), pupils_in_school (on roll on the day, in the schools chosen).
select
    (select count(*) from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)) as pupils,
    (select count(*) from pupils_in_scope($as_at, $schools, [], [], [], [])) as pupils_in_school;
