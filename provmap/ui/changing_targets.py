"""A target that is there: looked at together with pupil and parent, corrected, or taken out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from provmap.store import Edit, Store, datasets, rows_to_edit
from provmap.ui.begun import is_clash, show_begun, show_both
from provmap.ui.choices import choose_one
from provmap.ui.drafted import Form, open_form
from provmap.ui.fields import fields
from provmap.ui.page import Page
from provmap.ui.said_of_targets import SAID_NOW, said_now, voices_of
from provmap.ui.seen import FILLED, let_go, save_seen, seen
from provmap.ui.setting_targets import TEXTS, own_words, scale_choices
from provmap.ui.writing import save_or_say, writer

FIELDS: dict[str, tuple[str, ...]] = {
    "review": ("reviewed_on", "result", "reviewed_with_pupil", "reviewed_with_parent"),
    "correct": ("target", "due_on", "baseline", "forecast", "forecast_on", "agreed_with_pupil",
                "agreed_with_parent"),
    "shared": ("target", "due_on", "share_needed", "baseline", "forecast", "forecast_on", "words", "result",
               "scale"),
}  # fmt: skip
WHOSE = ("group_code", "year_group", "class")
HOW = {"review": "Look at it together", "correct": "Correct it"}
DATASET = "targets"


def change_target(page: Page, row: dict[str, Any]) -> None:
    """Review a target with pupil and parent, say what the teacher expects, correct it, or take it out."""
    now = held_target(page.store, row)
    if now is None:
        return
    held = seen(DATASET, now)
    how = choose_one("How", HOW, key="change_how") if held["pupil_id"] else "shared"
    shown = held
    if how == "review" and held["reviewed_on"] is None:
        shown = held | {"reviewed_on": page.filter.as_at}
    if how == "review":
        # What is said now is kept beside the words that it was set with, never in their place.
        form = open_form(page.store.folder, f"target_review/{held['row_key']}/", dict.fromkeys(SAID_NOW))
        show_begun(form, SAID_NOW)
        words, is_held_up = said_now(form), False
    else:
        form = open_form(page.store.folder, f"target/{held['row_key']}/", {name: now[name] for name in TEXTS})
        words, is_held_up = _words(form, now) if how != "shared" else ({}, False)
    with st.form("change_target"):
        key = f"change_{held[FILLED]}_{held['row_key']}"
        given = fields(datasets()[DATASET], FIELDS[how], shown, scale_choices(page, row["scale"]), key)
        made_by = writer("change_target")
        first, second = st.columns(2)
        saved = first.form_submit_button("Save", type="primary", disabled=is_held_up)
        removed = how != "review" and second.form_submit_button("Take it out: set by mistake")
    if saved and how == "review" and any(words.values()) and not given["reviewed_on"]:
        st.error("Give the day of the review: what was said is kept with it.", icon="⚠️")
    elif saved and how == "review":
        save_seen(page, made_by, DATASET, held, given, begun=form,
                  also=voices_of(page.store, held, given["reviewed_on"], words))  # fmt: skip
    elif saved and not is_held_up:
        _save(page, made_by, held, given | words, form)
    if removed:
        let_go(DATASET)
        out = Edit(DATASET, {}, held["row_key"], held["row_version"], removed=True)
        save_or_say(page, made_by, [out], "The target is taken out.", form)


def _words(form: Form, now: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """What pupil and parent say, kept as it is typed; and whether somebody saved other words meanwhile."""
    show_begun(form, TEXTS)
    twice = [name for name in TEXTS if is_clash(form, name, now)]
    for name in twice:
        show_both(form, name, TEXTS[name], now)
    return own_words(form), bool(twice)


def _save(page: Page, made_by: str, held: dict[str, Any], given: dict[str, Any], form: Form) -> None:
    forecast = given.get("forecast")
    if forecast and forecast != held["forecast"] and not given["forecast_on"]:
        given["forecast_on"] = page.filter.as_at
    save_seen(page, made_by, DATASET, held, given, begun=form)


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
