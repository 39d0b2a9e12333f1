"""Cells of text become values: each form worked out by hand, and what cannot be read has no value."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provmap.imports.codes import academic_year, year_group
from provmap.imports.dates import FIRST, LAST, read_dates
from provmap.imports.scores import score_notices
from provmap.imports.values import read_values, tidy
from provmap.store import datasets


def values(dataset: str, column: str, *cells: object) -> list[object]:
    """What cells of a column are read as; None where a cell is blank or cannot be read."""
    texts = tidy(pl.DataFrame({column: list(cells)})).to_series()
    return read_values(datasets()[dataset].column(column), texts).values.to_list()


def dates(*cells: str) -> list[date | None]:
    return read_dates(pl.Series(list(cells)))[0].to_list()


THIRD_APRIL = date(2015, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2015-04-03", "2015-4-3", "2015/04/03", "20150403", "03/04/2015", "3/4/2015", "3.4.2015",
        "03-04-2015", "3/4/15", "03-Apr-2015", "3 Apr 15", "3rd April 2015", "3April2015",
        "2015-Apr-03 00:00:00", "2015-04-03T00:00:00Z", "2015-04-03 09:15:30.5", "03/04/2015 00:00",
        "42097", "42097.0",
    ],
)  # fmt: skip
def test_a_date_in_each_form(text: str) -> None:
    assert dates(text) == [THIRD_APRIL]


@pytest.mark.parametrize(
    "text",
    ["30/02/2015", "2015-02-30", "31/04/2015", "1899-12-31", "2101-01-01", "9999", "NULL", "-", "5", "1/2",
     "3/4-2015", "April 2015", "3 Foo 2015", "2015", "99999", "00/01/2015", "03/13/2015 and 13/03/2015"],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert dates(text) == [None]


def test_excel_counts_from_1900() -> None:
    assert dates("44197") == [date(2021, 1, 1)]


class TestMonthFirst:
    def test_only_where_the_whole_column_can_be_nothing_else(self) -> None:
        assert dates("04/13/2015", "04/03/2015") == [date(2015, 4, 13), date(2015, 4, 3)]

    def test_an_ambiguous_column_has_the_day_first(self) -> None:
        assert dates("03/04/2015", "01/02/2015") == [date(2015, 4, 3), date(2015, 2, 1)]

    def test_one_day_first_settles_the_column(self) -> None:
        assert dates("04/13/2015", "13/04/2015", "03/04/2015") == [None, date(2015, 4, 13), date(2015, 4, 3)]

    def test_is_told(self) -> None:
        _, notices = read_dates(pl.Series(["04/13/2015"]))
        assert len(notices) == 1
        assert "month first" in notices[0]


@given(
    st.dates(FIRST, LAST),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%b-%Y", "%Y-%b-%d 00:00:00", "%Y%m%d"]),
)
def test_dates_come_back(day: date, form: str) -> None:
    text = day.strftime(form)
    if form == "%d/%m/%Y":
        # A column in which some day can only be first.
        assert dates(text, "31/12/1999")[0] == day
    else:
        assert dates(text) == [day]


@given(st.dates(date(1930, 1, 1), LAST))
def test_excel_dates_come_back(day: date) -> None:
    assert dates(str((day - date(1899, 12, 30)) // timedelta(days=1))) == [day]


def test_numbers() -> None:
    cells = ["5", "-5", "+5", "5.50", ".5", "1e2", "1,250.5", "£12", "£1,250", "−3", " 7 "]
    assert values("attendance", "authorised", *cells) == [5, -5, 5, 5.5, 0.5, 100, 1250.5, 12, 1250, -3, 7]


def test_no_numbers() -> None:
    cells = [
        "NA",
        "N/A",
        "-",
        "nan",
        "inf",
        "<5",
        "1,2",
        "12,34",
        "1 2",
        "five",
        "0x10",
        "1_000",
        "1e999",
        "٣",
    ]
    assert values("attendance", "authorised", *cells) == [None] * len(cells)


def test_whole_numbers() -> None:
    assert values("needs", "rank", "1", "2.0", "-2", "1,000") == [1, 2, -2, 1000]
    assert values("needs", "rank", "1.5", "x", "99999999999999999999", "") == [None] * 4


def test_yes_and_no() -> None:
    assert values("pupils", "fsm", "y", "Yes", "TRUE", "t", "1", "1.0") == [True] * 6
    assert values("pupils", "fsm", "N", "no", "False", "F", "0", "0.0") == [False] * 6
    assert values("pupils", "fsm", "", "  ", "maybe", "2", "NA") == [None] * 5


def test_ticks_and_the_words_of_the_census() -> None:
    assert values("pupils", "fsm", "\u2713", "\u2714", "Eligible", "\u2718", "not eligible") == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert values("pupils", "fsm", "x", "X", "") == [True, True, None]
    # Beside ticks an x can be a cross.
    assert values("pupils", "fsm", "\u2713", "x") == [True, None]
    assert values("pupils", "young_carer", "P", "s", "N") == [True, True, False]
    assert values("pupils", "fsm", "P") == [None]
    words = ("K - SEN Support", "K - Supported in class", "E \u2013 EHCP", "N - SEN support")
    assert values("pupils", "sen_status", *words) == ["K", "K", "E", None]


def test_only_a_blank_is_missing_in_text() -> None:
    cells = ["NA", "None", "null", "NaN", "-", "0", "No", "", "   ", "\u00a0"]
    assert values("pupils", "surname", *cells) == [
        "NA",
        "None",
        "null",
        "NaN",
        "-",
        "0",
        "No",
        None,
        None,
        None,
    ]


def test_identifiers_keep_their_zeros() -> None:
    assert values("pupils", "pupil_id", " 000123 ", "1E5", "+44") == ["000123", "1E5", "+44"]


def test_a_disarmed_formula_is_what_it_was() -> None:
    cells = ["'=1+1", "'-1", "'@x", "'Arcy", "d'=x", "' =x"]
    assert values("pupils", "class", *cells) == ["=1+1", "-1", "@x", "'Arcy", "d'=x", "=x"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("5", "5"), ("05", "5"), ("Year 5", "5"), ("year5", "5"), ("Y05", "5"), ("Yr 5", "5"),
     ("NC Year 14", "14"), ("5.0", "5"), ("R", "R"), ("r", "R"), ("Reception", "R"), ("Year R", "R"),
     ("0", "R"), ("00", "R"),
     ("e1", "E1"), ("N2", "N2"), ("15", None), ("5 Oak", None), ("Year", None), ("Y", None), ("-1", None),
     ("5.5", None), ("M", "M"), ("x", "X"), ("10", "10"), ("Year 10", "10")],
)  # fmt: skip
def test_year_groups(text: str, code: str | None) -> None:
    assert year_group(text) == code


@pytest.mark.parametrize(
    ("text", "year"),
    [("2025/26", "2025/26"), ("2025-26", "2025/26"), ("202526", "2025/26"), ("2025/2026", "2025/26"),
     ("2025–26", "2025/26"), ("199900", "1999/00"), ("1999/2000", "1999/00"), ("2025/27", None),
     ("2025", None), ("25/26", None), ("199920", None), ("20256", None),
     ("2025261", None), ("2025/25", None)],
)  # fmt: skip
def test_academic_years(text: str, year: str | None) -> None:
    assert academic_year(text) == year


def test_codes_take_their_shipped_form() -> None:
    assert values("needs", "need_code", "slcn", "More able", "MORE-ABLE", "Reading", "our own") == [
        "SLCN", "MORE_ABLE", "MORE_ABLE", "reading", "our own",
    ]  # fmt: skip
    assert values("provisions", "tier", "Wave 1", "wave 2", "3", "Specialist", "wave 4") == [
        "universal", "targeted", "specialist", "specialist", None,
    ]  # fmt: skip
    assert values("need_codes", "area", "Cognition and Learning", "Our Own Area") == [
        "cognition and learning", "our own area",
    ]  # fmt: skip
    assert values("pupils", "sex", "m", "Female", "U", "x") == ["M", "F", "U", None]
    assert values("pupils", "sen_status", "n", "K", "e", "X") == ["N", "K", "E", None]
    words = ("SEN Support", "EHCP", "No SEN", "School Action", "Statement")
    assert values("pupils", "sen_status", *words) == ["K", "E", "N", "A", "S"]


def test_needs_in_words_and_retired_codes() -> None:
    words = ("Autistic spectrum disorder (ASD)", "AUT", "besd", "Moderate Learning Difficulty", "Dyslexia")
    assert values("needs", "need_code", *words) == ["ASD", "ASD", "SEMH", "MLD", "SPLD"]
    # One need bears the name of its area: alone it is the need, in a list the area.
    assert values("needs", "need_code", "Social, Emotional and Mental Health") == ["SEMH"]
    listed = values("placements", "need_codes", "Social, Emotional and Mental Health")
    assert listed == [["social, emotional and mental health"]]
    listed = values("provisions", "need_codes", "More able", "more_able", "MORE_ABLE;reading")
    assert listed == [["more able"], ["MORE_ABLE"], ["MORE_ABLE", "reading"]]
    assert values("memberships", "group_code", "Pupil Premium", "chess") == ["pupil_premium", "chess"]
    assert values("placements", "measure", "Reading / Age", "Attendance") == ["reading/age", "Attendance"]
    assert values("criteria", "comparator", "<", "<=", "=>") == ["<", "<=", None]


def test_a_score_keeps_its_sign() -> None:
    assert values("assessments", "value", "-5", "exs", "GDS", "8.10", "101") == [
        "-5",
        "EXS",
        "GDS",
        "8.10",
        "101",
    ]


def test_lists() -> None:
    assert values("placements", "need_codes", "slcn; Asd ;;SLCN", "x", ";", "") == [
        ["SLCN", "ASD"],
        ["x"],
        [],
        None,
    ]
    assert values("provisions", "year_groups", "Year 5;6", "5;Year 99") == [["5", "6"], None]


class TestFromParquet:
    def test_types_are_kept(self) -> None:
        assert values("pupils", "date_of_birth", THIRD_APRIL, None) == [THIRD_APRIL, None]
        assert values("pupils", "fsm", True, None) == [True, None]
        assert values("attendance", "authorised", 1.5, float("nan")) == [1.5, None]
        assert values("needs", "rank", 1, None) == [1, None]

    def test_numbers_of_another_kind(self) -> None:
        assert values("pupils", "pupil_id", 7.0, 12.0, None) == ["7", "12", None]
        assert values("pupils", "year_group", 5, 0) == ["5", "R"]
        assert values("attendance", "authorised", 3, None) == [3.0, None]
        assert values("pupils", "fsm", 1, 0) == [True, False]

    def test_lists_are_kept(self) -> None:
        assert values("placements", "need_codes", ["slcn", None, "x"], []) == [["SLCN", "x"], None]


def test_a_value_that_is_no_score_is_kept_and_said() -> None:
    rows = pl.DataFrame({
        "scale": ["standardised", "Standardised", "standardised", "teacher judgement", "our own"],
        "value": ["95", "banana", "A", "banana", "banana"],
    })  # fmt: skip
    (told,) = score_notices("a.csv", "value", rows, pl.Series("line", [2, 3, 4, 5, 6], dtype=pl.UInt32))
    assert told.select("line", "value", "verdict").rows() == [(3, "banana", "notice")]


def test_a_score_outside_its_scale_is_told() -> None:
    given = [
        ("scaled score", "999"), ("phonics check", "400"), ("multiplication check", "26"),
        ("standardised", "-5"), ("age", "8"), ("SDQ total", "40"), ("standardised", "142"), ("age", "102"),
        ("Boxall I", "-1"), ("our own", "1e6"), ("standardised", "1e2"),
    ]  # fmt: skip
    rows = pl.DataFrame(given, schema=["scale", "value"], orient="row")
    lines = pl.int_range(2, len(given) + 2, dtype=pl.UInt32, eager=True)
    told = pl.concat(score_notices("a.csv", "value", rows, lines))
    assert told.select("line", "expected").rows() == [
        (12, "a score on its scale, or a code such as A for absent"),
        (2, "a score on its scale: 80 to 120"), (3, "a score on its scale: 0 to 40"),
        (4, "a score on its scale: 0 to 25"), (5, "a score on its scale: 40 to 160"),
        (6, "a score on its scale: 36 to 300"), (10, "a score on its scale: 0 or more"),
    ]  # fmt: skip
    assert set(told["verdict"]) == {"notice"}
