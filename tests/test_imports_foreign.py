"""Files as schools' systems really write them: recognised, shaped, questioned, remembered.

When to write one: for each heading, shape or spelling that a real export has shown.
"""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, preview, rejected_rows
from provmap.imports.foreign import Foreign
from provmap.imports.plans import Each, Output, Plan, plan_from, plan_json, signature
from provmap.imports.results import clean
from provmap.store import open_store
from tests.tiny import DAY, PUPIL, answer, day, tiny_school

REAL = Path(__file__).parent / "files" / "real"
UPNS = ("B801200005001", "A950000178301", "H243278544154")


def look(folder: Path, text: str, plan: Plan | None = None, name: str = "export.csv") -> Preview:
    return preview(folder, [(name, text.encode())], DAY, plans={name: plan} if plan else None)


def one_foreign(found: Preview) -> Foreign:
    (foreign,) = found.foreign
    return foreign


def held(folder: Path, select: str) -> list[tuple[Any, ...]]:
    return open_store(folder).cursor().sql(select).fetchall()


def answered(plan: Plan, **said: str) -> Plan:
    """The plan with its open questions answered: `assessed_on` and the like, and all of `answers`."""
    outputs = tuple(
        replace(
            output,
            set={name: said.get(name, text) if text == "?" else text for name, text in output.set.items()},
            each=tuple(
                replace(each, set={n: said.get(n, t) if t == "?" else t for n, t in each.set.items()})
                for each in output.each
            ),
        )
        for output in plan.outputs
    )
    steps = tuple({word: said.get(word, text) if text == "?" else text for word, text in step.items()}
                  for step in plan.steps)  # fmt: skip
    answers = {
        about: said.get("answer", text) if text == "?" else text for about, text in plan.answers.items()
    }
    return replace(plan, outputs=outputs, steps=steps, answers=answers)


# Headings of other systems.


@pytest.mark.parametrize(
    ("headings", "row", "expected"),
    [
        # SIMS
        ("Adno,Surname,Forename,Reg Group,Year,Pupil Premium Indicator,SEN Status,"
         "Eligible for free meals,DOB",
         "007,Ash,Zoë,1E5,5,Y,K,N,03/09/2015",
         {"pupil_id": "007", "class": "1E5", "year_group": "5", "pupil_premium": True, "sen_status": "K",
          "fsm": False, "date_of_birth": date(2015, 9, 3)}),
        # Get information about pupils
        ("UPN,Surname,Forename,NCyearActual,SENprovision,EVERFSM_6,FSMeligible,Gender",
         f"{UPNS[0]},Ash,Zoë,5,E,1,0,F",
         {"pupil_id": UPNS[0], "upn": UPNS[0], "year_group": "5", "sen_status": "E", "ever_6": True,
          "fsm": False, "sex": "F"}),
        # Go4Schools
        ("UPN,Surname,Forename,Year,FSMEver6,EAL,disadvantaged,looked after,service child",
         f"{UPNS[0]},Ash,Zoë,5,True,False,True,False,False",
         {"ever_6": True, "eal": False, "pupil_premium": True, "looked_after": False,
          "service_child": False}),
        # Bromcom-like
        ("LearnerId,LegalSurname,Forename,DateOfBirth,NCYear,RegGroup,DateOfEntry",
         "99,Ash,Zoë,2015-09-03,5,5B,2019-09-02",
         {"pupil_id": "99", "surname": "Ash", "class": "5B", "entry_date": date(2019, 9, 2)}),
        # Hodder
        ("UPN,Last Name,First Name,DOB,Gender,Year Group,EAL",
         f"{UPNS[0]},Ash,Zoë,03/09/2015,F,5,N", {"surname": "Ash", "sex": "F", "eal": False}),
        # Plain
        ("Pupil Number,Family Name,First name,Yr,Tutor Group,PP,LAC",
         "12,Ash,Zoë,Year 5,Oak,yes,no", {"pupil_id": "12", "pupil_premium": True, "looked_after": False}),
    ],
)  # fmt: skip
def test_headings_of_other_systems(tmp_path: Path, headings: str, row: str, expected: dict[str, Any]) -> None:
    found = look(tmp_path, f"{headings}\n{row}\n")
    assert one_foreign(found).questions == []
    commit(found, "test")
    columns = ", ".join(f'"{name}"' for name in expected)
    assert held(tmp_path, f"select {columns} from store.pupils") == [tuple(expected.values())]


# Shapes.


