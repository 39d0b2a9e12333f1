"""Who pupils are where there is little room: "Robin A", and in full where two would be called the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeVar

One = TypeVar("One", bound=Hashable)


def shortened(people: Mapping[One, tuple[str, str]], full: Mapping[One, str]) -> dict[One, str]:
    """Each person's forename with the first letter of the surname; else what `full` says."""
    short = {one: f"{forename} {surname[:1]}".strip() for one, (forename, surname) in people.items()}
    times = Counter(short.values())
    return {one: name if times[name] == 1 else full[one] for one, name in short.items()}
