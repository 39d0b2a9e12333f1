"""A DfE Common Transfer File -> tables of contract datasets, with the lines of the file.

What a reader of the result should know, because the file leaves it open:
- A blank is "not supplied", for each pupil: what a pupil has no element for changes nothing.
- A CTF has no identifier of the school's own, so the UPN is the pupil_id, unless somebody is held under
  it or under a former one (see transfers.py).
- Names are the legal ones, as in every other register; preferred ones are counted in a notice.
- A school's own file names the school in each row. In a file sent from one school to another the pupils
  are the receiver's: no row names a school, and the sender's entry and leaving dates are not theirs.
- History of SEN and free meals becomes memberships. The latest one ends on the file's day, because the
  status flags tell of the time after it: an open one would outlast the next roll that says otherwise.
- `Year` of attendance is the year in which the academic year began; of a result, that in which it ended.
  (The header's AcademicYear is a first year and StageAssessment's Year a last one in the DfE's own files.)
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from provmap.errors import ImportRefused
from provmap.filters import academic_year_of
from provmap.imports.ctf_results import results_of
from provmap.imports.dates import parse_date
from provmap.imports.delimited import Table
from provmap.imports.safe_xml import Element, read_elements
from provmap.imports.upns import check_uln
from provmap.store.contract import datasets

SEN_GROUPS = {"K": "sen_support", "A": "sen_support", "P": "sen_support", "Q": "sen_support",
              "E": "ehc_plan", "S": "ehc_plan"}  # fmt: skip
YES_NO = {"true": "Y", "1": "Y", "y": "Y", "false": "N", "0": "N", "n": "N"}
A_DAY = timedelta(days=1)
MOST_NOTICES = 25
# A group, the line that says so, the first day in it and the last (None: nobody knows).
Span = tuple[str, int, date, date | None]


@dataclass
class Contents:
    """What has been read so far: rows by dataset, each with its line, and how often what was left out."""

    file: str
    day: date | None = None
    source: tuple[str, str] = ("", "")
    school_id: str = ""
    is_transfer: bool = False
    rows: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    former_upns: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, dataset: str, line: int, cells: dict[str, str]) -> None:
        """Adds a row, with the school where the file's rows are one school's own."""
        if self.school_id:
            cells = {"school_id": self.school_id, **cells}
        self.rows.setdefault(dataset, []).append((line, cells))


def read_ctf(file: str, content: bytes | Path) -> list[Table]:
    """The tables that a CTF holds. Raises ImportRefused, or OtherXml where it is another kind of XML."""
    contents = Contents(file)
    pupils = 0
    for element in read_elements(file, content, "CTfile", {"Header", "Pupil"}):
        if element.name == "Header":
            _read_header(contents, element)
        else:
            pupils += 1
            _read_pupil(contents, element)
    if not pupils:
        raise ImportRefused(f"{file} is a Common Transfer File without a pupil.", "Export it again.")
    if not any(cells.get("year_group") for _, cells in contents.rows["pupils"]):
        # Results alone, as the multiplication tables check sends them.
        del contents.rows["pupils"]
        contents.left_out["It gives no year groups, so its pupils are not read as a roll"] += 1
    if not contents.rows:
        raise ImportRefused(
            f"{file} holds nothing that provmap reads: no year group, need, attendance or result.",
            "Export a full Common Transfer File.",
        )
    return _tables(contents)


def _tables(contents: Contents) -> list[Table]:
    tables: list[Table] = []
    for dataset in [name for name in datasets() if name in contents.rows]:
        rows = contents.rows[dataset]
        known = [name for name in datasets()[dataset].column_names if any(name in cells for _, cells in rows)]
        frame = pl.DataFrame(
            [[cells.get(name) or None for name in known] for _, cells in rows],
            schema={str(place): pl.String for place in range(len(known))}, orient="row",
        )  # fmt: skip
        lines = pl.Series("line", [line for line, _ in rows], pl.UInt32)
        if lines.n_unique() < lines.len():
            # Rows are told apart by their lines; a file without line breaks has them counted instead.
            lines = pl.int_range(1, lines.len() + 1, dtype=pl.UInt32, eager=True).alias("line")
            contents.left_out[f"It has several {dataset} on one line: a line here is a count of them"] += 1
        name = f"{contents.file}: {dataset}"
        tables.append(
            Table(
                name, tuple(known), frame, lines, sheet=dataset, dataset=dataset, tells_absent=True,
                former_upns=contents.former_upns,
            )
        )  # fmt: skip
    tables[0] = replace(tables[0], notices=_notices(contents))
    return tables


def _notices(contents: Contents) -> tuple[str, ...]:
    told = [
        f"{contents.file}: {words}{f' ({count:,} times)' if count > 1 else ''}."
        for words, count in contents.left_out.most_common(MOST_NOTICES)
    ]
    if (others := len(contents.left_out) - MOST_NOTICES) > 0:
        told.append(f"{contents.file}: {others:,} further kinds of value were left out.")
    return tuple(told)


def _read_header(contents: Contents, header: Element) -> None:
    contents.day = _date(header.get("DateTime")[:10])
    contents.source = (header.get("SourceSchool", "LEA"), header.get("SourceSchool", "Estab"))
    destination = (header.get("DestSchool", "LEA"), header.get("DestSchool", "Estab"))
    name, urn = header.get("SourceSchool", "SchoolName"), header.get("SourceSchool", "URN")
    # An estab without digits (LLLL, MMMM …) stands for a destination that nobody knows.
    contents.is_transfer = destination[1].isdigit() and destination != contents.source
    if contents.is_transfer:
        words = f"It was sent by {name or 'another school'} to another one, and is read as the receiver's"
        contents.left_out[words] += 1
    elif urn:
        contents.school_id = urn
        contents.add("schools", header.line, {"school_id": urn, "name": name or f"School {urn}"})
    else:
        contents.left_out["It gives no URN, so its rows belong to the school that is held"] += 1


def _read_pupil(contents: Contents, pupil: Element) -> None:
    pupil_id = pupil.get("UPN").upper()
    cells = {
        "pupil_id": pupil_id,
        "surname": pupil.get("Surname"),
        "forename": pupil.get("Forename"),
        "upn": pupil_id,
        "date_of_birth": pupil.get("DOB"),
        "sex": pupil.get("Sex") or pupil.get("Gender"),
        "ethnicity": pupil.get("BasicDetails", "Ethnicity"),
        "first_language": _first_language(pupil),
        "year_group": pupil.get("BasicDetails", "NCyearActual"),
        **_stay(contents, pupil),
        "sen_status": _add_sen(contents, pupil_id, pupil),
        "fsm": _add_meals(contents, pupil_id, pupil),
        "looked_after": YES_NO.get(pupil.get("LookedAfter", "InCare").lower(), ""),
    }
    required = {"pupil_id", "surname", "forename", "year_group"}
    contents.add("pupils", pupil.line, {k: text for k, text in cells.items() if text or k in required})
    for need in pupil.all("SENhistory", "SENneeds", "SENneed") + pupil.all("SENneeds", "SENneed"):
        row = {"pupil_id": pupil_id, "need_code": need.get("SENtype"), "rank": need.get("SENtypeRank")}
        contents.add("needs", need.line, row)
    if former := tuple(old.text.upper() for old in pupil.all("BasicDetails", "FormerUPN") if old.text):
        contents.former_upns[pupil_id] = former
    _add_attendance(contents, pupil_id, pupil)
    for line, result in results_of(pupil, contents.left_out):
        contents.add("assessments", line, {"pupil_id": pupil_id, **result})
    _tell(contents, pupil)


def _tell(contents: Contents, pupil: Element) -> None:
    """Counts what a pupil has and provmap keeps no place for."""
    left_out, details = contents.left_out, pupil.all("BasicDetails")
    for name, preferred in (("Surname", "PreferredSurname"), ("Forename", "PreferredForename")):
        if any(part.get(preferred) not in ("", pupil.get(name)) for part in details):
            left_out[f"A preferred {name.lower()} was left out and the legal one kept"] += 1
    if (uln := pupil.get("UniqueLearnerNumber")) and (words := check_uln(uln).sentence):
        left_out[f"A learner number is wrong: {words.removesuffix('.')}"] += 1


def _first_language(pupil: Element) -> str:
    """The language marked as the first (F), else the only one given."""
    languages = pupil.all("BasicDetails", "Languages", "Type")
    for language in languages:
        if language.get("LanguageType").upper() == "F":
            return language.get("Language")
    if len(languages) == 1:
        return languages[0].text or languages[0].get("Language")
    return pupil.get("BasicDetails", "Languages", "Language")


def _stay(contents: Contents, pupil: Element) -> dict[str, str]:
    """When the pupil came to the file's own school, and left it."""
    if contents.is_transfer:
        return {}
    for school in reversed(pupil.all("SchoolHistory", "School")):
        if (school.get("LEA"), school.get("Estab")) == contents.source and contents.source[1]:
            return {"entry_date": school.get("EntryDate"), "leaving_date": school.get("LeavingDate")}
    return {}


