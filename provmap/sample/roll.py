"""Who the pupils of a school are: names, dates, statuses, and how able and how often absent each is."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from provmap.sample.cast import CAST, Member
from provmap.sample.chance import Bools, Floats, Ints, Texts, draw, pick, stream
from provmap.sample.dates import LAST_YEAR, NONE, TODAY, day_number, terms_of
from provmap.sample.names import choose_names, make_upn
from provmap.sample.schools import School

SUBJECTS = ("reading", "writing", "mathematics")


@dataclass
class Roll:
    """A school's pupils, one place in each array a pupil; the cast, where there is one, comes first.

    `cohort` is the place of the pupil's present year group among the school's; past its end, the pupil has
    moved on after the oldest year. Dates are day numbers, NONE where not recorded.
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
        """The place of each pupil's year group in that academic year; outside the school's when negative or past."""
        return self.cohort - (LAST_YEAR - year)

    def here(self, day: int, year: int) -> Bools:
        """Who is on roll on a day of that academic year."""
        place = self.year_place(year)
        in_school = (place >= 0) & (place < len(self.school.years))
        return in_school & (self.entry <= day) & ((self.leaving == NONE) | (self.leaving >= day))


def make_roll(school: School, years: int, seed: int, has_cast: bool) -> Roll:
    """Draw the pupils: on roll today as many as the school has, and those who left in the years before."""
    chance = stream(seed, school.number, "pupils")
    members = CAST if has_cast else ()
    cohort, left = _cohorts(school, years, members)
    count, cast = len(cohort), len(members)
    place = np.zeros(count, dtype=np.int64)
    for number in range(int(cohort.max(initial=0)) + 1):
        here = np.flatnonzero(cohort == number)
        place[here] = np.arange(len(here)) * school.class_count // max(len(here), 1)
    place[:cast] = 0
    girl = chance.random_sample(count) < 0.49
    names = choose_names(chance, girl)
    # Born in the year that ends on 31 August before the year group's own; R turns five.
    age = np.array([_age(school.years, int(c)) for c in cohort])
    september = np.array([day_number(date(LAST_YEAR - a - 1, 9, 1)) for a in age])
    after_september = chance.randint(0, 365, count)
    eal = chance.random_sample(count) < names["eal_share"].astype(float)
    stages = draw(chance, list("ABCDE"), [0.12, 0.18, 0.26, 0.26, 0.18], count)
    language = np.where(eal, names["language"], np.where(names["eal_share"] > 0, "ENB", "ENG"))
    ethnicity = np.where(chance.random_sample(count) < 0.02, "", names["ethnicity"])
    entry, leaving = _coming_and_going(chance, school, cohort, left, years)
    status = _statuses(chance, school, girl)
    september_first, ability = after_september / 30.4, chance.normal(0, 1, (count, 1))
    ability = _ability(chance, ability, september_first, age, girl, status, eal & (stages <= "B"))
    able = pick(chance, np.where(status["sen"] == "N", np.exp(2.2 * ability.mean(axis=1)), 0), round(count * 0.08))
    missed = _missed_share(chance, school, status)
    roll = Roll(
        school, cast, cohort, place, np.array([f"P{n:04d}" for n in range(1, count + 1)], dtype=object),
        names["surname"], names["forename"], _upns(chance, school, cohort, age, entry),
        september + after_september, girl, ethnicity, language, eal, np.where(eal, stages, ""),
        status["fsm"], status["ever_6"], status["premium"], status["looked_after"],
        status["previously_looked_after"], status["service"], status["carer"], status["sen"], able, entry,
        leaving, ability, missed,
    )  # fmt: skip
    for number, member in enumerate(members):
        _cast_one(roll, number, member)
    return roll


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
    gone = start + 20 + (chance.random_sample(len(cohort)) * np.maximum(TODAY - start - 30, 1)).astype(np.int64)
    return entry, np.where(early, _weekday(np.minimum(gone, TODAY - 5)), leaving)


def _weekday(days: Ints) -> Ints:
    """Saturdays and Sundays moved to the Friday before (1 January 1970 was a Thursday)."""
    return days - np.maximum((days + 3) % 7 - 4, 0)


