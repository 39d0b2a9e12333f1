"""What was written, and barriers that have gone: each says whom it is about, of the schools chosen."""

from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from provmap.exports import file_of
from provmap.store import Edit, Store, entries_of, open_store, rows_to_edit, save, take_back
from provmap.ui.taken_back import taken_back
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, TALK, day, tiny_school

SCHOOLS = [{"school_id": "100001", "name": "Elm"}, {"school_id": "100002", "name": "Fir"}]
ELM, FIR = {"school_id": "100001"}, {"school_id": "100002"}
SAM = PUPIL | FIR | {"forename": "Sam", "surname": "Birch"}
HAS_IT = {"placement_id": "p9", "pupil_id": "1", "provision_id": "T", "start_date": day("01-05")}
NEED = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("2025-09-01"), "barrier": "New words"}


@pytest.fixture
def trust(data: Path) -> Path:
    """Two schools, each with a pupil 1 and a provision T."""
    tiny_school(
        data, schools=SCHOOLS, pupils=[PUPIL | ELM, SAM],
        provisions=[TALK | ELM, TALK | FIR | {"name": "Paint"}],
        placements=[HAS_IT | FIR], needs=[NEED | ELM, NEED | FIR],
    )  # fmt: skip
    return data


def edit_placement(store: Store) -> None:
    (row,) = rows_to_edit(store, "placements").to_dicts()
    edit = Edit("placements", {"note": "Quiet"}, row["row_key"], row["row_version"])
    save(store, "Ms Oak", [edit])


def about(**choices: str) -> list[str]:
    app = open_app("enter", part="What was written", as_at="2026-03-03", **choices)
    assert not app.exception
    return list(app.dataframe[0].value["About"]) if app.dataframe else []


def test_a_row_names_the_pupil_of_its_own_school(trust: Path) -> None:
    edit_placement(open_store(trust))
    assert about() == ["Sam Birch, Paint"]


def test_only_a_pupils_identifier_is_a_pupil(trust: Path) -> None:
    staff = FIR | {"staff_id": "1", "name": "Zoe"}
    save(open_store(trust), "Ms Oak", [Edit("staff", staff)])
    assert about() == ["Zoe"]


@pytest.fixture
def met(data: Path) -> Path:
    """A meeting of Oak about two pupils, a review, and provision that has begun."""
    ben = PUPIL | {"pupil_id": "2", "forename": "Ben", "surname": "Birch"}
    tiny_school(data, pupils=[PUPIL, ben], provisions=[TALK])
    school = {"school_id": "school"}
    of = school | {"meeting_id": "m3ae300ac0c83"}
    meeting = of | {"held_on": DAY, "about": "class", "about_code": "Oak"}
    first = [
        Edit("meetings", meeting),
        *(Edit("discussions", of | {"pupil_id": one, "place": 6}) for one in "12"),
    ]
    save(open_store(data), "Ms Oak", first)
    review = school | {"pupil_id": "2", "provision_id": "T", "reviewed_on": DAY, "decision": "adapt",
                       "adaptation": "Twice a week", "next_review_on": day("05-26")}  # fmt: skip
    ring = of | {"action_id": "a", "pupil_id": "2", "what": "Ring home", "owner": "Ms Oak", "set_on": DAY,
                 "due_on": day("03-10")}  # fmt: skip
    time = school | {"pupil_id": "1", "provision_id": "T", "start_date": DAY, "need_codes": ["SLCN"]}
    save(
        open_store(data), "Ms Oak", [Edit("reviews", review), Edit("actions", ring), Edit("placements", time)]
    )
    return data


def lines(app: AppTest) -> dict[str, tuple[str, str]]:
    """The kind of each line, with what it is about and what it says."""
    rows = app.dataframe[0].value
    return {
        what: (about, said)
        for what, about, said in zip(rows["What"], rows["About"], rows["Change"], strict=True)
    }


def test_lines_are_in_plain_words_and_name_no_identifier(met: Path) -> None:
    app = open_app("enter", part="What was written", as_at="2026-03-03")
    assert not app.exception
    assert lines(app) == {
        "Provision for pupils": (
            "Robin Ash, Talk, since 3 Mar 2026", "Needs: Speech, language and communication needs",
        ),
        "Actions": (
            "Ben Birch, Ring home", "What: Ring home; Who: Ms Oak; Set on: 3 Mar 2026; Due on: 10 Mar 2026",
        ),
        "Reviews of provision": (
            "Ben Birch, Talk, 3 Mar 2026",
            "Decision: Change it; What is to change: Twice a week; Next review: 26 May 2026",
        ),
        "Pupils in a meeting": ("Robin Ash, Oak, 3 Mar 2026", "Place on the list: 6"),
        "Progress meetings": ("Oak, 3 Mar 2026", "Held on: 3 Mar 2026; About: class; Which: Oak"),
    }  # fmt: skip


