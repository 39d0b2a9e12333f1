"""Who the pupils of a school are: names, dates, statuses, and how able and how often absent each is."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from provmap.sample.cast import CAST, Member
from provmap.sample.chance import Bools, Floats, Ints, Texts, draw, pick, stream
from provmap.sample.characteristics import draw_ability, draw_missed_share, draw_statuses
from provmap.sample.dates import LAST_YEAR, NONE, TODAY, day_number, terms_of
from provmap.sample.names import choose_names, make_upn
from provmap.sample.schools import School

SUBJECTS = ("reading", "writing", "mathematics")


@dataclass
class Roll:
    """A school's pupils, one place in each array a pupil; the cast, where there is one, comes first.

    `cohort` is the place of the pupil's present year group among the school's; past its end, the pupil has
    moved on after the oldest year. `ability` is pupils by subjects, in standard deviations. Dates are day
    numbers, NONE where not recorded.
    """

    school: School
    cast: int
    cohort: Ints
    place: Ints  # which class of the year group
    pupil_id: Texts
    surname: Texts
    forename: Texts
    upn: Texts
    born: Ints
    girl: Bools
    ethnicity: Texts
    language: Texts
    eal: Bools
    eal_stage: Texts
    fsm: Bools
    ever_6: Bools
    premium: Bools
    looked_after: Bools
    previously_looked_after: Bools
    service: Bools
    carer: Bools
    sen: Texts
    more_able: Bools
    entry: Ints
    leaving: Ints
    ability: Floats  # pupils by subjects, in standard deviations
    missed_share: Floats

    def __len__(self) -> int:
        return len(self.cohort)

    def year_place(self, year: int) -> Ints:
        """Each pupil's place among the year groups in that academic year; it may lie outside them."""
        return self.cohort - (LAST_YEAR - year)

    def here(self, day: int, year: int) -> Bools:
        """Who is on roll on a day of that academic year."""
        place = self.year_place(year)
        here: Bools = (place >= 0) & (place < len(self.school.years))
        here &= (self.entry <= day) & ((self.leaving == NONE) | (self.leaving >= day))
        return here


def make_roll(school: School, years: int, seed: int, has_cast: bool) -> Roll:
    """Draw the pupils: on roll today as many as the school has, and those who left in the years before."""
    chance = stream(seed, school.number, "pupils")
    members = CAST if has_cast else ()
    cohort, left = _cohorts(school, years, members)
    count = len(cohort)
    girl = chance.random_sample(count) < 0.49
    names = choose_names(chance, girl)
    age = np.array([_age(school.years, int(c)) for c in cohort])
    # Born in the year that ended on the 31 August before the year group's own.
    september = np.array([day_number(date(LAST_YEAR - years_old - 1, 9, 1)) for years_old in age])
    days_after = chance.randint(0, 365, count)
    eal = chance.random_sample(count) < names["eal_share"].astype(float)
    stages = draw(chance, list("ABCDE"), [0.12, 0.18, 0.26, 0.26, 0.18], count)
    entry, leaving = _coming_and_going(chance, school, cohort, left, years)
    status = draw_statuses(chance, school.phase, girl)
    ability = draw_ability(
        chance, status, months=days_after / 30.4, age=age, girl=girl, new_to_english=eal & (stages <= "B")
    )
    drawn_to_top = np.where(status.sen == "N", np.exp(2.2 * ability.mean(axis=1)), 0)
    roll = Roll(
        school=school,
        cast=len(members),
        cohort=cohort,
        place=_places(school, cohort, len(members)),
        pupil_id=np.array([f"P{n:04d}" for n in range(1, count + 1)], dtype=object),
        surname=names["surname"],
        forename=names["forename"],
        upn=_upns(chance, school, age, entry),
        born=september + days_after,
        girl=girl,
        ethnicity=np.where(chance.random_sample(count) < 0.02, "", names["ethnicity"]),
        language=np.where(eal, names["language"], np.where(names["eal_share"] > 0, "ENB", "ENG")),
        eal=eal,
        eal_stage=np.where(eal, stages, ""),
        more_able=pick(chance, drawn_to_top, round(count * 0.08)),
        entry=entry,
        leaving=leaving,
        ability=ability,
        missed_share=draw_missed_share(chance, school.phase, status),
        **vars(status),
    )
    for number, member in enumerate(members):
        _cast_one(roll, number, member)
    return roll


def _places(school: School, cohort: Ints, cast: int) -> Ints:
    """Which class of its year group each pupil is in; the cast is in the first."""
    place = np.zeros(len(cohort), dtype=np.int64)
    for number in np.unique(cohort):
        here = np.flatnonzero(cohort == number)
        place[here] = np.arange(len(here)) * school.class_count // len(here)
    place[:cast] = 0
    return place


def _age(years: tuple[str, ...], cohort: int) -> int:
    """Age on 31 August: 4 in Reception."""
    first = 0 if years[0] == "R" else int(years[0])
    return first + cohort + 4


