"""Whom a meeting was about stays so: over the turn of the year, a change of class, and when pupils leave."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Edit, Store, open_store, rows_to_edit, save
from provmap.ui.meeting_pack import pack_of
from provmap.ui.meeting_pdf import pack_pdf
from provmap.ui.meeting_sheets import adults_pdf
from provmap.ui.page import Page
from tests.test_documents import text_of
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, answer, day, tiny_school, tiny_schools

JUNE = day("2025-06-10")
AUTUMN = day("2025-10-06")
Rows = list[dict[str, Any]]


def pupil(name: str, **more: object) -> dict[str, Any]:
    return PUPIL | {"pupil_id": name, "surname": name, **more}


def year(name: str, academic_year: str, of_class: str, **more: object) -> dict[str, Any]:
    return {"pupil_id": name, "academic_year": academic_year, "year_group": "4", "class": of_class, **more}


# 1, 2 and 4 were in Oak last year; now 1 and 2 are in Ash, Oak has 3, who was in Elm, and 4 left in July.
TURNED = {
    "pupils": [
        pupil("1", **{"class": "Ash"}), pupil("2", **{"class": "Ash"}), pupil("3", year_group="4"),
        pupil("4", year_group="6", leaving_date=day("2025-07-18")),
    ],
    "enrolments": [
        year("1", "2024/25", "Oak"), year("2", "2024/25", "Oak"), year("3", "2024/25", "Elm"),
        year("4", "2024/25", "Oak", year_group="6"),
    ],
    "memberships": [
        {"pupil_id": "1", "group_code": "pp", "start_date": day("2024-09-01"), "end_date": day("2025-07-31")},
        {"pupil_id": "3", "group_code": "pp", "start_date": day("2025-09-01")},
    ],
}  # fmt: skip
# 1 stays; 2 left the day before; 3 went over to Elm on 5 January; 4 came to Oak on that day.
MOVED = {
    "pupils": [
        pupil("1"), pupil("2", leaving_date=DAY - timedelta(days=1)), pupil("3", **{"class": "Elm"}),
        pupil("4", entry_date=day("2026-01-05")),
    ],
    "enrolments": [
        year("1", "2025/26", "Oak"), year("2", "2025/26", "Oak"), year("3", "2025/26", "Oak"),
        year("3", "2025/26", "Elm", start_date=day("2026-01-05")),
        year("4", "2025/26", "Oak", start_date=day("2026-01-05")),
    ],
}  # fmt: skip


def met(school: str, name: str, held_on: date, about: tuple[str, str | None], *edits: Edit) -> list[Edit]:
    """A meeting, with what was agreed in it: for the class as a whole unless a pupil is named."""
    of = {"school_id": school, "meeting_id": f"{school}-{name}"}
    meeting = Edit("meetings", of | {"held_on": held_on, "about": about[0], "about_code": about[1]})
    return [meeting, *(Edit(one.dataset, of | one.now) for one in edits)]


def action(name: str, set_on: date, **more: object) -> Edit:
    usual = {
        "action_id": name,
        "what": name,
        "owner": "o",
        "set_on": set_on,
        "due_on": set_on + timedelta(days=7),
    }
    return Edit("actions", usual | more)


def decision(name: str, decided_on: date, **more: object) -> Edit:
    return Edit(
        "decisions", {"decision_id": name, "decided_on": decided_on, "kind": "other", "words": name} | more
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("carried")
    made = tiny_schools(
        folder, {"turned": TURNED, "moved": MOVED, "bare": {"pupils": [pupil("1"), pupil("2")]}}
    )
    listed = [Edit("discussions", {"pupil_id": name, "place": 1, "discussed_on": AUTUMN}) for name in "123"]
    save(made, "Head", [
        *met("turned", "class", JUNE, ("class", "Oak"), action("desks", JUNE), decision("talk first", JUNE),
             action("of 4", JUNE, pupil_id="4")),
        *met("turned", "year", JUNE, ("year group", "4"), action("year 4 action", JUNE)),
        *met("turned", "group", JUNE, ("group", "pp"), action("group action", JUNE)),
        *met("moved", "class", AUTUMN, ("class", "Oak"), *listed, action("seats", AUTUMN),
             *(action(f"of {name}", AUTUMN, pupil_id=name) for name in "123"),
             *(decision(f"for {name}", AUTUMN, pupil_id=name) for name in "123")),
        *met("moved", "late", DAY, ("class", "Oak"), action("today", DAY)),
        *met("bare", "class", AUTUMN, ("class", "Oak"), action("of this year", AUTUMN)),
        *met("bare", "june", JUNE, ("class", "Oak"), action("of last year", JUNE)),
    ])  # fmt: skip
    return open_store(folder)


def actions(store: Store, school: str, **chosen: Any) -> list[str]:
    return sorted(row["action"] for row in answer(store, "actions", schools=[school], **chosen))


class TestTheTurnOfTheYear:
    """Meetings of June about Oak, Year 4 and a group; in March the children are elsewhere."""

    def test_a_new_class_is_not_greeted_with_what_was_said_of_the_old_one(self, store: Store) -> None:
        assert "desks" not in actions(store, "turned", classes=["Oak"])
        assert answer(store, "decisions_made", schools=["turned"], classes=["Oak"]) == []
        held = answer(store, "meetings_held", schools=["turned"], classes=["Oak"])
        # Of Year 4 was 3 too; Oak, whoever is in it now, was not met.
        assert [row["meeting_id"] for row in held] == ["turned-year"]

    def test_it_goes_on_with_the_children_named_with_its_year(self, store: Store) -> None:
        rows = answer(store, "actions", schools=["turned"], classes=["Ash"])
        named = {row["action"]: row["for_whom"] for row in rows}
        assert named["desks"] == "Oak, 2024/25"
        assert named["year 4 action"] == "Year 4, 2024/25"
        (row,) = answer(store, "decisions_made", schools=["turned"], classes=["Ash"])
        assert (row["decision"], row["for_whom"]) == ("talk first", "Oak, 2024/25")

    def test_a_group_is_who_was_in_it_on_the_day(self, store: Store) -> None:
        assert "group action" in actions(store, "turned", classes=["Ash"])
        assert "group action" not in actions(store, "turned", classes=["Oak"])

    def test_on_a_day_of_its_own_year_it_is_named_without(self, store: Store) -> None:
        rows = answer(store, "actions", as_at=day("2025-08-31"), schools=["turned"], classes=["Oak"])
        assert {row["for_whom"] for row in rows if not row["pupil_id"]} >= {"Oak", "Year 4"}
        (row,) = answer(store, "decisions_made", as_at=day("2025-09-01"), schools=["turned"], classes=["Ash"])
        assert row["for_whom"] == "Oak, 2024/25"

    def test_who_left_last_year_is_on_the_list_of_all_and_in_no_class_of_now(self, store: Store) -> None:
        (row,) = [row for row in answer(store, "actions", schools=["turned"]) if row["pupil_id"] == "4"]
        assert (row["state"], row["has_left"], row["for_whom"]) == ("overdue", True, "4, Robin (has left)")
        assert "of 4" not in actions(store, "turned", classes=["Oak"])
        assert "of 4" not in actions(store, "turned", year_groups=["6"])

    def test_where_no_class_of_last_year_is_recorded_nobody_is_taken_to_have_been_in_it(
        self, store: Store
    ) -> None:
        assert actions(store, "bare", classes=["Oak"]) == ["of this year"]


class TestWithinTheYear:
    """An autumn meeting about Oak; then 2 left, 3 went over to Elm, and 4 came."""

    def test_what_was_agreed_for_a_pupil_goes_with_the_pupil(self, store: Store) -> None:
        assert "of 3" in actions(store, "moved", classes=["Elm"])
        assert "of 3" not in actions(store, "moved", classes=["Oak"])

    def test_it_was_about_who_was_in_the_class_on_its_day(self, store: Store) -> None:
        rows = answer(store, "meetings_held", schools=["moved"], classes=["Elm"])
        assert [row["meeting_id"] for row in rows] == ["moved-class"]
        seats = [
            row for row in answer(store, "actions", schools=["moved"], classes=["Elm"]) if not row["pupil_id"]
        ]
        assert [(row["action"], row["for_whom"]) for row in seats] == [("seats", "Oak")]

    @pytest.mark.parametrize(("on", "has_left"), [(DAY - timedelta(days=1), False), (DAY, True)])
    def test_who_leaves_stays_on_the_list_and_is_marked(self, store: Store, on: date, has_left: bool) -> None:
        rows = answer(store, "actions", as_at=on, schools=["moved"], classes=["Oak"])
        (row,) = [row for row in rows if row["pupil_id"] == "2"]
        assert (row["state"], row["has_left"]) == ("overdue", has_left)
        assert row["for_whom"] == ("2, Robin (has left)" if has_left else "2, Robin")
        decided = answer(store, "decisions_made", as_at=on, schools=["moved"], classes=["Oak"])
        assert {row["decision"]: row["has_left"] for row in decided} == {"for 1": False, "for 2": has_left}

    @pytest.mark.parametrize("chosen", [{}, {"classes": ["Oak"]}, {"classes": ["Elm"]}, {"classes": ["Ash"]}])
    @pytest.mark.parametrize("school", ["moved", "turned"])
    def test_each_number_of_a_meeting_is_that_of_its_rows(
        self, store: Store, school: str, chosen: dict[str, Any]
    ) -> None:
        chosen = {"schools": [school]} | chosen
        listed = answer(store, "actions", **chosen)
        decided = answer(store, "decisions_made", **chosen)
        for row in answer(store, "meetings_held", **chosen):
            mine = [one["state"] for one in listed if one["meeting_id"] == row["meeting_id"]]
            made = [one for one in decided if one["meeting_id"] == row["meeting_id"]]
            assert (row["actions"], row["decisions"]) == (len(mine), len(made))
            states = {name: mine.count(name) for name in ("overdue", "dropped")}
            assert {name: row[name] for name in states} == states
            assert row["done"] == sum(state.startswith("done") for state in mine)
        known = {row["meeting_id"] for row in answer(store, "meetings_held", **chosen)}
        assert known >= {one["meeting_id"] for one in (*listed, *decided)}

    def test_the_action_of_one_who_left_can_be_dropped(self, tmp_path: Path) -> None:
        made = tiny_schools(tmp_path, {"moved": MOVED})
        save(made, "Head", met("moved", "m", AUTUMN, ("class", "Oak"), action("a", AUTUMN, pupil_id="2")))
        row = rows_to_edit(open_store(tmp_path), "actions").row(0, named=True)
        gone = {"dropped_on": DAY, "why_dropped": "Left"}
        save(open_store(tmp_path), "Head", [Edit("actions", gone, row["row_key"], row["row_version"])])
        after = open_store(tmp_path)
        assert [row["state"] for row in answer(after, "actions")] == ["dropped"]
        (held,) = answer(after, "meetings_held")
        assert (held["actions"], held["overdue"], held["dropped"]) == (1, 0, 1)


def test_narrowing_whom_is_counted_never_lists_more(store: Store) -> None:
    for school in ("turned", "moved"):
        everything = ask("actions", make_filter(store, as_at=DAY, schools=[school]), store)
        for name in ("Oak", "Elm", "Ash"):
            some = ask("actions", make_filter(store, as_at=DAY, schools=[school], classes=[name]), store)
            assert set(some["action_id"]) <= set(everything["action_id"])


@pytest.fixture
def moved(data: Path) -> Path:
    """Pupil 3 went over to Elm and is on the list of Oak's next meeting; one of last June was about Oak."""
    rows = MOVED | {"enrolments": [*MOVED["enrolments"], year("1", "2024/25", "Oak")]}
    made = tiny_school(data, **rows)
    on_list = Edit("discussions", {"pupil_id": "3", "place": 1})
    save(made, "Head", [
        *met("school", "june", JUNE, ("class", "Oak"), action("desks", JUNE), decision("talk first", JUNE)),
        *met("school", "class", AUTUMN, ("class", "Oak"),
             *(action(f"of {name}", AUTUMN, pupil_id=name) for name in "123")),
        *met("school", "next", DAY, ("class", "Oak"), on_list),
    ])  # fmt: skip
    return data


