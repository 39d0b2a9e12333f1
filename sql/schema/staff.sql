create table staff (
    school_id varchar,
    staff_id varchar not null,
    name varchar not null,
    role varchar,
    hours_per_week double check (hours_per_week >= 0),
    hourly_cost double check (hourly_cost >= 0),
    external boolean,
    unique (school_id, staff_id)
);
comment on table staff is 'One row: an adult who gives provision.';
comment on column staff.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column staff.staff_id is 'The school''s identifier for the adult.';
comment on column staff.name is 'Name.';
comment on column staff.role is 'Role.';
comment on column staff.hours_per_week is 'Hours worked a week.';
comment on column staff.hourly_cost is 'Cost of an hour, in pounds.';
comment on column staff.external is 'Comes from outside the school.';
