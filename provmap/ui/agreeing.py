"""What a person settles before an import: how it merges, and whether what it changes is no mistake."""

from __future__ import annotations

import streamlit as st

from provmap.imports import POLICIES, Preview
from provmap.imports.letters import CODE_PAGES, DOS, WINDOWS
from provmap.ui.page import plain
from provmap.ui.tables import MISSING
from provmap.words import count, heading

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
            words = ", ".join(f"{heading(column)} {number:,}" for column, number in counts.items())
            st.caption(plain(f"{dataset.replace('_', ' ')}: {words}"))
        headings = {
            "dataset": "Dataset", "key": "Row", "column": "Column", "was": "Held now", "now": "In the file"
        }  # fmt: skip
        shown = found.changes
        st.dataframe(shown, hide_index=True, column_config=headings, placeholder=MISSING, key="changed_cells")
        if shown.height < cells:
            st.caption(f"The first {shown.height:,} are shown.")


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