def test_title_rows_full_names_year_in_the_class_and_totals(tmp_path: Path) -> None:
    found = look(
        tmp_path,
        "Elm Primary School\nPrinted 03/03/2026\n\n"
        'Full Name,UPN,Reg Group\n"Łuć, Aneta",B801200005001,5 Oak\n'
        '"O\'Brien-Null, N",A950000178301,Year 6 - Elm\nTotal,2,\n',
    )
    foreign = one_foreign(found)
    assert foreign.plan.ending_rows == 1
    assert [step["do"] for step in foreign.plan.steps] == [
        "split name",
        "split year and class",
        "match by UPN",
    ]
    commit(found, "test")
    select = "select surname, forename, year_group, class from store.pupils order by upn desc"
    assert held(tmp_path, select) == [("Łuć", "Aneta", "5", "Oak"), ("O'Brien-Null", "N", "6", "Elm")]


def test_title_rows_padded_by_a_spreadsheet(tmp_path: Path) -> None:
    found = look(tmp_path, f"Elm Primary,,,\n,,,\nUPN,Surname,Forename,Year\n{UPNS[0]},Ash,Zoë,5\n")
    commit(found, "test")
    assert held(tmp_path, "select surname, year_group from store.pupils") == [("Ash", "5")]


def test_a_merged_heading_of_two_rows(tmp_path: Path) -> None:
    found = look(
        tmp_path,
        ",,,,Reading,,Maths,\nUPN,Surname,Forename,Year,Autumn,Spring,Autumn,Spring\n"
        f"{UPNS[0]},Ash,Zoë,5,WTS,EXS,EXS,GDS\n",
    )
    assert one_foreign(found).plan.heading_rows == 2
    commit(found, "test")
    select = "select subject, scale, value, academic_year, term from store.assessments order by all"
    assert held(tmp_path, select) == [
        ("mathematics", "teacher judgement", "EXS", "2025/26", "autumn"),
        ("mathematics", "teacher judgement", "GDS", "2025/26", "spring"),
        ("reading", "teacher judgement", "EXS", "2025/26", "spring"),
        ("reading", "teacher judgement", "WTS", "2025/26", "autumn"),
    ]


def test_a_column_for_each_provision_with_ticks(tmp_path: Path) -> None:
    tiny_school(tmp_path, provisions=[{"provision_id": "T", "name": "Talk Time", "tier": "targeted"}])
    found = look(tmp_path, f"UPN,Surname,Forename,Year,Talk time\n{UPNS[0]},A,B,5,x\n{UPNS[1]},C,D,5,no\n")
    commit(found, "test")
    assert held(tmp_path, "select pupil_id, provision_id, start_date from store.placements") == [
        (UPNS[0], "T", DAY)
    ]


def test_a_map_kept_by_hand(tmp_path: Path) -> None:
    """One row an intervention; the names in a cell are for a person to match, never done by themselves."""
    text = 'Intervention,Wave,Led by,Pupils,Cost,Start\nTalk Time,2,Ms Bell,"Ash, Birch",£20,05/01/2026\n'
    found = look(tmp_path, text, name="map.csv")
    # Nobody is held, so nobody can be meant; the names are told of and not lost.
    assert found.problems["value"].to_list() == ["Ash", "Birch"]
    commit(found, "test")
    select = "select name, tier, lead, resource_cost from store.provisions"
    assert held(tmp_path, select) == [("Talk Time", "targeted", "Ms Bell", 20.0)]
    assert held(tmp_path, "select count(*) from store.placements") == [(0,)]


# Values, and what only a person can say.


@pytest.mark.parametrize(
    ("cell", "form", "months"),
    [
        ("8:06", "", "102"), ("8;06", "", "102"), ("8y6m", "", "102"), ("8y 6m", "", "102"),
        ("8 yrs 6 mths", "", "102"), ("8.06", "years.months", "102"), ("8.10", "years.months", "106"),
        ("8.5", "years.months", "101"), ("8.5", "decimal years", "102"), ("102", "months", "102"),
        ("Abs", "years.months", "Abs"), ("8-06", "", "102"), ("8 years, 6 months", "", "102"),
    ],
)  # fmt: skip
def test_reading_ages_in_all_their_spellings(cell: str, form: str, months: str) -> None:
    each = Each("RA", "value", {"scale": "age"})
    plan = Plan(answers={"reading age in RA": form} if form else {})
    assert clean(pl.Series(["", cell]), each, plan).to_list() == ["", months]


@pytest.mark.parametrize(
    ("cell", "form"),
    [("8.12", "years.months"), ("102", "years.months"), ("8:75", "years.months"), ("1.05", "years.months"),
     ("26.01", "years.months"), ("0.5", "decimal years"), ("8.5", "months")],
)  # fmt: skip
def test_a_reading_age_that_cannot_be_is_a_problem(tmp_path: Path, cell: str, form: str) -> None:
    text = f"UPN,Surname,Forename,Year,Reading age\n{UPNS[0]},A,B,5,9.05\n{UPNS[1]},C,D,5,{cell}\n"
    found = look(tmp_path, text, answered(one_foreign(look(tmp_path, text)).plan, answer=form))
    told = found.problems.filter(line=3, dataset="assessments").select("value", "expected", "verdict").rows()
    assert told == [(cell, "a reading age from 3 to 25 years, with 0 to 11 months", "rejected")]
    assert found.rows["pupils"].height == 2


