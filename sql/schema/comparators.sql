create table comparators (
    school_id varchar,
    measure varchar not null,
    subject varchar,
    scale varchar,
    year_group varchar check (year_group in ('E1', 'E2', 'N1', 'N2', 'R', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', 'M', 'X')),
    group_code varchar,
    academic_year varchar not null check (academic_year similar to '\d{4}/\d{2}'),
    source varchar not null,
    value varchar not null,
    unique (school_id, measure, subject, scale, year_group, group_code, academic_year, source)
);
comment on table comparators is 'One row: a figure to compare with.';
comment on column comparators.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column comparators.measure is 'What is measured: expected_share, mean_value …';
comment on column comparators.subject is 'Subject.';
comment on column comparators.scale is 'Scale.';
comment on column comparators.year_group is 'Year group.';
comment on column comparators.group_code is 'Group.';
comment on column comparators.academic_year is 'Academic year of the figure.';
comment on column comparators.source is 'National, local, similar schools …';
comment on column comparators.value is 'A number, or c, x, z or low.';