def test_the_card_of_one_who_changed_class_has_what_was_agreed_there(moved: Path) -> None:
    app = open_app("meeting", meeting_part="Run", as_at=DAY.isoformat())
    said = words_of(app).replace("\\", "")
    assert "Oak, 2024/25: desks" in said
    # A decision for the class of last school year stands under All meetings.
    assert "talk first" not in said
    next(button for button in app.button if button.label == "Next").click().run()
    assert not app.exception
    assert "of 3 (o, by 13 Oct 2025): overdue." in words_of(app).replace("\\", "")


def test_the_pack_has_it_too_and_marks_who_has_left(moved: Path, tmp_path: Path) -> None:
    store = open_store(moved)
    filter = make_filter(store, as_at=DAY)
    page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
    meeting = rows_to_edit(store, "meetings", meeting_id="school-next").row(0, named=True)
    text = text_of(pack_pdf(page, meeting, pack_of(page, meeting)), tmp_path)
    words = " ".join(text.replace("\u00a0", " ").split())
    assert "1. 3, Robin (Year 4, Elm)" in words
    assert "Overdue, 141 days: of 3 (o, by 13 Oct 2025)." in words
    assert "2, Robin (Year 4, Oak) (has left)" in words
    assert "Left out as older: 1 decision for the class. They stand under All meetings." in words
    assert "talk first" not in words


def test_the_lists_of_all_meetings_mark_who_has_left(moved: Path) -> None:
    app = open_app("meeting", meeting_part="All meetings", as_at=DAY.isoformat())
    assert not app.exception
    assert (
        "2, Robin (Year 4, Oak) (has left): of 2 (o, by 13 Oct 2025)"
        in app.selectbox(key="finish_which").options
    )
    listed = next(one.value for one in app.dataframe if {"action", "for_whom"} <= set(one.value.columns))
    assert set(listed["for_whom"]) == {"Oak, 2024/25", "1, Robin", "2, Robin (has left)", "3, Robin"}


def test_what_is_taken_away_marks_who_has_left(moved: Path, tmp_path: Path) -> None:
    store = open_store(moved)
    filter = make_filter(store, as_at=DAY)
    page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
    text = text_of(
        adults_pdf(page, page.ask("actions"), page.ask("meeting_timetable"), page.filter.as_at), tmp_path
    )
    words = " ".join(text.replace("\u00a0", " ").split())
    assert "2, Robin (Year 4, Oak) (has left)" in words
    assert "Oak, 2024/25" in words