def test_an_age_ending_in_1_is_pointed_out(tmp_path: Path) -> None:
    text = f"UPN,Surname,Forename,Year,Reading age\n{UPNS[0]},A,B,5,8.1\n{UPNS[1]},C,D,5,9.05\n"
    found = look(tmp_path, text, answered(one_foreign(look(tmp_path, text)).plan, answer="years.months"))
    assert any("1 age ends in .1, read as 1 month" in notice for notice in found.notices)
    text = text.replace("9.05", "8.10")
    found = look(tmp_path, text, answered(one_foreign(look(tmp_path, text)).plan, answer="years.months"))
    assert not any("in .1" in notice for notice in found.notices)


def test_a_score_with_its_percentile_keeps_the_score() -> None:
    cells = pl.Series(["101 (53%)", "101(53 %)", "101 (53)", "<5", None])
    kept = clean(cells, Each("SS", "value", {"scale": "standardised"}), Plan()).to_list()
    assert kept == ["101", "101", "101 (53)", "<5", None]


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["87.5%", "0.875", "1", "0"], ["87.5", "87.5", "100", "0"]),
        (["87.5 %", "90", "A"], ["87.5", "90", "A"]),
        # Without any sign a number is what it says.
        (["0.875", "1"], ["0.875", "1"]),
    ],
)
def test_percentages_of_one_kind(cells: list[str], kept: list[str]) -> None:
    each = Each("Score", "value", {"scale": "phonics check"})
    assert clean(pl.Series(cells), each, Plan()).to_list() == kept


def test_a_part_of_one_beside_percentages_is_a_problem(tmp_path: Path) -> None:
    rows = "".join(f"{number},A,B,5,{cell}\n" for number, cell in enumerate(["87.5%", "90", "0.875", "1e3"]))
    found = look(tmp_path, f"Adno,Surname,Forename,Year,Phonics\n{rows}")
    found = look(
        tmp_path, f"Adno,Surname,Forename,Year,Phonics\n{rows}",
        answered(one_foreign(found).plan, scale="standardised"),
    )  # fmt: skip
    told = found.problems.filter(verdict="rejected").select("line", "value", "expected").rows()
    assert told == [
        (4, "0.875", "a percentage with its sign: here it can be a part of 1 too"),
        (5, "1e3", "a score in figures"),
    ]


def test_an_age_with_a_point_is_asked_once_a_column(tmp_path: Path) -> None:
    text = f"UPN,Surname,Forename,Year,Reading age\n{UPNS[0]},A,B,5,8.10\n{UPNS[1]},C,D,5,9.05\n"
    found = look(tmp_path, text)
    assert len(one_foreign(found).questions) == 1
    assert "years.months" in one_foreign(found).questions[0]
    with pytest.raises(ImportRefused, match="only you can say"):
        commit(found, "test")
    commit(look(tmp_path, text, answered(one_foreign(found).plan, answer="years.months")), "test")
    assert held(tmp_path, "select value from store.assessments order by all") == [("106",), ("113",)]


def test_key_stage_2_results_ask_for_their_day(tmp_path: Path) -> None:
    text = f"UPN,Surname,Forename,Year,KS2 Read\n{UPNS[0]},A,B,7,104\n"
    found = look(tmp_path, text)
    assert "On which day" in one_foreign(found).questions[0]
    commit(look(tmp_path, text, answered(one_foreign(found).plan, assessed_on="2025-05-12")), "test")
    assert held(tmp_path, "select scale, value, assessed_on from store.assessments") == [
        ("scaled score", "104", day("2025-05-12"))
    ]


def test_a_confirmed_plan_is_remembered_for_that_kind_of_file(tmp_path: Path) -> None:
    text = f"UPN,Surname,Forename,Year,Reading age\n{UPNS[0]},A,B,5,8.10\n"
    commit(
        look(tmp_path, text, answered(one_foreign(look(tmp_path, text)).plan, answer="decimal years")), "test"
    )
    later = preview(tmp_path, [("other.csv", text.encode())], date(2026, 6, 1))
    assert one_foreign(later).is_remembered
    assert one_foreign(later).questions == []
    # The day of the import goes with the import.
    assert later.rows["assessments"]["assessed_on"].to_list() == [date(2026, 6, 1)]


def test_the_kind_of_file_is_its_headings_in_any_order() -> None:
    assert signature(("UPN", "Full  Name")) == signature(("full name", "upn"))
    assert signature(("UPN",)) != signature(("UPN", "Year"))


