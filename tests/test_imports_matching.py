"""Which held pupil a row is of: no placeholder joins two children, and no school takes another's.

When to write one: for each number that looks as if it said who a pupil is.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provmap.imports import Preview, commit
from tests.test_imports_foreign import answered, held, look, one_foreign
from tests.tiny import PUPIL, tiny_school

ASH, ELM, NEW = "B801200005001", "A950000178301", "H243278544154"
HEADINGS = "Adno,UPN,Surname,Forename,Year\n"
PUPILS = "select pupil_id, surname from store.pupils order by all"


def roll(*rows: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [PUPIL | dict(zip(("pupil_id", "upn", "surname"), row, strict=True)) for row in rows]


def told(found: Preview) -> list[tuple[Any, ...]]:
    rejected = found.problems.filter(verdict="rejected")
    return rejected.select("line", "column", "value", "expected").rows()


@pytest.mark.parametrize("upn", ["UN1", "un5", "PENDING", "B80120000500"])
def test_what_is_no_upn_joins_nobody(data: Path, upn: str) -> None:
    tiny_school(data, pupils=roll(("002", upn.upper(), "Ash")))
    commit(look(data, f"{HEADINGS}009,{upn},Novak,Petr,5\n"), "test", accept_alarms=True)
    assert held(data, PUPILS) == [("002", "Ash"), ("009", "Novak")]


def test_a_upn_that_two_pupils_hold_joins_neither(data: Path) -> None:
    tiny_school(data, pupils=roll(("002", ASH, "Ash"), ("003", ASH, "Elm")))
    commit(look(data, f"{HEADINGS}009,{ASH},Novak,Petr,5\n"), "test", accept_alarms=True)
    assert held(data, PUPILS) == [("002", "Ash"), ("003", "Elm"), ("009", "Novak")]


def test_a_placeholder_is_no_identifier(data: Path) -> None:
    found = look(data, f"UPN,Surname,Forename,Year\nUN1,Ash,Robin,5\nPending,Elm,Kit,5\n{ASH},Oak,Sam,5\n")
    said = "a UPN, or an identifier in another column: {} is nobody's own"
    assert told(found) == [
        (2, "UPN", "UN1", said.format("UN1")), (3, "UPN", "Pending", said.format("Pending")),
    ]  # fmt: skip
    commit(found, "test", accept_alarms=True)
    assert held(data, PUPILS) == [(ASH, "Oak")]


def test_a_mistyped_upn_still_tells_one_pupil_from_another(data: Path) -> None:
    found = look(data, "UPN,Surname,Forename,Year\nB80120000500,Ash,Robin,5\n")
    assert found.rejected_rows == 0
    assert found.counts["pupils"]["new"] == 1


@pytest.fixture
def trust(data: Path) -> Path:
    """Two schools; a pupil of the first has a UPN."""
    pupils = [
        PUPIL | {"school_id": "10", "pupil_id": "001", "upn": ASH},
        PUPIL | {"school_id": "20", "pupil_id": "002", "surname": "Elm", "upn": ELM},
    ]
    tiny_school(data, schools=[{"school_id": "10", "name": "A"}, {"school_id": "20", "name": "B"}],
                pupils=pupils)  # fmt: skip
    return data


def test_a_pupil_of_another_school_is_new_here_and_that_is_said(trust: Path) -> None:
    found = look(trust, f"URN,{HEADINGS}20,007,{ASH},Ash,Robin,5\n")
    assert "export.csv: 1 row is of a pupil held at another school" in " ".join(found.notices)
    commit(found, "test", accept_alarms=True)
    select = "select school_id, pupil_id, surname from store.pupils order by all"
    assert held(trust, select) == [("10", "001", "Ash"), ("20", "002", "Elm"), ("20", "007", "Ash")]
    # In its own school the pupil is found, whatever number the file gives.
    again = look(trust, f"URN,UPN,Surname,Forename,Year\n10,{ASH},Ashe,Robin,5\n")
    assert again.changed_columns == {"pupils": {"surname": 1}}
    assert not any("another school" in words for words in again.notices)


def test_names_and_births_are_those_of_the_school(data: Path) -> None:
    born = {"date_of_birth": date(2015, 9, 3)}
    pupils = [PUPIL | born | {"school_id": "10", "pupil_id": "001"},
              PUPIL | born | {"school_id": "20", "pupil_id": "002"}]  # fmt: skip
    tiny_school(data, pupils=pupils)
    text = "URN,Surname,Forename,DOB,Year\n20,Ash,Robin,03/09/2015,6\n"
    plan = answered(one_foreign(look(data, text)).plan, agreed="yes")
    assert look(data, text, plan).rows["pupils"]["pupil_id"].to_list() == ["002"]


class TestTwoPupils:
    """The UPN says one held pupil, the identifier another."""

    def test_is_a_problem_on_that_line(self, data: Path) -> None:
        tiny_school(data, pupils=roll(("001", ASH, "Ash"), ("002", ELM, "Elm")))
        found = look(data, f"{HEADINGS}002,{ASH},Ash,Robin,5\n003,{NEW},Oak,Sam,5\n")
        said = "one pupil: here UPN is that of pupil 001, and the identifier that of 002"
        assert told(found) == [(2, "UPN", ASH, said)]
        commit(found, "test", accept_alarms=True)
        assert held(data, PUPILS) == [("001", "Ash"), ("002", "Elm"), ("003", "Oak")]

    def test_a_former_upn_too(self, data: Path) -> None:
        tiny_school(data, pupils=roll(("001", ASH, "Ash"), ("002", ELM, "Elm")))
        found = look(data, f"Adno,UPN,Former UPN,Surname,Forename,Year\n002,{NEW},{ASH},Ash,Robin,5\n")
        assert [row[:3] for row in told(found)] == [(2, "Former UPN", ASH)]

    def test_a_new_number_of_a_known_upn_is_no_doubt(self, data: Path) -> None:
        tiny_school(data, pupils=roll(("001", ASH, "Ash")))
        found = look(data, f"{HEADINGS}777,{ASH},Ashe,Robin,5\n")
        assert told(found) == []
        assert found.rows["pupils"]["pupil_id"].to_list() == ["001"]
