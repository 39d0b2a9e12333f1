"""What pupils need: special needs by the published shares, and subjects, English, attendance, more able."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from provmap.sample.cast import cast_needs
from provmap.sample.chance import Bools, one_of, stream
from provmap.sample.dates import LAST_YEAR, NONE, TODAY, day_number, number_day
from provmap.sample.roll import SUBJECTS, Roll
from provmap.sample.scores import Scores, phases_ahead, phonics_check, year_names

# Primary need of pupils with SEN support and with a plan, in per cent (DfE, state schools 2021/22).
SUPPORT = {
    "SLCN": 25.1,
    "SEMH": 20.0,
    "MLD": 18.9,
    "SPLD": 14.4,
    "ASD": 7.6,
    "NSA": 4.4,
    "OTH": 4.3,
    "PD": 2.2,
    "HI": 1.6,
    "VI": 0.9,
    "MSI": 0.3,
    "SLD": 0.2,
    "PMLD": 0.1,
}
PLAN = {
    "SLCN": 17.4,
    "SEMH": 15.0,
    "MLD": 9.7,
    "SPLD": 3.9,
    "ASD": 31.3,
    "OTH": 2.5,
    "PD": 4.2,
    "HI": 1.9,
    "VI": 1.1,
    "MSI": 0.3,
    "SLD": 9.5,
    "PMLD": 3.1,
}
COGNITION = {"SPLD", "MLD", "SLD", "PMLD", "DS"}
BARRIERS = {
    "SLCN": ("Short sentences", "Hard to understand when excited", "Loses long instructions"),
    "SEMH": ("Leaves the room when work is hard", "Worries about friends", "Quick to anger"),
    "ASD": ("Noise", "Changes of plan", "Working in groups"),
    "SPLD": ("Slow decoding", "Spelling", "Copying"),
    "MLD": ("Memory", "Needs many repetitions"),
    "EAL": ("New words in every lesson", "Reading without pictures"),
    "reading": ("Fluency", "Inference", "Vocabulary"),
    "writing": ("Sentence punctuation", "Stamina", "Spelling"),
    "mathematics": ("Times tables", "Place value", "Word problems"),
    "phonics": ("Blending", "Vowel digraphs"),
    "ATTENDANCE": ("Mornings at home", "Long journeys"),
}


@dataclass
class Need:
    """A need of the pupil at `pupil` in the roll's arrays."""

    pupil: int
    code: str
    start: int
    end: int = NONE
    rank: int | None = None
    by_plan: bool = False
    minutes: int | None = None
    recorded_start: bool = True
    barrier: str = ""
    source: str = ""

    def live(self, day: int) -> bool:
        return self.start <= day and (self.end == NONE or self.end >= day)


def make_needs(roll: Roll, scores: Scores, years: int, seed: int) -> tuple[list[Need], list[tuple[int, str]]]:
    """The needs of all but the cast, and who is helped in a subject though no need was written down."""
    chance = stream(seed, roll.school.number, "needs")
    needs: list[Need] = []
    helped: list[tuple[int, str]] = []
    below, phonics = scores.below_now(), _failed_phonics(roll, scores)
    judged = np.isin(scores.judgement().astype(str), ["PK2", "PK4", "WTS"]) & scores.assessed[:, :, None]
    on_roll = roll.here(TODAY, LAST_YEAR)
    gone_by = day_number(date(LAST_YEAR - years + 1, 9, 1))
    for pupil in range(roll.cast, len(roll)):
        last = int(roll.leaving[pupil])
        if last != NONE and last < gone_by:
            continue
        own = _special(chance, roll, pupil)
        if roll.eal[pupil] and roll.eal_stage[pupil] <= "C" and chance.random_sample() < 0.85:
            own.append(Need(pupil, "EAL", int(roll.entry[pupil]), source="EAL lead"))
        if roll.more_able[pupil] and chance.random_sample() < 0.7:
            own.append(Need(pupil, "MORE_ABLE", _since(chance, roll, pupil), source="class teacher"))
        if roll.missed_share[pupil] > 0.11 and chance.random_sample() < 0.7:
            own.append(
                Need(pupil, "ATTENDANCE", _since(chance, roll, pupil, 300), source="attendance officer")
            )
        if not COGNITION & {need.code for need in own}:
            low = [
                s
                for n, s in enumerate(SUBJECTS)
                if on_roll[pupil] and below[pupil, n] and scores.assessed[pupil, -1]
            ]
            for subject in low + (["phonics"] if phonics[pupil] else []):
                _subject(chance, roll, pupil, subject, own, helped=helped)
            own += _former(chance, scores, judged[pupil], low, pupil)
        if last != NONE:
            for need in own:
                need.end = last if need.end == NONE else min(need.end, last)
        needs += [need for need in own if need.end == NONE or need.end >= need.start]
    return needs, helped


