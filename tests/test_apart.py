"""No chooser has two equal labels: Streamlit knows options by their labels, and takes the last of equals."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.questions import make_filter
from provmap.store import Edit, open_store, rows_to_edit, save
from provmap.ui.apart import told_apart
from provmap.ui.meeting_sheets import adults_pdf
from provmap.ui.page import Page
from tests.test_documents import text_of
from tests.test_meeting_page import came_of_it
from tests.test_pages import PAGES, open_app, words_of
from tests.tiny import DAY, PUPIL, TALK, day, tiny_school
from tests.typed import type_in

EARLY = DAY - timedelta(days=90)
OF = {"school_id": "a", "meeting_id": "m1"}
STARTED = {"decided_on": DAY, "kind": "provision started", "words": "Talk", "provision_id": "T"}
# The parts of pages that have choosers of their own.
PARTS = [
    ("reviews", {"reviews_part": "Changes to check"}),
    ("reviews", {"reviews_part": "Offered for stopping"}),
    ("provision_map", {"by": "named"}),
    ("scales", {"scales_part": "Expected marks"}),
    ("scales", {"scales_part": "Add a scale or marks"}),
    ("targets", {"target_for": "shared"}),
    ("meeting", {"meeting_part": "Run"}),
    ("meeting", {"meeting_part": "Close"}),
    ("meeting", {"meeting_part": "All meetings"}),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that can be called the same is: three Robin Ashes of Year 5, Oak, two in one school, and so on."""
    folder = tmp_path_factory.mktemp("namesakes") / "data"
    pupils = [("a", "1"), ("a", "2"), ("b", "1")]
    of = [{"school_id": school, "pupil_id": pupil} for school, pupil in pupils]
    born = [day("2016-01-02"), day("2016-05-03"), None]
    told = {"subject": "reading", "scale": "standardised", "source": "test"}
    tiny_school(
        folder,
        schools=[{"school_id": one, "name": f"School {one}"} for one in "ab"],
        pupils=[PUPIL | one | {"date_of_birth": when, "class": "Oak", "sen_status": "K"}
                for one, when in zip(of, born, strict=True)],
        provisions=[TALK | {"school_id": one, "provision_id": code} for one, code in ("aT", "aU", "bT")],
        staff=[{"school_id": one, "staff_id": code, "name": "Mr Elm"} for one, code in ("as", "at", "bs")],
        groups=[{"school_id": one, "group_code": code, "name": "New"} for one, code in ("ag", "ah", "bk")],
        needs=[one | {"need_code": "SLCN", "start_date": EARLY, "barrier": "Noise"} for one in of],
        placements=[one | {"provision_id": "T", "start_date": EARLY, "expected_end_date": DAY,
                           "placement_id": f"p{n}"} for n, one in enumerate([*of, of[0]])],
        assessments=[one | told | {"value": "90", "assessed_on": when} for one in of
                     for when in (day("2025-11-01"), day("2026-02-01"))],
        reviews=[one | {"provision_id": "T", "reviewed_on": EARLY, "decision": "adapt", "adaptation": "Less"}
                 for one in of],
    )  # fmt: skip
    edits = []
    for school, meeting in ("a1", "a2", "b3"):
        held = {"school_id": school, "meeting_id": f"m{meeting}"}
        edits.append(Edit("meetings", held | {"held_on": DAY, "about": "class", "about_code": "Oak"}))
        edits += [Edit("discussions", held | {"pupil_id": pupil, "place": place})
                  for place, (whose, pupil) in enumerate(pupils) if whose == school]  # fmt: skip
        edits.append(Edit("actions", action(held, f"c{meeting}", None, f"Of {school}")))
    edits += [Edit("actions", action(OF | one, f"x{n}", one["pupil_id"])) for n, one in enumerate(of)]
    edits += [Edit("decisions", OF | one | STARTED | {"decision_id": f"d{n}", "placement_id": f"p{n}"})
              for n, one in enumerate(of[:2])]  # fmt: skip
    save(open_store(folder), "Head", edits)
    return folder


def action(of: dict[str, Any], identity: str, pupil: str | None, what: str = "Read daily") -> dict[str, Any]:
    due = {"set_on": DAY, "due_on": DAY + timedelta(days=42)}
    return of | due | {"action_id": identity, "pupil_id": pupil, "what": what, "owner": "Ms Oak"}


