"""The widgets that say what only a person can: each draws one question and gives the plan with its answer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from provmap.imports.cell_questions import FORMS, ON_PAGE
from provmap.imports.plans import ORDERS, Plan
from provmap.imports.recognising import OPEN
from provmap.imports.shaping import IMPORT_DATE
from provmap.store import datasets
from provmap.ui import mapping_words as words
from provmap.ui import plan_answers
from provmap.ui import plan_changes as changes
from provmap.ui.mapping_details import Drawn, ask_first_day
from provmap.ui.mapping_names import ask_names
from provmap.ui.mapping_provisions import ask_meant
from provmap.ui.new_provisions import new_provisions, with_tier
from provmap.ui.plan_changes import Use
from provmap.words import TIERS, heading


def ask_set(drawn: Drawn, plan: Plan, dataset: str, name: str) -> Plan:
    """Which column gives what a dataset must have, or what is true of all its rows."""
    column = datasets()[dataset].column(name)
    now = next((one.set[name] for one in plan.outputs if one.dataset == dataset and name in one.set), OPEN)
    offered: dict[tuple[str, str], str] = {("all", text): _for_all(name, text) for text in column.allowed}
    offered |= {("column", one): f"the column “{one}” ({drawn.such_as(one)})" for one in drawn.samples}
    if column.type == "date":
        offered |= {("all", IMPORT_DATE): "the day the files show", ("day", ""): "a day that you say"}
    if name == "pupil_id":
        offered["rows", ""] = "no column: number the rows (only for a file that comes once)"
    chosen_now = ("all", now) if ("all", now) in offered else None
    if column.type == "date" and now not in (OPEN, IMPORT_DATE):
        chosen_now = ("day", "")
    label = _set_label(dataset, name)
    if name == "tier" and any(one.columns.get("tier", "").startswith("tier (from ") for one in plan.outputs):
        label = "Of which tier are the provisions that are new?"
    chosen = st.selectbox(
        label, list(offered), list(offered).index(chosen_now) if chosen_now else None,
        lambda one: offered.get(one, str(one)), key=f"{drawn.key}_set_{dataset}_{name}", placeholder="Choose",
    )  # fmt: skip
    if chosen is None:
        return plan
    way, text = chosen
    if way == "rows":
        step = {"do": changes.NUMBERED, "prefix": OPEN}
        return ask_step(drawn, changes.with_step(plan, step), step)
    if way == "day":
        return changes.with_all(plan, dataset, name, ask_first_day(f"{drawn.key}_set_{dataset}_{name}", now))
    if way == "column":
        return changes.become(
            plan, text, Use("pupils: pupil_id" if name == "pupil_id" else f"{dataset}: {name}")
        )
    return changes.with_all(plan, dataset, name, text)


def _for_all(name: str, text: str) -> str:
    if name == "year_group":
        return f"all are in Year {text}" if text.isdigit() else f"all are in {text}"
    return TIERS.get(text, text)


def _set_label(dataset: str, name: str) -> str:
    if name == "pupil_id":
        return "Which column holds each pupil's number in the school?"
    if dataset == "pupils":
        return f"Which column is {words.PUPILS.get(name, heading(name).lower())}?"
    if (dataset, name) == ("placements", "start_date"):
        return "From which day are the pupils in these provisions?"
    if name == "tier":
        return "Of which tier are these provisions?"
    return f"What is the {heading(name).lower()} of these {dataset.replace('_', ' ')}?"


def ask_step(drawn: Drawn, plan: Plan, step: dict[str, str]) -> Plan:
    """The order of names, how rows are numbered, or whether pupils may be found by their names."""
    key = f"{drawn.key}_step_{step['do']}_{step.get('column', '')}"
    if step["do"] == changes.FULL_NAME:
        sample = next(iter(drawn.samples.get(step["column"], [])), "")
        chosen = st.selectbox(
            f"Which name comes first in “{step['column']}”?", ORDERS,
            ORDERS.index(step["order"]) if step["order"] in ORDERS else None,
            lambda order: _order_words(order, sample), key=key, placeholder="Choose",
        )  # fmt: skip
        return changes.with_step_word(plan, step, "order", chosen) if chosen else plan
    if step["do"] == changes.NUMBERED:
        now = "" if step["prefix"] == OPEN else step["prefix"]
        prefix = st.text_input(
            "No column says who is who, so the rows are numbered. What do their numbers begin with?", now,
            key=key, placeholder="maths-2026-", help="Each file of this kind needs another beginning.",
        ).strip()  # fmt: skip
        return changes.with_step_word(plan, step, "prefix", prefix) if prefix else plan
    chosen = st.selectbox(
        "No column holds a pupil's number. May pupils be found by surname, forename and date of birth?",
        ["yes", "no"], 0 if step.get("agreed") == "yes" else None,
        {"yes": "yes, where just one pupil has them", "no": "no"}.__getitem__, key=key, placeholder="Choose",
    )  # fmt: skip
    if chosen == "no":
        return changes.without_step(plan, step)
    return changes.with_step_word(plan, step, "agreed", chosen) if chosen else plan


def _order_words(order: str, sample: str) -> str:
    if "," in sample or " " not in sample.strip():
        return order
    first, _, rest = sample.strip().partition(" ")
    surname, forename = (first, rest) if order == "surname first" else (rest, first)
    return f"{order}: surname {surname}, forename {forename}"


def ask_answer(drawn: Drawn, plan: Plan, key: str) -> Plan:
    """What cells mean that can mean several things."""
    kind, _, column = key.partition(" in ")
    forms = FORMS[kind]
    label = ON_PAGE[kind].format(column=column, such=f" ({drawn.such_as(column)})")
    now = plan.answers.get(key, OPEN)
    chosen = st.selectbox(
        label, forms, forms.index(now) if now in forms else None, lambda form: words.ANSWERS.get(form, form),
        key=f"{drawn.key}_answer_{key}", placeholder="Choose",
    )  # fmt: skip
    return plan_answers.with_answer(plan, key, chosen) if chosen else plan


def ask_provision(drawn: Drawn, plan: Plan, code: str) -> Plan:
    """The tier of a provision that is added."""
    row = new_provisions(plan)[code]
    tiers = list(TIERS)
    chosen = st.selectbox(
        f"Of which tier is the new provision “{row['name']}”?", tiers,
        tiers.index(row["tier"]) if row["tier"] in tiers else None, TIERS.__getitem__,
        key=f"{drawn.key}_tier_{code}", placeholder="Choose",
    )  # fmt: skip
    return with_tier(plan, code, chosen) if chosen else plan


def ask_one(drawn: Drawn, plan: Plan, what: str, of: Any) -> Plan:
    """One question of a plan that is not about a single column."""
    if what == "set":
        return ask_set(drawn, plan, *of)
    if what == "provision":
        return ask_provision(drawn, plan, of)
    if what == "names":
        return ask_names(drawn, plan, of)
    if what == "meant":
        return ask_meant(drawn, plan, of)
    return ask_step(drawn, plan, of) if what == "step" else ask_answer(drawn, plan, of)
