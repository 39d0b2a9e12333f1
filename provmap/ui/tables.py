"""A frame on the screen as a list: in a teacher's words, opening to its pupils, and ready to take away."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from provmap.exports import MIME_TYPES, export, file_name
from provmap.questions import describe_question
from provmap.ui.page import Page, open_pupil
from provmap.words import EXPLAINED, NOBODY, VALUES, VALUES_OF, YES_NO, count, heading, joined

FORMATS = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet", "txt": "Notes"}
ROWS_BEFORE_SCROLLING = 14
ROW_PIXELS = 35
# A missing value is not recorded: neither zero nor no.
MISSING = "–"
# Lists of codes, and the filter's field that holds their labels.
LABELLED = {
    "groups": "groups",
    "need_codes": "needs",
    "needs": "needs",
    "needs_last_year": "needs",
    "needs_now": "needs",
}
LONG = ("reason", "intended_outcome", "what", "why")


def show_table(
    page: Page,
    question: str,
    rows: pl.DataFrame,
    columns: tuple[str, ...],
    *,
    empty: str,
    only: str = "",
    key: str = "",
    opens: str = "pupil",
    none_for: tuple[str, ...] = (),
) -> int | None:
    """Show rows as a list with its exports, or the sentence `empty`.

    `columns` are those on the screen; a file has them all, and says in its notes what `only` says: which of
    the question's rows the page has kept. With `opens="pupil"` a selected row opens its
    pupil; with `opens="row"` its number comes back; with `opens=""` nothing can be selected. In the columns
    of `none_for` a zero reads "none", so that an empty cell is seen.
    """  # fmt: skip
    key = key or question
    if rows.is_empty():
        # Nobody counted is no good news: an empty list then says nothing about anybody.
        st.info(empty if page.summary["pupils"] else NOBODY)
        _say_not_applied(page, question)
        return None
    shown = in_words(page, rows.select(name for name in columns if name in rows.columns), question)
    empty_cells = pl.col(name for name in none_for if name in shown.columns)
    shown = shown.with_columns(empty_cells.cast(pl.String).replace("0", "none")) if none_for else shown
    selected = None
    if st.session_state.get(f"plain_{key}"):
        st.table(_as_text(shown).rename({name: heading(name) for name in shown.columns}), hide_index=True)
    else:
        selected = _grid(shown, page.key(f"grid_{key}"), opens)
    show_exports(page, question, rows, key, only, plain=True)
    _say_not_applied(page, question)
    if selected is not None and opens == "pupil":
        row = rows.row(selected, named=True)
        open_pupil(row.get("school_id"), row["pupil_id"])
    return selected


def _grid(shown: pl.DataFrame, key: str, opens: str) -> int | None:
    height = (min(shown.height, ROWS_BEFORE_SCROLLING) + 1) * ROW_PIXELS + 3
    settings: dict[str, Any] = {
        "hide_index": True, "column_config": column_settings(shown), "height": height, "placeholder": MISSING
    }  # fmt: skip
    if not opens:
        st.dataframe(shown, key=key, **settings)
        return None
    if opens == "pupil":
        st.caption("Select a row to open the pupil.")
    event = st.dataframe(shown, key=key, on_select="rerun", selection_mode="single-row", **settings)
    picked = event.selection.rows
    return picked[0] if picked and picked[0] < shown.height else None


def in_words(page: Page, rows: pl.DataFrame, question: str = "") -> pl.DataFrame:
    """The rows with a teacher's words for codes; lists as text; nothing added or left out."""
    values = VALUES | VALUES_OF.get(question, {})
    changed = []
    for name, kind in rows.schema.items():
        if name.endswith("_share"):
            changed.append(pl.col(name) * 100)
        elif name in values:
            changed.append(pl.col(name).replace(values[name]))
        elif name == "need_code":
            changed.append(_called(pl.col(name), page.labels("needs")))
        elif name in LABELLED:
            words = _called(pl.element(), page.labels(LABELLED[name]))
            changed.append(pl.col(name).list.eval(words).list.join(", "))
        elif kind == pl.List(pl.String):
            changed.append(pl.col(name).list.join(", "))
        elif kind == pl.Boolean:
            changed.append(pl.col(name).replace_strict(YES_NO, default=None, return_dtype=pl.String))
    return rows.with_columns(changed)


def _called(codes: pl.Expr, labels: dict[str, str]) -> pl.Expr:
    """The labels of codes, which a school's files may write in either case."""
    folded = {code.lower(): label for code, label in labels.items()}
    return codes.str.to_lowercase().replace_strict(folded, default=codes, return_dtype=pl.String)


def column_settings(shown: pl.DataFrame) -> dict[str, Any]:
    """Heading, explanation, format and width of each column."""
    settings: dict[str, Any] = {}
    for name, kind in shown.schema.items():
        words, explained = heading(name), EXPLAINED.get(name)
        if kind == pl.Date:
            settings[name] = st.column_config.DateColumn(words, help=explained, format="D MMM YYYY")
        elif kind.is_numeric():
            settings[name] = st.column_config.NumberColumn(words, help=explained, format=_number_format(name))
        else:
            settings[name] = st.column_config.TextColumn(
                words, help=explained, width="large" if name in LONG else None
            )
    return settings


def _number_format(name: str) -> str:
    if name.endswith("_share"):
        return "%.0f%%"
    return {"gap_points": "%+.0f", "mean_value": "%.1f"}.get(name, "%.0f")


def _as_text(shown: pl.DataFrame) -> pl.DataFrame:
    """The cells as the grid shows them, for the plain table."""
    text: list[pl.Series] = []
    for name, kind in shown.schema.items():
        column = shown[name]
        if kind == pl.Date:
            column = column.dt.strftime("%-d %b %Y")
        elif kind.is_numeric():
            pattern = _number_format(name)
            words = [None if number is None else pattern % number for number in column]
            column = pl.Series(name, words, pl.String)
        text.append(column.fill_null(MISSING))
    return pl.DataFrame(text)


def show_exports(
    page: Page, question: str, rows: pl.DataFrame, key: str, only: str = "", *, plain: bool = False
) -> None:
    """Buttons that write exactly these rows as a file; with `plain`, also the switch to a plain table."""
    name = file_name(page.filter, question, only)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"take_away_{key}"):
        st.caption(f"{count(rows.height, 'row').capitalize()}. Take away as", width="content")
        for ending, words in FORMATS.items():
            st.download_button(
                words,
                data=partial(_file, page, question, rows, ending, only),
                file_name=name + ("-notes.txt" if ending == "txt" else f".{ending}"),
                mime=MIME_TYPES[ending],
                key=f"{ending}_{key}",
                type="tertiary",
                on_click="ignore",
            )
        if plain:
            st.toggle("Plain table", key=f"plain_{key}", help="A table for screen readers and for printing")


def _file(page: Page, question: str, rows: pl.DataFrame, ending: str, only: str) -> bytes:
    return export(rows, page.filter, question, ending, page.store, only=only).data


def _say_not_applied(page: Page, question: str) -> None:
    """Name the filters in use that this question does not apply."""
    unused = describe_question(question).not_applied(page.filter)
    if unused:
        st.caption(f"Not applied here: {joined(unused)}.")
