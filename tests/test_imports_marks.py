"""Columns of ticks with days in them, and with words that are neither yes nor no.

When to write one: for each thing that a school writes in a column of ticks.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provmap.imports import Preview, commit, preview
from provmap.imports.plans import Plan
from provmap.store import open_store
from tests.tiny import PUPIL, TALK, tiny_school

DATED = date(2025, 11, 12)
ROLL = [PUPIL | {"pupil_id": str(number)} for number in range(1, 6)]


@pytest.fixture
def school(data: Path) -> Path:
    """Five pupils and one provision, held."""
    tiny_school(data, dated=date(2025, 9, 1), pupils=ROLL, provisions=[TALK])
    return data


def look(folder: Path, *cells: str, plan: Plan | None = None) -> Preview:
    text = "Adno,Talk\n" + "".join(f"{number},{cell}\n" for number, cell in enumerate(cells, 1))
    return preview(folder, [("t.csv", text.encode())], DATED, plans={"t.csv": plan} if plan else None)


def placements(folder: Path) -> list[tuple[Any, ...]]:
    query = "select pupil_id, start_date::varchar from records.placements order by all"
    return open_store(folder).cursor().sql(query).fetchall()


def test_a_column_of_days_gives_the_first_days(school: Path) -> None:
    commit(look(school, "01/09/2025", "", "-", "2025-10-06", "N"), "test")
    assert placements(school) == [("1", "2025-09-01"), ("4", "2025-10-06")]


@pytest.mark.parametrize(
    ("said", "first"), [("first day", ("1", "2025-09-01")), ("tick", ("1", "2025-11-12"))]
)
def test_a_day_among_ticks_is_asked(school: Path, said: str, first: tuple[str, str]) -> None:
    found = look(school, "01/09/2025", "x")
    (question,) = found.foreign[0].questions
    assert "days among ticks" in question
    answered = replace(found.foreign[0].plan, answers={"days in Talk": said})
    commit(look(school, "01/09/2025", "x", plan=answered), "test")
    assert placements(school) == [first, ("2", "2025-11-12")]


def test_a_word_that_is_neither_yes_nor_no_is_listed_and_is_no_tick(school: Path) -> None:
    found = look(school, "Y", "No longer", "stopped", "?", "0%")
    assert found.problems.select("line", "column", "value").rows() == [
        (3, "Talk", "No longer"), (4, "Talk", "stopped"), (5, "Talk", "?"), (6, "Talk", "0%"),
    ]  # fmt: skip
    commit(found, "test")
    assert placements(school) == [("1", "2025-11-12")]
