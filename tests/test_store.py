"""What an import keeps, what the store makes of it, and what a failure leaves behind.

When to write one: for anything that must still be true after a second import, an undo or a killed process.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provmap.errors import StoreError
from provmap.store import build, keep_import, list_imports, open_store, read_version, undo
from provmap.store.contract import STATUS_FLAGS, datasets
from provmap.store.kept import read_pointer, writing
from tests.tiny import DAY, PUPIL, answer, day, rows_of, tiny_school


def bring(folder: Path, dated: str, **rows: list[dict[str, Any]]) -> Any:
    frames = {name: rows_of(name, some) for name, some in rows.items()}
    return keep_import(folder, rows=frames, sources=[], dated=day(dated), made_by="test")


def contents(folder: Path) -> dict[str, Any]:
    pointer = read_pointer(folder)
    assert pointer is not None
    return dict(read_version(folder, pointer.version)["contents"])


def table(folder: Path, select: str) -> list[tuple[Any, ...]]:
    return open_store(folder).cursor().sql(select).fetchall()


# The contract.


def test_the_contract_has_every_dataset_with_a_comment_on_each_column() -> None:
    assert len(datasets()) == 24
    assert [column for data in datasets().values() for column in data.columns if not column.comment] == []
    assert all(data.keys for data in datasets().values())


def test_every_dataset_but_the_global_ones_belongs_to_a_school() -> None:
    of_all = {name for name, data in datasets().items() if data.is_global}
    assert of_all == {"schools", "need_codes", "scales", "scale_values", "expectations"}
    for name in datasets().keys() - of_all:
        assert datasets()[name].columns[0].name == "school_id"
        assert all(key[0] == "school_id" for key in datasets()[name].keys)


def test_rules_are_said_in_words() -> None:
    sentences = {sentence for data in datasets().values() for _, sentence in data.checks}
    assert "end_date must be on or after start_date." in sentences
    assert "exit_date must be on or after entry_date." in sentences
    assert "academic_year must be written like 2026/27." in sentences
    assert "rating must be from -2 to 2." in sentences
    assert "minutes must be at least 0." in sentences
    assert "At least one of these must be given: pupil_id, provision_id." in sentences


# Folding.


def test_a_missing_column_changes_nothing_and_a_blank_clears(tmp_path: Path) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL | {"key_adult": "Ms Bell", "upn": "A1"}])
    bring(tmp_path, "02-05", pupils=[{**PUPIL, "surname": "Birch", "upn": None}])
    assert table(tmp_path, "select surname, key_adult, upn from store.pupils") == [("Birch", "Ms Bell", None)]


def test_a_placement_is_known_by_its_own_identifier_where_it_has_one(tmp_path: Path) -> None:
    own = {"placement_id": "7", "pupil_id": "1", "provision_id": "T", "start_date": day("01-05")}
    bring(tmp_path, "01-05", placements=[own])
    bring(tmp_path, "02-05", placements=[own | {"start_date": day("01-12")}, own | {"placement_id": None}])
    found = table(tmp_path, "select placement_id, start_date from store.placements order by all")
    assert found == [("7", day("01-12")), (None, day("01-05"))]


def test_two_imports_of_one_status_close_one_span_and_open_another(tmp_path: Path) -> None:
    roll = PUPIL | {"entry_date": day("2024-09-01")}
    bring(tmp_path, "2025-09-10", pupils=[roll | {"pupil_premium": True, "sen_status": "K", "eal": False}])
    bring(tmp_path, "02-01", pupils=[roll | {"pupil_premium": False, "sen_status": None, "eal": True}])
    found = table(
        tmp_path, "select status, value, start_date, end_date, is_start_recorded from store.statuses"
    )
    assert sorted(found) == [
        # Became EAL by the second import; was not by the first.
        ("eal", "true", day("02-01"), None, True),
        ("pupil_premium", "true", day("2024-09-01"), day("01-31"), False),
        # A blank says nothing.
        ("sen_status", "K", day("2024-09-01"), None, False),
    ]
    assert table(tmp_path, "select pupil_premium, sen_status, eal from store.pupils") == [(False, "K", True)]


def test_last_years_report_stays_when_a_status_changes(tmp_path: Path) -> None:
    bring(tmp_path, "2025-09-10", pupils=[PUPIL | {"pupil_premium": True}])
    bring(tmp_path, "02-01", pupils=[PUPIL | {"pupil_premium": False}])
    store = open_store(tmp_path)
    premium = [
        len(answer(store, "pupil_list", day(on), groups=["pupil_premium"])) for on in ("01-31", "02-01")
    ]
    assert premium == [1, 0]


def test_an_older_roll_brought_in_later_takes_its_place_in_time(tmp_path: Path) -> None:
    bring(tmp_path, "02-01", pupils=[PUPIL | {"fsm": True}])
    bring(tmp_path, "2025-09-10", pupils=[PUPIL | {"fsm": False}])
    found = table(tmp_path, "select status, start_date, end_date, is_start_recorded from store.statuses")
    assert found == [("fsm", day("02-01"), None, True)]


def test_every_status_flag_is_a_group(tmp_path: Path) -> None:
    flags = {flag: True for flag in STATUS_FLAGS if flag != "sen_status"}
    store = tiny_school(tmp_path, pupils=[PUPIL | flags | {"sen_status": "E"}])
    (row,) = answer(store, "pupil_list")
    assert sorted(row["groups"]) == sorted([*flags, "ehc_plan"])


def test_next_years_roll_does_not_rewrite_this_years_class(tmp_path: Path) -> None:
    bring(tmp_path, "2025-09-10", pupils=[PUPIL])
    bring(tmp_path, "2026-09-10", pupils=[PUPIL | {"year_group": "6", "class": "1E5"}])
    store = open_store(tmp_path)
    places = [
        [(row["year_group"], row["class"]) for row in answer(store, "pupil_list", day(on))]
        for on in ("2026-08-31", "2026-09-01")
    ]
    assert places == [[("5", "Oak")], [("6", "1E5")]]


def test_a_class_changes_on_the_day_an_enrolment_begins(tmp_path: Path) -> None:
    moved = {"pupil_id": "1", "academic_year": "2025/26", "year_group": "5", "class": "Elm"}
    store = tiny_school(tmp_path, enrolments=[moved | {"start_date": DAY}])
    classes = [answer(store, "pupil_list", day(on))[0]["class"] for on in ("03-02", "03-03")]
    assert classes == ["Oak", "Elm"]


def test_an_enrolment_on_1_september_is_the_one_without_a_start(tmp_path: Path) -> None:
    enrolled = {"pupil_id": "1", "academic_year": "2025/26", "year_group": "5", "class": "Elm"}
    tiny_school(tmp_path, enrolments=[enrolled | {"start_date": day("2025-09-01")}])
    assert table(tmp_path, "select class, start_date from store.enrolments") == [("Elm", None)]


@pytest.mark.parametrize(
    ("entry", "imports", "start"),
    [
        # Seen with the first needs of the school: since the pupil's entry.
        ("2024-09-01", ["2025-10-01"], "2024-09-01"),
        # Entry not recorded: the day it was first seen.
        (None, ["2025-10-01"], "2025-10-01"),
        # New in a later import, when the pupil was already here at an earlier one: that import's day.
        ("2024-09-01", ["2025-10-01 without", "2026-02-01"], "2026-02-01"),
        # The pupil joined after the earlier import: since entry.
        ("2025-11-01", ["2025-10-01 without", "2026-02-01"], "2025-11-01"),
        # Seen again later: the first time stands.
        ("2024-09-01", ["2025-10-01", "2026-02-01"], "2024-09-01"),
    ],
)
def test_an_undated_need_holds_from_when_it_can_have_begun(
    tmp_path: Path, entry: str | None, imports: list[str], start: str
) -> None:
    bring(tmp_path, "2025-09-10", pupils=[PUPIL | {"entry_date": day(entry) if entry else None}])
    for one in imports:
        dated, _, without = one.partition(" ")
        codes = ["VI"] if without else ["VI", "SLCN"]
        undated = [{"pupil_id": "1", "need_code": code, "start_date": None} for code in codes]
        bring(tmp_path, dated, needs=undated)
    found = table(tmp_path, "select start_date, is_start_recorded from store.needs where need_code = 'SLCN'")
    assert found == [(day(start), False)]


def test_a_dated_need_brought_later_replaces_the_undated_one(tmp_path: Path) -> None:
    need = {"pupil_id": "1", "need_code": "SLCN", "start_date": None}
    bring(tmp_path, "2025-09-10", pupils=[PUPIL], needs=[need])
    bring(tmp_path, "02-01", needs=[need | {"start_date": day("01-05")}])
    assert table(tmp_path, "select start_date, is_start_recorded from store.needs") == [(day("01-05"), True)]


def test_rows_without_a_school_belong_to_the_only_school(tmp_path: Path) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    assert table(tmp_path, "select school_id, name from store.schools") == [("school", "This school")]
    bring(tmp_path, "01-06", schools=[{"school_id": "100001", "name": "Elm Primary"}])
    assert table(tmp_path, "select school_id from store.pupils") == [("100001",)]
    bring(tmp_path, "01-07", schools=[{"school_id": "100000", "name": "Ash Primary"}])
    assert table(tmp_path, "select school_id from store.pupils") == [("100001",)]


# Keeping, undoing, failing.


def test_the_same_rows_twice_change_nothing(tmp_path: Path) -> None:
    first = bring(tmp_path, "01-05", pupils=[PUPIL])
    version = open_store(tmp_path).version
    assert bring(tmp_path, "01-05", pupils=[PUPIL]) is None
    assert open_store(tmp_path).version == version
    assert [manifest.id for manifest in list_imports(tmp_path)] == [first.id]


def test_undo_restores_exactly_what_was_held(tmp_path: Path) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    before = contents(tmp_path)
    bring(tmp_path, "02-05", pupils=[PUPIL | {"surname": "Birch", "fsm": True}, PUPIL | {"pupil_id": "2"}])
    assert contents(tmp_path) != before
    withdrawn = undo(tmp_path)
    assert contents(tmp_path) == before
    assert [manifest.withdrawn_at is None for manifest in list_imports(tmp_path)] == [True, False]
    assert withdrawn.withdrawn_at is not None
    undo(tmp_path)
    assert open_store(tmp_path).is_sample
    with pytest.raises(StoreError, match="no import to undo"):
        undo(tmp_path)


def test_building_again_gives_the_same_contents(tmp_path: Path) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    before, version = contents(tmp_path), open_store(tmp_path).version
    assert build(tmp_path) != version
    assert contents(tmp_path) == before


def test_an_open_app_follows_the_pointer(tmp_path: Path) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    old = open_store(tmp_path)
    bring(tmp_path, "02-05", pupils=[PUPIL | {"pupil_id": "2"}])
    assert len(answer(open_store(tmp_path), "pupil_list")) == 2
    # Whoever still holds the old one goes on reading it.
    assert len(answer(old, "pupil_list")) == 1


def test_a_store_made_with_another_recipe_is_built_again(tmp_path: Path) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    pointer = read_pointer(tmp_path)
    assert pointer is not None
    words = tmp_path / "stores" / f"{pointer.version}.json"
    words.write_text(json.dumps(json.loads(words.read_text()) | {"recipe": "older"}))
    assert open_store(tmp_path).version != pointer.version


def test_a_build_that_fails_leaves_the_store_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    before = sorted(path.name for path in tmp_path.rglob("*"))

    def unread(*_: object) -> None:
        raise StoreError("unread")

    monkeypatch.setattr("provmap.store.versions._verify", unread)
    with pytest.raises(StoreError, match="unread"):
        bring(tmp_path, "02-05", pupils=[PUPIL | {"pupil_id": "2"}])
    monkeypatch.undo()
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    bring(tmp_path, "02-05", pupils=[PUPIL | {"pupil_id": "2"}])
    assert len(answer(open_store(tmp_path), "pupil_list")) == 2


def test_while_it_is_made_a_store_is_one_file(tmp_path: Path) -> None:
    """A log of every step beside it would wait for the disk some fifty times, and nobody ever reads it."""
    beside: set[str] = set()

    def look(words: str, share: float) -> None:
        beside.update(path.suffix for path in (tmp_path / "stores").glob("*") if path.is_file())

    frames = {"pupils": rows_of("pupils", [PUPIL])}
    keep_import(tmp_path, rows=frames, sources=[], dated=DAY, made_by="test", progress=look)
    assert beside == {".duckdb"}


KILLED = """
import os, sys
from pathlib import Path
from provmap.store import builds, versions
from tests.test_store import bring
from tests.tiny import PUPIL
building = builds if hasattr(builds, sys.argv[2]) else versions
real = getattr(building, sys.argv[2])
def stop(*arguments, **named):
    real(*arguments, **named)
    os._exit(9)
