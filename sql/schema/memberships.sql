create table memberships (
    school_id varchar,
    pupil_id varchar not null,
    group_code varchar not null,
    start_date date not null,
    end_date date,
    unique (school_id, pupil_id, group_code, start_date),
    check (end_date >= start_date)
);
comment on table memberships is 'One row: a pupil''s time in a group.';
comment on column memberships.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column memberships.pupil_id is 'The pupil.';
comment on column memberships.group_code is 'The group.';
comment on column memberships.start_date is 'First day in the group.';
comment on column memberships.end_date is 'Last day in the group. Empty: still in it.';
