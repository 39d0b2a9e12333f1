"""What helps to decide about a gap: cases worked out by hand, then drawn schools against the slow version."""

import random
from pathlib import Path
from typing import Any

import pytest

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store
from tests import slow_offers
from tests.drawn_schools import deciding_trust
from tests.slow_history import fold
from tests.slow_words import Choice, pupils_in_scope
from tests.test_properties import BULK, REFERENCE, compared, near_a_boundary, opened
from tests.tiny import DAY, PUPIL, answer, day, tiny_school

SCHOOL = {"schools": [{"school_id": "100001", "name": "Elm"}]}
WHO = {"school_id": "100001", "pupil_id": "1", "need_code": "SLCN"}
NEED = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("2025-09-01")}
TALK = {
    "provision_id": "T", "name": "Talk", "tier": "targeted", "delivery": "group", "group_size": 2,
    "need_codes": ["communication and interaction"], "skills_required": ["Talk"],
}  # fmt: skip
ZOE = {"staff_id": "s1", "name": "Zoe"}
SKILL = {"staff_id": "s1", "skill": "talk", "gained_on": day("2025-01-01")}


def school(data: Path, **rows: Any) -> Store:
    return tiny_school(data, **(SCHOOL | {"provisions": [TALK], "needs": [NEED]} | rows))


def option(data: Path, **rows: Any) -> dict[str, Any]:
    ((row),) = ask("gap_options", Filter(as_at=day("03-03")), school(data, **rows), **WHO).to_dicts()
    return row


class TestOptions:
    def test_room_and_a_trained_adult(self, data: Path) -> None:
        row = option(data, staff=[ZOE], training=[SKILL])
        assert (row["could_take"], row["match"], row["free_places"]) == ("yes", "broad", 2)
        assert (row["trained_staff"], row["qualifies"], row["times_before"]) == (["Zoe"], None, 0)

    def test_naming_the_need_is_an_exact_match(self, data: Path) -> None:
        assert option(data, provisions=[TALK | {"need_codes": ["slcn"]}])["match"] == "exact"

    @pytest.mark.parametrize(("last", "said"), [("03-02", "nobody trained"), ("03-03", "yes")])
    def test_training_counts_on_its_last_day(self, data: Path, last: str, said: str) -> None:
        skill = SKILL | {"expires_on": day(last)}
        assert option(data, staff=[ZOE], training=[skill])["could_take"] == said

    @pytest.mark.parametrize(("first", "said"), [("03-03", "yes"), ("03-04", "nobody trained")])
    def test_training_counts_from_its_first_day(self, data: Path, first: str, said: str) -> None:
        skill = SKILL | {"gained_on": day(first)}
        assert option(data, staff=[ZOE], training=[skill])["could_take"] == said

    def test_skills_of_two_adults_are_not_those_of_one(self, data: Path) -> None:
        both = [TALK | {"skills_required": ["talk", "signing"]}]
        training = [SKILL, SKILL | {"staff_id": "s2", "skill": "signing"}]
        assert option(data, provisions=both, training=training)["could_take"] == "nobody trained"

    def test_a_full_group(self, data: Path) -> None:
        pupils = [PUPIL | {"pupil_id": number} for number in "123"]
        placed = [
            {"pupil_id": number, "provision_id": "T", "start_date": day("02-02"), "group_name": "A"}
            for number in "23"
        ]
        row = option(data, pupils=pupils, placements=placed, training=[SKILL])
        assert (row["free_places"], row["could_take"]) == (0, "no room")

    @pytest.mark.parametrize(("years", "found"), [(["5"], 1), (["4"], 0), ([], 1)])
    def test_for_the_pupils_year(self, data: Path, years: list[str], found: int) -> None:
        store = school(data, provisions=[TALK | {"year_groups": years}])
        assert ask("gap_options", Filter(as_at=day("03-03")), store, **WHO).height == found

    def test_criteria_that_do_not_hold(self, data: Path) -> None:
        rule = {"provision_id": "T", "kind": "entry", "measure": "group", "comparator": "=", "value": "fsm"}
        row = option(data, criteria=[rule], training=[SKILL])
        assert (row["qualifies"], row["could_take"]) == ("no", "criteria not met")


ASKED = WHO | {"need_code": "reading"}
READ = {"provision_id": "T", "name": "Reading partners", "tier": "targeted", "subject": "Reading",
        "need_codes": ["SPLD"]}  # fmt: skip
BEFORE = {"provision_id": "T", "start_date": day("2025-09-08"), "end_date": day("2025-12-12")}


