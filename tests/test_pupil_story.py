"""One pupil over time: breaks in what was provided, and the pupil in the map of the key stage."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap import charts
from provmap.documents.charts import drawn
from provmap.questions import ask, make_filter
from provmap.store import Edit, Store, open_store, save
from provmap.ui.page import Page
from provmap.ui.pupil_story import story_of
from tests.test_pages import open_app, words_of
from tests.tiny import CLASS, DAY, PUPIL, TALK, day, tiny_school

WHO = {"school_id": "school", "pupil_id": "1"}
FIRST_END = day("2025-06-30")


def had(start: Any, end: Any = None, provision: str = "T") -> dict[str, Any]:
    return {"pupil_id": "1", "provision_id": provision, "start_date": start, "end_date": end}


def need(start: str = "2025-01-06", end: str | None = None) -> dict[str, Any]:
    return {
        "pupil_id": "1",
        "need_code": "SLCN",
        "start_date": day(start),
        "end_date": day(end) if end else None,
    }


def breaks(
    folder: Path, *placements: dict[str, Any], needs: dict[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    store = tiny_school(
        folder, provisions=[TALK, CLASS], needs=[needs or need()], placements=list(placements)
    )
    rows = ask("pupil_breaks", make_filter(store, as_at=DAY), store, **WHO)
    return list(rows.select("from_date", "to_date", "days").iter_rows())


class TestBreaks:
    @pytest.mark.parametrize(("days", "is_break"), [(69, False), (70, True), (71, True)])
    def test_longer_than_a_summer_holiday(self, data: Path, days: int, is_break: bool) -> None:
        again = FIRST_END + timedelta(days=days + 1)
        found = breaks(data, had(day("2025-01-06"), FIRST_END), had(again))
        first, last = FIRST_END + timedelta(days=1), again - timedelta(days=1)
        assert found == ([(first, last, days)] if is_break else [])

    def test_something_else_for_the_need_in_between_fills_it(self, data: Path) -> None:
        between = had(day("2025-07-01"), day("2025-12-31"), "C")
        assert breaks(data, had(day("2025-01-06"), FIRST_END), between, had(day("01-01"))) == []

    def test_what_goes_on_to_this_day_is_a_gap_and_no_break(self, data: Path) -> None:
        assert breaks(data, had(day("2025-01-06"), FIRST_END)) == []

    def test_days_after_the_need_ended_are_none(self, data: Path) -> None:
        found = breaks(
            data, had(day("2025-01-06"), FIRST_END), had(day("01-05")), needs=need(end="2025-10-01")
        )
        assert found == [(day("2025-07-01"), day("2025-10-01"), 93)]

    def test_what_ended_before_the_need_began_is_none(self, data: Path) -> None:
        early = had(day("2024-01-08"), day("2024-07-01"))
        assert breaks(data, early, had(day("2025-09-01"))) == []

    def test_one_that_lies_inside_a_longer_one_ends_nothing(self, data: Path) -> None:
        long, inside = (
            had(day("2025-01-06"), day("2025-12-31")),
            had(day("2025-02-01"), day("2025-03-01"), "C"),
        )
        assert breaks(data, long, inside, had(day("01-05"))) == []

    def test_the_page_says_it_in_words(self, data: Path) -> None:
        breaks(data, had(day("2025-01-06"), FIRST_END), had(day("01-05")))
        app = open_app("pupil", as_at=DAY.isoformat())
        app.selectbox(key="chosen_pupil").set_value(("school", "1")).run()
        assert "188 days" in words_of(app)


class TestMap:
    def lines(self, folder: Path) -> dict[str, tuple[bool, bool, int]]:
        store = open_store(folder)
        rows = ask("pupil_map", make_filter(store, as_at=DAY), store, **WHO)
        return {row["provision"]: (row["has"], row["had_before"], row["pupils"]) for row in rows.to_dicts()}

    def test_what_the_year_is_offered_and_what_this_pupil_has(self, data: Path) -> None:
        other = PUPIL | {"pupil_id": "2", "year_group": "4"}
        infant = PUPIL | {"pupil_id": "3", "year_group": "1"}
        sums = {"provision_id": "S", "name": "Sums", "tier": "targeted", "year_groups": ["4"]}
        old = TALK | {"provision_id": "O", "name": "Old", "end_date": day("03-02")}
        placements = [had(day("01-05")) | {"pupil_id": pupil} for pupil in ("1", "2", "3")]
        before = had(day("2025-01-06"), day("2025-07-01"), "C")
        tiny_school(data, pupils=[PUPIL, other, infant], provisions=[TALK, CLASS, sums, old],
                    placements=[*placements, before])  # fmt: skip
        # Year 4 is of the same key stage and Year 1 is not; Sums is not for Year 5; Old has ended.
        assert self.lines(data) == {"Talk": (True, False, 2), "Clear words": (False, True, 0)}

    def test_what_the_pupil_has_besides_stands_there_too(self, data: Path) -> None:
        sums = TALK | {"provision_id": "S", "name": "Sums", "year_groups": ["4"]}
        tiny_school(data, provisions=[sums], placements=[had(day("01-05"), provision="S")])
        assert self.lines(data) == {"Sums": (True, False, 1)}


def test_a_chart_of_what_was_written_since_is_drawn_afresh(data: Path) -> None:
    tiny_school(data, provisions=[TALK], placements=[had(day("01-05"))])

    def bars() -> str:
        app = open_app("pupil", as_at=DAY.isoformat())
        app.selectbox(key="chosen_pupil").set_value(("school", "1")).run()
        return str([one.proto for one in app.get("vega_lite_chart")])

    before = bars()
    edit = {"school_id": "school", "pupil_id": "1", "provision_id": "T", "start_date": day("2025-09-01")}
    save(open_store(data), "Ms Oak", [Edit("placements", edit | {"end_date": day("2025-10-01")})])
    assert bars() != before


@pytest.mark.parametrize(
    ("surname", "shown"),
    [("Araújo", "Araújo, Ben (Year 5, Oak) – Araujo, Ben"), ("Łuć", "Łuć, Ben (Year 5, Oak) – Luc, Ben"),
     ("O'Brien", "O'Brien, Ben (Year 5, Oak)")],
)  # fmt: skip
def test_a_name_is_found_without_its_accents(data: Path, surname: str, shown: str) -> None:
    tiny_school(data, pupils=[PUPIL | {"surname": surname, "forename": "Ben"}])
    app = open_app("pupil", as_at=DAY.isoformat())
    assert app.selectbox(key="chosen_pupil").options == [shown]


def test_what_goes_on_to_this_day_is_hollow_and_said(data: Path) -> None:
    tiny_school(
        data, provisions=[TALK], needs=[need()], placements=[had(day("2025-01-06"), day("2025-12-10"))]
    )
    app = open_app("pupil", as_at=DAY.isoformat())
    app.selectbox(key="chosen_pupil").set_value(("school", "1")).run()
    assert "11 Dec 2025: Nothing is in place for Speech, language and communication needs" in words_of(
        app
    ).replace("\\", "")
    assert "82 days" in words_of(app)


def test_a_row_of_the_list_opens_the_pupil_and_who_is_cleared_stays_cleared(sample: Store) -> None:
    app = open_app("pupil")
    first, second = ask("pupil_list", make_filter(sample), sample).rows(named=True)[:2]
    # What selecting a row does, on the page whose chooser holds nobody.
    for pupil in (first, second):
        app.session_state["pupil"] = (pupil["school_id"], pupil["pupil_id"])
        app.run()
        assert app.header[0].value == f"{pupil['forename']} {pupil['surname']}"
    app.selectbox(key="chosen_pupil").set_value(None).run()
    assert not app.header
    app.session_state["pupil"] = (second["school_id"], second["pupil_id"])
    app.run()
    assert app.header[0].value == f"{second['forename']} {second['surname']}"


def test_a_single_result_is_told_and_not_drawn(data: Path) -> None:
    scores = [
        {"pupil_id": "1", "subject": subject, "scale": "standardised", "value": "90", "assessed_on": day(on)}
        for subject, on in (("reading", "2025-11-20"), ("reading", "02-20"), ("spelling", "02-20"))
    ]
    tiny_school(data, assessments=scores)
    app = open_app("pupil")
    app.selectbox(key="chosen_pupil").set_value(("school", "1")).run()
    said = words_of(app)
    assert "**Assessed once only:** spelling (standardised) **90** on 20 Feb 2026" in said
    assert "reading (standardised) **90**" not in said


SAT = {"pupil_id": "1", "subject": "reading", "scale": "teacher judgement"}


def drawn_panel(data: Path, *results: dict[str, Any]) -> tuple[str, str]:
    """The picture of the pupil's results in reading, and what it says."""
    store = tiny_school(data, assessments=[SAT | one for one in results])
    filter = make_filter(store, as_at=DAY)
    frames = {name: ask(f"pupil_{name}", filter, store, **WHO)
              for name in ("needs", "breaks", "placements", "results", "attendance")}  # fmt: skip
    frames |= {"findings": ask("duplications", filter, store), "whole": ask("pupil_progress", filter, store)}
    (spec,) = charts.pupil_panels(frames, DAY)
    return drawn(spec, 640)


