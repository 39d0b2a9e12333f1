"""Provision for pupils: started for one or for many, corrected, ended, extended, taken out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from provmap import drafts
from provmap.filters import academic_year_dates, academic_year_of
from provmap.store import Edit, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.begun import begun_among, save_line, say_begun, show_begun
from provmap.ui.choices import choose_one
from provmap.ui.drafted import chosen as kept_choice
from provmap.ui.drafted import text_field, writer_here
from provmap.ui.fields import WHO, kept_people, known_choices
from provmap.ui.kept_rows import correct, enter, is_waiting, new_form, record_of, save_correction, say_waiting
from provmap.ui.lost_drafts import show_lost
from provmap.ui.page import Page, plain
from provmap.ui.pupils import people_called
from provmap.ui.seen import all_seen, save_all_seen, sends
from provmap.ui.selecting import choose_rows
from provmap.ui.writing import save_or_say, writer
from provmap.words import NOBODY, count

PUPIL = ("surname", "forename", "year_group", "class")
NEVER_ENDS = "“Expected until” is when to look at it again. It never ends the provision by itself."
WHOM = ("school_id", "pupil_id", "provision_id")
STARTING = ("start_date", "expected_end_date", "group_name", "staff_ids", "need_codes", "minutes_per_session",
            "sessions_per_week", "subject_missed", "intended_outcome")  # fmt: skip
CORRECTING = (*STARTING, "end_date", "measure", "entry_value", "entry_date", "exit_value", "exit_date",
              "outcome", "required_by", "pupil_involved", "parent_involved", "note")  # fmt: skip
SHOWN = (*PUPIL, "provision", "start_date", "expected_end_date", "end_date", "group_name", "written_by")
# A last day may be one to come.
CALLED = {"end_date": "Last day"}
OUTCOMES = ["met", "partly met", "not met"]
# What is begun about starting a provision, or about ending some rows, lies below these.
STARTS, ENDS = "start/", "end/"
TEXTS = {"group": "Teaching group, where they moved"}
BECAME = ("It ended", "It goes on until", "Moved to a teaching group", "Taken out: entered by mistake")
WHEN = {"now": "In place or to come", "ended": "Ended this academic year", "all": "All"}
NONE_OF = {
    "now": "Nothing is in place or to come for these pupils.",
    "ended": "Nothing has ended this academic year for these pupils.",
    "all": "Nothing is recorded for these pupils.",
}
# How long a run is taken to be where the provision does not say: a term of about twelve weeks.
TERM = timedelta(weeks=12)


def provision_names(page: Page) -> dict[tuple[str, str], str]:
    """Every provision of the schools counted here, by school and identifier."""
    rows = rows_to_edit(page.store, "provisions", **schools(page))
    return {(row["school_id"], row["provision_id"]): row["name"] for row in rows.iter_rows(named=True)}


def with_provision(page: Page, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the name of their provision in their own school."""
    return page.of_rows("named by provision", rows, lambda: _with_provision(page, rows))


def _with_provision(page: Page, rows: pl.DataFrame) -> pl.DataFrame:
    names = provision_names(page)
    pairs = rows.select("school_id", "provision_id").iter_rows()
    return rows.with_columns(pl.Series("provision", [names.get(one, one[1]) for one in pairs], pl.String))


def schools(page: Page) -> dict[str, Any]:
    """What limits rows to the schools that the filter names."""
    return {"school_id": list(page.filter.schools)} if page.filter.schools else {}


def of_pupils(page: Page, dataset: str) -> pl.DataFrame:
    """The rows of a dataset about the pupils counted here, with who they are."""
    return page.remembered(("rows about pupils", dataset), lambda: _of_pupils(page, dataset))


def _of_pupils(page: Page, dataset: str) -> pl.DataFrame:
    pupils = page.ask("pupil_list").select("school_id", "pupil_id", *PUPIL)
    rows = rows_to_edit(page.store, dataset, **schools(page))
    # Pupils in their order, and the rows of each in the order of `rows_to_edit`.
    return rows.join(pupils.with_row_index("place"), on=["school_id", "pupil_id"], how="inner",
                     maintain_order="left").sort("place", maintain_order=True).drop("place")  # fmt: skip


