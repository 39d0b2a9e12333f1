"""The sheet for a family: about one child, in short words, what is private kept off, and right on paper."""

import re
import unicodedata
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from streamlit.testing.v1 import AppTest

from provmap.documents.sheet import SIZES, Item, Part, Sheet, print_sheet
from provmap.family_facts import ATTENDANCE, FEELINGS, HOPES, facts
from provmap.family_sheet import sheet_of, texts, titles
from provmap.other_names import other_names
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
    assert "Talk\nIn a small group.\nAbout 60 minutes a week.\nWith Ms Łuć.\nClear words\n" in said
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
    assert offered == [
        "Talk", "Clear words", "Soon", "talking and listening", "The goal in reading",
        "I want to read a book", "I like *Talk*", "Sleeps better", "We read at bedtime",
    ]  # fmt: skip
    nothing = made(store, left_off=tuple(offered))
    assert not [one for one in ("60 minutes", "10 Mar 2026", "talking", "book", "Sleeps") if one in nothing]
    assert "has what all the class has" not in nothing
    # The words alone: what they stand for stays.
    assert "Your goal: to reach 100 in reading." in made(store, left_off=("I want to read a book",))


def test_what_the_school_hopes_for_stands_on_it_only_where_it_is_asked_for(store: Store) -> None:
    assert "Speaks in sentences" not in made(store)
    said = made(store, also=(HOPES,))
    assert "With Ms Łuć.\nWe hope for this:\nSpeaks in sentences." in said
    said = made(store, also=(HOPES,), left_off=("Talk: what we hope for",))
    assert "Talk\nIn a small group." in said
    assert "hope" not in said


def test_a_child_with_nothing_recorded_has_a_sheet_all_the_same(store: Store, one_pupil: Store) -> None:
    (pupil,) = ask("pupil_list", make_filter(one_pupil), one_pupil).to_dicts()
    said = made(one_pupil, pupil["pupil_id"])
    for line in (words.NO_NEWS, words.NOT_SAID, words.YOURS):
        assert line in said
    assert "Nothing more is planned just now." in said
    assert "Robin has what all the class has." in said
    # Another has Talk, and no need that it is for: neither that we help with one, nor that nothing is done.
    said = made(store, "2")
    assert "Talk" in said
    assert "We all learn in our own way." in said
    assert "what all the class has" not in said
    assert "we help" not in said


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
    "up": (scored("up", "standardised", ("90", 150), ("97.5", 9)), "up"),
    "up by less": (scored("up by less", "standardised", ("90", 150), ("97.4", 9)), "same"),
    "down by less": (scored("down by less", "standardised", ("90", 150), ("82.6", 9)), "same"),
    "a step": (scored("a step", "teacher judgement", ("EXS", 150), ("WTS", 9)), "down"),
    "a month": (scored("a month", "age", ("90", 150), ("91", 9)), "up"),
    "no ends": (scored("no ends", "our own", ("9", 150), ("9.1", 9)), "up"),
    "same": (scored("same", "standardised", ("90", 150), ("90", 9)), "same"),
    "down": (scored("down", "standardised", ("90", 150), ("82.5", 9)), "down"),
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


STAYED = "It is not there yet. It is much the same as at the start."
FELL = "It is not there yet. It was harder this time. We will look at why."
NO_NEWS = "It is not there yet. We will look again soon."
TJ, SS = "teacher judgement", "standardised"
# A target of EXS or 100, set 60 days ago, with results before and since (value, days ago), and what is told.
GOALS: dict[str, tuple[str, list[tuple[str, int]], dict[str, Any], str]] = {
    "stayed one step below": (TJ, [("WTS", 90), ("WTS", 9)], {}, STAYED),
    "fell to one step below": (TJ, [("EXS", 90), ("WTS", 9)], {}, FELL),
    "rose to one step below": (TJ, [("PK6", 90), ("WTS", 9)], {}, "You are nearly there."),
    "no result since": (TJ, [("WTS", 60)], {}, NO_NEWS),
    "no result before": (TJ, [("WTS", 9)], {}, NO_NEWS),
    "rose from the starting point": (TJ, [("WTS", 9)], {"baseline": "pk6"}, "You are nearly there."),
    "said to have stayed": (TJ, [("WTS", 90)], {"result": "WTS"}, STAYED),
    "at it": (TJ, [("WTS", 90), ("EXS", 9)], {}, "You got there. Well done!"),
    "rose, and is past due": (TJ, [("PK6", 90), ("WTS", 9)], {"due_on": ago(1)},
                              "It has gone up. It is not there yet. Let us talk about it."),
    "fell within reach": (SS, [("99.9", 90), ("94", 9)], {}, STAYED),
    "rose within reach": (SS, [("86.5", 90), ("94", 9)], {}, "You are nearly there."),
    "rose, and is far": (SS, [("80", 90), ("90", 9)], {}, "You are on the way."),
    "fell": (SS, [("97.5", 90), ("90", 9)], {}, FELL),
}  # fmt: skip


def test_a_goal_is_told_as_its_results_since_it_was_set_say(tmp_path: Path) -> None:
    goals = [
        {"pupil_id": name, "subject": "mathematics", "scale": scale, "set_on": ago(60),
         "target": "EXS" if scale == TJ else "100"} | more
        for name, (scale, _, more, _) in GOALS.items()
    ]  # fmt: skip
    results = [row | {"subject": "mathematics"}
               for name, (scale, scores, *_) in GOALS.items()
               for row in scored(name, scale, *scores)]  # fmt: skip
    store = tiny_school(
        tmp_path, pupils=[PUPIL | {"pupil_id": name} for name in GOALS], targets=goals, assessments=results
    )
    for name, (scale, _, _, state) in GOALS.items():
        goal = "“Working at the expected standard”" if scale == TJ else "100"
        assert f"Your goal: to reach {goal} in maths. {state}" in made(store, name), name


