"""The sheet for a family: about one child, in short words, what is private kept off, and right on paper."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.documents.sheet import SIZES, Item, Part, Sheet, print_sheet
from provmap.family_sheet import ATTENDANCE, FEELINGS, facts, sheet_of, titles
from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.words import sheet as words
from tests.test_documents import text_of
from tests.test_pages import ROOT, open_app, words_of
from tests.tiny import CLASS, DAY, PUPIL, TALK, answer, tiny_school

IN_ORDER = ["What we do", "Why we do it", "How it is going", "How you can help", "What you said", "Your turn"]
ARABIC = "مريم"


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def made(
    store: Store, pupil_id: str = "1", also: tuple[str, ...] = (), left_off: tuple[str, ...] = ()
) -> str:
    """All the words of a pupil's sheet."""
    return told(sheet(store, pupil_id, also, left_off))


def sheet(store: Store, pupil_id: str, also: tuple[str, ...] = (), left_off: tuple[str, ...] = ()) -> Sheet:
    filter = make_filter(store, as_at=DAY)
    row = ask("pupil_list", filter, store).filter(pupil_id=pupil_id).row(0, named=True)
    known = facts(row, filter.as_at, store, also)
    return sheet_of(known, "Elm Primary. Year 5. 3 Mar 2026", "Elm Primary", left_off)


def told(one: Sheet) -> str:
    lines = [one.title, one.subtitle]
    for part in one.parts:
        items = [line for item in (*part.quotes, *part.items) for line in (item.title, *item.words)]
        lines += [part.heading, *part.lead, *items, *part.points, *part.last]
    return "\n".join(lines)


# --- reading age


