"""What a line of the journal says in a teacher's words: whom it is about, and what was written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from provmap.filters import show_date
from provmap.store import dataset_of, key_of, rows_to_edit
from provmap.ui.meeting import named
from provmap.ui.page import Page
from provmap.words import DATASETS, MEASURES, VALUES, heading
from provmap.words.families import STAGES
from provmap.words.reviews import CHECKED, DECISIONS, RATINGS, VOICES

Pupil = tuple[str | None, str]
# What tells rows apart and says nothing to a reader.
IDENTITIES = ("school_id", "meeting_id", "action_id", "decision_id", "placement_id", "first_time",
              "other_time", "address")  # fmt: skip
# What lines are about that no import has; all else is called as its dataset is.
KINDS = DATASETS | {
    "actions": "Actions", "barriers_removed": "Barriers that have gone", "decisions": "Decisions",
    "discussions": "Pupils in a meeting", "marks": "Overlaps marked as intended",
    "meetings": "Progress meetings", "saved_views": "Saved views", "settings": "Thresholds",
}  # fmt: skip
# The rows that a name stands for: dataset, its identifier, and what is said of it.
ROWS = (
    ("provisions", "provision_id", "name"), ("staff", "staff_id", "name"),
    ("placements", "placement_id", "provision_id"), ("actions", "action_id", "what"),
    ("decisions", "decision_id", "kind"),
)  # fmt: skip
# Which fields of the filter have the words for the codes of a column.
FIELDS = {
    "need_code": "needs", "need_codes": "needs", "group_code": "groups", "group_codes": "groups",
    "year_group": "year_groups", "year_groups": "year_groups", "subject": "subjects",
    "subject_missed": "subjects", "tier": "tiers", "class": "classes",
}  # fmt: skip
WORDS: dict[str, dict[Any, str]] = {
    "decision": DECISIONS, "rating": RATINGS, "adaptation_met": CHECKED, "voice": VOICES, "stage": STAGES,
    "measure": MEASURES,
}  # fmt: skip
CALLED = {
    "what": "What",
    "place": "Place on the list",
    "kind": "Kind",
    "words": "In words",
    "note": "Note",
    "value": "Value",
    "provision_id": "Provision",
}
# What a day in a key is the day of.
DAYS = {"start_date": "since", "set_on": "set on", "from_date": "from"}
DONE = {
    "is_removed": ("taken out", "put back"),
    "is_left_out": ("taken off the list", "put on the list again"),
    "is_taken_back": ("taken back", "stands again"),
}  # fmt: skip
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Called:
    """What identifiers stand for: the same one may be another pupil's in another school."""

    pupils: dict[Pupil, str] = field(default_factory=dict)
    rows: dict[tuple[str, str | None, str], str] = field(default_factory=dict)
    # Whom an action, a decision or a time in a provision is about.
    whose: dict[tuple[str, str | None, str], str] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)


def called_in(page: Page, lines: Iterable[Any] = (), **of: Any) -> Called:
    """The names of everything that lines are about; `of` limits them to schools.

    What is out by now is called as `lines`, the newest first, say.
    """
    pupils = {
        (row["school_id"], row["pupil_id"]): f"{row['forename']} {row['surname']}"
        for row in page.ask_school("pupil_list").iter_rows(named=True)
    }
    rows: dict[tuple[str, str | None, str], str] = {}
    whose: dict[tuple[str, str | None, str], str] = {}
    for row in rows_to_edit(page.store, "meetings", **of).iter_rows(named=True):
        rows["meeting_id", row["school_id"], row["meeting_id"]] = named(page, row | {"closed_on": None})
    for dataset, name, said in ROWS:
        for row in rows_to_edit(page.store, dataset, **of).filter(pl.col(name).is_not_null()).to_dicts():
            one = (name, row["school_id"], row[name])
            rows[one] = rows.get((said, row["school_id"], row[said]), row[said])
            if row.get("pupil_id"):
                whose[one] = row["pupil_id"]
    _add_said(lines, rows, whose)
    meanings = page.ask("thresholds").select("name", "meaning").iter_rows()
    labels = {name: page.labels(field) for name, field in FIELDS.items()} | {"threshold": dict(meanings)}
    return Called(pupils, rows, whose, labels)


