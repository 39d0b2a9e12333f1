"""What each measure of this package is and where it comes from, as its own docstring says."""

import inspect
from types import ModuleType
from typing import NamedTuple

from provmap.statistics import impact, measures, shares, value_added, whole_class


class Measure(NamedTuple):
    """A measure: its name in words, what it is, and its source."""

    name: str
    words: str
    source: str


def explained() -> list[Measure]:
    """Every public measure that names its source, in the order of the code."""
    return [
        measure for module in (measures, shares, impact, whole_class, value_added) for measure in _of(module)
    ]


def _of(module: ModuleType) -> list[Measure]:
    functions = [one for _, one in inspect.getmembers(module, inspect.isfunction)
                 if one.__module__ == module.__name__ and not one.__name__.startswith("_")]  # fmt: skip
    functions.sort(key=lambda one: one.__code__.co_firstlineno)
    found = []
    for one in functions:
        words, _, source = (inspect.getdoc(one) or "").partition("Source:")
        if source:
            name = one.__name__.replace("_", " ").capitalize()
            found.append(Measure(name, " ".join(words.split()), " ".join(source.split())))
    return found
