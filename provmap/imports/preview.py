"""What an import would do, before it is done; and doing it.

Nothing is written until `commit`, which hands the good rows and the files as they came to the store.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.alarms import Alarm, find_alarms
from provmap.imports.changes import MOST_SHOWN, changed_cells, no_changes
from provmap.imports.checks import LINE
from provmap.imports.comparing import FILE, columns_of, compare, keep_first
from provmap.imports.foreign import Foreign, mappings
from provmap.imports.full_lists import still_listed
from provmap.imports.held import Held
from provmap.imports.keys import IS_KNOWN
from provmap.imports.mended import NOT_OF_A_PART
from provmap.imports.plans import Plan, remember
from provmap.imports.policies import check_policy, settle_policy
from provmap.imports.problems import NOTICE, no_problems
from provmap.imports.reading import Progress, Reading, read_paths
from provmap.imports.references import Import, unknown_references
from provmap.imports.schools import only_school, settle_school
from provmap.imports.sources import Source
from provmap.imports.ticks import Undated
from provmap.imports.ticks import told as told_of_ticks
from provmap.imports.transfers import follow_upns
from provmap.imports.twice_counted import twice_counted
from provmap.imports.uneven import kept_columns
from provmap.imports.unticked import lists_of, unticked
from provmap.imports.when import older_than_held
from provmap.store import Manifest, datasets, keep_import
from provmap.store.replacing import ADD, REPLACE
from provmap.store.versions import ONLY_SCHOOL

BLANK_FLAGS = ("not supplied", "no")
# How many kinds of problem the record of an import keeps.
MOST_RECORDED = 200
# Which share of a preview is done once the files are read.
READING = 0.8


@dataclass(frozen=True)
class Preview:
    """What an import would do.

    `counts` is rows by dataset: read, new, changed, unchanged, missing, rejected (and `withdrawn` where it
    replaces, `left_out` where it only updates). `problems` has a row a problem (see problems.py), `rejected`
    the lines left out of each file. `changed_columns` counts changed cells by dataset and column.
    """

    folder: Path
    dated: date
    blank_flags: str
    school_id: str | None
    reading: Reading
    counts: dict[str, dict[str, int]]
    problems: pl.DataFrame
    notices: list[str]
    rows: dict[str, pl.DataFrame]
    rejected: list[pl.Series]
    policy: str = ADD
    alarms: list[Alarm] = field(default_factory=list)
    changed_cells: list[pl.DataFrame] = field(default_factory=list)
    changed_columns: dict[str, dict[str, int]] = field(default_factory=dict)
    carried: dict[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def changes(self) -> pl.DataFrame:
        """The first changed cells, the old value and the new side by side (see changes.py)."""
        return pl.concat([no_changes(), *self.changed_cells]).head(MOST_SHOWN)

    @property
    def ignored(self) -> dict[str, tuple[str, ...]]:
        """The columns of each file that provmap does not know, and so left alone."""
        return {read.file.name: read.ignored for read in self.reading.files if read.ignored}

    @property
    def foreign(self) -> list[Foreign]:
        """The tables in headings of their own, each with its plan and what only a person can say."""
        return self.reading.foreign

    @property
    def rejected_rows(self) -> int:
        """How many rows are left out."""
        return sum(counts["rejected"] for counts in self.counts.values())

    @property
    def changes_nothing(self) -> bool:
        """Whether every good row is held already, just so, and no other is withdrawn."""
        return not any(
            counts["new"] or counts["changed"] or counts.get("withdrawn") for counts in self.counts.values()
        )


def preview(
    folder: Path,
    paths: list[Source],
    dated: date,
    blank_flags: str = "not supplied",
    progress: Progress | None = None,
    *,
    school_id: str | None = None,
    plans: dict[str, Plan] | None = None,
    policy: str = ADD,
    letters: str = "",
    sheets: dict[str, tuple[str, ...]] | None = None,
    only_sheets: tuple[str, ...] = (),
) -> Preview:
    """Reads files, folders, zips or uploads and compares them with what is held; changes nothing.

    `plans` says by table name what to do with tables in headings of their own (`*`: with all of them);
    `blank_flags` is what a blank status means; `school_id` whose rows are those that name no school,
    where several are held; `policy` how it merges (see policies.py); `letters` what text that is not UTF-8
    was written with (see letters.py; empty: as its words look); `sheets` which sheets of a workbook to take
    (see read_paths: given where a person can be asked), `only_sheets` which of every workbook.
    Raises ImportRefused with what to mend.
    """
    check_policy(policy)
    if blank_flags not in BLANK_FLAGS:
        raise ImportRefused(f"A blank status cannot mean {blank_flags}.", "Choose: not supplied, or no.")
    held = Held(folder)
    found_mappings = mappings(folder, held, dated, plans, school_id)
    reading = read_paths(
        paths,
        blank_flags,
        _first_part(progress),
        found_mappings,
        letters=letters,
        sheets=sheets,
        only_sheets=only_sheets,
    )
    frames = {name: reading.rows_of(name) for name in reading.datasets()}
    school = only_school(frames, held, school_id)
    frames, followed = follow_upns(frames, reading, held, school or ONLY_SCHOOL)
    found = Preview(
        folder, dated, blank_flags, school if school != ONLY_SCHOOL else None, reading, {},
        pl.concat([no_problems(), *(read.problems for read in reading.files)]),
        [*reading.notices, *followed], {},
        [read.rejected for read in reading.files], policy,
    )  # fmt: skip
    problems = [found.problems]
    for number, name in enumerate(frames):
        if progress:
            rows = f"{frames[name].height:,} rows of {name.replace('_', ' ')}"
            progress(f"Comparing {rows} with what is held", READING + (1 - READING) * number / len(frames))
        problems += _compare_one(found, name, frames[name], held, school)
    imported = Import(found.rows, reading.names, held, school or ONLY_SCHOOL)
    problems += unknown_references(imported)
    alarms = find_alarms(imported, found.counts, folder, dated) + twice_counted(imported, policy)
    if reading.is_mended:
        alarms = [alarm for alarm in alarms if alarm.kind not in NOT_OF_A_PART]
    found.notices.extend(older_than_held(imported, found.counts, folder, dated))
    if policy != REPLACE:
        # A full list withdraws what it does not have, and says so.
        known = next((one.known for one in found.foreign), None)
        entered = [(one.dataset, who) for one in reading.files if one.undated for who in one.undated.entered]
        gone, listed = unticked(lists_of(found.foreign), frames, entered, known, folder)
        found.notices.extend(gone)
        problems.append(listed)
    told = pl.concat(problems).sort("file", "line", maintain_order=True)
    bare = {
        name: pl.concat([kept_columns(frame, columns_of(frame)), found.carried[name]], how="diagonal")
        for name, frame in found.rows.items() if frame.height
    }  # fmt: skip
    return Preview(**{**vars(found), "problems": told, "rows": bare, "alarms": alarms})


def _first_part(progress: Progress | None) -> Progress | None:
    """Reading is the first and longest part of a preview."""
    if progress is None:
        return None
    return lambda words, share: progress(words, READING * share)


def commit(
    preview: Preview, made_by: str, progress: Progress | None = None, *, accept_alarms: bool = False
) -> Manifest | None:
    """Makes the import: all good rows, or nothing at all. None where it would change nothing.

    Alarms stop it until a person has read them and said `accept_alarms`; the record keeps them.
    Raises ImportRefused or StoreError with everything left as it was.
    """
    if asked := [f"{one.name}: {question}" for one in preview.foreign for question in one.questions]:
        raise ImportRefused(
            f"There is something that only you can say. {' '.join(asked)}",
            "Answer on the page Import and data, or print the mapping with `import --dry-run`, "
            "put the answers in place of each ?, and give it with --mapping.",
        )
    if not preview.rows and preview.counts and not preview.rejected_rows:
        return None
    if not preview.rows:
        raise ImportRefused("No row of these files can be imported.", "Mend the rows that are listed.")
    # The same pupils again may still be news: a new academic year is a new enrolment.
    if preview.changes_nothing and "pupils" not in preview.rows:
        return None
    if preview.alarms and not accept_alarms:
        raise ImportRefused(
            f"Nothing is imported before somebody has said yes to this. {' '.join(map(str, preview.alarms))}",
            "To import all the same, say so: with --accept-alarms, or on the page beside the button.",
        )
    made = keep_import(
        preview.folder,
        rows=preview.rows,
        sources=preview.reading.sources,
        dated=preview.dated,
        made_by=made_by,
        blank_flags=preview.blank_flags,
        school_id=preview.school_id,
        counts=preview.counts,
        problems=_recorded(preview.problems),
        policy=preview.policy,
        accepted=[alarm.sentence for alarm in preview.alarms],
        lists=sorted({one.kind for one in lists_of(preview.foreign)}),
        progress=progress,
    )
    for one in preview.foreign:
        remember(preview.folder, one.table.headings, one.plan)
    return made


def _compare_one(
    found: Preview, name: str, rows: pl.DataFrame, held: Held, school: str | None
) -> list[pl.DataFrame]:
    """Counts one dataset and keeps its good rows in `found`; returns what is wrong with the others."""
    names = found.reading.names
    files = [file for file in found.reading.files if file.dataset == name]
    undated = sum((file.undated for file in files if file.undated), Undated())
    found.notices.extend(told_of_ticks(name, undated, found.dated))
    read = rows.height + sum(len(file.rejected) for file in files)
    rows, homeless, no_school = settle_school(name, rows, names, school)
    unique = keep_first(datasets()[name], rows, names, school or ONLY_SCHOOL)
    for part in (homeless, unique.rejected):
        for (file,), group in part.group_by(FILE):
            found.rejected[int(file)] = found.rejected[int(file)].append(group[LINE])
    result = compare(datasets()[name], unique.rows, held, school or ONLY_SCHOOL)
    if unique.repeats:
        times = "1 row repeats" if unique.repeats == 1 else f"{unique.repeats:,} rows repeat"
        count = "counts" if unique.repeats == 1 else "count"
        found.notices.append(f"{name}: {times} another one in full, and {count} once.")
    if unique.joined:
        rows_are = "1 row is" if unique.joined == 1 else f"{unique.joined:,} rows are"
        found.notices.append(f"{name}: {rows_are} about what another row tells of, and put together with it.")
    found.counts[name] = {
        "read": read + len(undated.entered),
        "new": result.new,
        "changed": result.changed,
        "unchanged": result.unchanged + unique.repeats + unique.joined + len(undated.entered),
        "missing": result.missing,
        "rejected": read - unique.rows.height - unique.repeats - unique.joined,
    }
    numbers = [place for place, file in enumerate(found.reading.files) if file.dataset == name]
    listed = pl.Series([], dtype=pl.UInt64)
    if found.policy == REPLACE:
        left = [(file.file.name, file.left, len(file.rejected)) for file in files]
        unsaid = homeless.with_columns(pl.lit(False).alias(IS_KNOWN))
        left += [(names[0], unsaid, unsaid.height)] if unsaid.height else []
        listed = still_listed(datasets()[name], left, result.before, school or ONLY_SCHOOL)
    settled = settle_policy(
        found.policy, datasets()[name], unique.rows, result, names=names, dated=found.dated,
        school=school or ONLY_SCHOOL, listed=listed,
        undated=[place for place in numbers if found.reading.files[place].undated is not None],
    )  # fmt: skip
    found.carried[name] = settled.carried
    found.counts[name] |= settled.counts
    found.notices.extend(settled.notices)
    found.rows[name] = settled.rows
    if result.changed:
        columns = [column for column in columns_of(unique.rows) if column != "school_id"]
        cells, found.changed_columns[name] = changed_cells(
            datasets()[name], result.after, result.before, result.changed_keys, columns
        )
        found.changed_cells.append(cells)
    return [no_school, unique.problems, settled.problems]


def _recorded(problems: pl.DataFrame) -> list[dict[str, Any]]:
    """Problems for the record of the import: how many of which kind and where first, without any value."""
    kinds = (
        problems.group_by("file", "dataset", "column", "expected", "verdict", maintain_order=True)
        .agg(pl.len().alias("rows"), pl.col("line").min().alias("first_line"))
        .sort(pl.col("verdict") == NOTICE, maintain_order=True)
    )
    return kinds.head(MOST_RECORDED).to_dicts()
