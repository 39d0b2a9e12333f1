"""A wide sheet on paper: in as many runs of columns as its breadth needs, so that none is cut off or lost."""

from __future__ import annotations

from math import ceil
from typing import Any

import polars as pl
import streamlit as st

# Between margins of 10 mm on a sheet laid across, in pixels of 1/96 inch; what a browser calls its width.
BREADTHS = {"A4": 1047, "A3": 1512}
# What decides between the two: a browser tells a page the breadth of the sheet that was chosen.
ON_A3 = "(min-width: 1300px)"
# Letters of 8 points are this wide at most, the capitals and the signs among them; left and right in a cell.
LETTER, BOLD, INSET = 7.0, 7.6, 11
# What stands before the columns, and stands there again in each run; a head that is turned.
LINE, SCHOOL, TURNED = 220, 110, 34


# While the page is worked out, or a part of it is a grey bar still.
UNDRAWN = '.stApp:is([data-test-script-state="running"], :has([data-testid="stSkeleton"]))'
# How every page is printed, these tables among the rest; on the screen stand the runs for A4.
PRINTED = f"""
    [data-testid="stMain"] [class*="st-key-run_A3"][class] {{ display: none !important; }}
    [data-testid="stMain"] [class*="st-key-on_paper"][class] {{ display: none !important; }}
    /* What is not drawn to its end is not ready, and says so, on the screen and on paper. */
    {UNDRAWN} [class*="st-key-is_ready"] {{ display: none !important; }}
    .stApp:not({UNDRAWN}) [class*="st-key-is_waiting"] {{ display: none !important; }}
    @media print {{
        {UNDRAWN} [data-testid="stMain"]::before {{ font-size: 12pt; font-weight: 600;
            content: "Printed before all of it was drawn: wait a moment, and print it again."; }}
        [class*="st-key-is_ready"], [class*="st-key-is_waiting"] {{ display: none !important; }}
        [data-testid="stMain"] [class*="st-key-on_paper"][class] {{ display: block !important; }}
        [data-testid="stMain"] [class*="st-key-on_screen"][class] {{ display: none !important; }}
        [data-testid="stElementContainer"]:has([data-testid="stDataFrame"])::after {{
            content: "As far as it was on the screen. For all of it, print its plain table or its PDF.";
            font-size: 8pt; }}
        @page {{ size: landscape; margin: 10mm; }}
        [data-testid="stSidebar"], [data-testid="stHeader"], [class*="st-key-take_away"], button,
        [data-testid="stExpander"], [data-testid="stPageLink"], [data-testid="stCheckbox"],
        [data-testid="stButtonGroup"] {{ display: none !important; }}
        .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"], .block-container {{
            position: static !important; height: auto !important; overflow: visible !important;
            max-width: none !important; padding: 0 !important; }}
        [data-testid="stLayoutWrapper"], [data-testid="stElementContainer"],
        [data-testid="stMain"] div {{ break-inside: auto !important; }}
        [data-testid="stMain"] [data-testid="stVerticalBlock"] {{ display: block !important; }}
        [data-testid="stMain"], [data-testid="stAppViewContainer"] {{ display: block !important; }}
        [data-testid="stTable"], [data-testid="stTable"] div {{ overflow: visible !important; }}
        table, table * {{ font-size: 8pt !important; line-height: 1.25 !important; }}
        table {{ display: table !important; width: 100% !important; }}
        td, th {{ padding: 2px 4px !important; }}
        thead {{ display: table-header-group; }}
        tr {{ break-inside: avoid; }}
        /* A heading stands on the sheet of what it is of. */
        tr:has(td:first-child strong) {{ break-after: avoid; }}
        [data-testid="stMain"] [data-testid="stElementContainer"]:has(h1, h2, h3) {{
            break-after: avoid !important; }}
        [data-testid="stMain"] [class*="st-key-run_"] {{ margin-bottom: 5mm; }}
        /* The first run begins where it may; another on a new sheet, unless all of it has room. */
        [data-testid="stMain"] [class*="st-key-run_"]:not([class*="_first"]) {{
            break-inside: avoid !important; }}
        [class*="st-key-run_"] :is(td, th):first-child {{
            width: {LINE - 10}px; min-width: {LINE - 10}px; white-space: normal; }}
        [class*="_turned_"] th:not(:first-child) {{
            vertical-align: bottom; padding-top: 12px !important; }}
        [class*="_turned_"] th:not(:first-child) > div {{
            margin: auto; writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }}
    }}
    @media print and {ON_A3} {{
        [data-testid="stMain"] [class*="st-key-run_A4"][class] {{ display: none !important; }}
        [data-testid="stMain"] [class*="st-key-run_A3"][class] {{ display: block !important; }}
    }}
"""


