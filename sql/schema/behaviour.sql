create table behaviour (
    school_id varchar,
    pupil_id varchar not null,
    happened_on date not null,
    kind varchar not null check (kind in ('positive', 'negative')),
    category varchar,
    points double,
    unique (school_id, pupil_id, happened_on, category)
);
comment on table behaviour is 'One row: something noted about behaviour.';
comment on column behaviour.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column behaviour.pupil_id is 'The pupil.';
comment on column behaviour.happened_on is 'The day.';
comment on column behaviour.kind is 'Positive or negative.';
comment on column behaviour.category is 'Category.';
comment on column behaviour.points is 'Points given.';
