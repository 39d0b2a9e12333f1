"""One pupil printed for a review: everything that matters, on few sheets, none of it cut off."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.page import Page
from provmap.ui.pupil_print import review_pdf
from tests.test_documents import text_of
from tests.test_pages import open_app
from tests.tiny import CLASS, DAY, PUPIL, TALK, day, tiny_school

LONG = PUPIL | {"surname": "Wolfeschlegelsteinhausenbergerdorff-Łuć", "forename": "Maximiliana"}
SPANS = (("2024-09-03", "2024-12-13"), ("2025-01-06", "2025-04-04"), ("2025-09-02", "2025-12-12"))


def printed(store: Store, pupil_id: str = "1") -> bytes:
    filter = make_filter(store, as_at=DAY)
    page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
    rows = ask("pupil_list", filter, store).to_dicts()
    return review_pdf(page, next(row for row in rows if row["pupil_id"] == pupil_id))


def with_everything(folder: Path) -> Store:
    """A pupil with a need, provision that ran, runs and is to come, results and attendance."""
    scored = [("2023-12-08", "WTS"), ("2024-07-05", "WTS"), ("2024-12-13", "EXS"), ("2025-03-28", "A"),
              ("2025-07-04", "EXS"), ("2025-12-12", "WTS"), ("2026-02-20", "EXS")]  # fmt: skip
    results = [{"pupil_id": "1", "subject": subject, "scale": scale, "assessed_on": day(on), "value": value}
               for on, value in scored for subject in ("reading", "writing", "mathematics")
               for scale in ("teacher judgement",)]  # fmt: skip
    had = {"pupil_id": "1", "provision_id": "T"}
    tried: list[dict[str, Any]] = [
        had | {"start_date": day(first), "end_date": day(last), "outcome": "partly met"}
        for first, last in SPANS
    ]
    tried += [had | {"start_date": day("01-05"), "expected_end_date": day("03-27")}]
    tried += [had | {"provision_id": "C", "start_date": day("04-20")}]
    return tiny_school(
        folder, pupils=[LONG], provisions=[TALK, CLASS], placements=tried, assessments=results,
        needs=[{"pupil_id": "1", "need_code": "SLCN", "start_date": day("2024-09-03")}],
        attendance=[{"pupil_id": "1", "start_date": day(first), "end_date": day(last), "possible": 130.0,
                     "attended": 117.0} for first, last in SPANS],
    )  # fmt: skip


def test_it_has_all_that_a_review_asks_for(data: Path, tmp_path: Path) -> None:
    told = " ".join(text_of(printed(with_everything(data)), tmp_path).replace("\u00a0", " ").split())
    for words in (
        "Maximiliana", "For a review, as at 3 Mar 2026", "Attendance this academic year: 90.0%",
        "(117 of 130", "Speech, language and communication needs", "What runs now", "27 Mar 2026",
        "What is to come", "20 Apr 2026", "What ran before", "12 Dec 2025", "partly met",
        "Results by term", "WTS, below", "In the provision map of key stage 2", "has it now",
    ):  # fmt: skip
        assert words in told, words
    # A missed test stands as its code in its term, and is no score.
    assert re.search(r"Reading \(teacher judgement\).* A ", told)


@pytest.mark.parametrize("who", ["everything", "nothing"])
def test_it_is_on_few_sheets_and_nothing_stands_outside_the_margins(
    data: Path, tmp_path: Path, who: str
) -> None:
    pdf = printed(with_everything(data) if who == "everything" else tiny_school(data))
    assert b"/MarkInfo" in pdf
    told = text_of(pdf, tmp_path, "-bbox")
    sheets = told.split("<page ")[1:]
    assert len(sheets) <= (3 if who == "everything" else 1)
    for sheet in sheets:
        wide = float(re.search(r'width="([\d.]+)"', sheet)[1])  # type: ignore[index]
        words = re.findall(r'<word xMin="([-\d.]+)".*? xMax="([-\d.]+)"', sheet)
        # No sheet has its foot alone.
        assert len(words) > 20
        assert all(40 < float(left) < float(right) < wide - 40 for left, right in words)


def test_pupils_of_the_sample_school_take_three_sheets_and_the_fullest_four(
    sample: Store, tmp_path: Path
) -> None:
    most = ask("pupil_list", make_filter(sample), sample).to_dicts()
    most.sort(key=lambda pupil: -len(pupil["provisions"] or []) - len(pupil["needs"] or []))
    for sheets, pupil in ((4, most[0]), (3, next(one for one in most if one["pupil_id"] == "P0103"))):
        file = tmp_path / "pupil.pdf"
        file.write_bytes(printed(sample, pupil["pupil_id"]))
        told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
        assert int(re.search(r"Pages:\s+(\d+)", told)[1]) <= sheets  # type: ignore[index]


def test_the_page_offers_it_and_its_name_says_no_pupil(data: Path) -> None:
    with_everything(data)
    app = open_app("pupil", as_at=DAY.isoformat())
    app.selectbox(key="chosen_pupil").set_value(("school", "1")).run()
    assert not app.exception
    (button,) = [one for one in app.get("download_button") if one.proto.label == "Print for a review"]
    assert "wolfe" not in str(button.proto).lower()
