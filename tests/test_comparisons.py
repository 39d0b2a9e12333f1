"""Our figures beside others': worked out by hand, symbols kept, and what to bear in mind said."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.exports import export
from provmap.questions import ask, make_filter
from provmap.store import Edit, open_store, rows_to_edit, save
from provmap.ui.comparing import figures_of
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, answer, day, tiny_school

TJ = "teacher judgement"
NATIONAL = {"measure": "expected_share", "subject": "reading", "scale": TJ, "year_group": "6",
            "academic_year": "2024/25", "source": "national", "value": "0.74"}  # fmt: skip
LAST_JUNE = date(2025, 6, 20)


def pupil(number: int, year: str, **more: Any) -> dict[str, Any]:
    return {"pupil_id": str(number), "surname": f"S{number}", "forename": "A", "year_group": year} | more


# Four in Year 6 last year, who have all left since, and two of Year 6 now.
LEFT = [pupil(n, "6", leaving_date=date(2025, 7, 22)) for n in range(1, 5)]
HERE = [pupil(n, "6") for n in (5, 6)]
THEN = [
    {"pupil_id": str(n), "academic_year": "2024/25", "year_group": "6" if n < 5 else "5"} for n in range(1, 7)
]  # fmt: skip


def result(number: int, value: str, on: date = LAST_JUNE, **more: Any) -> dict[str, Any]:
    return {
        "pupil_id": str(number),
        "subject": "reading",
        "scale": TJ,
        "value": value,
        "assessed_on": on,
    } | more


RESULTS = [result(1, "EXS"), result(2, "GDS"), result(3, "WTS"), result(4, "A"),
           result(5, "EXS", day("02-10")), result(6, "WTS", day("02-10"))]  # fmt: skip


def compared(folder: Path, *comparators: dict[str, Any], **rows: Any) -> list[dict[str, Any]]:
    tables = {"pupils": LEFT + HERE, "enrolments": THEN, "assessments": RESULTS} | rows
    return answer(tiny_school(folder, comparators=list(comparators), **tables), "comparisons")


def test_ours_is_of_those_who_were_in_the_year_group_then(data: Path) -> None:
    row, past = compared(data, NATIONAL)
    assert (row["own_counted"], row["own_of"], row["pupils"], row["own_year"]) == (2, 3, 4, "2024/25")
    assert row["difference"] == pytest.approx(100 * (2 / 3 - 0.74))
    assert (row["ours"], row["theirs"], row["apart"]) == (
        "67% (2 of 3)", "74%", "7 points below: behind"
    )  # fmt: skip
    assert row["caution"] == "Only 3 of ours: one pupil moves it far. 3 of our 4 pupils are measured"
    # The school's own past is worked out, and stands beside what it is now.
    assert (past["beside"], past["academic_year"], past["value"]) == ("our own past", "2024/25", None)
    assert (past["theirs"], past["ours"], past["own_year"]) == ("67%", "50% (1 of 2)", "2025/26")
    assert past["caution"].startswith("Ours is this year so far")


def test_a_figure_of_another_year_is_beside_our_latest_and_says_so(data: Path) -> None:
    row = compared(data, NATIONAL | {"academic_year": "2019/20"})[-1]
    assert (row["academic_year"], row["own_year"], row["ours"]) == ("2019/20", "2025/26", "50% (1 of 2)")
    assert row["caution"].startswith("Ours is of 2025/26. Ours is this year so far")


SYMBOLS = {"c": "c: withheld", "X": "x: not available", "z": "z: not applicable", "low": "low: rounds to 0"}


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_a_symbol_is_kept_and_explained_and_is_no_number(data: Path, symbol: str) -> None:
    row = compared(data, NATIONAL | {"value": symbol})[0]
    assert (row["value"], row["theirs"], row["figure"]) == (symbol, symbol, None)
    assert (row["difference"], row["apart"]) == (None, None)
    assert row["caution"].startswith(SYMBOLS[symbol])


def test_a_zero_is_a_number_and_no_symbol(data: Path) -> None:
    row = compared(data, NATIONAL | {"value": "0"})[0]
    assert (row["figure"], row["theirs"]) == (0, "0%")


@pytest.mark.parametrize(
    ("written", "figure"), [("0.74", 0.74), ("74", 0.74), ("74%", 0.74), ("1", 1), ("0.5%", 0.005)]
)
def test_a_share_may_be_written_in_percent(data: Path, written: str, figure: float) -> None:
    assert compared(data, NATIONAL | {"value": written})[0]["figure"] == pytest.approx(figure)


DEPTH = NATIONAL | {"measure": "greater_depth_share"}
READ = "Read as a part of one"


@pytest.mark.parametrize(
    ("others", "written", "figure", "said"),
    [
        # Percent: another figure of the same source and measure is above 1.
        (("2",), "1", 0.01, "Read as percent"),
        (("2",), "0.5", 0.005, "Read as percent"),
        # A part of one: hundredths settle it, and nothing need be said.
        (("0.07",), "0.5", 0.5, None),
        ((), "0.07", 0.07, None),
        # It cannot be known, so it is said how it was read.
        ((), "1", 1, READ),
        ((), "0.8", 0.8, READ),
        (("29%",), "1", 1, READ),
        # With a sign nothing is left to settle.
        (("2",), "0.5%", 0.005, None),
        ((), "0", 0, None),
    ],
)
def test_percent_or_part_of_one_is_settled_for_a_source(
    data: Path, others: tuple[str, ...], written: str, figure: float, said: str | None
) -> None:
    earlier = [DEPTH | {"academic_year": "2023/24", "value": value} for value in others]
    # What another source writes, and this one of another measure, settles nothing.
    beside = [DEPTH | {"source": "similar schools", "value": "40"}, NATIONAL | {"value": "74"}]
    rows = compared(data, DEPTH | {"value": written}, *earlier, *beside)
    which = ("greater_depth_share", "national", "2024/25")
    (row,) = [row for row in rows if (row["measure"], row["beside"], row["academic_year"]) == which]
    assert row["figure"] == pytest.approx(figure)
    assert row["caution"].startswith(said) if said else "Read as" not in row["caution"]


def test_words_are_no_figure_and_that_is_said(data: Path) -> None:
    row = compared(data, NATIONAL | {"value": "about half"})[0]
    assert (row["figure"], row["theirs"]) == (None, "about half")
    assert "Theirs cannot be read as a number" in row["caution"]


def test_greater_depth_counts_who_is_at_that_mark(data: Path) -> None:
    row = compared(data, NATIONAL | {"measure": "greater_depth_share", "value": "0.29"})[0]
    assert (row["own_counted"], row["own_of"], row["ours"]) == (1, 3, "33% (1 of 3)")


def test_no_mean_is_taken_over_grades(data: Path) -> None:
    row = compared(data, NATIONAL | {"measure": "mean_value", "value": "2.1"})[0]
    assert (row["own_value"], row["ours"], row["difference"]) == (None, None, None)
    assert "No mean is taken over words or grades" in row["caution"]


@pytest.mark.parametrize(
    ("scale", "values", "national", "said"),
    [
        ("scaled score", ("100", "111"), "106", "0.5 points below: behind"),
        ("SDQ total", ("10", "11"), "12", "1.5 points below: better"),
        ("scaled score", ("100", "N"), "100", "level"),
    ],
)
def test_a_mean_is_of_one_scale_and_lower_can_be_better(
    data: Path, scale: str, values: tuple[str, ...], national: str, said: str
) -> None:
    scores = [result(n, value, scale=scale) for n, value in zip((1, 2), values, strict=True)]
    mean = NATIONAL | {"measure": "mean_value", "scale": scale, "value": national}
    row = compared(data, mean, assessments=[*scores, result(3, "50", scale="standardised")])[0]
    assert row["apart"] == said
    assert row["own_of"] == sum(value != "N" for value in values)


def test_halves_go_up_for_show_alone(data: Path) -> None:
    pupils = [pupil(n, "6") for n in range(1, 41)]
    scores = [result(n, "EXS" if n <= 27 else "WTS", day("02-10")) for n in range(1, 41)]
    now = NATIONAL | {"academic_year": "2025/26", "value": "0.665"}
    row = compared(data, now, pupils=pupils, enrolments=[], assessments=scores)[0]
    assert row["own_value"] == 0.675
    assert (row["ours"], row["theirs"], row["apart"]) == (
        "68% (27 of 40)", "67%", "1 point above: better"
    )  # fmt: skip


def drawn(store: Any) -> list[tuple[Any, ...]]:
    rows = ask("comparisons", make_filter(store, as_at=DAY), store)
    figures = figures_of(rows, {"6": "Year 6"}, {"a": "Ash", "b": "Beech"})
    return [
        (row["named"], row["who"], row["shown"]) for row in figures.sort("named", "who").iter_rows(named=True)
    ]


def test_two_scales_never_share_a_row_of_the_chart(data: Path) -> None:
    """Standardised 4 of 5 beside 60%, teacher judgement 1 of 5 beside 75%: two rows, and both of ours."""
    now = NATIONAL | {"academic_year": "2025/26"}
    figures = [now | {"value": "75%"}, now | {"value": "60%", "scale": "standardised"}]
    marks = [{"scale": "standardised", "subject": "reading", "year_group": "6", "term": "spring",
              "expected": "100"}]  # fmt: skip
    given = [
        result(n, value, day("02-10"), scale=scale)
        for n in range(1, 6)
        for scale, value in ((TJ, "EXS" if n == 1 else "WTS"), ("standardised", "99" if n == 1 else "100"))
    ]
    store = tiny_school(
        data, pupils=[pupil(n, "6") for n in range(1, 6)], comparators=figures, assessments=given,
        expectations=marks,
    )  # fmt: skip
    assert drawn(store) == [
        ("Reading, Year 6, All pupils, standardised", "national", "60%"),
        ("Reading, Year 6, All pupils, standardised", "ours", "80% (4 of 5)"),
        ("Reading, Year 6, All pupils, teacher judgement", "national", "75%"),
        ("Reading, Year 6, All pupils, teacher judgement", "ours", "20% (1 of 5)"),
    ]


def test_two_schools_never_share_a_row_of_the_chart(data: Path) -> None:
    now = NATIONAL | {"academic_year": "2025/26", "value": "75%"}
    store = tiny_school(
        data,
        pupils=[pupil(n, "6", school_id=school) for n, school in ((1, "a"), (2, "b"))],
        comparators=[now | {"school_id": school} for school in "ab"],
        assessments=[
            result(1, "EXS", day("02-10"), school_id="a"),
            result(2, "WTS", day("02-10"), school_id="b"),
        ],
    )
    assert drawn(store) == [
        ("Reading, Year 6, All pupils, Ash", "national", "75%"),
        ("Reading, Year 6, All pupils, Ash", "ours", "100% (1 of 1)"),
        ("Reading, Year 6, All pupils, Beech", "national", "75%"),
        ("Reading, Year 6, All pupils, Beech", "ours", "0% (0 of 1)"),
    ]


def test_a_group_is_who_was_in_it_on_the_last_day_measured(data: Path) -> None:
    groups = [
        {"pupil_id": "1", "group_code": "chess", "start_date": date(2024, 9, 1), "end_date": LAST_JUNE},
        {"pupil_id": "2", "group_code": "chess", "start_date": date(2024, 9, 1),
         "end_date": LAST_JUNE - timedelta(days=1)},
    ]  # fmt: skip
    row = compared(data, NATIONAL | {"group_code": "chess"}, memberships=groups)[0]
    assert (row["own_of"], row["ours"]) == (1, "100% (1 of 1)")
    everyone = compared(data / "all", NATIONAL | {"group_code": "all"}, memberships=groups)[0]
    assert (everyone["own_of"], everyone["group"]) == (3, "All pupils")


def scores(numbers: range, on: date, value: str = "95") -> list[dict[str, Any]]:
    return [result(n, value, on, scale="standardised") for n in numbers]


MEAN = NATIONAL | {"measure": "mean_value", "scale": "standardised", "value": "100"}


@pytest.mark.parametrize(
    ("later", "counted"),
    [
        ((), "95.0 (10 scores)"),
        # A pupil of another year, and one of the same year, is tested after the ten have left.
        (scores(range(11, 12), date(2025, 7, 21)), "95.0 (10 scores)"),
        (scores(range(12, 13), date(2025, 7, 21), "106"), "96.0 (11 scores)"),
    ],
)
def test_one_late_test_does_not_drop_who_had_left(data: Path, later: list[Any], counted: str) -> None:
    leavers = [pupil(n, "6", leaving_date=date(2025, 7, 18)) for n in range(1, 11)]
    rolls = [*leavers, pupil(11, "5"), pupil(12, "7")]
    then = [
        {"pupil_id": str(n), "academic_year": "2024/25", "year_group": "4" if n == 11 else "6"}
        for n in range(1, 13)
    ]
    tested = [*scores(range(1, 12), date(2025, 7, 1)), *later]
    rows = compared(data, MEAN, pupils=rolls, enrolments=then, assessments=tested)
    assert rows[0]["ours"] == counted


def test_who_left_before_the_last_term_measured_is_not_counted_in_it(data: Path) -> None:
    rolls = [pupil(1, "6", leaving_date=date(2024, 12, 20)), *(pupil(n, "6") for n in (2, 3))]
    then = [{"pupil_id": str(n), "academic_year": "2024/25", "year_group": "6"} for n in (1, 2, 3)]
    tested = [*scores(range(1, 3), date(2024, 11, 4), "80"), *scores(range(3, 4), date(2025, 7, 1), "90")]
    row = compared(data, MEAN, pupils=rolls, enrolments=then, assessments=tested)[0]
    # Pupil 2 is still there and counts by the autumn; pupil 1 had gone.
    assert (row["ours"], row["pupils"]) == ("85.0 (2 scores)", 2)


def test_attendance_of_who_left_within_the_year_counts(data: Path) -> None:
    rolls = [pupil(5, "6", leaving_date=date(2025, 10, 3)), pupil(6, "6")]
    spans = [
        {"pupil_id": "5", "start_date": date(2025, 9, 8), "end_date": date(2025, 10, 10), "possible": 40.0,
         "attended": 20.0},
        {"pupil_id": "6", "start_date": date(2025, 9, 8), "end_date": date(2025, 12, 19), "possible": 60.0,
         "attended": 60.0},
    ]  # fmt: skip
    about = {"academic_year": "2025/26", "source": "national", "year_group": "6", "value": "94.8"}
    rate = about | {"measure": "attendance_share"}
    row = compared(data, rate, pupils=rolls, enrolments=[], assessments=[], attendance=spans)[0]
    assert (row["own_counted"], row["own_of"], row["pupils"]) == (80, 100, 2)


@pytest.mark.parametrize(("attended", "persistent"), [(27, 1), (28, 0), (26, 1), (0, 1)])
def test_exactly_ninety_per_cent_is_persistent_absence(data: Path, attended: int, persistent: int) -> None:
    spans = [{"pupil_id": str(n), "start_date": date(2025, 9, 8), "end_date": date(2025, 10, 24),
              "possible": possible, "attended": came}
             for n, possible, came in ((5, 30.0, float(attended)), (6, 0.0, 0.0))]  # fmt: skip
    about = {"academic_year": "2025/26", "source": "national", "year_group": "6"}
    rate = about | {"measure": "attendance", "value": "94.8"}
    persistence = about | {"measure": "persistent_absence_share", "value": "14.6%"}
    rows = {row["measure"]: row for row in compared(data, rate, persistence, attendance=spans)}
    share = rows["persistent_absence_share"]
    # Nothing possible is not applicable: that pupil counts nowhere.
    assert (share["own_counted"], share["own_of"]) == (persistent, 1)
    assert share["apart"].endswith("behind" if persistent else "better")
    assert rows["attendance_share"]["own_value"] == attended / 30
    assert rows["attendance_share"]["ours"].endswith(f"({attended} of 30 sessions)")


def test_what_is_held_after_the_day_counts_nowhere(data: Path) -> None:
    school = tiny_school(
        data, pupils=LEFT + HERE, enrolments=THEN, assessments=RESULTS, comparators=[NATIONAL]
    )
    rows = answer(school, "comparisons", LAST_JUNE - timedelta(days=1))
    assert [(row["ours"], row["caution"]) for row in rows] == [(None, "We hold nothing of our own for it")]


def test_a_filter_keeps_the_comparators_for_it(data: Path) -> None:
    school = tiny_school(data, pupils=HERE, assessments=RESULTS[4:], comparators=[NATIONAL, NATIONAL | {
        "year_group": None, "subject": "writing"}])  # fmt: skip
    assert len(answer(school, "comparisons")) == 2
    assert len(answer(school, "comparisons", year_groups=("6",))) == 1
    assert len(answer(school, "comparisons", subjects=("reading",))) == 1


def test_symbols_are_kept_in_the_file_too(data: Path) -> None:
    compared(data, NATIONAL | {"value": "c"}, NATIONAL | {"source": "local", "value": "low"})
    store = open_store(data)
    filter = make_filter(store, as_at=DAY)
    rows = ask("comparisons", filter, store)
    written = csv.DictReader(
        io.StringIO(export(rows, filter, "comparisons", "csv", store).data.decode("utf-8-sig"))
    )
    assert [row["value"] for row in written if row["beside"] != "our own past"] == ["low", "c"]


def test_an_own_figure_is_corrected_and_taken_out_through_the_journal(data: Path) -> None:
    compared(data, NATIONAL)
    row = rows_to_edit(open_store(data), "comparators").row(0, named=True)
    save(
        open_store(data), "Head", [Edit("comparators", {"value": "0.70"}, row["row_key"], row["row_version"])]
    )
    assert answer(open_store(data), "comparisons")[0]["theirs"] == "70%"


class TestPage:
    @pytest.fixture
    def school(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        tiny_school(data, pupils=HERE, assessments=RESULTS[4:], comparators=[NATIONAL | {"value": "c"}])
        monkeypatch.setattr("provmap.store.opened.Store.today", DAY)
        return data

    def test_a_symbol_is_on_the_screen_and_explained(self, school: Path) -> None:
        app = open_app("comparisons")
        assert list(app.dataframe[0].value["theirs"]) == ["c"]
        assert "c: withheld, as so few pupils could be recognised" in words_of(app)

    def test_a_figure_is_entered(self, school: Path) -> None:
        app = open_app("comparisons")
        fields = {"measure": "expected_share", "subject": "reading", "scale": TJ, "year_group": "6",
                  "source": "similar schools"}  # fmt: skip
        for name, value in fields.items():
            app.selectbox(key=f"comparator_None_{name}").set_value(value)
        app.text_input(key="comparator_None_value").set_value("61%")
        app.text_input(key="writer_comparator").set_value("Ms Oak")
        next(one for one in app.button if one.label == "Save the figure").click().run()
        assert not app.exception
        rows = [
            row for row in answer(open_store(school), "comparisons") if row["beside"] == "similar schools"
        ]
        assert [(row["academic_year"], row["theirs"], row["apart"]) for row in rows] == [
            ("2025/26", "61%", "11 points below: behind")
        ]

    def test_a_share_of_no_scale_is_refused(self, school: Path) -> None:
        app = open_app("comparisons")
        app.selectbox(key="comparator_None_measure").set_value("expected_share")
        app.text_input(key="writer_comparator").set_value("Ms Oak")
        next(one for one in app.button if one.label == "Save the figure").click().run()
        assert "on which scale" in app.error[0].value
