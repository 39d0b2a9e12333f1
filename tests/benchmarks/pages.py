"""Each page's script run, beside a Streamlit page that draws the same things from memory.

That page has the same tables, charts, words and widgets, but no store, no filter and no navigation.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import streamlit as st
from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest

from provmap.questions import make_filter, options
from provmap.store import Store, open_store
from tests.benchmarks.asking import forget_answers
from tests.benchmarks.timing import Row, milliseconds, seconds

ROOT = Path(__file__).resolve().parents[2]
WORDS = ("title", "subheader", "caption", "markdown", "metric", "table")
WIDGETS = (
    "dataframe", "vega_lite_chart", "multiselect", "selectbox", "date_input", "segmented_control", "pills",
    "toggle", "button", "download_button",
)  # fmt: skip
# What ties a thing to the page under test rather than to what it shows.
TIES = {"key", "bind", "on_click", "on_change"}
CHANGES = 6
# What the page under test drew: (name of the Streamlit function, what it was given).
drawn: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []


def measure_pages() -> list[Row]:
    """A row a page, on the data that PROVMAP_DATA names."""
    set_log_level("ERROR")
    return [_measure(page.stem) for page in sorted((ROOT / "pages").glob("*.py"))]


def _measure(page: str) -> Row:
    app = AppTest.from_file(str(ROOT / "provmap/ui/main.py"), default_timeout=120).run()
    if page != "overview":
        app.switch_page(f"../../pages/{page}.py").run()
    with _recorded_drawing():
        app.run()
    floor_page = AppTest.from_function(draw_from_memory, default_timeout=120).run()
    assert not app.exception
    assert not floor_page.exception
    floor = milliseconds(floor_page.run, 15)
    again = milliseconds(app.run, 15)
    changed, asked = _change_filter(app)
    extra = (changed - floor) / asked if asked else 0
    return (page, f"{floor:.0f} ms", f"{again:.0f} ms", f"{again / floor:.1f}", f"{again - floor:.0f} ms",
            f"{changed:.0f} ms", f"{asked:.0f}", f"{extra:.0f} ms")  # fmt: skip


def draw_from_memory() -> None:
    """The page beside which each page is measured. (A script of its own: it imports what it uses.)"""
    import streamlit as st  # noqa: PLC0415

    from tests.benchmarks.pages import WIDGETS, drawn  # noqa: PLC0415

    st.title("The same from memory")
    for number, (name, given, named) in enumerate(drawn):
        key = {"key": f"key_{number}"} if name in WIDGETS else {}
        getattr(st, name)(*given, **named, **key)


@contextmanager
def _recorded_drawing() -> Iterator[None]:
    drawn.clear()
    with ExitStack() as patches:
        for name in (*WORDS, *WIDGETS):
            patches.enter_context(patch.object(st, name, _recording(name, getattr(st, name))))
        yield


def _recording(name: str, draw: Callable[..., Any]) -> Callable[..., Any]:
    def record(*given: Any, **named: Any) -> Any:
        drawn.append((name, given, {word: value for word, value in named.items() if word not in TIES}))
        return draw(*given, **named)

    return record


def _change_filter(app: AppTest) -> tuple[float, float]:
    """The median time of a run with a year group not chosen before, and how many queries each sent."""
    store = open_store()
    forget_answers()
    app.run()
    years = [code for code, _ in options(store, make_filter(store))["year_groups"]][:CHANGES]
    queries: list[Store] = []
    cursor = Store.cursor
    taken = []
    with patch.object(Store, "cursor", lambda store: queries.append(store) or cursor(store)):
        for year in years:
            choice = app.multiselect(key="year_group").set_value([year])
            taken.append(seconds(choice.run) * 1000)
    assert not app.exception
    return median(taken), len(queries) / len(years)
