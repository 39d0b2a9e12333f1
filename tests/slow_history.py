"""A series of imports folded, slowly and obviously, into the current rows that tests/slow.py reads.

Status flags become memberships with spans, undated needs get the day they hold from, a `pupils` import
leaves the enrolment of its academic year. Written from the reading rules of the data contract.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.slow_words import Row, School, academic_year, year_start

GLOBAL_KEYS = {
    "need_codes": ("need_code",),
    "scales": ("scale",),
    "scale_values": ("scale", "value"),
    "expectations": ("scale", "subject", "year_group", "term"),
}
KEYS = {
    "pupils": ("pupil_id",),
    "enrolments": ("pupil_id", "academic_year", "start_date"),
    "groups": ("group_code",),
    "memberships": ("pupil_id", "group_code", "start_date"),
    "needs": ("pupil_id", "need_code", "start_date"),
    "provisions": ("provision_id",),
    "criteria": ("provision_id", "kind", "measure", "comparator", "value"),
    "placements": ("pupil_id", "provision_id", "start_date"),
    "staff": ("staff_id",),
    "assessments": ("pupil_id", "subject", "scale", "assessed_on", "academic_year", "term", "source"),
    "attendance": ("pupil_id", "start_date"),
    "reviews": ("pupil_id", "provision_id", "reviewed_on"),
    "terms": ("academic_year", "term"),
    "sessions": ("pupil_id", "provision_id", "held_on"),
    "training": ("staff_id", "skill", "gained_on"),
}
FLAGS = (
    "sen_status", "pupil_premium", "fsm", "ever_6", "eal", "looked_after", "previously_looked_after",
    "service_child", "young_carer", "more_able",
)  # fmt: skip
SEN_GROUPS = {"N": "no_sen", "K": "sen_support", "A": "sen_support", "P": "sen_support"}
SEN_GROUPS |= {"E": "ehc_plan", "S": "ehc_plan"}
TERM_ENDS = {"autumn": (12, 31), "spring": (3, 31), "summer": (8, 31)}


@dataclass(frozen=True)
class Import:
    """What one import brought: a column that its file lacks is missing from the row, a blank is None."""

    dated: date
    rows: School


@dataclass
class Seen:
    """A row as it stands after some imports, and what was said of it when."""

    row: Row
    first_seen: date
    last_import: int = 0
    flags: dict[str, list[tuple[date, Any]]] = field(default_factory=dict)


def fold(imports: list[Import], reference: School) -> School:
    """Current rows after the imports, in the order they were made."""
    seen: dict[str, dict[tuple, Seen]] = {name: {} for name in (*KEYS, *GLOBAL_KEYS)}
    import_days: dict[str | None, list[date]] = {}
    for number, one in enumerate([Import(date.min, reference), *imports]):
        for dataset in sorted(
            one.rows, key=lambda name: name != "pupils"
        ):  # a row of enrolments outdoes them
            rows = one.rows[dataset]
            for row in rows:
                if dataset == "pupils":
                    columns = ("school_id", "pupil_id", "year_group", "class")
                    enrolment = {c: row[c] for c in columns if c in row}
                    enrolment |= {"academic_year": academic_year(one.dated), "start_date": None}
                    take(seen["enrolments"], "enrolments", enrolment, one, number)
                if dataset == "needs":
                    import_days.setdefault(row.get("school_id"), []).append(one.dated)
            for row in rows:
                take(seen[dataset], dataset, row, one, number)
    school = {dataset: [s.row for s in found.values()] for dataset, found in seen.items()}
    school["memberships"] += [m for s in seen["pupils"].values() for m in flag_spans(s)]
    school["needs"] = list(dated_needs(school, list(seen["needs"].values()), import_days))
    school["assessments"] = [dated_assessment(a, school) for a in school["assessments"]]
    return school


def take(found: dict[tuple, Seen], dataset: str, row: Row, one: Import, number: int) -> None:
    """A column that is missing changes nothing; a blank cell clears, but never a status flag."""
    entry = found.setdefault(key_of(dataset, row), Seen({}, one.dated))
    entry.first_seen, entry.last_import = min(entry.first_seen, one.dated), number
    for column, value in row.items():
        if dataset == "pupils" and column in FLAGS:
            if value is None:
                continue
            entry.flags.setdefault(column, []).append((one.dated, value))
        entry.row[column] = value


def key_of(dataset: str, row: Row) -> tuple:
    if dataset in GLOBAL_KEYS:
        return tuple(row[c].lower() for c in GLOBAL_KEYS[dataset])
    if dataset == "placements" and row.get("placement_id") is not None:
        return row.get("school_id"), row["placement_id"]
    key = [row.get(c) for c in KEYS[dataset]]
    if dataset == "enrolments" and row.get("start_date") == year_start(row["academic_year"]):
        key[2] = None  # from the first day of the year, and from the start of the year, are the same
    return row.get("school_id"), *key


def flag_spans(pupil: Seen) -> Iterator[Row]:
    """What is first seen holds from entry (none recorded: always), a change from its import's date."""
    for flag, said in pupil.flags.items():
        spans: list[list] = []
        for dated, value in sorted(
            dict(sorted(said, key=lambda s: s[0])).items()
        ):  # a day's last word counts
            if not spans:
                spans.append([value, pupil.row.get("entry_date") or date.min, None])
            elif value != spans[-1][0]:
                spans[-1][2] = dated - timedelta(days=1)
                spans.append([value, dated, None])
        for value, start, end in spans:
            code = SEN_GROUPS[value] if flag == "sen_status" else flag
            if value is not False and (end is None or start <= end):
                who = {c: pupil.row.get(c) for c in ("school_id", "pupil_id")}
                yield {**who, "group_code": code, "start_date": start, "end_date": end}


def dated_needs(
    school: School, needs: list[Seen], import_days: dict[str | None, list[date]]
) -> Iterator[Row]:
    """An undated need holds from entry, or from when it was first seen if an import since entry lacked it.

    It gives way to a dated row of the same need that a later import brought.
    """
    for need in needs:
        row = need.row
        same = [
            n
            for n in needs
            if all(n.row.get(c) == row.get(c) for c in ("school_id", "pupil_id", "need_code"))
        ]
        if row.get("start_date") is not None:
            yield row
        elif not any(n.row.get("start_date") and n.last_import > need.last_import for n in same):
            entry = next(
                p.get("entry_date")
                for p in school["pupils"]
                if (p.get("school_id"), p["pupil_id"]) == (row.get("school_id"), row["pupil_id"])
            )
            seen = need.first_seen
            lacked = entry is None or any(entry <= d < seen for d in import_days[row.get("school_id")])
            yield {**row, "start_date": seen if lacked else entry}


def dated_assessment(assessment: Row, school: School) -> Row:
    """One with a term and no day counts as made on the last day of that term."""
    if assessment.get("assessed_on") is not None:
        return assessment
    year, term = assessment["academic_year"], assessment["term"]
    month, day = TERM_ENDS[term]
    ends = [date(int(year[:4]) + (month < 9), month, day)] + [
        t["end_date"]
        for t in school["terms"]
        if (t.get("school_id"), t["academic_year"], t["term"]) == (assessment.get("school_id"), year, term)
    ]
    return {**assessment, "assessed_on": ends[-1]}
