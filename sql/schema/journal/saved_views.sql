-- Question: which views of a page did somebody save under a name?
-- Grain: a name.
create table saved_views (
    name varchar not null,
    page varchar not null,
    address varchar not null,
    for_whom varchar,
    unique (name)
);
comment on table saved_views is 'One row: a view of a page saved under a name. It holds choices, never a pupil.';
comment on column saved_views.name is 'What it is called.';
comment on column saved_views.page is 'The page.';
comment on column saved_views.address is 'The choices, as they stand in the address of the page.';
comment on column saved_views.for_whom is 'Whose view it is, such as the SENCO''s.';
