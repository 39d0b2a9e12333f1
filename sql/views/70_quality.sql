-- Question: what in the records is missing, unknown or unlikely, so that a number may rest on weak data?

-- Grain: a check. `pages` are those whose numbers it touches; is_of_pupils: it looks at the pupils counted, and not at
-- the schools.
create view quality_checks as
select *,
    "check" not in (
        'unknown_pupil', 'unknown_provision', 'provision_without_lead', 'provision_without_measure', 'result_after_leaving'
    ) as is_of_pupils,
from (values
    (1, 'no_end_no_review', 'placements', 'Provision in place with no expected end and no review',
        'What nobody closes or looks at counts as in place for ever.',
        ['Provision list', 'Provision map', 'Coverage and gaps']),
    (2, 'purpose_not_recorded', 'placements', 'Provision in place for no need that is recorded',
        'It answers no need, so that a need can look unmet while something is in place.',
        ['Coverage and gaps', 'Duplication', 'Provision map']),
    (3, 'need_without_date', 'needs', 'Needs whose start nobody wrote down',
        'How long a need has waited is then counted from the pupil''s entry or from an import.',
        ['Coverage and gaps']),
    (4, 'not_assessed_this_term', 'pupils', 'Pupils without a score this term',
        'They are in no share of pupils at expected, and nobody can say whether they are on track.',
        ['Progress', 'Coverage and gaps', 'Overview']),
    (5, 'sudden_zero', 'assessments', 'Scores of nought after a real score',
        'A nought is often a pupil who was away; read as a score it is a fall.',
        ['Progress', 'Pupil']),
    (6, 'overlapping_group', 'memberships', 'Twice in one group on the same days',
        'One of the two spans is out of date, and may keep a pupil in a group too long.',
        ['Progress', 'Provision list']),
    (7, 'unknown_pupil', 'pupils', 'Records of pupils who are on no roll',
        'Nothing of them is counted anywhere: the number is mistyped, or the roll is not the newest.',
        ['Overview', 'Coverage and gaps', 'Progress']),
    (8, 'unknown_provision', 'placements', 'Provision in use that is not described',
        'Without its tier and needs it answers no need and stands in no tier.',
        ['Provision map', 'Coverage and gaps', 'Duplication']),
    (9, 'provision_without_lead', 'provisions', 'Provisions without a lead',
        'Nobody is there to ask whether it works.',
        ['Provision map']),
    (10, 'provision_without_measure', 'provisions', 'Provisions without any measure',
        'Whether they work cannot be told, however long they run.',
        ['Impact of provision']),
    (11, 'attendance_twice', 'attendance', 'Attendance of the same days twice',
        'Sessions of days that are in two spans are added up twice: a share of absence can be too high or too low.',
        ['Lists for the meeting', 'Pupil', 'Impact of provision']),
    (12, 'year_group_not_held', 'enrolments', 'Results of a year of which no year group is held',
        'They are judged by the marks of today''s year group, and stand under it: bring in the enrolments of that year.',
        ['Progress', 'Pupil', 'Comparisons']),
    (13, 'result_after_leaving', 'assessments', 'Results that count from a day after the pupil left',
        'A result with a term and no day counts from the last day of the term: give it its day, and it counts from then.',
        ['Comparisons', 'Progress'])
) as checks (sort_order, "check", dataset, title, why, pages);

-- A day as people read it.
create macro day_in_words(some_day) as strftime(some_day, '%-d %b %Y');

-- Grain: a provision in place for a pupil in scope on the day.
-- Columns: is_reviewed (for this pupil, at any time by the day).
create macro in_place_on(some_scope, on_date) as table
select
    scope.*,
    provided.provision_id,
    provided.provision,
    provided.start_date,
    provided.expected_end_date is null and provided.end_date is null as is_open,
    len(provided.need_keys) > 0 as has_purpose,
    exists (
        select 1 from records.reviews
        where reviews.school_id = provided.school_id and reviews.pupil_id = provided.pupil_id
            and reviews.provision_id = provided.provision_id and reviews.reviewed_on <= on_date
    ) as is_reviewed,
