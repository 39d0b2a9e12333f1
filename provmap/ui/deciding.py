"""What helps to decide about a gap or a pupil's subject: what ran before, what could answer it now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.ui.page import Page, open_pupil, plain
from provmap.ui.pupils import name_of
from provmap.ui.tables import show_table
from provmap.words import LEDGER, count, joined

# What the files say; never which pupil, as file names are seen by others.
ONE = "one pupil"


def open_gap(page: Page, gap: dict[str, Any] | None) -> None:
    """Open a window on the gap that was selected."""
    shown = gap and (gap["school_id"], gap["pupil_id"], gap["kind"], gap["need_code"], gap["subject"])
    _open_once(page, gap, shown, "gap_shown", _decide_on_gap)


def open_line(page: Page, row: dict[str, Any] | None) -> None:
    """Open a window on the pupil's subject that was selected in "Where are we?"."""
    shown = row and (row["school_id"], row["pupil_id"], row["subject"])
    _open_once(page, row, shown, "line_shown", _decide_on_line)


def _open_once(
    page: Page, row: dict[str, Any] | None, shown: Any, key: str, decide: Callable[..., None]
) -> None:
    """Once for each selection: a rerun must not bring a closed window back."""
    if row and shown != st.session_state.get(key):
        st.dialog(plain(name_of(page, row)), width="large")(decide)(page, row)
    st.session_state[key] = shown


def _decide_on_gap(page: Page, gap: dict[str, Any]) -> None:
    st.markdown(f"**{plain(gap['reason'])}** {_how_long(gap)}")
    if st.button("Open the pupil", key="open_the_pupil"):
        open_pupil(gap["school_id"], gap["pupil_id"])
    need = gap["need_code"] or gap["subject"]
    if need is None:
        st.info("Record the type of need first: what could answer it depends on that.")
        return
    who = {"school_id": gap["school_id"], "pupil_id": gap["pupil_id"], "need_code": need}
    _before(page, who, "What ran before")
    _now(page, who)
    _alike(page, who)


def show_options(page: Page, who: dict[str, Any]) -> None:
    """What this pupil had for a need or subject, what could take them now, and what came of it for others."""
    _before(page, who, "What was tried")
    _now(page, who)
    _alike(page, who)


def _how_long(gap: dict[str, Any]) -> str:
    if gap["since"] is None:
        return "Since when is not recorded."
    return f"So since {show_date(gap['since'])}, for {count(gap['days'], 'day')}."


def _decide_on_line(page: Page, row: dict[str, Any]) -> None:
    state = LEDGER[row["state"]]
    st.markdown(f"**{plain(row['subject'].capitalize())}: {state}.** {plain(row['reason'])}")
    with st.container(horizontal=True):
        if st.button("Open the pupil", key="open_the_pupil"):
            open_pupil(row["school_id"], row["pupil_id"])
        # The form stands over the list, filled in for the selected row: a window would lose what was typed.
        if st.button("Record a change in class", key="to_the_form"):
            st.rerun()
    pupil = {"school_id": row["school_id"], "pupil_id": row["pupil_id"]}
    who = pupil | {"need_code": _asked(page, pupil, row["subject"])}
    st.markdown(f"**In place now:** {plain(_running(row))}")
    planned = page.ask("pupil_placements", **pupil).filter(pl.col("start_date") > page.filter.as_at)
    begins = dict(planned.sort("start_date", descending=True).select("provision", "start_date").iter_rows())
    st.markdown(f"**Not tried yet:** {plain(untried(row, page.ask('gap_options', **who), begins))}")
    _before(page, who, "What runs, and what was tried before")
    _now(page, who)
    _alike(page, who)


def _asked(page: Page, pupil: dict[str, Any], subject: str) -> str:
    """The subject, or a need in cognition and learning that the pupil has besides: each may be answered."""
    needs = page.ask("pupil_needs", **pupil)
    live = needs.filter(pl.col("state").is_not_null(), area="cognition and learning")
    asked = {subject: subject.capitalize()} | dict(live.select("need_code", "need").iter_rows())
    if len(asked) == 1:
        return subject
    chosen: str = st.segmented_control(
        "Look for what answers", list(asked), format_func=asked.__getitem__, default=subject, required=True,
        key="asked_about",
    )  # fmt: skip
    return chosen


