"""How results are spread, term by term, and which pupils moved between two terms."""

from __future__ import annotations

from math import ceil

import polars as pl
import streamlit as st
from pandas.io.formats.style import Styler

from provmap import charts
from provmap.ui.choices import choose_one
from provmap.ui.figures import show_chart
from provmap.ui.paper import on_paper_too, on_screen
from provmap.ui.short_names import shortened
from provmap.ui.tables import show_table
from provmap.ui.tracking import Tracked
from provmap.ui.widths import LETTER, LINE_PIXELS, MOST_LINES, PADDING, ROW_PIXELS, WRAPPED_PIXELS
from provmap.words import count
from provmap.words.progress import MOVED, PACE, STANDINGS

# As many terms as fit on one screen.
TERMS_SHOWN = 6
# As many names as a cell of the grid has room for, and how wide columns are with names and without.
NAMES_SHOWN, NAMED, UNNAMED = 4, 165, 90
FIRST = "From ↓ to →"
TINTS = {"▲": "#2f8fcb40", "▼": "#e0a03c40", "=": "#8a94a326"}
APART = {
    "end_only": "no result at the first",
    "start_only": "no result at the second",
    "neither": "no result at either",
}


def show_spread(tracked: Tracked) -> None:
    """A bar a term, and the pupils of one result."""
    page = tracked.page
    terms = tracked.points()[-TERMS_SHOWN:]
    rows = tracked.ask("progress_distribution").filter(pl.col("point").is_in(terms))
    if rows.is_empty():
        st.info(f"Nobody of the year groups of these pupils was assessed in the last {TERMS_SHOWN} terms.")
        return
    st.caption(
        "Each bar is everybody counted here who was at the school then and whose year group was "
        "assessed. Who has no "
        "score is the hollow end, never a nought. Grades and bands are counted, not averaged."
    )
    show_chart(page, charts.distribution, rows, terms, key="spread", choices=(tracked.measure,))
    listed = rows.sort("term_order", "place", descending=[True, False])
    picked = show_table(
        page, "progress_distribution", listed,
        ("academic_year", "term", "band", "standing", "pupils", "out_of", "band_share"),
        only=f"{tracked.name}, last {TERMS_SHOWN} terms", empty="", opens="row",
    )  # fmt: skip
    chosen = listed.row(picked if picked is not None else 0, named=True)
    pupils = _behind(tracked, chosen)
    what = f"{chosen['band']}, {STANDINGS[chosen['standing']]}, {chosen['point']}"
    st.markdown(f"**{what}**: {count(pupils.height, 'pupil')} (choose a row above for the others)")
    show_table(
        page, "progress_at_term", pupils,
        ("surname", "forename", "year_group", "class", "value", "expected", "standing", "assessed_on"),
        only=f"{tracked.name}, {what}", empty="Nobody.", key="spread_pupils",
    )  # fmt: skip


def _behind(tracked: Tracked, chosen: dict[str, object]) -> pl.DataFrame:
    """The pupils that a piece of a bar is made of."""
    pupils = tracked.ask("progress_at_term", at_term=f"{chosen['academic_year']} {chosen['term']}")
    said = pl.coalesce("band", "no_score_because", pl.lit("Nothing recorded"))
    return pupils.filter((pl.col("standing") == chosen["standing"]) & (said == chosen["band"]))


