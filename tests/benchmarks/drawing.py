"""What a page draws, recorded call by call, and drawn again from memory: the floor to measure a page by.

The floor has the same navigation, filter, layout, words, tables, charts and widgets, and nothing to work out.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

LAYOUT = ("container", "columns", "expander", "popover", "empty", "form")
WORDS = (
    "title", "header", "subheader", "caption", "markdown", "metric", "table", "html", "info", "warning",
    "error", "success", "page_link", "progress",
)  # fmt: skip
WIDGETS = (
    "dataframe", "data_editor", "vega_lite_chart", "multiselect", "selectbox", "date_input", "text_input",
    "text_area", "number_input", "segmented_control", "pills", "toggle", "checkbox", "radio", "button",
    "download_button", "file_uploader", "form_submit_button",
)  # fmt: skip
# What ties a thing to the page under test rather than to what it shows.
TIES = {"key", "bind", "on_click", "on_change"}
Step = Callable[[dict[int, Any]], None]
# What the page under test drew, to be done in this order; each is given the places that were drawn so far.
steps: list[Step] = []


def draw_from_memory() -> None:
    """The script of the floor page."""
    from tests.benchmarks.drawing import again  # noqa: PLC0415 (a script imports what it uses)

    again()


def again() -> None:
    """Draws what was recorded."""
    places: dict[int, Any] = {}
    for step in steps:
        step(places)


@contextmanager
def recorded() -> Iterator[None]:
    """Records all that is drawn within."""
    steps.clear()
    recording = _Recording()
    with ExitStack() as patches:
        for name in (*LAYOUT, *WORDS, *WIDGETS):
            patches.enter_context(patch.object(st, name, recording.of(name, getattr(st, name))))
            method = recording.of_place(name, getattr(DeltaGenerator, name))
            patches.enter_context(patch.object(DeltaGenerator, name, method))
        for name in ("__enter__", "__exit__"):
            method = recording.going(name, getattr(DeltaGenerator, name))
            patches.enter_context(patch.object(DeltaGenerator, name, method))
        patches.enter_context(patch.object(st, "navigation", recording.navigation(st.navigation)))
        yield


class _Recording:
    """The places on the page that were drawn so far, by number; the sidebar is always there."""

    def __init__(self) -> None:
        self.known: list[Any] = [st.sidebar]

    def number(self, place: Any) -> int | None:
        return next((number for number, one in enumerate(self.known) if one is place), None)

    def of(self, name: str, draw: Callable[..., Any]) -> Callable[..., Any]:
        def record(*given: Any, **named: Any) -> Any:
            drawn = draw(*given, **named)
            self.keep(None, name, given, named, drawn)
            return drawn

        return record

    def of_place(self, name: str, draw: Callable[..., Any]) -> Callable[..., Any]:
        def record(place: Any, *given: Any, **named: Any) -> Any:
            drawn = draw(place, *given, **named)
            if (number := self.number(place)) is not None:
                self.keep(number, name, given, named, drawn)
            return drawn

        return record

    def keep(self, on: int | None, name: str, given: Any, named: dict[str, Any], drawn: Any) -> None:
        named = {word: value for word, value in named.items() if word not in TIES}
        if name in WIDGETS:
            named["key"] = f"key_{len(steps)}"
        made = drawn if isinstance(drawn, list) else [drawn]
        first = len(self.known)
        if name in LAYOUT:
            self.known += made

        def step(places: dict[int, Any]) -> None:
            again = getattr(st if on is None else places[on], name)(*given, **named)
            if name in LAYOUT:
                places.update(enumerate(again if isinstance(again, list) else [again], first))

        steps.append(step)

    def going(self, name: str, go: Callable[..., Any]) -> Callable[..., Any]:
        def record(place: Any, *given: Any) -> Any:
            number = self.number(place)
            if number is not None:
                steps.append(lambda places: getattr({0: st.sidebar, **places}[number], name)(*given))
            return go(place, *given)

        return record

    def navigation(self, draw: Callable[..., Any]) -> Callable[..., Any]:
        def record(sections: dict[str, list[Any]], **named: Any) -> Any:
            pages = {
                section: [(one._page, one.title, one.url_path, one._default) for one in some]
                for section, some in sections.items()
            }
            steps.append(lambda _: _navigation(pages, named))
            return draw(sections, **named)

        return record


def _navigation(pages: dict[str, list[tuple[Any, ...]]], named: dict[str, Any]) -> None:
    st.navigation(
        {
            section: [
                st.Page(path, title=title, url_path=url or "first", default=is_first)
                for path, title, url, is_first in some
            ]
            for section, some in pages.items()
        },
        **named,
    )
