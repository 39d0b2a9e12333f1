create table attendance (
    school_id varchar,
    pupil_id varchar not null,
    start_date date not null,
    end_date date not null,
    possible double not null check (possible >= 0),
    attended double not null check (attended >= 0),
    authorised double check (authorised >= 0),
    unauthorised double check (unauthorised >= 0),
    agreed_part_time double check (agreed_part_time >= 0),
    unique (school_id, pupil_id, start_date),
    check (end_date >= start_date),
    check (attended <= possible)
);
comment on table attendance is 'One row: a pupil''s attendance over a span of days.';
comment on column attendance.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column attendance.pupil_id is 'The pupil.';
comment on column attendance.start_date is 'First day of the span.';
comment on column attendance.end_date is 'Last day of the span.';
comment on column attendance.possible is 'Sessions possible (half days).';
comment on column attendance.attended is 'Sessions attended.';
comment on column attendance.authorised is 'Sessions missed with leave.';
comment on column attendance.unauthorised is 'Sessions missed without leave.';
comment on column attendance.agreed_part_time is 'Sessions missed under an agreed part-time timetable.';
