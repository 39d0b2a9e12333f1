create table need_codes (
    need_code varchar not null,
    name varchar not null,
    area varchar not null,
    unique (need_code)
);
comment on table need_codes is 'One row: a kind of need. A school''s own row for a code replaces the one that ships.';
comment on column need_codes.need_code is 'Short code of the need.';
comment on column need_codes.name is 'Name of the need.';
comment on column need_codes.area is 'Broad area of need; the four areas of the SEND Code of Practice, or the school''s own.';
