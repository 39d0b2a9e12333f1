-- Question: which pupil progress meetings were held, about whom, and with whom?
-- Grain: a meeting.
create table meetings (
    school_id varchar,
    meeting_id varchar not null,
    held_on date not null,
    about varchar not null check (about in ('class', 'year group', 'group', 'school')),
    about_code varchar,
    people varchar,
    goal varchar,
    closed_on date,
    note varchar,
    unique (school_id, meeting_id)
);
comment on table meetings is 'One row: a pupil progress meeting.';
comment on column meetings.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column meetings.meeting_id is 'The meeting''s identifier.';
comment on column meetings.held_on is 'The day of the meeting.';
comment on column meetings.about is 'Whether it is about a class, a year group, a group or the school.';
comment on column meetings.about_code is 'Which class, year group or group. Empty: the whole school.';
comment on column meetings.people is 'Who takes part.';
comment on column meetings.goal is 'What the class is to reach, in words.';
comment on column meetings.closed_on is 'The day it was closed. Empty: it is open.';
comment on column meetings.note is 'What concerns the class as a whole.';
