"""What was worked out is given again: once for all who ask, until the store changes, and within a bound."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from provmap.filters import Filter
from provmap.store import Store, is_remembered, remembered
from provmap.store.memory import forget_all
from provmap.store.opened import forget_store
from provmap.ui.figures import specs_of
from provmap.ui.page import Page
from tests.test_pages import open_app


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    forget_all()
    yield
    forget_all()


def test_it_is_worked_out_once(empty: Store) -> None:
    made: list[int] = []
    for _ in range(3):
        assert remembered(empty, "sum", lambda: made.append(1) or len(made)) == 1
    assert is_remembered(empty, "sum")
    assert not is_remembered(empty, "other")


def test_many_who_ask_at_one_moment_wait_for_one(empty: Store) -> None:
    asked, made, given = threading.Barrier(8), [], []

    def make() -> int:
        made.append(1)
        # Long enough for the others to have come, had they not to wait.
        threading.Event().wait(0.2)
        return 7

    def ask() -> None:
        asked.wait()
        given.append(remembered(empty, "slow", make))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (given, made) == ([7] * 8, [1])


def test_a_failure_is_not_remembered_and_blocks_nobody(empty: Store) -> None:
    def fail() -> int:
        raise ValueError("not now")

    for _ in range(2):
        with pytest.raises(ValueError, match="not now"):
            remembered(empty, "fails", fail)
    assert remembered(empty, "fails", lambda: 3) == 3


def test_it_goes_once_the_store_has_changed(empty: Store) -> None:
    remembered(empty, "number", lambda: 1)
    written = replace(empty, journal=empty.journal + 1)
    assert remembered(written, "number", lambda: 2) == 2
    assert not is_remembered(empty, "number")


def test_a_page_of_before_leaves_what_is_newer(empty: Store) -> None:
    """A form that is open while somebody writes goes on asking for the store as it was."""
    written = replace(empty, journal=empty.journal + 1)
    remembered(written, "number", lambda: 2)
    assert remembered(empty, "number", lambda: 1) == 1
    assert (is_remembered(written, "number"), is_remembered(empty, "number")) == (True, False)


def test_what_was_asked_longest_ago_goes_first(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame({"n": list(range(1000))})
    monkeypatch.setattr("provmap.store.memory.REMEMBERED_BYTES", 2.5 * frame.estimated_size())
    for name in ("first", "second", "first", "third"):
        remembered(empty, name, lambda: frame)
    assert [is_remembered(empty, name) for name in ("first", "second", "third")] == [True, False, True]


def test_what_was_worked_out_of_a_store_goes_with_its_folder(empty: Store, sample: Store) -> None:
    remembered(empty, "number", lambda: 1)
    remembered(sample, "number", lambda: 2)
    forget_store(empty.folder)
    assert (is_remembered(empty, "number"), is_remembered(sample, "number")) == (False, True)


@pytest.mark.parametrize("page", ["progress", "impact"])
def test_a_chart_that_is_shown_again_is_the_same(page: str) -> None:
    """Streamlit is given what all sessions share: showing it must not change it."""
    first, second, third = (
        [one.proto.SerializeToString() for one in app.get("vega_lite_chart")]
        for app in (open_app(page), open_app(page), open_app(page).run())
    )
    assert first
    assert first == second == third


def test_a_chart_of_other_rows_is_another_though_the_choices_are_the_same(empty: Store) -> None:
    page = Page(empty, Filter(as_at=empty.today), {})

    def heights(*frames: Any) -> list[dict[str, Any]]:
        return [{"heights": [one.height for one in frames]}]

    one, none = pl.DataFrame({"a": [1]}), pl.DataFrame()
    drawn = [specs_of(page, heights, *frames) for frames in ([one], [one, one], [none], [one, none])]
    assert [spec[0]["heights"] for spec in drawn] == [[1], [1, 1], [0], [1, 0]]


def test_the_chart_of_comparisons_follows_the_year() -> None:
    app = open_app("comparisons")
    years = app.selectbox(key="comparison_year").options
    shown = {}
    for year in years:
        app.selectbox(key="comparison_year").set_value(year).run()
        shown[year] = [chart.proto.SerializeToString() for chart in app.get("vega_lite_chart")]
    assert len(years) > 1
    assert len({str(one) for one in shown.values()}) == len(years)
