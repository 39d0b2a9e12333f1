create table provisions (
    school_id varchar,
    provision_id varchar not null,
    name varchar not null,
    tier varchar not null check (tier in ('universal', 'targeted', 'specialist')),
    delivery varchar check (delivery in ('whole class', 'guided group', 'group', 'one to one', 'beyond school')),
    purpose varchar check (purpose in ('learning', 'therapy', 'adult support', 'welfare', 'enrichment')),
    subject varchar,
    need_codes varchar[],
    year_groups varchar[],
    group_codes varchar[],
    lead varchar,
    intended_outcome varchar,
    monitoring varchar,
    quantitative_measure varchar,
    qualitative_measure varchar,
    skills_required varchar[],
    minutes_per_session double check (minutes_per_session >= 0),
    sessions_per_week double check (sessions_per_week >= 0),
    weeks double check (weeks >= 0),
    group_size bigint check (group_size >= 0),
    resource_cost double check (resource_cost >= 0),
    start_date date,
    end_date date,
    unique (school_id, provision_id),
    check (end_date >= start_date)
);
comment on table provisions is 'One row: something the school offers.';
comment on column provisions.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column provisions.provision_id is 'The school''s identifier for the provision.';
comment on column provisions.name is 'Name of the provision.';
comment on column provisions.tier is 'Universal (for all), targeted or specialist; waves 1, 2 and 3 are read as these.';
comment on column provisions.delivery is 'How it is given.';
comment on column provisions.purpose is 'What it is for. Empty: learning.';
comment on column provisions.subject is 'The subject it teaches, if one.';
comment on column provisions.need_codes is 'Need codes and areas of need that it addresses.';
comment on column provisions.year_groups is 'Year groups it is meant for. Empty: any.';
comment on column provisions.group_codes is 'Groups at which it is aimed.';
comment on column provisions.lead is 'Who leads it.';
comment on column provisions.intended_outcome is 'What it should bring about.';
comment on column provisions.monitoring is 'How it is monitored.';
comment on column provisions.quantitative_measure is 'The measured sign that it works.';
comment on column provisions.qualitative_measure is 'The observed sign that it works.';
comment on column provisions.skills_required is 'Skills that the adult who gives it needs.';
comment on column provisions.minutes_per_session is 'Minutes in one session.';
comment on column provisions.sessions_per_week is 'Sessions a week.';
comment on column provisions.weeks is 'Weeks in one run of it.';
comment on column provisions.group_size is 'The most pupils one group can hold.';
comment on column provisions.resource_cost is 'Cost of materials, in pounds.';
comment on column provisions.start_date is 'First day it was offered.';
comment on column provisions.end_date is 'Last day it was offered. Empty: it runs on.';
