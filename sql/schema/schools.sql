create table schools (
    school_id varchar not null,
    name varchar not null,
    phase varchar,
    predecessor_id varchar,
    unique (school_id)
);
comment on table schools is 'One row: a school.';
comment on column schools.school_id is 'The school''s identifier, the DfE URN where there is one.';
comment on column schools.name is 'The school''s name as people say it.';
comment on column schools.phase is 'Primary, secondary, special, all-through …';
comment on column schools.predecessor_id is 'The school_id this school had before it changed, for example on becoming an academy.';
