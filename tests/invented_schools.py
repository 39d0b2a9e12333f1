"""Whole invented schools in which it is known that one provision works and three do not.

Three year groups of sixty, tested in June, September and December; four provisions, each of which takes its
pupils in another way of `CHOICES`, and nobody has two of them. Which one works goes round with the seed. The
schools are written as files and imported; nothing here is shared with the SQL.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from provmap.imports import commit, preview
from provmap.questions import ask, make_filter
from provmap.store import Store, open_store
from tests.invented_impact import CHOICES, year_group

TESTS = (date(2025, 6, 9), date(2025, 9, 8), date(2025, 12, 8))
DAY = date(2026, 3, 3)
YEARS = ("3", "4", "5")
WAYS = ("the lowest quarter by score", "those who fell most", "by the teacher's knowledge", "by lot")
WORKS = 6.0  # points of a standardised score
TAKEN = 0.5  # of those whom its way of choosing points to


@dataclass(frozen=True)
class Scale:
    """What a level of mean 100 and SD 15 is on a scale: what a point is, what months add, and the subject."""

    subject: str
    scale: str
    point: float
    middle: float
    each_month: float = 0
    least: float = 0


SCALES = {
    "standardised": Scale("reading", "standardised", 1, 100),
    # Twelve months of reading age are fifteen points; a pupil's own age is added.
    "reading age": Scale("reading", "age", 0.8, 0, 1),
    "raw score": Scale("fluency", "words a minute", 0.9, 60, 2),
    "lower is better": Scale("wellbeing", "SDQ total", -0.4, 14),
}


def answers(
    folder: Path, seeds: Iterable[int], scales: Iterable[str] = tuple(SCALES), **made: Any
) -> pl.DataFrame:
    """Each provision of each school with its verdict, `kind` of scale, `way` of choosing and if it `works`.

    `recorded`: scores are recorded with the provision (else the nearest assessments stand in); `earlier`: the
    test in June is held; `alone`: only those with a provision are tested; `twice`: some have two at once.
    """
    store, truth = imported(folder, seeds, scales, **made)
    verdict = "verdict" if made.get("recorded", True) else "assessed_verdict"
    asked = ask("impact_by_provision", make_filter(store, as_at=DAY), store)
    told = asked.select("school_id", "provision_id", "gain_low", verdict=verdict)
    return truth.join(told, on=["school_id", "provision_id"], how="left", validate="1:1")


def imported(
    folder: Path, seeds: Iterable[int], scales: Iterable[str], **made: Any
) -> tuple[Store, pl.DataFrame]:
    """The schools as files, brought in as the command does, and what is true of their provisions."""
    files, data = folder / "files", folder / "data"
    files.mkdir(parents=True)
    tables: dict[str, list[pl.DataFrame]] = {}
    for kind in scales:
        for seed in seeds:
            for name, table in school(seed, kind, **made).items():
                tables.setdefault(name, []).append(table)
    truth = pl.concat(tables.pop("truth"))
    for name, parts in tables.items():
        pl.concat(parts).write_csv(files / f"{name}.csv")
    raw = SCALES["raw score"]
    pl.DataFrame({"scale": [raw.scale], "kind": ["number"], "better": ["higher"]}).write_csv(
        files / "scales.csv"
    )
    commit(preview(data, [files], DAY), "simulation", accept_alarms=True)
    return open_store(data), truth


def school(
    seed: int, kind: str, *,
    recorded: bool = True, earlier: bool = True, alone: bool = False, twice: bool = False,
) -> dict[str, pl.DataFrame]:  # fmt: skip
    """The tables of one school, and `truth`."""
    chance, scale = np.random.default_rng(seed), SCALES[kind]
    school_id = f"{kind}-{seed:03}"
    parts = [_year(chance, scale, year, seed % len(WAYS), twice) for year in YEARS]
    pupils = pl.concat([part["pupils"] for part in parts])
    scores = pl.concat([part["scores"] for part in parts])
    given = pl.concat([part["given"] for part in parts])
    tests = TESTS if earlier else TESTS[1:]
    results = scores.filter(pl.col("assessed_on").is_in(tests))
    if alone:
        results = results.join(given, on="pupil_id", how="semi")
    times = _with_scores(given, scores, scale) if recorded else given
    ids = [f"P{n}" for n in range(len(WAYS))]
    provisions = pl.DataFrame({"provision_id": ids, "name": WAYS, "tier": "targeted",
                               "quantitative_measure": f"{scale.subject}/{scale.scale}"})  # fmt: skip
    truth = pl.DataFrame({"kind": kind, "seed": seed, "provision_id": ids, "way": WAYS,
                          "works": [n == seed % len(WAYS) for n in range(len(WAYS))]})  # fmt: skip
    tables = {
        "schools": pl.DataFrame({"name": [school_id]}), "pupils": pupils, "provisions": provisions,
        "placements": times.with_columns(start_date=TESTS[1], end_date=TESTS[2]), "truth": truth,
        "assessments": results.with_columns(
            subject=pl.lit(scale.subject), scale=pl.lit(scale.scale), source=pl.lit("test")
        ),
    }  # fmt: skip
    return {name: table.with_columns(school_id=pl.lit(school_id)) for name, table in tables.items()}


def _with_scores(given: pl.DataFrame, scores: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    """The scores of the first and the last day, as recorded with the provision."""
    place = scores.pivot("assessed_on", index="pupil_id", values="value")
    ends = place.select("pupil_id", entry_value=str(TESTS[1]), exit_value=str(TESTS[2]))
    return given.join(ends, on="pupil_id").with_columns(
        measure=pl.lit(f"{scale.subject}/{scale.scale}"), entry_date=TESTS[1], exit_date=TESTS[2]
    )


def _year(
    chance: np.random.Generator, scale: Scale, year: str, works: int, twice: bool
) -> dict[str, pl.DataFrame]:  # fmt: skip
    """A year group: its pupils, their three scores, and who has which provision."""
    levels = year_group(chance, 60, 100)
    ids = [f"{year}-{n}" for n in range(60)]
    free, taken = np.ones(60, bool), []
    for way in WAYS:
        wanted = CHOICES[way](chance, levels) & (chance.random(60) < TAKEN) & (free | twice)
        free &= ~wanted
        taken.append(wanted)
    end = levels.end + WORKS * taken[works]
    ages = 12 * (int(year) + 4) + chance.integers(0, 12, 60)  # in months, on the first of the September
    own = ages if scale.each_month and scale.scale == "age" else 0
    months = [(day - TESTS[1]).days / 30.4375 for day in TESTS]
    values = [
        np.maximum(
            scale.least, np.rint(own + scale.middle + scale.each_month * after + scale.point * (score - 100))
        )
        for after, score in zip(months, (levels.before, levels.start, end), strict=True)
    ]
    return {
        "pupils": pl.DataFrame({
            "pupil_id": ids, "surname": ids, "forename": "A", "year_group": year,
            "date_of_birth": [TESTS[1] - timedelta(days=round(30.4375 * age)) for age in ages.tolist()],
        }),
        "scores": pl.concat(
            [pl.DataFrame({"pupil_id": ids, "value": found.astype(int), "assessed_on": day})
             for day, found in zip(TESTS, values, strict=True)]
        ),
        "given": pl.concat(
            [pl.DataFrame({"pupil_id": [ids[n] for n in np.flatnonzero(has)], "provision_id": f"P{place}"},
                          schema={"pupil_id": pl.String, "provision_id": pl.String})
             for place, has in enumerate(taken)]
        ),
    }  # fmt: skip
