"""The filter: its widgets, which are the only ones, and the links that carry it.

Each widget is keyed and bound to the address, so that a page can be sent to a colleague as it stands, and
the filter goes along from page to page. Streamlit quietly drops a value in a link that it does not know; here
such a link is refused aloud, before any widget is made.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from provmap.errors import UsageError
from provmap.filters import Filter, show_date
from provmap.questions import academic_years, labels, make_filter, options
from provmap.store import Store
from provmap.ui.page import show_error

# Name in the address and key of the widget -> field of Filter and label. In the order of the sidebar.
LISTS = {
    "school": ("schools", "School"),
    "year_group": ("year_groups", "Year group"),
    "class": ("classes", "Class"),
    "group": ("groups", "Group"),
    "need": ("needs", "Need"),
    "tier": ("tiers", "Tier"),
    "subject": ("subjects", "Subject"),
}
ALWAYS_SHOWN = ("year_group", "class", "group", "need")
NAMES = ("as_at", "academic_year", *LISTS)

EARLIEST, LATEST = date(1990, 1, 1), date(2090, 12, 31)

Choices = list[tuple[str, str]]
Labels = dict[str, dict[str, str]]


def draw(store: Store) -> Filter | None:
    """Draw the filter and return it; None when it was refused and the reason is on the screen."""
    try:
        if not st.session_state.get("link_is_read"):
            _read_link(store)
        _draw_widgets(store, options(store, _filter(store, _chosen())))
        return _filter(store, _chosen())
    except UsageError as error:
        show_error(error)
        st.button("Clear the filter", on_click=clear, type="primary", key="clear_refused")
        return None


def clear() -> None:
    """Count the whole school, today, again."""
    if not st.session_state.get("link_is_read"):
        st.query_params.clear()
    for name in NAMES:
        st.session_state[name] = [] if name in LISTS else None


def _chosen() -> dict[str, Any]:
    return {name: st.session_state.get(name) for name in NAMES}


def _filter(store: Store, chosen: dict[str, Any]) -> Filter:
    lists: dict[str, Any] = {field: tuple(chosen[name] or ()) for name, (field, _) in LISTS.items()}
    return make_filter(store, as_at=chosen["as_at"], academic_year=chosen["academic_year"], **lists)


def _read_link(store: Store) -> None:
    """Take the filter from the address, by code or by label, or refuse it."""
    everything = labels(store)
    given = {name: [value for value in st.query_params.get_all(name) if value] for name in NAMES}
    chosen: dict[str, Any] = {
        name: _codes(everything[field], given[name]) for name, (field, _) in LISTS.items()
    }
    chosen["academic_year"] = _only(given["academic_year"])
    day = _only(given["as_at"])
    chosen["as_at"] = _date(day) if day else None
    _filter(store, chosen)
    _check_year(store, chosen["academic_year"])
    st.session_state["link_is_read"] = True
    st.session_state.update({name: value for name, value in chosen.items() if value})
    link = _link(everything, chosen)
    if any(link.get(name, []) != given[name] for name in LISTS):
        # The widgets know labels only: write the address as they would, and begin again.
        others = {name: st.query_params.get_all(name) for name in st.query_params if name not in NAMES}
        st.query_params.from_dict({**others, **link})
        st.rerun()


def _link(words: Labels, chosen: dict[str, Any]) -> dict[str, Any]:
    """These choices as the widgets would write them into the address."""
    link: dict[str, Any] = {
        name: [words[field].get(code, code) for code in chosen[name]]
        for name, (field, _) in LISTS.items() if chosen[name]
    }  # fmt: skip
    if chosen["academic_year"]:
        link["academic_year"] = chosen["academic_year"]
    if chosen["as_at"]:
        link["as_at"] = chosen["as_at"].isoformat()
    return link


def _only(given: list[str]) -> str | None:
    if len(given) > 1:
        raise UsageError(f"This link asks for {' and '.join(given)} at once.", "Choose one of them.")
    return given[0] if given else None


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"'{text}' in this link is no date.", "Write it as 2026-03-03.") from None
    if not EARLIEST <= day <= LATEST:
        span = f"from {show_date(EARLIEST)} to {show_date(LATEST)}"
        raise UsageError(f"{show_date(day)} in this link cannot be asked about.", f"Choose a day {span}.")
    return day


def _check_year(store: Store, year: str | None) -> None:
    held = academic_years(store)
    if year and year not in held:
        there_are = f"There are: {', '.join(held)}." if held else "Leave the year out."
        raise UsageError(f"Nothing is recorded for the academic year {year}.", there_are)


def _codes(words: dict[str, str], given: list[str]) -> list[str]:
    by_label = {label: code for code, label in words.items()}
    return list(dict.fromkeys(by_label.get(value, value) for value in given))


def _draw_widgets(store: Store, choices: dict[str, Choices]) -> None:
    words = labels(store)
    rest = [name for name in LISTS if name not in ALWAYS_SHOWN]
    rest = [name for name in rest if name != "school" or len(choices["schools"]) > 1]
    in_use = any(st.session_state.get(name) for name in ("academic_year", *rest))
    with st.sidebar:
        row = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
        row.subheader("Filter", anchor=False, width="content")
        row.button("Clear", on_click=clear, disabled=not any(_chosen().values()), key="clear",
                      help="Count the whole school, today, again")  # fmt: skip
        st.date_input(
            "As at", value=None, key="as_at", bind="query-params", format="DD/MM/YYYY",
            min_value=EARLIEST, max_value=LATEST,
            help=f"All is counted as it stood on this day. Empty means today, {show_date(store.today)}.",
        )  # fmt: skip
        for name in ALWAYS_SHOWN:
            _draw_list(name, choices, words)
        with st.expander("More filters", expanded=in_use, key="more_filters"):
            st.selectbox(
                "Academic year", academic_years(store), index=None, key="academic_year",
                bind="query-params", placeholder="Any",
            )  # fmt: skip
            for name in rest:
                _draw_list(name, choices, words)


def _draw_list(name: str, choices: dict[str, Choices], words: Labels) -> None:
    field, label = LISTS[name]
    offered = dict(choices[field])
    # Back and forward in the browser can bring a value that the narrowing by the page just left has hidden.
    in_address = st.query_params.get_all(name)
    offered |= {code: called for code, called in words[field].items() if called in in_address}
    st.multiselect(label, list(offered), format_func=lambda code: offered.get(code, code), key=name,
                   bind="query-params", placeholder="All")  # fmt: skip
