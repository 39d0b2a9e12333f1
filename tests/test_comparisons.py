"""Our figures beside others': worked out by hand, symbols kept, and what to bear in mind said."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.exports import export
from provmap.questions import ask, make_filter
from provmap.store import Edit, Store, forget_stores, open_store, rows_to_edit, save
from provmap.ui.comparing import figures_of
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, answer, day, tiny_school, tiny_schools
from tests.typed import type_in

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


# Each case is a school of one store, where tests only ask.
CASES: dict[str, dict[str, list[dict[str, Any]]]] = {}


def tables(*comparators: dict[str, Any], **rows: Any) -> dict[str, list[dict[str, Any]]]:
    usual = {"pupils": LEFT + HERE, "enrolments": THEN, "assessments": RESULTS}
    return usual | {"comparators": list(comparators)} | rows


def beside(*comparators: dict[str, Any], **rows: Any) -> str:
    """Writes a case down: its school in the store."""
    name = f"school {len(CASES) + 1}"
    CASES[name] = tables(*comparators, **rows)
    return name


def in_school(*comparators: dict[str, Any], **rows: Any) -> pytest.MarkDecorator:
    """For a test of one case."""
    return pytest.mark.parametrize("case", [beside(*comparators, **rows)])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield tiny_schools(tmp_path_factory.mktemp("comparisons"), CASES)
    forget_stores()


def compared(store: Store, case: str, as_at: date = DAY) -> list[dict[str, Any]]:
    return answer(store, "comparisons", as_at, schools=[case])


@in_school(NATIONAL)
def test_ours_is_of_those_who_were_in_the_year_group_then(store: Store, case: str) -> None:
    row, past = compared(store, case)
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


@in_school(NATIONAL | {"academic_year": "2019/20"})
def test_a_figure_of_another_year_is_beside_our_latest_and_says_so(store: Store, case: str) -> None:
    row = compared(store, case)[-1]
    assert (row["academic_year"], row["own_year"], row["ours"]) == ("2019/20", "2025/26", "50% (1 of 2)")
    assert row["caution"].startswith("Ours is of 2025/26. Ours is this year so far")


SYMBOLS = {"c": "c: withheld", "X": "x: not available", "z": "z: not applicable", "low": "low: rounds to 0"}


@pytest.mark.parametrize(
    ("case", "symbol"), [(beside(NATIONAL | {"value": symbol}), symbol) for symbol in SYMBOLS]
)
def test_a_symbol_is_kept_and_explained_and_is_no_number(store: Store, case: str, symbol: str) -> None:
    row = compared(store, case)[0]
    assert (row["value"], row["theirs"], row["figure"]) == (symbol, symbol, None)
    assert (row["difference"], row["apart"]) == (None, None)
    assert row["caution"].startswith(SYMBOLS[symbol])


@in_school(NATIONAL | {"value": "0"})
def test_a_zero_is_a_number_and_no_symbol(store: Store, case: str) -> None:
    row = compared(store, case)[0]
    assert (row["figure"], row["theirs"]) == (0, "0%")


@pytest.mark.parametrize(
    ("case", "figure"),
    [
        (beside(NATIONAL | {"value": written}), figure)
        for written, figure in [("0.74", 0.74), ("74", 0.74), ("74%", 0.74), ("1", 1), ("0.5%", 0.005)]
    ],
)
def test_a_share_may_be_written_in_percent(store: Store, case: str, figure: float) -> None:
    assert compared(store, case)[0]["figure"] == pytest.approx(figure)


DEPTH = NATIONAL | {"measure": "greater_depth_share"}
READ = "Read as a part of one"


def written_after(others: tuple[str, ...], written: str) -> str:
    earlier = [DEPTH | {"academic_year": "2023/24", "value": value} for value in others]
    # What another source writes, and this one of another measure, settles nothing.
    elsewhere = [DEPTH | {"source": "similar schools", "value": "40"}, NATIONAL | {"value": "74"}]
    return beside(DEPTH | {"value": written}, *earlier, *elsewhere)


@pytest.mark.parametrize(
    ("case", "figure", "said"),
    [
        # Percent: another figure of the same source and measure is above 1.
        (written_after(("2",), "1"), 0.01, "Read as percent"),
        (written_after(("2",), "0.5"), 0.005, "Read as percent"),
        # A part of one: hundredths settle it, and nothing need be said.
        (written_after(("0.07",), "0.5"), 0.5, None),
        (written_after((), "0.07"), 0.07, None),
        # It cannot be known, so it is said how it was read.
        (written_after((), "1"), 1, READ),
        (written_after((), "0.8"), 0.8, READ),
        (written_after(("29%",), "1"), 1, READ),
        # With a sign nothing is left to settle.
        (written_after(("2",), "0.5%"), 0.005, None),
        (written_after((), "0"), 0, None),
    ],
)
def test_percent_or_part_of_one_is_settled_for_a_source(
    store: Store, case: str, figure: float, said: str | None
) -> None:
    rows = compared(store, case)
    which = ("greater_depth_share", "national", "2024/25")
    (row,) = [row for row in rows if (row["measure"], row["beside"], row["academic_year"]) == which]
    assert row["figure"] == pytest.approx(figure)
    assert row["caution"].startswith(said) if said else "Read as" not in row["caution"]


@in_school(NATIONAL | {"value": "about half"})
def test_words_are_no_figure_and_that_is_said(store: Store, case: str) -> None:
    row = compared(store, case)[0]
    assert (row["figure"], row["theirs"]) == (None, "about half")
    assert "Theirs cannot be read as a number" in row["caution"]


@in_school(NATIONAL | {"measure": "greater_depth_share", "value": "0.29"})
def test_greater_depth_counts_who_is_at_that_mark(store: Store, case: str) -> None:
    row = compared(store, case)[0]
    assert (row["own_counted"], row["own_of"], row["ours"]) == (1, 3, "33% (1 of 3)")


@in_school(NATIONAL | {"measure": "mean_value", "value": "2.1"})
def test_no_mean_is_taken_over_grades(store: Store, case: str) -> None:
    row = compared(store, case)[0]
    assert (row["own_value"], row["ours"], row["difference"]) == (None, None, None)
    assert "No mean is taken over words or grades" in row["caution"]


def on_scale(scale: str, values: tuple[str, ...], national: str) -> str:
    scores = [result(n, value, scale=scale) for n, value in zip((1, 2), values, strict=True)]
    mean = NATIONAL | {"measure": "mean_value", "scale": scale, "value": national}
    return beside(mean, assessments=[*scores, result(3, "50", scale="standardised")])


@pytest.mark.parametrize(
    ("case", "said", "counted"),
    [
        (on_scale("scaled score", ("100", "111"), "106"), "0.5 points below: behind", 2),
        (on_scale("SDQ total", ("10", "11"), "12"), "1.5 points below: better", 2),
        (on_scale("scaled score", ("100", "N"), "100"), "level", 1),
    ],
)
def test_a_mean_is_of_one_scale_and_lower_can_be_better(
    store: Store, case: str, said: str, counted: int
) -> None:
    row = compared(store, case)[0]
    assert (row["apart"], row["own_of"]) == (said, counted)


@in_school(
    NATIONAL | {"academic_year": "2025/26", "value": "0.665"},
    pupils=[pupil(n, "6") for n in range(1, 41)],
    enrolments=[],
    assessments=[result(n, "EXS" if n <= 27 else "WTS", day("02-10")) for n in range(1, 41)],
)
def test_halves_go_up_for_show_alone(store: Store, case: str) -> None:
    row = compared(store, case)[0]
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


CHESS = [
    {"pupil_id": who, "group_code": "chess", "start_date": date(2024, 9, 1), "end_date": last}
    for who, last in (("1", LAST_JUNE), ("2", LAST_JUNE - timedelta(days=1)))
]


@in_school(NATIONAL | {"group_code": "chess"}, memberships=CHESS)
def test_a_group_is_who_was_in_it_on_the_last_day_measured(store: Store, case: str) -> None:
    row = compared(store, case)[0]
    assert (row["own_of"], row["ours"]) == (1, "100% (1 of 1)")


@in_school(NATIONAL | {"group_code": "all"}, memberships=CHESS)
def test_everybody_is_a_group_too(store: Store, case: str) -> None:
    everyone = compared(store, case)[0]
    assert (everyone["own_of"], everyone["group"]) == (3, "All pupils")


def scores(numbers: range, on: date, value: str = "95") -> list[dict[str, Any]]:
    return [result(n, value, on, scale="standardised") for n in numbers]


MEAN = NATIONAL | {"measure": "mean_value", "scale": "standardised", "value": "100"}


def ten_left(*later: dict[str, Any]) -> str:
    leavers = [pupil(n, "6", leaving_date=date(2025, 7, 18)) for n in range(1, 11)]
    then = [
        {"pupil_id": str(n), "academic_year": "2024/25", "year_group": "4" if n == 11 else "6"}
        for n in range(1, 13)
    ]
    return beside(
        MEAN,
        pupils=[*leavers, pupil(11, "5"), pupil(12, "7")],
        enrolments=then,
        assessments=[*scores(range(1, 12), date(2025, 7, 1)), *later],
    )


@pytest.mark.parametrize(
    ("case", "counted"),
    [
        (ten_left(), "95.0 (10 scores)"),
        # A pupil of another year, and one of the same year, is tested after the ten have left.
        (ten_left(*scores(range(11, 12), date(2025, 7, 21))), "95.0 (10 scores)"),
        (ten_left(*scores(range(12, 13), date(2025, 7, 21), "106")), "96.0 (11 scores)"),
    ],
)
def test_one_late_test_does_not_drop_who_had_left(store: Store, case: str, counted: str) -> None:
    assert compared(store, case)[0]["ours"] == counted


@in_school(
    MEAN,
    pupils=[pupil(1, "6", leaving_date=date(2024, 12, 20)), *(pupil(n, "6") for n in (2, 3))],
    enrolments=[{"pupil_id": str(n), "academic_year": "2024/25", "year_group": "6"} for n in (1, 2, 3)],
    assessments=[
        *scores(range(1, 3), date(2024, 11, 4), "80"), *scores(range(3, 4), date(2025, 7, 1), "90")
    ],
)  # fmt: skip
def test_who_left_before_the_last_term_measured_is_not_counted_in_it(store: Store, case: str) -> None:
    row = compared(store, case)[0]
    # Pupil 2 is still there and counts by the autumn; pupil 1 had gone.
    assert (row["ours"], row["pupils"]) == ("85.0 (2 scores)", 2)


@in_school(MEAN, pupils=[pupil(1, "6")], assessments=scores(range(1, 2), date(2025, 11, 3)))
def test_a_single_score_is_one_score(store: Store, case: str) -> None:
    assert compared(store, case)[0]["ours"] == "95.0 (1 score)"


def span(who: int, last: date, possible: float, attended: float) -> dict[str, Any]:
    return {
        "pupil_id": str(who), "start_date": date(2025, 9, 8), "end_date": last, "possible": possible,
        "attended": attended,
    }  # fmt: skip


THIS_YEAR = {"academic_year": "2025/26", "source": "national", "year_group": "6"}
RATE = THIS_YEAR | {"measure": "attendance_share", "value": "94.8"}


@in_school(
    RATE,
    pupils=[pupil(5, "6", leaving_date=date(2025, 10, 3)), pupil(6, "6")],
    enrolments=[],
    assessments=[],
    attendance=[span(5, date(2025, 10, 10), 40.0, 20.0), span(6, date(2025, 12, 19), 60.0, 60.0)],
)
def test_attendance_of_who_left_within_the_year_counts(store: Store, case: str) -> None:
    row = compared(store, case)[0]
    assert (row["own_counted"], row["own_of"], row["pupils"]) == (80, 100, 2)


def came_to(attended: int) -> str:
    last = date(2025, 10, 24)
    return beside(
        RATE | {"measure": "attendance"},
        THIS_YEAR | {"measure": "persistent_absence_share", "value": "14.6%"},
        attendance=[span(5, last, 30.0, float(attended)), span(6, last, 0.0, 0.0)],
    )


@pytest.mark.parametrize(
    ("case", "attended", "persistent"),
    [
        (came_to(attended), attended, persistent)
        for attended, persistent in [(27, 1), (28, 0), (26, 1), (0, 1)]
    ],
)
def test_exactly_ninety_per_cent_is_persistent_absence(
    store: Store, case: str, attended: int, persistent: int
) -> None:
    rows = {row["measure"]: row for row in compared(store, case)}
    share = rows["persistent_absence_share"]
    # Nothing possible is not applicable: that pupil counts nowhere.
    assert (share["own_counted"], share["own_of"]) == (persistent, 1)
    assert share["apart"].endswith("behind" if persistent else "better")
    assert rows["attendance_share"]["own_value"] == attended / 30
    assert rows["attendance_share"]["ours"].endswith(f"({attended} of 30 sessions)")


@in_school(NATIONAL)
def test_what_is_held_after_the_day_counts_nowhere(store: Store, case: str) -> None:
    rows = compared(store, case, LAST_JUNE - timedelta(days=1))
    assert [(row["ours"], row["caution"]) for row in rows] == [(None, "We hold nothing of our own for it")]


def test_a_filter_keeps_the_comparators_for_it(data: Path) -> None:
    school = tiny_school(data, pupils=HERE, assessments=RESULTS[4:], comparators=[NATIONAL, NATIONAL | {
        "year_group": None, "subject": "writing"}])  # fmt: skip
    assert len(answer(school, "comparisons")) == 2
    assert len(answer(school, "comparisons", year_groups=("6",))) == 1
    assert len(answer(school, "comparisons", subjects=("reading",))) == 1


def test_symbols_are_kept_in_the_file_too(data: Path) -> None:
    symbols = [NATIONAL | {"value": "c"}, NATIONAL | {"source": "local", "value": "low"}]
    store = tiny_school(data, **tables(*symbols))
    filter = make_filter(store, as_at=DAY)
    rows = ask("comparisons", filter, store)
    written = csv.DictReader(
        io.StringIO(export(rows, filter, "comparisons", "csv", store).data.decode("utf-8-sig"))
    )
    assert [row["value"] for row in written if row["beside"] != "our own past"] == ["low", "c"]


def test_an_own_figure_is_corrected_and_taken_out_through_the_journal(data: Path) -> None:
    tiny_school(data, **tables(NATIONAL))
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
        type_in(app, "comparators/new/", value="61%")
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
