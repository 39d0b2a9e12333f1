"""The widgets that say what only a person can: each draws one question and gives the plan with its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from provmap.filters import academic_year_of, show_date
from provmap.imports.codes import known_codes
from provmap.imports.foreign import Foreign
from provmap.imports.plans import ORDERS, Plan
from provmap.imports.results import AGE_FORMS, ZERO_FORMS
from provmap.imports.shaping import IMPORT_DATE, IMPORT_YEAR
from provmap.store import datasets
from provmap.ui import mapping_words as words
from provmap.ui import plan_changes as changes
from provmap.ui.plan_changes import OPEN, Use
from provmap.words import TIERS, heading, joined

LABELS = {"subject": "Subject", "scale": "Scale", "provision_id": "Provision", "group_code": "Group"}
ASKED = {
    "assessed_on": "when",
    "scale": "on which scale",
    "subject": "in which subject",
    "provision_id": "which provision",
    "group_code": "which group",
    "start_date": "from when",
}
ON_A_DAY = "on a day"
YEARS_BACK = 3


@dataclass(frozen=True)
class Drawn:
    """A foreign table on the screen: up to three values of each column, and what provisions are called."""

    foreign: Foreign
    samples: dict[str, list[str]]
    provisions: dict[str, str]
    key: str

    def such_as(self, column: str) -> str:
        """Values of a column, for a person to know it by."""
        return ", ".join(self.samples.get(column, []))


def ask_details(drawn: Drawn, plan: Plan, columns: list[str], names: list[str]) -> Plan:
    """Ask details of columns that are the same kind of thing, once for all of them."""
    use = changes.use_of(plan, columns[0])
    said: dict[str, str] = {}
    key = f"{drawn.key}_{columns[0]}"
    parts = st.columns(max(len(names), 2))
    for part, name in zip(parts, names, strict=False):
        with part:
            said |= _ask_detail(drawn, use, name, columns[0], key)
    for column in columns:
        plan = with_details(drawn, plan, column, said)
    return plan


def with_details(drawn: Drawn, plan: Plan, column: str, said: dict[str, str]) -> Plan:
    """The plan in which this is true of a column's rows; a provision that is not held yet is added."""
    use = changes.use_of(plan, column)
    details = use.details | said
    if "assessed_on" in said:
        details = {name: text for name, text in details.items() if name not in ("academic_year", "term")}
    elif "term" in said:
        details.pop("assessed_on", None)
    provision = said.get("provision_id", OPEN)
    if provision != OPEN and provision not in drawn.provisions:
        details["provision_id"] = changes.provision_id(provision)
        plan = changes.with_new_provision(plan, provision)
    return changes.become(plan, column, Use(use.kind, details))


def details_of(use: Use) -> list[str]:
    """What is said of a column of this kind, in the order in which it is asked."""
    if use.kind == changes.RESULT:
        return ["subject", "scale", "assessed_on", "source"]
    return list(changes.MUST_SAY.get(use.kind, ()))


def _ask_detail(drawn: Drawn, use: Use, name: str, column: str, key: str) -> dict[str, str]:
    """One detail: what was said, or nothing."""
    now = use.details.get(name, "")
    if name == "assessed_on":
        return _ask_when(drawn.foreign.known.dated, use.details, key)
    if name == "start_date":
        return _ask_day(now, drawn.foreign.known.dated, key)
    if name == "source":
        sources = list(words.SOURCES)
        judge = st.selectbox(
            "Judged by", sources, sources.index(now) if now in sources else 0,
            words.SOURCES.__getitem__, key=f"{key}_source",
        )  # fmt: skip
        return {"source": judge or ""}
    offered = _offered(drawn, name, column)
    if now and now != OPEN:
        offered.setdefault(now, now)
    chosen = st.selectbox(
        LABELS[name], list(offered), list(offered).index(now) if now in offered else None,
        lambda code: offered.get(code, code), key=f"{key}_{name}", placeholder="Choose or type",
        accept_new_options=True,
    )  # fmt: skip
    return {name: chosen} if chosen else {}


def _offered(drawn: Drawn, name: str, column: str) -> dict[str, str]:
    """What can be chosen for a detail, with its words."""
    if name == "provision_id":
        held = dict(sorted(drawn.provisions.items(), key=lambda one: one[1]))
        return {column.strip(): f"a new provision, “{column.strip()}”"} | held
    codes = known_codes()[{"group_code": "group"}.get(name, name)]
    return {code: words.SCALES.get(code, code.replace("_", " ")) for code in dict.fromkeys(codes.values())}


def _ask_when(dated: date, said: dict[str, str], key: str) -> dict[str, str]:
    """The day or the term in which results were made."""
    offered = {IMPORT_DATE: f"the day the files show ({show_date(dated)})", ON_A_DAY: ON_A_DAY}
    year = academic_year_of(dated)
    for back in range(YEARS_BACK + 1):
        first = int(year[:4]) - back
        name = f"{first}/{(first + 1) % 100:02}"
        begun = [term for term, begins in _term_starts(first).items() if begins <= dated]
        offered |= {f"{term} {name if back else IMPORT_YEAR}": f"{term} {name}" for term in reversed(begun)}
    now = _when_now(said)
    if now:
        offered.setdefault(now, now)
    chosen = st.selectbox(
        "When", list(offered), list(offered).index(now) if now else None, offered.__getitem__,
        key=f"{key}_when", placeholder="Choose a day or a term",
    )  # fmt: skip
    if chosen is None:
        return {}
    if chosen == IMPORT_DATE:
        return {"assessed_on": IMPORT_DATE}
    if chosen == ON_A_DAY:
        day = st.date_input(
            "Day", _as_day(said.get("assessed_on", "")), format="DD/MM/YYYY", key=f"{key}_day"
        )
        return {"assessed_on": day.isoformat() if isinstance(day, date) else OPEN}
    term, _, name = chosen.partition(" ")
    return {"academic_year": name, "term": term}


