"""What a school notes day by day: attendance, behaviour, and sessions of this year's provision."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from provmap.sample.catalogue import BY_ID
from provmap.sample.chance import Floats, Ints, draw, stream
from provmap.sample.dates import LAST_YEAR, NONE, TODAY, all_terms, day_number, terms_of
from provmap.sample.needs import Need
from provmap.sample.roll import Roll
from provmap.store import SAMPLE_TODAY

Columns = dict[str, Any]
SESSIONS_EACH = 12
POSITIVE = ("kindness", "effort", "great work", "reading at home", "helping others")
NEGATIVE = ("disruption", "unkind words", "refusal", "rough play", "left the room")


def make_attendance(roll: Roll, years: int, seed: int) -> list[Columns]:
    """A row a pupil and half-term on roll, as far as today."""
    chance = stream(seed, roll.school.number, "attendance")
    blocks = []
    fuss = np.exp(chance.normal(0, 0.2, len(roll)))
    for term in all_terms(years):
        for first, end in term.halves:
            if first > SAMPLE_TODAY:
                continue
            last = min(end, SAMPLE_TODAY)
            begins = np.maximum(day_number(first), roll.entry)
            ends = np.where(
                roll.leaving == NONE, day_number(last), np.minimum(day_number(last), roll.leaving)
            )
            here = roll.here(0, term.year) | (roll.year_place(term.year) >= 0)
            here &= (roll.year_place(term.year) < len(roll.school.years)) & (begins <= ends)
            who = np.flatnonzero(here)
            blocks.append(_half_term(chance, roll, who, begins=begins[who], ends=ends[who], fuss=fuss))
    return blocks


def _half_term(
    chance: np.random.RandomState, roll: Roll, who: Ints, *, begins: Ints, ends: Ints, fuss: Floats
) -> Columns:
    days = np.busday_count(begins.astype("datetime64[D]"), (ends + 1).astype("datetime64[D]"))
    possible = 2 * days
    season = np.exp(chance.normal(0, 0.45, len(who)))
    rate = np.clip(roll.missed_share[who] * season * fuss[who], 0, 0.95)
    missed = chance.binomial(possible, rate)
    # The cast's attendance is a fact: the same share of every half-term.
    cast = who < roll.cast
    missed = np.where(cast, np.rint(possible * roll.missed_share[who]), missed).astype(np.int64)
    away = np.clip(0.12 + 1.3 * roll.missed_share[who] + 0.12 * roll.fsm[who], 0, 0.8)
    unauthorised = np.where(cast, missed // 3, chance.binomial(missed, away))
    part_time = np.where((chance.random_sample(len(who)) < 0.004) & ~cast, (missed - unauthorised) // 2, 0)
    keep = possible > 0
    columns = {
        "pupil_id": roll.pupil_id[who],
        "start_date": begins,
        "end_date": ends,
        "possible": possible,
        "attended": possible - missed,
        "authorised": missed - unauthorised,
        "unauthorised": unauthorised,
        "agreed_part_time": np.where(part_time > 0, part_time, -1),
    }
    lists = {name: values[keep].tolist() for name, values in columns.items()}
    return lists | {"agreed_part_time": [None if days < 0 else days for days in lists["agreed_part_time"]]}


def make_behaviour(roll: Roll, needs: list[Need], years: int, seed: int) -> Columns:
    """About two good notes a pupil and year, and few bad ones; more with an SEMH need."""
    chance = stream(seed, roll.school.number, "behaviour")
    troubled = np.zeros(len(roll), dtype=np.bool_)
    troubled[[need.pupil for need in needs if need.code == "SEMH"]] = True
    parts: list[tuple[Ints, Ints, bool]] = []
    for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
        first = day_number(terms_of(year)[0].start)
        last = min(TODAY, day_number(terms_of(year)[2].end))
        on_roll = roll.here(last, year) & (np.arange(len(roll)) >= roll.cast)
        share = (last - first) / 320
        for good, rate in ((True, np.full(len(roll), 2.0)), (False, np.where(troubled, 4.0, 0.18))):
            who = np.repeat(np.arange(len(roll)), chance.poisson(rate * share) * on_roll)
            days = first + (chance.random_sample(len(who)) * (last - first + 1)).astype(np.int64)
            days -= np.maximum((days + 3) % 7 - 4, 0)
            keep = days >= roll.entry[who]
            parts.append((who[keep], days[keep], good))
    who = np.concatenate([part[0] for part in parts])
    is_good = np.concatenate([np.full(len(part[0]), part[2]) for part in parts])
    category = np.where(
        is_good,
        draw(chance, list(POSITIVE), [1.0] * 5, len(who)),
        draw(chance, list(NEGATIVE), [1.0] * 5, len(who)),
    )
    return {
        "pupil_id": roll.pupil_id[who].tolist(),
        "happened_on": np.concatenate([part[1] for part in parts]).tolist(),
        "kind": np.where(is_good, "positive", "negative").tolist(),
        "category": category.tolist(),
        "points": np.where(is_good, 1, -1 - (chance.random_sample(len(who)) < 0.25)).tolist(),
    }


def make_sessions(roll: Roll, placements: list[dict[str, Any]], seed: int) -> Columns:
    """The latest sessions of this year's placements, for provisions that keep a register."""
    chance = stream(seed, roll.school.number, "sessions")
    teaching = np.array(
        [
            day_number(first) + n
            for term in terms_of(LAST_YEAR)
            for first, last in term.halves
            for n in range((last - first).days + 1)
            if (first + timedelta(days=n)).weekday() < 5
        ]
    )
    teaching = teaching[teaching <= TODAY]
    columns: Columns = {
        name: [] for name in ("pupil_id", "provision_id", "held_on", "minutes", "missed_share")
    }
    for row in placements:
        provision, start = BY_ID[row["provision_id"]], row["start_date"]
        registers = provision.weekly and provision.tier != "universal" and provision.provision_id != "T06"
        if (
            start < date(LAST_YEAR, 9, 1)
            or start > SAMPLE_TODAY
            or not registers
            or chance.random_sample() < 0.25
        ):
            continue
        end = min(row.get("end_date") or SAMPLE_TODAY, SAMPLE_TODAY)
        days = teaching[(teaching >= day_number(start)) & (teaching <= day_number(end))]
        weekly = row.get("sessions_per_week") or provision.weekly or 1
        held = days[:: max(1, round(5 / min(weekly, 5)))][-SESSIONS_EACH:].tolist()
        columns["pupil_id"] += [row["pupil_id"]] * len(held)
        columns["provision_id"] += [row["provision_id"]] * len(held)
        columns["held_on"] += held
        columns["minutes"] += [row.get("minutes_per_session") or provision.minutes] * len(held)
        columns["missed_share"] += [roll.missed_share[row["pupil"]]] * len(held)
    missed = np.array(columns.pop("missed_share"))
    luck = chance.random_sample(len(missed))
    status = np.where(luck < missed, "absent", np.where(luck > 0.955, "cancelled", "attended"))
    reasons = draw(chance, ["staff absent", "school trip", "room not free"], [3, 1, 1], len(missed))
    columns["minutes"] = [
        m if s == "attended" else None for m, s in zip(columns["minutes"], status, strict=True)
    ]
    columns["status"] = status.tolist()
    columns["reason"] = np.where(
        status == "cancelled", reasons, np.where(status == "absent", "pupil away", "")
    ).tolist()
    return columns
