"""Ticks and names without a day: the same sheet again, a month later.

When to write one: for each way in which a sheet that comes again can differ from the one before.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provmap.imports import Preview, commit, preview
from provmap.imports.plans import Each, Output, Plan
from provmap.imports.shaping import IMPORT_DATE
from provmap.store import Edit, list_imports, open_store, rows_to_edit, save, undo
from tests.test_pages import open_app, words_of
from tests.tiny import PUPIL, TALK, answer, tiny_school

FIRST, LATER = date(2025, 11, 12), date(2025, 12, 15)
PUPILS = [PUPIL, PUPIL | {"pupil_id": "2", "surname": "Elm"}, PUPIL | {"pupil_id": "3", "class": "Elm"}]
SHEET = "Adno,Surname,Talk\n1,Ash,x\n2,Elm,x\n3,Ash,\n"
MAP = 'Intervention,Tier,Pupils\nTalk,targeted,"Robin Ash, Kit Elm"\n'


@pytest.fixture
def school(data: Path) -> Path:
    """Three pupils and one provision, held."""
    tiny_school(data, dated=date(2025, 9, 1), pupils=PUPILS, provisions=[TALK])
    return data


def look(folder: Path, text: str, dated: date = FIRST, plan: Plan | None = None, **how: Any) -> Preview:
    plans = {"ticks.csv": plan} if plan else None
    return preview(folder, [("ticks.csv", text.encode())], dated, plans=plans, **how)


def take(folder: Path, text: str = SHEET, dated: date = FIRST) -> None:
    commit(look(folder, text, dated), "test", accept_alarms=True)


def placements(folder: Path) -> list[tuple[Any, ...]]:
    query = "select pupil_id, start_date::varchar, end_date::varchar from records.placements order by all"
    return open_store(folder).cursor().sql(query).fetchall()


def write(folder: Path, edit: Edit) -> None:
    save(open_store(folder), "Ms Oak", [replace(edit, now={"school_id": "school"} | edit.now)])


def correct(folder: Path, now: dict[str, Any]) -> None:
    """Somebody corrects what the first pupil has in the app."""
    (row,) = rows_to_edit(open_store(folder), "placements", pupil_id="1").to_dicts()
    save(open_store(folder), "Ms Oak", [Edit("placements", now, row["row_key"], row["row_version"])])


def counts(found: Preview, *names: str) -> list[int]:
    return [found.counts["placements"][name] for name in names]


class TestAgain:
    def test_the_same_sheet_a_month_later_changes_nothing(self, school: Path) -> None:
        take(school)
        found = look(school, SHEET, LATER)
        assert counts(found, "read", "new", "changed", "unchanged") == [2, 0, 0, 2]
        told = (
            "placements: 2 rows without a first day: in place already on 15 Dec 2025, so nothing new begins."
        )
        assert told in found.notices
        assert commit(found, "test") is None
        assert placements(school) == [("1", "2025-11-12", None), ("2", "2025-11-12", None)]
        kinds = {row["kind"] for row in answer(open_store(school), "duplications", LATER)}
        assert "same_provision" not in kinds

    def test_only_who_is_new_begins(self, school: Path) -> None:
        take(school)
        found = look(school, SHEET.replace("3,Ash,", "3,Ash,x"), LATER)
        assert counts(found, "new", "unchanged") == [1, 2]
        told = "placements: 1 row without a first day: not in place yet, so taken to begin on 15 Dec 2025."
        assert told in found.notices
        commit(found, "test")
        assert placements(school)[2] == ("3", "2025-12-15", None)

    def test_what_has_ended_begins_again(self, school: Path) -> None:
        rows = [{"pupil_id": "1", "provision_id": "T", "start_date": FIRST, "end_date": date(2025, 12, 14)}]
        tiny_school(school, pupils=PUPILS, placements=rows)
        take(school, "Adno,Talk\n1,x\n", LATER)
        assert placements(school) == [("1", "2025-11-12", "2025-12-14"), ("1", "2025-12-15", None)]

    def test_an_older_sheet_after_a_newer_one_begins_no_second_one(self, school: Path) -> None:
        take(school, SHEET, LATER)
        found = look(school, "Adno,Surname,Talk\n1,Ash,x\n2,Elm,\n3,Ash,x\n", FIRST)
        assert counts(found, "new", "changed", "unchanged") == [1, 0, 1]
        assert any("1 row without a first day: held with a first day after" in one for one in found.notices)
        # Who begins later is not told to have stopped.
        assert not any("no longer ticked" in one for one in found.notices)
        commit(found, "test", accept_alarms=True)
        assert placements(school) == [
            ("1", "2025-12-15", None), ("2", "2025-12-15", None), ("3", "2025-11-12", None),
        ]  # fmt: skip

    def test_what_ends_on_that_day_is_in_place(self, school: Path) -> None:
        rows = [{"pupil_id": "1", "provision_id": "T", "start_date": FIRST, "end_date": LATER}]
        tiny_school(school, pupils=PUPILS, placements=rows)
        assert counts(look(school, "Adno,Talk\n1,x\n", LATER), "new", "unchanged") == [0, 1]

    def test_a_row_with_a_number_of_its_own_is_that_row(self, school: Path) -> None:
        rows = [{"placement_id": "P7", "pupil_id": "1", "provision_id": "T", "start_date": FIRST}]
        tiny_school(school, pupils=PUPILS, placements=rows)
        found = look(school, SHEET, LATER)
        assert counts(found, "new", "changed", "unchanged") == [1, 0, 1]
        commit(found, "test")
        assert [row[:2] for row in placements(school)] == [("1", "2025-11-12"), ("2", "2025-12-15")]

    def test_groups_too(self, school: Path) -> None:
        each = Each("Club", "", {"group_code": "club", "start_date": IMPORT_DATE}, "ticked")
        plan = Plan((Output("memberships", {"pupil_id": "Adno"}, {}, (each,)),))
        commit(look(school, "Adno,Club\n1,x\n", FIRST, plan), "test")
        assert look(school, "Adno,Club\n1,x\n", LATER, plan).counts["memberships"]["unchanged"] == 1

    def test_a_name_in_a_cell(self, school: Path) -> None:
        for dated, new in ((FIRST, 1), (LATER, 0)):
            found = look(school, MAP.replace(", Kit Elm", ""), dated)
            plan = replace(found.foreign[0].plan, answers=dict.fromkeys(found.foreign[0].plan.answers, "2"))
            (output,) = (one for one in plan.outputs if one.dataset == "placements")
            outputs = (plan.outputs[0], replace(output, set={"start_date": IMPORT_DATE}))
            found = look(school, MAP.replace(", Kit Elm", ""), dated, replace(plan, outputs=outputs))
            assert counts(found, "new", "unchanged") == [new, 1 - new]
            commit(found, "test")


class TestEntered:
    """What people entered in the app stands as they wrote it."""

    def test_what_was_entered_is_not_made_again(self, school: Path) -> None:
        now = {"pupil_id": "1", "provision_id": "T", "start_date": date(2025, 10, 1)}
        write(school, Edit("placements", now))
        found = look(school, "Adno,Talk\n1,x\n")
        assert counts(found, "read", "new", "unchanged", "rejected") == [1, 0, 1, 0]
        assert any("as entered in the app" in notice for notice in found.notices)
        assert commit(found, "test") is None
        assert placements(school) == [("1", "2025-10-01", None)]

    def test_a_first_day_that_was_corrected_stays(self, school: Path) -> None:
        take(school, "Adno,Talk\n1,x\n")
        correct(school, {"start_date": date(2025, 10, 1)})
        found = look(school, "Adno,Talk\n1,x\n", LATER)
        assert counts(found, "new", "changed", "unchanged") == [0, 0, 1]
        commit(found, "test")
        assert placements(school) == [("1", "2025-10-01", None)]

    def test_what_was_ended_begins_again(self, school: Path) -> None:
        take(school, "Adno,Talk\n1,x\n")
        correct(school, {"end_date": date(2025, 12, 1)})
        assert counts(look(school, "Adno,Talk\n1,x\n", LATER), "new") == [1]


class TestUnticked:
    def test_who_is_ticked_no_longer_is_listed_and_not_ended(self, school: Path) -> None:
        take(school)
        found = look(school, SHEET.replace("1,Ash,x\n2,Elm,x", "1,Ash,\n2,Elm,"), LATER)
        told = (
            "2 pupils are no longer ticked for Talk: end their provision on the page Enter and correct if it "
            "has stopped."
        )
        assert told in found.notices
        said = "No longer ticked for Talk, in place since 12 Nov 2025."
        assert found.problems.select("line", "column", "value", "expected", "verdict").rows()[0] == (
            2, "Talk", "Robin Ash, Year 5, Oak", said, "notice",
        )  # fmt: skip
        assert len(placements(school)) == 2

    @pytest.mark.parametrize(
        "later",
        [
            # Ticked still; in no row of this sheet, which may be that of another class.
            SHEET, "Adno,Surname,Talk\n2,Elm,x\n3,Ash,\n",
        ],
    )  # fmt: skip
    def test_nobody_else_is(self, school: Path, later: str) -> None:
        take(school)
        assert not any("no longer" in notice for notice in look(school, later, LATER).notices)

    def test_nor_what_came_another_way(self, school: Path) -> None:
        tiny_school(school, pupils=PUPILS, placements=[
            {"pupil_id": "1", "provision_id": "T", "start_date": FIRST},
        ])  # fmt: skip
        found = look(school, "Adno,Talk\n1,\n2,x\n", LATER)
        assert not any("no longer" in notice for notice in found.notices)

    def test_nor_what_was_undone_or_has_ended(self, school: Path) -> None:
        take(school)
        correct(school, {"end_date": date(2025, 12, 1)})
        gone = SHEET.replace(",x", ",")
        assert [
            notice[:7] for notice in look(school, gone + "9,New,x\n", LATER).notices if "longer" in notice
        ] == ["1 pupil"]
        undo(school)
        assert not any("longer" in notice for notice in look(school, gone + "9,New,x\n", LATER).notices)

    def test_a_sheet_with_one_more_column_is_of_the_same_kind(self, school: Path) -> None:
        take(school)
        found = look(school, "Printed 15/12/2025,,,\nAdno,Surname,Notes,Talk\n1,Ash,hm,\n2,Elm,,x\n", LATER)
        assert any(notice.startswith("1 pupil is no longer ticked for Talk") for notice in found.notices)

    def test_a_full_list_says_what_it_withdraws_instead(self, school: Path) -> None:
        take(school)
        found = look(school, SHEET.replace("1,Ash,x", "1,Ash,"), LATER, policy="replace")
        assert not any("no longer" in notice for notice in found.notices)
        assert any("will be withdrawn" in notice for notice in found.notices)

    def test_who_is_named_no_longer(self, school: Path) -> None:
        others = [PUPILS[1] | {"forename": "Kit"}, PUPILS[2] | {"surname": "Fox"}]
        tiny_school(school, pupils=[PUPILS[0], *others])
        for names, dated in (("Robin Ash, Kit Elm, Robin Fox", FIRST), ("Robin Ash", LATER)):
            text = MAP.replace("Robin Ash, Kit Elm", names)
            found = named(school, text, dated)
            commit(found, "test", accept_alarms=True)
        # Robin Fox is in another class, of which this map names nobody.
        told = [notice for notice in found.notices if "no longer" in notice]
        assert told == [
            "1 pupil is no longer named for Talk: end their provision on the page Enter and correct if it "
            "has stopped."
        ]
        assert found.problems["value"].to_list() == ["Kit Elm, Year 5, Oak"]

    def test_no_pupil_is_in_what_the_import_keeps_of_it(self, school: Path) -> None:
        take(school)
        assert list_imports(school)[-1].lists == ["placements ticked T"]


def test_the_page_says_that_all_is_held(school: Path) -> None:
    write(school, Edit("placements", {"pupil_id": "1", "provision_id": "T", "start_date": date(2025, 10, 1)}))
    app = open_app("import_and_data")
    app.file_uploader[0].set_value([("ticks.csv", b"Adno,Talk\n1,x\n", "text/csv")]).run()
    app.date_input(key="dated").set_value(FIRST).run()
    app.button(key="look").click().run()
    assert not app.exception
    assert "All of this is held already" in words_of(app)


def named(folder: Path, text: str, dated: date) -> Preview:
    """A map whose names are all agreed, from the day that it shows."""
    plan = look(folder, text, dated).foreign[0].plan
    answers = {key: said.split()[1] if said.startswith("?") else said for key, said in plan.answers.items()}
    outputs = tuple(
        replace(one, set={"start_date": IMPORT_DATE}) if one.dataset == "placements" else one
        for one in plan.outputs
    )
    return look(folder, text, dated, replace(plan, answers=answers, outputs=outputs))
