"""What `replace` does not take away: what rejected rows are about, and years that a sheet is no list of.

When to write one: for each row that a full list has, though not as a good row.
"""

from datetime import date
from pathlib import Path

import pytest

from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, preview
from tests.test_imports_foreign import held
from tests.tiny import DAY, PUPIL, TALK, tiny_school

HEADINGS = "pupil_id,surname,forename,year_group\n"
LEFT = "select pupil_id from store.pupils where leaving_date is not null order by all"


def roll(*years: str) -> bytes:
    rows = "".join(f"{number},Ash,Robin,{year}\n" for number, year in enumerate(years))
    return f"{HEADINGS}{rows}".encode()


def replacing(folder: Path, text: bytes, name: str = "pupils.csv", dated: date = DAY) -> Preview:
    return preview(folder, [(name, text)], dated, policy="replace")


def test_a_rejected_pupil_does_not_leave(data: Path) -> None:
    commit(preview(data, [("pupils.csv", roll(*["5"] * 12))], date(2026, 1, 5)), "test")
    found = replacing(data, roll("55", *["5"] * 10))
    assert found.rejected_rows == 1
    # The first is on the list, and the last is not.
    assert found.counts["pupils"]["withdrawn"] == 1
    commit(found, "test", accept_alarms=True)
    assert held(data, LEFT) == [("11",)]
    assert held(data, "select year_group from store.pupils where pupil_id = '0'") == [("5",)]


def test_a_first_full_list_with_a_rejected_row_comes_in(data: Path) -> None:
    found = replacing(data, roll("55", "5"))
    assert (found.rejected_rows, found.counts["pupils"]["withdrawn"]) == (1, 0)
    commit(found, "test")
    assert held(data, "select pupil_id from store.pupils") == [("1",)]


def test_a_full_list_of_rejected_rows_alone_changes_nothing(data: Path) -> None:
    row = b"school_id,pupil_id,surname,forename,year_group\n100001,0,Ash,Robin,"
    commit(preview(data, [("pupils.csv", row + b"5\n")], date(2026, 1, 5)), "test")
    found = replacing(data, row + b"55\n")
    with pytest.raises(ImportRefused, match="No row"):
        commit(found, "test")
    assert held(data, LEFT) == []


def test_a_school_is_named_by_its_identifier_where_it_is_listed(data: Path) -> None:
    schools = "school_id,name\n100001,Oak\n100001,Elm\n"
    first = preview(data, [("schools.csv", schools.encode())], DAY)
    assert first.problems.select("line", "column", "value").rows() == [(3, "school_id", "100001")]
    commit(first, "test")
    text = b"school_id,name\n100001,Oak Academy\n100002,Ash\n"
    found = preview(data, [("schools.csv", text)], DAY, policy="update only")
    assert found.problems.select("line", "column", "value").rows() == [(3, "school_id", "100002")]


def test_a_row_that_could_be_anybodys_stops_it(data: Path) -> None:
    commit(preview(data, [("pupils.csv", roll("5", "5", "5"))], date(2026, 1, 5)), "test")
    text = roll("5", "5") + b",Ash,Robin,5\n"
    with pytest.raises(ImportRefused, match=r"such as line 4.*cannot be told whose"):
        replacing(data, text)
    assert preview(data, [("pupils.csv", text)], DAY).rejected_rows == 1


def test_a_sheet_of_ticks_leaves_last_year_as_it_is(data: Path) -> None:
    pupils = [PUPIL, PUPIL | {"pupil_id": "2"}, PUPIL | {"pupil_id": "3"}]
    last_year, this_year = date(2024, 11, 5), date(2025, 10, 6)
    rows = [
        {"pupil_id": "1", "provision_id": "T", "start_date": last_year},
        {"pupil_id": "2", "provision_id": "T", "start_date": last_year, "end_date": date(2025, 5, 1)},
        {"pupil_id": "3", "provision_id": "T", "start_date": this_year},
    ]
    tiny_school(data, dated=this_year, pupils=pupils, provisions=[TALK], placements=rows)
    # 1 is ticked still, 2 is new this year, 3 is ticked no longer.
    found = replacing(data, b"Adno,Talk\n1,x\n2,x\n3,\n", "ticks.csv", date(2025, 12, 15))
    assert found.counts["placements"]["withdrawn"] == 1
    commit(found, "test", accept_alarms=True)
    select = "select pupil_id, start_date::varchar, end_date::varchar from records.placements order by all"
    assert held(data, select) == [
        ("1", "2024-11-05", None), ("2", "2024-11-05", "2025-05-01"), ("2", "2025-12-15", None),
    ]  # fmt: skip
