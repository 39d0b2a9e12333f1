"""Confirming what each column of a foreign file is: questions first, then the steps, then every column.

Widgets change a plan that is pending; nothing counts until the files are looked at again with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Literal

import polars as pl
import streamlit as st

from provmap.errors import ProvmapError
from provmap.filters import show_date
from provmap.imports import Preview
from provmap.imports.attended import COLUMN
from provmap.imports.described import describe_columns, tick_columns
from provmap.imports.foreign import Foreign, propose_again
from provmap.imports.names import open_names, steps_of
from provmap.imports.plans import ABOUT_PUPIL, Plan, plan_json, signature, to_keep
from provmap.imports.provisions import ABOUT as ABOUT_PROVISION
from provmap.imports.provisions import STEP as PROVISIONS
from provmap.imports.recognising import OPEN
from provmap.ui import mapping_words as words
from provmap.ui import plan_changes as changes
from provmap.ui.mapping_details import Drawn, ask_details, details_of, own_details, with_details
from provmap.ui.mapping_provisions import offer_ticks, show_provisions
from provmap.ui.mapping_questions import ask_one
from provmap.ui.mapping_start import choose_rows, rows_of, start_mapping
from provmap.ui.new_provisions import new_provisions
from provmap.ui.page import plain, show_error
from provmap.ui.plan_changes import Use
from provmap.words import count

ROWS_LOOKED_AT = 600
MOST_OPEN = 3
# A list of columns up to this long is shown whole.
ROWS_SHOWN = 20

Look = Callable[[dict[str, Plan]], None]


def show_mappings(found: Preview, look_again: Look) -> str:
    """Draw what the columns of every foreign file become; gives why rows cannot be imported yet, if so."""
    st.subheader("What each column is", anchor=False)
    st.caption(
        "These files have headings of their own. Check what each column was taken for; change what is wrong."
    )
    _dress()
    pending: dict[str, Plan] = {}
    for number, drawn in enumerate(_drawn(found)):
        foreign = drawn.foreign
        is_open = bool(foreign.questions) or (number < MOST_OPEN and not foreign.is_remembered)
        with st.expander(_label(foreign), expanded=is_open, key=f"{drawn.key}_all"):
            pending[foreign.name] = _show_one(drawn, found, look_again)
    changed = {one.name: pending[one.name] for one in found.foreign if pending[one.name] != one.plan}
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Look again", type="primary" if changed else "secondary", disabled=not changed,
                     key="look_again"):  # fmt: skip
            look_again(changed)
        st.download_button(
            "Keep these choices as a file",
            _mapping_file(pending), "mapping.json", "application/json", on_click="ignore", key="take_mapping",
            help="For the command line: import --mapping mapping.json. It holds headings and codes, no pupil",
        )  # fmt: skip
    if changed:
        return "You have changed what columns become: choose “Look again” first."
    if not found.rows and not any(one.plan.outputs for one in found.foreign):
        return "No column becomes anything yet: choose above what the columns are."
    if any(one.questions for one in found.foreign):
        return "The questions above must be answered first."
    return ""


def _mapping_file(plans: dict[str, Plan]) -> str:
    """The plans as `import --mapping` reads them."""
    return json.dumps(
        {name: plan_json(to_keep(plan)) for name, plan in plans.items()}, indent=1, ensure_ascii=False
    )


def _label(foreign: Foreign) -> str:
    state = "read as last time" if foreign.is_remembered else "new kind of file"
    if foreign.questions:
        state = "questions to answer"
    return f"**{plain(foreign.name)}**: {state}"


def _drawn(found: Preview) -> list[Drawn]:
    """The tables with their samples, worked out once for each look: laying out a long file takes a while."""
    look = st.session_state.get("looks", 0)
    known = st.session_state.get("drawn")
    if known is None or known[0] is not found:
        drawn = [
            Drawn(
                foreign,
                _samples(foreign),
                foreign.known.provisions.labels,
                f"map{look}_{number}",
                tick_columns(foreign.table, foreign.plan, foreign.known),
            )
            for number, foreign in enumerate(found.foreign)
        ]
        st.session_state["drawn"] = known = (found, drawn)
    return list(known[1])


def _samples(foreign: Foreign) -> dict[str, list[str]]:
    table, plan = foreign.table, foreign.plan
    most = plan.heading_row + ROWS_LOOKED_AT
    if table.rows.height > most:
        table = replace(table, rows=table.rows.head(most), lines=table.lines.head(most), faults={})
        plan = replace(plan, ending_rows=0)
    rows = describe_columns(table, plan, foreign.known)
    # What a step makes that is not settled yet would only mislead.
    unsettled = {
        made for step in plan.steps if OPEN in step.values() for made in changes.made_by(step).values()
    }
    of_names = [step for step in plan.steps if step["do"] in (changes.NAMES, PROVISIONS)]
    hidden = {made for step in of_names for made in changes.made_by(step).values()}
    return {
        row["column"]: []
        if row["column"] in unsettled
        else [text for text in row["values"].split("; ") if text]
        for row in rows
        if row["column"].strip() and row["column"] not in hidden
    }


def _show_one(drawn: Drawn, found: Preview, look_again: Look) -> Plan:
    foreign = drawn.foreign
    plan = foreign.plan
    line = words.heading_line(foreign.table, plan)
    st.markdown(f"{words.recognised_words(plan.sure)} {words.layout_words(plan, line)}")
    if foreign.is_remembered:
        st.info(
            f"Files with these headings were confirmed on {_remembered_on(found, foreign)}; "
            "this one is read in the same way. Change here what differs."
        )
    rows = choose_rows(drawn, foreign.plan)
    if rows != rows_of(foreign.plan):
        again = _with_rows(drawn, found, look_again, rows or "")
        return _choose_layout(drawn, again, found, look_again)
    if not foreign.plan.outputs:
        return _choose_layout(drawn, plan, found, look_again)
    asked = st.container(key=f"{drawn.key}_asked")
    plan = show_provisions(drawn, _choose_steps(drawn, plan))
    plan, opened = _choose_columns(drawn, plan)
    plan = offer_ticks(drawn, plan, opened)
    with asked:
        plan = _ask(drawn, plan, opened)
    _show_columns(drawn, plan)
    with st.container(horizontal=True):
        plan = _choose_layout(drawn, plan, found, look_again)
        plan = _review_answers(drawn, plan)
    return plan


def _with_rows(drawn: Drawn, found: Preview, look_again: Look, rows: str) -> Plan:
    """The plan in which the rows are what a person says: looked at again at once where it is understood."""
    plan = drawn.foreign.plan
    again = propose_again(found.folder, drawn.foreign, plan.heading_row, plan.heading_rows, rows)
    if plan.outputs and rows_of(again) == rows:
        st.session_state.get("steps_offered", {}).pop(drawn.foreign.name, None)
        look_again({drawn.foreign.name: again})
    return start_mapping(drawn, replace(plan, outputs=()), rows)


def _remembered_on(found: Preview, foreign: Foreign) -> str:
    path = found.folder / "mappings" / f"{signature(foreign.table.headings)}.json"
    return show_date(date.fromtimestamp(path.stat().st_mtime)) if path.exists() else "an earlier day"


def _ask(drawn: Drawn, plan: Plan, opened: list[str]) -> Plan:
    """Everything that only a person can say, with the widgets that say it."""
    groups: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for what, of in changes.asked(drawn.foreign.plan):
        use = changes.use_of(plan, of) if what == "column" else Use("")
        names = tuple(name for name in details_of(use) if use.details.get(name) == OPEN)
        if names and of not in opened:
            # Each span of attendance has days of its own, and each column of ticks is about one thing.
            is_own = not {"end_date", "provision_id", "group_code"}.isdisjoint(names)
            groups.setdefault((use.kind, names, of if is_own else ""), []).append(of)
    others = _once([one for one in changes.asked(plan) if one[0] != "column"])
    if not groups and not others:
        return plan
    with st.container(key=f"{drawn.key}_questions"):
        number = len(groups) + len(others)
        st.markdown(f"**Only you can say this** ({count(number, 'question')}):")
        for (_, names, _), columns in groups.items():
            plan = ask_details(drawn, plan, columns, list(names), is_question=True)
        for what, of in others:
            plan = ask_one(drawn, plan, what, of)
    return plan


def _once(questions: list[tuple[str, object]]) -> list[tuple[str, object]]:
    """The pupil's number is asked once, however many datasets of the file lack it."""
    kept: list[tuple[str, object]] = []
    has_pupil = False
    for what, of in questions:
        is_pupil = what == "set" and isinstance(of, tuple) and of[1] == "pupil_id"
        if not (is_pupil and has_pupil):
            kept.append((what, of))
        has_pupil = has_pupil or is_pupil
    return kept