def on(when: str, value: str | None) -> dict[str, Any]:
    return {"assessed_on": day(when), "value": value}


class TestHoles:
    """A test that was missed between two scores is a hole in the line, marked with its code."""

    @pytest.mark.parametrize(
        ("missed", "code", "why"),
        [("A", ">A<", "27 Jun 2025: Absent"), ("z", ">z<", "27 Jun 2025: Not applicable (z)"),
         ("unwell", ">–<", "27 Jun 2025: Not a score")],
    )  # fmt: skip
    def test_no_line_runs_through_it(self, data: Path, missed: str, code: str, why: str) -> None:
        scores = on("2024-12-13", "WTS"), on("2025-03-28", "EXS"), on("2025-12-12", "EXS"), on("02-20", "GDS")
        picture, words = drawn_panel(data, *scores, on("2025-06-27", missed))
        assert lines_of(picture) == [2, 2]
        assert code in picture
        assert why in words

    def test_without_one_the_line_is_whole(self, data: Path) -> None:
        scores = on("2024-12-13", "WTS"), on("2025-03-28", "EXS"), on("2025-12-12", "EXS")
        picture, words = drawn_panel(data, *scores)
        assert lines_of(picture) == [3]
        assert "hole" not in words

    def test_what_was_sat_on_that_day_after_all_was_not_missed(self, data: Path) -> None:
        scores = on("2025-03-28", "EXS"), on("2025-06-27", "EXS"), on("2025-12-12", "EXS")
        picture, words = drawn_panel(data, *scores, on("2025-06-27", "A") | {"source": "test"})
        assert lines_of(picture) == [3]
        assert "hole" not in words

    def test_one_before_all_scores_takes_nothing_from_the_line(self, data: Path) -> None:
        picture, words = drawn_panel(
            data, on("2024-12-13", "A"), on("2025-03-28", "EXS"), on("2025-06-27", "EXS")
        )
        assert lines_of(picture) == [2]
        assert "13 Dec 2024: Absent" in words