def syllables(word: str) -> int:
    """Runs of vowels, without a silent e at the end."""
    bare = re.sub(r"(?<=[^aeiouyl])e$|(?<=[aeiouy])e?d$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade level: school years needed; five more is about an age."""
    sentences = [one for one in re.split(r"[.!?:]+", text) if one.strip()]
    said = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(said) / len(sentences) + 11.8 * sum(map(syllables, said)) / len(said) - 15.59


def test_the_grade_is_that_of_known_sentences() -> None:
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    assert grade("Multisyllabic terminology considerably complicates comprehension.") > 20


def test_our_own_sentences_can_be_read_at_seven_or_eight() -> None:
    said = [re.sub(r"\{\w+\}", "Sam", one) for one in words.sentences()]
    assert len(said) > 70
    assert grade(" ".join(said)) < 2.5
    for one in said:
        for part in re.split(r"[.!?:]+", one):
            assert len(part.split()) <= 15, one
    staffroom = "intervention provision cohort attainment diagnos disorder deficit below behind lazy"
    assert not [one for one in staffroom.split() if one in " ".join(said).lower()]


def test_a_whole_sheet_of_the_sample_is_plain_too(sample: Store) -> None:
    assert grade(made(sample, "P0001")) < 5


# --- what stands on it


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Robin has Talk and a change in class, a nurture group for feelings, and another child beside."""
    pupils = [PUPIL | {"looked_after": True, "pupil_premium": True, "sen_status": "K"},
              PUPIL | {"pupil_id": "2", "surname": "Birch", "forename": "Zebedee"}]  # fmt: skip
    nurture = TALK | {"provision_id": "N", "name": "Nest", "need_codes": ["SEMH"], "purpose": "therapy"}
    club = TALK | {"provision_id": "W", "name": "Sunshine Club", "need_codes": None, "purpose": "welfare"}
    talk = TALK | {
        "delivery": "group", "minutes_per_session": 20.0, "sessions_per_week": 3.0, "resource_cost": 777.0,
        "intended_outcome": "Speaks in sentences", "lead": "L1",
    }  # fmt: skip
    time = {"pupil_id": "1", "provision_id": "T", "start_date": ago(60), "staff_ids": ["s1"],
            "note": "SECRETNOTE"}  # fmt: skip
    voices = [
        ("pupil", "I like *Talk*", "T", 9), ("parent", "Sleeps better", None, 9),
        ("teacher", "TEACHERSAID", "T", 9), ("observation", "SEEN", "T", 9),
        ("pupil", "I cried", "N", 9), ("pupil", "LASTYEAR", "T", 300),
    ]  # fmt: skip
    return tiny_school(
        tmp_path_factory.mktemp("sheet"), pupils=pupils,
        provisions=[talk, CLASS, nurture, club, TALK | {"provision_id": "S", "name": "Soon"}],
        staff=[{"staff_id": "s1", "name": "Ms Łuć", "hourly_cost": 13.37}],
        placements=[
            time, {"pupil_id": "1", "provision_id": "C", "start_date": ago(30)},
            {"pupil_id": "1", "provision_id": "N", "start_date": ago(30)},
            {"pupil_id": "1", "provision_id": "W", "start_date": ago(30)},
            {"pupil_id": "1", "provision_id": "S", "start_date": ago(-7)},
            {"pupil_id": "2", "provision_id": "T", "start_date": ago(60)},
        ],
        needs=[
            {"pupil_id": "1", "need_code": "SLCN", "start_date": ago(60), "barrier": "BARRIER",
             "source": "SOURCE"},
            {"pupil_id": "1", "need_code": "SEMH", "start_date": ago(60)},
            {"pupil_id": "1", "need_code": "ASD", "start_date": ago(60), "end_date": ago(1)},
        ],
        voices=[{"pupil_id": "1", "voice": voice, "words": said, "provision_id": about, "heard_on": ago(days)}
                for voice, said, about, days in voices],
        targets=[{"pupil_id": "1", "subject": "reading", "target": "100", "scale": "standardised",
                  "set_on": ago(60), "words": "I want to read a book",
                  "parent_words": "We read at bedtime"},
                 {"pupil_id": "1", "subject": "behaviour", "target": "5", "set_on": ago(60),
                  "words": "I want to stay calm"}],
        behaviour=[{"pupil_id": "1", "happened_on": ago(5), "kind": "negative", "category": "FIGHT"}],
        attendance=[{"pupil_id": "1", "start_date": ago(90), "end_date": ago(10), "possible": 100.0,
                     "attended": 91.0}],
    )  # fmt: skip


def test_it_says_what_is_done_why_and_what_was_said(store: Store) -> None:
    said = made(store)
    assert "Talk\nIn a small group.\nAbout 60 minutes a week.\nWith Ms Łuć.\nWe hope for this:\n" in said
    assert "Speaks in sentences." in said
    assert "Clear words\nIn class: we have changed the way we teach it." in said
    assert "Soon\nIt will start on 10 Mar 2026." in said
    assert "At the moment we help Robin with:\ntalking and listening" in said
    assert "Talk with Robin about the day. Wait for the reply." in said
    assert "Robin said (22 Feb 2026):\nI like *Talk*" in said
    assert "You said at home (22 Feb 2026):\nSleeps better" in said
    assert "You said at home (2 Jan 2026):\nWe read at bedtime" in said
    assert "Your goal in reading. We will look at it soon.\nI want to read a book" in said


def test_nothing_of_others_of_cost_or_of_staff_alone_stands_on_it(store: Store) -> None:
    said = made(store, also=(FEELINGS, ATTENDANCE))
    for private in (
        "Zebedee",
        "Birch",
        "777",
        "13.37",
        "£",
        "SECRETNOTE",
        "BARRIER",
        "SOURCE",
        "TEACHERSAID",
        "SEEN",
        "LASTYEAR",
        "FIGHT",
        "premium",
        "looked",
        "SLCN",
        "autis",
        "next, and being",
    ):
        assert private.lower() not in said.lower(), private


def test_feelings_and_attendance_stay_off_unless_they_are_asked_for(store: Store) -> None:
    private = ("Nest", "Sunshine Club", "feelings and friends", "I cried", "stay calm", "half days")
    plain = made(store)
    assert not [one for one in private if one in plain]
    asked = made(store, also=(FEELINGS, ATTENDANCE))
    assert [one for one in private if one in asked] == list(private)
    assert "Robin was in school for 91 of 100 half days this year." in asked
    assert "half days" not in made(store, also=(FEELINGS,))


def test_staff_can_leave_anything_off(store: Store) -> None:
    filter = make_filter(store, as_at=DAY)
    row = ask("pupil_list", filter, store).filter(pupil_id="1").row(0, named=True)
    known = facts(row, filter.as_at, store)
    assert known.kept_off == 3
    offered = titles(known)
    assert {"Talk", "Clear words", "Soon", "talking and listening", "Reading", "Sleeps better"} <= set(
        offered
    )
    said = made(store, left_off=tuple(offered))
    assert not [one for one in ("60 minutes", "10 Mar 2026", "talking", "book", "Sleeps") if one in said]


def test_a_child_with_nothing_recorded_has_a_sheet_all_the_same(store: Store, one_pupil: Store) -> None:
    (pupil,) = ask("pupil_list", make_filter(one_pupil), one_pupil).to_dicts()
    said = made(one_pupil, pupil["pupil_id"])
    for line in (words.NO_NEWS, words.NOT_SAID, words.YOURS):
        assert line in said
    assert "Nothing more is planned just now." in said
    assert "Zebedee has what all the class has." in made(store, "2")


def test_no_other_pupil_of_the_sample_is_named(sample: Store) -> None:
    pupils = ask("pupil_list", make_filter(sample), sample).to_dicts()
    adults = " ".join(ask("provision_list", make_filter(sample), sample)["staff"].explode().drop_nulls())
    for one in ("P0001", "P0002", "P0016"):
        said = made(sample, one)
        others = {row["surname"] for row in pupils if row["pupil_id"] != one and row["surname"] not in adults}
        assert not [name for name in others if re.search(rf"\b{re.escape(name)}\b", said)]


# --- how it is going


def scored(pupil: str, scale: str, *scores: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"pupil_id": pupil, "subject": "reading", "scale": scale, "value": value, "source": "test",
             "assessed_on": ago(days)} for value, days in scores]  # fmt: skip


CASES = {
    "up": (scored("up", "standardised", ("90", 150), ("91", 9)), "up"),
    "same": (scored("same", "standardised", ("90", 150), ("90", 9)), "same"),
    "down": (scored("down", "standardised", ("90", 150), ("89", 9)), "down"),
    "lower is better": (scored("lower is better", "SDQ total", ("20", 150), ("15", 9)), "up"),
    "of one term": (scored("of one term", "standardised", ("80", 20), ("90", 9)), "first"),
    "366 days before": (scored("366 days before", "standardised", ("80", 369), ("90", 3)), "up"),
    "367 days before": (scored("367 days before", "standardised", ("80", 370), ("90", 3)), "first"),
    "two scales": (scored("two scales", "standardised", ("80", 150)) + scored("two scales", "age", ("96", 9)),
                   "first"),
    "366 days ago": (scored("366 days ago", "standardised", ("80", 366)), "first"),
    "367 days ago": (scored("367 days ago", "standardised", ("80", 367)), None),
    "tomorrow": (scored("tomorrow", "standardised", ("80", -1)), None),
}  # fmt: skip


def test_each_way_it_can_go_by_hand(tmp_path: Path) -> None:
    store = tiny_school(
        tmp_path, pupils=[PUPIL | {"pupil_id": name} for name in CASES],
        assessments=[row for rows, _ in CASES.values() for row in rows],
    )  # fmt: skip
    school = answer(store, "pupil_list")[0]["school_id"]
    filter, found = make_filter(store, as_at=DAY), {}
    for name in CASES:
        rows = ask("family_progress", filter, store, school_id=school, pupil_id=name).to_dicts()
        found[name] = rows[0]["moved"] if rows else None
    assert found == {name: moved for name, (_, moved) in CASES.items()}


# --- on paper


@pytest.mark.parametrize("size", SIZES.values())
def test_it_is_tagged_in_reading_order_with_every_name_right_and_nothing_cut(
    size: int, tmp_path: Path
) -> None:
    name, long = "Zuzanna O'Brien-Łuć", "Q" * 200
    quote = Item(f"{name} said:", [f"{ARABIC} and #panic[x] $y$ \\ *raw*", long])
    parts = [Part(heading, ["First words."], ["one", "two"], quotes=[quote], last=["Last words."],
                  box_mm=75 if heading == "Your turn" else 0) for heading in IN_ORDER]  # fmt: skip
    pdf = print_sheet(Sheet(f"For {name} and family", "Elm Primary", "Elm Primary, 3 Mar 2026", parts), size)
    assert b"/StructTreeRoot" in pdf
    text = text_of(pdf, tmp_path)
    assert sorted(words.HEADINGS.values()) == sorted(IN_ORDER)
    places = [text.index(heading) for heading in IN_ORDER]
    assert places == sorted(places)
    assert text.count("O'Brien-Łuć") == 1 + len(IN_ORDER)
    assert "#panic[x] $y$ \\ *raw*" in text
    assert any("\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff" for letter in text)
    assert text.count("Q") == 200 * len(IN_ORDER)
    sheets = text.count("Elm Primary, 3 Mar 2026")
    assert f"Page {sheets} of {sheets}" in text


def test_room_to_draw_stays_on_one_sheet_with_its_words(tmp_path: Path) -> None:
    for lines in range(14, 34, 2):
        parts = [Part("What we do", ["A line."] * lines), Part("Your turn", ["Draw."], box_mm=75)]
        text = text_of(print_sheet(Sheet("For Sam", "Elm", "Foot", parts), 12), tmp_path)
        *_, last = [one for one in text.split("\f") if one]
        assert "Your turn" in last, lines
        assert "Draw." in last


def test_the_page_shows_one_child_and_offers_the_print(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVMAP_DATA", str(store.folder))
    school = answer(store, "pupil_list")[0]["school_id"]
    app = open_app("sheet", as_at=DAY.isoformat())
    app.selectbox(key="chosen_pupil").set_value((school, "1")).run()
    assert not app.exception
    said = words_of(app)
    assert "Kept off: 3 to do with feelings" in said
    assert "Zebedee" not in said
    assert "I like \\*Talk\\*" in said
    assert [button.proto.label for button in app.get("download_button")] == ["Print the sheet (PDF)"]
    app.multiselect(key="sheet_also").set_value([FEELINGS]).run()
    assert "feelings and friends" in words_of(app)
    app.multiselect(key="sheet_left_off").set_value(["feelings and friends"]).run()
    assert "- feelings and friends" not in words_of(app)
    app.multiselect(key="sheet_also").set_value([]).run()
    assert not app.exception
    app.multiselect(key="sheet_also").set_value([FEELINGS]).run()
    # What was asked for on one child's sheet is not on the next.
    for one in ("2", "1"):
        app.selectbox(key="chosen_pupil").set_value((school, one)).run()
        assert app.multiselect(key="sheet_also").value == []
    # No pupil enters the address.
    assert {name for name, given in app.query_params.items() if given not in ("", [""])} == {"as_at"}


def test_the_pupil_page_leads_to_it(sample: Store) -> None:
    app = open_app("pupil")
    pupil = ask("pupil_list", make_filter(sample), sample).row(0, named=True)
    app.selectbox(key="chosen_pupil").set_value((pupil["school_id"], pupil["pupil_id"])).run()
    assert "Sheet for the family" in [one.proto.label for one in app.get("page_link")]
    led = AppTest.from_file(str(ROOT / "provmap/ui/main.py"), default_timeout=30)
    led.session_state["pupil"] = app.session_state["pupil"]
    led.switch_page("../../pages/sheet.py")
    led.run()
    assert not led.exception
    assert f"For {pupil['forename']} and family" in [one.value for one in led.header]
