"""In what a target is: the subject and the scale, which belong to the words and values that are begun."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.ui.drafted import Form
from provmap.ui.page import Page, plain

# Of the fields of a target, the values of a scale.
OF_SCALE = ("target", "forecast")
# The name in the draft, and the key of the field.
IN_WHAT = {"subject": "target_subject", "scale": "target_scale"}
# The last choice of subjects: a new one is made only where somebody asks for it.
ANOTHER = "another subject"
# The record of the form that was in sight last.
SHOWN = "target_shown"


def choose_in_what(page: Page, form: Form | None) -> tuple[str | None, str | None]:
    """The subject and the scale, kept with what is begun in the form."""
    left, right = st.columns(2)
    with left:
        subject = _subject(page)
    scale = _scale(page, subject, right)
    if form:
        _keep_in_what(form, subject, scale)
    return subject, scale


def go_on(page: Page, form: Form | None) -> None:
    """Chooses again in what it was begun, when a form comes in sight: words and values belong to that."""
    shown, st.session_state[SHOWN] = st.session_state.get(SHOWN), form and form.record
    # Its fields are empty also where somebody was on another page meanwhile.
    is_new = form is not None and (form.record != shown or IN_WHAT["subject"] not in st.session_state)
    if form is None or not is_new or not form.given["subject"]:
        return
    subject, scale = form.given["subject"], form.given["scale"]
    is_known = subject in page.labels("subjects")
    st.session_state[IN_WHAT["subject"]] = subject if is_known else ANOTHER
    if not is_known:
        st.session_state["target_new_subject"] = subject
    st.session_state[IN_WHAT["scale"]] = scale if scale in _scales(page, subject) else None


def _keep_in_what(form: Form, subject: str | None, scale: str | None) -> None:
    if form.is_begun(*OF_SCALE) and form.given["scale"] not in (None, scale):
        # What was begun on another scale is no value of this one.
        form.set(**dict.fromkeys(OF_SCALE))
    is_begun = form.is_begun(*(name for name in form.given if name not in IN_WHAT))
    if st.session_state.get(IN_WHAT["subject"]) == ANOTHER:
        subject = subject or st.session_state.get("target_new_subject", "").strip()
    # In what the words are belongs to them, and is nothing by itself.
    form.put("subject", subject if is_begun else None)
    form.put("scale", scale if is_begun else None)


def _subject(page: Page) -> str | None:
    """One of the school's subjects; another is named in a field of its own, and said to be new."""
    subjects = page.labels("subjects")
    chosen = st.selectbox(
        "Subject (needed)", [*subjects, ANOTHER], index=None, key="target_subject",
        placeholder="Choose a subject", format_func=lambda one: subjects.get(one, "Another subject …"),
    )  # fmt: skip
    if chosen != ANOTHER:
        return chosen
    named = st.text_input("Name of the other subject", key="target_new_subject").strip()
    known = {label.lower(): code for code, label in subjects.items()} | {one.lower(): one for one in subjects}
    if named.lower() in known:
        st.caption(plain(f"{subjects[known[named.lower()]]} is one of the school's subjects: it is taken."))
        return known[named.lower()]
    alike = [label for label in subjects.values() if named and named.lower() in label.lower()]
    meant = f" Is it {alike[0]}? Then choose that above." if alike else ""
    if named and not st.checkbox(f"Add “{named}” as a new subject", key=f"target_add_{named}"):
        st.caption(plain(f"The school has no subject “{named}” so far.{meant}"))
        return None
    return named or None


def _scales(page: Page, subject: str | None) -> list[str]:
    """The scale of most results in the subject first, then others of the subject, then all others."""
    return page.remembered(("scales", subject), lambda: _in_order(page, subject))


def _in_order(page: Page, subject: str | None) -> list[str]:
    held = page.ask("scales_held")
    has_it = pl.col("subjects").list.contains(subject or "")
    scales: list[str] = held.sort(has_it, descending=True, maintain_order=True)["scale"].to_list()
    is_of = pl.col("subject").str.to_lowercase() == (subject or "").lower()
    many = dict(page.ask("progress_grid").filter(is_of).group_by("scale").len().iter_rows())
    return sorted(scales, key=lambda one: -many.get(one, 0))


def _scale(page: Page, subject: str | None, column: Any) -> str | None:
    """The scale, that of the subject's results unless another is chosen."""
    scales = _scales(page, subject)
    if subject and scales and not st.session_state.get(IN_WHAT["scale"]):
        st.session_state[IN_WHAT["scale"]] = scales[0]
    chosen: str | None = column.selectbox("Scale (needed)", scales, index=None, key=IN_WHAT["scale"],
                                          placeholder="Choose a scale")  # fmt: skip
    return chosen


def scale_choices(page: Page, scale: str | None) -> dict[str, dict[str, str]]:
    """For a scale of words its values, in order; a number is typed."""
    return page.remembered(("values of the scale", scale), lambda: _values(page, scale))


def _values(page: Page, scale: str | None) -> dict[str, dict[str, str]]:
    rows = page.ask("scale_values_held")
    values = rows.filter(
        (pl.col("scale").str.to_lowercase() == (scale or "").lower()) & (pl.col("value_kind") == "step")
    )
    named = {
        value: f"{value}: {meaning}" if meaning else value
        for value, meaning in values.select("scale_value", "meaning").iter_rows()
    }
    return dict.fromkeys(("target", "baseline", "forecast", "result"), named) if named else {}
