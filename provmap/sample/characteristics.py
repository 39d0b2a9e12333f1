"""Statuses, attainment and absence of a school's pupils, in the proportions of the national figures."""

from dataclasses import dataclass

import numpy as np

from provmap.sample.chance import Bools, Floats, Ints, Texts, pick


@dataclass
class Statuses:
    """What a school's roll says of each pupil."""

    fsm: Bools
    ever_6: Bools
    premium: Bools
    looked_after: Bools
    previously_looked_after: Bools
    service: Bools
    carer: Bools
    sen: Texts


def draw_statuses(chance: np.random.RandomState, phase: str, girl: Bools) -> Statuses:
    """Shares as in the national figures, exact to the pupil, heavier where they are heavier."""
    count = len(girl)
    fsm = pick(chance, np.ones(count), round(count * 0.25))
    weight = np.where(girl, 0.58, 1.42) * np.where(fsm, 2.3, 0.8)
    plan = pick(chance, weight, round(count * 0.05))
    support = pick(
        chance,
        np.where(plan, 0, np.where(girl, 0.8, 1.2) * np.where(fsm, 2.0, 0.85)),
        round(count * (0.14 if phase == "primary" else 0.128)),
    )
    looked_after = pick(chance, np.ones(count), round(count * 0.007))
    previously = pick(chance, np.where(looked_after, 0, 1.0), round(count * 0.008))
    ever_6 = fsm | (chance.random_sample(count) < 0.05)
    service = pick(chance, np.ones(count), round(count * 0.01))
    carer = pick(chance, np.where(fsm, 2.0, 1.0), round(count * 0.008))
    premium = ever_6 | looked_after | previously
    sen = np.where(plan, "E", np.where(support, "K", "N")).astype(object)
    return Statuses(fsm, ever_6, premium, looked_after, previously, service, carer, sen)


def draw_ability(
    chance: np.random.RandomState,
    status: Statuses,
    *,
    months: Floats,
    age: Ints,
    girl: Bools,
    new_to_english: Bools,
) -> Floats:
    """Attainment by subject: lower with special needs, free meals, early English and a late birthday."""
    shared: Floats = (
        chance.normal(0, 1, len(girl))
        - 0.42 * status.premium
        - 1.45 * (status.sen == "K")
        - 2.6 * (status.sen == "E")
        - (months - 5.5) * 0.06 * np.clip(1.15 - (age - 4) * 0.1, 0.25, 1)
        + 0.44
    )
    own = chance.normal(0, 0.42, (len(girl), 3))
    own += np.where(girl, 0.1, -0.1)[:, None] * np.array([1.0, 1.6, -0.6])
    own -= new_to_english[:, None] * np.array([0.8, 0.9, 0.2])
    ability: Floats = 0.88 * shared[:, None] + own
    return ability


def draw_missed_share(chance: np.random.RandomState, phase: str, status: Statuses) -> Floats:
    """The share of sessions that each pupil is likely to miss."""
    mean = {"primary": 0.0445, "secondary": 0.072}.get(phase, 0.058)
    rate = mean * np.exp(chance.normal(-0.18, 0.5, len(status.fsm)))
    rate = rate * np.where(status.fsm, 1.6, 0.92) * np.where(status.sen == "N", 0.95, 1.45)
    return np.clip(rate, 0.002, 0.6)
