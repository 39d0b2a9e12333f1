"""What stops an import until a person says yes, and what does not.

When to write one: for each alarm, one case on each side of its limit.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provmap.__main__ import main
from provmap.errors import ImportRefused
from provmap.imports import Preview, commit, preview
from provmap.store import list_imports
from tests.test_pages import open_app

DAY = date(2026, 3, 3)
HEAD = "pupil_id,surname,forename,year_group"


def csv(head: str, rows: list[str]) -> str:
    return "\n".join([head, *rows, ""])


def roll(numbers: Any, year: str = "5", head: str = HEAD, more: str = "") -> str:
    return csv(head, [f"p{number},Ash,Al,{year}{more}" for number in numbers])


def look(folder: Path, dated: date = DAY, **texts: Any) -> Preview:
    words = {name: texts.pop(name) for name in ("policy", "blank_flags", "school_id") if name in texts}
    sources: Any = [(f"{name}.csv", text.encode()) for name, text in texts.items()]
    return preview(folder, sources, dated, **words)


def bring(folder: Path, dated: date = DAY, **texts: Any) -> Preview:
    found = look(folder, dated, **texts)
    commit(found, "tester", accept_alarms=True)
    return found


def kinds(found: Preview) -> list[str]:
    return [alarm.kind for alarm in found.alarms]


def test_a_first_import_raises_none(data: Path) -> None:
    text = csv("school_id,pupil_id,need_code", [f"1000{n:02},p{n},NEW" for n in range(60)])
    assert look(data, needs=text, pupils=roll(range(50))).alarms == []


class TestPupils:
    def test_missing(self, data: Path) -> None:
        bring(data, pupils=roll(range(50)))
        # 5 of 50 are one in ten, and no more.
        assert kinds(look(data, pupils=roll(range(5, 50)))) == []
        (alarm,) = look(data, pupils=roll(range(6, 50))).alarms
        assert alarm.sentence == "6 of the 50 pupils who are held as on roll are not in the file (12%)."

    def test_names_the_wrong_way_round(self, data: Path) -> None:
        bring(data, pupils=roll(range(50)))
        swapped = roll(range(50)).replace("Ash,Al", "Al,Ash")
        (alarm,) = look(data, pupils=swapped).alarms
        assert alarm.sentence == (
            "50 of the 50 pupils who are held as on roll would have another surname or forename (100%)."
        )
        # Five who marry or are spelt anew are one in ten; capitals are no other name.
        assert kinds(look(data, pupils=roll(range(50)).replace("Ash,Al", "Al,Ash", 5))) == []
        assert kinds(look(data, pupils=roll(range(50)).replace("Ash,Al", "ASH,Al"))) == []

    def test_four_of_a_tiny_school_are_not_many(self, data: Path) -> None:
        bring(data, pupils=roll(range(10)))
        assert kinds(look(data, pupils=roll(range(4, 10)))) == []
        assert kinds(look(data, pupils=roll(range(5, 10)))) == ["pupils missing"]

    def test_who_has_left_is_not_missing(self, data: Path) -> None:
        gone = csv(f"{HEAD},leaving_date", [
            f"p{n},Ash,Al,5,{'2025-12-19' if n < 20 else ''}" for n in range(50)
        ])  # fmt: skip
        bring(data, pupils=gone)
        assert kinds(look(data, pupils=roll(range(20, 50)))) == []

    def test_each_school_is_looked_at_by_itself(self, data: Path) -> None:
        head = f"school_id,{HEAD}"
        rows = [f"{school},p{n},Ash,Al,5" for school in (100001, 100002) for n in range(100)]
        bring(data, pupils=csv(head, rows))
        # 15 of 200 are few; of the second school's own 100 they are many.
        (alarm,) = look(data, pupils=csv(head, rows[:-15])).alarms
        assert alarm.sentence.startswith("15 of the 100 pupils who are held as on roll at school 100002")
        # A school that the file does not speak of misses nobody.
        assert look(data, pupils=csv(head, rows[:100])).alarms == []

    def test_rejected(self, data: Path) -> None:
        bring(data, pupils=roll(range(50)))
        bad = roll(range(44)) + "".join(f"p{n},Ash,Al,99\n" for n in range(44, 50))
        assert kinds(look(data, pupils=bad)) == ["pupils missing", "pupils rejected"]

    def test_year_groups_within_a_year(self, data: Path) -> None:
        bring(data, pupils=roll(range(50)))
        moved = roll(range(6), "6") + "".join(f"p{n},Ash,Al,5\n" for n in range(6, 50))
        (alarm,) = look(data, pupils=moved).alarms
        assert "6 of the 50" in alarm.sentence
        assert "within 2025/26 (12%)" in alarm.sentence

    def test_a_new_academic_year_moves_everybody(self, data: Path) -> None:
        bring(data, pupils=roll(range(50)))
        assert kinds(look(data, date(2026, 9, 2), pupils=roll(range(50), "6"))) == []


class TestStatus:
    HEAD = f"{HEAD},fsm,sen_status"

    def school(self, fsm: int, sen: int, blank: str = "N") -> str:
        return csv(self.HEAD, [
            f"p{n},Ash,Al,5,{'Y' if n < fsm else blank},{'K' if n < sen else blank}" for n in range(50)
        ])  # fmt: skip

    def test_a_third_of_those_who_had_it(self, data: Path) -> None:
        bring(data, pupils=self.school(12, 9))
        assert kinds(look(data, pupils=self.school(9, 7))) == []
        fsm, sen = look(data, pupils=self.school(8, 6)).alarms[::-1]
        assert fsm.sentence == "4 of the 12 pupils with free school meals would lose it (33%)."
        assert sen.sentence.startswith("3 of the 9 pupils with SEN support or an EHC plan")

    def test_fewer_than_five_had_it(self, data: Path) -> None:
        bring(data, pupils=self.school(4, 4))
        assert kinds(look(data, pupils=self.school(0, 0))) == []

    def test_a_blank_and_an_absent_column_end_nothing(self, data: Path) -> None:
        bring(data, pupils=self.school(12, 9))
        assert kinds(look(data, pupils=self.school(0, 0, ""))) == []
        assert kinds(look(data, pupils=roll(range(50)))) == []

    def test_a_blank_that_means_no(self, data: Path) -> None:
        bring(data, pupils=self.school(12, 9))
        assert kinds(look(data, pupils=self.school(0, 0, ""), blank_flags="no")) == ["status", "status"]

    def test_from_sen_support_to_a_plan_is_no_loss(self, data: Path) -> None:
        bring(data, pupils=self.school(0, 9))
        assert kinds(look(data, pupils=self.school(0, 9).replace(",K", ",E"))) == []


class TestCodes:
    HEAD = "pupil_id,need_code"

    def needs(self, code: str, count: int, of: int) -> str:
        return csv(self.HEAD, [f"p{n},{code if n < count else 'SLCN'}" for n in range(of)])

    def test_in_more_than_ten_rows(self, data: Path) -> None:
        bring(data, needs=self.needs("", 0, 300).replace(",\n", ",SLCN\n"))
        assert kinds(look(data, needs=self.needs("SLNC", 10, 300))) == []
        (alarm,) = look(data, needs=self.needs("SLNC", 11, 300)).alarms
        assert "SLNC (11 of 300 rows)" in alarm.sentence

    def test_in_more_than_one_row_in_twenty(self, data: Path) -> None:
        bring(data, needs=self.needs("", 0, 90).replace(",\n", ",SLCN\n"))
        assert kinds(look(data, needs=self.needs("SLNC", 4, 79))) == []
        assert kinds(look(data, needs=self.needs("SLNC", 5, 99))) == ["code"]

    def test_what_is_shipped_held_or_told_is_no_news(self, data: Path) -> None:
        bring(data, needs=self.needs("OWN", 1, 60))
        assert kinds(look(data, needs=self.needs("own", 30, 60))) == []
        assert kinds(look(data, needs=self.needs("MLD", 30, 60))) == []
        told = "need_code,name,area\nNEW,New,Our area\n"
        assert kinds(look(data, needs=self.needs("NEW", 30, 60), need_codes=told)) == []

    @pytest.mark.parametrize(("column", "row"), [
        ("subject", "p{n},ours,standardised,100,2026-02-01"),
        ("scale", "p{n},reading,ours,100,2026-02-01"),
    ])  # fmt: skip
    def test_of_assessments(self, data: Path, column: str, row: str) -> None:
        head = "pupil_id,subject,scale,value,assessed_on"
        first = [f"p{n},reading,standardised,100,2026-02-01" for n in range(30)]
        bring(data, assessments=csv(head, first))
        found = look(data, assessments=csv(head, [row.format(n=n) for n in range(30)]))
        assert kinds(found) == ["code"]
        assert f"a {column} that was never seen" in found.alarms[0].sentence


class TestFiles:
    HEAD = "pupil_id,need_code"

    def test_fewer_rows_than_half_of_last_time(self, data: Path) -> None:
        bring(data, needs=csv(self.HEAD, [f"p{n},SLCN" for n in range(40)]))
        assert kinds(look(data, needs=csv(self.HEAD, [f"p{n},SLCN" for n in range(20)]))) == []
        (alarm,) = look(data, needs=csv(self.HEAD, [f"p{n},SLCN" for n in range(19)])).alarms
        assert alarm.sentence == "needs: 19 rows, where the last import (3 Mar 2026, number 1) had 40."

    def test_a_small_file_may_shrink(self, data: Path) -> None:
        bring(data, needs=csv(self.HEAD, [f"p{n},SLCN" for n in range(19)]))
        assert kinds(look(data, needs=csv(self.HEAD, ["p1,SLCN"]))) == []

    def test_another_school(self, data: Path) -> None:
        bring(data, schools="school_id,name\n100001,Elm\n", pupils=roll(range(30)))
        found = look(data, needs="school_id,pupil_id,need_code\n100002,p1,SLCN\n100001,p1,SLCN\n")
        assert "100002 (1 rows)" in found.alarms[0].sentence
        assert kinds(found) == ["another school"]
        assert kinds(look(data, needs="school_id,pupil_id,need_code\n100001,p1,SLCN\n")) == []

    def test_another_schools_upns(self, data: Path) -> None:
        head = f"{HEAD},upn"

        def upns(places: list[str]) -> str:
            return csv(head, [f"p{n},Ash,Al,5,A{place}150{n:02}1" for n, place in enumerate(places)])

        bring(data, pupils=upns(["3012000"] * 30))
        assert kinds(look(data, pupils=upns(["9192001"] * 15 + ["3012000"] * 15))) == []
        assert kinds(look(data, pupils=upns(["9192001"] * 16 + ["3012000"] * 14))) == ["another school"]


class TestSayingYes:
    def test_nothing_is_imported_before(self, data: Path) -> None:
        bring(data, pupils=roll(range(50)))
        found = look(data, pupils=roll(range(20), "6"))
        with pytest.raises(ImportRefused, match="30 of the 50 pupils") as refusal:
            commit(found, "tester")
        assert "--accept-alarms" in refusal.value.remedy
        assert len(list_imports(data)) == 1

    def test_the_record_says_which_were_accepted(self, data: Path) -> None:
        bring(data, pupils=roll(range(50)))
        found = bring(data, pupils=roll(range(40), "6"))
        (_, manifest) = list_imports(data)
        assert manifest.accepted == [alarm.sentence for alarm in found.alarms]
        assert len(manifest.accepted) == 2


class TestTheCommand:
    def test_stops_with_the_alarms_until_they_are_accepted(
        self, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "pupils.csv"
        file.write_text(roll(range(50)))
        assert main(["import", str(file), "--dated", "2026-03-03"]) == 0
        file.write_text(roll(range(20)))
        capsys.readouterr()
        assert main(["import", str(file), "--dated", "2026-03-03", "--dry-run"]) == 0
        assert "ALARM: 30 of the 50 pupils" in capsys.readouterr().err
        assert main(["import", str(file), "--dated", "2026-03-03"]) == 1
        assert "30 of the 50 pupils" in capsys.readouterr().err
        assert len(list_imports(data)) == 1
        words = ["import", str(file), "--dated", "2026-03-03", "--policy", "replace", "--accept-alarms"]
        assert main(words) == 0
        (_, manifest) = list_imports(data)
        assert (manifest.policy, len(manifest.accepted)) == ("replace", 2)

    def test_tells_how_many_values_change_and_none_of_them(
        self, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "pupils.csv"
        file.write_text(roll(range(3)))
        main(["import", str(file)])
        file.write_text(roll(range(3)).replace("Ash", "Birch").replace("p0,Birch,Al", "p0,Birch,Bo"))
        main(["import", str(file), "--dry-run"])
        told = capsys.readouterr().err
        assert "pupils: values that change: surname 3, forename 1" in told
        assert "Birch" not in told


class TestThePage:
    def test_alarms_and_changes_are_shown_and_the_button_waits(self, data: Path) -> None:
        bring(data, pupils=roll(range(50)))
        app = open_app("import_and_data")
        smaller = roll(range(20)).replace("Ash", "Birch").encode()
        app.file_uploader[0].set_value([("pupils.csv", smaller, "text/csv")]).run()
        app.radio(key="policy").set_value("replace").run()
        app.button(key="look").click().run()
        assert not app.exception
        assert "30 of the 50 pupils" in app.warning[0].value
        assert "20 values would change" in app.expander[0].label
        assert app.button(key="confirm").disabled
        app.button(key="try").click().run()
        tried = app.table[-1].value.set_index("Number")
        # A full roll of 20 lets 30 of the 50 leave.
        assert tried.loc["Pupils on roll"].to_list() == [50, 20]
        assert not list(data.glob("rehearsal-*"))
        agree = next(box for box in app.checkbox if box.label.startswith("Import all the same"))
        agree.check().run()
        app.button(key="confirm").click().run()
        assert not app.exception
        (_, manifest) = list_imports(data)
        assert (manifest.policy, len(manifest.accepted)) == ("replace", 3)
