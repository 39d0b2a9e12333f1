"""How each pupil is doing, term by term, before it is written down as assessments."""

from dataclasses import dataclass

import numpy as np

from provmap.sample.cast import CAST
from provmap.sample.chance import Bools, Floats, Ints, Texts, stream
from provmap.sample.dates import Term, assessed_terms, day_number
from provmap.sample.roll import SUBJECTS, Roll

EXPECTED = 95
GREATER_DEPTH = 110


@dataclass
class Scores:
    """Pupils by terms by subjects. `gained` is what provisions have added since, and starts at nothing."""

    terms: list[Term]
    level: Floats  # on a scale of mean 100 and standard deviation 15, free of the day's luck
    luck: Floats
    gained: Floats
    assessed: Bools  # pupils by terms: on roll on the day

    def test(self) -> Ints:
        """Standardised scores."""
        return np.clip(np.rint(self.level + self.gained + self.luck), 69, 141).astype(np.int64)

    def judgement(self) -> Texts:
        """Teacher judgement: kinder at the edge than a test, and with less of the day's luck."""
        level = self.level + self.gained - 0.4 * self.luck
        return np.select(
            [level < 66, level < 70, level < 92.5, level < 112], ["PK2", "PK4", "WTS", "EXS"], "GDS"
        ).astype(object)

    def below_now(self) -> Bools:
        """Pupils by subjects: judged below expected in the last term assessed."""
        return np.isin(self.judgement()[:, -1].astype(str), ["PK2", "PK4", "WTS"])


def make_scores(roll: Roll, years: int, seed: int) -> Scores:
    """A path for each pupil: steady, drifting with need, attendance and luck."""
    chance = stream(seed, roll.school.number, "scores")
    terms = assessed_terms(years)
    count = len(roll)
    drift = chance.normal(0, 0.9, (count, len(terms), 3)).cumsum(axis=1)
    slope = -0.12 * (roll.sen == "K") - 0.2 * (roll.sen == "E") - 4.0 * (roll.missed_share - 0.05)
    # Early English catches up, which is what makes its progress look unlike its attainment.
    slope += 0.35 * np.isin(roll.eal_stage.astype(str), ["A", "B"])
    passed = np.arange(len(terms)) - (len(terms) - 1) / 2
    level = 103.5 + 11.2 * roll.ability[:, None, :] + drift + (slope[:, None] * passed)[:, :, None]
    luck = chance.normal(0, 3.2, level.shape)
    assessed = np.stack([roll.here(day_number(term.test_day), term.year) for term in terms], axis=1)
    for number, member in enumerate(CAST[: roll.cast]):
        level[number] = member.scores or (100, 100, 100)
        luck[number] = 0
        assessed[number] &= member.scores is not None
    return Scores(terms, level, luck, np.zeros_like(level), assessed)


def phonics_check(roll: Roll, scores: Scores, term: int) -> Ints:
    """Marks out of 40 of each pupil, were the check held in that term."""
    reading = scores.level[:, term, SUBJECTS.index("reading")]
    return np.clip(np.rint(35.5 + (reading - 101) * 0.42 + scores.luck[:, term, 1]), 0, 40).astype(np.int64)


def phases_ahead(reading: Floats) -> Ints:
    """How many phonics phases a pupil is ahead of the teaching, or behind."""
    return np.rint((reading - 100) / 14).astype(np.int64)


def year_names(roll: Roll, year: int) -> Texts:
    """Each pupil's year group in that academic year; empty when not in the school's range."""
    place = roll.year_place(year)
    inside = (place >= 0) & (place < len(roll.school.years))
    names = np.array(roll.school.years, dtype=object)[np.clip(place, 0, len(roll.school.years) - 1)]
    return np.where(inside, names, "")
