"""What a meeting looks back on: since when, which actions are shown again, and what has ended."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.filters import Filter, show_date
from provmap.questions import ask, make_filter
from provmap.store import Edit, Store, forget_stores, open_store, rows_to_edit, save
from provmap.ui.meeting import Meeting, whom_it_counts
from provmap.ui.meeting_pack import Pack, class_points, pack_of
from provmap.ui.meeting_pdf import _annex, pack_pdf
from provmap.ui.meeting_since import ended_in_words, last_time, since_of
from provmap.ui.page import PAGES, Page
from provmap.ui.printing import PROVISION_LIST, list_section
from provmap.ui.tables import as_text, in_words, rounded
from tests.slow_duplications import gain_of
from tests.slow_history import fold
from tests.slow_impact import counts_as_pair, ever_in_scope, is_graded, until
from tests.slow_words import Choice, Row, School, of_pupil
from tests.test_documents import text_of
from tests.test_properties import BULK, REFERENCE, compared
from tests.test_properties import opened as drawn
from tests.tiny import DAY, PUPIL, TALK, answer, tiny_school
from tests.tiny_schools import tiny_trust

LAST = DAY - timedelta(days=60)
OF = {"school_id": "school"}
# Of each action: the day it was agreed, due, done and dropped; and whether the pack has it.
ACTIONS: dict[str, tuple[int, int, int | None, int | None, bool]] = {
    "open": (300, -9, None, None, True), "overdue for long": (600, 500, None, None, True),
    "done the day before": (300, 90, 61, None, False), "done on the day": (300, 90, 60, None, True),
    "done since": (60, 9, 8, None, True), "dropped before": (300, 90, None, 61, False),
    "dropped since": (60, 9, None, 1, True), "done long ago": (600, 500, 510, None, False),
}  # fmt: skip
# Of each time in Talk: first day, last day (days ago; None: none), and whether the pack has it as ended.
TIMES: dict[str, tuple[int, int | None, bool]] = {
    "a": (200, 61, False), "b": (200, 60, True), "c": (50, 1, True), "d": (50, 0, False),
    "e": (50, None, False), "f": (50, -1, False),
}  # fmt: skip


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def meeting(
    identity: str, held_on: date, about: str = "class", code: str | None = "Oak", **more: Any
) -> Edit:
    named = {"meeting_id": identity, "held_on": held_on, "about": about, "about_code": code}
    return Edit("meetings", OF | named | {"closed_on": held_on} | more)


def page_of(store: Store, **chosen: Any) -> Page:
    filter = make_filter(store, as_at=DAY, **chosen)
    return Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))


def opened(folder: Path, identity: str = "now") -> tuple[Page, Meeting]:
    store = open_store(folder)
    return page_of(store), rows_to_edit(store, "meetings", meeting_id=identity).row(0, named=True)


def acted(name: str) -> Edit:
    set_on, due_on, done_on, dropped_on, _ = ACTIONS[name]
    days = {"set_on": ago(set_on), "due_on": ago(due_on)}
    days |= {} if done_on is None else {"done_on": ago(done_on)}
    days |= {} if dropped_on is None else {"dropped_on": ago(dropped_on), "why_dropped": "Moved on"}
    about = {"meeting_id": "last" if set_on == 60 else "old", "pupil_id": "a", "action_id": name}
    return Edit("actions", OF | about | {"what": name, "owner": "Ms Oak"} | days)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Six pupils of Oak with what they had, and their meetings: one of last term, one long before, others."""
    folder = tmp_path_factory.mktemp("back")
    pupils = [PUPIL | {"pupil_id": one, "surname": one.upper()} for one in TIMES]
    placements = [
        {"pupil_id": one, "provision_id": "T", "start_date": ago(first),
         "end_date": None if last is None else ago(last), "measure": "reading/standardised"}
        | ({"entry_value": "90", "exit_value": "87", "outcome": "partly met", "intended_outcome": "Speaks up",
            "entry_date": ago(first), "exit_date": ago(last or 0)} if one == "b" else {})
        for one, (first, last, _) in TIMES.items()
    ]  # fmt: skip
    tiny_school(folder, pupils=pupils, provisions=[TALK], placements=placements)
    others = [
        meeting("old", ago(600)), meeting("last", LAST, note="Late starts"),
        meeting("now", DAY, closed_on=None),
        # Neither of the school as a whole, nor one that was prepared and never held, is the last one.
        meeting("all", ago(10), "school", None), meeting("idle", ago(5), closed_on=None),
    ]  # fmt: skip
    words = {"kind": "class teaching", "words": "Words on the wall"}
    decided = [
        Edit("decisions", OF | {"meeting_id": of, "decision_id": of, "decided_on": day} | words)
        for of, day in (("old", ago(600)), ("last", LAST))
    ]
    save(open_store(folder), "Head", [*others, *map(acted, ACTIONS), *decided])
    yield folder
    forget_stores()


