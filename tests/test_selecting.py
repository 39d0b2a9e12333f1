"""What is selected in a list are rows, and never places: a row that comes in above moves no selection."""

from typing import Any

import pytest

from provmap.ui import selecting


class Streamlit:
    """What Streamlit does with a table: it keeps the places that are selected, by the table's key."""

    def __init__(self) -> None:
        self.session_state: dict[str, Any] = {}

    def draw(self, table: str, at_first: list[int]) -> list[int]:
        return self.session_state.setdefault(table, {"selection": {"rows": at_first}})["selection"]["rows"]

    def select(self, *places: int) -> None:
        """Somebody clicks, in the table that was drawn last."""
        table = self.session_state[selecting.LISTS]["list"][0]
        self.session_state[table] = {"selection": {"rows": list(places)}}


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Streamlit:
    screen = Streamlit()
    monkeypatch.setattr(selecting, "st", screen)
    return screen


def chosen(screen: Streamlit, rows: str) -> str:
    return "".join(rows[place] for place in selecting.selected("list", tuple(rows), screen.draw))


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
