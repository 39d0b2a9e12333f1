"""A file in which nothing is recognised: what its rows are, and then what each of its columns is."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from provmap.imports.plans import Output, Plan
from provmap.store import datasets
from provmap.ui import mapping_words as words
from provmap.ui import plan_changes as changes
from provmap.ui.mapping_details import Drawn
from provmap.ui.page import plain
from provmap.ui.plan_changes import Use
from provmap.words import DATASETS

# A long row of choices helps nobody: the other columns can be given a meaning in the next step.
MOST_COLUMNS = 30
ROWS = {
    "pupils": "a pupil, with whatever else the columns say of them",
    "assessments": "a result of a pupil, or a pupil with results",
    "provisions": "a provision that the school offers",
    "placements": "a pupil in a provision",
    "needs": "a need of a pupil",
    "attendance": "a pupil's attendance over some days",
}


def choose_rows(drawn: Drawn, plan: Plan) -> str | None:
    """What one row of the file is: as it was taken, or as a person says; None where nobody knows yet."""
    names = [*ROWS, *sorted(set(datasets()) - set(ROWS), key=lambda name: DATASETS[name])]
    now = rows_of(plan)
    chosen: str | None = st.selectbox(
        "One row of this file is" if now else "Nothing in this file was recognised. What is one row of it?",
        names, names.index(now) if now else None,
        lambda name: ROWS.get(name, DATASETS[name].lower()), key=f"{drawn.key}_rows", placeholder="Choose",
    )  # fmt: skip
    if not now:
        st.caption("If its headings stand further down, say so under “Headings and last rows” below.")
    return chosen


def rows_of(plan: Plan) -> str | None:
    """The dataset that the rows of a file are of; of a roll with results, the pupils."""
    named = [output.dataset for output in plan.outputs if not output.rows]
    return next((name for name in ("pupils", "provisions") if name in named), named[0] if named else None)


def start_mapping(drawn: Drawn, plan: Plan, dataset: str) -> Plan:
    """The plan that a person makes of a file from nothing; what it lacks is asked when looked at again."""
    begun = replace(plan, outputs=() if dataset == "pupils" else (Output(dataset),))
    chosen: dict[str, str] = {}
    for column in list(drawn.samples)[:MOST_COLUMNS]:
        left, right = st.columns(2, vertical_alignment="center")
        left.markdown(f"**{plain(column)}**  \n:gray[{plain(drawn.such_as(column)) or 'always empty'}]")
        kind = right.selectbox(
            f"{column} is", words.kinds(begun), 0, words.kind_words,
            key=f"{drawn.key}_start_{dataset}_{column}", label_visibility="collapsed",
        )  # fmt: skip
        if kind:
            chosen[column] = kind
    if len(drawn.samples) > MOST_COLUMNS:
        more = len(drawn.samples) - MOST_COLUMNS
        st.caption(f"The other {more:,} columns can be given a meaning once you have looked again.")
    return made_of(replace(plan, outputs=()), dataset, chosen) if chosen else plan


def made_of(plan: Plan, dataset: str, chosen: dict[str, str]) -> Plan:
    """The plan in which these columns have become these kinds of thing, in rows of a dataset."""
    if dataset != "pupils":
        ours = (f"{dataset}: ", "pupils: ")
        own = {column: kind for column, kind in chosen.items() if kind.startswith(ours)}
        columns = {kind.partition(": ")[2]: column for column, kind in reversed(own.items())}
        plan = changes.settled(replace(plan, outputs=(Output(dataset, columns),)))
        chosen = {column: kind for column, kind in chosen.items() if column not in own}
    # The pupil's number last: every dataset that speaks of pupils is there by then.
    for column in sorted(chosen, key=lambda column: chosen[column] == "pupils: pupil_id"):
        plan = changes.become(plan, column, Use(chosen[column]))
    return plan
