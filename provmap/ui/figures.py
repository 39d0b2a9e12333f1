"""A chart on the screen. Finished specifications are kept: drawing one costs far more than sending it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from provmap.ui.page import Page

Draw = Callable[..., Any]


def show_chart(page: Page, draw: Draw, *frames: Any, key: str, choices: tuple[Any, ...] = ()) -> None:
    """Show the chart that `draw` makes of the frames; `choices` are this page's picks that shaped them."""
    _show(_drawn(draw, frames, draw.__name__, _held(page), page.filter, choices), key)


def show_panels(page: Page, draw: Draw, *frames: Any, key: str, choices: tuple[Any, ...] = ()) -> None:
    """The same where `draw` makes several charts that belong below each other."""
    with st.container(gap=None):
        for number, spec in enumerate(_drawn(draw, frames, draw.__name__, _held(page), page.filter, choices)):
            _show(spec, f"{key}_{number}")


def specs_of(page: Page, draw: Draw, *frames: Any, choices: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    """The charts that `draw` makes of the frames, for a page that puts each in a place of its own."""
    specs: list[dict[str, Any]] = _drawn(draw, frames, draw.__name__, _held(page), page.filter, choices)
    return specs


def show_spec(spec: dict[str, Any], key: str) -> None:
    """One of these charts."""
    _show(spec, key)


def _held(page: Page) -> str:
    """What is held, imported and written: a chart of anything else must not be shown again."""
    return f"{page.store.version} {page.store.journal}"


def _show(spec: dict[str, Any], key: str) -> None:
    described = {name: value for name, value in spec.items() if name != "description"}
    st.vega_lite_chart(described, width="stretch", key=f"chart_{key}", alt=spec["description"])


@st.cache_data(max_entries=200, show_spinner=False)
def _drawn(
    _draw: Draw, _frames: tuple[Any, ...], name: str, version: str, filter: Any, choices: tuple[Any, ...]
) -> Any:
    """The frames follow from the rest of the arguments, which is why these alone are the key."""
    return _draw(*_frames)