@pytest.fixture
def pack(school: Path) -> tuple[Page, Meeting, Pack]:
    page, now = opened(school)
    return page, now, pack_of(page, now)


def test_open_actions_are_always_there_and_closed_ones_since_the_last_meeting(
    pack: tuple[Page, Meeting, Pack],
) -> None:
    assert set(pack[2].actions["action"]) == {name for name, (*_, is_there) in ACTIONS.items() if is_there}


def test_how_many_are_left_out_is_said_with_the_rule_and_where_they_are(
    pack: tuple[Page, Meeting, Pack],
) -> None:
    assert pack[2].older == (
        "What is open or overdue is always here; what was done or dropped, and what ended, since the last "
        "meeting (Oak, 2 Jan 2026); decisions for the class of this school year. Left out as older: "
        "3 actions, 1 decision for the class. They stand under All meetings."
    )  # fmt: skip
    assert len(pack[2].for_class) == 1


def test_what_has_ended_since_is_listed_and_what_still_runs_is_not(pack: tuple[Page, Meeting, Pack]) -> None:
    page, _, found = pack
    assert set(found.ended["pupil_id"]) == {one for one, (*_, is_there) in TIMES.items() if is_there}
    lines = {row["pupil_id"]: ended_in_words(page, row)[2:] for row in found.ended.to_dicts()}
    assert lines["b"] == [
        "15 Aug 2025 to 2 Jan 2026", "Speaks up",
        "Outcome: partly met. Score: reading (standardised) 90, then 87: worse by 3.",
    ]  # fmt: skip
    assert lines["c"][1:] == ["not recorded", "Outcome: not recorded. Score: not recorded."]


def test_the_pack_in_print_has_both_with_their_rules(
    pack: tuple[Page, Meeting, Pack], tmp_path: Path
) -> None:
    page, now, found = pack
    text = " ".join(text_of(pack_pdf(page, now, found), tmp_path).split()).replace("\u00a0", " ")
    for words in ("Left out as older: 3 actions", "Provision that has ended since",
                  "What ended since the last meeting", "Outcome: partly met.", "worse by 3",
                  "overdue for long"):  # fmt: skip
        assert words in text, words
    assert "done long ago" not in text


LINES = [
    "2 Jan 2026, what was said: tired", "2 Jan 2026, changed in class: sits in front",
    "2 Jan 2026, provision ended, not in the map yet, Talk: too little gain (should bring about: rest)",
    "3 Jan 2026, other: ring home",
]  # fmt: skip


def test_what_was_said_and_decided_of_a_pupil_last_time_stands_on_card_and_sheet(
    data: Path, tmp_path: Path
) -> None:
    """The last time it was talked about, in whichever meeting, and what was decided since; nothing older."""
    of = OF | {"pupil_id": "1"}

    def said(identity: str, days: int, note: str, **more: Any) -> Edit:
        words = {"meeting_id": identity, "discussed_on": ago(days), "note": note}
        return Edit("discussions", of | words | more)

    def decided(identity: str, days: int, words: str, **more: Any) -> Edit:
        row = {"decision_id": words, "meeting_id": identity, "decided_on": ago(days), "words": words}
        return Edit("decisions", of | row | {"kind": "other"} | more)

    store = tiny_school(data, pupils=[PUPIL], provisions=[TALK])
    save(store, "Ms Oak", [
        meeting("old", ago(90)), meeting("last", LAST, goal="All read by May"),
        meeting("year", ago(59), about="year group", code="5"), meeting("now", DAY, closed_on=None),
        said("old", 90, "asleep"), decided("old", 90, "bring a bed"),
        said("last", 60, "tired", changed_in_class="sits in front"),
        said("year", 59, "never shown", is_left_out=True),
        decided("last", 60, "too little gain", kind="provision ended", provision_id="T", expected="rest"),
        decided("year", 59, "ring home"),
        said("now", 0, "of today"), decided("now", 0, "decided today"),
    ])  # fmt: skip
    page, now = opened(data)
    assert last_time(page, now, of) == LINES
    assert last_time(page, now, of | {"pupil_id": "2"}) == []
    found = pack_of(page, now)
    assert class_points(found) == ["What the class was to reach (2 Jan 2026): All read by May"]
    text = " ".join(text_of(pack_pdf(page, now, found), tmp_path).split()).replace("\u00a0", " ")
    assert "Said and decided last time" in text
    assert "what was said: tired" in text
    assert "asleep" not in text
    assert "of today" not in text


def test_what_concerned_the_class_last_time_is_said_again(pack: tuple[Page, Meeting, Pack]) -> None:
    _, _, held = pack
    day = show_date(LAST)
    assert class_points(held)[0] == f"What concerned the class as a whole ({day}): Late starts"


