create table sessions (
    school_id varchar,
    pupil_id varchar not null,
    provision_id varchar not null,
    held_on date not null,
    status varchar not null check (status in ('attended', 'absent', 'cancelled')),
    minutes double check (minutes >= 0),
    reason varchar,
    unique (school_id, pupil_id, provision_id, held_on)
);
comment on table sessions is 'One row: one session of a provision for one pupil.';
comment on column sessions.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column sessions.pupil_id is 'The pupil.';
comment on column sessions.provision_id is 'The provision.';
comment on column sessions.held_on is 'The day.';
comment on column sessions.status is 'What happened.';
comment on column sessions.minutes is 'Minutes it lasted.';
comment on column sessions.reason is 'Why it was missed or cancelled.';