from query_table(some_scope) as scope
inner join records.provided on provided.school_id = scope.school_id and provided.pupil_id = scope.pupil_id
where provided.start_date <= on_date and coalesce(provided.end_date >= on_date, true);

-- Grain: a pupil in scope.
-- Columns: term and term_start (the latest term of the school that had begun), is_assessed (a score in it).
create macro assessed_this_term(some_scope, on_date) as table
with begun as (
    select
        school_id,
        arg_max({'academic_year': academic_year, 'term': term, 'start_date': start_date}, start_date) as now,
    from store.codes.term_days
    where start_date <= on_date
    group by school_id
)
select
    scope.*,
    begun.now.term as term,
    begun.now.start_date as term_start,
    exists (
        select 1 from store.results
        where results.school_id = scope.school_id and results.pupil_id = scope.pupil_id
            and results.in_year = begun.now.academic_year and results.in_term = begun.now.term
            and coalesce(results.assessed_on <= on_date, true)
            and results.number is not null
    ) as is_assessed,
from query_table(some_scope) as scope
inner join begun using (school_id);

-- Grain: a score of a pupil in scope by the day.
create macro scores_so_far(some_scope, on_date) as table
select scope.*, results.subject, results.scale, results.subject_key, results.scale_key, results.number,
    results.is_higher_better, results.on_day,
from query_table(some_scope) as scope
inner join store.results on results.school_id = scope.school_id and results.pupil_id = scope.pupil_id
where results.on_day <= on_date and results.number is not null;

-- Grain: a score of nought by the day, where more is better. `best_before`: the best score on an earlier day, of the
-- same subject and scale.
create macro noughts_so_far(some_scope, on_date) as table
with noughts as (
    select *, row_number() over () as place,
    from scores_so_far(some_scope, on_date)
    where number = 0 and is_higher_better
)
select noughts.*, max(earlier.number) over (partition by place) as best_before,
from noughts
inner join store.results as earlier
    on earlier.school_id = noughts.school_id and earlier.pupil_id = noughts.pupil_id
    and earlier.subject_key = noughts.subject_key and earlier.scale_key = noughts.scale_key
    and earlier.on_day < noughts.on_day
where earlier.number is not null
qualify row_number() over (partition by place) = 1;

-- Grain: a span of a pupil in scope in a group that had begun by the day. `place` numbers them.
create macro spans_so_far(some_scope, on_date) as table
select
    scope.*,
    belonging.group_code,
    coalesce(belonging.start_date, date '0001-01-01') as start_date,
    coalesce(belonging.end_date, date '9999-12-31') as end_date,
    row_number() over (
        order by scope.school_id, scope.pupil_id, belonging.group_code, belonging.start_date nulls first,
            belonging.end_date
    ) as place,
from query_table(some_scope) as scope
inner join belonging on belonging.school_id = scope.school_id and belonging.pupil_id = scope.pupil_id
where coalesce(belonging.start_date <= on_date, true);

-- Grain: a pupil's number in a dataset of some schools. `is_known`: a roll has it.
create macro numbers_in_use(in_schools) as table
with used as (
    select school_id, pupil_id, 'placements' as dataset, start_date as on_day, from records.placements
    union all
    select school_id, pupil_id, 'needs', start_date, from records.needs
    union all
    select school_id, pupil_id, 'assessments', assessed_on, from store.assessments
    union all
    select school_id, pupil_id, 'attendance', start_date, from store.attendance
    union all
    select school_id, pupil_id, 'memberships', start_date, from records.memberships
)
select
    used.school_id,
    used.pupil_id,
    used.dataset,
    count(*) as named_in,
    min(used.on_day) as since,
    any_value(pupils.pupil_id) is not null as is_known,
from used
left join store.pupils on pupils.school_id = used.school_id and pupils.pupil_id = used.pupil_id
where len(in_schools) = 0 or list_contains(in_schools, used.school_id)
group by used.school_id, used.pupil_id, used.dataset;

-- Grain: a provision of some schools that pupils were placed in. `is_known`: it is described.
create macro provisions_in_use(in_schools) as table
select
    placements.school_id,
    placements.provision_id,
    count(*) as named_in,
    min(placements.start_date) as since,
    any_value(provisions.provision_id) is not null as is_known,
