"""The ledger against its slow version, and laws that hold of it in every school, over tiny drawn schools."""

import random
from collections import Counter
from datetime import date, timedelta

import polars as pl
import pytest

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store
from tests.slow_history import fold
from tests.slow_ledger import ledger
from tests.slow_words import Choice, Row
from tests.test_properties import BULK, REFERENCE, compared, opened
from tests.tiny_ledgers import ledger_trust
from tests.tiny_schools import TODAY

COLUMNS = (
    "school_id pupil_id surname forename year_group class subject state scale latest_value latest_on mark"
    " mark_kind points_below running running_days tried not_tried state_before moved standing"
)
STATES = ["in_class", "additional", "persists", "closed", "nothing_recorded", "too_soon"]
DAYS = [TODAY + timedelta(days=n) for n in (-2, -1, 0, 1, 2, 60)] + [date(2025, 6, 15), date(2026, 1, 1)]
FILTERS = [
    {}, {"year_groups": ("4",)}, {"classes": ("Oak",)}, {"subjects": ("reading",)}, {"needs": ("MLD",)},
    {"groups": ("more_able",), "subjects": ("mathematics",)},
]  # fmt: skip


def really(store: Store, day: date, **chosen: tuple[str, ...]) -> list[Row]:
    return ask("ledger", Filter(as_at=day, **chosen), store).to_dicts()


@pytest.mark.parametrize("seed", range(BULK))
def test_the_ledger_agrees_with_its_slow_version(seed: int) -> None:
    imports, targets = ledger_trust(random.Random(seed).choice, [f"{100001 + n}" for n in range(30)])
    school = fold(imports_without_targets(imports), REFERENCE) | {"targets": targets}
    seen: Counter[str] = Counter()
    with opened(imports) as store:
        for day in DAYS:
            found = really(store, day)
            seen.update(row["state"] for row in found)
            assert compared(found, COLUMNS) == compared(ledger(school, day, Choice()), COLUMNS), day
        for chosen in FILTERS:
            slow = ledger(school, TODAY, Choice(**chosen))
            assert compared(really(store, TODAY, **chosen), COLUMNS) == compared(slow, COLUMNS), chosen
    # The schools drawn are of use only where most states turn up.
    assert len(seen) >= 5, seen


def imports_without_targets(imports: list) -> list:
    return [type(one)(one.dated, {n: r for n, r in one.rows.items() if n != "targets"}) for one in imports]


@pytest.mark.parametrize("seed", range(100, 100 + BULK))
def test_each_subject_in_play_is_in_one_state_and_the_counts_add_up(seed: int) -> None:
    imports, _ = ledger_trust(random.Random(seed).choice, [f"{100001 + n}" for n in range(10)])
    with opened(imports) as store:
        for day in DAYS:
            filter = Filter(as_at=day)
            rows, moves = ask("ledger", filter, store), ask("ledger_moves", filter, store)
            summary = ask("ledger_summary", filter, store)
            who = ["school_id", "pupil_id", "subject"]
            assert rows.select(who).is_unique().all()
            assert set(rows["state"]) <= set(STATES)
            assert summary["state"].to_list() == STATES
            for line in summary.to_dicts():
                assert line["pupils_subjects"] == rows.filter(state=line["state"]).height
                assert line["before"] == moves.filter(state_before=line["state"]).height
            assert rows.equals(moves.filter(pl.col("state").is_not_null()))
            gone = moves.filter(pl.col("state").is_null())
            assert gone["state_before"].is_not_null().all()
            assert gone["reason"].is_null().all()


@pytest.mark.parametrize("seed", range(200, 200 + BULK))
def test_narrowing_takes_rows_away_and_the_years_are_the_whole(seed: int) -> None:
    imports, _ = ledger_trust(random.Random(seed).choice, [f"{100001 + n}" for n in range(10)])
    with opened(imports) as store:
        whole = compared(really(store, TODAY), COLUMNS)
        for chosen in FILTERS:
            assert compared(really(store, TODAY, **chosen), COLUMNS) <= whole, chosen
        years = [compared(really(store, TODAY, year_groups=(year,)), COLUMNS) for year in ("4", "5")]
        assert sum(years, Counter()) == whole
