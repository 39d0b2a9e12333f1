"""Scales and marks: what ships, what a school adds on the page, and from when each holds."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.store import Store, list_imports, open_store, undo
from tests.test_pages import open_app
from tests.tiny import DAY, answer, tiny_school
from tests.typed import type_in

SCALES = {
    # scale: (written as, better, lowest, highest), as STANDARDS has them.
    "GLD": ("ordered", "higher", None, None), "early learning goal": ("ordered", "higher", None, None),
    "phonics check": ("number", "higher", 0, 40), "multiplication check": ("number", "higher", 0, 25),
    "scaled score": ("number", "higher", 80, 120), "teacher judgement": ("ordered", "higher", None, None),
    "standardised": ("number", "higher", None, None), "engagement model": ("ordered", "higher", None, None),
    "age": ("age", "higher", None, None), "stanine": ("number", "higher", 1, 9),
    "SDQ total": ("number", "lower", 0, 40), "SDQ emotional": ("number", "lower", 0, 10),
    "SDQ conduct": ("number", "lower", 0, 10), "SDQ hyperactivity": ("number", "lower", 0, 10),
    "SDQ peer": ("number", "lower", 0, 10), "SDQ prosocial": ("number", "higher", 0, 10),
    "Boxall I": ("number", "higher", 0, None), "Boxall II": ("number", "lower", 0, None),
    "GCSE": ("ordered", "higher", None, None), "Attainment 8": ("number", "higher", 0, 90),
    "percentage": ("number", "higher", 0, 100), "steps": ("number", "higher", 0, None),
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return tiny_school(tmp_path_factory.mktemp("scales"))


def test_every_scale_ships_with_its_direction_and_ends(store: Store) -> None:
    found = {
        row["scale"]: (row["written_as"], row["better"], row["minimum"], row["maximum"])
        for row in answer(store, "scales_held")
    }
    assert found == SCALES


def test_every_scale_says_where_it_comes_from(store: Store) -> None:
    rows = answer(store, "scales_held")
    assert [row["scale"] for row in rows if not row["origin"] or row["whose"] != "ours"] == []
    notes = {row["scale"]: row["note"] or "" for row in rows}
    assert "There is no pass mark" in notes["multiplication check"]
    assert "85 to 115 as a rule, 94 to 114 for PIRA and PUMA" in notes["standardised"]


@pytest.mark.parametrize(
    "mark",
    [
        ("phonics check", "phonics", "1", "32", None), ("phonics check", "phonics", "2", "32", None),
        ("scaled score", "mathematics", "6", "100", "110"),
        ("teacher judgement", "writing", "4", "EXS", "GDS"),
        ("GLD", "good level of development", "R", "met", None),
    ],
)  # fmt: skip
def test_marks_that_ship_are_dated(store: Store, mark: tuple[str | None, ...]) -> None:
    scale, subject, year, expected, deeper = mark
    marks = [
        row for row in answer(store, "expected_marks", year_groups=(year,))
        if (row["scale"], row["subject"], row["term"]) == (scale, subject, "summer")
    ]  # fmt: skip
    assert [(row["expected"], row["greater_depth"], row["whose"]) for row in marks] == [
        (expected, deeper, "ours")
    ]
    assert marks[0]["valid_from"].year >= 2011


def test_what_has_no_mark_has_none(store: Store) -> None:
    marked = {row["scale"] for row in answer(store, "expected_marks")}
    assert marked == {"GLD", "phonics check", "scaled score", "teacher judgement", "GCSE"}


def values(store: Store, scale: str, what: str) -> list[str]:
    return [
        row["scale_value"]
        for row in answer(store, "scale_values_held")
        if (row["scale"], row["value_kind"]) == (scale, what)
    ]


def test_values_stand_in_order_and_codes_apart(store: Store) -> None:
    in_order = ["PK1", "PK2", "PK3", "PK4", "PK5", "PK6", "WTS", "EXS", "GDS"]
    assert values(store, "teacher judgement", "step") == in_order
    assert {"A", "D", "L", "HNM", "BLW", "PKF"} <= set(values(store, "teacher judgement", "code"))
    assert values(store, "GCSE", "step") == ["U", *"123456789"]
    assert values(store, "engagement model", "step") == []
    assert len(values(store, "engagement model", "code")) == 5


def test_bands_of_difficulties_run_up_and_of_prosocial_down(store: Store) -> None:
    assert values(store, "SDQ total", "band") == ["0 to 11", "12 to 15", "16 to 18", "19 to 40"]
    assert values(store, "SDQ emotional", "band") == ["0 to 3", "4", "5", "6 to 10"]
    assert values(store, "standardised", "band") == ["up to 84", "85 to 115", "116 and above"]
    bands = {row["scale_value"]: row["meaning"] for row in answer(store, "scale_values_held")
             if (row["scale"], row["value_kind"]) == ("SDQ prosocial", "band")}  # fmt: skip
    assert bands == {"0 to 3": "very low", "4": "low", "5": "slightly lowered", "6 to 10": "close to average"}


def test_bands_leave_no_score_of_a_scale_out(store: Store) -> None:
    ends = {row["scale"]: (row["minimum"], row["maximum"]) for row in answer(store, "scales_held")}
    bands: dict[str, set[int]] = {}
    for row in answer(store, "scale_values_held"):
        if row["value_kind"] == "band" and row["scale"] != "standardised":
            low, _, high = row["scale_value"].partition(" to ")
            bands.setdefault(row["scale"], set()).update(range(int(low), int(high or low) + 1))
    assert len(bands) == 7
    for scale, held in bands.items():
        assert held == set(range(int(ends[scale][0]), int(ends[scale][1]) + 1))


def test_a_schools_own_rows_are_dated_by_their_import(data: Path) -> None:
    school = tiny_school(
        data, scales=[{"scale": "our phases", "kind": "ordered"}],
        scale_values=[{"scale": "our phases", "value": one, "rank": rank} for rank, one in enumerate("AB")],
        expectations=[{"scale": "our phases", "subject": "reading", "year_group": "1", "term": "autumn",
                       "expected": "B"}],
        assessments=[{"pupil_id": "1", "subject": "reading", "scale": "unheard of", "value": "7",
                      "assessed_on": DAY}],
    )  # fmt: skip
    scales = {row["scale"]: row for row in answer(school, "scales_held")}
    assert (scales["our phases"]["whose"], scales["our phases"]["valid_from"]) == ("own", DAY)
    assert (scales["unheard of"]["whose"], scales["unheard of"]["written_as"]) == ("nobody", "unknown")
    mark = next(row for row in answer(school, "expected_marks") if row["scale"] == "our phases")
    assert (mark["whose"], mark["valid_from"]) == ("own", DAY)


def test_no_mean_is_made_of_an_ordered_scale(sample: Store) -> None:
    ordered = {row["scale"] for row in answer(sample, "scales_held") if row["written_as"] == "ordered"}
    means = {row["scale"]: row["mean_value"] for row in answer(sample, "progress_by_group")}
    assert {scale for scale, mean in means.items() if mean is None} == ordered & set(means)
    assert ordered & set(means)


class TestPage:
    @pytest.fixture
    def school(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        tiny_school(data, assessments=[{"pupil_id": "1", "subject": "reading", "scale": "our steps",
                                        "value": "Secure", "assessed_on": DAY}])  # fmt: skip
        monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
        return data

    def add(self, **fields: Any) -> AppTest:
        app = open_app("scales", scales_part="Add a scale or marks")
        type_in(app, "scale/", name=fields.get("name", "our steps"), values=fields["values"])
        app.selectbox(key="scale/better_0").set_value(fields.get("better", "higher"))
        if "years" in fields:
            app.selectbox(key="scale/subject_0").set_value("reading")
            type_in(app, "scale/", expected=fields["years"])
        next(one for one in app.button if one.label == "Add the scale").click().run()
        assert not app.exception
        return app

    def test_an_ordered_scale_is_added_and_results_are_judged_by_it(self, school: Path) -> None:
        app = self.add(
            values="Emerging = with help\n\nDeveloping\nSecure = alone", years="5 = Secure\n4=Developing"
        )
        assert "our steps is added. Undo it under Import and data." in [one.value for one in app.success]
        scale = next(row for row in answer(open_store(school), "scales_held") if row["scale"] == "our steps")
        assert (scale["written_as"], scale["whose"], scale["marks"]) == ("ordered", "own", 6)
        listed = [
            row for row in answer(open_store(school), "scale_values_held") if row["scale"] == "our steps"
        ]
        assert [(row["scale_value"], row["meaning"]) for row in listed] == [
            ("Emerging", "with help"), ("Developing", None), ("Secure", "alone")
        ]  # fmt: skip
        result = answer(open_store(school), "pupil_progress")[0]
        assert (result["number"], result["expected"], result["meets_expected"]) == (3, "Secure", True)
        # It is an import like any other.
        assert len(list_imports(school)) == 2
        undo(school)
        assert answer(open_store(school), "pupil_progress")[0]["expected"] is None

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"values": "One"}, "at least two values"),
            ({"values": "One\none"}, "Two of the values are the same"),
            ({"values": "One\nTwo", "name": "gcse"}, "There is a scale gcse already"),
            ({"values": "One\nTwo", "years": "5 = Three"}, "none of the scale's: Three"),
            ({"values": "One\nTwo", "years": "55 = Two"}, "There is no year group 55"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_and_nothing_is_imported(
        self, school: Path, fields: dict[str, str], said: str
    ) -> None:
        app = self.add(**{"name": "new steps"} | fields)
        assert said in app.error[0].value
        assert len(list_imports(school)) == 1

    def test_marks_are_set_on_a_scale_of_numbers(self, school: Path) -> None:
        app = open_app("scales", scales_part="Add a scale or marks")
        app.selectbox(key="marks_scale").set_value("standardised").run()
        app.selectbox(key="marks_subject").set_value("reading")
        app.multiselect(key="marks_years").set_value(["5", "6"])
        type_in(app, "marks/standardised/", expected="94", greater_depth="115")
        next(one for one in app.button if one.label == "Set the marks").click().run()
        assert not app.exception
        marks = [
            row for row in answer(open_store(school), "expected_marks") if row["scale"] == "standardised"
        ]
        assert len(marks) == 6
        assert {(row["expected"], row["greater_depth"], row["valid_from"]) for row in marks} == {
            ("94", "115", DAY)
        }

    def test_the_sample_school_stays_as_it_is(self, sample: Store) -> None:
        app = open_app("scales", scales_part="Add a scale or marks")
        assert not app.text_input
        assert "Bring in your own roll first" in app.info[0].value
