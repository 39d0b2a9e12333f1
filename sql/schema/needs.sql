create table needs (
    school_id varchar,
    pupil_id varchar not null,
    need_code varchar not null,
    rank bigint,
    required_by varchar check (required_by in ('ehcp', 'plan')),
    required_weekly_minutes double check (required_weekly_minutes >= 0),
    start_date date,
    end_date date,
    barrier varchar,
    source varchar,
    unique (school_id, pupil_id, need_code, start_date),
    check (end_date >= start_date)
);
comment on table needs is 'One row: a need of a pupil over a span of days.';
comment on column needs.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column needs.pupil_id is 'The pupil.';
comment on column needs.need_code is 'The kind of need.';
comment on column needs.rank is '1 for the main need, 2 for the second, and so on.';
comment on column needs.required_by is 'What requires provision for this need, if anything does.';
comment on column needs.required_weekly_minutes is 'Minutes a week that the plan requires.';
comment on column needs.start_date is 'First day of the need. Empty: the day it was first seen, marked as start not recorded.';
comment on column needs.end_date is 'Last day of the need. Empty: the need is live.';
comment on column needs.barrier is 'What stands in the pupil''s way, in plain words.';
comment on column needs.source is 'Where the need was recorded or who identified it.';
