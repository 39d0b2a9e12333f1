"""Each page's script run, beside a Streamlit page that draws the same things from memory."""

from pathlib import Path
from statistics import median
from unittest.mock import patch

from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest

from provmap.questions import make_filter, options
from provmap.store import Store, open_store
from tests.benchmarks.asking import forget_answers
from tests.benchmarks.drawing import draw_from_memory, recorded
from tests.benchmarks.timing import Row, milliseconds, seconds

ROOT = Path(__file__).resolve().parents[2]
CHANGES = 6


def measure_pages() -> list[Row]:
    """A row a page, on the data that PROVMAP_DATA names."""
    set_log_level("ERROR")
    return [_measure(page.stem) for page in sorted((ROOT / "pages").glob("*.py"))]


def _measure(page: str) -> Row:
    app = AppTest.from_file(str(ROOT / "provmap/ui/main.py"), default_timeout=120).run()
    if page != "overview":
        app.switch_page(f"../../pages/{page}.py").run()
    with recorded():
        app.run()
    floor_page = AppTest.from_function(draw_from_memory, default_timeout=120).run()
    assert not app.exception
    assert not floor_page.exception, floor_page.exception
    floor = milliseconds(floor_page.run, 15)
    again = milliseconds(app.run, 15)
    changed, asked = _change_filter(app)
    extra = (changed - floor) / asked if asked else 0
    return (page, f"{floor:.0f} ms", f"{again:.0f} ms", f"{again / floor:.1f}", f"{again - floor:.0f} ms",
            f"{changed:.0f} ms", f"{asked:.0f}", f"{extra:.0f} ms")  # fmt: skip


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