def show_placements(page: Page) -> None:
    """Provision that is in place or to come for the pupils counted here, and what can be done with it."""
    if not page.summary["pupils"]:
        st.info(NOBODY)
        return
    day = page.filter.as_at
    show_lost(page, "placements")
    st.caption("Provision for the pupils counted here. Select rows to change them, several together.")
    # Not a window over the page: a click beside one would lose what was typed.
    with st.expander("Start provision for pupils", key="start", expanded=is_waiting(page, STARTS)):
        _start(page)
    when = choose_one("Which", WHEN, key="placements_when")
    ended, this_year = pl.col("end_date") < day, academic_year_dates(academic_year_of(day))[0]
    kept = {
        "now": ~ended.fill_null(False),
        "ended": ended & (pl.col("end_date") >= this_year),
        "all": pl.lit(True),
    }
    rows = with_provision(page, of_pupils(page, "placements").filter(kept[when]))
    if rows.is_empty():
        st.info(NONE_OF[when])
        return
    chosen = choose_rows(page, rows, SHOWN, "placements")
    if not chosen:
        _say_begun(page, rows)
    _end(page, all_seen("placements", chosen))
    if len(chosen) == 1:
        is_begun = is_waiting(page, record_of("placements", chosen[0]["row_key"]))
        with st.expander("Correct this row", key="correct", expanded=is_begun):
            _correct(page, chosen[0])


def show_past_end(page: Page) -> None:
    """What is past its expected end, so that somebody says whether it ended, goes on, or was extended."""
    day = page.filter.as_at
    rows = of_pupils(page, "placements").filter(
        (pl.col("start_date") <= day) & (pl.col("expected_end_date") < day)
        & (pl.col("end_date").is_null() | (pl.col("end_date") >= day))
    )  # fmt: skip
    rows = with_provision(page, rows)
    show_lost(page, "placements")
    st.caption("In place and past the day it was expected to end. Select rows, then say what became of them.")
    if rows.is_empty():
        st.info("Nothing is past its expected end." if page.summary["pupils"] else NOBODY)
        return
    chosen = choose_rows(page, rows, SHOWN, "past")
    if not chosen:
        _say_begun(page, rows)
    _end(page, all_seen("placements", chosen))


def _start(page: Page) -> None:
    rows = rows_to_edit(page.store, "provisions", **schools(page)).to_dicts()
    offered = {(row["school_id"], row["provision_id"]): row for row in rows}
    named = told_apart({one: _offered_as(page, row) for one, row in offered.items()}, lambda one: one[1])
    begun = begun_among(page.store.folder, STARTS, {start_of(one): one for one in offered})
    if st.session_state.get("start_provision") not in offered:
        st.session_state["start_provision"] = begun[0] if begun else None
    chosen = st.selectbox(
        "Provision (needed)", list(offered), index=None, key="start_provision",
        placeholder="Choose a provision", format_func=lambda one: named.get(one, ""),
    )  # fmt: skip
    say_begun([named[one] for one in begun if one != chosen])
    if not chosen:
        st.caption("Choose a provision; then the pupils, and when it starts.")
        return
    weeks = offered[chosen]["weeks"]
    until = page.filter.as_at + (timedelta(weeks=weeks) if weeks else TERM)
    at_first = {"start_date": page.filter.as_at, "expected_end_date": until}
    form = new_form(page, start_of(chosen), (WHO, *STARTING), at_first)
    # A school's provision is for its own pupils.
    people = {one: words for one, words in people_called(page).items() if one[0] == chosen[0]}
    who = kept_people(form, "Pupils (needed)", list(people), people, f"start_pupils_{start_of(chosen)}")
    _warn_of_doubles(page, chosen, {one: people[one] for one in who})
    st.caption(NEVER_ENDS)
    opened = enter(page, form.record, "placements", STARTING, at_first, choices=_choices(page),
                   key=f"start_{chosen[1]}_{chosen[0]}", besides=[WHO])  # fmt: skip
    made_by, pressed = save_line(form, "Start it", "start")
    if pressed and not who:
        st.error("Choose at least one pupil.", icon="⚠️")
    elif pressed:
        edits = [
            Edit("placements", opened.given | dict(zip(WHOM, (*one, chosen[1]), strict=True))) for one in who
        ]
        words = f"{offered[chosen]['name']} starts for {count(len(who), 'pupil')}."
        save_or_say(page, made_by, edits, words, form)


