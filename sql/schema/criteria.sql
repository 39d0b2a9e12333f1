create table criteria (
    school_id varchar,
    provision_id varchar not null,
    kind varchar not null check (kind in ('entry', 'exit')),
    measure varchar not null,
    comparator varchar not null check (comparator in ('<', '<=', '>', '>=', '=')),
    value varchar not null,
    unique (school_id, provision_id, kind, measure, comparator, value)
);
comment on table criteria is 'One row: one condition for starting or finishing a provision.';
comment on column criteria.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column criteria.provision_id is 'The provision.';
comment on column criteria.kind is 'Whether the condition is for starting or for finishing.';
comment on column criteria.measure is 'What is looked at: a subject and scale such as reading/standardised, attendance, need or group.';
comment on column criteria.comparator is 'How it is compared.';
comment on column criteria.value is 'What it is compared with.';