def _choose_steps(drawn: Drawn, plan: Plan) -> Plan:
    """A switch for each step that the plan has, or had when the file was first looked at."""
    offered = st.session_state.setdefault("steps_offered", {}).setdefault(drawn.foreign.name, {})
    offered |= {
        (step["do"], step.get("column", "")): step
        for step in drawn.foreign.plan.steps if step["do"] != PROVISIONS
    }  # fmt: skip
    if not offered:
        return plan
    st.markdown("**What is done to the file first**")
    for (do, column), step in offered.items():
        is_done = step in drawn.foreign.plan.steps
        sample = next(iter(drawn.samples.get(column, [])), "")
        is_wanted = st.toggle(
            plain(words.step_words(step, sample)), is_done, key=f"{drawn.key}_do_{do}_{column}"
        )
        if is_wanted != is_done:
            plan = (changes.with_step if is_wanted else changes.without_step)(plan, step)
    return plan


def _choose_columns(drawn: Drawn, plan: Plan) -> tuple[Plan, list[str]]:
    """The columns that the reader opens, each with what it becomes and the details of that."""
    st.markdown("**What each column becomes**")
    opened = st.multiselect(
        "Change these columns", list(drawn.samples), key=f"{drawn.key}_open",
        placeholder="Choose the columns whose meaning is wrong or left out",
    )  # fmt: skip
    for column in opened:
        with st.container(border=True, key=f"{drawn.key}_row_{column}"):
            plan = _choose_column(drawn, plan, column)
    return plan, opened


