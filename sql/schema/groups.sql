create table groups (
    school_id varchar,
    group_code varchar not null,
    name varchar not null,
    counts_as_disadvantage boolean,
    definition varchar,
    agreed_on date,
    agreed_by varchar,
    unique (school_id, group_code)
);
comment on table groups is 'One row: a group that the school defines for itself.';
comment on column groups.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column groups.group_code is 'Short code of the group.';
comment on column groups.name is 'Name of the group.';
comment on column groups.counts_as_disadvantage is 'Whether the school counts its members as disadvantaged.';
comment on column groups.definition is 'Who belongs, in the school''s own words.';
comment on column groups.agreed_on is 'The day the definition was agreed.';
comment on column groups.agreed_by is 'Who agreed the definition.';
