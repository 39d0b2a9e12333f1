create table assessments (
    school_id varchar,
    pupil_id varchar not null,
    subject varchar not null,
    scale varchar not null,
    value varchar not null,
    assessed_on date,
    academic_year varchar check (academic_year similar to '\d{4}/\d{2}'),
    term varchar check (term in ('autumn', 'spring', 'summer')),
    source varchar check (source in ('teacher', 'test')),
    assessor varchar,
    unique (school_id, pupil_id, subject, scale, assessed_on, academic_year, term, source),
    check (assessed_on is not null or (academic_year is not null and term is not null))
);
comment on table assessments is 'One row: a result of a pupil in a subject on a scale.';
comment on column assessments.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column assessments.pupil_id is 'The pupil.';
comment on column assessments.subject is 'The subject.';
comment on column assessments.scale is 'The scale the value is on.';
comment on column assessments.value is 'The result as the source gives it.';
comment on column assessments.assessed_on is 'Day of the assessment. Empty: the last day of the term given.';
comment on column assessments.academic_year is 'Academic year, where there is no day.';
comment on column assessments.term is 'Term, where there is no day.';
comment on column assessments.source is 'Teacher''s judgement or a test.';
comment on column assessments.assessor is 'Who assessed.';
