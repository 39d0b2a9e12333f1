"""Which held provisions are meant by the names in a file: said in a sentence, and changed name by name."""

from __future__ import annotations

import streamlit as st

from provmap.imports.plans import Plan
from provmap.imports.provisions import OPEN, key_of, meant, steps_of, texts_of
from provmap.imports.shaping import lay_out
from provmap.ui import plan_answers
from provmap.ui import plan_changes as changes
from provmap.ui.mapping_details import Drawn, own_details, with_details
from provmap.ui.page import plain
from provmap.ui.plan_changes import Use
from provmap.words import count, joined

MOST_NAMED = 12


def show_provisions(drawn: Drawn, plan: Plan) -> Plan:
    """The names that were taken to be provisions that are held, and those that are new."""
    held = drawn.foreign.known.provisions
    if not held.held:
        return plan
    for step in steps_of(drawn.foreign.plan):
        if step not in plan.steps:
            continue
        table = lay_out(drawn.foreign.table, plan, drawn.foreign.known)
        found = {text: meant(text, step, plan.answers, held) for text in texts_of(table, step)}
        known = {text: one.provision_id for text, one in found.items() if one}
        waiting = {text for text in found if plan.answers.get(key_of(step, text), "").startswith(OPEN)}
        new = [text for text in found if text not in known and text not in waiting]
        st.markdown(plain(_sentence(step["column"], known, held.labels, new)))
        if known:
            key = f"{drawn.key}_provisions_{step['column']}"
            with st.popover("Change which provision is meant", key=key):
                for text, code in known.items():
                    plan = _choose(drawn, plan, (step, text), code)
    return plan


def offer_ticks(drawn: Drawn, plan: Plan, opened: list[str]) -> Plan:
    """Columns of ticks that nothing is made of: a person says which of them are provisions."""
    offered = [column for column in drawn.ticks if column not in opened]
    if not offered:
        return plan
    chosen = st.multiselect(
        "These columns hold only ticks, and are left out. Which of them are provisions?", offered,
        key=f"{drawn.key}_ticks", placeholder="Choose the columns that are provisions",
    )  # fmt: skip
    for column in chosen:
        own = own_details(changes.TICK, column)
        plan = changes.become(plan, column, Use(changes.TICK, {"start_date": own["start_date"]}))
        plan = with_details(drawn, plan, column, own)
    return plan


def ask_meant(drawn: Drawn, plan: Plan, key: str) -> Plan:
    """Which of several held provisions of one name is meant."""
    for step in steps_of(plan):
        table = lay_out(drawn.foreign.table, plan, drawn.foreign.known)
        for text in texts_of(table, step):
            if key_of(step, text) == key:
                return _choose(drawn, plan, (step, text), None)
    return plan


def _choose(drawn: Drawn, plan: Plan, name: tuple[dict[str, str], str], now: str | None) -> Plan:
    step, text = name
    labels = drawn.foreign.known.provisions.labels
    codes = sorted(labels, key=lambda code: labels[code].casefold())
    if now is None:
        same_name = [one.provision_id for one in drawn.foreign.known.provisions.find(text)]
        codes = [*same_name, *(code for code in codes if code not in same_name)]
    label = f"“{text}” in the file is"
    if now is None:
        label = (
            f"More than one provision that you hold is called “{text}”. Which is meant in “{step['column']}”?"
        )
    chosen = st.selectbox(
        plain(label), codes, codes.index(now) if now in codes else None,
        lambda code: labels.get(code, code), key=f"{drawn.key}_meant_{key_of(step, text)}",
        placeholder="Choose the provision that is meant",
    )  # fmt: skip
    return plan_answers.with_answer(plan, key_of(step, text), chosen) if chosen and chosen != now else plan


def _sentence(column: str, known: dict[str, str], labels: dict[str, str], new: list[str]) -> str:
    parts = []
    # Of several spellings of one provision the first.
    spelt = {code: text for text, code in reversed(known.items())}
    first = {text: code for text, code in known.items() if spelt[code] == text}
    if known:
        said = [
            f"“{text}”" if text == labels[code] else f"“{text}” as {labels[code]}"
            for text, code in first.items()
        ]  # fmt: skip
        are, s = ("is held already, and is", "") if len(first) == 1 else ("are held already, and are", "s")
        parts.append(f"{_some(said)} in “{column}” {are} taken to be the same provision{s}.")
    if new:
        said = [f"“{text}”" for text in new]
        parts.append(f"{_some(said)} {'is' if len(new) == 1 else 'are'} new.")
    return " ".join(parts)


def _some(named: list[str]) -> str:
    more = [count(len(named) - MOST_NAMED, "other")] if len(named) > MOST_NAMED else []
    return joined([*named[:MOST_NAMED], *more])
