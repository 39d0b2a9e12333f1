-- Question: which findings did somebody mark as intended?
-- Grain: a finding of one pupil, with the mark that it has now. A mark that was taken back says so.
create table marks (
    school_id varchar,
    pupil_id varchar not null,
    kind varchar not null,
    provision_id varchar,
    other_provision_id varchar,
    need_code varchar,
    first_time varchar,
    other_time varchar,
    reason varchar not null,
    is_taken_back boolean,
    unique (school_id, pupil_id, kind, provision_id, other_provision_id, need_code, first_time, other_time)
);
comment on table marks is 'One row: a finding that somebody marked as intended.';
comment on column marks.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column marks.pupil_id is 'The pupil.';
comment on column marks.kind is 'The kind of finding, as in the list of findings.';
comment on column marks.provision_id is 'The provision of the finding.';
comment on column marks.other_provision_id is 'The other provision of the finding, where there are two.';
comment on column marks.need_code is 'The need of the finding, where it has one.';
comment on column marks.first_time is 'The time in provision that the finding is about: its identifier, or its first day.';
comment on column marks.other_time is 'The other time, where there are two.';
comment on column marks.reason is 'Why it is intended.';
comment on column marks.is_taken_back is 'The mark was taken back.';
