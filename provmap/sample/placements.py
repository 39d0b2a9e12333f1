"""What is put in place for each need, term by term, up to today and a little after it.

A head should see gaps of each kind and a few possible overlaps, not hundreds: so a need has one additional
placement at a time, and a provision that brought nothing is seldom repeated, but for the slips counted here.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from provmap.sample.catalogue import BY_ID
from provmap.sample.chance import one_of, stream
from provmap.sample.dates import (
    LAST_YEAR,
    NONE,
    TODAY,
    Term,
    all_terms,
    day_number,
    number_day,
    on_weekday,
    terms_of,
)
from provmap.sample.needs import Need
from provmap.sample.placing import Placing
from provmap.sample.roll import SUBJECTS, Roll
from provmap.sample.scores import Scores, year_names
from provmap.store import SAMPLE_TODAY

# Points of a standardised score by which a change in class narrows the gap by the last results.
GAINED_IN_CLASS = 4.0
# How often a live need stands in each state today; what is left over has never had anything.
STATES = (("covered", 0.6), ("in_class", 0.24), ("planned", 0.04), ("lapsed", 0.06))


def make_placements(
    roll: Roll,
    scores: Scores,
    needs: list[Need],
    helped: list[tuple[int, str]],
    *,
    years: int,
    seed: int,
    staff: dict[str, list[str]],
) -> list[dict[str, Any]]:
    """Every placement but the cast's; each row keeps its pupil's place in the roll under `pupil`."""
    terms = all_terms(years)
    placing = Placing(
        roll,
        scores,
        stream(seed, roll.school.number, "placements"),
        staff,
        {term.year: year_names(roll, term.year) for term in terms},
    )
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
        if placing.chance.random_sample() < 0.6 or (state == "lapsed" and number == len(past) - 1):
            _group(placing, need, term, start, end)
    if not need.live(TODAY) or state == "lapsed":
        return
    if state == "planned":
        _group(
            placing, need, coming, coming.start + timedelta(days=7 * int(placing.chance.randint(1, 3))), None
        )
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
    if not fresh and placing.chance.random_sample() < 0.25:
        fresh = options
    if fresh:
        placing.place(
            need.pupil,
            one_of(placing.chance, fresh),
            start,
            end=end,
            expected=end or start + timedelta(days=81),
            need=need,
            term=term,
        )


def _group_now(placing: Placing, need: Need, term: Term) -> None:
    """A group that runs today: most since January, some left open from the autumn and so overdue."""
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
    options = placing.choose(need.code, "targeted", year_group) or placing.choose(
        need.code, "specialist", year_group
    )
    fresh = placing.fresh(pupil, options) or options
    if fresh:
        placing.place(
            pupil,
            one_of(placing.chance, fresh),
            on_weekday(start),
            expected=expected,
            need=need,
            term=term,
        )


def _long_support(placing: Placing, need: Need, term: Term) -> bool:
    """Specialist support over the year: what a plan requires, and some of SEN support."""
    options = placing.choose(need.code, "specialist", placing.year_group(need.pupil, term))
    if not options or not (need.by_plan or placing.chance.random_sample() < 0.22):
        return False
    autumn = terms_of(LAST_YEAR)[0]
    begun = max(day_number(autumn.start) + 7, need.start, int(placing.roll.entry[need.pupil]))
    start = on_weekday(number_day(min(begun, TODAY - 8)))
    expected = (
        terms_of(LAST_YEAR)[2].end - timedelta(days=7) if placing.chance.random_sample() < 0.8 else None
    )
    more: dict[str, Any] = {}
    if need.by_plan:
        provision = BY_ID["S04"] if BY_ID["S04"] in options else options[0]
        more = {"required_by": "ehcp", "funding": "high needs"}
        if need.minutes:
            short = placing.chance.random_sample() < 0.2
            more |= {
                "minutes_per_session": 60.0,
                "sessions_per_week": need.minutes / 60 - (2 if short else 0),
            }
    else:
        provision = one_of(placing.chance, options)
    placing.place(need.pupil, provision, start, expected=expected, need=need, term=term, **more)
    return True


def _adjust_in_class(placing: Placing, need: Need, term: Term) -> None:
    options = placing.choose(need.code, "universal", placing.year_group(need.pupil, term))
    if not options:
        return
    first = max(
        day_number(terms_of(LAST_YEAR)[0].start) + 10, need.start, int(placing.roll.entry[need.pupil])
    )
    start = number_day(min(first + int(placing.chance.randint(0, 30)), TODAY - 3))
    notes = (
        "Sits near the front",
        "Word mat and pictures",
        "Task in three steps",
        "Works with a talk partner",
        "Extra time to answer",
        None,
    )
    expected = terms_of(LAST_YEAR)[2].end if placing.chance.random_sample() < 0.7 else None
    placing.place(
        need.pupil,
        options[0],
        on_weekday(start),
        expected=expected,
        need=need,
        term=term,
        note=one_of(placing.chance, notes),
    )
    # What a teacher changes works for some: for every second pupil, so that nothing else is drawn otherwise.
    if need.code in SUBJECTS and need.pupil % 2:
        placing.scores.gained[need.pupil, -1, SUBJECTS.index(need.code)] += GAINED_IN_CLASS


def _help_without_need(placing: Placing, pupil: int, subject: str, term: Term) -> None:
    """Below expected and in a group for it, though nobody wrote the need down."""
    options = [
        p
        for p in placing.choose(subject, "targeted", placing.year_group(pupil, term))
        if p.subject == subject
    ]
    if options:
        start = on_weekday(term.start + timedelta(days=7 * int(placing.chance.randint(1, 4))))
        start = max(start, number_day(int(placing.roll.entry[pupil])))
        placing.place(pupil, one_of(placing.chance, options), start, expected=term.end, term=term)


def _slips(placing: Placing, needs: list[Need], term: Term) -> None:
    """What goes wrong: a second group for a need, help kept on after it, one entry made twice."""
    chance, roll = placing.chance, placing.roll
    third_week = on_weekday(term.start + timedelta(days=21))
    staying = [need for need in needs if roll.leaving[need.pupil] == NONE and not need.by_plan]
    for need in staying:
        options = placing.choose(need.code, "targeted", placing.year_group(need.pupil, term))
        in_place = [
            p for p, first, last, _ in placing.taken[need.pupil] if first <= TODAY <= last and p[0] == "T"
        ]
        other = [p for p in options if p.provision_id not in in_place]
        doubled = need.live(TODAY) and len(other) < len(options) and chance.random_sample() < 0.2
        kept_on = need.end != NONE and need.end < TODAY and chance.random_sample() < 0.15
        if other and (doubled or kept_on):
            placing.place(
                need.pupil,
                one_of(chance, other),
                third_week,
                expected=term.end,
                need=need,
                term=term,
            )
    for row in list(placing.rows):
        running = row["end_date"] is None and row["start_date"] < third_week
        if running and BY_ID[row["provision_id"]].tier == "targeted" and chance.random_sample() < 0.015:
            again = {"start_date": third_week, "group_name": "Extra", "need_codes": list(row["need_codes"])}
            placing.rows.append(row | again)
    for pupil in np.flatnonzero(roll.here(TODAY, LAST_YEAR) & (np.arange(len(roll)) >= roll.cast)):
        if chance.random_sample() < 0.02:
            placing.place(int(pupil), BY_ID["T06"], on_weekday(term.start + timedelta(days=9)), term=term)
