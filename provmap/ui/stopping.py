"""Provision with enough delivery and no gain, offered for stopping; and ending what was stopped."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from provmap.reviews import OFFERED, for_stopping
from provmap.store import Edit, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.page import Page, link, plain
from provmap.ui.pupils import label_of, school_of
from provmap.ui.seen import as_drawn, save_drawn, sends
from provmap.ui.settings import threshold
from provmap.ui.tables import show_table
from provmap.ui.writing import writer
from provmap.words import NOBODY, count, percent

Row = dict[str, Any]
COLUMNS = ("provision", "verdict", "verdict_because", "measure", "mean_gain", "gain_beyond",
           "pupils_measured", "delivered_share", "still_in_place")  # fmt: skip
UNSAID = ("provision", "tier", "stopping", "verdict_because", "pupils_measured", "delivered_share",
          "still_in_place")  # fmt: skip
NAMED = 12
# The provision itself among the rows that stopping it writes to.
WHOLE = "the provision itself"


def show_stopping(page: Page) -> None:
    """What is offered for stopping, what nothing can be said of, and the form that ends one."""
    rows = for_stopping(page.filter, page.store)
    if rows.is_empty():
        st.info("No provision runs." if page.summary["pupils"] else NOBODY)
        return
    offered = rows.filter(stopping=OFFERED)
    least = percent(float(threshold(page, "stop_least_delivered")))
    st.subheader(
        f"Enough was delivered, and no gain beyond what comes by itself: {offered.height}", anchor=False
    )
    st.caption(
        "The verdict is that of Impact of provision over the whole school: no clear change, or worse than "
        "before. Scores may have risen all the same: what pupils like these gain by themselves is taken off "
        "first (“Gain beyond”), and each row says why. Offered is only where at least "
        f"{least} of the planned sessions were attended, a threshold; too little to say never leads here. It "
        "is an offer: a provision may be kept for reasons that no score shows."
    )
    show_table(page, "impact_by_provision", offered, COLUMNS, opens="", only="offered for stopping",
               empty="No provision has had enough delivery without a gain.", key="offered")  # fmt: skip
    link("impact", "See the pupils behind each verdict")
    _stop(page, rows)
    unsaid = rows.filter(~pl.col("stopping").is_in([OFFERED, "gain"]))
    st.subheader(f"It cannot be said: {unsaid.height}", anchor=False)
    st.caption(
        "Too few scores, none at all, scores that disagree, or too little or nobody knows how much of it "
        "delivered. That speaks neither for a provision nor against it."
    )
    show_table(page, "impact_by_provision", unsaid, UNSAID,
               empty="Something can be said of every provision.", opens="", only="cannot be said",
               key="unsaid")  # fmt: skip


def _stop(page: Page, rows: pl.DataFrame) -> None:
    """End a provision: choose it, read whom that reaches, and say yes to that."""
    known = {(row["school_id"], row["provision_id"]): row for row in rows.iter_rows(named=True)}
    stopped = _decided(page)
    # What a review stopped comes first, then what is offered.
    order = sorted(known, key=lambda one: (one not in stopped, known[one]["stopping"] != OFFERED))
    with st.expander("Stop a provision", icon="✏️", expanded=bool(stopped), key="stop_provision"):
        if stopped:
            names = ", ".join(known[one]["provision"] for one in order if one in stopped)
            st.markdown(f"A review decided to stop, and still in place: **{plain(names)}**.")
        called = told_apart({one: str(row["provision"]) for one, row in known.items()},
                            school_of(page, known), lambda one: one[1])  # fmt: skip
        which = st.selectbox("Provision", order, index=None, placeholder="Choose one", key="stop_which",
                             format_func=lambda one: called[one])  # fmt: skip
        if which != st.session_state.get("stop_shown"):
            st.session_state.pop("stop_yes", None)
            st.session_state["stop_shown"] = which
        if which:
            _end(page, which, known[which]["provision"])


def _decided(page: Page) -> set[tuple[str, str]]:
    """Provisions that their latest review stopped, and that run on."""
    due = page.ask("reviews_due").filter(about="whole", decision="stop")
    return set(due.select("school_id", "provision_id").iter_rows())


def _end(page: Page, which: tuple[str, str], name: str) -> None:
    of = {"school_id": which[0], "provision_id": which[1]}
    form, (running, left, later) = f"stop_{which}", _times(page, of)
    offered = rows_to_edit(page.store, "provisions", **of).row(0, named=True)
    ending = {row["row_key"]: row for row in running.to_dicts()}
    drawn = as_drawn(form, {WHOLE: offered} | ending)
    ending = {key: row for key, row in drawn.items() if key != WHOLE}
    pupils = {row["pupil_id"] for row in ending.values()}
    many = count(len(pupils), "pupil")
    st.markdown(f"{plain(name)} is in place for **{many}**. {_whom(page, of, pupils)}")
    _say_others(left, later)
    with st.form("stop_form", border=False):
        last: date = st.date_input("Last day", value=page.filter.as_at, format="DD/MM/YYYY", key="stop_day")
        agreed = st.checkbox(f"Yes, end it for {many}, and no longer offer it", key="stop_yes")
        made_by = writer("stop")
        pressed = st.form_submit_button("Stop it", type="primary", key=sends(form))
    if not pressed:
        return
    if not agreed:
        st.error(f"Say yes to ending it for {many} first.", icon="⚠️")
        return
    edits = [_ended("placements", row, last) for row in ending.values()]
    edits.append(_ended("provisions", drawn[WHOLE], last))
    save_drawn(page, made_by, form, edits, f"{name} has ended for {many}.")


def _times(page: Page, of: Row) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Times in a provision that have not ended: of pupils on roll, of those who left, and to begin later."""
    day = page.filter.as_at
    times = rows_to_edit(page.store, "placements", **of).filter(
        pl.col("end_date").is_null() | (pl.col("end_date") > day)
    )
    begun = times.filter(pl.col("start_date") <= day)
    on_roll = page.ask_school("pupil_list").select("school_id", "pupil_id")
    whose = ["school_id", "pupil_id"]
    now = begun.join(on_roll, on=whose, how="semi", maintain_order="left")
    return now, begun.join(on_roll, on=whose, how="anti"), times.filter(pl.col("start_date") > day)


