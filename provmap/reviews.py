"""Which provisions have had enough delivery and no gain: the verdicts of impact beside what was delivered.

Nothing is judged here: the verdict is that of `impact_by_provision`, over the whole school, because a
provision is stopped for the whole school. What cannot be said never leads to stopping.
"""

from typing import Any

import polars as pl

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store

NO_GAIN = ("worse than before", "no clear change")
PROMISING, TOO_LITTLE = "promising", "too little to say"
KEY = ["school_id", "provision_id"]
# What is said of a provision with these, the first that holds.
GAIN, OFFERED = "gain", "no gain"


def for_stopping(filter: Filter, store: Store) -> pl.DataFrame:
    """One row a provision that runs and concerns the pupils counted, with what can be said of stopping it.

    Columns: `stopping` (`no gain`: offered for stopping; `gain`; else why it cannot be said: `scores
    disagree` between measures, `not enough delivered`, `delivery not recorded`, `too little to say`, `not
    measured`), `judged_by` (scores recorded with it, else the nearest assessments), and the measure, verdict
    and numbers that decide it; `still_in_place` (pupils of the school who have it now).
    """
    due = ask("reviews_due", filter, store).filter(about="whole")
    running = due.select(*KEY, "provision", "tier", still_in_place="pupils")
    whole = Filter(as_at=filter.as_at, schools=filter.schools)
    measured: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in ask("impact_by_provision", whole, store).to_dicts():
        measured.setdefault((row["school_id"], row["provision_id"]), []).extend(_verdicts(row))
    least = ask("thresholds", whole, store).filter(name="stop_least_delivered")["value"][0]
    rows = [
        row | _said(measured.get((row["school_id"], row["provision_id"]), []), least)
        for row in running.to_dicts()
    ]
    return pl.DataFrame(rows, schema=_schema(running), orient="row")


def _schema(running: pl.DataFrame) -> dict[str, Any]:
    numbers = {"mean_gain": pl.Float64, "gain_low": pl.Float64, "gain_high": pl.Float64,
               "gain_beyond": pl.Float64, "pupils_measured": pl.Int64,
               "delivered_share": pl.Float64, "rating": pl.Int64}  # fmt: skip
    texts = dict.fromkeys(("stopping", "measure", "verdict", "judged_by", "verdict_because"), pl.String)
    return dict(running.schema) | texts | numbers


def _verdicts(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The verdict of the scores recorded with it, and that of the nearest assessments where there are any."""
    told = [row | {"judged_by": "scores recorded with it"}]
    if row["from_assessments"]:
        told.append(
            row | {
                "judged_by": "nearest assessments", "verdict": row["assessed_verdict"],
                "verdict_because": None, "mean_gain": row["assessed_gain"], "gain_low": row["assessed_low"],
                "gain_high": row["assessed_high"], "gain_beyond": None,
                "pupils_measured": row["from_assessments"],
            }
        )  # fmt: skip
    return told


def _said(verdicts: list[dict[str, Any]], least_delivered: float) -> dict[str, Any]:
    """What can be said of a provision by all its verdicts, and the one that decides it."""
    without = [one for one in verdicts if one["verdict"] in NO_GAIN]
    with_gain = [one for one in verdicts if one["verdict"] == PROMISING]
    if with_gain:
        return _decided(with_gain[0], "scores disagree" if without else GAIN)
    if without:
        # The worst of them decides; and what is known to have been delivered before what is not.
        without.sort(key=lambda one: (one["delivered_share"] is None, NO_GAIN.index(one["verdict"])))
        share = without[0]["delivered_share"]
        if share is None:
            return _decided(without[0], "delivery not recorded")
        return _decided(without[0], OFFERED if share >= least_delivered else "not enough delivered")
    tried = [one for one in verdicts if one["pupils_measured"]]
    if tried:
        return _decided(max(tried, key=lambda one: one["pupils_measured"]), TOO_LITTLE)
    return {"stopping": "not measured"}


def _decided(one: dict[str, Any], stopping: str) -> dict[str, Any]:
    names = ("measure", "verdict", "judged_by", "verdict_because", "mean_gain", "gain_low", "gain_high",
             "gain_beyond", "pupils_measured", "delivered_share", "rating")  # fmt: skip
    return {name: one[name] for name in names} | {"stopping": stopping}
