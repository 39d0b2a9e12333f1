"""The EEF's published tables: shown to read its reports with, and used on no gain of a school."""

import csv
from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from tests.test_pages import open_app, words_of

REFERENCE = Path(__file__).parents[1] / "sql" / "reference"


def table(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hundredths(effect: str) -> int:
    return round(100 * float(effect))


def found(store: Store, question: str) -> list[dict[str, Any]]:
    return ask(question, make_filter(store), store).to_dicts()


class TestMonths:
    """EEF, *About the Toolkits: attainment*."""

    def test_no_gap_and_no_overlap_at_two_decimals(self) -> None:
        rows = table("eef_months")
        assert [int(row["eef_months"]) for row in rows] == list(range(13))
        covered = [
            effect
            for row in rows
            for effect in range(hundredths(row["effect_from"]), hundredths(row["effect_to"]) + 1)
        ]
        assert covered == list(range(-1, 101))

    def test_a_minus_mirrors_it(self) -> None:
        """No effect and its mirror fall together: 0 months is even about nothing, and 0.02 begins 1 month."""
        first, second = table("eef_months")[:2]
        assert hundredths(first["effect_from"]) == -hundredths(first["effect_to"])
        assert hundredths(second["effect_from"]) == hundredths(first["effect_to"]) + 1

    @pytest.mark.parametrize(("effect", "months"), [
        (0.0, 0), (0.01, 0), (0.02, 1), (0.03, 1), (0.09, 1), (0.10, 2), (0.18, 2), (0.19, 3), (0.26, 3),
        (0.27, 4), (0.35, 4), (0.36, 5), (0.44, 5), (0.45, 6), (0.52, 6), (0.53, 7), (0.61, 7), (0.62, 8),
        (0.69, 8), (0.70, 9), (0.78, 9), (0.79, 10), (0.87, 10), (0.88, 11), (0.95, 11), (0.96, 12),
        (1.0, 12),
    ])  # fmt: skip
    def test_printed(self, sample: Store, effect: float, months: int) -> None:
        """0.03 is 1 month here and 0 in the addendum to *Dialogic Teaching* (2019): another table."""
        rows = found(sample, "eef_months")
        assert [row["eef_months"] for row in rows if row["effect_from"] <= effect <= row["effect_to"]] == [
            months
        ]

    def test_labels(self, sample: Store) -> None:
        words = {row["eef_months"]: row["label"] for row in found(sample, "eef_months")}
        assert [words[months] for months in (0, 1, 2, 3, 5, 6, 8, 9, 12)] == [
            "very low or no effect", "low", "low", "moderate", "moderate", "high", "high", "very high",
            "very high",
        ]  # fmt: skip


class TestCosts:
    def test_a_class_of_25_costs_25_times_a_pupil(self) -> None:
        """EEF Toolkit: 80, 200, 720 and 1,200 pounds a pupil; 2,000, 5,000, 18,000 and 30,000 a class."""
        rows = table("eef_cost_bands")
        assert [row["class_up_to"] for row in rows] == ["2000", "5000", "18000", "30000", ""]
        assert all(25 * int(row["pupil_up_to"]) == int(row["class_up_to"]) for row in rows[:-1])

    def test_each_band_begins_where_the_last_ends(self, sample: Store) -> None:
        rows = found(sample, "eef_cost_bands")
        assert [row["cost_band"] for row in rows] == ["very low", "low", "moderate", "high", "very high"]
        assert [row["pupil_from"] for row in rows] == [None, *[row["pupil_up_to"] for row in rows[:-1]]]
        assert rows[-1]["pupil_up_to"] is None


def test_they_are_shown_and_used_on_no_gain(sample: Store) -> None:
    app = open_app("calculated", calculated_part="Statistics and sources")
    assert not app.exception
    shown = [frame.value for frame in app.dataframe]
    assert [len(frame) for frame in shown] == [13, 5]
    assert "EEF, About the Toolkits: attainment" in words_of(app).replace("\\", "")
    assert "provmap turns no gain of a school into its months" in words_of(app).replace("\n", " ")
    assert "its project reports use a slightly different one" in words_of(app)
