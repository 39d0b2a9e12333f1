"""Results of which each has a row, in the headings that test publishers and schools give them."""

from datetime import date
from pathlib import Path

import pytest

from provmap.imports import Preview, preview
from provmap.ui import plan_changes as changes
from provmap.ui.plan_changes import Use

LONG = "{}\nA801200001001,Maths,03/11/2025,101\nB801200001002,Reading,4/11/2025,95 (37%)\n"


def look(folder: Path, text: str) -> Preview:
    return preview(folder, [("results.csv", text.encode())], date(2026, 9, 4), sheets={})


@pytest.mark.parametrize(
    "headings",
    [
        "UPN,Subject,Date,Standardised score",
        "UPN,Subject,Test date,Standardised Score",
        "UPN,Subject,Assessment date,SS",
    ],
)
def test_each_row_is_a_result(headings: str, data: Path) -> None:
    rows = look(data, LONG.format(headings)).rows["assessments"]
    assert rows.select("subject", "scale", "assessed_on", "value").rows() == [
        ("mathematics", "standardised", date(2025, 11, 3), "101"),
        ("reading", "standardised", date(2025, 11, 4), "95"),
    ]


@pytest.mark.parametrize("heading", ["Score", "Result", "Mark"])
def test_a_scale_that_no_heading_says_is_asked(heading: str, data: Path) -> None:
    (foreign,) = look(data, LONG.format(f"UPN,Subject,Date,{heading}")).foreign
    assert list(changes.asked(foreign.plan)) == [("column", heading)]
    said = Use(changes.RESULT, {"scale": "standardised"})
    assert list(changes.asked(changes.become(foreign.plan, heading, said))) == []


def test_without_a_subject_it_is_asked(data: Path) -> None:
    (foreign,) = look(data, "UPN,Standardised score\nA801200001001,101\n").foreign
    assert "Which subject are the results of the column Standardised score?" in foreign.questions
