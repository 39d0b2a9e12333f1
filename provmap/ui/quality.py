"""How fresh and how complete each dataset is, and from which import it came."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap.store import list_imports
from provmap.ui.page import Page
from provmap.ui.tables import MISSING, column_settings, in_words
from provmap.ui.widths import row_height
from provmap.words import DATASETS

SCHEMA = {"dataset": pl.String, "imported_on": pl.Date, "sources": pl.String}


def show_datasets(page: Page) -> None:
    """One row a dataset: its rows, its newest day, its last import with its files, and how full it is."""
    rows = page.remembered("datasets", lambda: _datasets(page))
    if rows.is_empty():
        st.info("Nothing is held.")
        return
    shown = in_words(
        page,
        rows.select("dataset", "rows", "newest_date", "imported_on", "sources", "filled_share", "patchy"),
    )
    st.dataframe(
        shown,
        hide_index=True,
        column_config=column_settings(shown),
        placeholder=MISSING,
        key="datasets",
        row_height=row_height(shown),
    )


def _datasets(page: Page) -> pl.DataFrame:
    newest = pl.DataFrame(
        [(name, last) for name, _, _, last in page.store.contents()],
        schema={"dataset": pl.String, "newest_date": pl.Date}, orient="row",
    )  # fmt: skip
    return (
        page.ask("data_quality_datasets")
        .join(newest, on="dataset", how="left", maintain_order="left")
        .join(_last_imports(page), on="dataset", how="left", maintain_order="left")
        .with_columns(pl.col("dataset").replace(DATASETS))
    )


def _last_imports(page: Page) -> pl.DataFrame:
    """The newest import of each dataset; the roll also says who is enrolled."""
    last = {}
    for manifest in list_imports(page.store.folder):
        if manifest.withdrawn_at:
            continue
        sources = ", ".join(source["name"] for source in manifest.sources)
        for name in manifest.columns:
            last[name] = (manifest.dated, sources)
        if "pupils" in manifest.columns and "enrolments" not in manifest.columns:
            last["enrolments"] = (manifest.dated, sources)
    found = [(name, *of) for name, of in last.items()]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")