from records.placements
left join records.provisions
    on provisions.school_id = placements.school_id and provisions.provision_id = placements.provision_id
where len(in_schools) = 0 or list_contains(in_schools, placements.school_id)
group by placements.school_id, placements.provision_id;

-- Grain: a provision of some schools that runs on the day.
create macro running_provisions(on_date, in_schools) as table
select school_id, provision_id, name, start_date, lead, quantitative_measure, qualitative_measure,
from records.provisions
where is_active(start_date, end_date, on_date)
    and (len(in_schools) = 0 or list_contains(in_schools, school_id));

-- Grain: a finding of one check. Pupils' checks look at the pupils in scope; those of numbers that no roll
-- has, and of provisions, look at the schools.
create macro quality_rows(some_scope, on_date, in_schools) as table
with in_place as (
    from in_place_on(some_scope, on_date)
),
spans as (
    from spans_so_far(some_scope, on_date)
)
select 'no_end_no_review' as "check", school_id, pupil_id, provision_id, start_date as since,
    'In place since ' || day_in_words(start_date) || ', with no expected end, and never reviewed.' as what,
from in_place where is_open and not is_reviewed
union all
select 'purpose_not_recorded', school_id, pupil_id, provision_id, start_date,
    'Neither what is in place nor its provision names a need.',
from in_place where not has_purpose
union all
select 'need_without_date', scope.school_id, scope.pupil_id, null, needs.start_date,
    needs.need_code || ' is taken to have begun on ' || day_in_words(needs.start_date) || '.',
from query_table(some_scope) as scope
inner join records.needs on needs.school_id = scope.school_id and needs.pupil_id = scope.pupil_id
where not needs.is_start_recorded and is_active(needs.start_date, needs.end_date, on_date)
union all
select 'not_assessed_this_term', school_id, pupil_id, null, term_start,
    'No score in the ' || term || ' term, which began on ' || day_in_words(term_start) || '.',
from assessed_this_term(some_scope, on_date) where not is_assessed
union all
select 'sudden_zero', school_id, pupil_id, null, on_day,
    'Nought in ' || subject || ' (' || scale || ') on ' || day_in_words(on_day) || ', after a score of '
        || regexp_replace(best_before::varchar, '\.0$', '') || '.',
from noughts_so_far(some_scope, on_date)
where best_before > 0
union all
select 'overlapping_group', spans.school_id, spans.pupil_id, null, greatest(spans.start_date, other.start_date),
    'In ' || spans.group_code || ' twice '
        || case when greatest(spans.start_date, other.start_date) = date '0001-01-01' then 'from the start'
            else 'from ' || day_in_words(greatest(spans.start_date, other.start_date)) end
        || case when least(spans.end_date, other.end_date) = date '9999-12-31' then '.'
            else ' to ' || day_in_words(least(spans.end_date, other.end_date)) || '.' end,
from spans
inner join spans as other
    on other.school_id = spans.school_id and other.pupil_id = spans.pupil_id
    and other.group_code = spans.group_code and other.place > spans.place
where other.start_date <= spans.end_date and spans.start_date <= other.end_date
union all
select 'attendance_twice', scope.school_id, scope.pupil_id, null, twice.start_date,
    'Sessions from ' || day_in_words(twice.start_date) || ' to '
        || day_in_words(least(twice.last_day, twice.earlier.last_day)) || ' are in the span from '
        || day_in_words(twice.earlier.start_date) || ' too.',
from query_table(some_scope) as scope
inner join store.attendance_twice as twice on twice.school_id = scope.school_id and twice.pupil_id = scope.pupil_id
where twice.start_date <= on_date
union all
select 'year_group_not_held', scope.school_id, scope.pupil_id, null, first_day_of(years.in_year),
    'Results of ' || years.in_year || ' without an enrolment of that year: judged by today''s year group.',
from query_table(some_scope) as scope
inner join store.result_years as years on years.school_id = scope.school_id and years.pupil_id = scope.pupil_id
where not years.is_held and years.first_day <= on_date
union all
select 'result_after_leaving', school_id, pupil_id, null, on_day,
    subject || ' (' || scale || ') of the ' || in_term || ' term ' || in_year || ' counts from '
        || day_in_words(on_day) || '; the pupil left on ' || day_in_words(leaving_date) || '.',
