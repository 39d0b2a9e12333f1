-- Question: which provision concerns the pupils in scope, and what did its reviews say?

-- Grain: a provision of a school in scope that runs on the day or has begun for somebody, and that a pupil in scope has had by the
-- day or is in a year group of (one that names no year group is for all).
-- Columns: is_running (on the day).
create macro provision_of_scope(some_scope, in_tiers, on_date) as table
with years as (
    select distinct school_id, year_group from query_table(some_scope)
),
had as (
    select distinct provided.school_id, provided.provision_id,
    from query_table(some_scope) as scope
    inner join records.provided
        on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
        and provided.start_date <= on_date
)
select offered.*, is_active(offered.start_date, offered.end_date, on_date) as is_running,
from records.offered
where (len(in_tiers) = 0 or list_contains(in_tiers, offered.tier))
    and coalesce(offered.start_date <= on_date, true)
    and (
        (offered.school_id, offered.provision_id) in (from had)
        or exists (
            select 1 from years
            where years.school_id = offered.school_id
                and (coalesce(len(offered.year_groups), 0) = 0
                    or list_contains(offered.year_groups, years.year_group))
        )
    );

-- Grain: a review held by the day. Columns: is_latest (of its pupil and provision, or of the provision as a whole).
create macro reviews_by(on_date) as table
select
    *,
    row_number() over (
        partition by school_id, provision_id, pupil_id order by reviewed_on desc, rating, decision, adaptation
    ) = 1 as is_latest,
from records.reviews
where reviewed_on <= on_date;

-- Grain: a provision in place on the day for a pupil on roll, in scope or not: who is reached when it stops.
create macro still_having(in_schools, on_date) as table
select
    provided.school_id,
    provided.provision_id,
    count(distinct provided.pupil_id) as pupils,
from records.provided
inner join store.pupils on pupils.school_id = provided.school_id and pupils.pupil_id = provided.pupil_id
where provided.start_date <= on_date and coalesce(provided.end_date >= on_date, true)
    and is_active(pupils.entry_date, pupils.leaving_date, on_date)
    and (len(in_schools) = 0 or list_contains(in_schools, provided.school_id))
group by provided.school_id, provided.provision_id;
