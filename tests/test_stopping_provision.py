"""Which provisions are offered for stopping, and for which it cannot be said: by hand."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from provmap import reviews
from provmap.questions import ask, make_filter
from provmap.reviews import for_stopping
from provmap.store import Store
from tests.tiny import DAY, TALK, tiny_school

LEAST = 0.7


def told(verdict: str, *, share: float | None = 0.9, measured: int = 12, **more: Any) -> dict[str, Any]:
    numbers = dict.fromkeys(("mean_gain", "gain_low", "gain_high", "gain_beyond", "rating"), None)
    return numbers | {
        "verdict": verdict, "delivered_share": share, "pupils_measured": measured, "measure": "m",
        "judged_by": "scores recorded with it", "verdict_because": "",
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([], "not measured"),
        ([told("too little to say", measured=0)], "not measured"),
        ([told("too little to say")], "too little to say"),
        ([told("too little to say", share=1.0)], "too little to say"),
        ([told("promising")], "gain"),
        ([told("no clear change")], "no gain"),
        ([told("worse than before")], "no gain"),
        ([told("no clear change", share=0.7)], "no gain"),
        ([told("no clear change", share=0.6999)], "not enough delivered"),
        ([told("worse than before", share=None)], "delivery not recorded"),
        ([told("no clear change"), told("promising")], "scores disagree"),
        ([told("no clear change"), told("too little to say")], "no gain"),
        ([told("promising"), told("too little to say")], "gain"),
        ([told("worse than before", share=None), told("no clear change")], "no gain"),
    ],
)
def test_what_can_be_said(verdicts: list[dict[str, Any]], said: str) -> None:
    assert reviews._said(verdicts, LEAST)["stopping"] == said


def test_the_worst_verdict_decides() -> None:
    said = reviews._said([told("no clear change"), told("worse than before", measure="n")], LEAST)
    assert (said["verdict"], said["measure"]) == ("worse than before", "n")


def test_the_nearest_assessments_have_a_verdict_of_their_own() -> None:
    row = told("too little to say") | {
        "from_assessments": 11, "assessed_verdict": "no clear change", "assessed_gain": 0.5,
        "assessed_low": -1.0, "assessed_high": 2.0,
    }  # fmt: skip
    own, nearest = reviews._verdicts(row)
    assert (own["verdict"], nearest["verdict"]) == ("too little to say", "no clear change")
    assert (nearest["judged_by"], nearest["mean_gain"], nearest["pupils_measured"]) == (
        "nearest assessments", 0.5, 11,
    )  # fmt: skip
    assert len(reviews._verdicts(row | {"from_assessments": 0})) == 1


def test_every_provision_that_runs_is_said_something_of_in_the_words_of_impact(sample: Store) -> None:
    filter = make_filter(sample)
    rows = for_stopping(filter, sample)
    running = ask("reviews_due", filter, sample).filter(about="whole")
    assert rows.height == running.height
    verdicts = ask("impact_by_provision", filter, sample)
    for row in rows.filter(stopping="no gain").to_dicts():
        of = verdicts.filter(provision_id=row["provision_id"])
        assert row["verdict"] in {*of["verdict"], *of["assessed_verdict"]} & set(reviews.NO_GAIN)
        assert row["delivered_share"] >= LEAST
    # Each list of the page has something to show in the sample school.
    assert rows.filter(stopping="no gain").height > 0
    assert rows.filter(~pl.col("stopping").is_in(["no gain", "gain"])).height > 0


def test_a_narrower_filter_changes_no_verdict(sample: Store) -> None:
    whole = for_stopping(make_filter(sample), sample)
    some = for_stopping(make_filter(sample, year_groups=["5"]), sample)
    assert 0 < some.height <= whole.height
    assert set(some.iter_rows()) <= set(whole.iter_rows())


def test_a_school_without_verdicts_says_that_nothing_is_measured(tmp_path: Path) -> None:
    store = tiny_school(tmp_path, provisions=[TALK])
    (row,) = for_stopping(make_filter(store, as_at=DAY), store).to_dicts()
    assert (row["stopping"], row["verdict"], row["still_in_place"]) == ("not measured", None, 0)
