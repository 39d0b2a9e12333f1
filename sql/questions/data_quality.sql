-- Title: Data quality
-- Question: What in the records is missing, unknown or unlikely?
-- Grain: a check, whether it finds anything or not.
-- Columns: title (what is found), why (why it matters), pages (whose numbers it touches), findings (rows of
--   data_quality_rows with this check), out_of (of how many: provision in place, live needs, pupils, scores,
--   spans in groups, pupil numbers in use, provisions).
-- Wrinkles: numbers that no roll has, and provisions, are looked at by school: class and group say nothing
--   of them. Overlaps are counted in pairs of spans, the spans themselves in out_of.
with scope as materialized (
    from pupils_in_scope($as_at, $schools, $year_groups, $classes, $groups, $needs)
),
found as (
    select "check", count(*) as findings,
    from quality_rows('scope', $as_at, $schools)
    group by all
)
select
    checks."check",
    checks.title,
    checks.why,
    checks.pages,
    coalesce(found.findings, 0) as findings,
    totals.out_of,
from quality_checks as checks
inner join quality_totals('scope', $as_at, $schools) as totals using ("check")
left join found using ("check")
order by checks.sort_order;