def _choose_column(drawn: Drawn, plan: Plan, column: str) -> Plan:
    left, right = st.columns(2, vertical_alignment="center")
    left.markdown(f"**{plain(column)}**  \n:gray[{plain(drawn.such_as(column)) or 'always empty'}]")
    now = changes.use_of(plan, column).kind
    kinds = words.kinds(plan)
    kinds = kinds if now in kinds else [now, *kinds]
    kind = right.selectbox(
        "becomes", kinds, kinds.index(now), words.kind_words, key=f"{drawn.key}_becomes_{column}"
    )
    if kind != now:
        plan = changes.become(plan, column, Use(kind))
        if own := own_details(kind, column):
            plan = with_details(drawn, plan, column, own)
    names = details_of(changes.use_of(plan, column))
    return ask_details(drawn, plan, [column], names) if names else plan


def _show_columns(drawn: Drawn, plan: Plan) -> None:
    """Every column with its values and what it becomes: nothing here can be edited."""
    made = {column for step in plan.steps for column in changes.made_by(step).values()}
    rows = pl.DataFrame(
        [
            (
                column.replace("_", " ") if column in made else column,
                _becomes(drawn, plan, column),
                drawn.such_as(column),
            )
            for column in drawn.samples
        ],
        schema=["The file's column", "Becomes", "Values such as"],
        orient="row",
    )
    height: Literal["content", "auto"] = "content" if rows.height <= ROWS_SHOWN else "auto"
    st.dataframe(rows, hide_index=True, height=height, key=f"{drawn.key}_columns")


