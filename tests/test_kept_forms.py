"""Every form that asks for words keeps them: over a reload, in a second window, after the server has ended.

A new session that has the same name is all three to the app: nothing but the drafts is left of the first.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap import drafts
from provmap.drafts import Writer
from provmap.store import Edit, open_store, rows_to_edit, save
from provmap.ui import comparing, entering, entering_lists
from tests.test_pages import words_of
from tests.tiny import DAY, PUPIL, TALK, day, tiny_school
from tests.typed import form_in

ME = Writer("before the reload", "", "Ms Oak")
NEED = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("01-05"), "barrier": "New words"}
FIGURE = {"measure": "attendance_share", "academic_year": "2024/25", "source": "national", "value": "0.94"}
TARGET = {"pupil_id": "1", "subject": "reading", "target": "100", "set_on": day("01-05"), "scale": "marks"}
VOICE = {"school_id": "school", "pupil_id": "1", "voice": "pupil", "heard_on": DAY, "stage": "review",
         "words": "I read"}  # fmt: skip

PART = """
import polars as pl
import streamlit as st
from provmap.questions import ask, make_filter
from provmap.store import open_store
from provmap.ui import (barriers, changing_targets, comparing, describing_scales, entering, entering_lists,
                        hearing, meeting, setting_targets, thresholds, views)
from provmap.ui.page import Page

store = open_store()
filter = make_filter(store)
page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
"""


@dataclass(frozen=True)
class Case:
    """What shows a form, what it is kept under, and what is typed and chosen in it."""

    show: str
    record: str
    typed: dict[str, Any]
    at_first: dict[str, Any] = field(default_factory=dict)


ROW = '{"school_id":"school",%s}'
PLACED = ROW % '"pupil_id":"1","provision_id":"T","start_date":"2026-01-05"'
NEEDED = ROW % '"pupil_id":"1","need_code":"SLCN","start_date":"2026-01-05"'
CASES = {
    "a target looked at": Case("changing_targets.change_target(page, page.ask('targets').row(0, named=True))",
                               "target_review/*/", {"pupil": "I read two", "result": "98"}),
    "a target corrected": Case(
        "st.session_state.setdefault('change_how', 'correct')\n"
        "changing_targets.change_target(page, page.ask('targets').row(0, named=True))",
        "target/*/", {"parent_words": "At home", "agreed_with_parent": False},
    ),
    "a target for a year": Case("st.session_state.setdefault('target_for', 'shared'); "
                                "setting_targets.set_target(page)",
                                "targets/shared/", {"words": "We read", "year_group": "5", "share": 50}),
    "a threshold": Case("thresholds.show_thresholds(page)", "threshold/review_after/",
                        {"value": 60.0, "reason": "Governors asked"}),
    "a figure": Case("comparing.enter_comparator(page)", "comparators/new/", {"value": "61%"}),
    "provision for a pupil": Case("entering.show_placements(page)", "start/school/T/",
                                  {"who": [["school", "1"]], "intended_outcome": "Speaks up"}),
    "rows ended": Case("entering.show_placements(page)", "end/*/", {"group": "Set 2", "outcome": "met"}),
    "a row corrected": Case("entering.show_placements(page)", "placements/*/", {"note": "Quiet at first"}),
    "a new provision": Case("entering_lists.show_provisions(page)", "provisions/new/",
                            {"name": "Nurture", "tier": "targeted"}),
    "a new group": Case("entering_lists.show_groups(page)", "groups/new/", {"definition": "Lost somebody"}),
    "needs for pupils": Case("entering_lists.show_needs(page)", "new/needs/",
                             {"who": [["school", "1"]], "barrier": "Noise"}),
    "a need corrected": Case("entering_lists.show_needs(page)", "needs/*/", {"barrier": "Noise"}),
    "a barrier gone": Case("barriers.close_barrier(page, page.ask('need_responses'))",
                           "barrier/school/1/SLCN/New words/", {"what": "Pictures"}),
    "what was said corrected": Case("hearing.change_voice(page, page.ask('voices_heard').row(0, named=True))",
                                    "voices/*/", {"words": "I read a lot"}),
    "who takes part": Case("meeting.prepare_new(page)", "meeting_new/", {"people": "Head, SENCO"}),
    "a view": Case("views.show_views(page, 'provision_map')", "view/provision_map/", {"name": "Mine"}),
    "a scale": Case("describing_scales.add_scale(page)", "scale/", {"values": "One\nTwo", "subject": "art"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("kept") / "data"
    place = {"pupil_id": "1", "provision_id": "T", "start_date": day("01-05")}
    tiny_school(data, pupils=[PUPIL], provisions=[TALK], placements=[place], needs=[NEED], targets=[TARGET],
                comparators=[FIGURE])  # fmt: skip
    save(open_store(data), "Head", [Edit("voices", VOICE)])
    return data


@pytest.fixture
def here(school: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The school of this module, with the first row of each list of rows selected, as a click would."""
    monkeypatch.setenv("PROVMAP_DATA", str(school))
    monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
    monkeypatch.setattr("provmap.ui.drafted.name_here", lambda: "Ms Oak")
    for module in (entering, entering_lists):
        monkeypatch.setattr(module, "choose_rows", lambda page, rows, *_: rows.head(1).to_dicts())
    monkeypatch.setattr(comparing, "choose_rows", lambda *_: [])
    return school


def opened(show: str) -> AppTest:
    app = AppTest.from_string(PART + show, default_timeout=60).run()
    assert not app.exception
    return app


def record_in(folder: Path, record: str) -> str:
    """The record with the key of the one row that it is about."""
    kind, _, rest = record.partition("*")
    if not rest:
        return record
    dataset = {"target/": "targets", "target_review/": "targets", "end/": "placements"}.get(kind, kind[:-1])
    return f"{kind}{rows_to_edit(open_store(folder), dataset)['row_key'][0]}/"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_was_typed_and_chosen_stands_there_again(here: Path, case: Case) -> None:
    record = record_in(here, case.record)
    first = opened(f"st.session_state['threshold'] = 'review_after'\n{case.show}")
    if record not in first.session_state["forms"]:
        first.selectbox(key="start_provision").set_value(("school", "T")).run()
    form = form_in(first, record)
    for name, value in case.typed.items():
        form.put(name, value)
    try:
        (draft,) = drafts.kept(here, record, ME)
        assert {name: draft.given[name] for name in case.typed} == case.typed
        again = opened(case.show)
        given = form_in(again, record).given
        assert {name: given[name] for name in case.typed} == case.typed
        assert "You began this" in words_of(again)
        # And is thrown away where somebody says so.
        next(one for one in again.button if one.label == "Throw it away").click().run()
        assert not again.exception
        assert drafts.kept(here, record, ME) == []
    finally:
        drafts.throw_away(here, drafts.kept(here, "", ME))
