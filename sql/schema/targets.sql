create table targets (
    school_id varchar,
    pupil_id varchar,
    group_code varchar,
    year_group varchar check (year_group in ('E1', 'E2', 'N1', 'N2', 'R', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', 'M', 'X')),
    class varchar,
    academic_year varchar check (academic_year similar to '\d{4}/\d{2}'),
    subject varchar not null,
    scale varchar,
    target varchar not null,
    baseline varchar,
    set_on date not null,
    due_on date,
    words varchar,
    agreed_with_pupil boolean,
    agreed_with_parent boolean,
    result varchar,
    forecast varchar,
    forecast_on date,
    parent_words varchar,
    reviewed_on date,
    reviewed_with_pupil boolean,
    reviewed_with_parent boolean,
    share_needed double check (share_needed between 0 and 1),
    unique (school_id, pupil_id, group_code, year_group, class, subject, set_on),
    check (pupil_id is not null or group_code is not null or class is not null or year_group is not null)
);
comment on table targets is 'One row: a target for a pupil, a group or a class.';
comment on column targets.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column targets.pupil_id is 'The pupil.';
comment on column targets.group_code is 'The group.';
comment on column targets.year_group is 'The year group.';
comment on column targets.class is 'The class.';
comment on column targets.academic_year is 'Academic year.';
comment on column targets.subject is 'Subject.';
comment on column targets.scale is 'Scale.';
comment on column targets.target is 'The target value.';
comment on column targets.baseline is 'Where it starts from.';
comment on column targets.set_on is 'The day it was set.';
comment on column targets.due_on is 'The day it is due.';
comment on column targets.words is 'The target in the pupil''s own words.';
comment on column targets.agreed_with_pupil is 'Agreed with the pupil.';
comment on column targets.agreed_with_parent is 'Agreed with a parent or carer.';
comment on column targets.result is 'What came of it, on the same scale where it is to be judged by.';
comment on column targets.forecast is 'Where the teacher expects it to end, on the same scale.';
comment on column targets.forecast_on is 'The day of that forecast.';
comment on column targets.parent_words is 'What the parent or carer says of it, or will do towards it.';
comment on column targets.reviewed_on is 'The day on which it was looked at together.';
comment on column targets.reviewed_with_pupil is 'The pupil took part in that.';
comment on column targets.reviewed_with_parent is 'A parent or carer took part in that.';
comment on column targets.share_needed is 'Of a class, year or group: the share of its pupils who are to reach the target, from 0 to 1. Empty: not said.';