def _add_said(lines: Iterable[Any], rows: dict[Any, str], whose: dict[Any, str]) -> None:
    """What lines say of rows that are not there any more: what they were, and whom they were about."""
    saying = {name: said for _, name, said in ROWS}
    for line in lines:
        key = key_of(line.subject)
        school = key.get("school_id")
        for name in saying.keys() & key.keys():
            one = (name, school, str(key[name]))
            now = line.body.get(saying[name], {}).get("now")
            if now and one not in rows:
                rows[one] = rows.get((saying[name], school, now), now)
            if pupil := line.body.get("pupil_id", {}).get("now"):
                whose.setdefault(one, pupil)


def pupil_of(subject: str, body: dict[str, Any], called: Called) -> Pupil | None:
    """The pupil that a line is about, if it is about one."""
    key = key_of(subject)
    school = key.get("school_id")
    named_in = [called.whose.get((name, school, str(value))) for name, value in key.items()]
    said = body.get("pupil_id", {}).get("now")
    found = key.get("pupil_id") or next((one for one in named_in if one), said)
    return (school, found) if found else None


def about(subject: str, body: dict[str, Any], called: Called, dataset: str = "") -> str:
    """Whom and what a line is about: "Ben Ash, Talk, since 5 Jan 2026"."""
    key = key_of(subject)
    school = key.get("school_id")
    pupil = pupil_of(subject, body, called)
    parts = [called.pupils.get(pupil, pupil[1])] if pupil else []
    for name, value in key.items():
        if value is None or name in ("school_id", "pupil_id", "first_time", "other_time"):
            continue
        one = (name.removeprefix("other_"), school, str(value))
        if dataset == "settings" and name == "name":
            parts.append(called.labels.get("threshold", {}).get(value, str(value)))
        elif one in called.rows:
            parts.append(called.rows[one])
        elif name in DAYS:
            parts.append(f"{DAYS[name]} {in_words(name, value, called, school)}")
        elif name not in IDENTITIES:
            parts.append(in_words(name, value, called, school))
    return ", ".join(dict.fromkeys(parts))


def changes_of(dataset: str, subject: str, body: dict[str, Any], called: Called | None = None) -> str:
    """What a line says, without the blanks of a new row and what identifies it."""
    called, key = called or Called(), key_of(subject)
    said = []
    # What was done to the row first; then in the order of its columns.
    for name in dict.fromkeys((*DONE, *dataset_of(dataset).column_names)):
        change = body.get(name, {"was": None, "now": None})
        now = change["now"]
        if name in DONE and (now or change["was"]):
            said.append(DONE[name][0 if now else 1])
        elif now != change["was"] and not _is_key(key, name, now):
            words = "left blank" if now is None else in_words(name, now, called, key.get("school_id"))
            said.append(f"{CALLED.get(name, heading(name))}: {words}")
    return "; ".join(said)


def _is_key(key: dict[str, Any], name: str, value: Any) -> bool:
    """Whether a column only says again what the line is about."""
    return name in ("pupil_id", *DONE, *IDENTITIES) or (name in key and key[name] == value)


def in_words(name: str, value: Any, called: Called, school: str | None = None) -> str:
    """A value of the journal as a teacher says it: a day as 3 Mar 2026, a code by its label."""
    if isinstance(value, list):
        return ", ".join(in_words(name, one, called, school) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0%}" if name.endswith("share_needed") else f"{value:g}"
    if isinstance(value, str) and DAY.fullmatch(value):
        return show_date(date.fromisoformat(value))
    return _called(name, value, called, school)


def _called(name: str, value: Any, called: Called, school: str | None) -> str:
    """What an identifier or a code stands for; else the value itself."""
    row = ("staff_id" if name == "staff_ids" else name, school, str(value))
    words = called.labels.get(name, {}) | WORDS.get(name, {}) | VALUES.get(name, {})
    return called.rows.get(row) or str(words.get(value, value))
