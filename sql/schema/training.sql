create table training (
    school_id varchar,
    staff_id varchar not null,
    skill varchar not null,
    gained_on date not null,
    expires_on date,
    kind varchar check (kind in ('course', 'coaching', 'mentoring', 'peer support')),
    unique (school_id, staff_id, skill, gained_on)
);
comment on table training is 'One row: a skill that an adult gained.';
comment on column training.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column training.staff_id is 'The adult.';
comment on column training.skill is 'The skill, in the words that provisions ask for.';
comment on column training.gained_on is 'The day it was gained.';
comment on column training.expires_on is 'Last day it counts. Empty: it does not lapse.';
comment on column training.kind is 'How it was gained.';
