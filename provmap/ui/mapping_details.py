"""What is true of the rows that a column makes, such as subject, scale and day: the widgets that say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from provmap.filters import academic_year_of, show_date
from provmap.imports.attended import COLUMN
from provmap.imports.codes import fold, known_codes
from provmap.imports.foreign import Foreign
from provmap.imports.plans import Plan
from provmap.imports.recognising import OPEN
from provmap.imports.shaping import IMPORT_DATE, IMPORT_YEAR, Known
from provmap.imports.tick_sheets import provision_id
from provmap.imports.when import term_starts
from provmap.ui import mapping_words as words
from provmap.ui import plan_changes as changes
from provmap.ui.new_provisions import (
    new_provisions,
    new_scales,
    with_new_provision,
    with_new_scale,
)
from provmap.ui.page import plain
from provmap.ui.plan_changes import Use
from provmap.words import joined

# A detail as a question, and where several are asked at once.
ASKED = {
    "assessed_on": "When were the results in {which} made?",
    "scale": "On which scale are the results in {which}?",
    "subject": "In which subject are the results in {which}?",
    "source": "Who judged the results in {which}?",
    "provision_id": "Which provision is {which}?",
    "group_code": "Which group is {which}?",
    "start_date": "From which day is {which} so?",
    "possible": "How many sessions (half days) were possible in {which}? Those attended are then worked "
    "out, rounded half up.",
}
LABELS = {
    "assessed_on": "When",
    "scale": "Scale",
    "subject": "Subject",
    "source": "Judged by",
    "provision_id": "Provision",
    "group_code": "Group",
    "start_date": "From",
    "end_date": "To",
    "possible": "Sessions possible",
}
ANOTHER = "another"
# Not details of the column: the range of a scale that it brings.
LOWEST, HIGHEST = "lowest", "highest"
ON_A_DAY = "on a day"
YEARS_BACK = 3
# More than any school year has.
MOST_SESSIONS = 420


@dataclass(frozen=True)
class Drawn:
    """A foreign table on the screen: up to three values of each column, and what provisions are called."""

    foreign: Foreign
    samples: dict[str, list[str]]
    provisions: dict[str, str]
    key: str
    # The columns left out that hold only ticks.
    ticks: tuple[str, ...] = ()

    def such_as(self, column: str) -> str:
        """Values of a column, for a person to know it by."""
        return ", ".join(self.samples.get(column, []))


def ask_details(
    drawn: Drawn, plan: Plan, columns: list[str], names: list[str], *, is_question: bool = False
) -> Plan:
    """Ask details of columns that are the same kind of thing, once for all of them."""
    said: dict[str, str] = {}
    key = f"{drawn.key}_{columns[0]}"
    sentence = columns_label(columns, names)
    labels = {name: LABELS[name] for name in names}
    if is_question and len(names) == 1:
        labels = {names[0]: sentence}
    elif is_question:
        st.markdown(plain(sentence))
    for part, name in zip(st.columns(len(names)), names, strict=True):
        with part:
            said |= _ask_detail(drawn, plan, name, columns[0], (labels[name], key))
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
    held = drawn.foreign.known.provisions.find(provision)
    if provision not in (OPEN, *drawn.provisions) and held:
        # What is held under that name is never added a second time.
        details["provision_id"] = held[0].provision_id if len(held) == 1 else OPEN
    elif provision != OPEN and provision not in drawn.provisions:
        details["provision_id"] = provision_id(provision)
        if details["provision_id"] not in drawn.provisions:
            plan = with_new_provision(plan, provision)
    marks = [details.pop(name, "") for name in (LOWEST, HIGHEST)]
    if marks[1]:
        plan = with_new_scale(plan, details["scale"], *marks)
    return changes.become(plan, column, Use(use.kind, details))


def details_of(use: Use) -> list[str]:
    """What is said of a column of this kind, in the order in which it is asked."""
    if use.kind == changes.RESULT:
        return ["subject", "scale", "assessed_on", "source"]
    return list(changes.MUST_SAY.get(use.kind, ()))


def own_details(kind: str, column: str) -> dict[str, str]:
    """What is true of a column of a kind before anybody has said more: its heading names its provision."""
    of = {"provision_id": column.strip()} if kind in (changes.TICK, changes.DAY) else {}
    return of | ({"start_date": IMPORT_DATE} if kind == changes.TICK else {})


def _ask_detail(
    drawn: Drawn, plan: Plan, name: str, column: str, label_and_key: tuple[str, str]
) -> dict[str, str]:
    """One detail: what was said, or nothing."""
    label, key = label_and_key
    use = changes.use_of(plan, column)
    now = use.details.get(name, "")
    if name == "assessed_on":
        return _ask_when(label, drawn.foreign.known.dated, use.details, key)
    if name in ("start_date", "end_date"):
        day = _ask_day(label, now, drawn.foreign.known, key if name == "start_date" else f"{key}_end")
        return {name: day} if day else {}
    if name == "possible":
        return _ask_possible(label, now, key)
    if name == "source":
        sources = list(words.SOURCES)
        judge = st.selectbox(
            label, sources, sources.index(now) if now in sources else 0,
            words.SOURCES.__getitem__, key=f"{key}_source",
        )  # fmt: skip
        return {"source": judge or ""}
    offered = _offered(drawn, plan, name, column)
    if now and now != OPEN:
        offered.setdefault(now, now)
    offered[ANOTHER] = "another, to be typed"
    chosen = st.selectbox(
        label, list(offered), list(offered).index(now) if now in offered else None,
        lambda code: offered.get(code, code), key=f"{key}_{name}", placeholder="Choose",
    )  # fmt: skip
    if chosen == ANOTHER and name == "scale":
        return _type_scale(key)
    if chosen == ANOTHER:
        chosen = st.text_input(f"{LABELS[name]}, in words", key=f"{key}_{name}_typed").strip()
    return {name: chosen} if chosen else {}


def _type_scale(key: str) -> dict[str, str]:
    """A scale of the school's own: its name and its range of marks."""
    name = st.text_input("Name of the scale", key=f"{key}_scale_typed", placeholder="marks of 20").strip()
    lowest = st.number_input("Lowest mark there can be", value=0, key=f"{key}_lowest")
    highest = st.number_input("Highest mark there can be", value=None, step=1, key=f"{key}_highest")
    if known := known_codes()["scale"].get(fold(name)):
        return {"scale": known}
    if not name or highest is None:
        return {"scale": OPEN}
    return {"scale": name, LOWEST: str(lowest), HIGHEST: str(highest)}


