"""What was written, and barriers that have gone: each says whom it is about, of the schools chosen."""

from pathlib import Path

import pytest

from provmap.store import Edit, Store, open_store, rows_to_edit, save
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
    assert about() == ["1"]


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
