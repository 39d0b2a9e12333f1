"""What a meeting knows of a pupil in words: the same on the screen and on the pupil's printed sheet."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Edit, forget_stores, open_store, rows_to_edit, save
from provmap.ui.meeting import Meeting
from provmap.ui.meeting_card import listed_for
from provmap.ui.meeting_known import known_of
from provmap.ui.meeting_pack import pack_of
from provmap.ui.meeting_pdf import pack_pdf
from provmap.ui.page import Page
from tests.test_documents import text_of
from tests.tiny import DAY, PUPIL, TALK, tiny_school

TJ = "teacher judgement"


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


@pytest.fixture(scope="module")
def oak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, Meeting]]:
    """Ash with results, attendance, a target and voices, none of them a parent's; Birch with nothing."""
    one = {"pupil_id": "1"}
    read = one | {"subject": "reading", "scale": TJ, "source": "teacher"}
    results = [read | {"value": value, "assessed_on": day}
               for value, day in (("WTS", ago(100)), ("EXS", ago(5)))]  # fmt: skip
    voices = [
        one | {"heard_on": ago(n), "voice": "pupil", "words": f"Said {n} days ago"} for n in range(-1, 7)
    ]
    here = {"start_date": date(2026, 1, 5), "end_date": date(2026, 2, 13), "possible": 50, "attended": 45}
    target = {"subject": "reading", "scale": TJ, "target": "GDS", "set_on": ago(100), "due_on": ago(-9),
              "forecast": "EXS", "words": "I read a whole book."}  # fmt: skip
    folder = tmp_path_factory.mktemp("known")
    store = tiny_school(
        folder, pupils=[PUPIL, PUPIL | {"pupil_id": "2", "surname": "Birch"}], provisions=[TALK],
        assessments=results, voices=voices, attendance=[one | here],
        placements=[one | {"provision_id": "T", "start_date": ago(-9)}],
        targets=[one | target, one | target | {"subject": "writing", "set_on": ago(-1)}],
    )  # fmt: skip
    of = {"school_id": "school", "meeting_id": "m"}
    listed = [Edit("discussions", of | {"pupil_id": who, "place": int(who)}) for who in ("1", "2")]
    meeting = of | {"held_on": DAY, "about": "class", "about_code": "Oak"}
    save(store, "Head", [Edit("meetings", meeting), *listed])
    store = open_store(folder)
    filter = make_filter(store, as_at=DAY)
    page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
    yield page, rows_to_edit(store, "meetings").row(0, named=True)
    forget_stores()


def test_what_begins_later_stands_beside_what_is_in_place(oak: tuple[Page, Meeting], tmp_path: Path) -> None:
    page, meeting = oak
    known = known_of(page, {"school_id": "school", "pupil_id": "1"})
    assert (known["In place now"].lines, known["To come"].lines) == ([], ["Talk, from 12 Mar 2026."])
    assert known_of(page, {"school_id": "school", "pupil_id": "2"})["To come"].lines == []
    said = text_of(pack_pdf(page, meeting, pack_of(page, meeting)), tmp_path)
    assert (said.count("To come"), said.count("Talk, from 12 Mar 2026.")) == (1, 1)


def test_each_is_a_line_or_two_and_more_is_counted(oak: tuple[Page, Meeting]) -> None:
    known = known_of(oak[0], {"school_id": "school", "pupil_id": "1"})
    assert known["Latest results"].lines == [
        f"Reading ({TJ}): EXS on 26 Feb 2026, at the expected mark or above; before that WTS.",
    ]
    assert known["Attendance"].lines == ["90.0% this academic year (45 of 50 possible sessions)."]
    assert known["Targets"].lines == [
        "Reading: GDS by 12 Mar 2026, from WTS: within reach (1 step to go); the teacher expects EXS. "
        "“I read a whole book.”"
    ]
    voices = known["Voices"].lines
    assert voices[0] == "The pupil, 3 Mar 2026: Said 0 days ago"
    assert voices[-2:] == ["And 2 older, on the pupil's page.", "Parent or carer: nothing recorded."]
    assert len(voices) == 7


def test_what_is_not_recorded_is_said_so(oak: tuple[Page, Meeting]) -> None:
    known = known_of(oak[0], {"school_id": "school", "pupil_id": "2"})
    assert [said.lines for said in known.values()] == [[]] * 7
    assert all(said.empty for said in known.values())


def test_the_printed_sheet_has_attendance_voices_and_results_in_words(
    oak: tuple[Page, Meeting], tmp_path: Path
) -> None:
    page, meeting = oak
    text = " ".join(text_of(pack_pdf(page, meeting, pack_of(page, meeting)), tmp_path).split())
    text = text.replace("\u00a0", " ")
    ash, birch = text.index("1. Ash, Robin"), text.index("2. Birch, Robin")
    inorder = [
        "Needs", "In place now", "Latest results", "EXS on 26 Feb 2026", "Targets",
        "the teacher expects EXS", "Attendance", "45 of 50 possible sessions", "Voices", "Said 0 days ago",
        "Parent or carer: nothing",
    ]  # fmt: skip
    places = [text.index(words, ash) for words in inorder]
    assert places == sorted(places)
    assert places[-1] < birch
    sheet = text[birch:]
    for words in ("No live need is recorded.", "No results are recorded.", "No target is set.",
                  "Not recorded.", "Nobody has been heard yet."):  # fmt: skip
        assert words in sheet, words


@pytest.mark.parametrize(
    ("reason", "place"),
    [("Reading: below the mark in spite of Mathematics Club.", 1),
     ("Below the mark in reading (GDS).", 1), ("Often absent.", 0), ("", 0),
     ("A gap: Speech, language and communication needs.", 2)],
)  # fmt: skip
def test_what_could_be_tried_opens_on_why_the_pupil_is_listed(reason: str, place: int) -> None:
    words = ["Mathematics", "Reading", "Speech, language and communication needs"]
    assert listed_for(words, reason) == place
