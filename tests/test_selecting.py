"""What is selected in a list are rows, and never places: a row that comes in above moves no selection."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from provmap.store import Edit, open_store, save
from provmap.ui import selected
from tests.tiny import DAY, PUPIL, tiny_school


class Streamlit:
    """What Streamlit does with a table: it keeps the places that are selected, by the table's key."""

    def __init__(self) -> None:
        self.session_state: dict[str, Any] = {}

    def draw(self, table: str, at_first: list[int]) -> list[int]:
        return self.session_state.setdefault(table, {"selection": {"rows": at_first}})["selection"]["rows"]

    def select(self, *places: int) -> None:
        """Somebody clicks, in the table that was drawn last."""
        table = self.session_state[selected.LISTS]["list"][0]
        self.session_state[table] = {"selection": {"rows": list(places)}}


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Streamlit:
    screen = Streamlit()
    monkeypatch.setattr(selected, "st", screen)
    return screen


def chosen(screen: Streamlit, rows: str) -> str:
    return "".join(rows[place] for place in selected.selected("list", tuple(rows), screen.draw))


def test_what_is_selected_stays_so_while_nothing_changes(screen: Streamlit) -> None:
    assert chosen(screen, "abc") == ""
    screen.select(0, 2)
    assert chosen(screen, "abc") == "ac"
    assert chosen(screen, "abc") == "ac"
    screen.select()
    assert chosen(screen, "abc") == ""


@pytest.mark.parametrize(
    ("now", "kept"), [("xabc", "bc"), ("acb", "cb"), ("ab", "b"), ("a", ""), ("", ""), ("abcx", "bc")]
)
def test_another_list_keeps_the_rows_and_not_the_places(screen: Streamlit, now: str, kept: str) -> None:
    chosen(screen, "abc")
    screen.select(1, 2)
    # The click and what somebody else wrote come in one run.
    assert chosen(screen, now) == kept
    assert chosen(screen, now) == kept


def test_what_comes_back_is_not_selected_by_an_earlier_click(screen: Streamlit) -> None:
    chosen(screen, "abc")
    screen.select(0)
    assert chosen(screen, "bc") == ""
    screen.select(1)
    assert chosen(screen, "bc") == "c"


def test_a_row_is_told_by_its_key_and_not_by_what_is_written_of_it() -> None:
    rows = pl.DataFrame({"pupil_id": ["1", "2"], "subject": ["reading"] * 2, "state": ["not yet", "reached"]})
    changed = rows.with_columns(state=pl.lit("reached"))
    assert selected.identities(rows) == selected.identities(changed)
    assert len(set(selected.identities(rows))) == 2


def test_a_target_is_the_same_after_somebody_looked_at_it() -> None:
    """Or the form of the second would shut in the moment in which the first saves."""
    row = {"pupil_id": ["1"], "subject": ["reading"], "set_on": ["2026-01-05"], "reviewed_on": [None]}
    after = pl.DataFrame(row | {"reviewed_on": ["2026-03-03"]})
    assert selected.identities(pl.DataFrame(row)) == selected.identities(after)


def test_rows_that_their_keys_do_not_tell_apart_are_told_by_all_they_say() -> None:
    rows = pl.DataFrame({"pupil_id": ["1", "1"], "why": [["a"], ["b"]]})
    assert len(set(selected.identities(rows))) == 2


# A list of a page that another writes a row into, above the one that is selected.
LIST = """
import polars as pl
import streamlit as st
from provmap.questions import ask, make_filter
from provmap.store import open_store
from provmap.ui.page import Page
from provmap.ui.tables import show_table

store = open_store()
filter = make_filter(store)
page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
rows = page.ask("targets").sort("pupil_id")
place = show_table(page, "targets", rows, ("forename", "target"), opens="row", empty="")
st.text("nobody" if place is None else rows["pupil_id"][place])
"""


def test_a_row_written_above_never_makes_another_pupil_the_one_that_is_selected(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = {"school_id": "school", "subject": "reading", "scale": "marks", "target": "9", "set_on": DAY}
    tiny_school(data, pupils=[PUPIL, PUPIL | {"pupil_id": "2"}], targets=[target | {"pupil_id": "2"}])
    at = {"selection": {"rows": [0], "columns": [], "cells": []}}
    drawn = st.dataframe

    def click(*given: Any, **more: Any) -> Any:
        """The first row of the first list, as a click would select it."""
        return drawn(*given, **more | {"selection_default": at})

    with monkeypatch.context() as there:
        there.setattr(st, "dataframe", click)
        app = AppTest.from_string(LIST, default_timeout=60).run()
    assert app.text[0].value == "2"
    save(open_store(data), "Ms Oak", [Edit("targets", target | {"pupil_id": "1"})])
    assert app.run().text[0].value == "2"
