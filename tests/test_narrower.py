"""A narrower choice of pupils picks from the answer for more of them: the same rows as asking afresh."""

from dataclasses import replace
from itertools import combinations
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from provmap.filters import Filter
from provmap.questions import (
    EVERYBODY,
    MAY_BE_LEFT_OUT,
    PUPIL_BY_PUPIL,
    STATISTICS,
    SUMMED,
    ask,
    describe_question,
    make_filter,
)
from provmap.store import Store
from tests.drawn_schools import deciding_trust
from tests.slow_history import Import
from tests.test_properties import opened
from tests.tiny_schools import GROUPS, TODAY, YEAR_GROUPS

NARROWER = {"year_groups": ("4",), "classes": ("Oak",), "groups": ("pupil_premium",)}
# What is chosen besides; narrowing by it is left to SQL. Each beside another pair of those above.
BESIDES = {"needs": ("SLCN",), "tiers": ("targeted",), "subjects": ("reading",)}
CASES = [
    *(({}, [name]) for name in NARROWER),
    *(({name: BESIDES[name]}, pair) for name, pair in zip(BESIDES, combinations(NARROWER, 2), strict=True)),
]


def afresh(question: str, filter: Filter, store: Store) -> pl.DataFrame:
    """The answer of SQL itself, whatever was asked before."""
    asked = describe_question(question)
    values = dict.fromkeys(MAY_BE_LEFT_OUT) | filter.params()
    bound = {name: values[name] for name in asked.parameters}
    rows = pl.DataFrame(pl.from_arrow(store.cursor().execute(asked.sql, bound).to_arrow_table()))
    return STATISTICS[question](rows) if question in STATISTICS else rows


def assert_same(question: str, everybody: Filter, chosen: dict[str, tuple[str, ...]], store: Store) -> int:
    ask(question, everybody, store)
    narrower = replace(everybody, **chosen)
    found = ask(question, narrower, store)
    # Sums of numbers in another order differ in their last digit.
    assert_frame_equal(found, afresh(question, narrower, store), rel_tol=1e-9, abs_tol=1e-12)
    return found.height


@pytest.mark.parametrize("question", sorted(PUPIL_BY_PUPIL | SUMMED))
def test_of_the_sample_school(sample: Store, question: str) -> None:
    found = 0
    for besides, names in CASES:
        everybody = replace(make_filter(sample), **besides)
        found += assert_same(question, everybody, {name: NARROWER[name] for name in names}, sample)
    assert found


@pytest.mark.parametrize(("seed", "chosen"), [*enumerate([
    {"year_groups": YEAR_GROUPS[:1]}, {"classes": ("Oak",)}, {"groups": GROUPS[:2]},
])])  # fmt: skip
def test_of_drawn_schools(seed: int, chosen: dict[str, tuple[str, ...]]) -> None:
    imports: list[Import] = deciding_trust(Random(seed).choice, ["100001", "100002"])
    with opened(imports) as store:
        for question in sorted(PUPIL_BY_PUPIL | SUMMED):
            assert_same(question, Filter(TODAY), chosen, store)


def test_every_question_of_pupils_is_narrowed_by_all_three() -> None:
    for question in PUPIL_BY_PUPIL | SUMMED:
        assert set(EVERYBODY) <= describe_question(question).parameters, question
