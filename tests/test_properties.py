"""Every core question against its slow version, and laws that hold of any school, over tiny drawn schools.

Each drawn school goes through the real store: kept, built, opened, asked. Write a test here when a rule
holds of every school there could be; write one in test_questions.py when it is about one school.
"""

import csv
import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store, datasets, forget_stores, keep_import, open_store
from tests.slow import answer
from tests.slow_history import GLOBAL_KEYS, Import, fold
from tests.slow_words import Row, School
from tests.tiny_schools import DAYS, GROUPS, NEEDS, TODAY, YEAR_GROUPS, Choose, tiny_trust

PUPIL = "pupil_id surname forename year_group class"
COLUMNS = {
    "provision_list": f"{PUPIL} groups provision_id provision tier need_codes start_date expected_end_date"
    " end_date weekly_minutes staff overdue_for_review",
    "coverage": f"{PUPIL} need_code need area state provisions days_in_state",
    "coverage_by_need": "need_code need area live_needs covered in_class planned lapsed unmet answered_share",
    "gaps": f"{PUPIL} kind need_code subject since",
    "no_data": f"{PUPIL} subject last_assessed_on",
    "duplications": f"{PUPIL} kind provision_id other_provision_id need_code from_date to_date weekly_minutes"
    " is_current",
    "progress_by_group": "group_code subject scale academic_year term pupils assessed mean_value"
    " expected_or_above expected_share",
    "pupil_progress": "pupil_id subject scale assessed_on academic_year term value number expected"
    " meets_expected",
    "impact_by_provision": "provision_id provision measure placements with_entry_and_exit mean_gain"
    " months_between delivered_share median_gain pupils_measured ended left_school from_assessments"
    " assessed_gain",
}
LISTS = ("provision_list", "coverage", "gaps", "no_data", "duplications", "pupil_progress")
POLARS_TYPES = {
    "text": pl.String, "list": pl.List(pl.String), "date": pl.Date, "integer": pl.Int64,
    "number": pl.Float64, "boolean": pl.Boolean,
}  # fmt: skip

SCHOOLS = ("100001", "100002")
CHOICES = {
    "schools": SCHOOLS, "year_groups": YEAR_GROUPS, "classes": ("Ash", "Oak"), "groups": GROUPS,
    "needs": NEEDS, "tiers": ("universal", "targeted", "specialist"), "subjects": ("reading", "mathematics"),
}  # fmt: skip

