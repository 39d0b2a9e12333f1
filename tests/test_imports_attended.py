"""Attendance as schools print it: a column a half-term, or one percentage for the year so far.

When to write one: for each heading of attendance that a real export has shown.
"""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, preview
from provmap.imports.attended import read_heading, sessions
from provmap.imports.half_terms import Terms, day_of
from provmap.imports.plans import Plan
from provmap.imports.unread import MARK
from provmap.store import open_store
from tests.test_mapping_page import widget
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, tiny_school

WIDE = """Adno,Aut1 %,HT2 Att %,Autumn 2 possible,Spr 1 attended,Spr 1 possible
1,95.5%,92.5,70,55,58
2,,100,70,,58
"""


@pytest.fixture
def school(data: Path) -> Path:
    """Two pupils, held."""
    tiny_school(data, pupils=[PUPIL, PUPIL | {"pupil_id": "2"}])
    return data


def look(folder: Path, text: str, plan: Plan | None = None, dated: date = DAY) -> Preview:
    return preview(folder, [("att.csv", text.encode())], dated, plans={"att.csv": plan} if plan else None)


def possible(plan: Plan, number: str) -> Plan:
    """The plan in which so many sessions were possible wherever that is asked."""
    *others, output = plan.outputs
    each = tuple(
        replace(one, set={name: number if text == "?" else text for name, text in one.set.items()})
        for one in output.each
    )
    return replace(plan, outputs=(*others, replace(output, each=each)))


def held(folder: Path) -> list[tuple[Any, ...]]:
    query = """select pupil_id, start_date::varchar, end_date::varchar, possible, attended
               from store.attendance order by all"""
    return open_store(folder).cursor().sql(query).fetchall()


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Aut1 %", ("percentage", "autumn 1", "")),
        ("HT1 Att %", ("percentage", "autumn 1", "")),
        ("HT6 Att %", ("percentage", "summer 2", "")),
        ("Spr 2 % Attendance", ("percentage", "spring 2", "")),
        ("Attendance Autumn Half Term 1", ("percentage", "autumn 1", "")),
        ("Autumn 1 possible", ("possible", "autumn 1", "")),
        ("Autumn 1 attended", ("attended", "autumn 1", "")),
        ("Autumn Term Attendance", ("percentage", "autumn", "")),
        ("% Attendance", ("percentage", "the year", "")),
        ("Attendance %", ("percentage", "the year", "")),
        ("% Attendance 2024/25", ("percentage", "the year", "2024/25")),
        ("Possible Sessions", ("possible", "the year", "")),
    ],
)
def test_headings_of_attendance(heading: str, said: tuple[str, str, str]) -> None:
    found = read_heading(heading)
    assert found
    assert (found.holds, found.span, found.year) == said


@pytest.mark.parametrize(
    "heading",
    ["Reading Aut1 %", "Autumn %", "% Unauthorised Absence", "Persistent absence", "Attendance group",
     "Attendance target", "KS2 Read", "Aut 1", "Sessions", "Year"],
)  # fmt: skip
def test_headings_of_something_else(heading: str) -> None:
    assert read_heading(heading) is None


@pytest.mark.parametrize(
    ("cells", "attended"),
    [
        (["95.5%", "95.5", "0%", "100"], ["57", "57", "0", "60"]),
        # 92.5% of 20 is 18.5: half up, and not to the even number.
        (["97.5", "92.5"], ["59", "56"]),
        (["87.5%", "0.875", "1"], ["53", "53", "60"]),
        # Beside 95 a 0.875 or a 1 can be either; what is no share never passes for a number of sessions.
        (["95", "0.875", "1", "0"], ["57", "unread 0.875", "unread 1", "0"]),
        (["101", "-2%", "Abs", None], ["unread 101", "unread -2%", "unread Abs", None]),
        # One slip does not make the others unreadable.
        (["0.95", "105", "0.875"], ["57", "unread 105", "53"]),
    ],
)
def test_a_share_of_sixty_sessions(cells: list[str | None], attended: list[str | None]) -> None:
    found = sessions(pl.Series(cells), pl.Series(["60"] * len(cells)))
    assert [one and re.sub(f"^{MARK}(.*){MARK}.*", "unread \\1", one) for one in found] == attended


def test_a_half_goes_up() -> None:
    shares = pl.Series(["92.5", "97.5", "82.5"])
    assert sessions(shares, pl.Series(["20"] * 3)).to_list() == ["19", "20", "17"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("first day of autumn 1", date(2025, 9, 1)),
        ("last day of autumn 2", date(2025, 12, 31)),
        # Under way on 3 March: it ends on the day that the file shows.
        ("last day of spring 2", DAY),
        ("last day of the year", DAY),
        ("last day of summer 2 of 2024/25", date(2025, 8, 31)),
        ("2025-09-03", None),
    ],
)
def test_days_of_spans(text: str, day: date | None) -> None:
    assert day_of(text, DAY, Terms()) == day


