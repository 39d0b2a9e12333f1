"""Labels of which no two are equal: a chooser knows its options by label, and takes the last of equals."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

Option = TypeVar("Option", bound=Hashable)


def told_apart(labels: dict[Option, str], *more: Callable[[Option], str | None]) -> dict[Option, str]:
    """The same labels; where one stands twice, with what `more` says of each, in turn, until they differ.

    What says the same of all of them is left out. Those that nothing tells apart are numbered.
    """
    told = dict(labels)
    for say in more:
        for alike in _equal(told):
            said = {one: say(one) for one in alike}
            if len(set(said.values())) > 1:
                told |= {one: f"{told[one]}, {words}" for one, words in said.items() if words}
    while pairs := _equal(told):
        for alike in pairs:
            told |= {one: f"{told[one]} ({place})" for place, one in enumerate(alike, 1)}
    return told


def _equal(labels: dict[Option, str]) -> list[list[Option]]:
    """The options that share a label, together."""
    having: dict[str, list[Option]] = {}
    for one, label in labels.items():
        having.setdefault(label, []).append(one)
    return [alike for alike in having.values() if len(alike) > 1]