def _add_sen(contents: Contents, pupil_id: str, pupil: Element) -> str:
    """Adds the dated history as memberships; returns the latest provision that has begun."""
    history = [
        (_date(entry.get("StartDate")), entry.get("SENprovision").upper(), entry)
        for entry in pupil.all("SENhistory", "SEN") if entry.get("SENprovision")
    ]  # fmt: skip
    history.sort(key=lambda one: one[0] or date.min)
    begun = [one for one in history if not (one[0] and contents.day and one[0] > contents.day)]
    spans: list[Span] = []
    for place, (start, provision, entry) in enumerate(begun):
        following = next((later for later, _, _ in begun[place + 1 :] if later), None)
        last = following - A_DAY if following else contents.day
        end = _date(entry.get("EndDate")) or last
        group = SEN_GROUPS.get(provision)
        if start is None:
            contents.left_out["An SEN provision without a start date makes no history"] += 1
        if start is None or group is None or (end and end < start):
            continue
        if spans and spans[-1][0] == group and spans[-1][3] == start - A_DAY:
            # One letter for another of the same group (P became K): still one stay in it.
            spans[-1] = (*spans[-1][:3], end)
        else:
            spans.append((group, entry.line, start, end))
    for span in spans:
        _add_membership(contents, pupil_id, span)
    ended = _date(begun[-1][2].get("EndDate")) if begun else None
    return "" if not begun or (ended and contents.day and ended < contents.day) else begun[-1][1]


