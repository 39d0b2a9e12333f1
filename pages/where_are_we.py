"""Which underperformance is handled in class, which is solved by additional provision, and which persists?"""

import polars as pl
import streamlit as st

from provmap.ui.adjusting import record_adjustment
from provmap.ui.choices import choose_one, pick
from provmap.ui.deciding import open_line
from provmap.ui.grades import say_grades
from provmap.ui.ledger import (
    LIST,
    PICKED,
    PUPIL,
    STATE,
    head_the_list,
    in_play,
    show_counts,
    show_moves,
    show_no_data,
    show_parts,
    show_rule,
)  # fmt: skip
from provmap.ui.page import Page, open_page
from provmap.ui.tables import show_table
from provmap.words import LEDGER

CHART, MOVES = "By subject, year, class or group", "Who moved where"


def the_list(page: Page, rows: pl.DataFrame) -> None:
    rows, only = pick(rows, "state", LEDGER, key=PICKED)
    head_the_list(rows, only)
    if rows.height:
        st.caption(
            "Select a row to decide from: what runs, what was tried, who could take them, what is left."
        )
    # Over the list, where it is in sight when a row is selected: a change in class takes twenty seconds.
    form = st.container()
    chosen = show_table(
        page, "ledger", rows, STATE, only=only, opens="row",
        empty="No subject of these pupils is in this state." if only
        else "Nothing is below the mark or has fallen, as far as there are results to judge by.",
    )  # fmt: skip
    say_grades(page, rows, ("latest_value", "mark"))
    row = rows.row(chosen, named=True) if chosen is not None else None
    open_line(page, row)
    with form:
        record_adjustment(page, row)


def moved(page: Page, moves: pl.DataFrame) -> None:
    chosen = show_moves(page, moves)
    if chosen is not None:
        show_table(
            page, "ledger_moves", chosen,
            (*PUPIL, "state_before", "state", "year_group", "class", "reason"), only="one cell of the grid",
            empty="Nobody moved so.",
        )  # fmt: skip


page = open_page(
    "Where are we?", "What is handled in class, what is solved by additional provision, and what persists?"
)
moves = page.ask("ledger_moves")
rows = in_play(moves)
if rows.height or moves.height:
    show_counts(rows, moves)
    st.caption("Each number counts pupils' subjects: a pupil counts once for each subject.")
show_no_data(page)
part = choose_one("Part", [LIST, CHART, MOVES], key="ledger_part")
if part == LIST or moves.is_empty():
    the_list(page, rows)
elif part == CHART:
    show_parts(page, rows)
else:
    moved(page, moves)
show_rule(page)
