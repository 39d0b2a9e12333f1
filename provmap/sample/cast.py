"""The named, stable cast of the one-school sample: the same people and facts whatever the seed.

sample_data/README.md says in words what each of them shows on 3 March 2026.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

SAME_NEED = "P0001"
SAME_PROVISION = "P0002"
UNMET = "P0003"
LAPSED = "P0004"
PLANNED = "P0005"
REPEATED_WITHOUT_GAIN = "P0006"
NO_CURRENT_NEED = "P0007"
PERSISTENTLY_ABSENT = "P0008"
MORE_ABLE_AND_EAL = "P0009"
JOINED_MID_YEAR = "P0010"
LEFT = "P0011"
SEN_WITHOUT_NEED = "P0012"
BELOW_PLAN = "P0013"
NO_RECORDED_NEED = "P0014"
NO_DATA = "P0015"
IN_CLASS = "P0016"
NOTHING_TO_FIND = "P0017"

AT_EXPECTED = (103, 102, 104)
SMALLEST_SCHOOL = 30  # below this there is no room for the cast


@dataclass(frozen=True)
class Member:
    """One of the cast. `scores` are reading, writing and mathematics, standardised, in every term."""

    pupil_id: str
    forename: str
    surname: str
    sex: str
    year_group: str
    born: date
    scores: tuple[int, int, int] | None = AT_EXPECTED
    missed_share: float = 0.025
    entry: date | None = None
    leaving: date | None = None
    ethnicity: str = "WBRI"
    language: str = "ENG"
    flags: dict[str, Any] = field(default_factory=dict)


# fmt: off
CAST = (
    Member(SAME_NEED, "Zuzanna", "O'Brien-Łuć", "F", "4", date(2017, 5, 14), (86, 101, 102),
           ethnicity="WOTH"),
    Member(SAME_PROVISION, "Amir", "Hussain-Whitlock", "M", "5", date(2016, 1, 22), (102, 101, 84),
           ethnicity="APKN"),
    Member(UNMET, "Ffion", "Prydderch", "F", "2", date(2019, 7, 30), flags={"sen_status": "K"}),
    Member(LAPSED, "Kofi", "Mensah-Boateng", "M", "6", date(2014, 11, 3), ethnicity="BAFR",
           flags={"sen_status": "K", "fsm": True, "ever_6": True, "pupil_premium": True}),
    Member(PLANNED, "Niamh", "D'Arcy-Flynn", "F", "3", date(2018, 3, 9), (104, 88, 103), ethnicity="WIRI"),
    Member(REPEATED_WITHOUT_GAIN, "Tomasz", "Wiśniewski", "M", "5", date(2015, 12, 18), (81, 100, 101),
           ethnicity="WOTH"),
    Member(NO_CURRENT_NEED, "Grace", "Adeyemi-Cole", "F", "4", date(2016, 10, 27), ethnicity="BAFR"),
    Member(PERSISTENTLY_ABSENT, "Callum", "Threlfall", "M", "6", date(2015, 6, 2), missed_share=0.24,
           flags={"fsm": True, "ever_6": True, "pupil_premium": True}),
    Member(MORE_ABLE_AND_EAL, "Anaya", "Krishnamurthy-Rao", "F", "5", date(2016, 4, 11), (121, 118, 124),
           ethnicity="AIND", language="TAM", flags={"eal": True, "eal_stage": "D", "more_able": True}),
    Member(JOINED_MID_YEAR, "Yusuf", "Demirtaş", "M", "3", date(2017, 11, 8), entry=date(2026, 1, 19),
           ethnicity="OOTH", language="TUR", flags={"eal": True, "eal_stage": "A"}),
    Member(LEFT, "Lowenna", "Tregear", "F", "1", date(2020, 2, 16), leaving=date(2025, 12, 19)),
    Member(SEN_WITHOUT_NEED, "Harvey", "Blenkinsop", "M", "2", date(2018, 10, 5), flags={"sen_status": "K"}),
    Member(BELOW_PLAN, "Mei-Lin", "Zhou-Carter", "F", "1", date(2020, 4, 25), ethnicity="MOTH",
           flags={"sen_status": "E"}),
    Member(NO_RECORDED_NEED, "Ioan", "ap-Rhydderch", "M", "6", date(2015, 3, 13), (103, 102, 85)),
    Member(NO_DATA, "Seren", "Nakamura-Holt", "F", "4", date(2017, 8, 21), None, ethnicity="MWAS"),
    Member(IN_CLASS, "Oluwaseun", "Ọlátúnjí", "M", "3", date(2018, 6, 17), ethnicity="BAFR",
           flags={"sen_status": "K"}),
    Member(NOTHING_TO_FIND, "Daisy", "Thistlewood", "F", "R", date(2020, 10, 12)),
)
# fmt: on


def cast_needs() -> list[dict[str, Any]]:
    """The recorded needs of the cast."""
    return [
        _need(SAME_NEED, "reading", date(2025, 9, 15), barrier="Reads accurately but slowly"),
        _need(SAME_PROVISION, "mathematics", date(2025, 9, 15), barrier="Counts in ones"),
        _need(UNMET, "SLCN", date(2025, 10, 6), barrier="Hard to follow in longer talk"),
        _need(LAPSED, "SEMH", date(2024, 11, 4), barrier="Worries about change"),
        _need(PLANNED, "writing", date(2025, 11, 10), barrier="Ideas outrun spelling"),
        _need(REPEATED_WITHOUT_GAIN, "reading", date(2025, 9, 8), barrier="Guesses at unknown words"),
        _need(NO_CURRENT_NEED, "SLCN", date(2024, 9, 16), end_date=date(2025, 7, 18)),
        _need(MORE_ABLE_AND_EAL, "MORE_ABLE", date(2024, 9, 9), barrier="Needs harder mathematics"),
        _need(JOINED_MID_YEAR, "EAL", date(2026, 1, 19), barrier="New to English"),
        _need(
            BELOW_PLAN,
            "ASD",
            date(2024, 9, 9),
            required_by="ehcp",
            required_weekly_minutes=300.0,
            barrier="Unplanned change is hard",
        ),
        _need(IN_CLASS, "SPLD", date(2025, 9, 22), barrier="Slow to write by hand"),
    ]


def cast_placements() -> list[dict[str, Any]]:
    """What has been put in place for the cast."""
    reading = {"measure": "reading/standardised", "need_codes": ["reading"], "staff_ids": ["S12"]}
    return [
        _placement(
            SAME_NEED,
            "T01",
            date(2026, 1, 12),
            expected_end_date=date(2026, 3, 27),
            entry_value="86",
            entry_date=date(2026, 1, 9),
            **reading,
        ),
        _placement(
            SAME_NEED,
            "T02",
            date(2026, 2, 2),
            expected_end_date=date(2026, 3, 27),
            entry_value="86",
            entry_date=date(2026, 1, 30),
            **reading,
        ),
        _placement(
            SAME_PROVISION,
            "T04",
            date(2026, 1, 12),
            expected_end_date=date(2026, 3, 27),
            group_name="Monday",
            need_codes=["mathematics"],
        ),
        _placement(
            SAME_PROVISION,
            "T04",
            date(2026, 2, 23),
            expected_end_date=date(2026, 4, 24),
            group_name="Thursday",
            need_codes=["mathematics"],
        ),
        _placement(
            LAPSED,
            "T10",
            date(2025, 1, 13),
            end_date=date(2025, 12, 12),
            need_codes=["SEMH"],
            outcome="partly met",
        ),
        _placement(
            PLANNED, "T05", date(2026, 4, 20), expected_end_date=date(2026, 7, 10), need_codes=["writing"]
        ),
        _placement(
            REPEATED_WITHOUT_GAIN,
            "T01",
            date(2025, 9, 15),
            end_date=date(2025, 12, 12),
            entry_value="84",
            entry_date=date(2025, 9, 12),
            exit_value="81",
            exit_date=date(2025, 12, 12),
            **reading,
        ),
        _placement(
            REPEATED_WITHOUT_GAIN,
            "T01",
            date(2026, 1, 12),
            expected_end_date=date(2026, 3, 27),
            entry_value="81",
            entry_date=date(2026, 1, 9),
            **reading,
        ),
        _placement(
            NO_CURRENT_NEED,
            "T07",
            date(2025, 1, 13),
            end_date=date(2025, 7, 18),
            need_codes=["SLCN"],
            outcome="met",
        ),
        _placement(NO_CURRENT_NEED, "T07", date(2025, 9, 15), expected_end_date=date(2026, 3, 27)),
        _placement(
            MORE_ABLE_AND_EAL,
            "T14",
            date(2026, 1, 12),
            expected_end_date=date(2026, 3, 27),
            need_codes=["MORE_ABLE"],
        ),
        _placement(
            JOINED_MID_YEAR, "T08", date(2026, 1, 26), expected_end_date=date(2026, 7, 10), need_codes=["EAL"]
        ),
        _placement(
            BELOW_PLAN,
            "S04",
            date(2025, 9, 8),
            expected_end_date=date(2026, 7, 17),
            need_codes=["ASD"],
            required_by="ehcp",
            funding="high needs",
            minutes_per_session=60.0,
            sessions_per_week=3.0,
        ),
        _placement(
            IN_CLASS,
            "U05",
            date(2025, 9, 29),
            expected_end_date=date(2026, 7, 17),
            need_codes=["SPLD"],
            note="Types longer pieces; word mat on the table",
        ),
    ]


def _need(pupil_id: str, need_code: str, start_date: date, **more: Any) -> dict[str, Any]:
    return {
        "pupil_id": pupil_id,
        "need_code": need_code,
        "start_date": start_date,
        "rank": 1,
        "source": "class teacher",
        **more,
    }


def _placement(pupil_id: str, provision_id: str, start_date: date, **more: Any) -> dict[str, Any]:
    return {
        "pupil_id": pupil_id,
        "provision_id": provision_id,
        "start_date": start_date,
        "placement_id": f"C{pupil_id[1:]}-{provision_id}-{start_date:%y%m%d}",
        "pupil_involved": True,
        "parent_involved": True,
        **more,
    }