def show_on_paper(sheet: pl.DataFrame, before: list[str], of: str) -> None:
    """The sheet as plain tables: each run begins with the columns `before`; `of` is what the rest are."""
    rest = [name for name in sheet.columns if name not in before]
    columns, room = sheet.select(rest), LINE + SCHOOL * (len(before) - 1)
    ways = {paper: in_runs(columns, breadth - room) for paper, breadth in BREADTHS.items()}
    if ways["A4"] == ways["A3"]:
        ways = {"any": ways["A4"]}
    for paper, (runs, is_turned) in ways.items():
        for number, run in enumerate(runs):
            heads = "turned" if is_turned else "level"
            with st.container(key=f"run_{paper}_{heads}_{number or 'first'}"):
                if len(runs) > 1:
                    first, last = rest.index(run[0]) + 1, rest.index(run[-1]) + 1
                    which = f"{first}" if first == last else f"{first} to {last}"
                    st.markdown(f"**{of.capitalize()} {which} of {len(rest)}**")
                st.table(sheet.select(*before, *run), hide_index=True)


def say_when_ready() -> None:
    """Whether all is drawn: who prints too early gets grey bars in place of tables."""
    with st.container(key="is_waiting"):
        st.markdown("**Not ready to print**: it is still being drawn.")
    with st.container(key="is_ready"):
        st.markdown("**Ready to print**, on A4 or A3 across.")


def in_runs(columns: pl.DataFrame, room: float) -> tuple[list[list[str]], bool]:
    """The columns in runs that fit the room, each about as long; and whether their heads are turned."""
    level = [_breadth(column, column.name) for column in columns]
    turned = [max(TURNED, _breadth(column, "")) for column in columns]
    upright = _fewest(level, room)
    needed = _fewest(turned, room)
    is_turned = len(needed) < len(upright)
    names = iter(columns.columns)
    return [[next(names) for _ in range(many)] for many in (needed if is_turned else upright)], is_turned


def _fewest(breadths: list[float], room: float) -> list[int]:
    """How many columns each run has: as few runs as fit, as even as can be."""
    for runs in range(1, len(breadths) + 1):
        each = ceil(len(breadths) / runs)
        parts = [breadths[place : place + each] for place in range(0, len(breadths), each)]
        if all(sum(part) <= room for part in parts):
            return [len(part) for part in parts]
    return [1] * len(breadths)


def _breadth(column: pl.Series, head: str) -> float:
    """The least breadth of a column: of the longest word over it, or of its longest cell in one line."""
    words = [BOLD * (len(word) + 1) for word in head.replace("-", " ").split()]
    cells = [LETTER * len(cell) for cell in column.drop_nulls().to_list()]
    return max([*words, *cells, 8.0]) + INSET


def as_it_stands(text: str) -> str:
    """A school's words in a plain table, which would take stars and the like for a way to write."""
    return "".join(f"\\{mark}" if mark in "\\`*_[]<$~" else mark for mark in text)


def on_screen(key: str) -> Any:
    """A place for what paper cannot show whole; `on_paper_too` says it there."""
    return st.container(key=f"on_screen_{key}")


def on_paper_too(cells: pl.DataFrame, key: str) -> None:
    """All rows and columns of a list as a plain table, which stands on paper alone."""
    with st.container(key=f"on_paper_{key}"):
        st.table(cells.with_columns(pl.all().map_elements(as_it_stands, pl.String)), hide_index=True)
