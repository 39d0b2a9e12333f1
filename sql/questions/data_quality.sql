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
counted as (
    select "check", sum(findings)::bigint as findings, sum(out_of)::bigint as out_of,
    from quality_counts('scope', $as_at, $schools)
    group by all
)
select
    checks."check",
    checks.title,
    checks.why,
    checks.pages,
    coalesce(counted.findings, 0) as findings,
    coalesce(counted.out_of, 0) as out_of,
from quality_checks as checks
left join counted using ("check")
order by checks.sort_order;
