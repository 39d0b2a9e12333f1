"""Which held pupil a row is of: by UPN, by a former UPN, by name and date of birth; in its own school only.

A UPN joins only where it is well formed and one pupil of that school holds it: "UN1" and "pending" are no
identifier. Where the UPN and the school's own number are of two pupils, a person has to say which is right.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from provmap.imports import dates
from provmap.imports.delimited import Doubt, Table
from provmap.imports.upns import WELL_FORMED
from provmap.store.versions import ONLY_SCHOOL

# Between the parts of a key: a name or a number can hold any letter.
BETWEEN = "\x1f"
# A mistyped UPN is still a number of its own; a word such as "pending" is shared by many.
NUMBER = r"[0-9].*[0-9].*[0-9].*[0-9].*[0-9].*[0-9].*[0-9].*[0-9]"
# A held pupil: school, identifier, UPN, surname, forename, date of birth.
Row = tuple[str, str, str | None, str, str, date | None]


@dataclass(frozen=True)
class Pupils:
    """The held pupils, by what tells of them. `own` is the school of rows that name none.

    Every key begins with the school; `elsewhere` is the schools of each UPN.
    """

    own: str = ""
    upns: dict[str, str] = field(default_factory=dict)
    births: dict[str, str] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    elsewhere: dict[str, frozenset[str]] = field(default_factory=dict)


def pupils_of(rows: Iterable[Row], own: str) -> Pupils:
    """The held pupils, without the UPNs, and names with a date of birth, that two of a school share."""
    rows = list(rows)
    upns = Counter(_key(school, upn) for school, _, upn, *_ in rows if upn)
    births = Counter(_key(school, *named) for school, _, _, *named in rows)
    places: dict[str, set[str]] = {}
    for school, _, upn, *_ in rows:
        places.setdefault(upn or "", set()).add(school)
    return Pupils(
        own,
        {key: code for school, code, upn, *_ in rows if upn and upns[key := _key(school, upn)] == 1},
        {
            key: code for school, code, _, *named in rows
            if named[2] and births[key := _key(school, *named)] == 1
        },
        frozenset(_key(school, code) for school, code, *_ in rows),
        {upn: frozenset(schools) for upn, schools in places.items()},
    )  # fmt: skip


def by_upn(table: Table, heading: str, pupils: Pupils, school: str) -> pl.Series:
    """The held pupil of the UPN in each row; null where nobody of the school has it, or it is none."""
    return _looked_up(_keys(table, pupils, school, _sound(table, heading)), pupils.upns)


def by_former_upn(table: Table, step: dict[str, str], pupils: Pupils, school: str) -> pl.Series:
    """The held pupil of the former UPN, in the rows whose UPN nobody has; else null."""
    found = by_upn(table, step["column"], pupils, school)
    return found.set(by_upn(table, step["upn"], pupils, school).is_not_null(), None)


def by_birth(table: Table, step: dict[str, str], pupils: Pupils, school: str) -> pl.Series:
    """The held pupil of each name and date of birth, where only one of the school has them."""
    births, _notices = dates.read_dates(_text(table, step["date_of_birth"]))
    names = [_text(table, step[word]).str.to_lowercase() for word in ("surname", "forename")]
    return _looked_up(_keys(table, pupils, school, *names, births.cast(pl.String)), pupils.births)


def moved(table: Table, heading: str, pupils: Pupils, school: str) -> int:
    """How many rows have a UPN that nobody of their school has, but a pupil of another school."""
    upns = _sound(table, heading)
    known = by_upn(table, heading, pupils, school).is_not_null()
    return sum(
        bool(upn and not is_known and pupils.elsewhere.get(upn, frozenset()) - {place})
        for upn, is_known, place in zip(upns, known, _schools(table, pupils, school), strict=True)
    )


def settled(
    table: Table, found: pl.Series, step: dict[str, str], pupils: Pupils, school: str
) -> tuple[pl.Series, dict[int, Doubt]]:
    """The pupil of each row: the one found, else whom the step's other column says; and what is in doubt.

    A row in doubt has no pupil, so that it is left out until a person has mended it.
    """
    own, column = _text(table, step["else"]), step["column"]
    is_same = step["else"] == column
    is_number = own.str.contains(NUMBER) if is_same else own != ""
    whom = found.fill_null(own.set(~is_number, None))
    numbers = _keys(table, pupils, school, own).is_in(list(pupils.numbers))
    two = found.is_not_null() & numbers & (found != own) if not is_same else found.is_null() & False
    doubts = {}
    cells, lines = _text(table, column), table.lines.to_list()
    for row in two.fill_null(False).arg_true():
        both = f"{column} is that of pupil {found[row]}, and the identifier that of {own[row]}"
        remedy = "Clear the one that is wrong in the file, and import the row again."
        doubts[lines[row]] = Doubt(column, cells[row], f"one pupil: here {both}", remedy)
    for row in (whom.is_null() & (cells != "")).arg_true() if is_same else ():
        said = f"a UPN, or an identifier in another column: {cells[row][:20]} is nobody's own"
        remedy = "Add a column with the school's own number of each pupil, and import the row again."
        doubts[lines[row]] = Doubt(column, cells[row], said, remedy)
    return whom.set(two.fill_null(False), None), doubts


def _sound(table: Table, heading: str) -> pl.Series:
    """The UPNs that are well formed; the others are null."""
    upns = _text(table, heading).str.to_uppercase()
    return upns.set(~upns.str.contains(WELL_FORMED), None)


def _schools(table: Table, pupils: Pupils, school: str) -> pl.Series:
    if not school:
        return pl.Series([pupils.own], dtype=pl.String).new_from_index(0, table.rows.height)
    schools = _text(table, school).replace("", pupils.own)
    # What was held before the school had a number is that of the only one.
    is_only = pupils.own == ONLY_SCHOOL and schools.n_unique() == 1
    return pl.Series([pupils.own]).new_from_index(0, len(schools)) if is_only else schools


def _keys(table: Table, pupils: Pupils, school: str, *parts: pl.Series) -> pl.Series:
    words = pl.DataFrame(
        {str(place): part for place, part in enumerate((_schools(table, pupils, school), *parts))}
    )
    return words.select(pl.concat_str(pl.all(), separator=BETWEEN)).to_series()


def _key(school: str, *parts: object) -> str:
    return BETWEEN.join((school, *map(str, parts)))


def _looked_up(words: pl.Series, found: dict[str, str]) -> pl.Series:
    if not found:
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(words))
    return words.replace_strict(found, default=None, return_dtype=pl.String)


def _text(table: Table, heading: str) -> pl.Series:
    cells = table.rows[str(table.place_of(heading))].cast(pl.String).fill_null("")
    return cells.str.strip_chars().str.replace_all(r"\s+", " ")