def _term_starts(year: int) -> dict[str, date]:
    """When the terms begin at the earliest: only those that have begun are offered."""
    return {"autumn": date(year, 9, 1), "spring": date(year + 1, 1, 1), "summer": date(year + 1, 3, 20)}


def _when_now(said: dict[str, str]) -> str:
    if "assessed_on" not in said:
        return f"{said['term']} {said['academic_year']}" if "term" in said else ""
    day = said["assessed_on"]
    return {OPEN: "", IMPORT_DATE: IMPORT_DATE}.get(day, ON_A_DAY)


def _ask_day(now: str, dated: date, key: str) -> dict[str, str]:
    """The day from which something was so."""
    offered = {IMPORT_DATE: f"the day the files show ({show_date(dated)})", ON_A_DAY: ON_A_DAY}
    place = None if now in ("", OPEN) else int(now != IMPORT_DATE)
    chosen = st.selectbox(
        "From", list(offered), place, offered.__getitem__, key=f"{key}_from", placeholder="Choose a day"
    )
    if chosen is None:
        return {}
    if chosen == IMPORT_DATE:
        return {"start_date": IMPORT_DATE}
    day = st.date_input("First day", _as_day(now), format="DD/MM/YYYY", key=f"{key}_first_day")
    return {"start_date": day.isoformat() if isinstance(day, date) else OPEN}


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def ask_set(drawn: Drawn, plan: Plan, dataset: str, name: str) -> Plan:
    """Which column gives what a dataset must have, or what is true of all its rows."""
    column = datasets()[dataset].column(name)
    now = next((one.set[name] for one in plan.outputs if one.dataset == dataset and name in one.set), OPEN)
    offered: dict[tuple[str, str], str] = {("all", text): _for_all(name, text) for text in column.allowed}
    is_told = any(output.dataset == dataset and output.rows for output in plan.outputs)
    if not is_told:
        offered |= {("column", one): f"the column “{one}” ({drawn.such_as(one)})" for one in drawn.samples}
    if name == "pupil_id":
        offered["rows", ""] = "no column: number the rows (only for a file that comes once)"
    chosen_now = ("all", now) if ("all", now) in offered else None
    chosen = st.selectbox(
        _set_label(dataset, name), list(offered), list(offered).index(chosen_now) if chosen_now else None,
        lambda one: offered.get(one, str(one)), key=f"{drawn.key}_set_{dataset}_{name}", placeholder="Choose",
    )  # fmt: skip
    if chosen is None:
        return plan
    way, text = chosen
    if way == "rows":
        return changes.with_step(plan, {"do": changes.NUMBERED, "prefix": "row "})
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
    if name == "tier":
        return "Which tier is this provision?"
    return f"What is the {heading(name).lower()} of these {dataset.replace('_', ' ')}?"


def ask_step(drawn: Drawn, plan: Plan, step: dict[str, str]) -> Plan:
    """The order of names, or whether pupils may be found by their names."""
    key = f"{drawn.key}_step_{step['do']}_{step.get('column', '')}"
    if step["do"] == changes.FULL_NAME:
        sample = next(iter(drawn.samples.get(step["column"], [])), "")
        chosen = st.selectbox(
            f"Which name comes first in “{step['column']}”?", ORDERS,
            ORDERS.index(step["order"]) if step["order"] in ORDERS else None,
            lambda order: _order_words(order, sample), key=key, placeholder="Choose",
        )  # fmt: skip
        return changes.with_step_word(plan, step, "order", chosen) if chosen else plan
    chosen = st.selectbox(
        "No column holds a pupil's number. May pupils be found by surname, forename and date of birth?",
        ["yes", "no"], 0 if step["agreed"] == "yes" else None,
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
    forms = AGE_FORMS if kind == "reading age" else ZERO_FORMS
    such = f" ({drawn.such_as(column)})" if kind == "reading age" else ""
    label = (
        f"How are the ages in “{column}” written{such}?"
        if kind == "reading age"
        else f"“{column}” has a 0 where an earlier result is a real score. What does the 0 mean?"
    )
    now = plan.answers.get(key, OPEN)
    chosen = st.selectbox(
        label, forms, forms.index(now) if now in forms else None, lambda form: words.ANSWERS.get(form, form),
        key=f"{drawn.key}_answer_{key}", placeholder="Choose",
    )  # fmt: skip
    return changes.with_answer(plan, key, chosen) if chosen else plan


def ask_one(drawn: Drawn, plan: Plan, what: str, of: Any) -> Plan:
    """One question of a plan that is not about a single column."""
    if what == "set":
        return ask_set(drawn, plan, *of)
    return ask_step(drawn, plan, of) if what == "step" else ask_answer(drawn, plan, of)


def columns_label(use: Use, columns: list[str], names: list[str]) -> str:
    """The sentence above the details of one or several columns."""
    which = joined([ASKED.get(name, name) for name in names])
    kind = {changes.RESULT: "results"}.get(use.kind, words.kind_words(use.kind))
    return f"{', '.join(f'“{column}”' for column in columns)} ({kind}): {which}?"
