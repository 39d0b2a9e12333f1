create table voices (
    school_id varchar,
    pupil_id varchar,
    provision_id varchar,
    heard_on date not null,
    voice varchar not null check (voice in ('pupil', 'parent', 'teacher', 'other adult', 'work scrutiny', 'observation')),
    stage varchar check (stage in ('planning', 'review')),
    rating bigint check (rating between -2 and 2),
    words varchar,
    reply varchar check (reply in ('invited, no reply', 'chose not to say')),
    unique (school_id, pupil_id, provision_id, heard_on, voice),
    check (pupil_id is not null or provision_id is not null)
);
comment on table voices is 'One row: what somebody said or what was seen.';
comment on column voices.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column voices.pupil_id is 'The pupil it is about.';
comment on column voices.provision_id is 'The provision it is about.';
comment on column voices.heard_on is 'The day.';
comment on column voices.voice is 'Whose view or which evidence.';
comment on column voices.stage is 'At planning or at review.';
comment on column voices.rating is 'From -2 to 2.';
comment on column voices.words is 'The words.';
comment on column voices.reply is 'Where nobody could be heard: what came of asking. Empty: this person was heard.';
