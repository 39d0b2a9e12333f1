-- Question: whom did a meeting talk about, and what was said?
-- Grain: a pupil in a meeting, proposed, discussed or taken off the list.
create table discussions (
    school_id varchar,
    meeting_id varchar not null,
    pupil_id varchar not null,
    place bigint,
    reason varchar,
    teacher_note varchar,
    changed_in_class varchar,
    note varchar,
    discussed_on date,
    is_left_out boolean,
    proposed_on date,
    unique (school_id, meeting_id, pupil_id)
);
comment on table discussions is 'One row: a pupil in a pupil progress meeting.';
comment on column discussions.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column discussions.meeting_id is 'The meeting.';
comment on column discussions.pupil_id is 'The pupil.';
comment on column discussions.place is 'Place in the order of the meeting.';
comment on column discussions.reason is 'Why the pupil was proposed.';
comment on column discussions.teacher_note is 'What the teacher wrote beforehand.';
comment on column discussions.changed_in_class is 'What has been changed in class.';
comment on column discussions.note is 'What was said.';
comment on column discussions.discussed_on is 'The day the pupil was talked about. Empty: not yet.';
comment on column discussions.is_left_out is 'Taken off the list.';
comment on column discussions.proposed_on is 'As at which day the pupil was proposed for this reason.';
