"""What is put in place for each need, term by term, up to today and a little after it.

A head should see gaps of each kind and a few possible overlaps, not hundreds: so a need has one additional
placement at a time, and a provision that brought nothing is seldom repeated, but for the slips counted here.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from provmap.sample.catalogue import BY_ID, CATALOGUE, Provision
from provmap.sample.chance import one_of, stream
from provmap.sample.dates import (
    LAST_YEAR,
    NONE,
    SAMPLE_TODAY,
    TODAY,
    Term,
    all_terms,
    day_number,
    number_day,
    on_weekday,
    terms_of,
)
from provmap.sample.needs import Need
from provmap.sample.results import make_result
from provmap.sample.roll import Roll
from provmap.sample.scores import Scores, year_names

OPEN = 10**6  # a day number later than any other
# How often a live need stands in each state today; what is left over has never had anything.
STATES = (("covered", 0.56), ("in_class", 0.22), ("planned", 0.05), ("lapsed", 0.09))


@dataclass
class Placing:
    """The placements of one school as they are made. `taken` holds each pupil's provisions and spans."""

    roll: Roll
    scores: Scores
    chance: np.random.RandomState
    staff: dict[str, list[str]]
    years: dict[int, Any]
    rows: list[dict[str, Any]] = field(default_factory=list)
    taken: dict[int, list[tuple[str, int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    options: dict[tuple[str, str, str], list[Provision]] = field(default_factory=dict)

    def choose(self, code: str, tier: str, year_group: str) -> list[Provision]:
        """The provisions of a tier that address a need and take that year group."""
        key = (code, tier, year_group)
        if key not in self.options:
            self.options[key] = [
                p for p in CATALOGUE if p.tier == tier and p.addresses(code) and p.takes(year_group)
            ]
        return self.options[key]

    def fresh(self, pupil: int, options: list[Provision]) -> list[Provision]:
        """Those that have not already been tried with this pupil and brought nothing."""
        rows = [self.rows[number] for _, _, _, number in self.taken[pupil]]
        tried = {row["provision_id"] for row in rows if row.get("without_gain")}
        return [provision for provision in options if provision.provision_id not in tried]

    def year_group(self, pupil: int, term: Term) -> str:
        return str(self.years[term.year][pupil])


def make_placements(
    roll: Roll, scores: Scores, needs: list[Need], helped: list[tuple[int, str]], years: int, seed: int,
    staff: dict[str, list[str]],
) -> list[dict[str, Any]]:  # fmt: skip
    """Every placement of a school but the cast's. Each row keeps its pupil's place in the roll under `pupil`."""
    terms = all_terms(years)
    placing = Placing(roll, scores, stream(seed, roll.school.number, "placements"), staff,
                      {term.year: year_names(roll, term.year) for term in terms})
    for need in needs:
        _answer(placing, need, terms)
    for pupil, subject in helped:
        _help_without_need(placing, pupil, subject, terms[-2])
    _slips(placing, needs, terms[-2])
    return placing.rows


def _answer(placing: Placing, need: Need, terms: list[Term]) -> None:
    """All that was done, is done and will be done for one need."""
    state = _state(placing, need)
    if state == "unmet":
        return
    blocks = list(_blocks(placing, need, terms))
    past = [block for block in blocks if block[2] < SAMPLE_TODAY - timedelta(days=3)]
    if state == "lapsed" and not past:
        return
    current, coming = terms[-2], terms[-1]
    if need.live(TODAY) and state == "covered" and _long_support(placing, need, current):
        return
    for number, (term, start, end) in enumerate(past):
        if placing.chance.random_sample() < 0.4 or (state == "lapsed" and number == len(past) - 1):
            _group(placing, need, term, start, end)
    if not need.live(TODAY) or state == "lapsed":
        return
    if state == "planned":
        _group(placing, need, coming, coming.start + timedelta(days=7 * int(placing.chance.randint(1, 3))), None)
    elif state == "covered":
        _group_now(placing, need, current)
    if state == "in_class" or (state == "covered" and placing.chance.random_sample() < 0.12):
        _adjust_in_class(placing, need, current)


def _state(placing: Placing, need: Need) -> str:
    if need.by_plan:
        return "covered" if need.minutes or placing.chance.random_sample() < 0.7 else "in_class"
    luck = placing.chance.random_sample()
    for state, share in STATES:
        luck -= share
        if luck < 0:
            return state
    return "unmet"


def _blocks(placing: Placing, need: Need, terms: list[Term]) -> Iterator[tuple[Term, date, date]]:
    """Terms of the need's span that are over, with the days between which a group ran in them."""
    for term in terms:
        start = on_weekday(term.start + timedelta(days=7 + int(placing.chance.randint(0, 12))))
        end = term.end - timedelta(days=int(placing.chance.randint(0, 12)))
        last = NONE if need.end == NONE else need.end
        if day_number(start) >= need.start and (last == NONE or day_number(end) <= last):
            yield term, start, end


def _group(placing: Placing, need: Need, term: Term, start: date, end: date | None) -> None:
    """One block in a targeted provision, in another one than the last where the last brought nothing."""
    options = placing.choose(need.code, "targeted", placing.year_group(need.pupil, term))
    options = options or placing.choose(need.code, "specialist", placing.year_group(need.pupil, term))
    fresh = placing.fresh(need.pupil, options)
    if not fresh and placing.chance.random_sample() < 0.04:
        fresh = options
    if fresh:
        _place(placing, need.pupil, one_of(placing.chance, fresh), start, end=end,
               expected=end or start + timedelta(days=81), need=need, term=term)


def _group_now(placing: Placing, need: Need, term: Term) -> None:
    """A group that runs today: most since January, some left open from the autumn and so overdue for review."""
    pupil, year_group = need.pupil, placing.year_group(need.pupil, term)
    first = max(need.start, int(placing.roll.entry[pupil]))
    luck = placing.chance.random_sample()
    autumn = terms_of(LAST_YEAR)[0]
    if luck < 0.12 and day_number(autumn.start) + 14 > first:
        start = on_weekday(autumn.start + timedelta(days=14))
        expected: date | None = autumn.end if luck < 0.08 else None
    else:
        start = on_weekday(term.start + timedelta(days=7 * int(placing.chance.randint(1, 5))))
        start = min(max(start, number_day(first)), SAMPLE_TODAY - timedelta(days=4))
        expected = None if luck > 0.95 else term.end
    options = placing.choose(need.code, "targeted", year_group) or placing.choose(need.code, "specialist", year_group)
    fresh = placing.fresh(pupil, options) or options
    if fresh:
        _place(placing, pupil, one_of(placing.chance, fresh), on_weekday(start), expected=expected, need=need, term=term)


def _long_support(placing: Placing, need: Need, term: Term) -> bool:
    """Specialist support over the year: what a plan requires, and some of SEN support."""
    options = placing.choose(need.code, "specialist", placing.year_group(need.pupil, term))
    if not options or not (need.by_plan or placing.chance.random_sample() < 0.22):
        return False
    autumn = terms_of(LAST_YEAR)[0]
    begun = max(day_number(autumn.start) + 7, need.start, int(placing.roll.entry[need.pupil]))
    start = on_weekday(number_day(min(begun, TODAY - 8)))
    expected = terms_of(LAST_YEAR)[2].end - timedelta(days=7) if placing.chance.random_sample() < 0.8 else None
    more: dict[str, Any] = {}
    if need.by_plan:
        provision = BY_ID["S04"] if BY_ID["S04"] in options else options[0]
        more = {"required_by": "ehcp", "funding": "high needs"}
        if need.minutes:
            short = placing.chance.random_sample() < 0.12
            more |= {"minutes_per_session": 60.0, "sessions_per_week": need.minutes / 60 - (2 if short else 0)}
    else:
        provision = one_of(placing.chance, options)
    _place(placing, need.pupil, provision, start, expected=expected, need=need, term=term, **more)
    return True


def _adjust_in_class(placing: Placing, need: Need, term: Term) -> None:
    options = placing.choose(need.code, "universal", placing.year_group(need.pupil, term))
    if not options:
        return
    first = max(day_number(terms_of(LAST_YEAR)[0].start) + 10, need.start, int(placing.roll.entry[need.pupil]))
    start = number_day(min(first + int(placing.chance.randint(0, 30)), TODAY - 3))
    notes = ("Sits near the front", "Word mat and pictures", "Task in three steps", "Works with a talk partner",
             "Extra time to answer", None)  # fmt: skip
    expected = terms_of(LAST_YEAR)[2].end if placing.chance.random_sample() < 0.7 else None
    _place(placing, need.pupil, options[0], on_weekday(start), expected=expected, need=need, term=term,
           note=one_of(placing.chance, notes))


def _help_without_need(placing: Placing, pupil: int, subject: str, term: Term) -> None:
    """Below expected and in a group for it, though nobody wrote the need down."""
    options = [p for p in placing.choose(subject, "targeted", placing.year_group(pupil, term)) if p.subject == subject]
    if options:
        start = on_weekday(term.start + timedelta(days=7 * int(placing.chance.randint(1, 4))))
        start = max(start, number_day(int(placing.roll.entry[pupil])))
        _place(placing, pupil, one_of(placing.chance, options), start, expected=term.end, term=term)


def _slips(placing: Placing, needs: list[Need], term: Term) -> None:
    """What goes wrong in real schools: help kept after the need, a second group for the same need."""
    chance, roll = placing.chance, placing.roll
    here = [need for need in needs if need.live(TODAY) and roll.leaving[need.pupil] == NONE and not need.by_plan]
    for need in here:
        tier = "targeted"
        options = placing.choose(need.code, tier, placing.year_group(need.pupil, term))
        in_place = [p for p, start, last, _ in placing.taken[need.pupil] if start <= TODAY <= last]
        other = [p for p in options if p.provision_id not in in_place]
        if in_place and other and need.code in BY_ID[in_place[-1]].needs and chance.random_sample() < 0.06:
            _place(placing, need.pupil, one_of(chance, other), on_weekday(term.start + timedelta(days=21)),
                   expected=term.end, need=need, term=term)
    ended = [need for need in needs if need.end != NONE and need.end < TODAY and roll.leaving[need.pupil] == NONE]
    for need in ended:
        options = placing.choose(need.code, "targeted", placing.year_group(need.pupil, term))
        if options and chance.random_sample() < 0.08:
            _place(placing, need.pupil, one_of(chance, options), on_weekday(term.start + timedelta(days=7)),
                   expected=term.end, need=need, term=term)
    for pupil in np.flatnonzero(roll.here(TODAY, LAST_YEAR) & (np.arange(len(roll)) >= roll.cast)):
        if chance.random_sample() < 0.02:
            _place(placing, int(pupil), BY_ID["T06"], on_weekday(term.start + timedelta(days=9)), term=term)


def _place(
    placing: Placing, pupil: int, provision: Provision, start: date, *, end: date | None = None,
    expected: date | None = None, need: Need | None = None, term: Term, **more: Any,
) -> None:  # fmt: skip
    """Add a placement, or the need to one of the same provision that it would overlap."""
    first, last = day_number(start), OPEN if end is None else day_number(end)
    for provision_id, begun, over, number in placing.taken[pupil]:
        if provision_id == provision.provision_id and begun <= last and first <= over:
            if need and need.code not in placing.rows[number]["need_codes"]:
                placing.rows[number]["need_codes"].append(need.code)
            return
    if end is None and placing.roll.leaving[pupil] != NONE:
        return
    chance = placing.chance
    row: dict[str, Any] = {
        "pupil": pupil, "pupil_id": placing.roll.pupil_id[pupil], "provision_id": provision.provision_id,
        "start_date": start, "expected_end_date": expected, "end_date": end,
        "need_codes": [need.code] if need else [], "pupil_involved": bool(chance.random_sample() < 0.6),
        "parent_involved": bool(chance.random_sample() < 0.45),
    }  # fmt: skip
    if provision.tier != "universal":
        row["staff_ids"] = [] if chance.random_sample() < 0.1 else [one_of(chance, placing.staff[provision.provision_id])]
        if provision.delivery == "group":
            row["group_name"] = one_of(chance, ("A", "B", None))
        if provision.tier == "targeted" and chance.random_sample() < 0.3:
            row["funding"] = "pupil premium" if placing.roll.premium[pupil] else "notional SEN"
        if chance.random_sample() < 0.25:
            row["subject_missed"] = one_of(chance, ("assembly", "history", "art", "music", "reading time"))
        make_result(row, provision, placing.roll, placing.scores, chance, term)
    row |= more
    placing.taken[pupil].append((provision.provision_id, first, last, len(placing.rows)))
    placing.rows.append(row)
