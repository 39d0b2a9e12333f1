"""Whom a pupil progress meeting is proposed to talk about, from the answers that stand on other pages.

Every reason is a row of one of those lists, in its own words: nothing is found here that is not there.
"""

import polars as pl

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store, rows_to_edit

# How much each kind of reason weighs in the order of the proposal; said on the page.
WEIGHTS = {"persists": 3, "gap": 2, "sudden_fall": 2, "agreed": 3, "absent": 1, "overlap": 1, "overdue": 1,
           "not_discussed": 1}  # fmt: skip
PUPIL = ["school_id", "pupil_id"]


def proposed(filter: Filter, store: Store) -> pl.DataFrame:
    """One row a pupil counted: the reasons to talk about them, most first, and when that was last done.

    Columns: surname, forename, year_group, class, reasons (sentences, the weightiest first), kinds (of them),
    weight (the sum of WEIGHTS over the kinds), last_discussed and times_discussed (as far as the journal
    knows), good_news (sentences; a target in the subject that is not reached is named with it).
    """
    pupils = ask("pupil_list", filter, store).select(*PUPIL, "surname", "forename", "year_group", "class")
    discussed = ask("discussed", filter, store)
    found = pl.concat(
        [*_reasons(filter, store), _to_look_at(discussed, filter, store), _not_discussed(discussed)],
        how="vertical",
    )
    weight = pl.col("kind").replace_strict(WEIGHTS, return_dtype=pl.Int64)
    reasons = (
        found.with_columns(weight=weight)
        .sort("weight", pl.col("kind") == "not_discussed", "reason", descending=[True, False, False])
        .group_by(PUPIL, maintain_order=True)
        .agg(reasons=pl.col("reason").unique(maintain_order=True),
             kinds=pl.col("kind").unique(maintain_order=True),
             # The same kind twice is one reason with more to say.
             weight=pl.col("weight").filter(pl.col("kind").is_first_distinct()).sum())
    )  # fmt: skip
    good = _good_news(filter, store).group_by(PUPIL, maintain_order=True).agg(good_news=pl.col("reason"))
    return (
        pupils.join(reasons, on=PUPIL, how="left")
        .join(good, on=PUPIL, how="left")
        .join(discussed.select(*PUPIL, "last_discussed", "times_discussed"), on=PUPIL, how="left")
        .with_columns(pl.col("weight").fill_null(0))
        .sort("weight", "last_discussed", "surname", "forename", "pupil_id",
              descending=[True, False, False, False, False], nulls_last=False)
    )  # fmt: skip


def _to_look_at(discussed: pl.DataFrame, filter: Filter, store: Store) -> pl.DataFrame:
    """What was decided when a pupil was last talked about, and actions that are open still.

    What a meeting of the day itself decided counts once that is closed: until then it is being talked about.
    """
    meetings = rows_to_edit(store, "meetings").select("school_id", "meeting_id", "closed_on")
    last = discussed.select(*PUPIL, "last_discussed")

    def before(question: str, day: str) -> pl.DataFrame:
        rows = ask(question, filter, store).join(meetings, on=["school_id", "meeting_id"], how="left")
        is_past = (pl.col(day) < filter.as_at) | (pl.col("closed_on") <= filter.as_at)
        return rows.join(last, on=PUPIL).filter(is_past)

    decided = before("decisions_made", "decided_on").filter(
        (pl.col("decided_on") >= pl.col("last_discussed")).fill_null(True)
        & (pl.col("decided_on") == pl.col("decided_on").max().over(PUPIL))
    )
    is_in_map = pl.coalesce("start_date", "end_date").is_not_null()
    about_provision = pl.col("decision_kind").str.starts_with("provision")
    waits = pl.when(about_provision & ~is_in_map).then(pl.lit(" (not in the map yet)")).otherwise(pl.lit(""))
    what = pl.col("decision_kind") + (pl.lit(", ") + pl.col("provision")).fill_null("") + waits
    decisions = decided.group_by(*PUPIL, day="decided_on").agg(what=what.unique().sort().str.join("; "))
    waiting = before("actions", "set_on").filter(pl.col("state").is_in(["open", "overdue"]))
    actions = waiting.group_by(PUPIL).agg(day=pl.col("due_on").min(), many=pl.len())
    one_or_more = (
        pl.when(pl.col("many") == 1)
        .then(pl.lit("Agreed and still open: 1 action, due on "))
        .otherwise(pl.format("Agreed and still open: {} actions, the first due on ", "many"))
    )
    parts = (
        (decisions, pl.format("To look at again, decided on {}: {}.", _in_words("day"), "what")),
        (actions, one_or_more + _in_words("day") + pl.lit(".")),
    )
    return pl.concat([rows.select(*PUPIL, reason=said, kind=pl.lit("agreed")) for rows, said in parts])