def _running(row: dict[str, Any]) -> str:
    if not row["running"]:
        return "nothing is recorded."
    longest = " the longest" if len(row["running"]) > 1 else ""
    return f"{', '.join(row['running'])},{longest} for {count(row['running_days'], 'day')}."


def untried(row: dict[str, Any], options: pl.DataFrame, begins: dict[str, date]) -> str:
    """What runs for the subject and the pupil never had, in words; and whether it could take the pupil.

    `begins` is what is to begin for the pupil, with its first day.
    """
    if not row["not_tried"]:
        return "nothing that runs for it in this year is left untried. What is left is a change in class, " \
            "or something new."  # fmt: skip
    could = {row["provision"]: _could(row) for row in options.iter_rows(named=True)}
    said = (
        f"{name} (begins on {show_date(begins[name])})" if name in begins else name + could.get(name, "")
        for name in row["not_tried"]
    )
    return ", ".join(said) + "."


def _could(option: dict[str, Any]) -> str:
    """Whether it could take the pupil; a yes says what nobody wrote down."""
    if option["could_take"] != "yes":
        return f" ({option['could_take']})"
    unsaid = option["not_recorded"]
    return f" (could take them; not recorded: {joined(unsaid)})" if unsaid else " (could take them)"


def _before(page: Page, who: dict[str, Any], title: str) -> None:
    st.subheader(title, anchor=False)
    show_table(
        page, "tried_with_this_pupil", page.ask("tried_with_this_pupil", **who),
        ("provision", "start_date", "end_date", "outcome", "entry_value", "exit_value", "measure", "tier"),
        empty="Nothing is recorded that this pupil had for this need.", opens="", only=ONE,
    )  # fmt: skip


def _now(page: Page, who: dict[str, Any]) -> None:
    st.subheader("Who could take them?", anchor=False)
    st.caption("Provisions that run now, are for the pupil's year and address the need or are for the "
               "subject. A broad match names the whole area of need. Trained: an adult has every skill it "
               "asks for, today.")  # fmt: skip
    show_table(
        page, "gap_options", page.ask("gap_options", **who),
        ("provision", "could_take", "not_recorded", "free_places", "lessons_missed", "qualifies",
         "trained_staff", "skills_required", "match", "times_before", "lead", "tier"),
        empty="No provision that runs now addresses this need for this year.", opens="", only=ONE,
    )  # fmt: skip


def _alike(page: Page, who: dict[str, Any]) -> None:
    st.subheader("What was tried for pupils like this one here", anchor=False)
    tried = with_verdicts(
        page.ask("tried_for_pupils_like_this", **who), page.ask_school("impact_by_provision")
    )
    st.caption("Other pupils of this school in the same key stage with the same need, or with something for "
               "the subject, in all years so far; ranked by the share with a measured gain. After is not "
               "because: any rise counts as a gain here, and low scores rise by themselves. The verdict is "
               "that of the page Impact, over all its pupils, which takes this into account.")  # fmt: skip
    if tried.height and not tried["is_ranked"].all():
        st.caption("Without a place: measured too seldom to rank." + _only_one(tried))
    show_table(
        page, "tried_for_pupils_like_this", tried,
        ("place", "provision", "times", "measured", "gained", "gain_share", "verdict", "judged",
         "outcome_met", "outcome_met_share", "runs_now"),
        empty="Nothing is recorded yet for another pupil with this need in this key stage.",
        opens="", only=ONE,
    )  # fmt: skip


def _only_one(tried: pl.DataFrame) -> str:
    """A first place without a second is no recommendation."""
    ranked = tried.filter("is_ranked")
    if ranked.height != 1:
        return ""
    return f" Only {plain(ranked['provision'][0])} has a place: there was nothing to rank it against."


def with_verdicts(tried: pl.DataFrame, impact: pl.DataFrame) -> pl.DataFrame:
    """What was tried, with the verdict on each one's impact: of its measures, that on the most pupils."""
    said = (
        impact.sort("pupils_measured", descending=True, maintain_order=True)
        .unique(["school_id", "provision_id"], keep="first", maintain_order=True)
        .select("school_id", "provision_id", "verdict")
    )
    return tried.join(said, on=["school_id", "provision_id"], how="left", maintain_order="left")