class TestSubject:
    """A gap of a pupil who is below expected in a subject and has no need recorded."""

    def ask(self, data: Path, question: str, **rows: Any) -> list[dict[str, Any]]:
        store = school(data, **({"provisions": [READ], "needs": []} | rows))
        return ask(question, Filter(as_at=DAY), store, **ASKED).to_dicts()

    def test_what_is_for_the_subject_could_answer_it(self, data: Path) -> None:
        (row,) = self.ask(data, "gap_options")
        assert (row["provision"], row["match"]) == ("Reading partners", "exact")

    @pytest.mark.parametrize(
        ("last", "missed"), [("2026-03-02", []), ("2026-03-03", ["music"]), (None, ["music"])]
    )
    def test_which_lesson_would_be_missed(self, data: Path, last: str | None, missed: list[str]) -> None:
        other = BEFORE | {
            "pupil_id": "2",
            "subject_missed": "Music ",
            "end_date": day(last) if last else None,
        }
        pupils = [PUPIL, PUPIL | {"pupil_id": "2"}]
        (row,) = self.ask(data, "gap_options", pupils=pupils, placements=[other])
        assert row["lessons_missed"] == missed

    def test_what_ran_before_needs_no_need(self, data: Path) -> None:
        (row,) = self.ask(data, "tried_with_this_pupil", placements=[BEFORE | {"pupil_id": "1"}])
        assert (row["end_date"], row["is_broad_match"]) == (day("2025-12-12"), False)

    def test_what_others_had_for_the_subject(self, data: Path) -> None:
        pupils = [PUPIL, PUPIL | {"pupil_id": "2"}]
        placed = [BEFORE | {"pupil_id": "2"}]
        (row,) = self.ask(data, "tried_for_pupils_like_this", pupils=pupils, placements=placed)
        assert row["times"] == 1

    def test_for_another_subject_it_is_no_answer(self, data: Path) -> None:
        assert self.ask(data, "gap_options", provisions=[READ | {"subject": "mathematics"}]) == []


def had(number: int, entry: str, leave: str, **columns: Any) -> dict[str, Any]:
    return {
        "pupil_id": str(number), "provision_id": "T", "start_date": day("2025-09-08"),
        "end_date": day("01-30"),
        "measure": "reading/standardised", "entry_value": entry, "exit_value": leave, "outcome": None,
    } | columns  # fmt: skip


def tried(data: Path, times: list[dict[str, Any]], **rows: Any) -> list[dict[str, Any]]:
    pupils = [PUPIL | {"pupil_id": str(number)} for number in range(1, 8)]
    needs = [NEED | {"pupil_id": str(number)} for number in range(1, 8)]
    store = school(data, **({"pupils": pupils, "needs": needs, "placements": times} | rows))
    return ask("tried_for_pupils_like_this", Filter(as_at=day("03-03")), store, **WHO).to_dicts()


class TestTried:
    @pytest.mark.parametrize(("last", "place"), [(5, None), (6, 1)])
    def test_five_measured_are_enough_to_rank(self, data: Path, last: int, place: int | None) -> None:
        times = [had(number, "80", "80" if number == 2 else "79") for number in range(2, last + 1)]
        (row,) = tried(data, times)
        assert (row["times"], row["measured"], row["gained"]) == (last - 1, last - 1, 1)
        assert row["place"] == place

    def test_the_pupils_own_times_are_not_among_them(self, data: Path) -> None:
        assert tried(data, [had(1, "80", "90")]) == []

    def test_only_in_the_same_key_stage(self, data: Path) -> None:
        young = [PUPIL, PUPIL | {"pupil_id": "2", "year_group": "2"}]
        assert tried(data, [had(2, "80", "90")], pupils=young) == []

    def test_only_while_they_had_the_need(self, data: Path) -> None:
        over = [NEED, NEED | {"pupil_id": "2", "end_date": day("2025-09-07")}]
        assert tried(data, [had(2, "80", "90")], needs=over) == []

    def test_a_score_to_come_is_no_score(self, data: Path) -> None:
        (row,) = tried(data, [had(2, "80", "90", exit_date=day("03-04"))])
        assert (row["times"], row["measured"]) == (1, 0)

    def test_outcomes(self, data: Path) -> None:
        times = [had(2, "80", "A", outcome="met"), had(3, "80", "A", outcome="partly met")]
        times += [had(4, "80", "A", outcome="met", end_date=day("03-04"))]
        (row,) = tried(data, times)
        assert (row["judged"], row["outcome_met"], row["outcome_met_share"]) == (2, 1, 0.5)


def test_what_ran_before_says_what_came_of_it(data: Path) -> None:
    store = school(data, placements=[had(1, "80", "90", outcome="met")])
    (row,) = ask("tried_with_this_pupil", Filter(as_at=day("03-03")), store, **WHO).to_dicts()
    assert (row["provision"], row["end_date"], row["outcome"]) == ("Talk", day("01-30"), "met")
    assert answer(store, "gaps")[0]["kind"] == "lapsed"


COLUMNS = {
    "gap_options": "provision_id match tier free_places trained_staff qualifies in_place times_before"
    " could_take lessons_missed",
    "tried_with_this_pupil": "provision_id start_date end_date outcome",
    "tried_for_pupils_like_this": "provision_id times measured gained gain_share judged outcome_met"
    " outcome_met_share is_ranked runs_now place",
}


@pytest.mark.parametrize("seed", range(BULK))
def test_agrees_with_its_slow_version(seed: int) -> None:
    choose = random.Random(100 + seed).choice
    imports = deciding_trust(choose, [f"{100001 + number}" for number in range(8)])
    whole = fold(imports, REFERENCE)
    seen = dict.fromkeys(COLUMNS, 0)
    with opened(imports) as store:
        days = [near_a_boundary(choose) for _ in range(3)]
        for on, pupil in [(day_, one) for day_ in days for one in pupils_in_scope(whole, day_, Choice())]:
            need = choose(("SLCN", "MLD", "reading"))
            who = {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"], "need_code": need}
            for question, columns in COLUMNS.items():
                slow = compared(getattr(slow_offers, question)(whole, pupil, need, on), columns)
                rows = ask(question, Filter(as_at=on), store, **who).to_dicts()
                assert compared(rows, columns) == slow, (question, who, on)
                seen[question] += len(rows)
    assert all(seen.values())