def test_the_lines_of_one_pupil_and_of_one_kind_are_found(met: Path) -> None:
    app = open_app("enter", part="What was written", as_at="2026-03-03")
    assert len(app.dataframe[0].value) == 6
    whose = app.selectbox(key="written_pupil")
    assert whose.options == ["Birch, Ben (Year 5, Oak)", "Ash, Robin (Year 5, Oak)"]
    whose.set_value(("school", "2")).run()
    assert sorted(lines(app)) == ["Actions", "Pupils in a meeting", "Reviews of provision"]
    app.button_group(key="written_kind").set_value(["actions"]).run()
    assert list(lines(app)) == ["Actions"]
    assert "1 line of 6" in words_of(app)


def test_what_was_written_since_a_line_was_in_sight_is_not_taken_back_unseen(
    met: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provmap.ui.written.selected", lambda *_: [0])
    app = open_app("enter", part="What was written", as_at="2026-03-03")
    edit_placement(open_store(met))
    app.text_input(key="writer_take_back").set_value("Mr Elm")

    def press() -> None:
        next(one for one in app.button if one.label.startswith("Take this back")).click().run()
        assert not app.exception

    # The newest line is another by now; the first was in sight.
    monkeypatch.setattr("provmap.ui.written.selected", lambda *_: [1])
    press()
    assert "Ms Oak changed this while you had it open" in words_of(app)
    assert rows_to_edit(open_store(met), "placements")["note"].to_list() == ["Quiet"]
    assert "1 later line about" in words_of(app.run())
    press()
    assert rows_to_edit(open_store(met), "placements").is_empty()


def test_a_decision_is_said_without_words_of_a_machine(met: Path) -> None:
    decision = {"school_id": "school", "meeting_id": "m3ae300ac0c83", "decision_id": "d", "pupil_id": "1",
                "kind": "provision changed", "words": "In a pair", "provision_id": "T",
                "decided_on": DAY}  # fmt: skip
    save(open_store(met), "Ms Oak", [Edit("decisions", decision)])
    said = lines(open_app("enter", part="What was written", as_at="2026-03-03"))["Decisions"][1]
    assert [one for one in ("Kind: ", "In words: In a pair", "Provision: Talk") if one not in said] == []
    assert [one for one in ("Finding", "number") if one in said] == []


def test_nothing_is_selected_once_a_line_is_taken_back(met: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[str] = []
    monkeypatch.setattr("provmap.ui.written.selected", lambda *_: [0])
    monkeypatch.setattr("provmap.ui.written.forget", forgotten.append)
    app = open_app("enter", part="What was written", as_at="2026-03-03")
    app.text_input(key="writer_take_back").set_value("Mr Elm").run()
    assert forgotten == []
    next(one for one in app.button if one.label.startswith("Take this back")).click().run()
    assert not app.exception
    assert forgotten == ["written"]


def test_a_line_taken_back_and_the_one_that_does_it_say_so_under_the_same_pupil_and_kind(
    met: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = {"school_id": "school", "meeting_id": "m3ae300ac0c83", "decision_id": "d", "pupil_id": "2",
                "kind": "family contact", "words": "Ring home", "decided_on": DAY}  # fmt: skip
    save(open_store(met), "Ms Oak", [Edit("decisions", decision)])
    made = entries_of(open_store(met))[-1]
    take_back(open_store(met), "Mr Elm", "decisions", made.subject, 1, before=1)
    app = open_app("enter", part="What was written", as_at="2026-03-03")
    app.selectbox(key="written_pupil").set_value(("school", "2")).run()
    app.button_group(key="written_kind").set_value(["decisions"]).run()
    rows = app.dataframe[0].value
    assert list(rows["About"]) == ["Ben Birch, family contact"] * 2
    assert rows["Change"][0].startswith("Undoes what Ms Oak wrote, ")
    assert "In words: Ring home" in rows["Change"][0]
    assert rows["Change"][1].startswith("UNDONE by Mr Elm, ")
    # The older of the two is not offered again; the newer is: then the first stands.
    monkeypatch.setattr("provmap.ui.written.selected", lambda *_: [1])
    app.run()
    assert "It is taken back already" in words_of(app)
    assert not any(one.label.startswith("Take this back") for one in app.button)
    monkeypatch.setattr("provmap.ui.written.selected", lambda *_: [0])
    app.run()
    assert any(one.label.startswith("Take this back") for one in app.button)
    assert "later line" not in words_of(app)


def test_the_lines_can_be_taken_away(met: Path) -> None:
    app = open_app("enter", part="What was written", as_at="2026-03-03")
    assert "6 rows. Take away as" in words_of(app).replace("\\", "")
    rows = pl.DataFrame({"Change": ["=1+1"]})
    assert file_of(rows, "written", [], "csv").decode("utf-8-sig") == "Change\n'=1+1\n"
    assert [
        one for one in ("csv_written", "xlsx_written") if one not in str(app.get("download_button"))
    ] == []


@pytest.mark.parametrize(
    ("writes", "by"),
    [
        ("set set", {}), ("set out", {1: 2}), ("set set back2", {2: 3}), ("set set back1", {1: 3, 2: 3}),
        ("set set back2 back3", {3: 4}), ("set set back2 back1", {1: 4, 2: 3, 3: 4}),
        ("set out again", {1: 2}), ("set out back2 out", {1: 2, 3: 4}),
    ],
)  # fmt: skip
def test_which_lines_are_taken_back(data: Path, writes: str, by: dict[int, int]) -> None:
    """By number: each line that no longer stands, and the one that took it back."""
    tiny_school(data, provisions=[TALK])
    store = open_store(data)
    key = {"name": "Mine", "page": "provision_map", "address": "x"}
    subject = ""
    for many, write in enumerate(writes.split()):
        if write.startswith("back"):
            take_back(store, "Ms Oak", "saved_views", subject, many, before=int(write[-1]))
        elif write == "out":
            save(store, "Ms Oak", [Edit("saved_views", {}, subject, many, removed=True)])
        else:
            save(store, "Ms Oak", [Edit("saved_views", key | {"for_whom": f"{write} {many}"}, subject, many)])
        subject = entries_of(store)[-1].subject
    found = taken_back(entries_of(store))
    assert {one: line.version for one, line in found.by.items()} == by


def test_only_of_the_schools_chosen(trust: Path) -> None:
    edit_placement(open_store(trust))
    assert about(school="100001") == []
    assert about(school="100002") == ["Sam Birch, Paint"]


def test_barriers_that_have_gone_are_of_the_pupils_counted_and_say_whose(trust: Path) -> None:
    gone = {"pupil_id": "1", "need_code": "SLCN", "barrier": "New words", "removed_on": DAY}
    gone |= {"removed_by": "Pictures", "is_taken_back": False}
    save(open_store(trust), "Ms Oak", [Edit("barriers_removed", FIR | gone)])
    choices = {"matrix_rows": "Barriers", "as_at": "2026-03-03"}
    assert "Sam Birch: **New words** was removed by Pictures" in words_of(open_app("responses", **choices))
    assert "Pictures" not in words_of(open_app("responses", school="100001", **choices))


def test_a_schools_provision_is_offered_for_its_own_pupils(trust: Path) -> None:
    app = open_app("enter", part="Provision for pupils", as_at="2026-03-03")
    assert app.selectbox(key="start_provision").options == ["Talk (Elm)", "Paint (Fir)"]
    app.selectbox(key="start_provision").set_value(("100001", "T")).run()
    assert not app.exception
    assert app.multiselect(key="start_pupils_start/100001/T/").options == ["Ash, Robin (Year 5, Oak)"]
    assert list(app.dataframe[0].value["provision"]) == ["Paint"]


def test_what_has_ended_this_year_can_be_corrected(data: Path) -> None:
    times = [
        HAS_IT | {"placement_id": end, "start_date": day("2025-06-01"), "end_date": day(end)}
        for end in ("2025-08-31", "2025-09-01", "03-02", "03-03")
    ]
    tiny_school(data, provisions=[TALK], placements=times)
    ends = {"In place or to come": 1, "Ended this academic year": 2, "All": 4}
    for which, many in ends.items():
        choices = {"placements_when": which, "as_at": "2026-03-03"}
        app = open_app("enter", part="Provision for pupils", **choices)
        assert not app.exception
        assert len(app.dataframe[0].value) == many, which


def test_a_saved_view_can_be_removed_and_saved_again(data: Path) -> None:
    tiny_school(data, provisions=[TALK])
    view = {"name": "Mine", "page": "provision_map", "address": "by=Class"}
    save(open_store(data), "Ms Oak", [Edit("saved_views", view)])
    app = open_app("provision_map", as_at="2026-03-03")
    app.selectbox(key="remove_view").set_value("Mine")
    app.text_input(key="writer_remove_view").set_value("Ms Oak")
    next(one for one in app.button if one.label == "Remove the view").click().run()
    assert not app.exception
    assert rows_to_edit(open_store(data), "saved_views").is_empty()
    save(open_store(data), "Ms Oak", [Edit("saved_views", view)])
    assert rows_to_edit(open_store(data), "saved_views").height == 1
    next(one for one in app.button if one.label == "Save the view").click().run()
    assert "“Save what is on the screen as” is needed" in app.error[0].value
