"""A chart on the screen. Finished specifications are remembered: drawing one costs more than sending it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from provmap.store import remembered
from provmap.ui.page import Page, content

Draw = Callable[..., Any]


def show_chart(page: Page, draw: Draw, *frames: Any, key: str, choices: tuple[Any, ...] = ()) -> None:
    """Show the chart that `draw` makes of the frames; `choices` are this page's picks that shaped them."""
    _show(_drawn(page, draw, frames, choices), key)


def show_panels(page: Page, draw: Draw, *frames: Any, key: str, choices: tuple[Any, ...] = ()) -> None:
    """The same where `draw` makes several charts that belong below each other."""
    with st.container(gap=None):
        for number, spec in enumerate(_drawn(page, draw, frames, choices)):
            _show(spec, f"{key}_{number}")


def specs_of(page: Page, draw: Draw, *frames: Any, choices: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    """The charts that `draw` makes of the frames, for a page that puts each in a place of its own."""
    specs: list[dict[str, Any]] = _drawn(page, draw, frames, choices)
    return specs


def show_spec(spec: dict[str, Any], key: str) -> None:
    """One of these charts."""
    _show(spec, key)


def _show(spec: dict[str, Any], key: str) -> None:
    described = {name: value for name, value in spec.items() if name != "description"}
    st.vega_lite_chart(described, width="stretch", key=f"chart_{key}", alt=spec["description"])


def _drawn(page: Page, draw: Draw, frames: tuple[Any, ...], choices: tuple[Any, ...]) -> Any:
    """What is drawn is part of the key: two charts of the same choices can be of other rows."""
    drawn = ("chart", draw.__name__, page.filter, choices, content(frames))
    return remembered(page.store, drawn, lambda: draw(*frames))
