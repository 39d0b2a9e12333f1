"""A row that is corrected, or a new one, in a form that loses nothing: kept as it is typed and chosen.

Two who correct one row: what the other saved stands in the fields that were not touched here; where both
gave something else, both are shown, and the second to save chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from provmap.drafts import kept
from provmap.store import Dataset, Edit, dataset_of, row_now
from provmap.ui.begun import is_clash, say_begun, show_begun, show_both
from provmap.ui.drafted import Form, as_kept, open_form, writer_here
from provmap.ui.fields import Choices, is_text, kept_fields
from provmap.ui.page import Page
from provmap.ui.seen import as_drawn, save_drawn
from provmap.words import heading

Row = dict[str, Any]


@dataclass(frozen=True)
class Opened:
    """A form as it is drawn: the row as it was in sight (none of a new one), and what stands in it."""

    name: str
    form: Form
    held: Row
    given: Row
    is_held_up: bool


def correct(
    page: Page,
    name: str,
    dataset: str,
    columns: tuple[str, ...],
    now: Row,
    *,
    choices: Choices,
    record: str = "",
    key: str = "",
    at_first: Row | None = None,
    called: dict[str, str] | None = None,
    besides: Sequence[str] = (),
) -> Opened:
    """The fields of a row that is there. The button that saves has the key `sends(name)`.

    `at_first` has what stands in fields that are blank so far; `besides` names what else the form keeps.
    """
    held = as_drawn(name, {now["row_key"]: now}).get(now["row_key"], now)
    texts = _texts(dataset_of(dataset), columns, choices, called)
    # Of words both are shown before anything is sent; what was chosen is told of when it is.
    shown = held | {one: now[one] for one in texts} | {"written_by": now["written_by"]}
    shown |= {one: value for one, value in (at_first or {}).items() if held[one] is None}
    form = open_form(
        page.store.folder, record or record_of(dataset, held["row_key"]),
        {one: as_kept(shown[one]) for one in columns} | dict.fromkeys(besides),
    )  # fmt: skip
    show_begun(form, texts)
    twice = [one for one in columns if is_clash(form, one, shown)]
    for one in twice:
        label = texts.get(one) or (called or {}).get(one, heading(one))
        show_both(form, one, label, shown, is_text=one in texts)
    given = kept_fields(form, dataset_of(dataset), columns, choices, key or form.record, called=called)
    return Opened(name, form, held, given, bool(twice))


def enter(
    page: Page,
    record: str,
    dataset: str,
    columns: tuple[str, ...],
    at_first: Row,
    *,
    choices: Choices,
    key: str,
    called: dict[str, str] | None = None,
    besides: Sequence[str] = (),
) -> Opened:
    """The fields of a new row; `besides` names what else the form keeps, such as for whom it is."""
    form = new_form(page, record, (*columns, *besides), at_first)
    show_begun(form, _texts(dataset_of(dataset), columns, choices, called))
    given = kept_fields(form, dataset_of(dataset), columns, choices, key, called=called)
    return Opened("", form, {}, given, False)


def new_form(page: Page, record: str, names: Sequence[str], at_first: Row) -> Form:
    """The form of a new row, with what stands in it at first."""
    return open_form(page.store.folder, record, {one: as_kept(at_first.get(one)) for one in names})


def save_correction(
    page: Page, made_by: str, dataset: str, opened: Opened, *, also: Sequence[Edit] = (), **given: Any
) -> None:
    """Saves what differs from what was in sight, with `also` or not at all.

    `given` is what stands otherwise than in the fields. Where somebody else was first, both are shown, and
    saving again is a choice.
    """
    held = opened.held
    now = {one: value for one, value in (opened.given | given).items() if value != held[one]}
    edit = Edit(dataset, now, held["row_key"], held["row_version"])
    save_drawn(page, made_by, opened.name, [edit, *also], "Saved.", begun=opened.form)
    newest = row_now(page.store, dataset, held["row_key"])
    if newest and newest["row_version"] > held["row_version"]:
        opened.form.told({one: as_kept(newest[one]) for one in opened.form.given if one in newest})
        st.warning(
            "What you typed still stands in the form. Change it, or save again to put yours in its place.",
            icon="✋",
        )


def record_of(dataset: str, row_key: str) -> str:
    """What the draft about a row is kept under."""
    return f"{dataset}/{row_key}/"


def say_waiting(page: Page, begins: str, names: Mapping[str, str], *, but: str = "") -> None:
    """About which rows something is begun and not saved: it is there again once they are chosen.

    `names` says what each is called by its record; `but` is the record that is in sight.
    """
    folder = page.store.folder
    begun = dict.fromkeys(one.record for one in kept(folder, begins, writer_here(folder)))
    say_begun(list(dict.fromkeys(names[one] for one in begun if one in names and one != but)))


def is_waiting(page: Page, begins: str) -> bool:
    """Whether anything is begun whose record begins so."""
    return bool(kept(page.store.folder, begins, writer_here(page.store.folder)))


def _texts(
    dataset: Dataset, columns: Sequence[str], choices: Choices, called: dict[str, str] | None
) -> dict[str, str]:
    """The columns that are asked for in words, by what they are called."""
    return {
        one: (called or {}).get(one, heading(one))
        for one in columns
        if is_text(dataset.column(one), choices.get(one))
    }