def _statuses(chance: np.random.RandomState, school: School, girl: Bools) -> dict[str, Bools | Texts]:
    """Shares as in the national figures, exact to the pupil, heavier where they are heavier."""
    count = len(girl)
    fsm = pick(chance, np.ones(count), round(count * 0.25))
    weight = np.where(girl, 0.58, 1.42) * np.where(fsm, 2.3, 0.8)
    plan = pick(chance, weight, round(count * 0.05))
    support = pick(chance, np.where(plan, 0, np.where(girl, 0.8, 1.2) * np.where(fsm, 2.0, 0.85)),
                   round(count * (0.14 if school.phase == "primary" else 0.128)))
    looked_after = pick(chance, np.ones(count), round(count * 0.007))
    previously = pick(chance, np.where(looked_after, 0, 1.0), round(count * 0.008))
    ever_6 = fsm | (chance.random_sample(count) < 0.05)
    return {
        "fsm": fsm, "ever_6": ever_6, "looked_after": looked_after, "previously_looked_after": previously,
        "premium": ever_6 | looked_after | previously,
        "service": pick(chance, np.ones(count), round(count * 0.01)),
        "carer": pick(chance, np.where(fsm, 2.0, 1.0), round(count * 0.008)),
        "sen": np.where(plan, "E", np.where(support, "K", "N")).astype(object),
    }  # fmt: skip


def _ability(
    chance: np.random.RandomState, base: Floats, months: Floats, age: Ints, girl: Bools,
    status: dict[str, Bools | Texts], new_to_english: Bools,
) -> Floats:  # fmt: skip
    """Attainment by subject: lower with special needs, free meals and early English, summer-born gap that fades."""
    shared = (
        base[:, 0]
        - 0.42 * status["premium"]
        - 1.0 * (status["sen"] == "K")
        - 1.9 * (status["sen"] == "E")
        - (months - 5.5) * 0.06 * np.clip(1.15 - (age - 4) * 0.1, 0.25, 1)
        + 0.34
    )
    own = chance.normal(0, 0.42, (len(base), 3))
    own += np.where(girl, 0.1, -0.1)[:, None] * np.array([1.0, 1.6, -0.6])
    own -= new_to_english[:, None] * np.array([0.8, 0.9, 0.2])
    return 0.88 * shared[:, None] + own


def _missed_share(chance: np.random.RandomState, school: School, status: dict[str, Bools | Texts]) -> Floats:
    mean = {"primary": 0.047, "secondary": 0.074}.get(school.phase, 0.06)
    rate = mean * np.exp(chance.normal(-0.18, 0.6, len(status["fsm"])))
    rate = rate * np.where(status["fsm"], 1.6, 0.92) * np.where(status["sen"] == "N", 0.95, 1.45)
    return np.clip(rate, 0.002, 0.6)


def _upns(chance: np.random.RandomState, school: School, cohort: Ints, age: Ints, entry: Ints) -> Texts:
    """Numbered within the year they were given; a late joiner's may be temporary, or not have come yet."""
    upns = np.empty(len(cohort), dtype=object)
    given: dict[int, int] = {}
    recent = (entry > TODAY - 200) & (chance.random_sample(len(cohort)) < 0.4)
    blank = chance.random_sample(len(cohort)) < 0.004
    for number, years_old in enumerate(age):
        year = LAST_YEAR - (int(years_old) - 4)
        serial = given[year] = given.get(year, 0) + 1
        digits = f"{serial % 1000:03d}"
        if recent[number]:
            digits = digits[:2] + "ABCDEFGHJK"[int(digits[2])]
        # A very large invented school takes the next free number when a year's thousand are used.
        upns[number] = "" if blank[number] else make_upn(
            school.authority, (school.establishment + 200 * (serial // 1000)) % 10000, year, digits)  # fmt: skip
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
    roll.upn[number] = make_upn(roll.school.authority, roll.school.establishment,
                                LAST_YEAR - int(roll.cohort[number]), f"{900 + number}")
