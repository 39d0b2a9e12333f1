-- Question: which meetings were about pupils in scope, and what stood then and stands now?

-- Grain: a meeting about a pupil in scope or about a class, year group or group that a pupil in scope is in; also one on
-- a day to come, as what is written for it beforehand counts from its own day.
create macro meetings_in_scope(some_scope, on_date) as table
select meetings.*,
from records.meetings
where meetings.school_id in (select school_id from query_table(some_scope))
    and (
        meetings.about = 'school'
        or exists (
            select 1 from query_table(some_scope) as scope
            where scope.school_id = meetings.school_id
                and case meetings.about when 'class' then scope.class when 'year group' then scope.year_group end
                    = meetings.about_code
        )
        or (meetings.about = 'group' and exists (
            select 1
            from groups_in_scope(some_scope, on_date) as in_group
            where in_group.school_id = meetings.school_id and in_group.group_code = meetings.about_code
        ))
        or exists (
            select 1
            from records.discussions
            inner join query_table(some_scope) as scope
                on scope.school_id = discussions.school_id and scope.pupil_id = discussions.pupil_id
            where discussions.school_id = meetings.school_id and discussions.meeting_id = meetings.meeting_id
        )
    );

-- Grain: a pupil's subject on the scale of its latest result by a day. Columns: first (the latest by an earlier day, of
-- some_since: school_id, pupil_id, subject_key, since_day), last (the latest after it, by the day; empty: none since),
-- better_by (how much better the last is: steps, months or numbers of the scale). No row where there was no result before.
create macro change_since(some_since, on_date) as table
with before as (
    select since.*, arg_max(points, points.on_day) as first,
    from query_table(some_since) as since
    inner join store.points
        on points.school_id = since.school_id and points.pupil_id = since.pupil_id
        and points.subject_key = since.subject_key
    where points.on_day <= since.since_day and points.until_day > since.since_day
    group by all
),
after as (
    select before.school_id, before.pupil_id, before.subject_key, before.since_day,
        arg_max(points, points.on_day) as last,
    from before
    inner join store.points
        on points.school_id = before.school_id and points.pupil_id = before.pupil_id
        and points.subject_key = before.subject_key and points.scale_key = before.first.scale_key
    where points.on_day > before.since_day and points.on_day <= on_date and points.until_day > on_date
    group by all
)
select
    before.* exclude (first),
    first.value as value_then,
    first.on_day as day_then,
    last.value as value_now,
    last.on_day as day_now,
    first.scale as scale,
    coalesce(last.step - first.step, last.number - first.number)
        * case when first.is_higher_better then 1 else -1 end as better_by,
from before
left join after using (school_id, pupil_id, subject_key, since_day);
