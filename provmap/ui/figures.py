"""A chart on the screen. Finished specifications are kept: drawing one costs far more than sending it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from provmap.ui.page import Page


def show_chart(
    page: Page, draw: Callable[..., dict[str, Any]], *frames: Any, key: str, choices: tuple[Any, ...] = ()
) -> None:
    """Show the chart that `draw` makes of the frames; `choices` are this page's picks that shaped them."""
    spec = _spec(draw, frames, draw.__name__, page.store.version, page.filter, choices)
    description = spec.pop("description")
    st.vega_lite_chart(spec, width="stretch", key=f"chart_{key}", alt=description)


@st.cache_data(max_entries=200, show_spinner=False)
def _spec(
    _draw: Callable[..., dict[str, Any]],
    _frames: tuple[Any, ...],
    name: str,
    version: str,
    filter: Any,
    choices: tuple[Any, ...],
) -> dict[str, Any]:
    """The frames follow from the rest of the arguments, which is why these alone are the key."""
    return _draw(*_frames)