def test_an_age_to_reach_is_told_in_years(tmp_path: Path) -> None:
    goal = {"pupil_id": "1", "subject": "reading", "scale": "age", "set_on": ago(60), "target": "98"}
    store = tiny_school(tmp_path, targets=[goal])
    assert "Your goal: to reach the age of 8 years and 2 months in reading." in made(store)


def test_what_has_ended_by_the_day_is_not_under_what_we_do(tmp_path: Path) -> None:
    # Each is a pupil: the last day of Talk.
    last = {"yesterday": ago(1), "today": DAY, "tomorrow": ago(-1), "open": None}
    store = tiny_school(
        tmp_path, pupils=[PUPIL | {"pupil_id": name} for name in last], provisions=[TALK],
        placements=[{"pupil_id": name, "provision_id": "T", "start_date": ago(60), "end_date": end,
                     "outcome": "met" if end else None} for name, end in last.items()],
        needs=[{"pupil_id": name, "need_code": "SLCN", "start_date": ago(60)} for name in last],
    )  # fmt: skip
    for name in ("tomorrow", "open"):
        said = made(store, name)
        assert "What we do\nTalk\n" in said, name
        assert "we help Robin with:\ntalking and listening" in said, name
    for name in ("yesterday", "today"):
        said = made(store, name)
        assert "What we do\nRobin joins in with the class. Nothing more is planned just now.\n" in said, name
        assert "talking and listening" not in said, name
        assert "Talk is done. It did what we had hoped." in said, name
        assert "Talk is done" not in made(store, name, left_off=("Talk (ended)",)), name


def test_a_text_that_names_another_pupil_on_roll_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kai = PUPIL | {"pupil_id": "2", "forename": "Kai", "surname": "Ward"}
    gone = PUPIL | {"pupil_id": "3", "forename": "Abel", "surname": "Left", "leaving_date": ago(9)}
    hope = "Narrow the gap. Kai W. excluded from group"
    said = {"I play with Kai's sister": ["Kai"], "Mrs Ward helps me": [], "Kaiser and Reward": [],
            "Abel helps": [], "Robin Ash said so": [], "I sit by Kai Ward": ["Kai", "Ward"],
            "i sit by kai": ["Kai"], "BY WARD": ["Ward"], "in the ward": [], "robin said": []}  # fmt: skip
    store = tiny_school(
        tmp_path, pupils=[PUPIL, kai, gone], provisions=[TALK | {"intended_outcome": hope}],
        placements=[{"pupil_id": "1", "provision_id": "T", "start_date": ago(60)}],
        targets=[{"pupil_id": "1", "subject": f"subject {number}", "target": "1", "set_on": ago(60),
                  "words": one} for number, one in enumerate(said)],
    )  # fmt: skip
    row = ask("pupil_list", make_filter(store, as_at=DAY), store).filter(pupil_id="1").row(0, named=True)
    known = facts(row, DAY, store, [HOPES])
    told_of = {text: names for text, names in said.items() if names}
    assert other_names(texts(known), row, DAY, store) == {hope: ["Kai"]} | told_of
    assert other_names(texts(known, ["Talk", *said]), row, DAY, store) == {}
    monkeypatch.setenv("PROVMAP_DATA", str(store.folder))
    app = open_app("sheet", as_at=DAY.isoformat())
    app.selectbox(key="chosen_pupil").set_value((row["school_id"], "1")).run()
    assert [one.value.split("”")[0] for one in app.warning] == ["“Kai", "“Kai", "“Kai", "“Ward"]
    app.multiselect(key="sheet_left_off").set_value(list(told_of)).run()
    assert not app.warning
    assert not app.exception


@pytest.mark.parametrize("name", ["O'Brien", "O’Brien", unicodedata.normalize("NFD", "Łuć-Noël")])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_told_whatever_its_apostrophe_and_however_its_accents_are_typed(
    tmp_path: Path, name: str, form: Literal["NFC", "NFD"]
) -> None:
    other = PUPIL | {"pupil_id": "2", "forename": "Kai", "surname": name}
    store = tiny_school(tmp_path, pupils=[PUPIL, other])
    plain, child = unicodedata.normalize(form, name), PUPIL | {"school_id": "school"}
    for typed in (plain, plain.replace("'", "’"), plain.replace("’", "'"), plain.upper()):
        assert other_names([f"I sit by {typed}."], child, DAY, store) == {f"I sit by {typed}.": [name]}
    assert other_names([f"Mr {plain} helps", f"Mc{plain}"], child, DAY, store) == {}


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


def test_a_child_selected_in_the_list_has_their_sheet_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    picked = [1]
    monkeypatch.setattr("provmap.ui.sheet.show_table", lambda *_, **__: picked.pop())
    monkeypatch.setenv("PROVMAP_DATA", str(store.folder))
    app = open_app("sheet", as_at=DAY.isoformat())
    assert not app.exception
    chosen = app.selectbox(key="chosen_pupil").value
    row = answer(store, "pupil_list")[1]
    assert chosen == (row["school_id"], row["pupil_id"])
    assert app.selectbox(key="sheet_size")


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
