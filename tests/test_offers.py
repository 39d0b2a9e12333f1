"""What helps to decide about a gap: cases worked out by hand, then drawn schools against the slow version."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from provmap.filters import Filter
from provmap.questions import ask, make_filter
from tests import slow_offers
from tests.drawn_schools import deciding_trust
from tests.slow_history import fold
from tests.slow_words import Choice, pupils_in_scope
from tests.test_properties import BULK, REFERENCE, compared, near_a_boundary, opened
from tests.tiny import DAY, PUPIL, day, tiny_schools

NEED = {"pupil_id": "1", "need_code": "SLCN", "start_date": day("2025-09-01")}
TALK = {
    "provision_id": "T", "name": "Talk", "tier": "targeted", "delivery": "group", "group_size": 2,
    "need_codes": ["communication and interaction"], "skills_required": ["Talk"],
}  # fmt: skip
ZOE = {"staff_id": "s1", "name": "Zoe"}
SKILL = {"staff_id": "s1", "skill": "talk", "gained_on": day("2025-01-01")}
READ = {"provision_id": "T", "name": "Reading partners", "tier": "targeted", "subject": "Reading",
        "need_codes": ["SPLD"]}  # fmt: skip
BEFORE = {"provision_id": "T", "start_date": day("2025-09-08"), "end_date": day("2025-12-12")}
TWO = [PUPIL, PUPIL | {"pupil_id": "2"}]
SEVEN = [PUPIL | {"pupil_id": str(number)} for number in range(1, 8)]
Rows = dict[str, list[dict[str, Any]]]
Ask = Callable[..., list[dict[str, Any]]]


def had(number: int, entry: str, leave: str, **columns: Any) -> dict[str, Any]:
    return {
        "pupil_id": str(number), "provision_id": "T", "start_date": day("2025-09-08"),
        "end_date": day("01-30"),
        "measure": "reading/standardised", "entry_value": entry, "exit_value": leave, "outcome": None,
    } | columns  # fmt: skip


@pytest.fixture(scope="module")
def ask_school(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """A question about pupil 1 of a case: every case is a school of one store."""
    store = tiny_schools(tmp_path_factory.mktemp("schools"), OPTIONS | SUBJECT | TRIED)

    def ask_one(question: str, case: str, need_code: str = "SLCN") -> list[dict[str, Any]]:
        filter = make_filter(store, as_at=DAY, schools=[case])
        if question == "gaps":
            return ask(question, filter, store).to_dicts()
        return ask(question, filter, store, school_id=case, pupil_id="1", need_code=need_code).to_dicts()

    return ask_one


def may_have(**rows: Any) -> Rows:
    return {"provisions": [TALK], "needs": [NEED]} | rows


OPTIONS = {
    "a trained adult": may_have(staff=[ZOE], training=[SKILL]),
    "the need is named": may_have(provisions=[TALK | {"need_codes": ["slcn"]}]),
    **{
        words: may_have(provisions=[TALK | {"skills_required": [], "group_size": None, "delivery": way}])
        for words, way in (
            ("nothing is known", None),
            ("one to one", "one to one"),
            ("beyond", "beyond school"),
        )
    },
    "trained until 03-02": may_have(staff=[ZOE], training=[SKILL | {"expires_on": day("03-02")}]),
    "trained until 03-03": may_have(staff=[ZOE], training=[SKILL | {"expires_on": day("03-03")}]),
    "trained from 03-03": may_have(staff=[ZOE], training=[SKILL | {"gained_on": day("03-03")}]),
    "trained from 03-04": may_have(staff=[ZOE], training=[SKILL | {"gained_on": day("03-04")}]),
    "a skill each of two adults": may_have(
        provisions=[TALK | {"skills_required": ["talk", "signing"]}],
        training=[SKILL, SKILL | {"staff_id": "s2", "skill": "signing"}],
    ),
    "a full group": may_have(
        pupils=[PUPIL | {"pupil_id": number} for number in "123"],
        placements=[
            {"pupil_id": number, "provision_id": "T", "start_date": day("02-02"), "group_name": "A"}
            for number in "23"
        ],
        training=[SKILL],
    ),
    **{
        f"has it from {first} to {last}": may_have(
            training=[SKILL],
            placements=[
                {"pupil_id": "1", "provision_id": "T", "start_date": day(first), "end_date": day(last)}
            ],
        )
        for first, last in (("01-12", "03-02"), ("01-12", "03-03"), ("03-03", "03-20"), ("03-04", "03-20"))
    },
    "for Year 5": may_have(provisions=[TALK | {"year_groups": ["5"]}]),
    "for Year 4": may_have(provisions=[TALK | {"year_groups": ["4"]}]),
    "for every year": may_have(provisions=[TALK | {"year_groups": []}]),
    "criteria that do not hold": may_have(
        criteria=[
            {"provision_id": "T", "kind": "entry", "measure": "group", "comparator": "=", "value": "fsm"}
        ],
        training=[SKILL],
    ),
}


class TestOptions:
    def option(self, ask_school: Ask, case: str) -> dict[str, Any]:
        ((row),) = ask_school("gap_options", case)
        return row

    def test_room_and_a_trained_adult(self, ask_school: Ask) -> None:
        row = self.option(ask_school, "a trained adult")
        assert (row["could_take"], row["match"], row["free_places"]) == ("yes", "broad", 2)
        assert (row["trained_staff"], row["qualifies"], row["times_before"]) == (["Zoe"], None, 0)

    def test_what_nobody_wrote_down_is_said_beside_a_yes(self, ask_school: Ask) -> None:
        assert self.option(ask_school, "a trained adult")["not_recorded"] == ["criteria", "lesson missed"]
        row = self.option(ask_school, "nothing is known")
        assert (row["could_take"], row["free_places"]) == ("yes", None)
        assert row["not_recorded"] == ["room", "skills", "criteria", "lesson missed"]

    def test_one_to_one_and_beyond_school_are_asked_less(self, ask_school: Ask) -> None:
        one = self.option(ask_school, "one to one")
        assert one["not_recorded"] == ["skills", "criteria", "lesson missed"]
        assert self.option(ask_school, "beyond")["not_recorded"] == ["room", "skills", "criteria"]

    def test_naming_the_need_is_an_exact_match(self, ask_school: Ask) -> None:
        assert self.option(ask_school, "the need is named")["match"] == "exact"

    @pytest.mark.parametrize(("last", "said"), [("03-02", "nobody trained"), ("03-03", "yes")])
    def test_training_counts_on_its_last_day(self, ask_school: Ask, last: str, said: str) -> None:
        assert self.option(ask_school, f"trained until {last}")["could_take"] == said

    @pytest.mark.parametrize(("first", "said"), [("03-03", "yes"), ("03-04", "nobody trained")])
    def test_training_counts_from_its_first_day(self, ask_school: Ask, first: str, said: str) -> None:
        assert self.option(ask_school, f"trained from {first}")["could_take"] == said

    def test_skills_of_two_adults_are_not_those_of_one(self, ask_school: Ask) -> None:
        assert self.option(ask_school, "a skill each of two adults")["could_take"] == "nobody trained"

    def test_a_full_group(self, ask_school: Ask) -> None:
        row = self.option(ask_school, "a full group")
        assert (row["free_places"], row["could_take"]) == (0, "no room")

    @pytest.mark.parametrize(
        ("first", "last", "said"),
        [
            ("01-12", "03-02", "yes"), ("01-12", "03-03", "has it now"),
            ("03-03", "03-20", "has it now"), ("03-04", "03-20", "starts soon"),
        ],
    )  # fmt: skip
    def test_what_the_pupil_has_is_not_offered_again(
        self, ask_school: Ask, first: str, last: str, said: str
    ) -> None:
        assert self.option(ask_school, f"has it from {first} to {last}")["could_take"] == said

    @pytest.mark.parametrize(("case", "found"), [("for Year 5", 1), ("for Year 4", 0), ("for every year", 1)])
    def test_for_the_pupils_year(self, ask_school: Ask, case: str, found: int) -> None:
        assert len(ask_school("gap_options", case)) == found

    def test_criteria_that_do_not_hold(self, ask_school: Ask) -> None:
        row = self.option(ask_school, "criteria that do not hold")
        assert (row["qualifies"], row["could_take"]) == ("no", "criteria not met")


def may_read(**rows: Any) -> Rows:
    return {"provisions": [READ], "needs": []} | rows


def misses_music(last: str | None) -> Rows:
    music = {"pupil_id": "2", "subject_missed": "Music ", "end_date": day(last) if last else None}
    return may_read(pupils=TWO, placements=[BEFORE | music])


SUBJECT = {
    "reading partners": may_read(),
    "music missed until 2026-03-02": misses_music("2026-03-02"),
    "music missed until 2026-03-03": misses_music("2026-03-03"),
    "music missed until None": misses_music(None),
    "had it before": may_read(placements=[BEFORE | {"pupil_id": "1"}]),
    "another had it": may_read(pupils=TWO, placements=[BEFORE | {"pupil_id": "2"}]),
    "for mathematics": may_read(provisions=[READ | {"subject": "mathematics"}]),
}


class TestSubject:
    """A gap of a pupil who is below expected in a subject and has no need recorded."""

    def test_what_is_for_the_subject_could_answer_it(self, ask_school: Ask) -> None:
        (row,) = ask_school("gap_options", "reading partners", "reading")
        assert (row["provision"], row["match"]) == ("Reading partners", "exact")

    @pytest.mark.parametrize(
        ("last", "missed"), [("2026-03-02", []), ("2026-03-03", ["music"]), (None, ["music"])]
    )
    def test_which_lesson_would_be_missed(self, ask_school: Ask, last: str | None, missed: list[str]) -> None:
        (row,) = ask_school("gap_options", f"music missed until {last}", "reading")
        assert row["lessons_missed"] == missed

    def test_what_ran_before_needs_no_need(self, ask_school: Ask) -> None:
        (row,) = ask_school("tried_with_this_pupil", "had it before", "reading")
        assert (row["end_date"], row["is_broad_match"]) == (day("2025-12-12"), False)

    def test_what_others_had_for_the_subject(self, ask_school: Ask) -> None:
        (row,) = ask_school("tried_for_pupils_like_this", "another had it", "reading")
        assert row["times"] == 1

    def test_for_another_subject_it_is_no_answer(self, ask_school: Ask) -> None:
        assert ask_school("gap_options", "for mathematics", "reading") == []


def tried(*times: dict[str, Any], **rows: Any) -> Rows:
    needs = [NEED | {"pupil_id": pupil["pupil_id"]} for pupil in SEVEN]
    return may_have(pupils=SEVEN, needs=needs, placements=times) | rows


TRIED = {
    "the pupil's own": tried(had(1, "80", "90")),
    "another key stage": tried(
        had(2, "80", "90"), pupils=[PUPIL, PUPIL | {"pupil_id": "2", "year_group": "2"}]
    ),
    "the need was over": tried(
        had(2, "80", "90"), needs=[NEED, NEED | {"pupil_id": "2", "end_date": day("2025-09-07")}]
    ),
    "a score to come": tried(had(2, "80", "90", exit_date=day("03-04"))),
    "outcomes": tried(
        had(2, "80", "A", outcome="met"),
        had(3, "80", "A", outcome="partly met"),
        had(4, "80", "A", outcome="met", end_date=day("03-04")),
    ),
    "met before": may_have(placements=[had(1, "80", "90", outcome="met")]),
}
TRIED |= {
    f"{last - 1} measured": tried(
        *[had(number, "80", "80" if number == 2 else "79") for number in range(2, last + 1)]
    )
    for last in (5, 6)
}


class TestTried:
    def tried(self, ask_school: Ask, case: str) -> list[dict[str, Any]]:
        return ask_school("tried_for_pupils_like_this", case)

    @pytest.mark.parametrize(("last", "place"), [(5, None), (6, 1)])
    def test_five_measured_are_enough_to_rank(self, ask_school: Ask, last: int, place: int | None) -> None:
        (row,) = self.tried(ask_school, f"{last - 1} measured")
        assert (row["times"], row["measured"], row["gained"]) == (last - 1, last - 1, 1)
        assert row["place"] == place

    def test_the_pupils_own_times_are_not_among_them(self, ask_school: Ask) -> None:
        assert self.tried(ask_school, "the pupil's own") == []

    def test_only_in_the_same_key_stage(self, ask_school: Ask) -> None:
        assert self.tried(ask_school, "another key stage") == []

    def test_only_while_they_had_the_need(self, ask_school: Ask) -> None:
        assert self.tried(ask_school, "the need was over") == []

    def test_a_score_to_come_is_no_score(self, ask_school: Ask) -> None:
        (row,) = self.tried(ask_school, "a score to come")
        assert (row["times"], row["measured"]) == (1, 0)

    def test_outcomes(self, ask_school: Ask) -> None:
        (row,) = self.tried(ask_school, "outcomes")
        assert (row["judged"], row["outcome_met"], row["outcome_met_share"]) == (2, 1, 0.5)


def test_what_ran_before_says_what_came_of_it(ask_school: Ask) -> None:
    (row,) = ask_school("tried_with_this_pupil", "met before")
    assert (row["provision"], row["end_date"], row["outcome"]) == ("Talk", day("01-30"), "met")
    assert ask_school("gaps", "met before")[0]["kind"] == "lapsed"


COLUMNS = {
    "gap_options": "provision_id match tier free_places trained_staff qualifies in_place times_before"
    " could_take lessons_missed not_recorded",
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