def _in_words(day: str) -> pl.Expr:
    return pl.col(day).dt.strftime("%-d %b %Y").fill_null("no day")


def _not_discussed(discussed: pl.DataFrame) -> pl.DataFrame:
    """Who was never or long not talked about: once there were meetings at all."""
    rows = discussed.filter("is_long_ago") if discussed["times_discussed"].sum() else discussed.clear()
    ago = pl.lit("Last talked about on ") + pl.col("last_discussed").dt.strftime("%-d %b %Y") + pl.lit(".")
    reason = ago.fill_null("Not talked about in a meeting yet.")
    return rows.select(*PUPIL, reason=reason, kind=pl.lit("not_discussed"))


def _good_news(filter: Filter, store: Store) -> pl.DataFrame:
    """Clear steps up, each with the newest target of its subject where that is missed: on which scale."""
    steps = ask("meeting_lists", filter, store).filter(kind="good_progress")
    missed = ask("targets", filter, store).filter(
        pl.col("is_newest") & pl.col("state").is_in(["overdue", "not_yet"]))  # fmt: skip
    missed = missed.select(
        *PUPIL, subject=pl.col("subject").str.to_lowercase(),
        but=pl.format(" But the target of {} ({}) is not reached: {} now.", "target", "scale", "now_value"),
    ).unique([*PUPIL, "subject"], keep="first", maintain_order=True)  # fmt: skip
    both = steps.with_columns(pl.col("subject").str.to_lowercase()).join(
        missed, on=[*PUPIL, "subject"], how="left", maintain_order="left"
    )
    return both.with_columns(reason=pl.col("reason") + pl.col("but").fill_null(""))


def _reasons(filter: Filter, store: Store) -> list[pl.DataFrame]:
    """The rows of other lists that are reasons, each with its kind."""
    lists = ask("meeting_lists", filter, store)
    overlaps = ask("duplications", filter, store).filter(pl.col("is_current") & ~pl.col("is_intended"))
    in_place = ask("provision_list", filter, store)
    # What has a last day is decided: there is nothing left to review, on that day either.
    overdue = in_place.filter(pl.col("overdue_for_review") & pl.col("end_date").is_null())
    overdue = overdue.group_by(PUPIL).agg(what=pl.col("provision").unique().sort().str.join(", "))
    overdue = overdue.with_columns(reason=pl.format("Overdue for review: {}.", "what"))
    persists = ask("ledger", filter, store).filter(state="persists")
    subject = pl.col("subject").str.head(1).str.to_uppercase() + pl.col("subject").str.slice(1)
    persists = persists.with_columns(reason=subject + pl.lit(": ") + pl.col("reason"))
    parts = {
        "persists": persists,
        "gap": _with_what_runs(ask("gaps", filter, store), in_place),
        "sudden_fall": lists.filter(kind="sudden_fall"),
        "absent": lists.filter(kind="absent"),
        "overlap": overlaps,
        "overdue": overdue,
    }
    return [rows.select(*PUPIL, "reason", kind=pl.lit(kind)) for kind, rows in parts.items()]


def _with_what_runs(gaps: pl.DataFrame, in_place: pl.DataFrame) -> pl.DataFrame:
    """The gaps; where nothing is recorded for a subject, with what else is in place."""
    beside = (
        in_place.filter(pl.col("delivery").ne_missing("whole class"))
        .group_by(PUPIL)
        .agg(runs=pl.col("provision").unique().sort().str.join(", "))
    )
    says = pl.format(" In place, and not recorded as for {}: {}.", "subject", "runs")
    is_so = pl.col("kind") == "no_recorded_need"
    rows = gaps.join(beside, on=PUPIL, how="left", maintain_order="left")
    return rows.with_columns(
        reason=pl.col("reason") + pl.when(is_so).then(says).otherwise(None).fill_null("")
    )
