"""What is so unusual about an import that a person has to say yes to it first.

Every alarm compares with what is held, so a first import raises none. An alarm says its numbers and what to
do, and no value of a pupil.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from provmap.filters import academic_year_of, show_date
from provmap.imports.codes import known_codes
from provmap.imports.policies import on_roll
from provmap.imports.references import ALL, TOLD_IN, Import
from provmap.store import datasets, list_imports
from provmap.store.contract import STATUS_FLAGS
from provmap.store.kept import rows_file
from provmap.store.versions import ONLY_SCHOOL

# More than one pupil in ten is more than a school sees come and go between two exports.
PUPILS_SHARE = 0.1
# In a small school four pupils can be a family that moves; five at once are worth a look.
FEWEST_PUPILS = 5
# Statuses are lost one by one; a third at once is a column that came out empty.
STATUS_SHARE = 1 / 3
FEWEST_WITH_STATUS = 5
# A new code is used for a few pupils first; an old one that was spelt anew is in many rows at once.
CODE_ROWS, CODE_SHARE = 10, 0.05
# What the share of a smaller file says: nothing, since one row in ten is a tenth.
FEWEST_ROWS = 20
FEWEST_CODE_ROWS = 5
# Half of last time is a filter that was left on, or a file that was cut off.
ROWS_SHARE = 0.5
# Secondary pupils keep the numbers that many primary schools gave them, but of the schools known here.
UPN_SHARE = 0.5
FEWEST_UPNS = 20
CODES = ("need_code", "provision_id", "scale", "subject", "group_code")
STATUS_WORDS = {
    "sen_status": "SEN support or an EHC plan", "fsm": "free school meals", "eal": "EAL",
    "ever_6": "free school meals in the last six years",
}  # fmt: skip
WHO = ["school", "pupil_id"]
NAMES = ["surname", "forename"]


@dataclass(frozen=True)
class Alarm:
    """One reason to stop: what it is about, its numbers in a sentence, and what to do."""

    kind: str
    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}"


def find_alarms(
    imported: Import, counts: dict[str, dict[str, int]], folder: Path, dated: date
) -> list[Alarm]:
    """Every alarm that an import raises."""
    alarms = _other_school(imported)
    if imported.rows.get("pupils", pl.DataFrame()).height:
        alarms += _pupils(imported, counts["pupils"]["rejected"], dated)
        alarms += _other_upns(imported)
    alarms += _fewer_rows(imported, counts, folder)
    for dataset, rows in imported.rows.items():
        for column in CODES:
            if column in rows.columns and TOLD_IN.get(column, ("",))[0] != dataset:
                alarms += _new_codes(imported, dataset, column)
    return alarms


def _pupils(imported: Import, rejected: int, dated: date) -> list[Alarm]:
    """Pupils on roll who are missing, rejected, in another year group, or without a status they had."""
    file = _owned(imported, imported.rows["pupils"])
    flags = [flag for flag in STATUS_FLAGS if flag in file.columns]
    held = imported.held.rows(
        datasets()["pupils"],
        ["entry_date", "leaving_date", *NAMES, *flags],
        file["school"].unique().to_list(),
    )
    roll = on_roll(_owned(imported, held), dated)
    if roll.is_empty():
        return []
    alarms = []
    is_several = roll["school"].n_unique() > 1
    for (school,), pupils in roll.group_by("school", maintain_order=True):
        there = file.filter(pl.col("school") == school)
        both = pupils.join(there, on=WHO, suffix="_now")
        place = f" at school {school}" if is_several else ""
        on = f"{pupils.height:,} pupils who are held as on roll{place}"
        missing = pupils.height - both.height
        if _is_many(missing, pupils.height):
            alarms.append(Alarm(
                "pupils missing",
                f"{missing:,} of the {on} are not in the file ({_share(missing, pupils.height)}).",
                "Look whether the export was narrowed to some classes or year groups.",
            ))  # fmt: skip
        moved = _moved(imported, there, str(school), dated)
        if _is_many(moved, pupils.height):
            alarms.append(Alarm(
                "year groups",
                f"{moved:,} of the {on} would change year group within {academic_year_of(dated)}"
                f" ({_share(moved, pupils.height)}).",
                "If the file shows another academic year, import it with the day that it was made.",
            ))  # fmt: skip
        renamed = _renamed(both)
        if _is_many(renamed, pupils.height):
            alarms.append(Alarm(
                "names",
                f"{renamed:,} of the {on} would have another surname or forename"
                f" ({_share(renamed, pupils.height)}).",
                "Look whether surname and forename are the right way round, and whose numbers these are.",
            ))  # fmt: skip
        alarms += [alarm for flag in flags for alarm in _lost(both, flag, place)]
    if _is_many(rejected, roll.height):
        alarms.append(Alarm(
            "pupils rejected",
            f"{rejected:,} rows of pupils are rejected, where {roll.height:,} are on roll.",
            "Mend the rows that are listed, and choose the file again.",
        ))  # fmt: skip
    return alarms


def _moved(imported: Import, there: pl.DataFrame, school: str, dated: date) -> int:
    """How many pupils the file puts into another year group than they are in, this academic year."""
    year = academic_year_of(dated)
    enrolled = imported.held.rows(datasets()["enrolments"], ["year_group"], [school])
    latest = (
        _owned(imported, enrolled)
        .filter((pl.col("academic_year") == year) & (pl.col("start_date") <= dated).fill_null(True))
        .sort("start_date", nulls_last=False)
        .group_by(WHO)
        .agg(pl.col("year_group").last())
    )
    both = latest.join(there, on=WHO, suffix="_now")
    return both.filter(pl.col("year_group") != pl.col("year_group_now")).height


def _renamed(both: pl.DataFrame) -> int:
    """How many pupils the file calls something else, whatever the case of its letters."""
    there = [name for name in NAMES if f"{name}_now" in both.columns]
    differs = (pl.col(name).str.to_lowercase() != pl.col(f"{name}_now").str.to_lowercase() for name in there)
    return both.filter(pl.any_horizontal(*differs)).height if there else 0


def _lost(both: pl.DataFrame, flag: str, place: str) -> list[Alarm]:
    """A status that would end for many of the pupils who have it; a blank ends nothing."""
    now = f"{flag}_now"
    if flag == "sen_status":
        had = both.filter(pl.col(flag) != "N")
        lost = had.filter(pl.col(now) == "N").height
    else:
        had = both.filter(pl.col(flag))
        lost = had.filter(~pl.col(now)).height
    if had.height < FEWEST_WITH_STATUS or lost < had.height * STATUS_SHARE:
        return []
    name = STATUS_WORDS.get(flag, flag.replace("_", " "))
    return [Alarm(
        "status", f"{lost:,} of the {had.height:,} pupils{place} with {name} would lose it"
        f" ({_share(lost, had.height)}).",
        f"Look whether the column for {name} was filled when the file was made, and what a blank means.",
    )]  # fmt: skip


def _new_codes(imported: Import, dataset: str, column: str) -> list[Alarm]:
    """Codes in many rows that this dataset has never held, and that no list of codes tells of."""
    seen = imported.held.values(datasets()[dataset], column)
    rows = imported.rows[dataset]
    if not seen or rows.is_empty():
        return []
    target, told, kind = TOLD_IN.get(column, ("", "", "subject"))
    known = {code.casefold() for code in seen} | {ALL}
    if kind:
        known |= {code.casefold() for code in known_codes()[kind].values()}
    if target:
        known |= {code.casefold() for code in imported.held.values(datasets()[target], told)}
    if target in imported.rows:
        known |= {str(code).casefold() for code in imported.rows[target][told].drop_nulls()}
    counts = rows.select(pl.col(column).drop_nulls()).to_series().value_counts(sort=True)
    many = [
        f"{code} ({count:,} of {rows.height:,} rows)" for code, count in counts.iter_rows()
        if code.casefold() not in known and (count > CODE_ROWS or (
            count >= FEWEST_CODE_ROWS and rows.height >= FEWEST_ROWS and count > rows.height * CODE_SHARE))
    ]  # fmt: skip
    if not many:
        return []
    more = f" and {len(many) - 5:,} more" if len(many) > 5 else ""
    what = column.removesuffix("_id").replace("_", " ")
    first = f"import {target} with a row for it first" if target else "import it all the same"
    return [Alarm(
        "code",
        f"{dataset}: a {what} that was never seen before is in many rows: {', '.join(many[:5])}{more}.",
        f"Look whether it is a new spelling of one that is held; if it is new indeed, {first}.",
    )]  # fmt: skip


def _fewer_rows(imported: Import, counts: dict[str, dict[str, int]], folder: Path) -> list[Alarm]:
    """Datasets with fewer than half the rows of the last import of the same schools."""
    alarms = []
    manifests = [manifest for manifest in list_imports(folder) if not manifest.withdrawn_at]
    for dataset, rows in imported.rows.items():
        last = next((manifest for manifest in reversed(manifests) if dataset in manifest.columns), None)
        if last is None or datasets()[dataset].is_global:
            continue
        kept = pl.scan_parquet(rows_file(folder, last.id, dataset))
        if "school_id" in last.columns[dataset] and "school_id" in rows.columns:
            schools = rows["school_id"].fill_null(imported.school).unique().to_list()
            owner = pl.col("school_id").fill_null(last.school_id or imported.school)
            kept = kept.filter(owner.is_in(schools))
        before = int(kept.select(pl.len()).collect().item())
        now = rows.height + counts[dataset].get("left_out", 0)
        if before >= FEWEST_ROWS and now < before * ROWS_SHARE:
            alarms.append(Alarm(
                "fewer rows", f"{dataset}: {now:,} rows, where the last import ({show_date(last.dated)},"
                f" number {last.number}) had {before:,}.",
                "Look whether a filter was left on, or the file was cut off.",
            ))  # fmt: skip
    return alarms


def _other_school(imported: Import) -> list[Alarm]:
    """Schools that were never held, where another is."""
    held = imported.held.schools()
    if not held:
        return []
    counts: dict[str, int] = {}
    for rows in imported.rows.values():
        if "school_id" in rows.columns:
            for school, count in rows["school_id"].drop_nulls().value_counts().iter_rows():
                counts[school] = counts.get(school, 0) + count
    new = {school: count for school, count in sorted(counts.items()) if school not in held | {ONLY_SCHOOL}}
    if not new:
        return []
    named = ", ".join(f"{school} ({count:,} rows)" for school, count in list(new.items())[:5])
    more = f" and {len(new) - 5:,} more" if len(new) > 5 else ""
    are = "a school that is" if len(new) == 1 else "schools that are"
    return [Alarm(
        "another school", f"The files name {are} not held so far: {named}{more}.",
        "If that is a mistake, choose the right file; a new school of a trust is one to accept.",
    )]  # fmt: skip


def _other_upns(imported: Import) -> list[Alarm]:
    """A roll most of whose UPNs were given by authorities and schools that no UPN held was given by."""
    rows = imported.rows["pupils"]
    if "upn" not in rows.columns:
        return []
    held = {upn[1:8] for upn in imported.held.values(datasets()["pupils"], "upn")}
    upns = rows["upn"].drop_nulls()
    if len(upns) < FEWEST_UPNS or not held:
        return []
    other = int((~upns.str.slice(1, 7).is_in(sorted(held))).sum())
    if other <= len(upns) * UPN_SHARE:
        return []
    return [Alarm(
        "another school",
        f"{other:,} of {len(upns):,} UPNs begin with the numbers of an authority and school that no pupil"
        f" held has ({_share(other, len(upns))}).",
        "Look whether this is another school's file.",
    )]  # fmt: skip


def _owned(imported: Import, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `school`, whether they name it or not."""
    owner = pl.col("school_id").fill_null(imported.school) if "school_id" in rows.columns else None
    return rows.with_columns((pl.lit(imported.school) if owner is None else owner).alias("school"))


def _is_many(pupils: int, of: int) -> bool:
    return pupils >= FEWEST_PUPILS and pupils > of * PUPILS_SHARE


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%"
