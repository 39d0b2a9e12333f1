"""The goal of a class: starting point, now, the teacher's forecast, the target, and who is within reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from provmap.charts import SMALL_GROUP
from provmap.filters import Filter, academic_year_dates, academic_year_of, show_date
from provmap.questions import ask
from provmap.ui.apart import told_apart
from provmap.ui.choices import pick
from provmap.ui.page import Page, plain
from provmap.ui.pupils import namesakes
from provmap.ui.tables import show_table
from provmap.ui.targets import MEMBER
from provmap.words import TARGETS, number, percent

NO_GOAL = "No target is set for the class, year or group. Targets are set on the page Targets."
NOT_RECORDED = "not recorded"
BY_SUBJECT = "At the expected mark or above, of those with a result: at the end of last school year, and now"
DAY = timedelta(days=1)
# Who is named under a goal, and how each is called there.
NAMED = {
    "within_reach": "Within reach",
    "reached_then": "There when it fell due, below it now",
    "overdue": "Not there, and its day is over",
    "not_yet": "Not yet within reach",
    "no_result": "No result to judge by",
}
RULE = (
    "Who has no result is not counted as there. The forecast of a pupil is the newest that a teacher has "
    "recorded with the pupil's own target of this subject, scale and school year. What is within reach can "
    "be set under Enter and correct."
)
# Four beside each other on a wide screen; two beside each other next to the form of a meeting.
PART_PIXELS = 196
PARTS = ("Starting point", "Now", "The teacher's forecast", "Target")


@dataclass(frozen=True)
class Goals:
    """The newest goals that are for somebody counted (rows of `shared_targets`), and the pupils of each."""

    rows: pl.DataFrame
    pupils: pl.DataFrame

    def of(self, row: dict[str, Any]) -> pl.DataFrame:
        return self.pupils.filter(pl.col("aim") == row["aim"])


def goals_of(page: Page, counted: Filter) -> Goals:
    """The goals of those counted."""
    rows = ask("shared_targets", counted, page.store).filter(pl.col("is_newest") & (pl.col("pupils") > 0))
    pupils = ask("shared_target_pupils", counted, page.store)
    return Goals(rows, pupils.join(rows.select("aim"), on="aim", how="semi", maintain_order="left"))


def show_goals(page: Page, goals: Goals, key: str) -> None:
    """Each goal with its numbers and names, and below them the pupils whom the numbers count."""
    if goals.rows.is_empty():
        st.info(NO_GOAL)
        return
    for row in goals.rows.to_dicts():
        with st.container(border=True, key=f"{key}_{row['aim']}"):
            st.markdown(f"**{plain(title_of(row))}**: {plain(stands(row))}")
            if row["words"]:
                st.caption(plain(f"“{row['words']}”"))
            # On a narrow screen they stand two by two, and no word is cut.
            with st.container(horizontal=True, gap="medium"):
                for part, (value, about) in figures_of(page, row).items():
                    with st.container(width=PART_PIXELS):
                        st.metric(part, value)
                        st.caption(plain(about))
            st.markdown("\n".join(f"- {plain(words)}" for words in names_in(page, goals.of(row))))
    st.caption(RULE)
    with st.expander("The pupils behind these numbers", key=f"{key}_behind"):
        pupils, only = pick(goals.pupils, "state", TARGETS, key=f"{key}_state")
        show_table(
            page, "shared_target_pupils", pupils, ("for_whom", "subject", *MEMBER, "forecast"), opens="",
            empty="Nobody is.", only=only or "one meeting", key=f"{key}_pupils",
        )  # fmt: skip


def title_of(row: dict[str, Any]) -> str:
    """ "Year 5, Oak: reading, EXS (teacher judgement)"."""
    scale = f" ({row['scale']})" if row["scale"] else ""
    return f"{row['for_whom']}: {row['subject']}, {row['target']}{scale}"


def with_words(row: dict[str, Any]) -> str:
    """The title, with what was said of the goal."""
    return f"{title_of(row)}. “{row['words']}”" if row["words"] else title_of(row)


def stands(row: dict[str, Any]) -> str:
    """How it stands, and why where it cannot be said."""
    because = f" ({row['because']})" if row["because"] else ""
    return f"{TARGETS[row['state']]}{because}"


def figures_of(page: Page, row: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Starting point, now, forecast and target: each a number of how many, and what it is."""
    said = (_start(row), _now(page, row), _forecast(row), _target(row))
    return dict(zip(PARTS, said, strict=True))


def _start(row: dict[str, Any]) -> tuple[str, str]:
    day = show_date(row["set_on"])
    noted = f" Recorded with the goal: {row['baseline']}." if row["baseline"] else ""
    if not row["known_at_start"]:
        return NOT_RECORDED, f"Nobody counted has a result by {day}, when it was set.{noted}"
    without = _without(row["pupils"] - row["known_at_start"], "had no result by then")
    share = _share(row["at_start"], row["pupils"])
    return _of(
        row["at_start"], row["pupils"]
    ), f"{share}at the target on {day}, when it was set{without}.{noted}"


