create table scales (
    scale varchar not null,
    kind varchar not null check (kind in ('number', 'age', 'ordered')),
    better varchar check (better in ('higher', 'lower')),
    age_normed boolean,
    minimum double,
    maximum double,
    mean double,
    sd double check (sd >= 0),
    unique (scale)
);
comment on table scales is 'One row: a scale of results.';
comment on column scales.scale is 'Name of the scale.';
comment on column scales.kind is 'A number, an age in months, or steps in order.';
comment on column scales.better is 'Which way is better. Empty: higher.';
comment on column scales.age_normed is 'Whether the scale already allows for age, so that holding level is keeping up. Empty: a number scale with a mean and an sd does.';
comment on column scales.minimum is 'Lowest possible number.';
comment on column scales.maximum is 'Highest possible number.';
comment on column scales.mean is 'Mean of the population the scale was made for.';
comment on column scales.sd is 'Standard deviation of that population.';
