"""A target that is there: looked at together with pupil and parent, corrected, or taken out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from provmap.store import Edit, Store, rows_to_edit
from provmap.ui.choices import choose_one
from provmap.ui.in_what import scale_choices
from provmap.ui.kept_rows import Opened, correct, is_waiting, save_correction, say_waiting
from provmap.ui.page import Page
from provmap.ui.pupils import people
from provmap.ui.said_of_targets import SAID_NOW, said_now, voices_of
from provmap.ui.seen import save_drawn, sends
from provmap.ui.writing import writer

FIELDS: dict[str, tuple[str, ...]] = {
    "review": ("reviewed_on", "result", "reviewed_with_pupil", "reviewed_with_parent"),
    "correct": ("target", "due_on", "baseline", "forecast", "forecast_on", "agreed_with_pupil",
                "agreed_with_parent", "words", "parent_words"),
    "shared": ("target", "due_on", "share_needed", "baseline", "forecast", "forecast_on", "words", "result",
               "scale"),
}  # fmt: skip
WHOSE = ("group_code", "year_group", "class")
HOW = {"review": "Look at it together", "correct": "Correct it"}
DATASET = "targets"
# What came of it where that is no grade: kept as it is, and judged by results as before.
PARTLY = {"partly reached": "Partly reached", "not reached": "Not reached"}


def change_target(page: Page, row: dict[str, Any]) -> None:
    """Review a target with pupil and parent, say what the teacher expects, correct it, or take it out."""
    now = held_target(page.store, row)
    if now is None:
        return
    how = choose_one("How", HOW, key="change_how") if now["pupil_id"] else "shared"
    with st.container(border=True):
        opened = _fields(page, now, how, row["scale"])
        words = said_now(opened.form) if how == "review" else {}
        made_by = writer("change_target")
        with st.container(horizontal=True):
            saved = st.button("Save", type="primary", key=sends("change_target"), disabled=opened.is_held_up)
            removed = how != "review" and st.button(
                "Take it out: set by mistake", key=sends("change_target", second=True)
            )
    if saved and any(words.values()) and not opened.given["reviewed_on"]:
        st.error("Give the day of the review: what was said is kept with it.", icon="⚠️")
    elif saved and not opened.is_held_up:
        _save(page, made_by, opened, words)
    if removed:
        out = Edit(DATASET, {}, now["row_key"], opened.held["row_version"], removed=True)
        save_drawn(page, made_by, "change_target", [out], "The target is taken out.", begun=opened.form)


def _fields(page: Page, now: dict[str, Any], how: str, scale: str) -> Opened:
    """What can be said of it; what is said now is kept beside the words it was set with, never over them."""
    is_review = how == "review"
    choices = scale_choices(page, scale)
    if "result" in choices:
        choices = choices | {"result": _came_of_it(now["target"], choices["result"])}
    return correct(
        page, "change_target", DATASET, FIELDS[how], now, choices=choices,
        record=f"{'target_review' if is_review else 'target'}/{now['row_key']}/",
        key=f"change_{how}_{now['row_key']}", besides=tuple(SAID_NOW) if is_review else (),
        at_first={"reviewed_on": page.filter.as_at} if is_review else None,
    )  # fmt: skip


def _came_of_it(target: str, grades: dict[str, str]) -> dict[str, str]:
    """Whether it was reached, or the grade that came of it: by a grade the target is judged."""
    reached = {target: f"Reached: {grades[target]}"} if target in grades else {}
    return reached | PARTLY | {one: words for one, words in grades.items() if one not in reached}


def _save(page: Page, made_by: str, opened: Opened, words: dict[str, Any]) -> None:
    held, given, more = opened.held, opened.given, {}
    forecast = given.get("forecast")
    if forecast and forecast != held["forecast"] and not given["forecast_on"]:
        more["forecast_on"] = page.filter.as_at
    said = voices_of(page.store, held, given["reviewed_on"], words) if words else []
    save_correction(page, made_by, DATASET, opened, also=said, **more)


def say_begun_of_targets(page: Page) -> None:
    """About whose targets something is begun and not saved: it is there once the target is selected."""
    if not is_waiting(page, "target"):
        return
    names, known = {}, people(page)
    for row in rows_to_edit(page.store, DATASET).iter_rows(named=True):
        pupil = known.get((row["school_id"], row["pupil_id"]))
        if pupil or not row["pupil_id"]:
            name = f"{pupil['forename']} {pupil['surname']}" if pupil else "a class, year or group"
            for kind in ("target", "target_review"):
                names[f"{kind}/{row['row_key']}/"] = f"{name}'s target in {row['subject']}"
    say_waiting(page, "target", names)


def held_target(store: Store, row: dict[str, Any]) -> dict[str, Any] | None:
    """The row behind a line of a list. A pupil's year and class there are the pupil's, not the target's."""
    rows = rows_to_edit(
        store, DATASET, school_id=row["school_id"], pupil_id=row.get("pupil_id"),
        subject=row["subject"], set_on=row["set_on"],
    ).to_dicts()  # fmt: skip
    if not row.get("pupil_id"):
        rows = [one for one in rows if all(one[name] == row[name] for name in WHOSE)]
    same = [one for one in rows if one["target"] == row["target"]]
    return next(iter(same or rows), None)