# The same examples each time, few enough for every commit. To look harder: PROVMAP_EXAMPLES=300.
EXAMPLES = int(os.environ.get("PROVMAP_EXAMPLES", "4"))
BULK = max(2, EXAMPLES // 10)
LAWS = max(1, EXAMPLES // 10)
TINY = settings(
    deadline=None, derandomize=True, database=None, max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
)  # fmt: skip


@contextmanager
def opened(imports: list[Import]) -> Iterator[Store]:
    """A store built from the drawn imports, as any import would build it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for one in imports:
            frames = {name: frame_of(name, rows) for name, rows in one.rows.items()}
            keep_import(folder, rows=frames, sources=[], dated=one.dated, made_by="test")
        yield open_store(folder)
        forget_stores()


def frame_of(dataset: str, rows: list[Row]) -> pl.DataFrame:
    present = [c for c in datasets()[dataset].columns if c.name in rows[0]]
    return pl.DataFrame(
        [[row[c.name] for c in present] for row in rows],
        schema={c.name: POLARS_TYPES[c.type] for c in present}, orient="row",
    )  # fmt: skip


def reference() -> School:
    """The codes and scales that ship, read without provmap's help."""
    folder = Path(__file__).parents[1] / "sql" / "reference"
    school: School = {}
    for name in GLOBAL_KEYS:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            school[name] = [{k: v or None for k, v in row.items()} for row in csv.DictReader(file)]
    for scale in school["scales"]:
        scale["age_normed"] = scale["age_normed"] == "true"
    return school


REFERENCE = reference()


def compared(rows: list[Row], columns: str) -> Counter[tuple]:
    """Rows as they are compared: in any order, numbers to nine places."""
    return Counter(tuple(plain(row[column]) for column in columns.split()) for row in rows)


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return value
    return round(float(value), 9)


def really(question: str, store: Store, on_date: date, **choices: tuple[str, ...]) -> Counter[tuple]:
    frame = ask(question, Filter(as_at=on_date, **choices), store)
    return compared(frame.to_dicts(), COLUMNS[question])


def slowly(question: str, school: School, on_date: date, **choices: tuple[str, ...]) -> Counter[tuple]:
    return compared(answer(question, school, on_date, **choices), COLUMNS[question])


@st.composite
def tiny_trusts(draw: st.DrawFn, most_schools: int = 2) -> list[Import]:
    schools = SCHOOLS[: draw(st.integers(1, most_schools))]
    return tiny_trust(lambda options: draw(st.sampled_from(options)), schools)


def near_a_boundary(choose: Choose) -> date:
    return choose((TODAY, choose(DAYS))) + timedelta(days=choose((-1, 0, 1)))


def who_is_counted(choose: Choose) -> dict[str, tuple[str, ...]]:
    """A filter with some of its choices made."""
    return {
        name: tuple({choose(values), choose(values)}) for name, values in CHOICES.items() if choose((0, 0, 1))
    }


def by_hypothesis(make: Callable[[Choose], Any]) -> st.SearchStrategy:
    return st.composite(lambda draw: make(lambda options: draw(st.sampled_from(options))))()


as_at = by_hypothesis(near_a_boundary)
counted = by_hypothesis(who_is_counted)


def assert_agree(store: Store, school: School, day: date, **chosen: tuple[str, ...]) -> None:
    for question in COLUMNS:
        assert really(question, store, day, **chosen) == slowly(question, school, day, **chosen), (
            question, day, chosen
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(BULK))
def test_every_question_agrees_with_its_slow_version_in_a_trust(seed: int) -> None:
    """Thousands of findings at once; when it fails, look for the school of the rows that differ."""
    choose = random.Random(seed).choice
    imports = tiny_trust(choose, [f"{100001 + number}" for number in range(30)])
    school = fold(imports, REFERENCE)
    with opened(imports) as store:
        for day in DAYS[seed % 3 :: 3]:
            assert_agree(store, school, day)
        for _ in range(2):
            assert_agree(store, school, near_a_boundary(choose), **who_is_counted(choose))


@TINY
@given(tiny_trusts(), as_at, counted)
def test_every_question_agrees_with_its_slow_version(imports: list[Import], day: date, chosen: dict) -> None:
    with opened(imports) as store:
        assert_agree(store, fold(imports, REFERENCE), day, **chosen)


@settings(TINY, max_examples=1)
@given(tiny_trusts(most_schools=1))
def test_every_question_agrees_on_the_days_around_every_date(imports: list[Import]) -> None:
    school = fold(imports, REFERENCE)
    dates = {v for i in imports for rows in i.rows.values() for r in rows for v in r.values()}
    around = {d + timedelta(days=n) for d in dates if isinstance(d, date) for n in (-1, 0, 1)}
    with opened(imports) as store:
        for day in sorted(around):
            assert_agree(store, school, day)


@dataclass(frozen=True)
class Drawn:
    """A trust that laws are held against, on two days."""

    imports: list[Import]
    store: Store
    # By day and list: what it says narrowed by some filter, of each year group, and of everybody.
    narrowed: dict[tuple[date, str], list[Counter[tuple]]]
    years: dict[tuple[date, str], list[Counter[tuple]]]
    whole: dict[tuple[date, str], Counter[tuple]]


@pytest.fixture(scope="module", params=range(LAWS))
def drawn(request: pytest.FixtureRequest) -> Iterator[Drawn]:
    """Many schools, made once. Everybody is asked for last: else the parts are taken from that answer."""
    choose = random.Random(300 + request.param).choice
    imports = tiny_trust(choose, [f"{100001 + number}" for number in range(10)])
    narrowed, years, whole = {}, {}, {}
    with opened(imports) as store:
        for asked in product((TODAY, near_a_boundary(choose)), LISTS):
            day, question = asked
            narrowed[asked] = [really(question, store, day, **who_is_counted(choose)) for _ in range(2)]
            years[asked] = [really(question, store, day, year_groups=(year,)) for year in YEAR_GROUPS]
            whole[asked] = really(question, store, day)
        yield Drawn(imports, store, narrowed, years, whole)


def test_the_states_share_out_the_live_needs(drawn: Drawn) -> None:
    states = ("covered", "in_class", "planned", "lapsed", "unmet")
    for day in {day for day, _ in drawn.whole}:
        needs = ask("coverage", Filter(as_at=day), drawn.store)
        by_need = ask("coverage_by_need", Filter(as_at=day), drawn.store)
        assert by_need.height
        for row in by_need.to_dicts():
            assert row["live_needs"] == sum(row[state] for state in states)
        assert set(needs["state"]) <= set(states)
        for state in states:
            assert by_need[state].sum() == needs.filter(pl.col("state") == state).height


def test_narrowing_the_filter_only_takes_rows_away(drawn: Drawn) -> None:
    for asked, parts in drawn.narrowed.items():
        for part in parts:
            assert part <= drawn.whole[asked], asked


def test_the_year_groups_together_are_the_whole(drawn: Drawn) -> None:
    for asked, parts in drawn.years.items():
        assert sum(parts, Counter()) == drawn.whole[asked], asked


def test_two_pupils_who_change_identifiers_change_nothing_else(drawn: Drawn) -> None:
    def swapped(pupil_id: Any) -> Any:
        return {"p1": "p2", "p2": "p1"}.get(pupil_id, pupil_id)

    def with_swapped(rows: list[Row]) -> list[Row]:
        return [row | {"pupil_id": swapped(row["pupil_id"])} if "pupil_id" in row else row for row in rows]

    day, _ = list(drawn.whole)[-1]
    others = [Import(i.dated, {n: with_swapped(r) for n, r in i.rows.items()}) for i in drawn.imports]
    with opened(others) as store:
        for question, columns in COLUMNS.items():
            found = ask(question, Filter(as_at=day), drawn.store).to_dicts()
            assert compared(with_swapped(found), columns) == really(question, store, day), question
