"""Which pupils the names in a cell stand for: each proposed where held so, and confirmed by a person."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap.imports.names import NOBODY, Name, open_names, read_names
from provmap.imports.plans import Plan
from provmap.imports.shaping import lay_out
from provmap.ui import plan_answers
from provmap.ui.mapping_details import Drawn
from provmap.ui.page import plain
from provmap.words import joined

MOST_NAMED = 12
IS_MEANT, KEY, PUPIL_ID = "Is meant", "key", "pupil_id"
SHOWN = {
    "name": "Name in the file", "pupil": "Pupil", "year_group": "Year", "class": "Class", "lines": "Lines",
}  # fmt: skip


def ask_names(drawn: Drawn, plan: Plan, step: dict[str, str]) -> Plan:
    """A row for each name and pupil who has it, a tick for the one who is meant, and one yes to all."""
    column = step["column"]
    table = lay_out(drawn.foreign.table, plan, drawn.foreign.known)
    names = read_names(table, step, drawn.foreign.known.roll())
    rows = proposals(names, table.lines.to_list(), plan)
    st.markdown(
        f"Which pupils are named in “{plain(column)}”? Ticked is the one pupil held who has exactly that "
        "name. Take the tick away where somebody else is meant; a name without a tick stays out, and is "
        "listed as a problem."
    )
    edited = st.data_editor(
        rows, hide_index=True, key=f"{drawn.key}_names_{column}", disabled=list(SHOWN),
        column_order=[IS_MEANT, *SHOWN],
        column_config={IS_MEANT: st.column_config.CheckboxColumn(width="small"), **SHOWN},
    )  # fmt: skip
    nobodys = list(dict.fromkeys(name.text for name in names if not name.pupils))
    if nobodys:
        more = [f"{len(nobodys) - MOST_NAMED:,} more"] if len(nobodys) > MOST_NAMED else []
        told = joined([*nobodys[:MOST_NAMED], *more])
        st.caption(plain(f"Of no pupil who is held, and so listed as problems: {told}."))
    is_right = st.checkbox(
        f"I have checked {'this name' if rows[KEY].n_unique() == 1 else 'these names'}",
        not open_names(plan, column), key=f"{drawn.key}_names_right_{column}",
    )  # fmt: skip
    twice = chosen_twice(edited)
    if twice:
        st.warning(plain(f"Two pupils are ticked for {joined(twice)}: leave one."))
    if not is_right or twice:
        return plan_answers.with_names_open(plan, drawn.foreign.plan, column)
    return plan_answers.with_answers(plan, chosen(edited))


def proposals(names: list[Name], lines: list[int], plan: Plan) -> pl.DataFrame:
    """A row for each name and each pupil who may be meant; ticked as answered, or where there is only one."""
    rows = []
    found = {name.key: name for name in names if name.pupils}
    for key, name in found.items():
        answer = plan.answers.get(key, "?")
        sole = name.pupils[0] if len(name.pupils) == 1 and not name.pupils[0].has_left else None
        where = list(dict.fromkeys(lines[one.row] for one in names if one.key == key))
        for pupil in name.pupils:
            is_meant = pupil == sole if answer.startswith("?") else pupil.pupil_id == answer
            left = " (has left)" if pupil.has_left else ""
            rows.append(
                (is_meant, name.text, f"{pupil.forename} {pupil.surname}{left}", pupil.year_group,
                 pupil.class_name, ", ".join(map(str, where)), key, pupil.pupil_id)
            )  # fmt: skip
    schema = {IS_MEANT: pl.Boolean, **dict.fromkeys([*SHOWN, KEY, PUPIL_ID], pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def chosen(rows: pl.DataFrame) -> dict[str, str]:
    """What a person has said of each name: a pupil, or nobody."""
    ticked = {row[KEY]: row[PUPIL_ID] for row in rows.filter(IS_MEANT).iter_rows(named=True)}
    return {key: ticked.get(key, NOBODY) for key in rows[KEY].unique(maintain_order=True)}


def chosen_twice(rows: pl.DataFrame) -> list[str]:
    """The names for which more than one pupil is ticked."""
    ticks = rows.filter(IS_MEANT).group_by(KEY, "name", maintain_order=True).len()
    return ticks.filter(pl.col("len") > 1)["name"].to_list()
