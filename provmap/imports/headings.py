"""Which dataset a file is, and which of its columns is which, by its headings and its name."""

import re
from dataclasses import dataclass

import polars as pl

from provmap.errors import ImportRefused
from provmap.imports.delimited import Table
from provmap.store.contract import Dataset, datasets


@dataclass(frozen=True)
class Match:
    """What a file was recognised as: `places` gives each contract column its place in the file."""

    dataset: Dataset
    places: dict[str, int]
    ignored: tuple[str, ...]


class NoDataset(ImportRefused):
    """A table that is none of the contract's."""


class SameHeading(ImportRefused):
    """A table with two columns of one heading of the contract: which one counts, only a person can say."""


class Misfit(ImportRefused):
    """A table named for a dataset of the contract, in headings that are not all of the contract's."""


def recognise(table: Table, *stems: str) -> Match:
    """The dataset of a file; the first of its names that is one's decides, if any is.

    Raises ImportRefused where there is none, or more than one.
    """
    headings = _by_plain_name(table)
    named = next((found for stem in stems if (found := _named(stem))), [])
    fitting = [dataset for dataset in datasets().values() if not _missing(dataset, headings)]
    if len(named) == 1:
        if named[0] in fitting:
            return _match(named[0], table, headings)
        raise _misfit(table, named[0], headings, fitting)
    # The dataset that makes most of the headings; a tie is for a person to settle.
    most = max((_known(dataset, headings) for dataset in fitting), default=0)
    best = [dataset for dataset in fitting if _known(dataset, headings) == most]
    if len(best) == 1:
        return _match(best[0], table, headings)
    if best:
        names = " or ".join(dataset.name for dataset in best)
        raise ImportRefused(
            f"{table.file} could be {names}.", f"Name the file for what it holds, such as {best[0].name}.csv."
        )
    raise _unknown(table, headings)


def plain(name: str) -> str:
    """A name without capitals, spaces, underscores and hyphens, to compare by."""
    return re.sub(r"[\s_\-]+", "", name).casefold()


def _by_plain_name(table: Table) -> dict[str, int]:
    places: dict[str, int] = {}
    known = {plain(name) for dataset in datasets().values() for name in dataset.column_names}
    for place, heading in enumerate(table.headings):
        name = plain(heading)
        if name in places and name in known:
            raise SameHeading(
                f"{table.file} has two columns named {heading.strip()}.", "Rename or remove one of them."
            )
        places.setdefault(name, place)
    return places


def _named(stem: str) -> list[Dataset]:
    # "pupils", "Pupils (1)", "2025 pupils" and "need codes", but not "staff training" for both.
    words = re.sub(r"[^a-z]+", "", stem.casefold())
    return [dataset for dataset in datasets().values() if words == plain(dataset.name)]


def _missing(dataset: Dataset, headings: dict[str, int]) -> list[str]:
    return [
        column.name for column in dataset.columns if column.required and plain(column.name) not in headings
    ]


def _known(dataset: Dataset, headings: dict[str, int]) -> int:
    return sum(plain(name) in headings for name in dataset.column_names)


def _match(dataset: Dataset, table: Table, headings: dict[str, int]) -> Match:
    places = {name: headings[plain(name)] for name in dataset.column_names if plain(name) in headings}
    taken = set(places.values())
    ignored = tuple(
        heading.strip() or f"(column {place + 1}, which has no heading)"
        for place, heading in enumerate(table.headings)
        if place not in taken and (heading.strip() or _has_cells(table, place))
    )
    return Match(dataset, places, ignored)


def _has_cells(table: Table, place: int) -> bool:
    cells = table.rows[str(place)]
    has_text = cells.str.strip_chars() != "" if cells.dtype == pl.String else cells.is_not_null()
    return bool(has_text.any())


def _misfit(
    table: Table, dataset: Dataset, headings: dict[str, int], fitting: list[Dataset]
) -> ImportRefused:
    missing = _missing(dataset, headings)
    others = [other.name for other in fitting if _known(other, headings) == len(headings)]
    remedy = f"Add {'them' if len(missing) > 1 else 'it'} to the heading line and fill the cells."
    if len(others) == 1:
        remedy = f"Its headings are those of {others[0]}: if that is what it is, name it {others[0]}.csv."
    kind = ImportRefused if fitting else Misfit
    return kind(
        f"{table.file} lacks {'columns' if len(missing) > 1 else 'a column'} that {dataset.name} must have: "
        f"{', '.join(missing)}.",
        remedy,
    )


def _unknown(table: Table, headings: dict[str, int]) -> ImportRefused:
    nearest = max(datasets().values(), key=lambda dataset: _known(dataset, headings))
    if _known(nearest, headings) < 2:
        return NoDataset(
            f"{table.file} is none of the files that provmap reads.",
            "Its first line must hold headings such as pupil_id, surname, forename, year_group.",
        )
    return NoDataset(
        f"{table.file} is none of the files that provmap reads.",
        f"It is nearest to {nearest.name}, but lacks: {', '.join(_missing(nearest, headings))}.",
    )
