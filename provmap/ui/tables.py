"""A frame on the screen as a list: in a teacher's words, opening to its pupils, and ready to take away."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from provmap.exports import MIME_TYPES, export, file_name
from provmap.questions import describe_question
from provmap.ui.narrow import UNSAID_GROUP, in_few_columns, short
from provmap.ui.page import Page, open_pupil
from provmap.ui.printing import printed_list
from provmap.ui.selected import forget, identities
from provmap.ui.selected import selected as selected_rows
from provmap.ui.widths import LINE_PIXELS, ROW_PIXELS, date_width, in_sight, row_height, widths
from provmap.words import (
    EXPLAINED,
    NOBODY,
    SHOWN_AS,
    UNENDED,
    VALUES,
    VALUES_OF,
    YES_NO,
    count,
    heading,
    joined,
)

FORMATS = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet", "txt": "Notes"}
ROWS_BEFORE_SCROLLING = 14
# A missing value is not recorded: neither zero nor no.
MISSING = "–"
# Single codes, and the filter's field that holds their labels.
CODED = {"need_code": "needs", "group_code": "groups"}
# Lists of codes, and the filter's field that holds their labels.
LABELLED = {
    "groups": "groups",
    "group_codes": "groups",
    "need_codes": "needs",
    "needs": "needs",
    "needs_last_year": "needs",
    "needs_now": "needs",
}


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
    told: pl.DataFrame | None = None,
) -> int | None:
    """Show rows as a list with its exports, or the sentence `empty`.

    `columns` are those on the screen, what decides first: as many as fit stand beside each other, and a
    switch shows the rest. A file has them all, and says in its notes what `only` says: which of the
    question's rows the page has kept. With `opens="pupil"` a selected row opens its
    pupil; with `opens="row"` its number comes back; with `opens=""` nothing can be selected. In the columns
    of `none_for` a zero reads "none", so that an empty cell is seen. `told` has, row by row, what the screen
    says in words of several columns together; a file has those columns.
    """  # fmt: skip
    key = key or question
    if rows.is_empty():
        # Nobody counted is no good news: an empty list then says nothing about anybody.
        st.info(empty if page.summary["pupils"] else NOBODY)
        _say_not_applied(page, question)
        return None
    both = rows if told is None else rows.hstack(told)
    rows_shown = both.select(name for name in columns if name in both.columns)
    as_shown = ("as shown", question, none_for)
    shown = page.of_rows(as_shown, rows_shown, lambda: _as_shown(page, rows_shown, question, none_for))
    selected, first = None, page.of_rows("in sight", shown, lambda: in_sight(shown))
    if st.session_state.get(f"plain_{key}"):
        st.table(as_text(shown).rename({name: heading(name) for name in shown.columns}), hide_index=True)
    else:
        seen = shown if st.session_state.get(f"all_{key}") else shown.select(first)
        settings = page.of_rows("settings of the grid", seen, lambda: _grid_settings(seen))
        known = page.of_rows("identities", rows, lambda: identities(rows))
        selected = _grid(seen, settings, page.key(f"grid_{key}"), opens, known)
    beyond = [heading(name) for name in shown.columns if name not in first]
    show_exports(page, question, rows, key, only, plain=True, printed=shown, beyond=beyond)
    _say_not_applied(page, question)
    if selected is not None and opens == "pupil":
        row = rows.row(selected, named=True)
        open_pupil(row.get("school_id"), row["pupil_id"])
    return selected


def _as_shown(page: Page, rows: pl.DataFrame, question: str, none_for: tuple[str, ...]) -> pl.DataFrame:
    """Rows in the words, the columns and the places after the point in which a list shows them."""
    shown = in_few_columns(in_words(page, rows, question)).rename(SHOWN_AS.get(question, {}), strict=False)
    empty_cells = pl.col(name for name in none_for if name in shown.columns)
    shown = shown.with_columns(empty_cells.cast(pl.String).replace("0", "none")) if none_for else shown
    return rounded(shown)


def _grid_settings(shown: pl.DataFrame) -> dict[str, Any]:
    """How st.dataframe is to show these rows: columns, heights and what stands for nothing."""
    row = row_height(shown)
    # High rows have more room, or too few of them would be in sight.
    most = ROWS_BEFORE_SCROLLING * (ROW_PIXELS if row == ROW_PIXELS else ROW_PIXELS + LINE_PIXELS // 2)
    return {
        "hide_index": True, "column_config": column_settings(shown), "row_height": row,
        "height": ROW_PIXELS + min(shown.height * row, most) + 3, "placeholder": MISSING,
    }  # fmt: skip


def _grid(
    shown: pl.DataFrame, settings: dict[str, Any], key: str, opens: str, known: tuple[str, ...]
) -> int | None:
    if not opens:
        st.dataframe(shown, key=key, **settings)
        return None
    if opens == "pupil":
        st.caption("Select a row to open the pupil.")

    def draw(table: str, at_first: list[int]) -> list[int]:
        event = st.dataframe(
            shown, key=table, on_select="rerun", selection_mode="single-row",
            selection_default={"selection": {"rows": at_first, "columns": [], "cells": []}}, **settings,
        )  # fmt: skip
        return list(event.selection.rows)

    # A row, and not its place: somebody else may write one above it in the moment of the click.
    picked = selected_rows(key, known, draw)
    if picked and opens == "pupil":
        forget(key)
    return picked[0] if picked and picked[0] < shown.height else None


def in_words(page: Page, rows: pl.DataFrame, question: str = "") -> pl.DataFrame:
    """The rows with a teacher's words for codes; lists as text; nothing added or left out."""
    values = VALUES | VALUES_OF.get(question, {})
    changed = []
    for name, kind in rows.schema.items():
        if name.endswith("_share") or "_share_" in name:
            changed.append(pl.col(name) * 100)
        elif name in values:
            changed.append(pl.col(name).replace(values[name]))
        elif name == "measure":
            changed.append(pl.col(name).str.replace("^([^/]+)/(.+)$", "${1} (${2})"))
        elif name in CODED:
            changed.append(_called(pl.col(name), page.labels(CODED[name])))
        elif name in LABELLED:
            called = page.labels(LABELLED[name])
            if LABELLED[name] == "groups":
                called = {one: short(label) for one, label in called.items()}
            codes = pl.col(name)
            if name == "groups":
                # Where it is all there is, it is said: a blank would look as if nothing were known.
                said = codes.list.eval(pl.element().filter(pl.element() != UNSAID_GROUP))
                codes = pl.when(said.list.len() > 0).then(said).otherwise(codes)
            words = codes.list.eval(_called(pl.element(), called)).list.join(", ")
            changed.append(words.replace("", None))
        elif name == "area":
            changed.append(capital(pl.col(name)))
        elif name in UNENDED.get(question, {}):
            # A day that has not come is no day that nobody wrote down.
            last = pl.col(name).dt.strftime("%-d %b %Y")
            changed.append(last.fill_null(UNENDED[question][name]))
        elif kind == pl.List(pl.String):
            # An empty cell would look as if somebody had forgotten it.
            changed.append(pl.col(name).list.join(", ").replace("", None))
        elif kind == pl.Boolean:
            changed.append(pl.col(name).replace_strict(YES_NO, default=None, return_dtype=pl.String))
    return rows.with_columns(changed)


