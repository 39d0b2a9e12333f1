"""What every page begins with: its title, the filter in words, and the one way to ask a question."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import polars as pl
import streamlit as st

from provmap.charts import SMALL_GROUP
from provmap.errors import ProvmapError
from provmap.filters import Filter, show_date
from provmap.questions import ask, headlines, labels
from provmap.store import Store, remembered
from provmap.ui.paper import PRINTED
from provmap.words import count

Worked = TypeVar("Worked")
PAGES = Path(__file__).resolve().parents[2] / "pages"
# Where in the session the frame finds the place for what is weak in a page's data.
PLACE = "place_of_weakness"
# What was done, and when that was last said.
DONE = "done"
SECONDS_TO_READ = 3.0
# Where the sentence stands that says whom the page counts.
SCOPE = "place_of_scope"


@dataclass(frozen=True)
class Page:
    """An open page: the store, what is counted, and how many pupils that is."""

    store: Store
    filter: Filter
    summary: dict[str, Any]

    def ask(self, question: str, **extra: Any) -> pl.DataFrame:
        """The rows that answer a question for this page's filter."""
        return ask(question, self.filter, self.store, **extra)

    def ask_school(self, question: str, **extra: Any) -> pl.DataFrame:
        """The same for the whole school on the same day: what an axis needs to stay as it is."""
        return ask(
            question, Filter(as_at=self.filter.as_at, schools=self.filter.schools), self.store, **extra
        )

    def key(self, name: str) -> str:
        """A key for what can be selected: with another filter the same row number is another row."""
        return f"{name}_{abs(hash(self.filter))}"

    def headlines(self) -> dict[str, int]:
        """The numbers of the overview."""
        return self.remembered("headlines", lambda: headlines(self.filter, self.store))

    def labels(self, field: str) -> dict[str, str]:
        """What the school calls the codes of a filter's field: `pupil_premium` is "Pupil premium"."""
        return labels(self.store)[field]

    def remembered(self, what: Hashable, make: Callable[[], Worked]) -> Worked:
        """What `make` works out from answers for this filter, once until the store changes."""
        return remembered(self.store, (what, self.filter), make)

    def of_rows(self, what: Hashable, rows: pl.DataFrame, make: Callable[[], Worked]) -> Worked:
        """What `make` works out from these rows, once for the same rows in whichever session."""
        return remembered(self.store, (what, content(rows)), make)


def content(part: Any) -> Hashable:
    """What tells a frame, or several of them in a dict or list, from others with other rows or columns."""
    if isinstance(part, pl.DataFrame):
        return *part.schema.items(), part.hash_rows().to_numpy().tobytes() if part.width else b""
    if isinstance(part, dict):
        return tuple((name, content(one)) for name, one in part.items())
    return tuple(content(one) for one in part) if isinstance(part, list | tuple) else part


def hand_over(store: Store, filter: Filter) -> None:
    """Give the page that runs next its store and filter; only the frame may call this."""
    st.session_state["opened"] = (store, filter)


def open_page(title: str, question: str) -> Page:
    """Open a page: title, question and scope on the screen. A page that runs outside the frame stops here."""
    opened = st.session_state.pop("opened", None)
    if opened is None:
        st.stop()
    store, filter = opened
    summary = ask("scope_summary", filter, store).row(0, named=True)
    if store.is_sample:
        _sample_banner(store)
    st.title(title, anchor=False)
    st.caption(question)
    show_done()
    st.session_state[SCOPE] = st.empty()
    count_instead(scope_sentence(filter, summary))
    if 0 < summary["pupils"] < SMALL_GROUP:
        st.caption(
            "A small group: one pupil changes a rate a great deal, and pupils may be recognised in it."
        )
    page = Page(store, filter, summary)
    st.session_state[PLACE] = (page, title, st.empty())
    return page


def count_instead(words: str) -> None:
    """Says whom the page counts, where that stands: what counts others than the filter says so there."""
    st.session_state[SCOPE].markdown(words)


def scope_sentence(filter: Filter, summary: dict[str, Any]) -> str:
    """What is being counted, as "Year 5, Pupil premium, as at 3 Mar 2026: 14 of 210 pupils"."""
    words = plain(filter.describe())
    words = words[:1].upper() + words[1:]
    if not summary["pupils_in_school"]:
        return f"{words}: **no pupils on roll.**"
    return f"{words}: **{summary['pupils']:,} of {count(summary['pupils_in_school'], 'pupil')}**"


def plain(text: str) -> str:
    """Text from a school's file, so that Markdown shows it as it stands."""
    return "".join(f"\\{mark}" if mark in "\\`*_{}[]()<>#+-.!|$:~" else mark for mark in str(text))


def path_of(page: str) -> Path:
    """The file of a page."""
    return PAGES / f"{page}.py"


def link(page: str, words: str, **parameters: Any) -> None:
    """A link to another page. The filter goes along by itself, being bound to the address."""
    st.page_link(path_of(page), label=words, query_params=parameters)


