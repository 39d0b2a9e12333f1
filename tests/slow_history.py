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
}
YES_NO_FLAGS = (
    "pupil_premium", "fsm", "ever_6", "eal", "looked_after", "previously_looked_after", "service_child",
    "young_carer", "more_able",
)  # fmt: skip
SEN_GROUPS = {"N": "no_sen", "K": "sen_support", "A": "sen_support", "P": "sen_support"}
SEN_GROUPS |= {"E": "ehc_plan", "S": "ehc_plan"}
TERM_ENDS = {"autumn": (12, 31), "spring": (3, 31), "summer": (8, 31)}


@dataclass(frozen=True)
class Import:
    """What one import brought: a column that its file lacks is missing from the row, a blank is None."""

    dated: date
    rows: School
    blank_flags: str = "not supplied"


@dataclass
class Seen:
    """A row as it stands after some imports, and what was said of it when."""

    row: Row
    first_seen: date
    flags: dict[str, list[tuple[date, Any]]] = field(default_factory=dict)


def fold(imports: list[Import], reference: School) -> School:
    """Current rows after the imports, in the order they were made."""
    seen: dict[str, dict[tuple, Seen]] = {name: {} for name in (*KEYS, *GLOBAL_KEYS)}
    for one in [Import(date.min, reference), *imports]:
        for dataset, rows in one.rows.items():
            for row in rows:
                if dataset == "pupils":
                    columns = ("school_id", "pupil_id", "year_group", "class")
                    enrolment = {c: row[c] for c in columns if c in row}
                    enrolment |= {"academic_year": academic_year(one.dated), "start_date": None}
                    take(seen["enrolments"], "enrolments", enrolment, one)
            for row in rows:
                take(seen[dataset], dataset, row, one)
    school = {dataset: [s.row for s in found.values()] for dataset, found in seen.items()}
    school["memberships"] += [m for s in seen["pupils"].values() for m in flag_spans(s)]
    school["needs"] = [dated_need(s, school, seen["needs"]) for s in seen["needs"].values()]
    school["assessments"] = [dated_assessment(a, school) for a in school["assessments"]]
    return school


def take(found: dict[tuple, Seen], dataset: str, row: Row, one: Import) -> None:
    """A column that is missing changes nothing; a blank cell clears, but never a status flag."""
    entry = found.setdefault(key_of(dataset, row), Seen({}, one.dated))
    flags = (*YES_NO_FLAGS, "sen_status") if dataset == "pupils" else ()
    for column, value in row.items():
        if column in flags:
            if value is None and one.blank_flags == "no":
                value = "N" if column == "sen_status" else False
            if value is None:
                continue
            entry.flags.setdefault(column, []).append((one.dated, value))
        entry.row[column] = value


def key_of(dataset: str, row: Row) -> tuple:
    if dataset in GLOBAL_KEYS:
        return tuple(row.get(c) for c in GLOBAL_KEYS[dataset])
    if dataset == "placements" and row.get("placement_id") is not None:
        return row.get("school_id"), row["placement_id"]
    key = [row.get(c) for c in KEYS[dataset]]
    if dataset == "enrolments" and row.get("start_date") == year_start(row["academic_year"]):
        key[2] = None  # from the first day of the year, and from the start of the year, are the same
    return row.get("school_id"), *key


def flag_spans(pupil: Seen) -> Iterator[Row]:
    """What is first seen holds from the entry date; a change holds from the date of its import."""
    for flag, said in pupil.flags.items():
        spans: list[list] = []
        for dated, value in said:
            if not spans:
                spans.append([value, pupil.row.get("entry_date") or dated, None])
            elif value != spans[-1][0]:
                spans[-1][2] = dated - timedelta(days=1)
                spans.append([value, dated, None])
        for value, start, end in spans:
            code = SEN_GROUPS[value] if flag == "sen_status" else flag
            if value is not False and (end is None or start <= end):
                who = {c: pupil.row.get(c) for c in ("school_id", "pupil_id")}
                yield {**who, "group_code": code, "start_date": start, "end_date": end, "from_flag": True}


def dated_need(need: Seen, school: School, needs: dict[tuple, Seen]) -> Row:
    """An undated need holds from the entry date, or from the day it was first seen if it came later."""
    if need.row.get("start_date") is not None:
        return need.row
    of_school = [s.first_seen for s in needs.values() if s.row.get("school_id") == need.row.get("school_id")]
    entry = next(
        p.get("entry_date")
        for p in school["pupils"]
        if (p.get("school_id"), p["pupil_id"]) == (need.row.get("school_id"), need.row["pupil_id"])
    )
    was_there = need.first_seen == min(of_school) or (entry is not None and entry > min(of_school))
    return {**need.row, "start_date": entry if entry is not None and was_there else need.first_seen}


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
