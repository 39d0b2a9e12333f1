"""Stores that tests of every layer share: nothing is pretended, each is built as a school's own is."""

import shutil
import sys
from collections import OrderedDict
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import settings

from provmap import journal, questions
from provmap.store import Store, keep_import, open_store, opened
from provmap.store.sample_store import ensure_sample

# A busy machine is no failure: how fast things are is for the benchmarks to say.
settings.register_profile("provmap", deadline=None)
settings.load_profile("provmap")

# How many answers are kept for copies of the same store: each takes some kilobytes.
ANSWERS = 1500
TESTS = Path(__file__).parent
SCHOOL = {"schools": pl.DataFrame({"school_id": ["100001"], "name": ["Elm Primary"], "phase": ["primary"]})}
PUPIL = pl.DataFrame(
    {
        "pupil_id": ["p1"],
        "surname": ["Ash"],
        "forename": ["Robin"],
        "year_group": ["5"],
        "class": ["Oak"],
        "entry_date": [date(2025, 9, 1)],
        "sen_status": ["K"],
    }
)


# The files that take longest start first, so that no worker is left with one while the other is done. A file
# is one worker's: its stores, its browser and the answers kept for the next question serve all its tests.
LONGEST = (
    "browser/test_journeys.py", "test_meeting_run.py", "test_tracking.py", "test_pages.py", "test_store.py",
    "test_meeting_page.py", "browser/test_term.py", "test_stopping.py", "test_narrower.py",
    "browser/test_drafts.py", "test_properties.py", "test_counts.py", "browser/test_long_imports.py",
    "test_journal.py", "test_time_out.py", "test_commands.py", "test_meeting_print.py",
    "test_handing_over.py", "test_imports_ticks.py", "test_sample.py", "test_pupil_story.py",
    "test_correcting_reviews.py", "test_targets_page.py", "test_reviews_page.py", "test_the_map.py",
    "test_imports_alarms.py", "test_targets.py", "test_meeting_again.py", "test_imports_policies.py",
    "test_imports_hostile_workbooks.py", "test_mapping_page.py", "test_drift.py",
    "test_imports_attended.py", "browser/test_the_map.py", "browser/test_deciding.py",
    "browser/test_newcomer.py", "test_family_sheet.py", "test_ledger_properties.py",
    "test_imports_uneven.py", "test_imports_preview.py", "test_meetings.py", "test_two_at_once.py",
    "test_apart.py", "test_mapping_start.py", "test_voices.py", "test_imports_foreign.py",
    "test_imports_damaged.py", "test_weak_data.py", "test_killed.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the rest as they stand; within a file nothing moves."""
    places = {TESTS / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session", autouse=True)
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test ever sees the data folder of whoever runs it; without `data`, tests see the sample school."""
    folder = tmp_path_factory.mktemp("provmap")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROVMAP_DATA", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """AppTest reads what every installed package says of itself before each first run: here once for all."""
    if "streamlit" not in sys.modules:
        yield
        return
    from streamlit.components.v2 import manifest_scanner  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def answers_of_copies() -> Iterator[None]:
    """Copies of one store in which the same was written give the same answers: each is worked out once.

    What is told apart is the version, which no two builds share, and every entry of the journal.
    """
    given: OrderedDict[tuple[str, str, str, str], pl.DataFrame] = OrderedDict()
    written = lru_cache(16)(lambda store: repr(journal.entries(store.folder)[: store.journal]))
    run = questions._run

    def answered(sql: str, params: dict[str, object], store: Store, **frames: pl.DataFrame) -> pl.DataFrame:
        if frames:
            return run(sql, params, store, **frames)
        asked = store.version, written(store) if store.journal else "", sql, str(params)
        if asked not in given:
            given[asked] = run(sql, params, store)
            if len(given) > ANSWERS:
                given.popitem(last=False)
        given.move_to_end(asked)
        return given[asked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(questions, "_run", answered)
        yield


@pytest.fixture(autouse=True)
def closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """The stores of a test's own folder are closed after it: thousands that stay open fill the memory."""
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder:
        for place in [one for one in opened._opened if one.is_relative_to(folder)]:
            opened.forget_store(place)


@pytest.fixture
def data(tmp_path: Path, session_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder of the test's own. Where it shows the sample school, that is a copy."""
    folder = tmp_path / "data"
    monkeypatch.setenv("PROVMAP_DATA", str(folder))

    def copied(place: Path) -> Path:
        put_sample(session_folder, place)
        return ensure_sample(place)

    monkeypatch.setattr(opened, "ensure_sample", copied)
    return folder


def put_sample(made: Path, folder: Path) -> None:
    """A copy of the sample school of the folder `made`, which has it after this, without what was written."""
    held = ensure_sample(made)
    place = folder / held.relative_to(made)
    if not place.exists():
        shutil.copytree(held, place, ignore=shutil.ignore_patterns("journal*", "lock"))


@pytest.fixture(scope="session")
def sample(session_folder: Path) -> Store:
    """The sample school, which is always on 3 March 2026."""
    return open_store(session_folder)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folders that many tests begin with, made once; each test has a copy of its own."""
    folder = tmp_path_factory.mktemp("built")
    for name, rows in {"empty": SCHOOL, "one_pupil": SCHOOL | {"pupils": PUPIL}}.items():
        keep_import(folder / name, rows=rows, sources=[], dated=date(2026, 3, 3), made_by="test")
    return folder


@pytest.fixture
def empty(data: Path, built: Path) -> Store:
    """A school that has named itself and imported nothing else."""
    return open_store(shutil.copytree(built / "empty", data))


@pytest.fixture
def one_pupil(data: Path, built: Path) -> Store:
    """A school of one pupil, of whom little is known."""
    return open_store(shutil.copytree(built / "one_pupil", data))
