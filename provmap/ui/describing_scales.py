"""A scale of the school's own, and expected marks: written as a small file, and imported like any other.

Results are worked out when the store is built, and so these go the way of every file: kept, dated, and taken
back under Import and data.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from provmap.errors import UsageError
from provmap.imports import commit, preview
from provmap.imports.people import user_name
from provmap.store import data_folder
from provmap.ui.begun import show_begun
from provmap.ui.drafted import Form, chosen, open_form, text_field
from provmap.ui.page import Page, plain
from provmap.ui.working import working
from provmap.words import BETTER, count

# What is typed of a scale.
SCALE = {
    "name": "Name (needed)",
    "values": "Its values in order, the lowest first, one a line (needed)",
    "expected": "The expected value by year, one a line",
}
TERMS = ("autumn", "spring", "summer")
Rows = list[dict[str, Any]]


def add_scale(page: Page) -> None:
    """The form for an ordered scale: its values in order, one a line, and what is expected when."""
    st.subheader("Add an ordered scale", anchor=False)
    if _is_sample(page):
        return
    at_first = dict.fromkeys((*SCALE, "subject")) | {"better": next(iter(BETTER))}
    form = open_form(page.store.folder, "scale/", at_first)
    with st.container(border=True):
        show_begun(form, SCALE)
        left, right = st.columns(2)
        with left:
            name = text_field(form, "name", SCALE["name"]).strip()
        with right:
            better: str = chosen(form, "better", st.selectbox, "Which way is better", options=list(BETTER),
                                 format_func=lambda one: BETTER[one])  # fmt: skip
        listed = text_field(
            form, "values", SCALE["values"], lines=6,
            help="Such as: Emerging = needs help with most of it. What a value means may stand after an "
            "equals sign.",
        )  # fmt: skip
        subjects = page.labels("subjects")
        known = [*subjects, *({form.given["subject"]} - {None, *subjects})]
        subject = chosen(form, "subject", st.selectbox, "Subject of the expected values", options=known,
                         placeholder="None yet", format_func=lambda one: subjects.get(one, one),
                         accept_new_options=True)  # fmt: skip
        expected = text_field(
            form, "expected", SCALE["expected"], lines=4,
            help="Such as: 1 = Developing. The year group as R, 1, 2 …; it holds in all three terms.",
        )  # fmt: skip
        pressed = st.button("Add the scale", type="primary", key="scale_add")
    if pressed:
        values, years = _lines(listed), _lines(expected)
        wrong = _faults(page, name, values, years, subject)
        if wrong:
            st.error(" ".join(wrong), icon="⚠️")
            return
        files = _of_scale(name, better, values) | _of_years(name, subject, values, years)
        _import(page.store.today, files, f"{name} is added.", form)


def set_marks(page: Page) -> None:
    """The form for expected marks on any scale: a subject, year groups and terms at once."""
    st.subheader("Set expected marks", anchor=False)
    if _is_sample(page, again=True):
        return
    scale = st.selectbox("Scale", page.ask("scales_held")["scale"].to_list(), index=None, key="marks_scale",
                         placeholder="Choose a scale")  # fmt: skip
    if scale is None:
        return
    rows = page.ask("scale_values_held").filter((pl.col("scale") == scale) & (pl.col("value_kind") == "step"))
    steps = rows["scale_value"].to_list()
    with st.container(border=True):
        form = open_form(page.store.folder, f"marks/{scale}/", {"expected": None, "greater_depth": None})
        left, right = st.columns(2)
        years, subjects = page.labels("year_groups"), page.labels("subjects")
        subject = left.selectbox(
            "Subject (needed)", list(subjects), index=None, key="marks_subject", placeholder="Choose one",
            format_func=lambda one: subjects.get(one, one), accept_new_options=True,
        )  # fmt: skip
        for_years = right.multiselect(
            "Year groups (needed)", list(years), key="marks_years", placeholder="Choose years",
            format_func=lambda one: years.get(one, one),
        )  # fmt: skip
        terms = left.multiselect("Terms (needed)", TERMS, default=TERMS, key="marks_terms")
        with left:
            expected = _value(form, "expected", "Expected (needed)", steps)
        with right:
            deeper = _value(form, "greater_depth", "Greater depth", steps)
        pressed = st.button("Set the marks", type="primary", key="marks_set")
    if not pressed:
        return
    if not (subject and for_years and terms and expected):
        st.error("Say of which subject, for which years and terms, and what is expected.", icon="⚠️")
        return
    marks = [
        {"scale": scale, "subject": subject, "year_group": year, "term": term, "expected": expected,
         "greater_depth": deeper}
        for year in for_years for term in terms
    ]  # fmt: skip
    words = f"{count(len(marks), 'expected mark').capitalize()} set on {scale}."
    _import(page.store.today, {"expectations": marks}, words, form)


def _value(form: Form, name: str, label: str, steps: list[str]) -> str | None:
    if steps:
        value: str | None = chosen(form, name, st.selectbox, label, options=steps, placeholder="Not set")
        return value
    return text_field(form, name, label, help="A number; of an age scale, months.").strip() or None


def _is_sample(page: Page, again: bool = False) -> bool:
    """Whether nothing of the school's own is held yet: its scales would stand in an empty school."""
    if page.store.is_sample and not again:
        st.info("This is the sample school. Bring in your own roll first; then add your scales here.")
    return page.store.is_sample