def tile(name: str, number: int, words: str, to: str, see: str, **parameters: str) -> None:
    """A number, what it counts in a sentence, and a link to the list behind it."""
    with st.container(border=True, height="stretch", key=f"tile_{name}"):
        st.metric(name, f"{number:,}")
        st.caption(words)
        link(to, see, **parameters)


def open_pupil(school_id: str | None, pupil_id: str) -> None:
    """Go to one pupil. Kept in the session, never in the address: an address is remembered and passed on."""
    st.session_state["pupil"] = (school_id, pupil_id)
    st.session_state["is_sent_to_pupil"] = True
    # In a run of the whole script, also from within a window: only then is the filter written to the address.
    st.rerun()


def follow() -> None:
    """Switch to the pupil that the last run asked for; the frame calls this once the filter is drawn."""
    if st.session_state.pop("is_sent_to_pupil", False):
        # An empty mapping, not none: Streamlit will not clear what widgets are bound to; they write it again.
        st.switch_page(path_of("pupil"), query_params={})


def say_next(words: str) -> None:
    """Run the page again, with a sentence that says what was done."""
    st.session_state[DONE] = (words, None)
    st.rerun()


def show_done() -> None:
    """What was done. A run that follows at once, as a field sends what stood in it, does not take it away."""
    words, shown_at = st.session_state.get(DONE, ("", None))
    now = monotonic()
    if not words or (shown_at is not None and now - shown_at > SECONDS_TO_READ):
        st.session_state.pop(DONE, None)
        return
    # From when it was first said: quick runs one after the other would keep it for ever.
    st.session_state[DONE] = (words, now if shown_at is None else shown_at)
    with st.container(key="done"):
        st.success(plain(words), icon="✔️")


def show_error(error: ProvmapError) -> None:
    """Say what is wrong and how to mend it."""
    st.error(f"**{plain(error.message)}** {plain(error.remedy)}".strip(), icon="⚠️")


def _sample_banner(store: Store) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="sample_banner"):
        today = show_date(store.today)
        st.markdown(
            f"**Sample school.** Every pupil here is invented, and today is {today}.", width="content"
        )
        link("import_and_data", "Use my school's files")


# What Streamlit says of a server that does not answer is for programmers. Its window is told from a page's by
# what the latter holds.
AWAY = """
        body:has([data-test-connection-state="PINGING_SERVER"])
        [data-testid="stDialog"]:not(:has([data-testid="stVerticalBlock"])) {
            h2, h2 + div > div:first-child { font-size: 0; }
            h2 + div > div + div { display: none; }
            h2::after { content: "The app does not answer"; font-size: 1.5rem; }
            h2 + div > div:first-child::after { font-size: 1rem; line-height: 1.5; content:
                "Leave this page open: what you typed into a form is kept in this browser, and stands there "
                "again once the app is back. If it stays away, start provmap again where it runs."; }
        }
"""


def dress() -> None:
    """The few touches that the theme cannot give: room for the questions, links that look it, print."""
    st.html(
        """<style>
        .block-container { padding: 4.5rem 2.5rem 4rem; max-width: 84rem; }
        .st-key-sample_banner { background: color-mix(in srgb, #e0a03c 16%, transparent); padding: .4rem 1rem;
                                border-left: 4px solid #c77700; border-radius: .3rem; }
        .st-key-sample_banner [data-testid="stMarkdownContainer"],
        .st-key-sample_banner p { margin-bottom: 0; }
        [data-testid="stTopNavSection"] { height: auto !important; }
        [data-testid="stTopNavSection"] [data-testid="stMarkdownContainer"] { white-space: normal !important;
            overflow: visible !important; min-width: 8.6rem; max-width: 9.5rem;
            font-size: .84rem; line-height: 1.2 !important; text-align: left; text-wrap: balance; }
        [data-testid="stTopNav"] > .rc-overflow-item-rest { white-space: nowrap; }
        [data-testid="stTopNavSection"] span, [data-testid="stTopNavSection"] p {
            white-space: normal !important; overflow: visible !important; }
        [data-testid="stMain"] [data-testid="stPageLink"] a { padding-left: 0; background: none; }
        [data-testid="stMain"] [data-testid="stPageLink"] p { text-decoration: underline; }
        [data-testid="stColumn"]:has([class*="st-key-tile"]) {
            flex: 1 1 calc(33% - 1rem); min-width: 14rem; }
        [data-testid="stMetricValue"] { font-family: Georgia, "Liberation Serif", serif; }
        /* In sight also from the foot of a long page, where the button was. */
        [data-testid="stLayoutWrapper"]:has(> .st-key-done) { position: sticky; top: 4rem; z-index: 99;
            background: var(--st-background-color); border-radius: .5rem; }
        [data-testid="stDialog"] h3 { font-size: 1.2rem !important; }
        @media (max-width: 1000px) {
            [data-testid="stSidebar"] { width: 12.5rem !important; min-width: 12.5rem !important; }
            .block-container { padding-left: 1.4rem; padding-right: 1.4rem; }
        }
        """
        + PRINTED
        + AWAY
        + "</style>"
    )
