create table expectations (
    scale varchar not null,
    subject varchar not null,
    year_group varchar not null check (year_group in ('E1', 'E2', 'N1', 'N2', 'R', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', 'M', 'X')),
    term varchar not null check (term in ('autumn', 'spring', 'summer')),
    expected varchar not null,
    greater_depth varchar,
    unique (scale, subject, year_group, term)
);
comment on table expectations is 'One row: what is expected of a year group in a term.';
comment on column expectations.scale is 'The scale.';
comment on column expectations.subject is 'The subject.';
comment on column expectations.year_group is 'The year group.';
comment on column expectations.term is 'The term.';
comment on column expectations.expected is 'The value from which a pupil is at the expected standard.';
comment on column expectations.greater_depth is 'The value from which a pupil is at greater depth.';