def _lines(text: str) -> list[tuple[str, str]]:
    """Each line that says anything, split at its first equals sign."""
    parts = [line.partition("=") for line in text.splitlines() if line.strip()]
    return [(value.strip(), meaning.strip()) for value, _, meaning in parts]


def _faults(
    page: Page, name: str, values: list[tuple[str, str]], years: list[tuple[str, str]], subject: str | None
) -> list[str]:
    """What is wrong with the form, in sentences."""
    listed = [value.casefold() for value, _ in values]
    # Results may be on it already: then nobody has said yet what it is.
    described = page.ask("scales_held").filter(pl.col("whose") != "nobody")
    known = {scale.casefold() for scale in described["scale"]}
    wrong = []
    if not name or len(values) < 2:
        wrong.append("A scale needs a name and at least two values.")
    if name.casefold() in known:
        wrong.append(f"There is a scale {plain(name)} already: choose another name.")
    if len(set(listed)) < len(listed):
        wrong.append("Two of the values are the same.")
    unknown = [year for year, _ in years if year not in page.labels("year_groups")]
    if unknown:
        wrong.append(f"There is no year group {plain(', '.join(unknown))}: write R, 1, 2 and so on.")
    strange = [value for _, value in years if value.casefold() not in listed]
    if strange:
        wrong.append(f"These expected values are none of the scale's: {plain(', '.join(strange))}.")
    if years and not subject:
        wrong.append("Say for which subject the expected values hold.")
    return wrong


def _of_scale(name: str, better: str, values: list[tuple[str, str]]) -> dict[str, Rows]:
    return {
        "scales": [{"scale": name, "kind": "ordered", "better": better}],
        "scale_values": [
            {"scale": name, "value": value, "rank": rank, "meaning": meaning}
            for rank, (value, meaning) in enumerate(values, 1)
        ],
    }


def _of_years(
    name: str, subject: str | None, values: list[tuple[str, str]], years: list[tuple[str, str]]
) -> dict[str, Rows]:
    spelled = {value.casefold(): value for value, _ in values}
    marks = [
        {"scale": name, "subject": subject, "year_group": year, "term": term,
         "expected": spelled[value.casefold()]}
        for year, value in years for term in TERMS
    ]  # fmt: skip
    return {"expectations": marks} if marks else {}


def _import(day: date, files: dict[str, Rows], words: str, form: Form) -> None:
    """Imports the rows as files of the contract, with an import's own checks, and says what came of it."""
    sources: list[Any] = [(f"{name}.csv", _as_csv(rows)) for name, rows in files.items()]
    cancelled = "Cancelled: nothing was changed."
    with working("scales", "Saving, and working out the results again", cancelled) as work:
        found = preview(data_folder(), sources, day, "not supplied", work.show)
        if found.rejected_rows:
            problem = found.problems.row(0, named=True)
            raise UsageError(
                f"Nothing was saved: {problem['column']} must be {problem['expected']}.", problem["remedy"]
            )
        # Alarms are about files of a whole school; these are a few rows that somebody has just typed.
        made = commit(found, user_name(), work.show, accept_alarms=True)
        work.done(f"{words} Undo it under Import and data." if made else "It is held already, just so.")
        form.start_again(form.based_on)


def _as_csv(rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