def _called(codes: pl.Expr, labels: dict[str, str]) -> pl.Expr:
    """The labels of codes, which a school's files may write in either case."""
    folded = {code.lower(): label for code, label in labels.items()}
    # An area of need, or a code that nobody has named, is written as words are.
    as_words = capital(codes.str.replace_all("_", " "))
    return codes.str.to_lowercase().replace_strict(folded, default=as_words, return_dtype=pl.String)


def capital(words: pl.Expr) -> pl.Expr:
    """With a capital in front."""
    return words.str.head(1).str.to_uppercase() + words.str.slice(1)


def column_settings(shown: pl.DataFrame) -> dict[str, Any]:
    """Heading, explanation, format and width of each column."""
    settings: dict[str, Any] = {}
    wide = widths(shown)
    for name, kind in shown.schema.items():
        words, explained = heading(name), EXPLAINED.get(name)
        if kind == pl.Date:
            settings[name] = st.column_config.DateColumn(
                words, help=explained, format="D MMM YYYY", width=date_width(shown[name])
            )
        elif kind.is_numeric():
            settings[name] = st.column_config.NumberColumn(words, help=explained, format=_number_format(name))
        else:
            settings[name] = st.column_config.TextColumn(
                words, help=explained, width=wide[name],
                # Whom a row is about stays in sight where the rest has to be scrolled.
                pinned=True if name == "pupil" else None,
            )  # fmt: skip
    return settings