# Who is who.


def test_a_pupil_is_matched_by_upn_and_never_by_name(tmp_path: Path) -> None:
    tiny_school(tmp_path, pupils=[PUPIL | {"upn": UPNS[0]}])
    found = look(
        tmp_path, f"UPN,Surname,Forename,Year\n{UPNS[0].lower()},Ashe,Robin,5\n{UPNS[1]},Ash,Robin,5\n"
    )
    commit(found, "test")
    select = "select pupil_id, surname from store.pupils order by all"
    assert held(tmp_path, select) == [("1", "Ashe"), (UPNS[1], "Ash")]


def test_a_match_by_name_and_birth_waits_for_a_yes(tmp_path: Path) -> None:
    tiny_school(tmp_path, pupils=[PUPIL | {"date_of_birth": day("2015-09-03")}])
    text = "Surname,Forename,DOB,Year,Reading TA\nASH,Robin,03/09/2015,5,EXS\nBirch,Ann,04/09/2015,5,WTS\n"
    found = look(tmp_path, text)
    assert "match pupils by name and date of birth" in one_foreign(found).questions[0]
    found = look(tmp_path, text, answered(one_foreign(found).plan, agreed="yes"))
    assert found.rows["assessments"]["pupil_id"].to_list() == ["1"]
    # Who is not held is rejected with the line, and offered back.
    assert found.problems.filter(pl.col("verdict") == "rejected")["line"].unique().to_list() == [3]
    assert rejected_rows(found)["export_rejected"]["Surname"].to_list() == ["Birch"]


def test_a_bad_cell_of_one_column_leaves_the_others(tmp_path: Path) -> None:
    text = f"UPN,Surname,Forename,Year,Reading TA\n{UPNS[0]},A,B,55,EXS\n"
    found = look(tmp_path, text)
    assert found.counts["pupils"]["rejected"] == 1
    assert found.counts["assessments"]["rejected"] == 0
    (problem,) = found.problems.filter(pl.col("verdict") == "rejected").to_dicts()
    assert (problem["line"], problem["column"], problem["value"]) == (2, "Year", "55")


# Mappings.


def test_a_plan_goes_through_json_unchanged() -> None:
    plan = Plan(
        (Output("assessments", {"pupil_id": "Adno"}, {}, (Each("G1", "value", {"subject": "reading"}),)),),
        heading_row=3, steps=({"do": "number rows", "prefix": "a"},), answers={"zeros in G1": "score"},
    )  # fmt: skip
    assert plan_from(json.loads(json.dumps(plan_json(plan)))) == plan


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"outputs": [{"dataset": "pupil"}]}, "There is none of that name"),
        ({"outputs": [{"dataset": "pupils", "columns": {"shoe": "A"}}]}, "a column shoe"),
        ({"outputs": [{"dataset": "pupils", "each": [{"column": "A", "when": "odd"}]}]}, "says when: odd"),
        ({"steps": [{"do": "guess"}]}, "does not know: guess"),
        ({"outputs": [{}]}, "not written as a mapping"),
        (["outputs"], "not written as a mapping"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(words: Any, sentence: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        plan_from(words)
    assert sentence in str(caught.value)


def test_a_real_file_without_identifiers(tmp_path: Path) -> None:
    """UCI student performance: three results a pupil, a support flag, and zeros that mean "did not sit"."""
    file = REAL / "student-mat.csv"
    plan = plan_from(json.loads((REAL / "student-mat.mapping.json").read_text()))
    asked = preview(tmp_path, [file], DAY, plans={"*": replace(plan, answers={})})
    assert [question for question in one_foreign(asked).questions if "zeros in G3" in question]
    commit(preview(tmp_path, [file], DAY, plans={"*": plan}), "test")
    assert held(tmp_path, "select count(*) from store.pupils") == [(395,)]
    assert held(tmp_path, "select count(*) from store.placements") == [(51,)]
    scores = answer(open_store(tmp_path), "progress_by_group")
    last = next(row for row in scores if row["group_code"] == "all" and row["academic_year"] == "2025/26"
                and row["term"] == "spring")  # fmt: skip
    # In the spring term the latest score counts: G3, and where that was not sat, G2; 13 sat neither.
    assert last["assessed"] == 395 - 13
    assert held(tmp_path, "select count(*) from store.assessments where assessed_on = '2026-02-27'") == [
        (357,)
    ]


def test_the_same_file_without_a_mapping_asks_what_it_cannot_know(tmp_path: Path) -> None:
    found = preview(tmp_path, [REAL / "student-mat.csv"], DAY)
    assert one_foreign(found).questions
    with pytest.raises(ImportRefused):
        commit(found, "test")
    assert not (tmp_path / "current.json").exists()