AUTUMN, SPRING = (date(2025, 9, 3), date(2025, 12, 19)), (date(2026, 1, 5), date(2026, 3, 27))
SUMMER = (date(2026, 4, 13), date(2026, 7, 21))
OWN = {("2025/26", "autumn"): AUTUMN, ("2025/26", "spring"): SPRING, ("2025/26", "summer"): SUMMER}


@pytest.mark.parametrize(
    ("span", "days"),
    [
        ("autumn 1", (date(2025, 9, 3), date(2025, 10, 31))),
        ("autumn 2", (date(2025, 11, 1), date(2025, 12, 19))),
        ("autumn", AUTUMN),
        ("spring 2", (date(2026, 2, 15), date(2026, 3, 27))),
        ("the year", (date(2025, 9, 3), date(2026, 7, 21))),
    ],
)
def test_half_terms_are_the_school_s_own(span: str, days: tuple[date, date]) -> None:
    terms = Terms(OWN)
    assert terms.days(span, "2025/26") == days
    # A year of which the school has said nothing.
    assert terms.days(span, "2024/25") == Terms().days(span, "2024/25")
    # What is held under the usual first day stays under it; it would else count twice.
    usual = Terms().days(span, "2025/26")
    used = Terms(OWN, frozenset([usual[0]])).days(span, "2025/26")
    assert used == (usual if usual[0] != days[0] else days)


def test_a_term_that_the_usual_edge_is_not_in_is_halved() -> None:
    terms = Terms({("2025/26", "autumn"): (date(2025, 11, 3), date(2025, 11, 13))})
    assert terms.days("autumn 1", "2025/26") == (date(2025, 11, 3), date(2025, 11, 8))
    assert terms.days("autumn 2", "2025/26") == (date(2025, 11, 9), date(2025, 11, 13))


class TestImport:
    def test_what_was_possible_is_asked_and_nothing_is_made_up(self, school: Path) -> None:
        found = look(school, WIDE)
        (question,) = found.foreign[0].questions
        assert question.startswith("How many sessions (half days) were possible")
        assert question.endswith("the column Aut1 %?")
        assert found.rows == {}
        with pytest.raises(ImportRefused, match="only you can say"):
            commit(found, "test")

    def test_half_terms_become_rows_and_the_rounding_is_told(self, school: Path) -> None:
        found = look(school, WIDE, possible(look(school, WIDE).foreign[0].plan, "60"))
        told = "att.csv, Aut1 %: sessions attended were worked out as this percentage of 60 sessions"
        assert any(notice.startswith(told) for notice in found.notices)
        assert any("of those in Autumn 2 possible, rounded half up" in notice for notice in found.notices)
        assert found.rejected_rows == 0
        commit(found, "test")
        assert held(school) == [
            ("1", "2025-09-01", "2025-10-31", 60, 57),
            ("1", "2025-11-01", "2025-12-31", 70, 65),
            ("1", "2026-01-01", "2026-02-14", 58, 55),
            ("2", "2025-11-01", "2025-12-31", 70, 70),
        ]

    @pytest.mark.parametrize(("said", "spans"), [("leave it out", ["2025-09-01", "2025-11-01"]),
                                                 ("it alone", ["2025-09-01"])])  # fmt: skip
    def test_days_in_two_columns_are_asked_and_count_once(
        self, school: Path, said: str, spans: list[str]
    ) -> None:
        text = "Adno,Aut1 %,Aut2 %,% Attendance\n1,95,90,92\n"
        found = look(school, text).foreign[0]
        assert "would count twice" in found.questions[-1]
        plan = possible(replace(found.plan, answers={"attendance in % Attendance": said}), "60")
        commit(look(school, text, plan), "test")
        assert [row[1] for row in held(school)] == spans
        assert {row[2] for row in held(school)} == (
            {"2026-03-03"} if said == "it alone" else {"2025-10-31", "2025-12-31"}
        )

    def test_days_that_are_held_in_another_span_are_an_alarm(self, school: Path) -> None:
        half_terms = "Adno,Aut1 %,Aut2 %\n1,95,90\n"
        commit(look(school, half_terms, possible(look(school, half_terms).foreign[0].plan, "60")), "test")
        year = "Adno,% Attendance\n1,92\n"
        found = look(school, year, possible(look(school, year).foreign[0].plan, "190"))
        (alarm,) = found.alarms
        assert alarm.kind == "attendance twice"
        assert "Attendance of 1 pupil would count twice" in alarm.sentence
        # The half-terms again are no news.
        again = look(school, half_terms, possible(look(school, half_terms).foreign[0].plan, "60"))
        assert not again.alarms

    def test_half_terms_are_those_of_the_school(self, school: Path) -> None:
        term = {"academic_year": "2025/26", "term": "autumn", "start_date": AUTUMN[0], "end_date": AUTUMN[1]}
        tiny_school(school, terms=[term])
        text = "Adno,Aut1 %,Aut2 %,Spr1 %\n1,95,90,80\n"
        commit(look(school, text, possible(look(school, text).foreign[0].plan, "60")), "test")
        assert [row[1:3] for row in held(school)] == [
            ("2025-09-03", "2025-10-31"), ("2025-11-01", "2025-12-19"), ("2026-01-01", "2026-02-14"),
        ]  # fmt: skip

    def test_terms_that_come_later_count_nothing_twice(self, school: Path) -> None:
        text = "Adno,Aut1 %\n1,95\n"
        commit(look(school, text, possible(look(school, text).foreign[0].plan, "60")), "test")
        term = {"academic_year": "2025/26", "term": "autumn", "start_date": AUTUMN[0], "end_date": AUTUMN[1]}
        tiny_school(school, terms=[term])
        assert look(school, text.replace("95", "90")).counts["attendance"]["changed"] == 1

    def test_a_percentage_alone_is_the_year_so_far_and_asked_each_time(self, school: Path) -> None:
        text = "Adno,% Attendance\n1,97.5\n2,n/a\n"
        found = look(school, text, possible(look(school, text).foreign[0].plan, "190"))
        assert found.problems.filter(pl.col("verdict") == "rejected")["value"].to_list() == ["n/a"]
        commit(found, "test", accept_alarms=True)
        assert held(school) == [("1", "2025-09-01", "2026-03-03", 190, 185)]
        # In May 190 would be wrong: what is remembered does not say it.
        later = look(school, text, dated=date(2026, 5, 1))
        assert later.foreign[0].is_remembered
        assert len(later.foreign[0].questions) == 1

    def test_a_half_term_that_has_not_begun_is_of_another_year(self, school: Path) -> None:
        found = look(school, "Adno,Sum1 %\n1,95\n")
        assert [one.split(" (")[0] for one in found.foreign[0].questions] == [
            "How many sessions", "From which day holds the column Sum1 %?",
            "Until which day holds the column Sum1 %?",
        ]  # fmt: skip

    def test_a_number_of_sessions_that_is_none(self, school: Path) -> None:
        text = "Adno,% Attendance\n1,97.5\n"
        found = look(school, text, possible(look(school, text).foreign[0].plan, "lots"))
        assert found.counts["attendance"]["rejected"] == 1

    def test_a_problem_shows_the_cell_and_the_column_of_the_file(self, school: Path) -> None:
        text = "UPN,Surname,Forename,Year,% Attendance\nB801200005001,Ash,Al,5,105\n,Elm,Bo,5,95\n"
        found = look(school, text, possible(look(school, text).foreign[0].plan, "190"))
        told = found.problems.filter(verdict="rejected").select("line", "column", "value").rows()
        assert (2, "% Attendance", "105") in told
        assert (3, "UPN", None) in told
        assert not any("from" in column for _, column, _ in told)