@pytest.mark.parametrize(("missed", "code"), [([on("2025-06-27", "A")], ">A<"), ([], ">–<")])
def test_in_the_panels_of_a_class_too(data: Path, missed: list[dict[str, Any]], code: str) -> None:
    scores = on("2024-12-13", "WTS"), on("2025-03-28", "EXS"), on("2025-12-12", "EXS"), on("02-20", "GDS")
    other = SAT | {"pupil_id": "2"} | on("2025-06-27", "EXS")
    results = [SAT | one for one in (*scores, *missed)] + [other]
    store = tiny_school(data, pupils=[PUPIL, PUPIL | {"pupil_id": "2"}], assessments=results)
    filter, measure = make_filter(store, as_at=DAY), {"measure": "reading/teacher judgement"}
    rows = ask("progress_pupils", filter, store, **measure).with_columns(panel="pupil_id")
    during = ask("progress_provisions", filter, store).with_columns(panel="pupil_id")
    axis = ask("progress_axes", filter, store, **measure).row(0, named=True)
    panel = next(one for one in charts.result_panels(rows, during, axis, ["2024-09-01", DAY.isoformat()])
                 if one["title"]["text"] == "1")  # fmt: skip
    picture, _ = drawn(panel, 300)
    assert lines_of(picture) == [2, 2]
    assert code in picture


class TestTermsWithoutAnyResult:
    """Others of the year sat it in the summer of 2025, and this pupil has nothing."""

    def missed(self, data: Path, *own: dict[str, Any], **other: Any) -> list[tuple[Any, ...]]:
        of_other = SAT | {"pupil_id": "2"} | on("2025-06-27", "EXS")
        pupils = [PUPIL | other.pop("own", {}), PUPIL | {"pupil_id": "2"} | other]
        store = tiny_school(data, pupils=pupils, assessments=[*(SAT | one for one in own), of_other])
        rows = ask("pupil_missed", make_filter(store, as_at=DAY), store, **WHO)
        return list(rows.select("subject", "academic_year", "term").iter_rows())

    SUMMER = ("reading", "2024/25", "summer")

    def test_they_are_missing(self, data: Path) -> None:
        assert self.missed(data, on("2025-03-28", "EXS")) == [self.SUMMER]

    @pytest.mark.parametrize("value", ["WTS", "A"])
    def test_a_score_or_a_code_is_a_result(self, data: Path, value: str) -> None:
        assert self.missed(data, on("2025-06-20", value)) == []

    def test_those_of_another_year_group_are_not_looked_at(self, data: Path) -> None:
        assert self.missed(data, on("2025-03-28", "EXS"), year_group="4") == []

    @pytest.mark.parametrize(("came", "many"), [("2025-06-01", 1), ("2025-09-01", 0)])
    def test_who_had_not_come_missed_nothing(self, data: Path, came: str, many: int) -> None:
        assert len(self.missed(data, own={"entry_date": day(came)})) == many

    @pytest.mark.parametrize(("last", "is_hole"), [("2025-12-12", True), ("2025-04-01", False)])
    def test_the_page_draws_them_between_two_scores_alone(self, data: Path, last: str, is_hole: bool) -> None:
        self.missed(data, on("2024-12-13", "EXS"), on("2025-03-28", "EXS"), on(last, "EXS"))
        store = open_store(data)
        filter = make_filter(store, as_at=DAY)
        page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
        panels = charts.pupil_panels(story_of(page, WHO), DAY)
        picture, words = drawn(panels[-1], 640)
        assert lines_of(picture) == ([2, 1] if is_hole else [3])
        assert ("Nothing recorded" in words) == is_hole


def lines_of(picture: str) -> list[int]:
    """How many points each line of the picture joins."""
    lines = re.findall(r'<path aria-label="[^"]*" role="graphics-symbol" aria-roledescription="line mark" '
                       r'd="([^"]*)"', picture)  # fmt: skip
    return [part.count("L") + 1 for line in lines for part in line.split("M")[1:]]
