"""Stores that tests of every layer share: nothing is pretended, each is built as a school's own is."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import settings

from provmap.store import Store, forget_stores, keep_import, open_store

# A busy machine is no failure: how fast things are is for the benchmarks to say.
settings.register_profile("provmap", deadline=None)
settings.load_profile("provmap")

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


@pytest.fixture(scope="session", autouse=True)
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test ever sees the data folder of whoever runs it; without `data`, tests see the sample school."""
    folder = tmp_path_factory.mktemp("provmap")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROVMAP_DATA", str(folder))
        yield folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder of the test's own."""
    folder = tmp_path / "data"
    monkeypatch.setenv("PROVMAP_DATA", str(folder))
    yield folder
    forget_stores()


@pytest.fixture(scope="session")
def sample(session_folder: Path) -> Store:
    """The sample school, which is always on 3 March 2026."""
    return open_store(session_folder)


@pytest.fixture
def empty(data: Path) -> Store:
    """A school that has named itself and imported nothing else."""
    keep_import(data, rows=SCHOOL, sources=[], dated=date(2026, 3, 3), made_by="test")
    return open_store(data)


@pytest.fixture
def one_pupil(data: Path) -> Store:
    """A school of one pupil, of whom little is known."""
    keep_import(data, rows=SCHOOL | {"pupils": PUPIL}, sources=[], dated=date(2026, 3, 3), made_by="test")
    return open_store(data)