def _add_meals(contents: Contents, pupil_id: str, pupil: Element) -> str:
    """Adds each period of free meals as a membership; returns whether one is open on the file's day."""
    periods = pupil.all("FSMhistory", "FSMinstance")
    is_open = False
    for period in periods:
        start, end = _date(period.get("FSMstartDate")), _date(period.get("FSMendDate"))
        has_begun = not (start and contents.day and start > contents.day)
        is_open |= has_begun and (end is None or contents.day is None or end >= contents.day)
        if start is None:
            contents.left_out["A period of free meals without a start date makes no history"] += 1
        elif has_begun:
            last = min(end or date.max, contents.day or date.max)
            _add_membership(
                contents, pupil_id, ("fsm", period.line, start, None if last == date.max else last)
            )
    return "" if not periods else "Y" if is_open else "N"


def _add_membership(contents: Contents, pupil_id: str, span: Span) -> None:
    group, line, start, end = span
    row = {"pupil_id": pupil_id, "group_code": group, "start_date": start.isoformat()}
    contents.add("memberships", line, row | ({"end_date": end.isoformat()} if end else {}))


def _add_attendance(contents: Contents, pupil_id: str, pupil: Element) -> None:
    for year in pupil.all("Attendance", "YearData"):
        if (place := (year.get("LEA"), year.get("Estab"))) != contents.source and place[1]:
            contents.left_out["A year's attendance at an earlier school was left out"] += 1
            continue
        began = _date(year.get("AttendSessions", "AttendanceStartDate") or year.get("AttendanceStartDate"))
        first = int(academic_year_of(began)[:4]) if began else _year(year.get("Year"))
        possible, attended = year.get("SessionsPossible"), year.get("SessionsAttended")
        authorised, unauthorised = year.get("SessionsAuthorised"), year.get("SessionsUnauthorised")
        if not attended and all(text.isdecimal() for text in (possible, authorised, unauthorised)):
            attended = str(int(possible) - int(authorised) - int(unauthorised))
        if first is None or not possible or not attended:
            contents.left_out["A year's attendance without its year or its sessions was left out"] += 1
            continue
        start, last = began or date(first, 9, 1), date(first + 1, 8, 31)
        end = contents.day if contents.day and start <= contents.day < last else last
        row = {"pupil_id": pupil_id, "start_date": start.isoformat(), "end_date": end.isoformat(),
               "possible": possible, "attended": attended,
               "authorised": authorised, "unauthorised": unauthorised}  # fmt: skip
        contents.add("attendance", year.line, {name: text for name, text in row.items() if text})


def _date(text: str) -> date | None:
    return parse_date(text[:10])


def _year(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 4 and 1990 <= int(text) <= 2100 else None
