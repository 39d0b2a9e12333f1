-- Question: what was decided, about whom, and what is expected of it?
-- Grain: a decision of a meeting, about a pupil or about the class as a whole.
create table decisions (
    school_id varchar,
    decision_id varchar not null,
    meeting_id varchar not null,
    pupil_id varchar,
    decided_on date not null,
    kind varchar not null check (kind in ('class teaching', 'grouping', 'provision started', 'provision ended', 'provision changed', 'referral', 'family contact', 'other')),
    words varchar not null,
    provision_id varchar,
    placement_id varchar,
    placement_start date,
    expected varchar,
    subject varchar,
    unique (school_id, decision_id)
);
comment on table decisions is 'One row: a decision of a pupil progress meeting.';
comment on column decisions.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column decisions.decision_id is 'The decision''s identifier.';
comment on column decisions.meeting_id is 'The meeting.';
comment on column decisions.pupil_id is 'The pupil. Empty: the class as a whole.';
comment on column decisions.decided_on is 'The day.';
comment on column decisions.kind is 'What kind of decision it is.';
comment on column decisions.words is 'What was decided.';
comment on column decisions.provision_id is 'The provision it starts, ends or changes.';
comment on column decisions.placement_id is 'The row of provision that it made or changed.';
comment on column decisions.placement_start is 'Where that row has no identifier: the first day that it was recorded with.';
comment on column decisions.expected is 'What it should bring about.';
comment on column decisions.subject is 'The subject in which that should show. Empty: that of the provision.';
