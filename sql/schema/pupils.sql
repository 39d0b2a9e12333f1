create table pupils (
    school_id varchar,
    pupil_id varchar not null,
    surname varchar not null,
    forename varchar not null,
    upn varchar,
    date_of_birth date,
    sex varchar check (sex in ('M', 'F', 'U')),
    ethnicity varchar,
    first_language varchar,
    year_group varchar not null check (year_group in ('E1', 'E2', 'N1', 'N2', 'R', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', 'M', 'X')),
    class varchar,
    entry_date date,
    leaving_date date,
    key_adult varchar,
    eal_stage varchar check (eal_stage in ('A', 'B', 'C', 'D', 'E')),
    sen_status varchar check (sen_status in ('N', 'K', 'E', 'S', 'A', 'P')),
    pupil_premium boolean,
    fsm boolean,
    ever_6 boolean,
    eal boolean,
    looked_after boolean,
    previously_looked_after boolean,
    service_child boolean,
    young_carer boolean,
    more_able boolean,
    unique (school_id, pupil_id)
);
comment on table pupils is 'One row: a pupil of a school, as last imported. Status flags are kept as dated spans beside it.';
comment on column pupils.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column pupils.pupil_id is 'The school''s own identifier for the pupil.';
comment on column pupils.surname is 'Surname.';
comment on column pupils.forename is 'Forename.';
comment on column pupils.upn is 'Unique pupil number, 13 characters.';
comment on column pupils.date_of_birth is 'Date of birth.';
comment on column pupils.sex is 'M, F or U (not known).';
comment on column pupils.ethnicity is 'Ethnicity code as the source gives it.';
comment on column pupils.first_language is 'First language code as the source gives it.';
comment on column pupils.year_group is 'National curriculum year group; R is Reception.';
comment on column pupils.class is 'Class, form or tutor group.';
comment on column pupils.entry_date is 'First day on roll. Empty: on roll as far back as anything is known.';
comment on column pupils.leaving_date is 'Last day on roll. Empty: still on roll.';
comment on column pupils.key_adult is 'The adult who knows the pupil best.';
comment on column pupils.eal_stage is 'Proficiency in English, A (new to English) to E (fluent).';
comment on column pupils.sen_status is 'N none, K SEN support, E education, health and care plan; S, A and P are older codes kept as history.';
comment on column pupils.pupil_premium is 'Attracts pupil premium.';
comment on column pupils.fsm is 'Eligible for free school meals now.';
comment on column pupils.ever_6 is 'Eligible for free school meals at any time in six years.';
comment on column pupils.eal is 'English as an additional language.';
comment on column pupils.looked_after is 'Looked after by a local authority.';
comment on column pupils.previously_looked_after is 'Left care through adoption, special guardianship or a similar order.';
comment on column pupils.service_child is 'A parent serves in the armed forces.';
comment on column pupils.young_carer is 'Cares for somebody at home.';
comment on column pupils.more_able is 'On the school''s register of more able pupils.';