def _becomes(drawn: Drawn, plan: Plan, column: str) -> str:
    """What a column becomes, with the day and the year of this import where the plan says no more."""
    use = changes.use_of(plan, column)
    if use.kind == changes.LEAVE_OUT and any(column in step.values() for step in plan.steps):
        return "only used by a step above"
    if any(f"{COLUMN}{column}" in each.set.values() for output in plan.outputs for each in output.each):
        return "the sessions that were possible"
    said = {name: drawn.foreign.known.said(text) for name, text in use.details.items()}
    added = {code: row["name"] for code, row in new_provisions(plan).items()}
    return words.use_words(Use(use.kind, said), drawn.provisions | added)


def _choose_layout(drawn: Drawn, plan: Plan, found: Preview, look_again: Look) -> Plan:
    """Where the headings stand and what is left out at the end."""
    with st.popover("Headings and last rows", key=f"{drawn.key}_layout"):
        most = drawn.foreign.table.rows.height
        ending = st.number_input(
            "Rows left out at the end", 0, most, min(plan.ending_rows, most), key=f"{drawn.key}_ending"
        )
        row = st.number_input(
            "The headings stand in row", 1, most + 1, plan.heading_row, key=f"{drawn.key}_heading",
            help="Blank rows are not counted.",
        )  # fmt: skip
        is_merged = st.toggle(
            "A merged row above belongs to them", plan.heading_rows == 2, key=f"{drawn.key}_merged"
        )
        rows = 2 if is_merged else 1
        is_moved = (row, rows) != (plan.heading_row, plan.heading_rows)
        if st.button("Read these headings", disabled=not is_moved, key=f"{drawn.key}_move"):
            try:
                again = propose_again(found.folder, drawn.foreign, int(row), rows)
            except ProvmapError as error:
                show_error(error)
            else:
                st.session_state.get("steps_offered", {}).pop(drawn.foreign.name, None)
                look_again({drawn.foreign.name: again})
    return replace(plan, ending_rows=int(ending))


def _review_answers(drawn: Drawn, plan: Plan) -> Plan:
    """What was answered before, to be changed."""
    was = drawn.foreign.plan
    given: list[tuple[str, object]] = [
        ("answer", key) for key, text in was.answers.items()
        if text != OPEN and not key.startswith((ABOUT_PUPIL, ABOUT_PROVISION))
    ]  # fmt: skip
    given += [("names", step) for step in steps_of(plan)
              if step in was.steps and not open_names(was, step["column"])]  # fmt: skip
    given += [
        ("step", step) for step in plan.steps
        if step in was.steps and {"order", "agreed", "prefix"} & set(step) and OPEN not in step.values()
    ]  # fmt: skip
    given += [("provision", code) for code, row in new_provisions(was).items()
              if row["tier"] != OPEN and code in new_provisions(plan)]  # fmt: skip
    given += [
        ("set", (output.dataset, name))
        for output in plan.outputs for name, text in output.set.items()
        if text != OPEN and name in ("year_group", "tier")
        and any(one.dataset == output.dataset and one.set.get(name, OPEN) != OPEN for one in was.outputs)
    ]  # fmt: skip
    if not given:
        return plan
    with st.popover(f"Answers so far ({len(given)})", key=f"{drawn.key}_answers"):
        for what, of in given:
            plan = ask_one(drawn, plan, what, of)
    return plan


def _dress() -> None:
    st.html(
        """<style>
        [class*="st-key-map"][class*="_questions"] {
            background: color-mix(in srgb, #e0a03c 14%, transparent); padding: .8rem 1rem 1rem;
            border-left: 4px solid #c77700; border-radius: .3rem; }
        [class*="st-key-map"] [data-testid="stColumn"] { flex: 1 1 12rem; min-width: 12rem; }
        </style>"""
    )