def start_of(provision: tuple[str, str]) -> str:
    """What is begun about starting a provision is kept under this."""
    return f"{STARTS}{provision[0]}/{provision[1]}/"


def _offered_as(page: Page, provision: dict[str, Any]) -> str:
    """The name of a provision, with its school's where several schools are counted."""
    named = page.labels("schools")
    school = named.get(provision["school_id"], provision["school_id"])
    return str(provision["name"]) + (f" ({school})" if len(named) > 1 else "")


def _warn_of_doubles(page: Page, provision: tuple[str, str], who: dict[tuple[str, str], str]) -> None:
    """Name those chosen who have this provision already: starting it again would double it."""
    day, end = page.filter.as_at, pl.col("end_date")
    rows = of_pupils(page, "placements").filter(
        (pl.col("school_id") == provision[0])
        & (pl.col("provision_id") == provision[1])
        & (end.is_null() | (end >= day))
    )
    having = rows.select("school_id", "pupil_id").unique(maintain_order=True).iter_rows()
    has_it = [who[pupil] for pupil in having if pupil in who]
    if has_it:
        st.warning(f"Has it already, now or to come: {plain('; '.join(has_it))}.")


def _end(page: Page, chosen: list[dict[str, Any]]) -> None:
    if not chosen:
        return
    at_first = {"day": page.filter.as_at, "what": BECAME[0]}
    # What is written about these rows is about no others.
    of = "|".join(sorted(row["row_key"] for row in chosen))
    form = new_form(page, f"{ENDS}{of}/", ("what", "day", "outcome", "group"), at_first)
    with st.container(border=True):
        st.markdown(f"**{count(len(chosen), 'row').capitalize()} selected**")
        show_begun(form, TEXTS)
        did = kept_choice(form, "what", st.radio, "What became of it?", options=BECAME)
        day: date | None = kept_choice(
            form, "day", st.date_input, "Last day, or day it goes on until", format="DD/MM/YYYY"
        )
        outcome = kept_choice(form, "outcome", st.selectbox, "Outcome, where it ended",
                              options=OUTCOMES, placeholder="Not recorded")  # fmt: skip
        group = text_field(form, "group", TEXTS["group"]).strip()
        made_by, pressed = save_line(form, "Save", "end")
    if not pressed:
        return
    if did == BECAME[2] and not group:
        st.error("Say to which teaching group they moved.", icon="⚠️")
        return
    became: dict[str, dict[str, Any]] = {
        BECAME[0]: {"end_date": day} | ({"outcome": outcome} if outcome else {}),
        BECAME[1]: {"expected_end_date": day},
        BECAME[2]: {"group_name": group},
        BECAME[3]: {},
    }
    now = became[did]
    edits = [Edit("placements", now, row["row_key"], row["row_version"], removed=not now) for row in chosen]
    save_all_seen(page, made_by, edits, f"Saved for {count(len(chosen), 'row')}.", form)


def _correct(page: Page, row: dict[str, Any]) -> None:
    st.caption(f"{row['forename']} {row['surname']}")
    opened = correct(page, "correct", "placements", CORRECTING, row, choices=_choices(page),
                     key=f"correct_{row['row_key']}", called=CALLED)  # fmt: skip
    made_by = writer("correct")
    pressed = st.button("Save", type="primary", key=sends("correct"), disabled=opened.is_held_up)
    if pressed and not opened.is_held_up:
        save_correction(page, made_by, "placements", opened)


def _say_begun(page: Page, rows: pl.DataFrame) -> None:
    """About which rows something is begun and not saved: it is there once they are selected."""
    if not (is_waiting(page, "placements/") or is_waiting(page, ENDS)):
        return
    called = {
        row["row_key"]: f"{row['forename']} {row['surname']}, {row['provision']}"
        for row in rows.iter_rows(named=True)
    }
    say_waiting(page, "placements/", {record_of("placements", one): name for one, name in called.items()})
    for one in drafts.kept(page.store.folder, ENDS, writer_here(page.store.folder)):
        keys = one.record.removeprefix(ENDS)[:-1].split("|")
        say_begun([called[key] for key in keys if key in called])


def _choices(page: Page) -> dict[str, dict[str, str]]:
    staff = rows_to_edit(page.store, "staff", **schools(page))
    return known_choices(page) | {"staff_ids": dict(staff.select("staff_id", "name").iter_rows())}
