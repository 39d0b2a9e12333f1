"""Which sheets of a workbook are taken: those in sight unless others are chosen, the hidden ones named."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from provmap.imports import Preview
from provmap.ui.page import plain


def choose_sheets(found: Preview, look: Callable[[], None]) -> None:
    """A choice for each workbook that has more than one sheet, or one that is hidden."""
    books: dict[str, list[tuple[str, bool, bool]]] = {}
    for sheet in found.reading.sheets:
        books.setdefault(sheet.file, []).append((sheet.name, sheet.is_hidden, sheet.is_taken))
    wanted: dict[str, tuple[str, ...]] = {}
    for file, sheets in books.items():
        if len(sheets) == 1 and not sheets[0][1]:
            continue
        hidden = {name for name, is_hidden, _ in sheets if is_hidden}
        taken = [name for name, _, is_taken in sheets if is_taken]
        chosen = st.multiselect(
            f"Sheets of {plain(file)} to take", [name for name, *_ in sheets], taken,
            {name: f"{name} (hidden)" if name in hidden else name for name, *_ in sheets}.__getitem__,
            key=f"sheets_{st.session_state.get('looks', 0)}_{file}", placeholder="Choose the sheets",
        )  # fmt: skip
        if set(chosen) != set(taken):
            wanted[file] = tuple(name for name, *_ in sheets if name in chosen)
    if wanted and st.button("Read these sheets", type="primary", key="read_sheets"):
        st.session_state["sheets"] = st.session_state.get("sheets", {}) | wanted
        look()
