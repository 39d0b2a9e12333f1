"""The schools of one output: how many pupils each has, its year groups and the names of its classes."""

from dataclasses import dataclass

import numpy as np

from provmap.sample.chance import stream

PRIMARY_YEARS = ("R", "1", "2", "3", "4", "5", "6")
SECONDARY_YEARS = ("7", "8", "9", "10", "11")
TREES = {
    "R": ("Holly", "Cherry", "Maple"),
    "1": ("Willow", "Aspen", "Poplar"),
    "2": ("Hazel", "Linden", "Larch"),
    "3": ("Rowan", "Juniper", "Alder"),
    "4": ("Elm", "Cedar", "Yew"),
    "5": ("Oak", "Beech", "Birch"),
    "6": ("Ash", "Hornbeam", "Sycamore"),
}
AUTHORITIES = ("373", "330", "383", "352", "310", "808", "878", "926", "840", "306")
PLACES = (
    "Alder",
    "Brack",
    "Cold",
    "Dun",
    "Elms",
    "Fern",
    "Gorse",
    "Hather",
    "Ivel",
    "Kings",
    "Lark",
    "Mill",
    "Nether",
    "Otter",
    "Pen",
    "Quarry",
    "Raven",
    "Stan",
    "Thorn",
    "Wether",
)
ENDINGS = ("brook", "field", "moor", "wick", "ley", "combe")


@dataclass(frozen=True)
class School:
    """One invented school."""

    number: int
    school_id: str
    name: str
    phase: str
    years: tuple[str, ...]
    pupils: int
    authority: str
    establishment: int

    @property
    def class_count(self) -> int:
        """Classes in each year group, for classes of about thirty."""
        return max(1, round(self.pupils / len(self.years) / 30))

    def class_name(self, year_group: str, place: int) -> str:
        """Oak for the first class of year 5, 7A for the first tutor group of year 7."""
        if year_group in TREES:
            trees = TREES[year_group]
            return trees[place % 3] if place < 3 else f"{trees[place % 3]} {place // 3 + 1}"
        if year_group == "8" and place == 1:
            return "1E5"  # a real kind of name, that spreadsheets turn into 100000
        letter = chr(ord("A") + place % 26)
        return f"{year_group}{letter}" + (str(place // 26 + 1) if place >= 26 else "")


def plan_schools(pupils: int, schools: int, seed: int) -> list[School]:
    """Share the pupils out: primaries of about 275 and secondaries of about 1,050."""
    if schools == 1:
        return [_school(0, "primary" if pupils <= 700 else "all-through", pupils)]
    chance = stream(seed, -1, "schools")
    mean = pupils / schools
    secondaries = round(schools * min(max((mean - 275) / 775, 0.0), 1.0))
    secondary = chance.permutation(schools) < secondaries
    weights = np.where(secondary, 1050.0, 275.0) * (0.55 + 0.9 * chance.random_sample(schools))
    sizes = np.maximum(1, np.floor(weights / weights.sum() * pupils).astype(int))
    sizes[int(np.argmax(sizes))] += pupils - int(sizes.sum())
    return [_school(n, "secondary" if secondary[n] else "primary", int(sizes[n])) for n in range(schools)]


def _school(number: int, phase: str, pupils: int) -> School:
    place = (
        PLACES[number % len(PLACES)] + ENDINGS[(number // len(PLACES) + number % len(PLACES)) % len(ENDINGS)]
    )
    words = {"primary": "Primary School", "secondary": "Academy", "all-through": "All-through School"}
    years = {"primary": PRIMARY_YEARS, "secondary": SECONDARY_YEARS}.get(
        phase, PRIMARY_YEARS + SECONDARY_YEARS
    )
    return School(
        number,
        str(990101 + number),
        f"{place} {words[phase]}",
        phase,
        years,
        pupils,
        AUTHORITIES[number % len(AUTHORITIES)],
        9101 + number,
    )
