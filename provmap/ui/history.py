"""The imports made so far, and going back to before one of them: what else goes with it is said first."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.store import Manifest, data_folder, go_back, list_imports, open_store, taken_back
from provmap.store.rehearsing import rehearse_going_back
from provmap.ui.effect import CANCELLED, effect
from provmap.ui.page import plain
from provmap.ui.working import working
from provmap.ui.written import when
from provmap.words import count

COUNTS = ("new", "changed", "rejected")


def show_history() -> None:
    """The imports made so far, newest first, and the way back to before one of them."""
    manifests = list_imports(data_folder())
    held = [manifest for manifest in reversed(manifests) if not manifest.withdrawn_at]
    if not manifests:
        st.info("Nothing has been imported yet: the app shows the sample school.")
        return
    st.dataframe(
        pl.DataFrame([_described(manifest) for manifest in reversed(manifests)]),
        hide_index=True,
        key="history",
    )
    if not held:
        return
    chosen = held[0]
    if len(held) > 1:
        # A new key whenever the list is another: what was chosen in the old one may be gone.
        chosen = st.selectbox(
            "Go back to before import",
            held,
            format_func=lambda one: _named(one, held[0]),
            key=f"back_to_{len(manifests)}_{len(held)}",
        )
    button = "Undo the newest import" if chosen == held[0] else f"Go back to before import {chosen.number}"
    if st.button(f"{button} …", key="undo"):
        st.session_state["going_back"] = chosen.id
    if st.session_state.get("going_back") == chosen.id:
        with st.container(border=True, key="confirm_undo"):
            _confirm(chosen)


def _named(manifest: Manifest, newest: Manifest) -> str:
    words = f"{manifest.number}, as on {show_date(manifest.dated)}: {_sources(manifest)}"
    return f"{words} (the newest)" if manifest == newest else words


def _sources(manifest: Manifest) -> str:
    return ", ".join(source["name"] for source in manifest.sources)


def _described(manifest: Manifest) -> dict[str, Any]:
    totals = {key: sum(rows.get(key, 0) for rows in manifest.counts.values()) for key in COUNTS}
    return {
        "Import": manifest.number,
        "As on": show_date(manifest.dated),
        "Made": when(manifest.made_at),
        "By": manifest.made_by,
        "Files": _sources(manifest),
        "New rows": totals["new"],
        "Changed rows": totals["changed"],
        "Rejected rows": totals["rejected"],
        "State": "undone" if manifest.withdrawn_at else "held",
    }


def _confirm(chosen: Manifest) -> None:
    """Everything that goes with the import, what it does to the numbers, and the button that does it."""
    goes = taken_back(data_folder(), chosen.number)
    if len(goes) == 1:
        words = f"Import {chosen.number} of {show_date(chosen.dated)} ({_sources(chosen)}) is taken back."
        st.markdown(plain(words))
    else:
        later = count(len(goes) - 1, "later import")
        st.markdown(f"**Import {chosen.number} is taken back together with {later}:**")
        kept = ("Import", "As on", "By", "Files", "New rows", "Changed rows")
        described = [_described(manifest) for manifest in reversed(goes)]
        st.table(pl.DataFrame(described).select(kept), hide_index=True)
    st.markdown("What was held before is held again. The files are kept, and can be imported again.")
    _show_effect(chosen)
    left, right = st.columns(2)
    words = "Undo it" if len(goes) == 1 else f"Take these {len(goes)} imports back"
    if right.button("Leave it as it is", key="undo_given_up"):
        st.session_state.pop("going_back")
        st.rerun()
    if left.button(words, type="primary", key="undo_confirmed"):
        _go_back(chosen)


def _show_effect(chosen: Manifest) -> None:
    """The headline numbers of the whole school today, before and after, tried on a copy once."""
    held = [manifest for manifest in list_imports(data_folder()) if not manifest.withdrawn_at]
    if chosen == held[0]:
        st.markdown("No import is left then: the app shows the sample school again.")
        return
    now = open_store()
    key = f"going_back_{now.version}_{chosen.id}"
    if key not in st.session_state:
        # Given up, it is not begun again by the next run.
        st.session_state.pop("going_back")
        with (
            working("trying_back", "Trying it on a copy", CANCELLED) as work,
            rehearse_going_back(data_folder(), chosen.number, work.show) as store,
        ):
            st.session_state[key] = effect(now, store)
            st.session_state["going_back"] = chosen.id
    if key in st.session_state:
        st.table(st.session_state[key], hide_index=True)


def _go_back(chosen: Manifest) -> None:
    with working("going_back", "Going back", "Going back was cancelled: nothing was changed.") as work:
        withdrawn = go_back(data_folder(), chosen.number, work.show)
        numbers = ", ".join(str(manifest.number) for manifest in withdrawn)
        work.done(
            f"Imports {numbers} were undone." if len(withdrawn) > 1 else f"Import {numbers} was undone."
        )
