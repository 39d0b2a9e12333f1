"""What was worked out once is given again, until the store changes: a page that runs again works out nothing.

It is shared by all sessions of the process, so what is given must not be changed; and when many ask the same
at one moment, one of them works it out and the others wait.
"""

import pickle
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

if TYPE_CHECKING:
    from provmap.store.opened import Store

Worked = TypeVar("Worked")
# How much memory what is remembered may take, together.
REMEMBERED_BYTES = 512 * 1024**2
# What was worked out, and how many bytes it takes.
_remembered: OrderedDict[tuple[Any, ...], tuple[Any, float]] = OrderedDict()
# By folder: which of it is of that, and how many bytes these take.
_kept_of: defaultdict[Path, set[tuple[Any, ...]]] = defaultdict(set)
_weight_of: defaultdict[Path, float] = defaultdict(float)
_in_work: dict[tuple[Any, ...], Lock] = {}
_remembering = Lock()


def remembered(store: "Store", what: Hashable, make: Callable[[], Worked]) -> Worked:
    """What `make` gives: worked out now, or before for the same store and `what`. `make` may ask for more."""
    key = _key(store, what)
    with _remembering:
        if key in _remembered:
            return _again(key)  # type: ignore[no-any-return]
        turn = _in_work.setdefault(key, Lock())
    with turn:
        with _remembering:
            if key in _remembered:
                return _again(key)  # type: ignore[no-any-return]
        try:
            worked = make()
            _keep(key, worked)
        finally:
            # Whoever waited finds it kept; or, where it failed, tries for itself.
            with _remembering:
                _in_work.pop(key, None)
    return worked


def _again(key: tuple[Any, ...]) -> Any:
    _remembered.move_to_end(key)
    worked, _ = _remembered[key]
    return worked


def _keep(key: tuple[Any, ...], worked: object) -> None:
    folder, (version, journal), _ = key
    weight = _bytes(worked)
    with _remembering:
        others = [one for one in _kept_of[folder] if one[1] != key[1]]
        if any(one[1][0] == version and one[1][1] > journal for one in others):
            # A page that somebody opened before the last entry: what is newer stays for all the rest.
            return
        for old in others:
            _drop(old)
        _remembered[key] = worked, weight
        _kept_of[folder].add(key)
        _weight_of[folder] += weight
        while len(_remembered) > 1 and sum(_weight_of.values()) > REMEMBERED_BYTES:
            _drop(next(iter(_remembered)))


def _drop(key: tuple[Any, ...]) -> None:
    folder = key[0]
    _, weight = _remembered.pop(key)
    _kept_of[folder].discard(key)
    _weight_of[folder] -= weight
    if not _kept_of[folder]:
        del _kept_of[folder], _weight_of[folder]


def forget(folder: Path) -> None:
    """What was worked out of the store of a folder that is about to go."""
    with _remembering:
        for key in list(_kept_of.get(folder, ())):
            _drop(key)


def is_remembered(store: "Store", what: Hashable) -> bool:
    """Whether `what` would be given without working it out."""
    return _key(store, what) in _remembered


def forget_all() -> None:
    """Works out everything afresh at the next asking."""
    with _remembering:
        _remembered.clear()
        _kept_of.clear()
        _weight_of.clear()


def _key(store: "Store", what: Hashable) -> tuple[Any, ...]:
    return store.folder, (store.version, store.journal), what


def _bytes(worked: object) -> float:
    if isinstance(worked, pl.DataFrame):
        return worked.estimated_size()
    # Anything else is words and numbers in lists and dicts, which take some four times their pickled form.
    return 4 * len(pickle.dumps(worked))