def _failed_phonics(roll: Roll, scores: Scores) -> Bools:
    """In year 2 now and below 32 in last summer's check, or younger and two phases behind the teaching."""
    now = year_names(roll, LAST_YEAR)
    failed = (
        scores.assessed[:, -1]
        & np.isin(now.astype(str), ["R", "1"])
        & (phases_ahead(scores.level[:, -1, 0]) < -1)
    )
    for number, term in enumerate(scores.terms):
        if term.year == LAST_YEAR - 1 and term.name == "summer":
            failed |= (now == "2") & (phonics_check(roll, scores, number) < 32) & scores.assessed[:, number]
    return failed


def _since(chance: np.random.RandomState, roll: Roll, pupil: int, within: int = 1100) -> int:
    """A day since the pupil came, and no later than six weeks ago; a weekday."""
    last = int(roll.leaving[pupil]) if roll.leaving[pupil] != NONE else TODAY
    first = max(int(roll.entry[pupil]) + 14, TODAY - within)
    day = first + int(chance.random_sample() * max(last - 42 - first, 1))
    return min(day - max((day + 3) % 7 - 4, 0), last)


def _special(chance: np.random.RandomState, roll: Roll, pupil: int) -> list[Need]:
    status = roll.sen[pupil]
    if status == "N" or (status == "K" and chance.random_sample() < 0.05):
        return []
    shares = PLAN if status == "E" else SUPPORT
    codes = [_by_share(chance, shares)]
    if chance.random_sample() < (0.45 if status == "E" else 0.22):
        codes.append(_by_share(chance, shares))
    needs = []
    for rank, code in enumerate(dict.fromkeys(codes), start=1):
        need = Need(
            pupil,
            code,
            _since(chance, roll, pupil),
            rank=rank,
            source="SENCO",
            recorded_start=chance.random_sample() > 0.08,
        )
        if status == "E":
            need.by_plan = True
            need.minutes = 60 * (3 + int(chance.randint(8))) if rank == 1 else None
        needs.append(need)
    return needs


def _by_share(chance: np.random.RandomState, shares: dict[str, float]) -> str:
    left = chance.random_sample() * sum(shares.values())
    for code, share in shares.items():
        left -= share
        if left < 0:
            return code
    return next(iter(shares))


def _subject(
    chance: np.random.RandomState,
    roll: Roll,
    pupil: int,
    subject: str,
    own: list[Need],
    *,
    helped: list[tuple[int, str]],
) -> None:
    """Below expected: most have a need written down, some are helped without one, a few are missed."""
    luck = chance.random_sample()
    if luck < 0.55:
        own.append(
            Need(
                pupil,
                subject,
                _since(chance, roll, pupil, 500),
                source="class teacher",
                recorded_start=chance.random_sample() > 0.06,
            )
        )
        if subject == "writing" and chance.random_sample() < 0.1:
            own.append(Need(pupil, "handwriting", _since(chance, roll, pupil, 300), source="class teacher"))
    elif luck < 0.93:
        helped.append((pupil, subject))


def _former(
    chance: np.random.RandomState, scores: Scores, judged: Bools, low: list[str], pupil: int
) -> Iterator[Need]:
    """Needs of earlier years that have been met: below in some earlier term, and no longer."""
    for number, subject in enumerate(SUBJECTS):
        terms = np.flatnonzero(judged[:-2, number])
        if subject in low or not len(terms) or chance.random_sample() > 0.55:
            continue
        first = day_number(scores.terms[int(terms[0])].teacher_day) + 3
        last = day_number(scores.terms[min(int(terms[-1]) + 1, len(scores.terms) - 2)].end)
        if last > first:
            yield Need(pupil, subject, first, end=last, source="class teacher")


def need_rows(roll: Roll, needs: list[Need], seed: int) -> list[dict[str, Any]]:
    """Rows of the `needs` dataset."""
    chance = stream(seed, roll.school.number, "barriers")
    rows = cast_needs() if roll.cast else []
    for need in needs:
        words = one_of(chance, BARRIERS.get(need.code, ("",)))
        rows.append(
            {
                "pupil_id": roll.pupil_id[need.pupil],
                "need_code": need.code,
                "rank": need.rank,
                "required_by": "ehcp" if need.by_plan else None,
                "required_weekly_minutes": need.minutes,
                "start_date": number_day(need.start) if need.recorded_start else None,
                "end_date": None if need.end == NONE else number_day(need.end),
                "barrier": words if chance.random_sample() < 0.6 else None,
                "source": need.source,
            }
        )
    return rows