def _offered(drawn: Drawn, plan: Plan, name: str, column: str) -> dict[str, str]:
    """What can be chosen for a detail, with its words: also what the plan adds for another column."""
    if name == "provision_id":
        held = dict(sorted(drawn.provisions.items(), key=lambda one: one[1]))
        added = {code: row["name"] for code, row in new_provisions(plan).items()}
        is_held = drawn.foreign.known.provisions.find(column.strip())
        new = {} if is_held else {column.strip(): f"a new provision, “{column.strip()}”"}
        return new | added | held
    codes = known_codes()[{"group_code": "group"}.get(name, name)]
    offered = {code: words.SCALES.get(code, code.replace("_", " ")) for code in dict.fromkeys(codes.values())}
    return ({code: code for code in new_scales(plan)} if name == "scale" else {}) | offered


def _ask_when(label: str, dated: date, said: dict[str, str], key: str) -> dict[str, str]:
    """The day or the term in which results were made."""
    offered = {IMPORT_DATE: f"the day the files show ({show_date(dated)})", ON_A_DAY: ON_A_DAY}
    year = academic_year_of(dated)
    for back in range(YEARS_BACK + 1):
        first = int(year[:4]) - back
        name = f"{first}/{(first + 1) % 100:02}"
        begun = [term for term, begins in term_starts(first).items() if begins <= dated]
        offered |= {f"{term} {name if back else IMPORT_YEAR}": f"{term} {name}" for term in reversed(begun)}
    now = _when_now(said)
    if now:
        offered.setdefault(now, now)
    chosen = st.selectbox(
        label, list(offered), list(offered).index(now) if now else None, offered.__getitem__,
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


def _when_now(said: dict[str, str]) -> str:
    if "assessed_on" not in said:
        return f"{said['term']} {said['academic_year']}" if "term" in said else ""
    day = said["assessed_on"]
    return {OPEN: "", IMPORT_DATE: IMPORT_DATE}.get(day, ON_A_DAY)


def _ask_possible(label: str, now: str, key: str) -> dict[str, str]:
    """How many sessions were possible: a number that a person says, or the column that holds it."""
    if now.startswith(COLUMN):
        st.markdown(plain(f"{label}: as in “{now.removeprefix(COLUMN)}”"))
        return {}
    held = int(now) if now.isdigit() else None
    number = st.number_input(
        label, 1, MOST_SESSIONS, held, key=f"{key}_possible", placeholder="such as 60 for a half-term"
    )
    return {"possible": str(number) if number else OPEN}


def _ask_day(label: str, now: str, known: Known, key: str) -> str:
    """The first or last day on which something was so; nothing where none is chosen."""
    offered = {IMPORT_DATE: f"the day the files show ({show_date(known.dated)})", ON_A_DAY: ON_A_DAY}
    if (said := _as_day(known.said(now))) and now not in offered and not _as_day(now):
        offered = {now: f"the {now} ({show_date(said)})"} | offered
    chosen_now = now if now in offered else ON_A_DAY
    place = None if now in ("", OPEN) else list(offered).index(chosen_now)
    chosen = st.selectbox(
        label, list(offered), place, offered.__getitem__, key=f"{key}_from", placeholder="Choose a day"
    )
    return ask_first_day(key, now) if chosen == ON_A_DAY else chosen or ""


def ask_first_day(key: str, now: str) -> str:
    """A day that a person says, or that it is still to be said."""
    day = st.date_input("Day", _as_day(now), format="DD/MM/YYYY", key=f"{key}_first_day")
    return day.isoformat() if isinstance(day, date) else OPEN


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def columns_label(columns: list[str], names: list[str]) -> str:
    """The sentence that asks for details of one or several columns."""
    which = joined([f"“{column}”" for column in columns])
    if len(names) == 1:
        exception = " Open one below where it differs." if len(columns) > 1 else ""
        return ASKED[names[0]].format(which=which) + exception
    return f"What is in {which}?"
