"""The files that benchmarks read are clean where they say so: what is timed is an import that works."""

from pathlib import Path

import polars as pl
import pytest

from provmap.imports import preview
from tests.benchmarks import formats
from tests.tiny import DAY


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "RESULTS", 2_000)
    monkeypatch.setattr(formats, "PUPILS_OF_WORKBOOK", 50)
    monkeypatch.setattr(formats, "PUPILS_OF_TRANSFER", 20)


def test_clean_files_raise_no_word(data: Path, tmp_path: Path) -> None:
    for file in (
        formats.write_results(tmp_path / "clean"),
        formats.write_workbook(tmp_path / "pupils.xlsx"),
        formats.write_transfer(tmp_path / "transfer.xml"),
    ):
        found = preview(data, [file], DAY)
        assert (found.rejected_rows, found.problems.height, found.notices) == (0, 0, [])


def test_one_row_in_so_many_is_faulty(data: Path, tmp_path: Path) -> None:
    found = preview(data, [formats.write_results(tmp_path / "faulty", formats.FAULTY)], DAY)
    assert found.counts["assessments"]["rejected"] == 20
    assert found.problems.height == 20


def test_raw_reading_finds_every_row(tmp_path: Path) -> None:
    assert formats._walked(formats.write_workbook(tmp_path / "pupils.xlsx")).shape == (51, 12)
    assert formats._walked(formats.write_transfer(tmp_path / "transfer.xml")).height == 20
    formats._polars(formats.write_results(tmp_path / "clean"), tmp_path)
    assert pl.read_parquet(tmp_path / "assessments.parquet").height == 2_000
