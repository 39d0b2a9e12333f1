"""The placements of one school as they are made: which provisions fit, and what is already there."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from provmap.sample.catalogue import CATALOGUE, Provision
from provmap.sample.chance import Texts, one_of
from provmap.sample.dates import NONE, Term, day_number
from provmap.sample.needs import Need
from provmap.sample.results import add_result
from provmap.sample.roll import Roll
from provmap.sample.scores import Scores

# What a pupil is taken out of, as far as it is written down.
MISSED = ("assembly", "mathematics", "art", "writing", "reading")
OPEN = 10**6  # a day number later than any other


@dataclass
class Placing:
    """The placements of one school as they are made. `taken` holds each pupil's provisions and spans."""

    roll: Roll
    scores: Scores
    chance: np.random.RandomState
    staff: dict[str, list[str]]
    years: dict[int, Texts]
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
        """The pupil's year group in the academic year of a term."""
        return str(self.years[term.year][pupil])

    def place(
        self,
        pupil: int,
        provision: Provision,
        start: date,
        *,
        term: Term,
        end: date | None = None,
        expected: date | None = None,
        need: Need | None = None,
        **more: Any,
    ) -> None:
        """Add a placement, or the need to one of the same provision that it would overlap."""
        first, last = day_number(start), OPEN if end is None else day_number(end)
        for provision_id, begun, over, number in self.taken[pupil]:
            if provision_id == provision.provision_id and begun <= last and first <= over:
                if need and need.code not in self.rows[number]["need_codes"]:
                    self.rows[number]["need_codes"].append(need.code)
                return
        if end is None and self.roll.leaving[pupil] != NONE:
            return
        row: dict[str, Any] = {
            "pupil": pupil,
            "pupil_id": self.roll.pupil_id[pupil],
            "provision_id": provision.provision_id,
            "start_date": start,
            "expected_end_date": expected,
            "end_date": end,
            "need_codes": [need.code] if need else [],
            "pupil_involved": bool(self.chance.random_sample() < 0.6),
            "parent_involved": bool(self.chance.random_sample() < 0.45),
        }
        if provision.tier != "universal":
            self._arrange(row, provision, self.year_group(pupil, term))
            add_result(row, provision, self.roll, self.scores, chance=self.chance, term=term)
        self.taken[pupil].append((provision.provision_id, first, last, len(self.rows)))
        self.rows.append(row | more)

    def _arrange(self, row: dict[str, Any], provision: Provision, year_group: str) -> None:
        """Who gives it, in which group, who pays and what is missed, as far as anybody wrote it down."""
        chance = self.chance
        known = chance.random_sample() >= 0.1
        row["staff_ids"] = [one_of(chance, self.staff[provision.provision_id])] if known else []
        if provision.delivery == "group":
            row["group_name"] = one_of(chance, (f"{year_group} first", f"{year_group} second", None))
        if provision.tier == "targeted" and chance.random_sample() < 0.3:
            row["funding"] = "pupil premium" if self.roll.premium[row["pupil"]] else "notional SEN"
        if chance.random_sample() < 0.25:
            row["subject_missed"] = one_of(chance, MISSED)