# Numbers for which above nothing is better: their sign is shown. (`gained` and the like are counts.)
GAIN = re.compile(r"gain(_low|_high|_beyond.*)?|(mean|median|similar|expected|assessed)_gain|beyond")
# Places after the point where a whole number would hide what is said; a sign where better and worse are told.
PLACES = {
    "gap_points": "%+.0f", "mean_value": "%.1f", "mean_start": "%.1f", "mean_end": "%.1f", "months": "%.1f",
    "months_between": "%.1f", "ratio_gain": "%.1f", "effect_size": "%.2f", "rating": "%+.1f",
    "start_value": "%.4g", "end_value": "%.4g", "ks2_mean": "%.1f", "attainment_8": "%.2f",
    "expected_attainment_8": "%.2f", "progress_8": "%+.2f", "progress_low": "%+.2f", "progress_high": "%+.2f",
    "effect_from": "%.2f", "effect_to": "%.2f",
}  # fmt: skip


def _number_format(name: str) -> str:
    if name.endswith("_share") or "_share_" in name:
        return "%.0f%%"
    if name.startswith(("gap_", "depth_gap_")):
        return "%+.0f"
    if GAIN.fullmatch(name):
        return "%+.1f"
    return PLACES.get(name, "%.0f")


def rounded(shown: pl.DataFrame) -> pl.DataFrame:
    """Numbers to the places that are shown, halves up (away from zero) as DfE prints them, for showing alone.

    A browser takes 28.5, worked out as 28.499999999999996, for less than a half, and Python rounds to even.
    """
    changed = []
    for name, kind in shown.schema.items():
        places = re.search(r"\.(\d+)f", _number_format(name))
        if kind.is_float() and places:
            scale = 10 ** int(places[1])
            halves_up = ((pl.col(name).abs() * scale).round(9) + 0.5).floor() / scale
            changed.append((halves_up * pl.col(name).sign()).alias(name))
    return shown.with_columns(changed)


def as_text(shown: pl.DataFrame) -> pl.DataFrame:
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
    page: Page,
    question: str,
    rows: pl.DataFrame,
    key: str,
    only: str = "",
    *,
    plain: bool = False,
    printed: pl.DataFrame | None = None,
    beyond: list[str] | None = None,
) -> None:
    """Buttons that write exactly these rows as a file; with `plain`, also the switch to a plain table.

    `printed` are the same rows in words, with the columns on the screen, for a list to print; `beyond` are
    the columns that have no room beside the others, each of which a switch shows.
    """
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
        if printed is not None:
            st.download_button(
                "PDF", data=partial(_printed, page, question, printed, only), file_name=f"{name}.pdf",
                mime="application/pdf", key=f"pdf_{key}", type="tertiary", on_click="ignore",
                help="A list to print, on A4",
            )  # fmt: skip
        if beyond:
            st.toggle(
                f"{count(len(beyond), 'more column').capitalize()}", key=f"all_{key}",
                help=f"Also {joined(beyond)}. A file has them all.",
            )  # fmt: skip
        if plain:
            st.toggle("Plain table", key=f"plain_{key}", help="A table for screen readers and for printing")


def _file(page: Page, question: str, rows: pl.DataFrame, ending: str, only: str) -> bytes:
    return export(rows, page.filter, question, ending, page.store, only=only).data


def _printed(page: Page, question: str, shown: pl.DataFrame, only: str) -> bytes:
    return printed_list(page, question, as_text(shown), only)


def _say_not_applied(page: Page, question: str) -> None:
    """Name the filters in use that this question does not apply."""
    unused = describe_question(question).not_applied(page.filter)
    if unused:
        st.caption(f"Not applied here: {joined(unused)}.")
