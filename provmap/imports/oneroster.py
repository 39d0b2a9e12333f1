"""A OneRoster 1.1 or 1.2 bundle of CSV files -> tables of contract datasets, with the lines of its files.

What a reader of the result should know, because the bundle leaves it open:
- The sourcedId is the pupil_id and the staff_id: it alone is always there and never changes. A UPN is
  taken from `identifier` or `userIds` where one of them has the form of a UPN.
- A school's six-digit identifier is its URN and so the school_id; without one, its sourcedId is.
- Grades are years of the national curriculum. KG is Reception, the year before 01, and PK the one before
  that; an American KG would be a year later, so a notice says when it is used.
- The class is the latest homeroom. Classes and demographics that are a delta give no column: whom they do
  not name would look blank, and a blank clears what is held.
- `endDate` of an academic session is the first day that is no longer in it. Half terms of one name make
  one term, for every school of the bundle: a session belongs to none.
- Rows marked tobedeleted or inactive are left out and counted. They end nothing by themselves: a row can
  go while the pupil stays, and no leaving date is given.
"""

import re
from collections import Counter
from datetime import date, timedelta

import polars as pl

from provmap.errors import ImportRefused
from provmap.filters import show_date
from provmap.imports.codes import academic_year
from provmap.imports.dates import parse_date
from provmap.imports.delimited import Table
from provmap.imports.oneroster_files import EXPORT_AGAIN, FAULT, LINE, Bundle, Load, Row, open_bundle
from provmap.imports.upns import WELL_FORMED
from provmap.store.contract import datasets

STAFF = {"teacher": "teacher", "aide": "teaching assistant"}
GRADES = {"KG": "R", "R": "R", "RE": "R", "PK": "N2", "PR": "N1"}
AMERICAN = {"KG", "PK", "PR"}
SEX = {"male": "M", "female": "F", "unspecified": "U", "other": "U"}
ETHNICITIES = {
    "americanIndianOrAlaskaNative": "American Indian or Alaska Native", "asian": "Asian",
    "blackOrAfricanAmerican": "Black or African American",
    "nativeHawaiianOrOtherPacificIslander": "Native Hawaiian or Other Pacific Islander", "white": "White",
    "demographicRaceTwoOrMoreRaces": "Two or more races", "hispanicOrLatinoEthnicity": "Hispanic or Latino",
}  # fmt: skip
TERMS = {"autumn": "autumn", "fall": "autumn", "spring": "spring", "summer": "summer"}
A_DAY = timedelta(days=1)


def read_bundle(name: str, members: dict[str, Load], day: date | None = None) -> list[Table]:
    """The tables of a bundle on a day (today); `members` are its files by their own names.

    Raises ImportRefused.
    """
    day = day or date.today()
    bundle = open_bundle(name, members)
    schools = {row["sourcedId"]: _school_id(row) for row in bundle.of("orgs") if _is(row, "type", "school")}
    roles = _roles(bundle, day)
    parts = [
        ("orgs.csv", "schools", _schools(bundle, schools)),
        ("academicSessions.csv", "terms", _terms(bundle, list(dict.fromkeys(schools.values())))),
        ("users.csv", "pupils", _pupils(bundle, roles, schools, day)),
        ("users.csv (staff)", "staff", _staff(bundle, roles, schools)),
    ]
    _tell_others(bundle, roles)
    found = [(sheet, dataset, rows) for sheet, dataset, rows in parts if rows]
    if not found:
        raise ImportRefused(f"{name} is a OneRoster bundle without a school, term or pupil.", EXPORT_AGAIN)
    notices = tuple(f"{name}: {words}" for words in bundle.notices)
    return [_table(name, *part, () if number else notices) for number, part in enumerate(found)]


def _table(name: str, sheet: str, dataset: str, rows: list[Row], notices: tuple[str, ...]) -> Table:
    known = [column for column in datasets()[dataset].column_names if any(column in row for row in rows)]
    frame = pl.DataFrame(
        [[row.get(column) for column in known] for row in rows],
        schema={str(place): pl.String for place in range(len(known))}, orient="row",
    )  # fmt: skip
    lines = pl.Series("line", [int(row[LINE]) for row in rows], pl.UInt32)
    faults = {place: row[FAULT] for place, row in enumerate(rows) if row.get(FAULT)}
    return Table(
        f"{name}: {sheet}", tuple(known), frame, lines, faults, notices, sheet=sheet, dataset=dataset,
        tells_absent=True,
    )  # fmt: skip


