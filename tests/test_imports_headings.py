"""What the headings of other systems mean, and files that nobody here wrote, taken in by their mappings."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from provmap.__main__ import main
from provmap.imports.recognising import Context, _meaning, own_synonyms
from provmap.imports.shaping import Known
from provmap.store import open_store

REAL = Path(__file__).parent / "files" / "real"


@pytest.mark.parametrize(
    ("column", "headings"),
    [
        ("pupils.pupil_id", "Adno, LearnerId, PersonId, STUDENT_ID, PupilMatchingRef"),
        ("pupils.upn", "UPN, upn"),
        ("pupils.full name", "Full Name"),
        ("pupils.surname", "Surname, LegalSurname, familyName"),
        ("pupils.forename", "Forename, givenName"),
        ("pupils.date_of_birth", "DOB, DoB, dob, DateOfBirth, Date of birth, birthDate"),
        ("pupils.sex", "Gender, Sex, sex"),
        ("pupils.ethnicity", "Ethnicity, ethnicity code"),
        ("pupils.first_language", "Language, language"),
        ("pupils.year_group", "Year, NC Year, NCYear, NCyearActual, ncyearactual, Year Group"),
        ("pupils.class", "Reg Group, RegGroup, Form Group"),
        ("pupils.entry_date", "EntryDate, entrydate, DateOfEntry"),
        ("pupils.sen_status", "SEN Status, SENprovision, senprovision"),
        ("pupils.pupil_premium", "Pupil Premium Indicator, Disadvantaged (PP), disadvantaged, PP (Y/N), PP?"),
        ("pupils.fsm", "Eligible for free meals, FSM, FSMeligible"),
        ("pupils.ever_6", "FSMEver6, EVERFSM_6, EVERFSM_6_P"),
        ("pupils.eal", "EAL, EAL Status, English as additional language"),
        ("pupils.looked_after", "looked after"),
        ("pupils.service_child", "service child, ServiceChild, servicechild"),
        ("pupils.school_id", "URN"),
        ("needs.need_code", "Need, Primary need, SEN need, SEND Detail, PrimarySENtype, sentype"),
        ("needs.need_code 2", "SecondarySENtype, Secondary need"),
        ("assessments.value", "KS2 Read, KS2 Maths, SATs Reading, Reading age"),
        ("attendance.percentage", "% Attendance, Attendance %"),
    ],
)
def test_headings_seen_in_the_wild(column: str, headings: str) -> None:
    context = Context(Known(date(2026, 3, 3)), own_synonyms())
    for heading in headings.split(", "):
        meaning = _meaning(heading, context)
        assert meaning, heading
        assert f"{meaning.dataset}.{meaning.column}" == column, heading


@pytest.mark.parametrize(
    "heading", ["PLAA", "Prior Attainment (KS2)", "Suspension days", "EnrolementStatus", "IDACI_S", "Estab"]
)
def test_headings_that_are_left_out(heading: str) -> None:
    """Nothing in the contract is meant by them; a person can still give them a meaning."""
    assert _meaning(heading, Context(Known(date(2026, 3, 3)), own_synonyms())) is None


def take_in(name: str) -> int:
    """The import of a real file by its mapping, as on the command line."""
    mapping = str(REAL / f"{name}.mapping.json")
    return main(["import", str(REAL / f"{name}.csv"), "--mapping", mapping, "--dated", "2026-03-03"])


def test_results_in_portuguese(data: Path) -> None:
    assert take_in("student-por") == 0
    query = """select (select count(*) from store.pupils), (select count(*) from store.placements),
                      (select count(*) from store.assessments where value = '0'),
                      (select count(*) from store.assessments where assessed_on = '2026-02-27')"""
    raw = pl.read_csv(REAL / "student-por.csv", separator=";", infer_schema=False)
    sat = raw.filter(pl.col("G3") != "0").height
    support = raw.filter(pl.col("schoolsup") == "yes").height
    # Every first result is kept as it is; a zero after a real score is no score.
    first = raw.filter(pl.col("G1") == "0").height
    assert open_store(data).cursor().sql(query).fetchall() == [(raw.height, support, first, sat)]
    assert sat == raw.height - 5


def test_national_figures_keep_what_is_withheld(data: Path) -> None:
    assert take_in("dfe_sen_national") == 0
    query = """select measure, group_code, academic_year, source, value from store.comparators
               where group_code in ('All pupils comparison', 'CPPO at 31 March') order by all"""
    assert open_store(data).cursor().sql(query).fetchall() == [
        ("ehc_plan_percentage", "All pupils comparison", "2021/22", "national", "3.9"),
        ("ehc_plan_percentage", "CPPO at 31 March", "2021/22", "national", "10.1"),
        ("pmld_percentage_of_sen_support", "All pupils comparison", "2021/22", "national", "0.1"),
        ("pmld_percentage_of_sen_support", "CPPO at 31 March", "2021/22", "national", "c"),
        ("sen_support_percentage", "All pupils comparison", "2021/22", "national", "12.4"),
        ("sen_support_percentage", "CPPO at 31 March", "2021/22", "national", "29.1"),
    ]


@pytest.mark.parametrize("headings", ["Preferred Surname,Legal Surname", "Legal Surname,Preferred Surname"])
def test_a_pupil_is_known_by_the_legal_name(data: Path, headings: str, tmp_path: Path) -> None:
    names = {"Preferred Surname": "Oak", "Legal Surname": "Ash"}
    surnames = ",".join(names[heading] for heading in headings.split(","))
    roll = tmp_path / "roll.csv"
    roll.write_text(f"Adno,{headings},Forename,NC Year\n1,{surnames},Robin,5\n")
    assert main(["import", str(roll)]) == 0
    assert open_store(data).cursor().sql("select surname from store.pupils").fetchall() == [("Ash",)]
