create table terms (
    school_id varchar,
    academic_year varchar not null check (academic_year similar to '\d{4}/\d{2}'),
    term varchar not null check (term in ('autumn', 'spring', 'summer')),
    start_date date not null,
    end_date date not null,
    unique (school_id, academic_year, term),
    check (end_date >= start_date)
);
comment on table terms is 'One row: a term.';
comment on column terms.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column terms.academic_year is 'Academic year, such as 2026/27.';
comment on column terms.term is 'The term.';
comment on column terms.start_date is 'First day.';
comment on column terms.end_date is 'Last day.';
