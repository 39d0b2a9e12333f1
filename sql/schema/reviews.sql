create table reviews (
    school_id varchar,
    provision_id varchar not null,
    pupil_id varchar,
    reviewed_on date not null,
    rating bigint check (rating between -2 and 2),
    decision varchar check (decision in ('keep', 'adapt', 'stop')),
    adaptation varchar,
    next_review_on date,
    adaptation_met varchar check (adaptation_met in ('met', 'partly met', 'not met')),
    adaptation_checked_on date,
    unique (school_id, pupil_id, provision_id, reviewed_on)
);
comment on table reviews is 'One row: a review of a provision, for one pupil or as a whole.';
comment on column reviews.school_id is 'The school this row belongs to (the DfE URN where there is one). Empty: the only school in the store.';
comment on column reviews.provision_id is 'The provision.';
comment on column reviews.pupil_id is 'The pupil. Empty: the provision as a whole.';
comment on column reviews.reviewed_on is 'The day.';
comment on column reviews.rating is 'From -2 (harmful) to 2 (very helpful).';
comment on column reviews.decision is 'What was decided.';
comment on column reviews.adaptation is 'What is to change.';
comment on column reviews.next_review_on is 'The next review.';
comment on column reviews.adaptation_met is 'Whether what was changed met the need, seen later. Empty: not checked yet.';
comment on column reviews.adaptation_checked_on is 'The day of that check.';
