create table enrolments (
    school_id varchar,
    pupil_id varchar not null,
    academic_year varchar not null check (academic_year similar to '\d{4}/\d{2}'),
    year_group varchar not null check (year_group in ('E1', 'E2', 'N1', 'N2', 'R', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', 'M', 'X')),
    class varchar,
    start_date date,
    unique (school_id, pupil_id, academic_year, start_date)
);
comment on table enrolments is 'One row: a pupil''s year group and class from a day in an academic year.';
comment on column enrolments.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column enrolments.pupil_id is 'The pupil.';
comment on column enrolments.academic_year is 'Academic year, 1 September to 31 August, such as 2026/27.';
comment on column enrolments.year_group is 'Year group in that academic year.';
comment on column enrolments.class is 'Class in that academic year.';
comment on column enrolments.start_date is 'First day in this class. Empty: the start of the academic year.';
