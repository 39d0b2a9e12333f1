"""Files of one dataset with different columns in one import: what a row does not say changes nothing."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from provmap.imports import commit, preview
from provmap.store import build, list_imports, open_store, read_version
from provmap.store.kept import read_pointer
from tests.test_imports_ctf import whole
from tests.tiny import DAY

HEADINGS = "pupil_id,surname,forename,year_group,class,key_adult\n"
ROLL = HEADINGS + "p1,Ash,Zoë,5,Oak,Ms Bell\np2,Elm,Al,5,Oak,Ms Bell\n"
HEADER = (
    "<Header><DateTime>2026-03-03T09:30:00</DateTime><SourceSchool><LEA>801</LEA><Estab>2001</Estab>"
    "<URN>100001</URN></SourceSchool></Header>"
)


def bring(data: Path, dated: date = DAY, **files: str) -> Any:
    sources = [(f"{name.replace('_', ' ')}/pupils.csv", text.encode()) for name, text in files.items()]
    return commit(preview(data, list(sources), dated), "test", accept_alarms=True)


def pupils(data: Path, *columns: str) -> list[tuple[Any, ...]]:
    return (
        open_store(data).cursor().sql(f"select {', '.join(columns)} from store.pupils order by 1").fetchall()
    )


def contents(data: Path) -> dict[str, Any]:
    pointer = read_pointer(data)
    assert pointer
    return dict(read_version(data, pointer.version)["contents"])


def pupil(upn: str, inside: str = "", details: str = "") -> str:
    return (
        f"<Pupil><UPN>{upn}</UPN><Surname>Ash</Surname><Forename>{upn[-1]}</Forename>"
        f"<BasicDetails><NCyearActual>5</NCyearActual>{details}</BasicDetails>{inside}</Pupil>"
    )


def test_a_column_that_one_file_lacks_is_not_cleared(data: Path) -> None:
    bring(data, roll=ROLL)
    files = {
        "one": "pupil_id,surname,forename,year_group,class\np1,Ash,Zoe,5,\n",
        "two": "pupil_id,surname,forename,year_group,key_adult\np2,Elm,Al,5,\n",
    }
    found = preview(data, [(f"{name}/pupils.csv", text.encode()) for name, text in files.items()], DAY)
    assert found.counts["pupils"]["changed"] == 2
    assert found.changed_columns == {"pupils": {"class": 1, "forename": 1, "key_adult": 1}}
    commit(found, "test")
    assert pupils(data, "pupil_id", "forename", "class", "key_adult") == [
        ("p1", "Zoe", None, "Ms Bell"), ("p2", "Al", "Oak", None),
    ]  # fmt: skip
    enrolled = (
        open_store(data).cursor().sql("select pupil_id, class from store.enrolments order by 1").fetchall()
    )
    assert enrolled == [("p1", None), ("p2", "Oak")]


def test_the_same_files_again_change_nothing(data: Path) -> None:
    files = {"roll": ROLL, "more": "pupil_id,surname,forename,year_group,sex\np3,Yew,Bo,6,F\n"}
    assert bring(data, **files)
    assert bring(data, **files) is None
    assert len(list_imports(data)) == 1


def test_two_files_that_tell_of_one_pupil_are_put_together(data: Path) -> None:
    more = "pupil_id,surname,forename,year_group,sex\np1,Ash,Zoë,5,F\n"
    found = preview(data, [("a/pupils.csv", ROLL.encode()), ("b/pupils.csv", more.encode())], DAY)
    assert "pupils: 1 row is about what another row tells of, and put together with it." in found.notices
    assert (found.counts["pupils"]["read"], found.counts["pupils"]["new"]) == (3, 2)
    assert found.rejected_rows == 0
    commit(found, "test")
    assert pupils(data, "pupil_id", "class", "sex") == [("p1", "Oak", "F"), ("p2", "Oak", None)]


def test_two_files_that_contradict_each_other_are_told(data: Path) -> None:
    more = "pupil_id,surname,forename,year_group,sex\np1,Ashe,Zoë,5,F\n"
    found = preview(data, [("a/pupils.csv", ROLL.encode()), ("b/pupils.csv", more.encode())], DAY)
    assert found.rejected_rows == 1
    (problem,) = found.problems.filter(found.problems["verdict"] == "rejected").rows(named=True)
    assert (problem["file"], problem["line"]) == ("pupils.csv (2)", 2)
    commit(found, "test")
    assert pupils(data, "surname", "sex") == [("Ash", None), ("Elm", None)]


def test_a_full_roll_in_uneven_files_lets_nobody_leave_who_is_in_one_of_them(data: Path) -> None:
    bring(data, roll=ROLL + "p3,Yew,Bo,6,Oak,\n")
    files = [
        ("a/pupils.csv", b"pupil_id,surname,forename,year_group,class\np1,Ash,Zo,5,Oak\n"),
        ("b/pupils.csv", b"pupil_id,surname,forename,year_group,sex\np2,Elm,Al,5,M\n"),
    ]
    found = preview(data, list(files), date(2026, 4, 20), policy="replace")
    commit(found, "test", accept_alarms=True)
    assert pupils(data, "pupil_id", "leaving_date", "key_adult") == [
        ("p1", None, "Ms Bell"), ("p2", None, "Ms Bell"), ("p3", date(2026, 4, 19), None),
    ]  # fmt: skip


class TestTransferFiles:
    FULL = pupil("B801200005001", "<DOB>2015-04-25</DOB>", "<Ethnicity>WBRI</Ethnicity>")
    OTHER = pupil("X845212818005", "<DOB>2015-05-26</DOB>", "<Ethnicity>MWBC</Ethnicity>")
    NOW = "<DOB>2015-04-27</DOB>"

    def test_what_one_pupil_has_no_element_for_stays(self, data: Path) -> None:
        commit(preview(data, [("a.xml", whole(self.FULL + self.OTHER, HEADER))], DAY), "test")
        later = whole(pupil("B801200005001", self.NOW) + self.OTHER, HEADER)
        found = preview(data, [("b.xml", later)], DAY)
        assert found.changed_columns == {"pupils": {"date_of_birth": 1}}
        assert (found.counts["pupils"]["changed"], found.counts["pupils"]["unchanged"]) == (1, 1)
        commit(found, "test")
        assert pupils(data, "upn", "ethnicity", "date_of_birth") == [
            ("B801200005001", "WBRI", date(2015, 4, 27)), ("X845212818005", "MWBC", date(2015, 5, 26)),
        ]  # fmt: skip

    def test_a_blank_means_not_supplied_whatever_it_means_elsewhere(self, data: Path) -> None:
        looked_after = "<LookedAfter><InCare>true</InCare></LookedAfter>"
        first = whole(pupil("B801200005001", looked_after) + self.OTHER, HEADER)
        found = preview(data, [("a.xml", first)], DAY, "no")
        assert found.rows["pupils"]["looked_after"].to_list() == [True, None]

    def test_several_with_different_elements_in_one_import(self, data: Path) -> None:
        commit(preview(data, [("a.xml", whole(self.FULL + self.OTHER, HEADER))], DAY), "test")
        sources = [
            ("b.xml", whole(pupil("B801200005001", "<Sex>F</Sex>"), HEADER)),
            ("c.xml", whole(pupil("X845212818005", "", "<Ethnicity>WROM</Ethnicity>"), HEADER)),
        ]
        commit(preview(data, list(sources), DAY), "test")
        assert pupils(data, "upn", "ethnicity", "sex", "year(date_of_birth)") == [
            ("B801200005001", "WBRI", "F", 2015), ("X845212818005", "WROM", None, 2015),
        ]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_together_is_the_same_as_one_after_the_other(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    optional = ["class", "sex", "key_adult", "upn", "date_of_birth"]
    values = {"class": ["Oak", "Elm", ""], "sex": ["F", "M", ""], "key_adult": ["Ms Bell", ""],
              "upn": ["B801200005001", ""], "date_of_birth": ["2015-04-25", ""]}  # fmt: skip

    def file(numbers: list[int]) -> str:
        columns = random.sample(optional, random.randint(0, len(optional)))
        lines = [",".join(["pupil_id", "surname", "forename", "year_group", *columns])]
        for number in numbers:
            cells = [f"p{number}", "Ash", "Robin", "5", *(random.choice(values[name]) for name in columns)]
            lines.append(",".join(cells))
        return "\n".join(lines) + "\n"

    numbers = list(range(9))
    random.shuffle(numbers)
    base = file(numbers)
    parts = [file(sorted(numbers[start : start + 3])) for start in (0, 3, 6)]
    together, apart = tmp_path / "together", tmp_path / "apart"
    for data in (together, apart):
        bring(data, base=base)
    bring(together, **{f"part{number}": part for number, part in enumerate(parts)})
    for number, part in enumerate(parts):
        bring(apart, **{f"part{number}": part})
    query = "select * from store.pupils order by pupil_id"
    rows = open_store(together).cursor().sql(query).fetchall()
    assert rows == open_store(apart).cursor().sql(query).fetchall()
    before = contents(together)
    build(together)
    assert contents(together) == before
