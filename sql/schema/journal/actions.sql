-- Question: who does what by when, and what came of it?
-- Grain: an action, for a pupil or for the class as a whole. Open until it is done, or dropped with a reason.
create table actions (
    school_id varchar,
    action_id varchar not null,
    meeting_id varchar,
    pupil_id varchar,
    what varchar not null,
    owner varchar not null,
    set_on date not null,
    due_on date not null,
    expected varchar,
    subject varchar,
    done_on date,
    outcome varchar,
    dropped_on date,
    why_dropped varchar,
    unique (school_id, action_id)
);
comment on table actions is 'One row: who does what by when.';
comment on column actions.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column actions.action_id is 'The action''s identifier.';
comment on column actions.meeting_id is 'The meeting it was agreed in.';
comment on column actions.pupil_id is 'The pupil. Empty: the class as a whole.';
comment on column actions.what is 'What is to be done.';
comment on column actions.owner is 'Who does it.';
comment on column actions.set_on is 'The day it was agreed.';
comment on column actions.due_on is 'The day it is due.';
comment on column actions.expected is 'What is expected of it.';
comment on column actions.subject is 'The subject in which its effect should show.';
comment on column actions.done_on is 'The day it was done. Empty: not yet.';
comment on column actions.outcome is 'What came of it.';
comment on column actions.dropped_on is 'The day it was dropped. Empty: it was not.';
comment on column actions.why_dropped is 'Why it was dropped.';
