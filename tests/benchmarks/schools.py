"""Verdicts of whole invented schools, through the import and the SQL (for `tests.benchmarks.verdicts`)."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from provmap.store import forget_stores
from tests.benchmarks.timing import Row, print_table
from tests.invented_schools import SCALES, WORKS, answers

VARIANTS = {
    "scores recorded": {},
    "nearest assessments": {"recorded": False},
    "no earlier test": {"earlier": False},
    "nobody else tested": {"alone": True},
    "pupils may have two at once": {"twice": True},
}
SAID = ("promising", "no clear change", "worse than before", "too little to say")


def print_schools(seeds: int) -> None:
    """A table of each kind of school, and one of how pupils were chosen."""
    found = {name: _answers(range(seeds), made) for name, made in VARIANTS.items()}
    print_table(
        f"{seeds} schools of 180 pupils a row: three useless provisions, and one that brings {WORKS:g} "
        "points (0.4 SD)",
        ("school", "scale", *(f"useless: {said}" for said in SAID), *(f"works: {said}" for said in SAID)),
        [(name, kind, *shares(rows.filter(kind=kind))) for name, rows in found.items() for kind in SCALES],
    )
    every = pl.concat([rows for name, rows in found.items() if name != "pupils may have two at once"])
    print_table(
        "The same by how pupils were chosen, over the first four kinds of school and all scales",
        ("chosen", *(f"useless: {said}" for said in SAID), *(f"works: {said}" for said in SAID)),
        [(way, *shares(every.filter(way=way))) for way in every["way"].unique(maintain_order=True)],
    )


def _answers(seeds: range, made: dict[str, bool]) -> pl.DataFrame:
    with TemporaryDirectory() as folder:
        found = answers(Path(folder), seeds, **made)
        forget_stores()
    return found


def shares(rows: pl.DataFrame) -> Row:
    """Each verdict's share of the useless provisions, then of those that work."""
    return tuple(
        f"{part.filter(verdict=said).height / part.height:.1%}"
        for part in (rows.filter(~pl.col("works")), rows.filter("works"))
        for said in SAID
    )