def show_moved(tracked: Tracked) -> None:
    """The grid of who moved from which result to which, between two terms that the reader picks."""
    terms = [f"{year} {term}" for year, term in tracked.terms.select("academic_year", "term").iter_rows()]
    if len(terms) < 2:
        st.info("Only one term has results here: nobody can have moved yet.")
        return
    names = dict(zip(terms, tracked.terms["point"], strict=True))
    last = len(terms) - 1
    summers = [place for place in range(last) if terms[place].endswith("summer")]
    left, right = st.columns(2)
    start = left.selectbox(
        "From",
        terms,
        index=summers[-1] if summers else 0,
        format_func=lambda code: names[code],
        key=f"from_term_{tracked.measure}",
    )
    end = right.selectbox(
        "To", terms, index=last, format_func=lambda code: names[code], key=f"to_term_{tracked.measure}"
    )
    if terms.index(start) >= terms.index(end):
        st.info("Choose a first term that is before the second.")
        return
    rows = tracked.ask("transitions", from_term=start, to_term=end)
    _say_moved(rows, names[start], names[end])
    cell = _grid(tracked, rows, names[start], names[end])
    _moved_pupils(tracked, rows, cell, f"{tracked.name}, {names[start]} to {names[end]}")


# What is said of those with both results, by what the question judges a move by.
KINDS = {"bands": MOVED, "months": PACE, "nothing": {}}
SIGNS = {
    "bands": "▲ rose, = stayed, ▼ fell, by grades or bands: grades are steps, and staying can be "
    "good progress, as what is expected rises with the year.",
    "months": "No cell has a sign, as everybody grows older: months gained are set beside the whole "
    "months that passed between a pupil's two results.",
    "nothing": "No cell has a sign: these are raw numbers, which grow with everybody as time passes.",
}


def _moved_by(rows: pl.DataFrame) -> str:
    return str(rows["moved_by"][0]) if rows.height else "bands"


def _say_moved(rows: pl.DataFrame, start: str, end: str) -> None:
    both, by = rows.filter(pair="both"), _moved_by(rows)
    numbers = {kind: both.filter(moved=kind).height for kind in KINDS[by]}
    if by == "bands":
        said = f"{numbers['better']} rose, {numbers['same']} stayed, {numbers['worse']} fell. "
    elif by == "months":
        said = (
            f"{numbers['gained_more']} gained more months than passed, {numbers['kept_pace']} kept pace, "
            f"{numbers['gained_less']} gained fewer. "
        )
    else:
        said = ""
    apart = [f"{words}: {rows.filter(pair=pair).height}" for pair, words in APART.items()]
    st.markdown(
        f"**A result at both: {count(both.height, 'pupil')}**. {said}Counted apart: {'; '.join(apart)}."
    )
    lower = rows.height and not rows["is_higher_better"][0]
    st.caption(
        f"Rows: the result in {start}; columns: in {end}. {SIGNS[by]} Up to {NAMES_SHOWN} names stand in a "
        "cell, of who stayed only where they are few; choose a cell for all of them. Paper has all who moved."
        + (" Here a lower score is better, and counts as a rise." if lower else "")
    )


def _grid(tracked: Tracked, rows: pl.DataFrame, start: str, end: str) -> tuple[str, str] | None:
    """Counts with names in cells; the cell that is selected, as its two results."""
    both = rows.filter(pair="both")
    if both.is_empty():
        return None
    places = pl.concat([
        both.select(place="from_place", band="from_band"), both.select(place="to_place", band="to_band"),
    ]).unique("place", keep="first", maintain_order=True)  # fmt: skip
    # The best at the right and at the bottom, whichever way the scale runs.
    bands = places.sort("place", descending=not rows["is_higher_better"][0])["band"].to_list()
    names, has_signs = _names_in_cells(both), _moved_by(rows) == "bands"
    shown = _cells(bands, names, NAMES_SHOWN, has_signs)
    wide = {band: NAMED if shown[band].str.contains(":").any() else UNNAMED for band in bands}
    row = _height_of(shown)
    with on_screen("moved"):
        event = st.dataframe(
            _tinted(shown), hide_index=True, on_select="rerun", selection_mode="single-cell",
            key=tracked.page.key(f"moved_{tracked.measure}_{start}_{end}"),
            column_config={FIRST: st.column_config.TextColumn(FIRST, width=130, pinned=True)}
            | {band: st.column_config.TextColumn(band, width=wide[band]) for band in bands},
            row_height=row, height=shown.height * row + ROW_PIXELS + 3,
            alt=f"Pupils by result at {start} (rows) and at {end} (columns)",
        )  # fmt: skip
    on_paper_too(_cells(bands, names, None, has_signs), "moved")
    for place, column in event.selection.cells:
        if column in bands and place < len(bands) and (bands[place], column) in names:
            return bands[place], column
    return None


