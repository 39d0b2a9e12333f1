-- Title: What was heard
-- Question: What did pupils, parents and adults say, and what was seen?
-- Grain: what one person said, or one thing that was seen, by the day: about a pupil in scope, or about a provision as a
--   whole that a pupil in scope has on the day.
-- Columns: heard_on, voice (pupil, parent, teacher, other adult, work scrutiny, observation), stage (planning or review;
--   empty: not said), provision (empty: the pupil as a whole), said, rating (-2 harmful to 2 very helpful), reply (where
--   nobody could be heard: what came of asking).
-- Counts: a row once. An invitation without a reply is a row, and nobody's view.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
had as (
    select distinct provided.school_id, provided.provision_id,
    from scope
    inner join records.provided on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
    where provided.start_date <= $as_at and coalesce(provided.end_date >= $as_at, true)
),
heard as (
    select voices.*, scope.surname, scope.forename, scope.year_group, scope.class,
    from records.voices
    inner join scope using (school_id, pupil_id)
    where voices.heard_on <= $as_at
    union all by name
    select voices.*,
    from records.voices
    semi join had using (school_id, provision_id)
    where voices.pupil_id is null and voices.heard_on <= $as_at
)
select
    heard.pupil_id,
    heard.surname,
    heard.forename,
    heard.year_group,
    heard.class,
    heard.heard_on,
    heard.voice,
    heard.stage,
    coalesce(offered.name, heard.provision_id) as provision,
    heard.words as said,
    heard.rating,
    heard.reply,
    heard.provision_id,
    heard.school_id,
from heard
left join records.offered on offered.school_id = heard.school_id and offered.provision_id = heard.provision_id
order by heard.heard_on desc, heard.school_id, heard.surname nulls last, heard.forename, heard.pupil_id, provision nulls first,
    heard.voice;