from store.undated_results
where on_day > leaving_date and (len(in_schools) = 0 or list_contains(in_schools, school_id))
union all
select 'unknown_pupil', school_id, pupil_id, null, since,
    'Named by ' || named_in || case when named_in = 1 then ' row of ' else ' rows of ' end || dataset
        || '; no roll has this number.',
from numbers_in_use(in_schools) where not is_known
union all
select 'unknown_provision', school_id, null, provision_id, since,
    'Named by ' || named_in || case when named_in = 1 then ' pupil''s' else ' pupils''' end
        || ' provision; no row describes it.',
from provisions_in_use(in_schools) where not is_known
union all
select 'provision_without_lead', school_id, null, provision_id, start_date, 'Nobody leads ' || name || '.',
from running_provisions(on_date, in_schools) where lead is null
union all
select 'provision_without_measure', school_id, null, provision_id, start_date,
    'Nothing says how ' || name || ' is measured.',
from running_provisions(on_date, in_schools) where quantitative_measure is null and qualitative_measure is null;

-- Grain: a check and a pupil in scope of whom something is counted; or a check that looks at the schools, whoever is
-- counted (no pupil). Columns: findings, out_of (of how many).
create macro quality_counts(some_scope, on_date, in_schools) as table
with in_place as (
    from in_place_on(some_scope, on_date)
),
running as (
    select count(*) as number from running_provisions(on_date, in_schools)
),
counted as (
    select found."check",
        case when checks.is_of_pupils then found.school_id end as school_id,
        case when checks.is_of_pupils then found.pupil_id end as pupil_id,
        1 as findings,
        0 as out_of,
    from quality_rows(some_scope, on_date, in_schools) as found
    inner join quality_checks as checks using ("check")
    union all
    select unnest(['no_end_no_review', 'purpose_not_recorded']), school_id, pupil_id, 0, 1, from in_place
    union all
    select 'need_without_date', scope.school_id, scope.pupil_id, 0, 1,
    from query_table(some_scope) as scope
    inner join records.needs on needs.school_id = scope.school_id and needs.pupil_id = scope.pupil_id
    where is_active(needs.start_date, needs.end_date, on_date)
    union all
    select 'not_assessed_this_term', school_id, pupil_id, 0, 1, from assessed_this_term(some_scope, on_date)
    union all
    select 'sudden_zero', school_id, pupil_id, 0, count(*), from scores_so_far(some_scope, on_date) group by all
    union all
    select 'overlapping_group', school_id, pupil_id, 0, 1, from spans_so_far(some_scope, on_date)
    union all
    select 'attendance_twice', scope.school_id, scope.pupil_id, 0, 1,
    from query_table(some_scope) as scope
    inner join store.attendance on attendance.school_id = scope.school_id and attendance.pupil_id = scope.pupil_id
    where attendance.start_date <= on_date
    union all
    select 'year_group_not_held', scope.school_id, scope.pupil_id, 0, 1,
    from query_table(some_scope) as scope
    inner join store.result_years as years on years.school_id = scope.school_id and years.pupil_id = scope.pupil_id
    where years.first_day <= on_date
    union all
    select 'result_after_leaving', null, null, 0, count(*),
    from store.undated_results
    where len(in_schools) = 0 or list_contains(in_schools, school_id)
    union all
    select 'unknown_pupil', null, null, 0, count(*), from numbers_in_use(in_schools)
    union all
    select 'unknown_provision', null, null, 0, count(*), from provisions_in_use(in_schools)
    union all
    select unnest(['provision_without_lead', 'provision_without_measure']), null, null, 0, number, from running
)
select "check", school_id, pupil_id, sum(findings)::bigint as findings, sum(out_of)::bigint as out_of,
from counted
group by all;

-- Grain: a column of a table, with the number of its rows that have a value.
create macro filled_cells(some_dataset, some_table) as table
with counted as (
    select count(columns(*)) from query_table(some_table)
),
cells as (
    unpivot counted on columns(*) into name column_name value filled
)
select some_dataset as dataset, column_name, filled, (select count(*) from query_table(some_table)) as row_count,
from cells;
