"""What a person settles before an import: how it merges, and whether what it changes is no mistake."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap.imports import POLICIES, Preview
from provmap.imports.leavers import called, not_in_file
from provmap.imports.letters import CODE_PAGES, DOS, WINDOWS
from provmap.store.replacing import REPLACE
from provmap.ui.page import plain
from provmap.ui.tables import MISSING
from provmap.words import DATASETS, count, heading, joined

COLUMNS = {
    "upn": "UPN", "sen_status": "SEN status", "eal": "EAL", "eal_stage": "Stage of English",
    "fsm": "Free school meals", "ever_6": "Free school meals in six years", "need_code": "Need",
}  # fmt: skip
# More names than this would fill the page; the rest are counted.
MOST_NAMED = 30

LETTERS = {
    "": "Whichever makes names",
    WINDOWS: "Windows (Excel's plain CSV)",
    DOS: "DOS (CSV MS-DOS, old programs)",
}


def choose_policy() -> str:
    """How the files merge with what is held."""
    policies = list(POLICIES)
    chosen: str = st.radio(
        "How to merge with what is held",
        policies,
        captions=[POLICIES[policy] for policy in policies],
        format_func=str.capitalize,
        key="policy",
    )
    return chosen


def choose_letters() -> None:
    """How to read text that is not UTF-8: asked only where the files that were looked at hold some."""
    found: Preview | None = st.session_state.get("preview")
    if found:
        st.session_state["asks_letters"] = bool(found.reading.letters)
    if st.session_state.get("asks_letters"):
        st.radio(
            "Letters such as é and £ in old text files",
            ["", *CODE_PAGES],
            format_func=lambda kind: LETTERS[kind],
            key="letters",
            help="Look at the names with accents. If they come out wrong, choose the other letters.",
        )


def show_changes(found: Preview) -> None:
    """Each value that changes: what is held and what the file says, side by side."""
    columns = found.changed_columns
    cells = sum(number for counts in columns.values() for number in counts.values())
    if not cells:
        return
    with st.expander(f"{count(cells, 'value').capitalize()} would change", key="changes"):
        for dataset, counts in columns.items():
            words = ", ".join(f"{_column(column)} {number:,}" for column, number in counts.items())
            st.caption(plain(f"{DATASETS.get(dataset, dataset)}: {words}"))
        headings = {
            "dataset": "Dataset", "key": "Row", "column": "Column", "was": "Held now", "now": "In the file"
        }  # fmt: skip
        shown = _named(found.changes, called(found))
        st.dataframe(shown, hide_index=True, column_config=headings, placeholder=MISSING, key="changed_cells")
        if shown.height < cells:
            st.caption(f"The first {shown.height:,} are shown.")


def show_leavers(found: Preview) -> None:
    """Who is held as on roll and not in a list of pupils that is added: they stay, and that is said."""
    gone = not_in_file(found)
    if not gone or found.policy == REPLACE:
        return
    more = [count(len(gone) - MOST_NAMED, "other")] if len(gone) > MOST_NAMED else []
    who, are, stay = count(len(gone), "pupil").capitalize(), "are", "stay"
    if len(gone) == 1:
        are, stay = "is", "stays"
    st.info(plain(
        f"{who} on roll {are} not in this file, and {stay} on roll: {joined([*gone[:MOST_NAMED], *more])}. "
        "Where the file is the full roll, choose “Replace” above: whoever is not on it has then left."
    ))  # fmt: skip


def _column(name: str) -> str:
    return COLUMNS.get(name, heading(name))


def _named(changes: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """The changed cells in words: the pupil by name in place of the number that the key begins with."""
    number = pl.col("key").str.split(", ").list.first()
    rest = pl.col("key").str.strip_prefix(number)
    called_so = number.replace_strict(names, default=None, return_dtype=pl.String) + rest
    columns = {name: _column(name) for name in changes["column"].unique()}
    return changes.with_columns(
        pl.coalesce(called_so, "key").alias("key"),
        pl.col("column").replace(columns), pl.col("dataset").replace(DATASETS),
    )  # fmt: skip


def ask_about_alarms(found: Preview) -> bool:
    """Show the alarms, and ask whether to import all the same; True where there is none."""
    if not found.alarms:
        return True
    for alarm in found.alarms:
        st.warning(plain(str(alarm)), icon=":material/notification_important:")
    about = count(len(found.alarms), "alarm")
    # Of these files only: what is looked at next is asked about afresh.
    key = f"accept_alarms_{st.session_state.get('looks', 0)}"
    return st.checkbox(f"Import all the same: I have looked at the {about} above", key=key)