setattr(building, sys.argv[2], stop)
bring(Path(sys.argv[1]), "02-05", pupils=[PUPIL | {"pupil_id": "2"}])
"""


@pytest.mark.parametrize(
    "after", ["_keep_files", "write_manifest", "fold", "_write_store", "_verify", "write_whole"]
)
def test_a_killed_import_leaves_the_store_and_the_next_one_works(tmp_path: Path, after: str) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    before = contents(tmp_path)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), after], check=False)
    assert killed.returncode == 9
    assert contents(tmp_path) == before
    assert len(list_imports(tmp_path)) == 1
    bring(tmp_path, "02-05", pupils=[PUPIL | {"pupil_id": "3"}])
    assert len(answer(open_store(tmp_path), "pupil_list")) == 2
    kept = {path.name for path in (tmp_path / "imports").iterdir()}
    assert kept == {manifest.id for manifest in list_imports(tmp_path)}


def test_a_lost_pointer_loses_nothing(tmp_path: Path) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    bring(tmp_path, "02-05", pupils=[PUPIL | {"pupil_id": "2"}])
    before = contents(tmp_path)
    (tmp_path / "current.json").unlink()
    for attempt in (lambda: open_store(tmp_path), lambda: bring(tmp_path, "02-06", pupils=[PUPIL])):
        with pytest.raises(StoreError, match=r"current\.json is missing"):
            attempt()
    build(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("words", ["", "{}", "[]", "\udcff"])
def test_a_damaged_pointer_says_so(tmp_path: Path, words: str) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    (tmp_path / "current.json").write_bytes(words.encode(errors="surrogateescape"))
    with pytest.raises(StoreError, match="cannot be read"):
        open_store(tmp_path)


def test_many_can_start_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as people:
        stores = list(people.map(lambda _: open_store(tmp_path), range(4)))
    assert {store.version for store in stores} == {stores[0].version}
    assert stores[0].is_sample


def test_the_sources_are_those_of_the_version_that_is_open(tmp_path: Path) -> None:
    frames = {"pupils": rows_of("pupils", [PUPIL])}
    keep_import(tmp_path, rows=frames, sources=[("roll.csv", b"x")], dated=DAY, made_by="test")
    store = open_store(tmp_path)
    undo(tmp_path)
    assert store.sources == ["roll.csv"]


def test_a_later_school_takes_no_rows_of_the_first(tmp_path: Path) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    frames = {"pupils": rows_of("pupils", [PUPIL | {"surname": "Other"}])}
    keep_import(tmp_path, rows=frames, sources=[], dated=DAY, made_by="test", school_id="222")
    assert table(tmp_path, "select surname from store.pupils where school_id = 'school'") == [("Ash",)]


def test_a_second_import_at_the_same_time_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with writing(tmp_path), pytest.raises(StoreError, match="Somebody else is importing"):
        bring(tmp_path, "01-05", pupils=[PUPIL])
    assert bring(tmp_path, "01-05", pupils=[PUPIL]) is not None


def test_kept_files_are_never_read_as_paths(tmp_path: Path) -> None:
    frames = {"pupils": rows_of("pupils", [PUPIL])}
    keep_import(
        tmp_path / "data", rows=frames, sources=[("../../evil name.csv", b"x")], dated=DAY, made_by="test"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    (kept,) = (tmp_path / "data").rglob("source/*")
    assert kept.name == "001-evil name.csv"


def test_an_open_store_can_read_nothing_but_itself(tmp_path: Path) -> None:
    bring(tmp_path, "01-05", pupils=[PUPIL])
    (tmp_path / "secret.csv").write_text("a\n1\n")
    cursor = open_store(tmp_path).cursor()
    for attempt in (
        f"from read_csv('{tmp_path / 'secret.csv'}')",
        "set enable_external_access = true",
        "delete from store.pupils",
        f"copy store.pupils to '{tmp_path / 'out.csv'}'",
    ):
        with pytest.raises(Exception, match=r"(?i)disabled|locked|read-only|permission|cannot"):
            cursor.execute(attempt)


def test_dates_of_contents(tmp_path: Path) -> None:
    read = {"pupil_id": "1", "subject": "reading", "scale": "standardised", "value": "90"}
    store = tiny_school(
        tmp_path,
        assessments=[read | {"assessed_on": day("01-05")}, read | {"assessed_on": day("02-05")}],
    )
    found = {name: rest for name, *rest in store.contents()}
    assert found["assessments"] == [2, day("01-05"), day("02-05")]
    assert found["sessions"] == [0, None, None]
    assert isinstance(store.today, date)