def _names_in_cells(both: pl.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Who moved from each result to each, in the order of surnames."""
    who = [(row["school_id"], row["pupil_id"]) for row in both.iter_rows(named=True)]
    people = dict(zip(who, both.select("forename", "surname").iter_rows(), strict=True))
    called = shortened(people, {one: " ".join(name) for one, name in people.items()})
    cells: dict[tuple[str, str], list[str]] = {}
    for one, *cell in zip(who, both["from_band"], both["to_band"], strict=True):
        cells.setdefault((cell[0], cell[1]), []).append(called[one])
    return cells


def _cells(
    bands: list[str], names: dict[tuple[str, str], list[str]], most: int | None, has_signs: bool
) -> pl.DataFrame:
    """The grid as text: "▲ 3: Ana B, Ben C and 1 more". Who stayed is named where they are few; None: all."""

    def cell(row: int, column: int) -> str:
        people = names.get((bands[row], bands[column]), [])
        sign = "" if not has_signs else "▲" if column > row else "▼" if column < row else "="
        shown = people[:most] if row != column or len(people) <= NAMES_SHOWN else []
        more = f" and {len(people) - len(shown)} more" if shown and len(people) > len(shown) else ""
        named = f": {', '.join(shown)}{more}" if shown else ""
        return f"{sign} {len(people)}{named}".strip() if people else ""

    places = range(len(bands))
    columns = {bands[column]: [cell(row, column) for row in places] for column in places}
    return pl.DataFrame({FIRST: bands} | columns)


def _height_of(shown: pl.DataFrame) -> int:
    """Room for the longest cell, wrapped in its column."""
    longest = max(len(cell) for column in shown for cell in column)
    lines = min(ceil(longest * LETTER / (NAMED - PADDING)), MOST_LINES)
    return (
        ROW_PIXELS
        if longest * LETTER < UNNAMED
        else max(WRAPPED_PIXELS, ROW_PIXELS + LINE_PIXELS * (lines - 1))
    )


def _tinted(shown: pl.DataFrame) -> Styler:
    """A tint by the sign that each cell has: no meaning rests on the tint."""
    frame = shown.to_pandas()
    return frame.style.map(lambda cell: f"background-color: {TINTS[cell[0]]}" if cell[:1] in TINTS else "")


def _moved_pupils(tracked: Tracked, rows: pl.DataFrame, cell: tuple[str, str] | None, said: str) -> None:
    """The pupils of the cell, else of one of the ways to move, or of those without both results."""
    if cell:
        listed = rows.filter(
            (pl.col("pair") == "both") & (pl.col("from_band") == cell[0]) & (pl.col("to_band") == cell[1])
        )
        words = f"{cell[0]} to {cell[1]}"
    else:
        by = _moved_by(rows)
        kinds = {**(KINDS[by] or {"both": "a result at both"}), "apart": "without both results"}
        kind = choose_one("Pupils who", kinds, key=f"moved_kind_{by}")
        apart = {"apart": pl.col("pair") != "both", "both": pl.col("pair") == "both"}
        listed = rows.filter(apart.get(kind, pl.col("moved") == kind))
        words = kinds[kind]
    st.markdown(f"**{words}**: {count(listed.height, 'pupil')} (choose a cell above for who moved where)")
    # Why there is none, where one of the two is missing.
    why = ("from_no_score", "to_no_score") if (listed["pair"] != "both").any() else ()
    show_table(
        tracked.page, "transitions", listed,
        ("surname", "forename", "year_group", "class", "from_value", "from_standing", "to_value",
         "to_standing", *why),
        only=f"{said}, {words}", empty="Nobody.",
    )  # fmt: skip
