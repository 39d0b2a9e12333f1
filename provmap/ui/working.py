"""Long work that a person can give up: how far it is, a button to cancel it, and what came of it.

A click on anything begins a new run of the script at once, and stops the old one at its next word to the
browser. The work then unwinds and leaves nothing behind. The new run waits for that, so that what it shows
and says is so, whichever page it draws: nothing is given up in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Any

import streamlit as st

from provmap.errors import ProvmapError
from provmap.ui.page import show_error

KEY = "work"
# Seconds between two words to the browser: one that is told more often is busy with drawing the bar alone.
BETWEEN = 0.05
# What is about files that were looked at, and no longer holds once the data have changed.
OF_THE_FILES = ("preview", "previewed", "asks_letters", "going_back")


@dataclass
class Work:
    """Work that is under way, or what came of it.

    `said` is what the next run says of it. Its fields are plain: to touch the session or the page lets a
    click in, and what is done would be called cancelled.
    """

    said: str
    bar: Any
    has_changed: bool = False
    told_at: float = 0.0
    ended: Event = field(default_factory=Event)

    def show(self, words: str, share: float) -> None:
        """Say how far it is; here a click may end it. Later words have no place on the page any more."""
        if self.ended.is_set() or monotonic() - self.told_at < BETWEEN:
            return
        self.told_at = monotonic()
        self.bar.progress(min(max(share, 0.0), 1.0), words)

    def done(self, said: str) -> None:
        """The data have changed, or turned out to be just so: from here on it cannot be given up."""
        self.said, self.has_changed = said, True


@contextmanager
def working(key: str, words: str, cancelled: str) -> Iterator[Work]:
    """Shows how far the work in hand is, with a button that cancels it; an error is shown in its place.

    `cancelled` is what is said where it is given up. After `done` the whole page is drawn afresh.
    """
    place = st.empty()
    with place.container(border=True, key="working"):
        work = Work(cancelled, st.progress(0.0, words))
        # Any click stops the work: this one has nothing else to do.
        st.button("Cancel", key=f"cancel_{key}")
    st.session_state[KEY] = work
    try:
        yield work
    except ProvmapError as error:
        st.session_state.pop(KEY)
        place.empty()
        show_error(error)
        return
    finally:
        work.ended.set()
    if work.has_changed:
        st.rerun()
    st.session_state.pop(KEY)
    place.empty()


def let_it_end() -> None:
    """Waits for work that was given up a moment ago: only then is it known what the data are."""
    work: Work | None = st.session_state.get(KEY)
    if work and not work.ended.is_set():
        with st.spinner("Stopping"):
            work.ended.wait()


def say_what_came() -> None:
    """What came of work that the last run began; every page calls this once."""
    work: Work | None = st.session_state.get(KEY)
    if work is None:
        return
    if work.has_changed:
        for name in OF_THE_FILES:
            st.session_state.pop(name, None)
        st.session_state["imports_made"] = st.session_state.get("imports_made", 0) + 1
        st.success(work.said)
    else:
        st.info(work.said, icon=":material/cancel:")
    # The sentence stands at the top, which may be out of sight.
    st.toast("Done." if work.has_changed else "Cancelled: nothing was changed.")
    # Last, so that a click at this very moment does not lose the words.
    st.session_state.pop(KEY)