def _own(row: Row, **cells: str) -> Row:
    """A row of ours made from one of theirs, with its line."""
    return {LINE: row[LINE], FAULT: row[FAULT], **cells}


def _is(row: Row, column: str, value: str) -> bool:
    return row.get(column, "").casefold() == value


def _school_id(org: Row) -> str:
    identifier = org.get("identifier", "")
    return identifier if re.fullmatch("[0-9]{6}", identifier) else org["sourcedId"]


def _schools(bundle: Bundle, schools: dict[str, str]) -> list[Row]:
    return [
        _own(row, school_id=schools[row["sourcedId"]], name=row["name"])
        for row in bundle.of("orgs") if row["sourcedId"] in schools
    ]  # fmt: skip


def _terms(bundle: Bundle, schools: list[str]) -> list[Row]:
    sessions = [row for row in bundle.of("academicSessions") if _is(row, "type", "term")]
    if sessions and not bundle.is_whole("academicSessions"):
        bundle.notices.append("academicSessions.csv was left out: a delta can hold half of a term.")
        return []
    terms: dict[tuple[str, str], Row] = {}
    for session in sessions:
        start, end = parse_date(session["startDate"]), parse_date(session["endDate"])
        # What is no date is handed on as it is, to be told with its line.
        first, last = str(start or session["startDate"]), str(end - A_DAY if end else session["endDate"])
        key = _school_year(session["schoolYear"]), _term(session["title"], start)
        if term := terms.get(key):
            term["start_date"], term["end_date"] = min(term["start_date"], first), max(term["end_date"], last)
        else:
            terms[key] = _own(session, academic_year=key[0], term=key[1], start_date=first, end_date=last)
    return [
        row | ({"school_id": school} if school else {})
        for row in terms.values()
        for school in schools or [""]
    ]


def _school_year(text: str) -> str:
    """A OneRoster year is the one in which the school year ends."""
    return (
        f"{int(text) - 1}/{text[2:]}"
        if re.fullmatch("(19|20)[0-9]{2}", text)
        else academic_year(text) or text
    )


def _term(title: str, start: date | None) -> str:
    for word, term in TERMS.items():
        if word in title.casefold():
            return term
    if start is None:
        return title
    return "autumn" if start.month >= 8 else "spring" if start.month <= 3 else "summer"


def _roles(bundle: Bundle, day: date) -> dict[str, list[tuple[str, str]]]:
    """Each user's roles, with the orgs they hold them in; the primary one first."""
    roles: dict[str, list[tuple[str, str]]] = {}
    in_turn = sorted(bundle.of("roles"), key=lambda row: not _is(row, "roleType", "primary"))
    current = [row for row in in_turn if not _has_ended(row, day)]
    if gone := len(in_turn) - len(current):
        words = "1 role has" if gone == 1 else f"{gone:,} roles have"
        bundle.notices.append(f"roles.csv: {words} ended by {show_date(day)}, and no longer counts.")
    for row in current:
        roles.setdefault(row["userSourcedId"], []).append((row["role"].casefold(), row["orgSourcedId"]))
    for row in bundle.of("users"):
        orgs = [*_split(row.get("orgSourcedIds", "")), row.get("primaryOrgSourcedId", "")]
        if role := row.get("role", "").casefold():
            roles.setdefault(row["sourcedId"], []).extend((role, org) for org in orgs)
    return roles


def _with_role(
    bundle: Bundle, roles: dict[str, list[tuple[str, str]]], wanted: set[str], schools: dict[str, str]
) -> list[tuple[Row, str, str]]:
    """Each user with one of these roles: the row, the role and the school, which may be unknown."""
    found = []
    for user in bundle.of("users"):
        own = [(role, org) for role, org in roles.get(user["sourcedId"], []) if role in wanted]
        if own:
            orgs = [org for _, org in own] + [user.get("primaryOrgSourcedId", "")]
            found.append((user, own[0][0], next((schools[org] for org in orgs if org in schools), "")))
    return found


def _has_ended(row: Row, day: date) -> bool:
    """Whether an enrolment or a role is over: its last day is the one before its `endDate`."""
    ends = parse_date(row.get("endDate", ""))
    return ends is not None and ends <= day