def _cohorts(school: School, years: int, members: tuple[Member, ...]) -> tuple[Ints, Bools]:
    """Each pupil's cohort, and who left before today: the cast, those on roll, then the leavers."""
    groups = len(school.years)
    sizes = np.full(groups, school.pupils // groups) + (np.arange(groups) < school.pupils % groups)
    cast = [school.years.index(member.year_group) for member in members]
    staying = [c for c, member in zip(cast, members, strict=True) if member.leaving is None]
    fill = np.maximum(sizes - np.bincount(staying, minlength=groups), 0)
    present = np.repeat(np.arange(groups), fill)
    typical = max(1, school.pupils // groups)
    early = np.repeat(np.arange(groups), max(0, round(typical * 0.02 * years)))
    oldest = np.repeat(np.arange(groups, groups + years - 1), typical)
    cohort = np.concatenate([np.array(cast, dtype=np.int64), present, early, oldest]).astype(np.int64)
    left = np.arange(len(cohort)) >= len(cast) + len(present)
    return cohort, left


def _coming_and_going(
    chance: np.random.RandomState, school: School, cohort: Ints, left: Bools, years: int
) -> tuple[Ints, Ints]:
    """Entry and leaving days: most at the start of the youngest year and the end of the oldest."""
    starts = {int(c): day_number(terms_of(LAST_YEAR - int(c))[0].start) for c in np.unique(cohort)}
    entry = np.array([starts[int(c)] for c in cohort])
    earliest = day_number(terms_of(LAST_YEAR - years + 1)[0].start)
    span = TODAY - np.maximum(entry, earliest)
    joined = (chance.random_sample(len(cohort)) < 0.03 * years) & (span > 60) & ~left
    day = entry + (TODAY - entry - span) + 40 + (chance.random_sample(len(cohort)) * np.maximum(span - 60, 1))
    entry = np.where(joined, _weekday(day.astype(np.int64)), entry)
    leaving = np.full(len(cohort), NONE)
    oldest = len(school.years)
    for number in np.unique(cohort[cohort >= oldest]):
        last_year = LAST_YEAR - (int(number) - oldest + 1)
        leaving[cohort == number] = day_number(terms_of(last_year)[2].end)
    early = left & (cohort < oldest)
    start = np.maximum(entry, earliest)
    gone = (
        start + 20 + (chance.random_sample(len(cohort)) * np.maximum(TODAY - start - 30, 1)).astype(np.int64)
    )
    return entry, np.where(early, _weekday(np.minimum(gone, TODAY - 5)), leaving)


def _weekday(days: Ints) -> Ints:
    """Saturdays and Sundays moved to the Friday before (1 January 1970 was a Thursday)."""
    return days - np.maximum((days + 3) % 7 - 4, 0)


def _upns(chance: np.random.RandomState, school: School, age: Ints, entry: Ints) -> Texts:
    """Numbered within the year they were given; a late joiner's may be temporary, or not have come yet."""
    upns = np.empty(len(age), dtype=object)
    given: dict[int, int] = {}
    recent = (entry > TODAY - 200) & (chance.random_sample(len(age)) < 0.4)
    blank = chance.random_sample(len(age)) < 0.004
    for number, years_old in enumerate(age):
        year = LAST_YEAR - (int(years_old) - 4)
        serial = given[year] = given.get(year, 0) + 1
        digits = f"{serial % 1000:03d}"
        if recent[number]:
            digits = digits[:2] + "ABCDEFGHJK"[int(digits[2])]
        # A very large invented school takes the next free number when a year's thousand are used.
        upns[number] = (
            ""
            if blank[number]
            else make_upn(
                school.authority, (school.establishment + 200 * (serial // 1000)) % 10000, year, digits
            )
        )
    return upns


def _cast_one(roll: Roll, number: int, member: Member) -> None:
    """Give a seat to one of the cast."""
    roll.surname[number], roll.forename[number] = member.surname, member.forename
    roll.girl[number] = member.sex == "F"
    roll.born[number] = day_number(member.born)
    roll.ethnicity[number], roll.language[number] = member.ethnicity, member.language
    flags = member.flags
    roll.eal[number], roll.eal_stage[number] = flags.get("eal", False), flags.get("eal_stage", "")
    roll.fsm[number], roll.ever_6[number] = flags.get("fsm", False), flags.get("ever_6", False)
    roll.premium[number] = flags.get("pupil_premium", False)
    roll.looked_after[number] = roll.previously_looked_after[number] = False
    roll.service[number] = roll.carer[number] = False
    roll.sen[number], roll.more_able[number] = flags.get("sen_status", "N"), flags.get("more_able", False)
    starts = day_number(terms_of(LAST_YEAR - int(roll.cohort[number]))[0].start)
    roll.entry[number] = day_number(member.entry) if member.entry else starts
    roll.leaving[number] = day_number(member.leaving) if member.leaving else NONE
    roll.missed_share[number] = member.missed_share
    roll.upn[number] = make_upn(
        roll.school.authority,
        roll.school.establishment,
        LAST_YEAR - int(roll.cohort[number]),
        f"{900 + number}",
    )