def _now(page: Page, row: dict[str, Any]) -> tuple[str, str]:
    day = show_date(page.filter.as_at)
    if row["no_result"] == row["pupils"]:
        return NOT_RECORDED, f"Nobody counted has a result to judge by, as at {day}."
    without = _without(row["no_result"], "without a result to judge by")
    share = _share(row["at_target"], row["pupils"])
    return _of(row["at_target"], row["pupils"]), f"{share}at the target, as at {day}{without}."


def _forecast(row: dict[str, Any]) -> tuple[str, str]:
    of_all = f" Of them as a whole the teacher expects {row['forecast']}." if row["forecast"] else ""
    if not row["with_forecast"]:
        return NOT_RECORDED, f"No teacher's forecast for these pupils on this scale, this year.{of_all}"
    without = _without(row["pupils"] - row["with_forecast"], "without a forecast")
    share = _share(row["forecast_at_target"], row["with_forecast"])
    said = f"{share}expected to be at the target, of those with a forecast{without}.{of_all}"
    return _of(row["forecast_at_target"], row["with_forecast"]), said


def _target(row: dict[str, Any]) -> tuple[str, str]:
    day = f"by {show_date(row['due_on'])}" if row["due_on"] else "no day is set"
    if row["needed"] is None:
        return NOT_RECORDED, f"How many are to reach it is not recorded; {day}."
    whole = ""
    if row["pupils"] < row["members"]:
        whole = f"of all {row['members']} whom it is for, in other classes too: {row['reached']} there now; "
    more = f"{row['more_needed']} more needed" if row["more_needed"] else "as many are there"
    share = f"{percent(row['needed_share'])}, "
    return _of(row["needed"], row["members"]), f"{whole}{share}{day}: {more}."


def names_in(page: Page, pupils: pl.DataFrame) -> list[str]:
    """Who is within reach, and who else is not there, each by name with how far it is."""
    rows = {(row["school_id"], row["pupil_id"]): row for row in pupils.to_dicts()}
    short = {one: f"{row['forename']} {row['surname']}" for one, row in rows.items()}
    called = told_apart(short, *namesakes(page, rows))
    lines = []
    for state, words in NAMED.items():
        who = [(called[one], row["how_far"]) for one, row in rows.items() if row["state"] == state]
        listed = _listed(who)
        means = _reach(pupils) if state == "within_reach" else ""
        if who:
            lines.append(f"{words}{means}, {len(who)}: {listed}.")
        elif state == "within_reach" and "overdue" not in pupils["state"]:
            lines.append(f"{words}{means}: nobody.")
    return lines


def _listed(who: list[tuple[str, str | None]]) -> str:
    """The names with how far each is, which is said once where it is the same of all."""
    ways = {far for _, far in who}
    if len(who) > 1 and len(ways) == 1 and None not in ways:
        return f"{'; '.join(name for name, _ in who)} (each {ways.pop()})"
    return "; ".join(f"{name} ({far})" if far else name for name, far in who)


def _reach(pupils: pl.DataFrame) -> str:
    """How far is within reach, on the scale of the goal."""
    known = pupils.select("reach", "unit").drop_nulls().unique().to_dicts()
    if len(known) != 1:
        return ""
    (is_,) = known
    far = number(is_["reach"], 0 if float(is_["reach"]).is_integer() else 1)
    return f" ({far} {is_['unit']}{'' if far == '1' else 's'} or less to go)"


def subjects_in(page: Page, counted: Filter) -> list[str]:
    """Each subject and scale: how many were at the mark when last school year ended, and are now."""
    last_year = academic_year_of(academic_year_dates(academic_year_of(page.filter.as_at))[0] - DAY)
    terms = ask("progress_by_group", counted, page.store).filter(group_code="all", academic_year=last_year)
    ends = terms.filter(pl.col("with_expectation") > 0).sort("term_order")
    before = {(row["subject"].lower(), row["scale"].lower()): row for row in ends.to_dicts()}
    lines = []
    pupils = ask("scope_summary", counted, page.store)["pupils"][0]
    for row in ask("progress_by_subject", counted, page.store).to_dicts():
        start = before.get((row["subject"].lower(), row["scale"].lower()))
        was = _at_mark(start) if start else f"in {last_year} {NOT_RECORDED}"
        # A first result or two of a term is not yet the class.
        few = f", with a result for {_of(row['assessed'], pupils)} pupils" if row["assessed"] < pupils else ""
        lines.append(f"{row['subject'].capitalize()} ({row['scale']}): {was}; {_at_mark(row)}{few}.")
    return lines


def _at_mark(row: dict[str, Any]) -> str:
    """ "21 of 30 (70%) in spring 2025/26"."""
    many, assessed = row["expected_or_above"], row["assessed"]
    share = f" ({percent(many / assessed)})" if assessed >= SMALL_GROUP else ""
    return f"{_of(many, assessed)}{share} in {row['term']} {row['academic_year']}"


def _of(some: int, all_of: int) -> str:
    return f"{some} of {all_of}"


def _share(some: int, all_of: int) -> str:
    """Of few, a share says less than the numbers."""
    return f"{percent(some / all_of)}, " if all_of >= SMALL_GROUP else ""


def _without(many: int, what: str) -> str:
    return f"; {many} {what}" if many else ""
