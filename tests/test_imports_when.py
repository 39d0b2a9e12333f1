"""An import older than one that is held says what that means; a term that has not begun is a question."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provmap.imports import Preview, commit, preview
from provmap.imports.shaping import IMPORT_YEAR
from provmap.store import open_store
from tests.tiny import DAY, answer

HEADINGS = "pupil_id,surname,forename,year_group,class,sen_status\n"
EARLIER = date(2025, 10, 1)


def bring(data: Path, dated: date, text: str, name: str = "pupils.csv") -> Preview:
    found = preview(data, [(name, text.encode())], dated)
    commit(found, "test", accept_alarms=True)
    return found


class TestOlder:
    def test_it_says_which_import_and_what_to_do(self, data: Path) -> None:
        bring(data, DAY, f"{HEADINGS}1,Ash,Robin,5,Oak,K\n")
        found = bring(data, EARLIER, f"{HEADINGS}1,Ash,Robin,5,Elm,N\n")
        (words,) = [words for words in found.notices if "already held" in words]
        assert words.startswith("pupils: these files show 1 Oct 2025, and import 1 is already held")
        assert "shows 3 Mar 2026" in words
        assert "import the newer files once more" in words

    def test_what_it_says_is_so(self, data: Path) -> None:
        newer = f"{HEADINGS}1,Ash,Robin,5,Oak,K\n"
        bring(data, DAY, newer)
        bring(data, EARLIER, f"{HEADINGS}1,Ash,Robin,5,Elm,N\n")

        def groups(day: date) -> Any:
            return answer(open_store(data), "pupil_list", day)[0]["groups"]

        # Statuses follow the dates, the class the order of importing.
        assert "sen_support" in groups(DAY)
        assert "sen_support" not in groups(EARLIER)
        assert open_store(data).cursor().sql("select class from store.pupils").fetchall() == [("Elm",)]
        bring(data, DAY, newer)
        assert open_store(data).cursor().sql("select class from store.pupils").fetchall() == [("Oak",)]
        assert "sen_support" in groups(DAY)

    @pytest.mark.parametrize("dated", [DAY, date(2026, 4, 1)])
    def test_no_word_where_it_is_not_older(self, data: Path, dated: date) -> None:
        bring(data, DAY, f"{HEADINGS}1,Ash,Robin,5,Oak,K\n")
        found = bring(data, dated, f"{HEADINGS}1,Ash,Robin,5,Elm,N\n")
        assert not any("already held" in words for words in found.notices)

    def test_no_word_of_another_school(self, data: Path) -> None:
        bring(data, DAY, f"school_id,{HEADINGS}100001,1,Ash,Robin,5,Oak,K\n")
        found = bring(data, EARLIER, f"school_id,{HEADINGS}100002,1,Ash,Robin,5,Oak,K\n")
        assert not any("already held" in words for words in found.notices)

    def test_no_word_where_nothing_held_changes(self, data: Path) -> None:
        results = "pupil_id,subject,scale,value,assessed_on\n"
        bring(data, DAY, f"{results}1,reading,standardised,100,2026-02-01\n", "assessments.csv")
        older = bring(data, EARLIER, f"{results}1,reading,standardised,90,2025-09-20\n", "assessments.csv")
        assert not any("already held" in words for words in older.notices)
        changed = bring(data, EARLIER, f"{results}1,reading,standardised,91,2025-09-20\n", "assessments.csv")
        assert any("already held" in words for words in changed.notices)


class TestTerms:
    FILE = "UPN,Surname,Forename,Year,Reading Autumn SS,Reading Summer SS\nB801200005001,Ash,Zoë,5,100,101\n"

    def look(self, data: Path, dated: date, **plans: Any) -> Preview:
        return preview(data, [("marks.csv", self.FILE.encode())], dated, plans=plans.get("plans"))

    def test_a_term_that_has_begun_is_proposed(self, data: Path) -> None:
        (one,) = self.look(data, date(2026, 6, 1)).foreign
        assert one.questions == []
        assert [each.set["term"] for each in one.plan.outputs[-1].each] == ["autumn", "summer"]

    def test_one_that_has_not_is_asked(self, data: Path) -> None:
        (one,) = self.look(data, date(2025, 10, 5)).foreign
        assert len(one.questions) == 1
        assert "Reading Summer SS" in one.questions[0]
        autumn, summer = one.plan.outputs[-1].each
        assert autumn.set["academic_year"] == IMPORT_YEAR
        assert summer.set["assessed_on"] == "?"

    def test_a_remembered_plan_is_asked_again_when_it_does_not_hold(self, data: Path) -> None:
        commit(self.look(data, date(2026, 6, 1)), "test")
        (one,) = self.look(data, date(2026, 10, 5)).foreign
        assert one.is_remembered
        assert len(one.questions) == 1

    def test_what_a_person_says_stands(self, data: Path) -> None:
        (one,) = self.look(data, date(2025, 10, 5)).foreign
        each = one.plan.outputs[-1].each[1]
        del each.set["assessed_on"]
        each.set.update({"academic_year": "2025/26", "term": "summer"})
        found = self.look(data, date(2025, 10, 5), plans={"marks.csv": one.plan})
        assert found.foreign[0].questions == []
        assert found.rows["assessments"]["term"].to_list() == ["autumn", "summer"]