def _say_others(left: pl.DataFrame, later: pl.DataFrame) -> None:
    """Whose times stay as they are."""
    if later.height:
        st.caption(
            f"It is to begin later for {count(later['pupil_id'].n_unique(), 'pupil')}: that stays in the map "
            "until it is taken out under Enter and correct."
        )
    if left.height:
        st.caption(
            f"It has no last day in the map for {count(left['pupil_id'].n_unique(), 'pupil')} who left: "
            "their time ended on their last day here, they are not counted, and nothing is changed for them."
        )


def _ended(dataset: str, row: Row, last: date) -> Edit:
    # What begins after the last day would end before it began; what ends sooner is not made longer.
    day = max(last, row["start_date"]) if row["start_date"] else last
    day = min(day, row["end_date"]) if row["end_date"] else day
    return Edit(dataset, {"end_date": day}, row["row_key"], row["row_version"])


def _whom(page: Page, of: Row, pupils: set[str]) -> str:
    """Who they are, as far as they are counted here; how many are not."""
    counted = page.ask("pupil_list").filter(pl.col("school_id") == of["school_id"])
    here = counted.filter(pl.col("pupil_id").is_in(pupils))
    names = [plain(label_of(page, row)) for row in here.head(NAMED).iter_rows(named=True)]
    more = here.height - len(names)
    told = "; ".join(names) + (f"; and {more} more" if more else "")
    others = len(pupils) - here.height
    outside = f" {count(others, 'pupil').capitalize()} of them are not counted here." if others else ""
    return (told + "." if told else "") + outside
