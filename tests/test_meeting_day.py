"""A meeting prepared ahead: judged on its own day, and its reasons are those that hold when it is shown."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Edit, Store, forget_stores, open_store, rows_to_edit, save
from provmap.ui.meeting import Meeting
from provmap.ui.meeting_day import NO_LONGER, day_in_words, on_its_day, why
from provmap.ui.meeting_pack import Pack, pack_of
from provmap.ui.meeting_pdf import pack_pdf
from provmap.ui.meeting_since import last_time
from provmap.ui.page import Page
from tests.test_documents import text_of
from tests.test_pages import open_app
from tests.tiny import DAY, PUPIL, TALK, day, tiny_school

HELD = day("05-20")
LATER = HELD + timedelta(days=5)
OLD = "Speech: nothing recorded. Fell in reading."
OF = {"school_id": "school", "meeting_id": "m"}
ROW = {"reason": OLD, "proposed_on": DAY, "discussed_on": None}
OPEN: Meeting = {"closed_on": None}


def test_what_no_longer_holds_is_said_beside_what_does() -> None:
    assert why(OPEN, ROW, ["Fell in reading."]) == [
        "Fell in reading.",
        "Proposed on 3 Mar 2026 for what no longer holds: Speech: nothing recorded.",
    ]
    assert why(OPEN, ROW, ["Fell in reading.", "Speech: nothing recorded."]) == [
        "Fell in reading. Speech: nothing recorded."
    ]
    assert why(OPEN, ROW, [])[0] == NO_LONGER
    in_days = ROW | {"reason": "Below since 1 Feb 2026, for 30 days."}
    assert why(OPEN, in_days, ["Below since 3 May 2026, for 9 days."]) == [
        "Below since 3 May 2026, for 9 days."
    ]
    assert why(OPEN, ROW | {"reason": None}, ["Absent."]) == ["Added by hand. Absent."]


@pytest.mark.parametrize("of", ["talked about", "closed"])
def test_what_was_talked_about_or_closed_stays_as_it_was(of: str) -> None:
    meeting: Meeting = {"closed_on": HELD} if of == "closed" else OPEN
    row = ROW | ({"discussed_on": HELD} if of == "talked about" else {})
    assert why(meeting, row, ["Something else."]) == [OLD]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Prepared on 3 March for 20 May with pupils 1 and 3; 1 and 2 have a need that nothing answers."""
    folder = tmp_path_factory.mktemp("ahead")
    names = {"1": "Ash", "2": "Birch", "3": "Cole"}
    pupils = [PUPIL | {"pupil_id": n, "surname": name} for n, name in names.items()]
    needs = [{"pupil_id": n, "need_code": "SLCN", "start_date": day("2025-09-01")} for n in "12"]
    talk = {"pupil_id": "3", "provision_id": "T", "start_date": day("01-10"), "end_date": day("04-03")}
    store = tiny_school(folder, pupils=pupils, needs=needs, provisions=[TALK], placements=[talk])
    oak = {"school_id": "school", "about": "class", "about_code": "Oak"}
    action = {"action_id": "a", "what": "Read", "owner": "Ms Oak", "set_on": day("02-01"),
              "due_on": day("03-10")}  # fmt: skip
    edits = [
        Edit("meetings", oak | {"meeting_id": "m", "held_on": HELD}),
        Edit("meetings", oak | {"meeting_id": "before", "held_on": day("02-01"), "closed_on": day("02-01")}),
        Edit("actions", {"school_id": "school", "meeting_id": "before", "pupil_id": "1"} | action),
    ]
    edits += [
        Edit("discussions", OF | {"pupil_id": n, "place": place, "reason": OLD, "proposed_on": DAY})
        for place, n in enumerate("13", 1)
    ]
    save(store, "Head", edits)
    noted = {"pupil_id": "1", "teacher_note": "Mum asked about glasses."}
    in_vain = {"pupil_id": "3", "teacher_note": "Hides her sheet."}
    before = {"school_id": "school", "meeting_id": "before"}
    save(open_store(folder), "Mr Elm", [Edit("discussions", before | one) for one in (noted, in_vain)])
    (row,) = rows_to_edit(open_store(folder), "discussions", **before, pupil_id="1").to_dicts()
    said = {"note": "She reads at home.", "discussed_on": day("02-01")}
    save(open_store(folder), "Head", [Edit("discussions", said, row["row_key"], row["row_version"])])
    yield folder
    forget_stores()


