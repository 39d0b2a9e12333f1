"""Who gets a provision and when it is done: its conditions for starting and for finishing, entered."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.store import Edit, rows_to_edit
from provmap.ui.kept_rows import enter
from provmap.ui.page import Page
from provmap.ui.seen import all_seen, save_all_seen
from provmap.ui.selecting import choose_rows
from provmap.ui.writing import save_or_say, writer
from provmap.words import count

CRITERION = ("kind", "measure", "comparator", "value")
CALLED = {"kind": "A condition for", "measure": "What is looked at", "comparator": "It is",
          "value": "This mark, need or group"}  # fmt: skip
COMPARED = {"<": "below (<)", "<=": "at or below (<=)", "=": "the same as (=)", ">=": "at or above (>=)",
            ">": "above (>)"}  # fmt: skip
KINDS = {"entry": "Starting", "exit": "Finishing"}
LOOKED_AT = {"attendance": "attendance (percent)", "need": "need", "group": "group"}


def show_criteria(page: Page, provision: dict[str, Any]) -> None:
    """The conditions of a provision, and a form to add one; the selected ones can be taken out."""
    st.subheader("Who gets it, and when it is done", anchor=False)
    st.caption(
        "A pupil qualifies when every condition for starting holds, and is done when every one for "
        "finishing does. Measures: a subject and scale such as reading/standardised, attendance "
        "(percent), need or group."
    )
    of = {"school_id": provision["school_id"], "provision_id": provision["provision_id"]}
    rows = rows_to_edit(page.store, "criteria", **of)
    is_code = pl.col("measure").is_in(["need", "group"])
    names = page.labels("needs") | page.labels("groups")
    told = rows.with_columns(
        pl.col("kind").replace(KINDS),
        pl.col("comparator").replace(COMPARED),
        value=pl.when(is_code).then(pl.col("value").replace(names)).otherwise("value"),
    )
    picked = choose_rows(page, told, CRITERION, "criteria", called=CALLED) if rows.height else []
    chosen = all_seen("criteria", picked)
    with st.container(border=True):
        record = f"criteria/{of['school_id']}/{of['provision_id']}/"
        opened = enter(page, record, "criteria", CRITERION, {}, choices=_of_criteria(page),
                       key=f"criterion_{record}", called=CALLED)  # fmt: skip
        _say_turned(page, opened.given)
        made_by = writer("criterion")
        with st.container(horizontal=True):
            added = st.button("Add the condition", type="primary", key="criterion_add")
            words = f"Take out the selected ({len(chosen)})"
            removed = st.button(words, disabled=not chosen, key="criterion_out")
    if added:
        edit = Edit("criteria", of | opened.given)
        save_or_say(page, made_by, [edit], "Condition added.", opened.form)
    if removed:
        edits = [Edit("criteria", {}, row["row_key"], row["row_version"], removed=True) for row in chosen]
        save_all_seen(page, made_by, edits, f"{count(len(edits), 'condition').capitalize()} taken out.")


def _say_turned(page: Page, given: dict[str, Any]) -> None:
    """A mark for finishing that is met by a weak score may be turned round."""
    scale = str(given["measure"] or "").partition("/")[2]
    known = page.ask("scales_held").filter(pl.col("scale") == scale)
    is_attendance = given["measure"] == "attendance"
    if given["kind"] != "exit" or not (is_attendance or known.height):
        return
    better = ">" if is_attendance or known["better"][0] == "higher" else "<"
    if given["comparator"] and given["comparator"] != "=" and not given["comparator"].startswith(better):
        which = "low" if better == ">" else "high"
        st.caption(
            f"⚠️ So whoever is this {which} is done. Most conditions for finishing ask for the other way."
        )


def _of_criteria(page: Page) -> dict[str, dict[str, str]]:
    """What a condition can look at: each subject on the scales that it has results on, and what has none."""
    rows = page.ask("scales_held").select("scale", "subjects").explode("subjects").drop_nulls().iter_rows()
    measured = {f"{subject}/{scale}": f"{subject} ({scale})" for scale, subject in rows}
    return {"kind": KINDS, "measure": measured | LOOKED_AT, "comparator": COMPARED}
