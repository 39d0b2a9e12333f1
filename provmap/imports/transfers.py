"""Pupils of a transfer file, which knows them by UPN alone -> the pupils who are held, or come with it.

A UPN is never reissued, but a temporary one is replaced: the file then gives the former one too. A pupil who
is held under it is the same pupil, which is said and never done in silence. Nobody is looked for by name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from provmap.imports.comparing import FILE
from provmap.imports.held import Held
from provmap.imports.reading import Reading
from provmap.imports.upns import WELL_FORMED
from provmap.store.contract import datasets

FOUND = "_found"
# A school and a pupil's number or UPN in it.
Who = tuple[str, str]


@dataclass
class Matches:
    """Who is who: the held pupil of each school and UPN, and how they were found.

    `renewed` is the new UPN of those whose former one stands in the same import.
    """

    pupils: dict[Who, str] = field(default_factory=dict)
    renewed: dict[Who, str] = field(default_factory=dict)
    by_upn: int = 0
    by_former: int = 0
    held_twice: int = 0

    @property
    def notices(self) -> list[str]:
        """What is to be said of them."""
        told = [
            (self.by_upn, "found by UPN under the school's own number, and told of under that"),
            (self.by_former, "held under a former UPN: taken to be the same, and given the new UPN"),
            (len(self.renewed), "in these files under a former UPN too: taken to be the same"),
            (self.held_twice, "held twice, under the UPN and under a former one: the two are not joined"),
        ]  # fmt: skip
        return [
            f"Transfer files: {count:,} {'pupil is' if count == 1 else 'pupils are'} {words}."
            for count, words in told if count
        ]  # fmt: skip


def follow_upns(
    frames: dict[str, pl.DataFrame], reading: Reading, held: Held, school: str
) -> tuple[dict[str, pl.DataFrame], list[str]]:
    """The rows with their pupils as they are held, and what there is to say.

    `school` is whose rows are that name none.
    """
    former: dict[str, tuple[str, ...]] = {}
    files = []
    for number, read in enumerate(reading.files):
        if read.former_upns is not None:
            files.append(number)
            former |= read.former_upns
    if not files:
        return frames, []
    is_theirs = pl.col(FILE).is_in(files)
    asked: set[Who] = set()
    for rows in frames.values():
        if "pupil_id" in rows.columns:
            asked |= set(_whos(rows.filter(is_theirs), "pupil_id", school))
    roll = _roll(frames.get("pupils"), files, held, school, sorted({place for place, _ in asked}))
    matches = _match(sorted(asked), roll, former)
    told_of = {name: _told_of(rows, is_theirs, matches, school) for name, rows in frames.items()}
    return told_of, matches.notices


def _roll(
    pupils: pl.DataFrame | None, files: list[int], held: Held, school: str, schools: list[str]
) -> dict[Who, str]:
    """The pupil of each UPN: as held, or as another file of this import says."""
    known = [held.rows(datasets()["pupils"], ["upn"], schools)]
    if pupils is not None and "upn" in pupils.columns:
        known.append(pupils.filter(~pl.col(FILE).is_in(files)))
    roll: dict[Who, str] = {}
    for rows in known:
        whose: dict[Who, set[str]] = {}
        for who, pupil in zip(_whos(rows, "upn", school), rows["pupil_id"], strict=True):
            # A placeholder such as UN1 is no UPN, and one that two pupils have tells neither.
            if re.fullmatch(WELL_FORMED, who[1]):
                whose.setdefault(who, set()).add(pupil)
        roll |= {who: min(pupils) for who, pupils in whose.items() if len(pupils) == 1}
    return roll


def _match(asked: Iterable[Who], roll: dict[Who, str], former: dict[str, tuple[str, ...]]) -> Matches:
    found = Matches()
    asked = set(asked)
    for place, upn in sorted(asked):
        before = [roll[place, old] for old in former.get(upn, ()) if (place, old) in roll]
        now = roll.get((place, upn))
        pupil = now or next(iter(before), None)
        for old in former.get(upn, ()):
            if old != upn and (place, old) in asked and (place, old) not in roll:
                found.pupils[place, old] = pupil or upn
                found.renewed[place, old] = upn
        if pupil is None:
            continue
        found.pupils[place, upn] = pupil
        found.by_upn += now is not None and now != upn
        found.by_former += now is None
        found.held_twice += now is not None and any(old != now for old in before)
    return found


def _told_of(rows: pl.DataFrame, is_theirs: pl.Expr, matches: Matches, school: str) -> pl.DataFrame:
    if "pupil_id" not in rows.columns or not matches.pupils:
        return rows
    if "upn" in rows.columns and matches.renewed:
        upns = [matches.renewed.get(who) for who in _whos(rows, "upn", school)]
        renewed = pl.when(is_theirs).then(pl.Series(FOUND, upns, dtype=pl.String))
        rows = rows.with_columns(renewed.fill_null(pl.col("upn")).alias("upn"))
    found = [matches.pupils.get(who) for who in _whos(rows, "pupil_id", school)]
    return (
        rows.with_columns(pl.Series(FOUND, found, dtype=pl.String))
        .with_columns(pl.when(is_theirs).then(pl.col(FOUND)).fill_null(pl.col("pupil_id")).alias("pupil_id"))
        .drop(FOUND)
    )


def _whos(rows: pl.DataFrame, column: str, school: str) -> list[Who]:
    own = pl.col("school_id").fill_null(school) if "school_id" in rows.columns else pl.lit(school)
    number = pl.col(column).str.strip_chars().str.to_uppercase().fill_null("")
    return rows.select(own.alias("school"), number.alias("number")).rows()
