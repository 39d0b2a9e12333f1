create table scale_values (
    scale varchar not null,
    value varchar not null,
    rank double,
    meaning varchar,
    unique (scale, value)
);
comment on table scale_values is 'One row: a step of an ordered scale, or a code that is no score.';
comment on column scale_values.scale is 'The scale.';
comment on column scale_values.value is 'The value as it is written.';
comment on column scale_values.rank is 'Place in the order, lowest first. Empty: the value is no score.';
comment on column scale_values.meaning is 'What the value means.';
