-- Question: which barriers were removed, when and by what?
-- Grain: a barrier of a pupil's need that was removed. The need is known by its code: its first day can be corrected.
create table barriers_removed (
    school_id varchar,
    pupil_id varchar not null,
    need_code varchar not null,
    barrier varchar not null,
    removed_on date not null,
    removed_by varchar not null,
    is_taken_back boolean,
    unique (school_id, pupil_id, need_code, barrier)
);
comment on table barriers_removed is 'One row: a barrier of a pupil that was removed.';
comment on column barriers_removed.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column barriers_removed.pupil_id is 'The pupil.';
comment on column barriers_removed.need_code is 'The need that it came with.';
comment on column barriers_removed.barrier is 'What stood in the pupil''s way.';
comment on column barriers_removed.removed_on is 'The day on which it was found to be gone.';
comment on column barriers_removed.removed_by is 'What removed it.';
comment on column barriers_removed.is_taken_back is 'It was not removed after all.';
