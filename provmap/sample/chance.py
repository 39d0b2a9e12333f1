"""Random streams that give the same numbers for the same seed, on any version of NumPy."""

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Texts = NDArray[np.object_]
T = TypeVar("T")


def stream(seed: int, school: int, purpose: str) -> np.random.RandomState:
    """A stream of its own for each school and purpose, so that a change to one leaves the rest alone.

    RandomState is the generator whose numbers NumPy has promised never to change.
    """
    return np.random.RandomState(crc32(f"{seed}/{school}/{purpose}".encode()))


def pick(stream: np.random.RandomState, weights: Floats, count: int) -> Bools:
    """Exactly `count` places, heavier ones more often: a small school still has its share."""
    keys = np.where(weights > 0, stream.random_sample(len(weights)) ** (1 / np.maximum(weights, 1e-9)), -1.0)
    chosen = np.zeros(len(weights), dtype=np.bool_)
    chosen[np.argsort(-keys, kind="stable")[: max(count, 0)]] = True
    return chosen & (weights > 0)


def draw(stream: np.random.RandomState, values: list[str], weights: list[float], count: int) -> Texts:
    """`count` values drawn by weight."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    places = np.searchsorted(edges, stream.random_sample(count) * edges[-1], side="right")
    chosen: Texts = np.array(values, dtype=object)[np.minimum(places, len(values) - 1)]
    return chosen


def one_of(stream: np.random.RandomState, values: Sequence[T]) -> T:
    """One value, each as likely."""
    return values[int(stream.randint(len(values)))]