def _pupils(
    bundle: Bundle, roles: dict[str, list[tuple[str, str]]], schools: dict[str, str], day: date
) -> list[Row]:
    pupils = []
    used: Counter[str] = Counter()
    for user, _, school in _with_role(bundle, roles, {"student"}, schools):
        row = _own(user, pupil_id=user["sourcedId"], surname=user["familyName"], forename=user["givenName"])
        row |= {"school_id": school} if school else {}
        row |= {"upn": upn} if (upn := _upn(user)) else {}
        if "grades" in user:
            grade = user["grades"].strip('[]"').upper()
            used[grade] += grade in AMERICAN
            row["year_group"] = GRADES.get(grade, grade)
        pupils.append(row)
    for grade in [grade for grade, count in used.items() if count]:
        bundle.notices.append(
            f"Grade {grade} was read as {GRADES[grade]}, counting back from 01 as Year 1; "
            "in an American file it would be a year later."
        )
    _add_classes(bundle, pupils, day)
    _add_demographics(bundle, pupils)
    return pupils


def _upn(user: Row) -> str:
    told = [user.get("identifier", ""), *re.split("[{}:,]", user.get("userIds", ""))]
    return next((text.strip().upper() for text in told if re.match(WELL_FORMED, text.strip().upper())), "")


def _add_classes(bundle: Bundle, pupils: list[Row], day: date) -> None:
    homerooms = {
        row["sourcedId"]: row["title"] for row in bundle.of("classes") if _is(row, "classType", "homeroom")
    }
    if not pupils or not bundle.of("enrollments"):
        return
    if not bundle.is_whole("classes", "enrollments") or not homerooms:
        why = (
            "no class is a homeroom"
            if bundle.is_whole("classes", "enrollments")
            else "a delta names only some"
        )
        bundle.notices.append(f"Pupils get no class from this bundle: {why}.")
        return
    latest: dict[str, tuple[str, str]] = {}
    doubtful = set()
    for row in bundle.of("enrollments"):
        title = homerooms.get(row["classSourcedId"])
        if title is None or not _is(row, "role", "student") or row[FAULT] or _has_ended(row, day):
            continue
        user, began = row["userSourcedId"], row.get("beginDate", "")
        before = latest.get(user)
        if before is None or began > before[0]:
            latest[user] = (began, title)
            doubtful.discard(user)
        elif began == before[0] and title != before[1]:
            doubtful.add(user)
    if doubtful:
        words = "1 pupil is" if len(doubtful) == 1 else f"{len(doubtful):,} pupils are"
        bundle.notices.append(f"{words} in two homerooms at once; the first in enrollments.csv counts.")
    for pupil in pupils:
        pupil["class"] = latest.get(pupil["pupil_id"], ("", ""))[1]


def _add_demographics(bundle: Bundle, pupils: list[Row]) -> None:
    told = {row["sourcedId"]: row for row in bundle.of("demographics") if not row[FAULT]}
    if not told:
        return
    if not bundle.is_whole("demographics") and any(pupil["pupil_id"] not in told for pupil in pupils):
        bundle.notices.append("demographics.csv was left out: it names only some of the pupils (delta).")
        return
    for pupil in pupils:
        row = told.get(pupil["pupil_id"], {})
        sex = row.get("sex", "")
        cells = {
            "date_of_birth": row.get("birthDate", ""),
            "sex": SEX.get(sex.casefold(), sex),
            "ethnicity": ", ".join(name for flag, name in ETHNICITIES.items() if _is(row, flag, "true")),
        }
        pupil.update({name: text for name, text in cells.items() if text})


def _staff(bundle: Bundle, roles: dict[str, list[tuple[str, str]]], schools: dict[str, str]) -> list[Row]:
    staff = []
    for user, role, school in _with_role(bundle, roles, set(STAFF), schools):
        name = f"{user['givenName']} {user['familyName']}".strip()
        row = _own(user, staff_id=user["sourcedId"], name=name, role=STAFF[role])
        staff.append(row | ({"school_id": school} if school else {}))
    return staff


def _tell_others(bundle: Bundle, roles: dict[str, list[tuple[str, str]]]) -> None:
    """Says how many users are read as nobody."""
    left: Counter[str] = Counter()
    for user in bundle.of("users"):
        own = {role for role, _ in roles.get(user["sourcedId"], [])}
        if not own & {"student", *STAFF}:
            left[min(own, default="user without a role")] += 1
    for role, count in sorted(left.items()):
        bundle.notices.append(f"users.csv: {count:,} left out as neither pupil nor staff ({role}).")


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