def test_on_the_page(school: Path) -> None:
    app = open_app("import_and_data")
    app.file_uploader[0].set_value([("att.csv", WIDE.encode(), "text/csv")]).run()
    app.date_input(key="dated").set_value(DAY).run()
    app.button(key="look").click().run()
    assert "Only you can say this** (1 question)" in words_of(app)
    (question,) = [one for one in app.number_input if (one.key or "").endswith("_Aut1 %_possible")]
    assert question.label.startswith("How many sessions (half days) were possible in “Aut1 %”?")
    question.set_value(60).run()
    app.button(key="look_again").click().run()
    assert not app.exception
    app.button(key="confirm").click().run()
    assert len(held(school)) == 4
    (kept,) = (school / "mappings").iterdir()
    assert json.loads(kept.read_text())["outputs"][0]["each"][0]["set"]["possible"] == "60"


def test_other_days_can_be_said(school: Path) -> None:
    app = open_app("import_and_data")
    app.file_uploader[0].set_value([("att.csv", b"Adno,Aut1 %\n1,95\n", "text/csv")]).run()
    app.date_input(key="dated").set_value(DAY).run()
    app.button(key="look").click().run()
    widget(app, "multiselect", "_open").set_value(["Aut1 %"]).run()
    widget(app, "number_input", "_Aut1 %_possible").set_value(60).run()
    widget(app, "selectbox", "_Aut1 %_from").set_value("on a day").run()
    widget(app, "date_input", "_Aut1 %_first_day").set_value(date(2025, 9, 3)).run()
    app.button(key="look_again").click().run()
    assert not app.exception
    app.button(key="confirm").click().run()
    assert held(school) == [("1", "2025-09-03", "2025-10-31", 60, 57)]


def test_spans_that_say_their_first_day_alone_are_not_the_year_so_far(school: Path) -> None:
    rows = "1,2025-09-01,10,9\n1,2025-10-01,20,15\n"
    with pytest.raises(ImportRefused, match="lacks a column that attendance must have: end_date"):
        preview(school, [("attendance.csv", f"pupil_id,start_date,possible,attended\n{rows}".encode())], DAY)
    # On a roll that day is when the pupil came.
    roll = "Adno,Surname,Forename,Year,Start Date,% Attendance\n1,Ash,Robin,4,2021-09-06,95\n"
    (asked,) = look(school, roll).foreign
    assert {output.dataset for output in asked.plan.outputs} >= {"pupils", "attendance"}