def page_of(store: Store, as_at: date) -> Page:
    filter = make_filter(store, as_at=as_at)
    return Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))


def judged(folder: Path) -> tuple[Page, Meeting, Pack]:
    store = open_store(folder)
    meeting = rows_to_edit(store, "meetings", meeting_id="m").row(0, named=True)
    page = on_its_day(page_of(store, LATER), meeting)
    return page, meeting, pack_of(page, meeting)


def test_it_is_judged_on_its_own_day(school: Path) -> None:
    page, _, pack = judged(school)
    assert page.filter.as_at == HELD
    assert [(row["state"], row["days_overdue"]) for row in pack.actions.to_dicts()] == [("overdue", 71)]
    assert pack.ended["end_date"].to_list() == [day("04-03")]


def test_while_it_is_ahead_it_is_judged_today_and_says_so(school: Path) -> None:
    store = open_store(school)
    meeting: Meeting = {"held_on": max(store.today, DAY) + timedelta(days=9), "closed_on": None}
    page = on_its_day(page_of(store, DAY), meeting)
    assert page.filter.as_at == max(store.today, DAY)
    assert "it is still ahead" in day_in_words(page, meeting)


def test_the_pack_says_what_holds_now_and_what_does_not(school: Path, tmp_path: Path) -> None:
    page, meeting, pack = judged(school)
    of_ash, of_cole = (row["why"] for row in pack.on_list)
    assert "Speech" in of_ash[0] or "language" in of_ash[0].lower()
    assert of_ash[1] == f"Proposed on 3 Mar 2026 for what no longer holds: {OLD}"
    assert OLD not in of_ash[0]
    assert of_cole[-1] == f"Proposed on 3 Mar 2026 for what no longer holds: {OLD}"
    said = " ".join(text_of(pack_pdf(page, meeting, pack), tmp_path).split())
    assert "as the data stand on 20 May 2026" in said
    assert f"Proposed on 3 Mar 2026 for what no longer holds: {OLD}" in said


def test_the_note_beforehand_is_kept_for_the_next_meeting_with_who_wrote_it(school: Path) -> None:
    page, meeting, _ = judged(school)
    said = [last_time(page, meeting, {"school_id": "school", "pupil_id": one}) for one in "13"]
    assert said == [
        ["1 Feb 2026, noted beforehand by Mr Elm: Mum asked about glasses.",
         "1 Feb 2026, what was said: She reads at home."],
        ["1 Feb 2026, noted beforehand by Mr Elm: Hides her sheet. (Not talked about then.)"],
    ]  # fmt: skip


def test_no_reason_stands_twice(school: Path) -> None:
    _, _, pack = judged(school)
    for reasons in pack.pupils["reasons"].drop_nulls().to_list():
        assert len(reasons) == len(set(reasons))


@pytest.fixture
def written(school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same school once more, for a test that writes."""
    folder = shutil.copytree(school, tmp_path / "written")
    monkeypatch.setenv("PROVMAP_DATA", str(folder))
    return folder


def on_list(folder: Path) -> list[dict[str, Any]]:
    return rows_to_edit(open_store(folder), "discussions", **OF).sort("place").to_dicts()


def test_closing_keeps_the_reasons_as_they_stood_then(written: Path) -> None:
    app = open_app("meeting", meeting_part="Close", as_at=LATER.isoformat(), meeting_id="m")
    app.text_input(key="writer_close").set_value("Ms Oak")
    next(button for button in app.button if button.label == "Close the meeting").click().run()
    assert not app.exception
    page, meeting, pack = judged(written)
    assert meeting["closed_on"] == page.store.today
    assert on_list(written)[0]["reason"] != OLD
    assert [row["why"] for row in pack.on_list] == [[row["reason"]] for row in on_list(written)]


def test_proposing_again_keeps_the_list_and_adds_new_ones(written: Path) -> None:
    before = on_list(written)
    app = open_app("meeting", meeting_part="Prepare", as_at=LATER.isoformat(), meeting_id="m")
    app.text_input(key="writer_list").set_value("Ms Oak")
    app.button(key="propose_again").click().run()
    assert not app.exception
    after = on_list(written)
    assert [row["pupil_id"] for row in before] == ["1", "3"]
    assert [row["pupil_id"] for row in after] == ["1", "3", "2"]
    assert after[0]["proposed_on"] == HELD
    assert after[0]["reason"] != OLD
