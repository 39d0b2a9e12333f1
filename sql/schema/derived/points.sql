-- Question: which result stands for each term of a pupil's subject and scale, and how does it stand to those before?
-- Grain: a point: a scored result that stands for its term from its day on, being the latest of its pupil, subject,
--   scale, academic year and term; of one day, test before teacher.
-- Columns: of_subject (a number of the pupil's subject, so that its points are found without comparing names), step (its place on an ordered scale), until_day (the day from which a later result of the term stands instead), latest_until (the day from which it
--   is no more the latest of its subject, on whatever scale), loss (how much worse it is than the point before it: in
--   steps on an ordered scale without a standard deviation, else in numbers of the scale; below 0: better), value_2 and
--   value_3 (of the two points before it), day_2 (of the first of them), and by each of two marks (`by_expected`; `by_depth`: greater depth, where
--   that is set): mark, gap (to the mark in the scale's worse direction: above 0 is below the mark; empty: no mark),
--   gap_2 and gap_3 (of the points before), points_below (how many points in a row, this one the last, are below).
-- Wrinkles: worked out once, when the store is built. It follows from imports alone: what stands before a result are
--   the last results of earlier terms, whatever the day of a question.
create table store.points as
with subjects as (
    select *, row_number() over () as of_subject
    from (select distinct school_id, pupil_id, subject_key from store.results where number is not null)
),
steps as (
    select listed.scale_key, listed.rank as number,
        dense_rank() over (partition by listed.scale_key order by listed.rank) as step,
    from (select distinct scale_key, rank from store.codes.scale_values where rank is not null) as listed
    inner join store.codes.scales on scales.scale_key = listed.scale_key
    where scales.kind = 'ordered' and scales.sd is null
),
scored as (
    select
        results.*,
        steps.step,
        greater_depth_number is not null as has_depth,
        case when is_higher_better then 1 else -1 end as better,
        better * (expected_number - results.number) as gap,
        coalesce(better * (greater_depth_number - results.number), gap) as depth_gap,
        term_until as until_day,
        subject_until as latest_until,
    from store.results
    left join steps on steps.scale_key = results.scale_key and steps.number = results.number
    where results.number is not null
        and term_until > on_day
),
-- What stands once a term is over.
finals as (
    select
        *,
        row_number() over (
            partition by school_id, pupil_id, subject_key, scale_key order by on_day, in_year, term_order
        ) as place,
        -- A run of points below a mark begins after one of these.
        case when coalesce(gap > 0, false) then 0 else place end as ends_run,
        case when coalesce(depth_gap > 0, false) then 0 else place end as ends_depth_run,
    from scored
    where until_day = 'infinity'::date
),
earlier as (
    select
        school_id, pupil_id, subject_key, scale_key, in_year, in_term,
        lag(number) over line as number_2,
        lag(step) over line as step_2,
        lag(value) over line as value_2,
        lag(on_day) over line as day_2,
        lag(value, 2) over line as value_3,
        lag(gap) over line as gap_2,
        lag(gap, 2) over line as gap_3,
        lag(depth_gap) over line as depth_gap_2,
        lag(depth_gap, 2) over line as depth_gap_3,
        place - 1 - coalesce(max(ends_run) over earlier_ones, 0) as run,
        place - 1 - coalesce(max(ends_depth_run) over earlier_ones, 0) as depth_run,
    from finals
    window
        line as (partition by school_id, pupil_id, subject_key, scale_key order by place),
        earlier_ones as (
            partition by school_id, pupil_id, subject_key, scale_key order by place
            rows between unbounded preceding and 1 preceding
        )
)
select
    subjects.of_subject, school_id, pupil_id, subject_key, subject, scale_key, scale, kind, is_higher_better, on_day, until_day, latest_until,
    value, number, step, value_2, day_2, value_3, has_depth,
    better * coalesce(step_2 - step, number_2 - number) as loss,
    {
        'mark': expected, 'gap': gap, 'gap_2': gap_2, 'gap_3': gap_3,
        'points_below': case when gap > 0 then run + 1 else 0 end,
    } as by_expected,
    {
        'mark': case when has_depth then greater_depth else expected end,
        'gap': depth_gap, 'gap_2': depth_gap_2, 'gap_3': depth_gap_3,
        'points_below': case when depth_gap > 0 then depth_run + 1 else 0 end,
    } as by_depth,
from scored
inner join earlier using (school_id, pupil_id, subject_key, scale_key, in_year, in_term)
inner join subjects using (school_id, pupil_id, subject_key)
order by school_id, pupil_id, subject_key, scale_key, on_day;
