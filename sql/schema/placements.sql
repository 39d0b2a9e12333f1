create table placements (
    school_id varchar,
    placement_id varchar,
    pupil_id varchar not null,
    provision_id varchar not null,
    start_date date not null,
    expected_end_date date,
    end_date date,
    need_codes varchar[],
    group_name varchar,
    staff_ids varchar[],
    minutes_per_session double check (minutes_per_session >= 0),
    sessions_per_week double check (sessions_per_week >= 0),
    sessions_planned double check (sessions_planned >= 0),
    sessions_attended double check (sessions_attended >= 0),
    funding varchar,
    required_by varchar check (required_by in ('ehcp', 'plan')),
    subject_missed varchar,
    intended_outcome varchar,
    measure varchar,
    entry_value varchar,
    entry_date date,
    exit_value varchar,
    exit_date date,
    outcome varchar check (outcome in ('met', 'partly met', 'not met')),
    pupil_involved boolean,
    parent_involved boolean,
    note varchar,
    unique (school_id, placement_id),
    unique (school_id, pupil_id, provision_id, start_date),
    check (end_date >= start_date),
    check (exit_date >= entry_date)
);
comment on table placements is 'One row: a pupil''s time in a provision.';
comment on column placements.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column placements.placement_id is 'The school''s identifier for this row, where it has one.';
comment on column placements.pupil_id is 'The pupil.';
comment on column placements.provision_id is 'The provision.';
comment on column placements.start_date is 'First day.';
comment on column placements.expected_end_date is 'Day it was planned to end. It never ends the provision by itself.';
comment on column placements.end_date is 'Last day. Empty: still in place.';
comment on column placements.need_codes is 'Need codes and areas it addresses for this pupil. Empty: those of the provision.';
comment on column placements.group_name is 'The teaching group.';
comment on column placements.staff_ids is 'Staff who give it.';
comment on column placements.minutes_per_session is 'Minutes in one session. Empty: as the provision says.';
comment on column placements.sessions_per_week is 'Sessions a week. Empty: as the provision says.';
comment on column placements.sessions_planned is 'Sessions planned in all.';
comment on column placements.sessions_attended is 'Sessions attended in all.';
comment on column placements.funding is 'What pays for it.';
comment on column placements.required_by is 'What requires it, if anything does.';
comment on column placements.subject_missed is 'The lesson the pupil misses for it.';
comment on column placements.intended_outcome is 'What it should bring about for this pupil.';
comment on column placements.measure is 'Subject and scale of the entry and exit values, such as reading/age.';
comment on column placements.entry_value is 'Score at the start.';
comment on column placements.entry_date is 'Day of the score at the start.';
comment on column placements.exit_value is 'Score at the end.';
comment on column placements.exit_date is 'Day of the score at the end.';
comment on column placements.outcome is 'Whether the intended outcome was met.';
comment on column placements.pupil_involved is 'The pupil had a say in it.';
comment on column placements.parent_involved is 'A parent or carer had a say in it.';
comment on column placements.note is 'Anything else.';
