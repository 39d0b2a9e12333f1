"""What was pressed wrongly is undone beside it; what is saved, to come or closed is said where one looks."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap import drafts
from provmap.questions import ask, make_filter
from provmap.store import Edit, open_store, rows_to_edit, save
from provmap.ui import drafted
from provmap.ui.meeting_all import record_of
from provmap.ui.meeting_sheets import adults_pdf, recap
from provmap.ui.page import Page
from tests.test_documents import text_of
from tests.test_meeting_page import press
from tests.test_meeting_run import BEFORE, MEETING, begin, form_of, give, run, said, saved, school
from tests.test_pages import app_at, open_app, words_of
from tests.tiny import DAY

__all__ = ["school"]
LAST = DAY + timedelta(days=2)


def opened(part: str, as_at: date = DAY) -> AppTest:
    app = app_at("meeting", meeting_part=part, as_at=as_at.isoformat(), **{"class": "Oak"})
    app.session_state["writer"] = "Ms Oak"
    app.run()
    assert not app.exception
    return app


def change(folder: Path, **now: Any) -> None:
    """Something about the meeting itself is written."""
    row = saved(folder, "meetings")
    save(open_store(folder), "Head", [Edit("meetings", now, row["row_key"], row["row_version"])])


def agree(folder: Path) -> None:
    action = {"action_id": "a", "pupil_id": "1", "what": "Ring home", "owner": "Ms Oak", "set_on": DAY}
    hoped = {"due_on": DAY, "expected": "Here by nine"}
    save(open_store(folder), "Head", [Edit("actions", MEETING | action | hoped)])


def decide(app: AppTest, folder: Path, **values: Any) -> AppTest:
    """Talk, which is in place, ends."""
    key = saved(folder, "placements")["row_key"]
    ended = {"kind": "provision ended", "placement": key, "words": "Stop Talk", "in_map": True}
    give(app, **ended | values)
    return press(app, "Save")


class TestUndone:
    @pytest.mark.parametrize("button", ["It is done", "Drop it"])
    def test_a_wrong_mark_on_an_action_is_taken_back_beside_it(self, school: Path, button: str) -> None:
        agree(school)
        # Typed in another window of the same person, and kept as it was typed.
        drafts.keep(school, record_of("a"), BEFORE, {"words": "Wrong child"}, {})
        app = opened("All meetings", date.today())
        app.selectbox(key="finish_which").set_value("a").run()
        press(app, button)
        assert drafts.kept(school, record_of("a"), BEFORE) == []
        assert (saved(school, "actions")["done_on"] or saved(school, "actions")["dropped_on"]) == date.today()
        press(app, "It waits again")
        row = saved(school, "actions")
        assert {row[name] for name in ("done_on", "outcome", "dropped_on", "why_dropped")} == {None}
        assert (row["what"], row["expected"]) == ("Ring home", "Here by nine")

    @pytest.mark.parametrize("part", ["Run", "Close"])
    def test_a_closed_meeting_is_opened_again(self, school: Path, part: str) -> None:
        change(school, closed_on=DAY)
        app = press(opened(part), "Show that meeting")
        press(app, "Open the meeting again")
        assert saved(school, "meetings")["closed_on"] is None
        assert saved(school, "meetings")["about_code"] == "Oak"

    def test_after_closing_it_says_which_was_closed_and_offers_it(self, school: Path) -> None:
        change(school, closed_on=DAY)
        app = opened("Run")
        assert "The last one, **Oak, 3 Mar 2026**, was closed on 3 Mar 2026" in words_of(app)
        press(app, "Show that meeting")
        assert "What concerns the class as a whole" in words_of(app)


class TestSeen:
    def test_one_press_goes_back_to_what_is_half_written(self, school: Path) -> None:
        begin(school, pupil="2", note="Half a note")
        app = run(0).run()
        press(app, "Go on about Robin Birch")
        assert form_of(app, "2").given["note"] == "Half a note"
        assert "**2 of 2 pupils**" in words_of(app)

    def test_what_was_saved_stands_below_the_button_and_on_the_card(self, school: Path) -> None:
        app = decide(run(), school, from_day=LAST.isoformat())
        assert ": the map and the decision." in said(app)
        assert "Saved in this meeting" in words_of(app)
        assert "- Provision ended: Talk, last day 5 Mar 2026. Stop Talk" in words_of(app).replace("\\", "")
        change(school, closed_on=DAY)
        assert "- Provision ended: Talk" in words_of(app.run()).replace("\\", "")

    def test_whom_the_meeting_counts_stands_for_whom_the_filter_counts(self, school: Path) -> None:
        app = open_app("meeting", meeting_part="Run", as_at=DAY.isoformat())
        assert "**Oak, 3 Mar 2026: 2 pupils**, whoever else the filter" in words_of(app).replace("\\", "")
        assert "2 of 2 pupils**" not in words_of(app)

    def test_a_refusal_names_what_is_needed(self, school: Path) -> None:
        app = run()
        give(app, what="Ring home", owner="Ms Oak")
        press(app, "Save")
        assert ["Say what it should bring about" in one.value for one in app.error] == [True]

    def test_a_meeting_to_come_is_named_and_what_it_decides_has_its_day(self, school: Path) -> None:
        change(school, held_on=LAST)
        app = run()
        assert form_of(app).given["from_day"] == LAST.isoformat()
        decide(app, school)
        assert saved(school, "placements")["end_date"] == LAST
        assert saved(school, "decisions")["decided_on"] == LAST
        assert saved(school, "discussions", pupil_id="1")["discussed_on"] == LAST
        change(school, closed_on=DAY)
        words = words_of(opened("All meetings")).replace("\\", "")
        assert (
            "- Oak, 5 Mar 2026: closed on 3 Mar 2026, 2 pupils on its list, 1 of them talked about, "
            "1 decision, no actions." in words
        )

    def test_who_does_it_is_offered_from_the_staff_and_earlier_actions(
        self, school: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        agree(school)
        drawn: dict[str, list[str]] = {}
        part = drafted._component

        def watched() -> Any:
            return lambda **given: (
                drawn.update({given["data"]["label"]: given["data"]["offers"]}) or part()(**given)
            )

        monkeypatch.setattr(drafted, "_component", watched)
        run()
        assert (drawn["Who (needed)"], drawn["What (needed)"]) == (["Mr Elm", "Ms Oak"], [])

    def test_adding_nobody_says_so(self, school: Path) -> None:
        app = opened("Prepare")
        # With everybody on the list there is nobody to add.
        next(one for one in app.button if str(one.key).startswith("Take off")).click().run()
        press(app, "Add to the list")
        assert any("Nobody is chosen yet" in one.value for one in app.error)


class TestPrinted:
    @pytest.fixture
    def page(self, school: Path) -> Page:
        """Talk of the first pupil, given by Mr Elm, ends after two days; the class has a goal."""
        agree(school)
        row = saved(school, "placements")
        last = {"end_date": LAST, "placement_id": "p", "staff_ids": ["s"]}
        made = {"decision_id": "d", "pupil_id": "1", "decided_on": DAY, "kind": "provision ended",
                "words": "Stop", "provision_id": "T", "placement_id": "p"}  # fmt: skip
        more = {"decision_id": "e", "decided_on": DAY, "kind": "class teaching", "words": "Read at one",
                "expected": "26 of 30"}  # fmt: skip
        save(open_store(school), "Head", [
            Edit("placements", last, row["row_key"], row["row_version"]), Edit("decisions", MEETING | made),
            Edit("decisions", MEETING | more),
        ])  # fmt: skip
        change(school, goal="All speak up")
        store = open_store(school)
        filter = make_filter(store, as_at=DAY)
        return Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))

    def test_the_recap_says_what_was_decided_of_whom_from_when_and_why(
        self, page: Page, tmp_path: Path
    ) -> None:
        meeting = rows_to_edit(page.store, "meetings").row(0, named=True)
        lists = [page.ask(name) for name in ("actions", "decisions_made", "meeting_timetable")]
        text = text_of(recap(page, meeting, *lists), tmp_path, "-layout")
        for words in ("Ash, O'Brien-Łuć", "Provision ended", "Stop", "Talk", "last day 5 Mar 2026", "Mr Elm",
                      "Class teaching", "Read at one", "26 of 30", "Here by nine",
                      "All speak up"):  # fmt: skip
            assert words in text
        assert text.count("\f") == 1

    def test_the_adults_sheet_gives_the_last_day_of_what_ends(self, page: Page, tmp_path: Path) -> None:
        pdf = adults_pdf(page, page.ask("actions"), page.ask("meeting_timetable"), page.filter.as_at)
        text = text_of(pdf, tmp_path, "-raw").replace("\u00a0", " ")
        assert "last day 5 Mar 2026" in " ".join(text.split())
