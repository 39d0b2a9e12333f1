"""The screen on which a person confirms what the columns of a foreign file are, and the changes it makes."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from provmap.imports import Preview, preview
from provmap.imports.plans import Each, Output, Plan, plan_from, plan_json
from provmap.imports.recognising import OPEN, open_questions
from provmap.imports.shaping import IMPORT_DATE
from provmap.store import open_store
from provmap.ui import mapping_words as words
from provmap.ui import plan_answers
from provmap.ui import plan_changes as changes
from provmap.ui.new_provisions import with_new_provision, with_new_scale, with_tier
from provmap.ui.plan_changes import Use
from tests.test_pages import open_app, words_of

FILE = """Elm Primary School,,,,,,,,,
Printed 12/11/2025,,,,,,,,,
Adno,Full Name,Reg,SEN,PP,KS2 Read,Reading age,Maths Aut SS,Notes,Lego therapy
1001,Ash Robin,5 Oak,K,Y,104,8.10,101 (53%),likes dogs,x
1002,Elm Kit,5 Oak,N,N,98,8.5,95 (37%),,
1003,Yew Ama,6 Beech,,N,110,9.02,120 (91%),,x
Total,3,,,1,,,,,2
"""
WITH_UPN = "UPN,Adno,Surname,Forename,Year\nA801200001001,7,Ash,Robin,5\n"
SPLIT = {"do": "split name", "column": "Full Name", "order": "surname first"}
YEAR = {"do": "split year and class", "column": "Reg"}
NAMES = {"surname": "surname (from Full Name)", "forename": "forename (from Full Name)"}
PLACES = {"year_group": "year_group (from Reg)", "class": "class (from Reg)"}
READ = Each("Read", "value", {"subject": "reading", "scale": "standardised", "assessed_on": "2025-11-03"})
PLAN = Plan(
    (
        Output("pupils", {"pupil_id": "Adno", **NAMES, **PLACES}),
        Output("assessments", {"pupil_id": "Adno"}, {}, (READ,)),
    ),
    steps=(SPLIT, YEAR),
)

Look = Callable[..., Preview]


@pytest.fixture
def look(data: Path) -> Look:
    """Previews one file of text, with plans."""

    def run(text: str, **plans: Plan) -> Preview:
        given = {f"{name}.csv": plan for name, plan in plans.items()}
        return preview(data, [("file.csv", text.encode())], date(2025, 11, 12), plans=given)

    return run


def output_of(plan: Plan, dataset: str) -> Output:
    return next(output for output in plan.outputs if output.dataset == dataset)


class TestUse:
    @pytest.mark.parametrize(
        ("heading", "kind"),
        [
            ("Adno", "pupils: pupil_id"),
            ("adno", "pupils: pupil_id"),
            ("Full Name", changes.FULL_NAME),
            ("Reg", changes.YEAR_AND_CLASS),
            ("class (from Reg)", "pupils: class"),
            ("Read", changes.RESULT),
            ("Notes", changes.LEAVE_OUT),
        ],
    )
    def test_what_a_column_becomes(self, heading: str, kind: str) -> None:
        assert changes.use_of(PLAN, heading).kind == kind

    @pytest.mark.parametrize("kind", [kind for kind in words.kinds(PLAN) if kind])
    def test_what_was_chosen_is_what_is_shown(self, kind: str) -> None:
        plan = changes.become(PLAN, "Notes", Use(kind))
        assert changes.use_of(plan, "Notes").kind == kind

    @pytest.mark.parametrize("kind", words.kinds(PLAN))
    def test_every_choice_leaves_a_mapping_that_can_be_kept(self, kind: str) -> None:
        plan = changes.become(PLAN, "Notes", Use(kind))
        assert plan_from(json.loads(json.dumps(plan_json(plan)))) == plan

    @pytest.mark.parametrize("kind", words.kinds(PLAN))
    @pytest.mark.parametrize("heading", ["Notes", "Read"])
    def test_leaving_out_takes_it_back(self, heading: str, kind: str) -> None:
        plan = changes.become(changes.become(PLAN, heading, Use(kind)), heading, Use(changes.LEAVE_OUT))
        assert changes.use_of(plan, heading).kind == changes.LEAVE_OUT

    def test_nothing_changed_is_the_same_plan(self) -> None:
        use = changes.use_of(PLAN, "Read")
        assert changes.become(PLAN, "Read", use) == PLAN
        assert changes.become(PLAN, "Adno", Use("pupils: pupil_id")) == PLAN


class TestResults:
    def test_a_new_result_has_all_to_be_said(self) -> None:
        plan = changes.become(PLAN, "Maths", Use(changes.RESULT, {"subject": "mathematics"}))
        each = output_of(plan, "assessments").each[1]
        assert each == Each("Maths", "value", {"subject": "mathematics", "scale": OPEN, "assessed_on": OPEN})
        assert list(changes.asked(plan)) == [("column", "Maths")]

    def test_a_term_stands_for_a_day(self) -> None:
        said = {"subject": "reading", "scale": "age", "academic_year": "2025/26", "term": "autumn"}
        plan = changes.become(PLAN, "Read", Use(changes.RESULT, said))
        assert output_of(plan, "assessments").each[0].set == said
        assert not open_questions(plan)

    def test_the_last_result_takes_its_dataset_along(self) -> None:
        plan = changes.become(PLAN, "Read", Use(changes.LEAVE_OUT))
        assert [output.dataset for output in plan.outputs] == ["pupils"]

    def test_what_was_said_of_the_cells_is_asked_again(self) -> None:
        plan = plan_answers.with_answer(PLAN, "zeros in Read", "no score")
        plan = changes.become(plan, "Read", Use(changes.RESULT, {"subject": "reading", "scale": "age"}))
        assert plan.answers == {}


class TestProvisions:
    def test_a_tick_asks_which_provision_and_from_when(self) -> None:
        plan = changes.become(PLAN, "Lego", Use(changes.TICK))
        assert output_of(plan, "placements").columns == {"pupil_id": "Adno"}
        assert output_of(plan, "placements").each == (
            Each("Lego", "", {"provision_id": OPEN, "start_date": OPEN}, "ticked"),
        )

    def test_a_provision_that_is_not_held_is_added_and_its_tier_asked(self) -> None:
        plan = with_new_provision(PLAN, "Lego Therapy")
        assert list(changes.asked(plan)) == [("provision", "lego-therapy")]
        assert open_questions(plan)
        plan = with_tier(plan, "lego-therapy", "targeted")
        row = {"provision_id": "lego-therapy", "name": "Lego Therapy", "tier": "targeted"}
        assert output_of(plan, "provisions").rows == (row,)
        assert not open_questions(plan)

    def test_each_new_provision_has_its_own_tier(self) -> None:
        plan = with_new_provision(with_new_provision(PLAN, "Lego"), "Nurture")
        plan = with_tier(plan, "lego", "targeted")
        assert list(changes.asked(plan)) == [("provision", "nurture")]
        plan = with_tier(plan, "nurture", "specialist")
        assert [row["tier"] for row in output_of(plan, "provisions").rows] == ["targeted", "specialist"]
        assert not open_questions(plan)

    def test_a_new_provision_goes_with_its_last_column(self) -> None:
        plan = with_new_provision(PLAN, "Lego")
        plan = changes.become(plan, "Lego", Use(changes.TICK, {"provision_id": "lego"}))
        assert changes.become(plan, "Lego", Use(changes.LEAVE_OUT)) == PLAN

    def test_the_same_provision_is_added_once(self) -> None:
        plan = with_new_provision(PLAN, "Lego Therapy")
        assert with_new_provision(plan, "lego therapy") == plan


class TestScales:
    def test_a_scale_of_the_school_s_own_goes_with_its_last_column(self) -> None:
        said = {"subject": "mathematics", "scale": "marks of 20", "assessed_on": "2025-11-03"}
        plan = with_new_scale(PLAN, "marks of 20", "0", "20")
        plan = changes.become(plan, "Maths", Use(changes.RESULT, said))
        row = {"scale": "marks of 20", "kind": "number", "better": "higher", "minimum": "0", "maximum": "20"}
        assert output_of(plan, "scales").rows == (row,)
        assert plan_from(plan_json(plan)) == plan
        assert changes.become(plan, "Maths", Use(changes.LEAVE_OUT)) == PLAN


class TestSteps:
    def test_a_step_left_out_asks_for_what_it_made(self) -> None:
        plan = changes.without_step(PLAN, SPLIT)
        assert plan.steps == (YEAR,)
        assert output_of(plan, "pupils").set == {"forename": OPEN, "surname": OPEN}

    def test_without_a_year_the_class_is_as_it_stands(self) -> None:
        plan = changes.without_step(PLAN, YEAR)
        assert output_of(plan, "pupils").columns["class"] == "Reg"
        assert output_of(plan, "pupils").set == {"year_group": OPEN}

    @pytest.mark.parametrize("step", [SPLIT, YEAR])
    def test_a_step_can_be_put_back(self, step: dict[str, str]) -> None:
        plan = changes.with_step(changes.without_step(PLAN, step), step)
        assert output_of(plan, "pupils").columns == output_of(PLAN, "pupils").columns
        assert not open_questions(plan)

    def test_a_step_falls_with_the_one_that_it_reads(self) -> None:
        by = {"surname": NAMES["surname"], "forename": NAMES["forename"], "date_of_birth": "DoB"}
        birth = {"do": changes.BY_BIRTH, **by, "agreed": "yes"}
        plan = changes.become(PLAN, "Adno", Use(changes.LEAVE_OUT))
        plan = changes.with_step(plan, birth)
        assert output_of(plan, "assessments").columns == {
            "pupil_id": "pupil_id (from name and date of birth)"
        }
        plan = changes.without_step(plan, SPLIT)
        assert plan.steps == (YEAR,)
        assert ("set", ("assessments", "pupil_id")) in list(changes.asked(plan))

    def test_all_in_one_year_answers_for_the_year(self) -> None:
        plan = changes.with_all(changes.without_step(PLAN, YEAR), "pupils", "year_group", "5")
        assert not open_questions(plan)


class TestIdentity:
    def test_upn_and_number(self, look: Look) -> None:
        (foreign,) = look(WITH_UPN).foreign
        assert changes.use_of(foreign.plan, "UPN").kind == "pupils: upn"
        assert changes.use_of(foreign.plan, "Adno").kind == "pupils: pupil_id"

    def test_without_the_number_the_upn_is_one(self, look: Look) -> None:
        (foreign,) = look(WITH_UPN).foreign
        plan = changes.become(foreign.plan, "Adno", Use(changes.LEAVE_OUT))
        found = look(WITH_UPN, file=plan)
        assert found.rows["pupils"]["pupil_id"].to_list() == ["A801200001001"]

    def test_without_the_upn_the_number_stays(self, look: Look) -> None:
        (foreign,) = look(WITH_UPN).foreign
        plan = changes.become(foreign.plan, "UPN", Use(changes.LEAVE_OUT))
        found = look(WITH_UPN, file=plan)
        assert found.rows["pupils"]["pupil_id"].to_list() == ["7"]
        assert "upn" not in found.rows["pupils"].columns

    def test_without_both_it_is_asked(self, look: Look) -> None:
        (foreign,) = look(WITH_UPN).foreign
        plan = changes.become(foreign.plan, "UPN", Use(changes.LEAVE_OUT))
        plan = changes.become(plan, "Adno", Use(changes.LEAVE_OUT))
        assert list(changes.asked(plan)) == [("set", ("pupils", "pupil_id"))]
        numbered = changes.with_step(plan, {"do": changes.NUMBERED, "prefix": "row "})
        assert look(WITH_UPN, file=numbered).rows["pupils"]["pupil_id"].to_list() == ["row 1"]


class TestWords:
    @pytest.mark.parametrize(
        ("sure", "said"),
        [(1, "All"), (0.9, "Nearly all"), (0.7, "Most"), (0.5, "About half"), (0.2, "Little")],
    )
    def test_how_much_was_recognised(self, sure: float, said: str) -> None:
        assert words.recognised_words(sure) == f"{said} of it was recognised ({sure:.0%} of the columns)."

    def test_blank_lines_above_the_headings_count(self, look: Look) -> None:
        (foreign,) = look(
            "Elm School,,,\nPrinted today,,,\n,,,\n,,,\nAdno,Surname,Forename,Year\n1,Ash,Al,5\n"
        ).foreign
        assert words.heading_line(foreign.table, foreign.plan) == 5

    def test_where_the_headings_stand(self) -> None:
        plan = Plan(heading_row=4, heading_rows=2, ending_rows=1)
        assert words.layout_words(plan, 5) == (
            "Its headings stand in line 5, joined with the merged row above. "
            "The last row is left out as a total."
        )

    @pytest.mark.parametrize(
        ("use", "said"),
        [
            (Use(""), "left out"),
            (
                changes.use_of(PLAN, "Read"),
                "a result: reading, standardised score, on 3 Nov 2025",
            ),
            (
                Use(changes.TICK, {"provision_id": "l", "start_date": IMPORT_DATE}),
                "a provision: Lego, from the day the files show",
            ),
            (Use("pupils: upn"), "the UPN"),
        ],
    )
    def test_what_a_column_becomes(self, use: Use, said: str) -> None:
        assert words.use_words(use, {"l": "Lego"}) == said

    def test_steps_are_sentences(self) -> None:
        assert words.step_words(SPLIT, "Ash Robin") == (
            "Split “Full Name” into surname and forename, surname first"
        )
        assert words.step_words(YEAR, "5 Oak") == "Split “Reg” (such as 5 Oak) into year group and class"


def widget(app: AppTest, kind: str, ending: str) -> Any:
    """The widget of this kind whose key ends so; keys begin with the number of the look."""
    return next(one for one in getattr(app, kind) if one.key and one.key.endswith(ending))


@pytest.fixture
def opened(data: Path) -> AppTest:
    """The page with the messy file looked at."""
    app = open_app("import_and_data")
    app.file_uploader[0].set_value([("sims.csv", FILE.encode(), "text/csv")]).run()
    app.date_input(key="dated").set_value(date(2025, 11, 12)).run()
    app.button(key="look").click().run()
    assert not app.exception
    return app


def answer(app: AppTest) -> None:
    widget(app, "selectbox", "_KS2 Read_when").set_value("summer 2024/25")
    widget(app, "selectbox", "_split name_Full Name").set_value("surname first")
    widget(app, "selectbox", "_answer_reading age in Reading age").set_value("years.months").run()
    app.button(key="look_again").click().run()
    assert not app.exception
    assert not app.error


class TestScreen:
    def test_questions_stand_first_and_hold_the_import_back(self, opened: AppTest) -> None:
        said = words_of(opened)
        assert "Only you can say this** (3 questions)" in said
        assert said.index("Only you can say") < said.index("What is done to the file first")
        assert opened.button(key="confirm").disabled
        assert "The questions above must be answered first" in said
        assert opened.button(key="look_again").disabled

    def test_no_more_than_a_dozen_widgets_at_first(self, opened: AppTest) -> None:
        mine = [
            one.key for one in [*opened.selectbox, *opened.multiselect, *opened.toggle, *opened.date_input]
            if one.key and one.key.startswith("map")
        ]  # fmt: skip
        assert len(mine) <= 12

    def test_answers_are_looked_at_and_imported(self, opened: AppTest, data: Path) -> None:
        answer(opened)
        assert "Only you can say" not in words_of(opened)
        assert not opened.button(key="confirm").disabled
        opened.button(key="confirm").click().run()
        assert "Every page now shows your school" in opened.success[0].value
        pupils = (
            open_store(data).cursor().sql("select surname, forename, year_group, class from store.pupils")
        )
        assert ("Ash", "Robin", "5", "Oak") in pupils.fetchall()

    def test_a_change_that_was_not_looked_at_is_not_imported(self, opened: AppTest) -> None:
        answer(opened)
        widget(opened, "toggle", "_do_split name_Full Name").set_value(False).run()
        assert opened.button(key="confirm").disabled
        assert "choose “Look again” first" in words_of(opened)
        assert "Only you can say this** (2 questions)" in words_of(opened)

    def test_a_column_left_out_can_become_a_provision(self, opened: AppTest, data: Path) -> None:
        answer(opened)
        widget(opened, "multiselect", "_open").set_value(["Lego therapy"]).run()
        widget(opened, "selectbox", "_becomes_Lego therapy").set_value(changes.TICK).run()
        widget(opened, "selectbox", "_Lego therapy_provision_id").set_value("Lego therapy").run()
        widget(opened, "selectbox", "_Lego therapy_from").set_value(IMPORT_DATE).run()
        widget(opened, "selectbox", "_tier_lego-therapy").set_value("targeted").run()
        opened.button(key="look_again").click().run()
        assert not opened.error
        opened.button(key="confirm").click().run()
        assert not opened.exception
        found = (
            open_store(data).cursor().sql("select pupil_id, provision_id, start_date from store.placements")
        )
        assert sorted(found.fetchall()) == [
            ("1001", "lego-therapy", date(2025, 11, 12)),
            ("1003", "lego-therapy", date(2025, 11, 12)),
        ]

    def test_a_remembered_file_says_so(self, opened: AppTest) -> None:
        answer(opened)
        opened.button(key="confirm").click().run()
        later = FILE.replace("Ash Robin", "Ash Robyn")
        opened.file_uploader[0].set_value([("later.csv", later.encode(), "text/csv")]).run()
        opened.button(key="look").click().run()
        assert "Files with these headings were confirmed on" in words_of(opened)
        assert not opened.button(key="confirm").disabled

    def test_a_column_can_be_on_a_scale_of_the_school_s_own(self, opened: AppTest, data: Path) -> None:
        answer(opened)
        widget(opened, "multiselect", "_open").set_value(["Maths Aut SS"]).run()
        widget(opened, "selectbox", "_Maths Aut SS_scale").set_value("another").run()
        widget(opened, "text_input", "_scale_typed").set_value("marks of 150").run()
        widget(opened, "number_input", "_highest").set_value(150).run()
        opened.button(key="look_again").click().run()
        assert not opened.error
        opened.button(key="confirm").click().run()
        assert not opened.exception
        found = open_store(data).cursor().sql("select maximum from store.scales where scale = 'marks of 150'")
        assert found.fetchall() == [(150,)]

    def test_headings_in_another_row(self, opened: AppTest) -> None:
        widget(opened, "number_input", "_heading").set_value(2).run()
        widget(opened, "button", "_move").click().run()
        assert not opened.exception
        assert "Its headings stand in line 2" in words_of(opened)
        assert "No column becomes anything yet" in words_of(opened)
        widget(opened, "number_input", "_heading").set_value(3).run()
        widget(opened, "button", "_move").click().run()
        assert "Only you can say this** (3 questions)" in words_of(opened)


@pytest.mark.parametrize("name", ["student-mat", "student-por"])
def test_a_file_that_nobody_here_wrote(data: Path, name: str) -> None:
    """Three results on marks of 20, pupils without a number, zeros after real scores, a yes for support."""
    real = Path(__file__).parent / f"files/real/{name}.csv"
    raw = pl.read_csv(real, separator=";", infer_schema=False)
    unsat = raw.filter((pl.col("G2") == "0") & (pl.col("G1") != "0")).height
    support = raw.filter(pl.col("schoolsup") == "yes").height
    app = open_app("import_and_data")
    app.file_uploader[0].set_value([("maths.csv", real.read_bytes(), "text/csv")]).run()
    app.date_input(key="dated").set_value(date(2026, 3, 3)).run()
    app.button(key="look").click().run()
    widget(app, "selectbox", "_set_pupils_year_group").set_value(("all", "11"))
    widget(app, "text_input", "_step_number rows_").set_value("mat-")
    widget(app, "multiselect", "_open").set_value(["G1", "G2", "schoolsup"]).run()
    for column, kind in (("G1", changes.RESULT), ("G2", changes.RESULT), ("schoolsup", changes.TICK)):
        widget(app, "selectbox", f"_becomes_{column}").set_value(kind)
    app.run()
    widget(app, "selectbox", "_G1_scale").set_value("another").run()
    widget(app, "text_input", "_G1_scale_typed").set_value("marks of 20")
    widget(app, "number_input", "_G1_highest").set_value(20).run()
    widget(app, "selectbox", "_G2_scale").set_value("marks of 20")
    for column, term in (("G1", "summer 2024/25"), ("G2", "autumn year of the import")):
        widget(app, "selectbox", f"_{column}_subject").set_value("mathematics")
        widget(app, "selectbox", f"_{column}_when").set_value(term)
    widget(app, "selectbox", "_schoolsup_provision_id").set_value("schoolsup")
    widget(app, "selectbox", "_schoolsup_from").set_value(IMPORT_DATE).run()
    widget(app, "selectbox", "_tier_schoolsup").set_value("targeted").run()
    app.button(key="look_again").click().run()
    assert not app.exception
    assert not app.error
    if unsat:
        widget(app, "selectbox", "_answer_zeros in G2").set_value("no score").run()
        app.button(key="look_again").click().run()
    app.button(key="confirm").click().run()
    assert not app.exception
    counted = (
        open_store(data)
        .cursor()
        .sql(
            """select (select count(*) from store.pupils), (select count(*) from store.assessments),
                  (select count(*) from store.placements)"""
        )
    )
    # Two results each, but for the zeros of G2 after a real score: of 395 pupils in mathematics 13.
    assert counted.fetchall() == [(raw.height, 2 * raw.height - unsat, support)]
    assert name != "student-mat" or (raw.height, unsat, support) == (395, 13, 51)