@pytest.fixture
def school(made: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
    return shutil.copytree(made, data)


@pytest.fixture
def looked_at(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The school itself, for tests that only look: opened once, with the answers that are kept."""
    monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
    monkeypatch.setenv("PROVMAP_DATA", str(made))
    return made


def equal_labels(app: AppTest) -> dict[str, list[str]]:
    """Every chooser with labels that stand in it twice."""
    choosers = [*app.selectbox, *app.multiselect, *app.radio]
    return {
        one.label: twice
        for one in choosers
        if (twice := sorted({label for label in one.options if one.options.count(label) > 1}))
    }


@pytest.mark.parametrize(("page", "address"), [*((page, {}) for page in PAGES), *PARTS], ids=str)
def test_no_chooser_has_two_equal_labels(looked_at: Path, page: str, address: dict[str, str]) -> None:
    app = open_app(page, as_at=DAY.isoformat(), **address)
    assert not app.exception
    assert equal_labels(app) == {}


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def opened(page: str, **address: str) -> AppTest:
    app = open_app(page, as_at=DAY.isoformat(), **address)
    app.session_state["writer"] = "Ms Oak"
    return app


@pytest.mark.parametrize(("labels", "more", "told"), [
    ({1: "A", 2: "B"}, [str], ["A", "B"]),
    ({1: "A", 2: "A", 3: "B"}, [lambda one: "same", str], ["A, 1", "A, 2", "B"]),
    ({1: "A", 2: "A"}, [lambda one: None if one == 1 else "born"], ["A", "A, born"]),
    ({1: "A", 2: "A", 3: "A"}, [lambda one: str(one > 1), str], ["A, False", "A, True, 2", "A, True, 3"]),
    ({1: "A", 2: "A"}, [], ["A (1)", "A (2)"]),
    ({1: "A", 2: "A", 3: "A (1)"}, [], ["A (1) (1)", "A (2)", "A (1) (2)"]),
])  # fmt: skip
def test_labels_are_told_apart(labels: dict[int, str], more: list[Any], told: list[str]) -> None:
    assert list(told_apart(labels, *more).values()) == told


def test_what_is_heard_of_one_of_two_namesakes_is_written_of_that_one(school: Path) -> None:
    app = opened("voices", school="School a")
    chooser = next(one for one in app.selectbox if one.label == "Pupil (needed)")
    assert chooser.options == ["Ash, Robin (Year 5, Oak), born 2 Jan 2016",
                               "Ash, Robin (Year 5, Oak), born 3 May 2016"]  # fmt: skip
    assert chooser.set_value(("a", "1")).run().session_state[chooser.key] == ("a", "1")


def test_pupils_without_a_date_of_birth_are_told_apart_by_number(data: Path) -> None:
    tiny_school(data, pupils=[PUPIL, PUPIL | {"pupil_id": "2"}])
    app = opened("pupil")
    assert app.selectbox(key="chosen_pupil").options == [
        f"Ash, Robin (Year 5, Oak), pupil number {number}" for number in (1, 2)
    ]


@pytest.mark.parametrize("chosen", ["x0", "x1"])
def test_the_action_that_is_chosen_is_the_one_that_is_done(school: Path, chosen: str) -> None:
    app = opened("meeting", meeting_part="All meetings")
    app.selectbox(key="finish_which").set_value(chosen).run()
    came_of_it(app, chosen, "Every day")
    press(app, "It is done")
    done = rows_to_edit(open_store(school), "actions").drop_nulls("done_on")
    assert done["action_id"].to_list() == [chosen]


def test_an_action_is_called_by_pupil_and_day(school: Path) -> None:
    options = opened("meeting", meeting_part="All meetings").selectbox(key="finish_which").options
    assert "Oak as a whole: Of b (Ms Oak, by 14 Apr 2026)" in options
    assert any(one.startswith("Ash, Robin (Year 5, Oak): Read daily (Ms Oak, by 14 Apr 2026)")
               for one in options)  # fmt: skip


@pytest.mark.parametrize("chosen", ["m1", "m2"])
def test_each_of_two_meetings_of_one_class_on_one_day_can_be_opened(school: Path, chosen: str) -> None:
    app = opened("meeting", school="School a")
    app.selectbox(key="meeting").set_value(chosen).run()
    assert app.selectbox(key="meeting").value == chosen


def test_a_meeting_that_is_there_is_offered_when_it_is_prepared_again(school: Path) -> None:
    app = opened("meeting", school="School b")
    app.selectbox(key="meeting").set_value(None).run()
    app.selectbox(key="meeting_about").set_value(("class", "Oak"))
    press(app, "Prepare the meeting")
    assert app.warning[0].value.replace("\\", "") == "One is there already: Oak, 3 Mar 2026."
    assert rows_to_edit(open_store(school), "meetings").height == 3
    assert press(app, "Open it").selectbox(key="meeting").value == "m3"
    app.selectbox(key="meeting").set_value(None).run()
    app.selectbox(key="meeting_about").set_value(("class", "Oak"))
    type_in(app, "meeting_new/", people="Head")
    press(press(app, "Prepare the meeting"), "Prepare another")
    held = rows_to_edit(open_store(school), "meetings", school_id="b")
    assert sorted(held["people"].to_list(), key=str) == ["Head", None]
    assert len(set(app.selectbox(key="meeting").options)) == 2


def test_the_class_screen_has_what_its_own_school_agreed(school: Path) -> None:
    app = opened("meeting", meeting_part="Run")
    for chosen, own, other in (("m1", "Of a", "Of b"), ("m3", "Of b", "Of a")):
        said = words_of(app.selectbox(key="meeting").set_value(chosen).run())
        assert (own in said, other in said) == (True, False)


def test_a_class_that_is_called_as_a_year_is_told_apart(data: Path) -> None:
    tiny_school(data, pupils=[PUPIL | {"class": "Year 5"}])
    options = opened("meeting").selectbox(key="meeting_about").options
    assert {"Year 5, the class", "Year 5, the year group"} <= set(options)


def test_two_pupils_of_one_name_are_two_on_the_adults_sheet(school: Path, tmp_path: Path) -> None:
    store = open_store(school)
    page = Page(store, make_filter(store, as_at=DAY), {})
    pdf = adults_pdf(page, page.ask("actions").clear(), page.ask("meeting_timetable"), page.filter.as_at)
    said = " ".join(text_of(pdf, tmp_path).split())
    assert said.count("Robin Ash") == 2
    assert ("born 2 Jan 2016" in said, "born 3 May 2016" in said) == (True, True)


def test_on_the_sheet_an_action_says_which_of_two_namesakes_it_is_for(school: Path, tmp_path: Path) -> None:
    store = open_store(school)
    page = Page(store, make_filter(store, as_at=DAY), {})
    pdf = adults_pdf(
        page,
        page.ask("actions").filter(action_id="x0"),
        page.ask("meeting_timetable").clear(),
        page.filter.as_at,
    )
    assert "born 2 Jan 2016" in " ".join(text_of(pdf, tmp_path).split())
