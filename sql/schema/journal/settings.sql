-- Question: which thresholds has the school set, and from when?
-- Grain: a setting from a day on. It replaces ours of that name from that day.
create table settings (
    name varchar not null,
    from_date date not null,
    value double not null,
    agreed_by varchar,
    reason varchar,
    unique (name, from_date)
);
comment on table settings is 'One row: a threshold that the school set, from a day on.';
comment on column settings.name is 'Which threshold, as in the list that ships with provmap.';
comment on column settings.from_date is 'The first day on which it holds.';
comment on column settings.value is 'The threshold, in the unit of the list.';
comment on column settings.agreed_by is 'Who agreed it.';
comment on column settings.reason is 'Why.';
