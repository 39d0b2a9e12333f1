"""The fields of a form, made from the contract: one for each column, by its kind, its comment as help.

What is typed or chosen in each is kept at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from provmap.store import Column, Dataset
from provmap.ui.drafted import Form, as_kept, text_field
from provmap.ui.page import Page, plain
from provmap.words import VALUES, heading

# Texts that take more than a line.
LONG = {"note", "definition", "intended_outcome", "barrier", "monitoring", "reason", "words",
        "parent_words", "adaptation"}  # fmt: skip
# Lists and choices to which a school may add words of its own.
OPEN = {"subject", "subject_missed", "group_name", "lead", "skills_required"}
# The pupils that a form is for, in its draft.
WHO = "who"
NOT_SAID, TO_CHOOSE = "Not recorded", "Choose one"
YES_NO = {True: "Yes", False: "No"}

Choices = dict[str, dict[str, str]]


def kept_fields(
    form: Form,
    dataset: Dataset,
    names: tuple[str, ...],
    choices: Choices,
    key: str,
    *,
    called: dict[str, str] | None = None,
    below: Mapping[str, Callable[[], None]] | None = None,
) -> dict[str, Any]:
    """Draws a field for each column, two abreast, as the form has it; returns what stands in them.

    Each is kept as it is given: never in `st.form`, which sends nothing before its button. `called` has other
    words for columns whose usual heading says something else here; `below` draws what belongs to a field.
    """
    given: dict[str, Any] = {}

    def draw(name: str) -> None:
        label = (called or {}).get(name, heading(name))
        given[name] = _kept(form, dataset.column(name), choices.get(name), f"{key}_{name}", label)
        # What is refused is said beside its field.
        form.called[name], form.places[name] = label, st.empty()
        if below and name in below:
            below[name]()

    short = [name for name in names if name not in LONG]
    for place in range(0, len(short), 2):
        for column, name in zip(st.columns(2), short[place : place + 2], strict=False):
            with column:
                draw(name)
    for name in names:
        if name in LONG:
            draw(name)
    return given


def is_text(column: Column, choices: dict[str, str] | None) -> bool:
    """Whether a column is asked for in words, and chosen from nothing."""
    return column.type == "text" and choices is None and not column.allowed


def _kept(form: Form, column: Column, choices: dict[str, str] | None, key: str, called: str) -> Any:
    name, label = column.name, called + (" (needed)" if column.required else "")
    if is_text(column, choices):
        lines = 3 if name in LONG else 1
        return text_field(form, name, label, lines=lines, help=column.comment).strip() or None
    key += f"_{form.turns[name]}" if form.turns.get(name) else ""
    if key not in st.session_state or key not in form.at_first:
        form.at_first[key] = form.given.get(name)
    value = form.at_first[key]
    if column.type == "date" and value:
        value = date.fromisoformat(value)
    told = {"key": key, "help": column.comment, "on_change": partial(_keep, form, name, key)}
    if column.required and (choices is not None or column.allowed):
        told["placeholder"] = TO_CHOOSE
    return _drawn(column, value, choices, told, label)


def _keep(form: Form, name: str, key: str) -> None:
    form.put(name, as_kept(st.session_state[key]))


def kept_people(
    form: Form, label: str, options: list[tuple[str, str]], called: dict[tuple[str, str], str], key: str
) -> list[tuple[str, str]]:
    """Several pupils, kept with what is begun about them."""
    key += f"_{form.turns[WHO]}" if form.turns.get(WHO) else ""
    if key in st.session_state:
        # Who is not counted any more cannot be chosen.
        st.session_state[key] = [one for one in st.session_state[key] if one in options]
    else:
        kept = [(school, pupil) for school, pupil in form.given.get(WHO) or []]
        form.at_first[key] = [one for one in kept if one in options]
    chosen: list[tuple[str, str]] = st.multiselect(
        label, options, default=form.at_first[key], key=key, format_func=lambda one: called[one],
        on_change=partial(_keep, form, WHO, key), placeholder="Type names, or choose",
        # With it the first of what is offered is everybody of a like name, and Enter takes them all.
        select_all=False,
    )  # fmt: skip
    return chosen


def known_choices(page: Page) -> Choices:
    """What the school calls the codes that fields choose from, by column."""
    subjects = page.labels("subjects")
    return {
        "need_code": page.labels("needs"),
        "need_codes": page.labels("needs"),
        "year_groups": page.labels("year_groups"),
        "year_group": page.labels("year_groups"),
        "group_code": page.labels("groups"),
        "group_codes": page.labels("groups"),
        "tier": page.labels("tiers"),
        "subject": subjects,
        "subject_missed": subjects,
    }


def _drawn(
    column: Column, value: Any, choices: dict[str, str] | None, told: dict[str, Any], label: str
) -> Any:
    if column.type == "list":
        return _choose_many(label, choices or {}, value or [], told) or None
    if column.type == "boolean":
        return _choose(label, YES_NO, value, told)
    if column.allowed and not choices:
        words = VALUES.get(column.name, {})
        choices = {code: words.get(code, code.capitalize()) for code in column.allowed}
    if choices is not None:
        return _choose(label, choices, value, told, is_open=column.name in OPEN)
    return _typed(column, label, value, told)


def _typed(column: Column, label: str, value: Any, told: dict[str, Any]) -> Any:
    if column.type == "date":
        return st.date_input(label, value=value, format="DD/MM/YYYY", **told)
    if column.type == "integer":
        return st.number_input(label, value=value, step=1, format="%d", **told)
    return st.number_input(label, value=value, step=1.0, format="%g", **told)


def _choose(
    label: str, choices: dict[Any, str], value: Any, told: dict[str, Any], is_open: bool = False
) -> Any:
    # What is recorded stays a choice, also where it is no code that we know.
    offered = list(choices) + ([value] if value is not None and value not in choices else [])
    chosen = st.selectbox(
        label, offered, index=offered.index(value) if value is not None else None,
        format_func=lambda one: choices.get(one, str(one)), accept_new_options=is_open,
        **{"placeholder": NOT_SAID} | told,
    )  # fmt: skip
    if is_open and chosen and chosen not in choices:
        say_alike(str(chosen), choices)
    return chosen


def say_alike(new: str, choices: dict[Any, str]) -> None:
    """A word of their own that begins as a known one does was rather typed to find that."""
    alike = [words for words in choices.values() if words.casefold().startswith(new.casefold())]
    if alike:
        st.caption(f"⚠️ “{plain(new)}” is new. Did you mean {plain(' or '.join(alike))}? Then choose that.")


def _choose_many(label: str, choices: dict[str, str], value: list[str], told: dict[str, Any]) -> list[str]:
    offered = list(dict.fromkeys([*choices, *value]))
    return st.multiselect(
        label, offered, default=value, placeholder="None", format_func=lambda one: choices.get(one, str(one)),
        accept_new_options=not choices, select_all=False, **told,
    )  # fmt: skip
