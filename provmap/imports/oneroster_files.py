"""The files of a OneRoster bundle -> their rows, as far as its manifest says that they count."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.delimited import read_delimited

MANIFEST = "manifest.csv"
# What provmap reads of a bundle, and the columns without which a file says nothing to it.
REQUIRED = {
    "orgs": ("sourcedId", "name", "type"),
    "academicSessions": ("sourcedId", "title", "type", "startDate", "endDate", "schoolYear"),
    "users": ("sourcedId", "givenName", "familyName"),
    "roles": ("userSourcedId", "role", "orgSourcedId"),
    "classes": ("sourcedId", "title", "classType"),
    "enrollments": ("classSourcedId", "userSourcedId", "role"),
    "demographics": ("sourcedId",),
}
OTHERS = (
    "categories", "classResources", "courseResources", "courses", "lineItemLearningObjectiveIds",
    "lineItemScoreScales", "lineItems", "resources", "resultLearningObjectiveIds", "resultScoreScales",
    "results", "scoreScales", "userProfiles", "userResources",
)  # fmt: skip
NAMES = frozenset({MANIFEST, *(f"{name}.csv" for name in (*REQUIRED, *OTHERS))})
EXPORT_AGAIN = "Export the bundle again from the system that made it."
# Beside the columns of a row: its line in the file, and what is wrong with the row as such.
LINE, FAULT = "_line", "_fault"

Row = dict[str, str]
Load = Callable[[], bytes | Path]


@dataclass
class Bundle:
    """The rows of each file that counts, each with its line, and what a person should be told."""

    name: str
    version: str
    modes: dict[str, str]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[Row]:
        """The rows of a file; none where the bundle does not have it."""
        return self.rows.get(name, [])

    def is_whole(self, *names: str) -> bool:
        """Whether these files are there with all their rows, and not just with what has changed."""
        return all(self.modes.get(name) == "bulk" for name in names)


def is_oneroster(manifest: bytes | Path) -> bool:
    """Whether a manifest.csv is that of a OneRoster bundle."""
    if isinstance(manifest, bytes):
        return b"oneroster.version" in manifest[:10_000]
    with manifest.open("rb") as stream:
        return b"oneroster.version" in stream.read(10_000)


def open_bundle(name: str, members: dict[str, Load]) -> Bundle:
    """Reads the files that the manifest says are there. Raises ImportRefused."""
    rows, notices = _read(name, MANIFEST, members[MANIFEST], ("propertyName", "value"))
    properties = {row["propertyName"].strip(): row["value"].strip() for row in rows}
    version = properties.get("oneroster.version", "")
    if version not in ("1.1", "1.2"):
        raise ImportRefused(
            f"{name} is a OneRoster bundle of version {version or '(none)'}.",
            "Export it as OneRoster 1.1 or 1.2.",
        )
    modes = {
        key.removeprefix("file."): mode.lower() for key, mode in properties.items() if key.startswith("file.")
    }
    bundle = Bundle(name, version, modes, notices=notices)
    for part, required in REQUIRED.items():
        _add(bundle, part, required, members)
    if unread := [part for part in OTHERS if modes.get(part) in ("bulk", "delta")]:
        bundle.notices.append(f"Nothing is read from {', '.join(unread)}: provmap has no place for it.")
    return bundle


def _add(bundle: Bundle, part: str, required: tuple[str, ...], members: dict[str, Load]) -> None:
    file, mode = f"{part}.csv", bundle.modes.get(part, "absent")
    if mode not in ("bulk", "delta"):
        if file in members:
            bundle.notices.append(f"{file} was left out: the manifest says that it is {mode}.")
        return
    if file not in members:
        raise ImportRefused(f"The manifest of {bundle.name} names {file}, which is not there.", EXPORT_AGAIN)
    if mode == "delta":
        bundle.notices.append(f"{file} holds only what has changed (delta): no row is missing from it.")
    rows, notices = _read(bundle.name, file, members[file], required)
    left = Counter(status for row in rows if (status := row.get("status", "").lower()) not in ("", "active"))
    bundle.notices += notices
    for status, count in left.items():
        ends = " A pupil who has left needs a leaving date." if part == "users" else ""
        bundle.notices.append(f"{file}: {count:,} marked {status}, and left out.{ends}")
    bundle.rows[part] = [row for row in rows if row.get("status", "").lower() in ("", "active")]


def _read(name: str, file: str, load: Load, required: tuple[str, ...]) -> tuple[list[Row], list[str]]:
    content = load()
    full_name = f"{name}: {file}"
    table = read_delimited(full_name, content if isinstance(content, bytes) else content.read_bytes())
    headings = [heading.strip() for heading in table.headings]
    for wanted in required:
        if wanted not in headings:
            other = next((heading for heading in headings if heading.casefold() == wanted.casefold()), "")
            near = f" It has {other}: capitals count in OneRoster." if other else ""
            raise ImportRefused(f"{full_name} has no column {wanted}.{near}", EXPORT_AGAIN)
    cells = table.rows.with_columns(pl.all().str.strip_chars()).rows()
    rows = [dict(zip(headings, row, strict=True)) for row in cells]
    for place, (row, line) in enumerate(zip(rows, table.lines, strict=True)):
        row[LINE], row[FAULT] = str(line), table.faults.get(place, "")
    return rows, [words.removeprefix(f"{name}: ") for words in table.notices]