def test_the_first_meeting_looks_back_to_the_start_of_the_school_year(school: Path) -> None:
    page, old = opened(school, "old")
    since = since_of(page, old, whom_it_counts(page, old))
    assert since.first_day == date(2023, 9, 1)
    assert since.words == "1 Sep 2023, as no earlier meeting about these pupils is recorded"


def test_an_earlier_meeting_does_not_open_with_what_later_ones_agreed(school: Path) -> None:
    page, last = opened(school, "last")
    assert "done since" not in pack_of(page, last).actions["action"]
    page, old = opened(school, "old")
    assert pack_of(page, old).actions.is_empty()


@pytest.mark.parametrize(("back", "shown"), [(0, {"c", "b", "a"}), (1, {"b", "a"}), (60, {"a"}), (61, set())])
def test_what_ends_on_the_day_itself_is_still_in_place(school: Path, back: int, shown: set[str]) -> None:
    assert {row["pupil_id"] for row in answer(open_store(school), "provision_ended", ago(back))} == shown


def test_a_score_of_tomorrow_and_one_of_words_bring_no_gain(data: Path) -> None:
    had = {
        "pupil_id": "1",
        "provision_id": "T",
        "entry_date": ago(90),
        "start_date": ago(90),
        "end_date": ago(9),
    }
    times = [
        had | {"measure": "reading/standardised", "entry_value": "90", "exit_value": "95",
               "exit_date": ago(-1)},
        had | {"pupil_id": "2", "measure": "reading/teacher judgement", "entry_value": "WTS",
               "exit_value": "EXS", "exit_date": ago(9)},
        had | {"pupil_id": "3", "measure": "wellbeing/SDQ total", "entry_value": "18",
               "exit_value": "14", "exit_date": ago(9)},
    ]  # fmt: skip
    pupils = [PUPIL | {"pupil_id": one} for one in "123"] + [
        PUPIL | {"pupil_id": "4", "leaving_date": ago(20)}
    ]
    times.append(had | {"pupil_id": "4", "end_date": None})
    store = tiny_school(data, pupils=pupils, provisions=[TALK], placements=times)
    rows = {row["pupil_id"]: row for row in ask("provision_ended", Filter(as_at=DAY), store).to_dicts()}
    assert {one: (row["exit_value"], row["gain"]) for one, row in rows.items()} == {
        "1": (None, None), "2": ("EXS", None), "3": ("14", 4), "4": (None, None)
    }  # fmt: skip
    assert (rows["4"]["has_left"], rows["4"]["end_date"]) == (True, ago(20))


def test_the_provision_list_of_the_pack_is_that_of_its_page(school: Path, tmp_path: Path) -> None:
    page, now = opened(school)
    pack = pack_of(page, now)
    of_page = page_of(page.store, classes=["Oak"])
    shown = of_page.ask("provision_list")
    assert shown.equals(ask("provision_list", pack.counted, page.store))
    assert set(shown["pupil_id"]) == {"d", "e", "f"}
    # Whatever else the side says: the meeting counts its class.
    narrower = page_of(page.store, classes=["Oak"], tiers=["specialist"])
    assert pack_of(narrower, now).counted == pack.counted
    section = _annex(page, pack, "Oak")
    cells = as_text(rounded(in_words(of_page, shown.select(PROVISION_LIST), "provision_list")))
    assert (section.heading, section.rows) == ("Provision list: Oak, 3 rows", list_section(cells).rows)
    assert "PROVISION_LIST" in (PAGES / "provision_list.py").read_text(encoding="utf-8")


ENDED = "school_id pupil_id provision_id start_date end_date outcome entry_value exit_value gain has_left"


def slowly_ended(school: School, on_date: date, choice: Choice) -> list[Row]:
    """What has ended, one time at a time."""
    rows = []
    for pupil, seen_on in ever_in_scope(school, on_date, choice):
        for had in until(school, of_pupil(school, "placements", pupil), seen_on, on_date):
            if had["end_date"] is None or had["end_date"] >= on_date:
                continue
            is_known = had.get("exit_date") is None or had["exit_date"] <= on_date
            is_pair = counts_as_pair(school, had, on_date) and not is_graded(school, had)
            gain = gain_of(school, had) if is_pair else None
            rows.append(had | {"exit_value": had.get("exit_value") if is_known else None, "gain": gain})
    return rows


@pytest.mark.parametrize("seed", range(BULK))
def test_what_has_ended_agrees_with_its_slow_version(seed: int) -> None:
    imports = tiny_trust(random.Random(seed).choice, ["100001", "100002"])
    school, found = fold(imports, REFERENCE), 0
    with drawn(imports) as store:
        for on_date in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=30)):
            for chosen in ({}, {"schools": ("100001",)}, {"groups": ("chess",)}):
                rows = ask("provision_ended", Filter(as_at=on_date, **chosen), store).to_dicts()
                found += len(rows)
                assert compared(rows, ENDED) == compared(
                    slowly_ended(school, on_date, Choice(**chosen)), ENDED
                )
    assert found
