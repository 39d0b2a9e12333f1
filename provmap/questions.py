"""The only road to data: a question and a filter become a frame.

Each question is one select in `sql/questions/`, which opens with its title, its words, its grain and its
columns; `ask` binds just the parameters that it names.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from typing import Any

import duckdb
import polars as pl

from provmap.errors import StoreError, UsageError
from provmap.filters import FIELDS, Filter, as_at_of
from provmap.statistics import (
    Measure,
    compare_in_words,
    explained,
    judge_gains,
    judge_impact,
    judge_progress_8,
    judge_shares,
    judge_whole_class,
)
from provmap.store import Store, forget_stores, is_remembered, open_store, remembered
from provmap.store.contract import SQL

QUESTIONS = SQL / "questions"
# What is worked out of a question's rows that SQL cannot: intervals, effect sizes and verdicts.
STATISTICS = {
    "comparisons": compare_in_words,
    "impact_by": judge_gains,
    "impact_by_provision": judge_impact,
    "progress_8_by_group": judge_progress_8,
    "progress_by_group": judge_shares,
    "progress_crossed": judge_shares,
    "whole_class_impact": judge_whole_class,
}
# What some questions can be asked besides the filter; left out, they answer for all, or the usual terms.
# `measure` is a subject and a scale ("reading/standardised"), a term is written "2025/26 spring".
MAY_BE_LEFT_OUT = (
    "measure", "other_measure", "from_term", "to_term", "at_term", "only_provision", "of_school",
)  # fmt: skip
# Of these, what is so of one pupil does not depend on who else is counted: a narrower choice of pupils picks
# from the answer for all where that is kept. `tests/test_narrower.py` compares each with asking afresh.
PUPIL_BY_PUPIL = frozenset({
    "coverage", "criteria_status", "drift", "duplications", "gaps", "ledger", "ledger_moves", "meeting_lists",
    "need_responses", "no_data", "offer_not_reached", "plan_hours", "progress_at_term", "progress_grid",
    "progress_provisions", "progress_pupils", "provision_list", "pupil_list",
    "pupil_progress", "targets", "time_out_of_class", "transitions", "universal_reach",
})  # fmt: skip
EVERYBODY: dict[str, object] = {"year_groups": [], "classes": [], "groups": []}
# Sums over pupils: of a narrower choice they are made from what is kept of each, or of each time they had
# a provision.
SUMMED = frozenset({"data_quality", "impact_by_provision", "provision_criteria", "scope_summary"})
FINDINGS = ("waits", "attends_without", "met_exit_stays", "cannot_judge")


@dataclass(frozen=True)
class Question:
    """A question that can be asked: its words for people, and what one row of its answer is."""

    name: str
    title: str
    words: str
    grain: str
    columns: str
    counts: str
    wrinkles: str
    filters: frozenset[str]
    sql: str
    parameters: frozenset[str]

    @property
    def is_for_pages(self) -> bool:
        """Whether it needs more than a filter, and so cannot be asked on the command line."""
        return bool(self.parameters - {"as_at", *FIELDS, *MAY_BE_LEFT_OUT})

    def not_applied(self, chosen: Filter) -> list[str]:
        """Choices of the filter that select no rows here: tier and subject, where there is no such column."""
        return [FIELDS[name] for name in ("tiers", "subjects")
                if getattr(chosen, name) and name not in self.parameters]  # fmt: skip


@cache
def question_names() -> list[str]:
    """The questions there are, in alphabetical order."""
    return sorted(path.stem for path in QUESTIONS.glob("*.sql"))


@cache
def describe_question(name: str) -> Question:
    """The question of that name. Raises UsageError with the near names where there is none."""
    if name not in question_names():
        raise UsageError(f"There is no question '{name}'.", _near(name, question_names()))
    sql = (QUESTIONS / f"{name}.sql").read_text(encoding="utf-8")
    statements = duckdb.extract_statements(sql)
    heading = _heading(sql)
    filters = {word.strip() for word in heading.get("Filters", "").split(".")[0].split(",") if word.strip()}
    return Question(
        name, heading["Title"], heading["Question"], heading["Grain"], heading.get("Columns", ""),
        heading.get("Counts", ""), heading.get("Wrinkles", ""), frozenset(filters), sql,
        frozenset(statements[0].named_parameters),
    )  # fmt: skip


def measures() -> list[Measure]:
    """The statistics that answers rest on, each with what it is and its source."""
    return explained()


def _heading(sql: str) -> dict[str, str]:
    """The comment that opens a question's file, by its labels."""
    parts: dict[str, str] = {}
    label = ""
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        if match := re.match(r"-- ([A-Z][a-z]+): (.*)", line):
            label = match[1]
            parts[label] = match[2].strip()
            # "Counts:" may stand on the line of "Filters:".
            if " Counts: " in parts[label]:
                parts[label], parts["Counts"] = parts[label].split(" Counts: ", 1)
                label = "Counts"
        else:
            parts[label] += " " + line.removeprefix("--").strip()
    return parts


def ask(question: str, filter: Filter, store: Store | None = None, **extra: object) -> pl.DataFrame:
    """The answer to a question over what the filter counts; `extra` binds a page's own parameters.

    Raises UsageError for an unknown question, StoreError where the store cannot answer.
    """
    asked = describe_question(question)
    if unknown := set(extra) - asked.parameters:
        raise UsageError(f"The question '{question}' takes no {', '.join(sorted(unknown))}.")
    values = dict.fromkeys(MAY_BE_LEFT_OUT) | filter.params() | extra
    bound = {name: values[name] for name in sorted(asked.parameters)}
    store = store or open_store()
    everybody = bound | EVERYBODY
    if question in PUPIL_BY_PUPIL and is_remembered(store, _asked(asked.sql, everybody)):
        return _of_these(_answer(asked.sql, everybody, store), filter, store)
    if question in SUMMED and bound != everybody and is_remembered(store, _asked(asked.sql, everybody)):
        whole = _answer(asked.sql, everybody, store)
        return remembered(store, (question, filter), lambda: _made_of(question, whole, filter, store))
    return _answer(asked.sql, bound, store, STATISTICS.get(question))


def _made_of(question: str, whole: pl.DataFrame, filter: Filter, store: Store) -> pl.DataFrame:
    """The answer of one that is SUMMED, for fewer pupils than `whole` is of, from what is kept of each."""
    if question == "scope_summary":
        return whole.with_columns(pupils=pl.lit(_counted(filter, store).height, pl.Int64))
    if question == "impact_by_provision":
        return _impact_of_these(filter, store)
    if question == "provision_criteria":
        return _criteria_of_these(whole, filter, store)
    return _summed(whole, filter, store)


def _criteria_of_these(provisions: pl.DataFrame, filter: Filter, store: Store) -> pl.DataFrame:
    """The provisions with how many of those counted have each, wait for it, and so on."""
    everybody = replace(filter, year_groups=(), classes=(), groups=())
    have, found = (
        _of_these(ask(question, everybody, store), filter, store)
        for question in ("provision_list", "criteria_status")
    )
    rows = provisions
    parts = {"in_place": have} | {kind: found.filter(kind=kind) for kind in FINDINGS}
    for name, of in parts.items():
        many = of.group_by("school_id", "provision_id").agg(pl.len().cast(pl.Int64).alias(name))
        rows = rows.drop(name).join(many, on=["school_id", "provision_id"], how="left", maintain_order="left")
    return rows.with_columns(pl.col(*parts).fill_null(0)).select(provisions.columns)


def _impact_of_these(filter: Filter, store: Store) -> pl.DataFrame:
    """Impact by provision, of the times that the pupils whom the filter counts had it."""
    times = _answer(_filter_sql("impact_times"), _scope(filter) | EVERYBODY, store)
    ever = _run(_filter_sql("pupils_ever_counted"), _scope(filter), store)
    these = times.join(ever, on=["school_id", "pupil_id"], how="semi")
    return judge_impact(
        _run(_filter_sql("impact_of_times"), {"as_at": filter.as_at}, store, these_times=these)
    )


def _of_these(rows: pl.DataFrame, filter: Filter, store: Store) -> pl.DataFrame:
    """The rows of the pupils whom the filter counts, in their order."""
    if not any(getattr(filter, name) for name in EVERYBODY):
        return rows
    pupil = ["school_id", "pupil_id"]
    return rows.join(_counted(filter, store), on=pupil, how="semi", maintain_order="left")


def _counted(filter: Filter, store: Store) -> pl.DataFrame:
    """The pupils whom the filter counts."""
    return _answer(_filter_sql("pupils_counted"), _scope(filter), store)


def _summed(checks: pl.DataFrame, filter: Filter, store: Store) -> pl.DataFrame:
    """The checks with what they find of the pupils whom the filter counts; those of schools as they are."""
    each = _answer(_filter_sql("quality_counts"), _scope(filter) | EVERYBODY, store)
    of_schools = each.filter(pl.col("pupil_id").is_null())
    sums = pl.concat([of_schools, _of_these(each, filter, store)]).group_by("check")
    found = sums.agg(pl.col("findings", "out_of").sum())
    rows = checks.drop("findings", "out_of").join(found, on="check", how="left", maintain_order="left")
    return rows.with_columns(pl.col("findings", "out_of").fill_null(0)).select(checks.columns)


def _scope(filter: Filter) -> dict[str, object]:
    """What of a filter says which pupils are counted."""
    values = filter.params()
    return {name: values[name] for name in ("as_at", "schools", "needs", *EVERYBODY)}


def _asked(sql: str, params: dict[str, object]) -> tuple[str, str]:
    return sql, str(params)


def _answer(
    sql: str,
    params: dict[str, object],
    store: Store,
    finish: Callable[[pl.DataFrame], pl.DataFrame] | None = None,
) -> pl.DataFrame:
    """Runs a select and finishes its rows, or gives the frame of before for the same store and values."""

    def run() -> pl.DataFrame:
        frame = _run(sql, params, store)
        return finish(frame) if finish else frame

    return remembered(store, _asked(sql, params), run)


def _run(sql: str, params: dict[str, object], store: Store, **frames: pl.DataFrame) -> pl.DataFrame:
    """The rows of a select, in which the frames can be named."""
    try:
        cursor = store.cursor()
        for name, frame in frames.items():
            cursor.register(name, frame.to_arrow())
        # Fetched through Arrow: `sql(…).pl()` with parameters takes ten times as long over a million rows.
        return pl.DataFrame(pl.from_arrow(cursor.execute(sql, params).to_arrow_table()))
    except duckdb.FatalException as error:
        # The whole in-process database is lost, the files are not: open everything afresh next time.
        forget_stores()
        raise StoreError("The store stopped answering.", "Open the page again.") from error
    except duckdb.Error as error:
        raise StoreError(
            # DuckDB's own words can hold a pupil's value.
            "The store could not answer this question.",
            f"({type(error).__name__})",
        ) from error


def make_filter(
    store: Store,
    *,
    as_at: Any = None,
    academic_year: str | None = None,
    schools: Any = (),
    year_groups: Any = (),
    classes: Any = (),
    groups: Any = (),
    needs: Any = (),
    tiers: Any = (),
    subjects: Any = (),
) -> Filter:
    """A filter whose every value the store knows. Raises UsageError that names the near values."""
    day = as_at_of(as_at, academic_year, store.today)
    asked = {
        "schools": schools, "year_groups": year_groups, "classes": classes, "groups": groups,
        "needs": needs, "tiers": tiers, "subjects": subjects,
    }  # fmt: skip
    chosen: dict[str, tuple[str, ...]] = {}
    labels: list[str] = []
    every = _known(store) if any(asked.values()) else {}
    for name, values in asked.items():
        if values:
            known = dict(every[name])
            chosen[name] = tuple(dict.fromkeys(_known_value(name, str(value), known) for value in values))
            labels += [f"{name}:{value}={known[value]}" for value in chosen[name]]
    return Filter(day, academic_year, labels=tuple(labels), **chosen)


def _known_value(field: str, value: str, known: dict[str, str]) -> str:
    """The value as the store writes it: itself, else without regard to case, else by its label."""
    if value in known:
        return value
    same = [code for code, label in known.items() if value.casefold() in (code.casefold(), label.casefold())]
    if len(same) == 1:
        return same[0]
    if same:
        raise UsageError(
            f"'{value}' could be more than one {FIELDS[field]}.", f"Choose from: {', '.join(same)}."
        )
    raise UsageError(f"There is no {FIELDS[field]} '{value}'.", _near(value, list(known)))


def _near(value: str, known: list[str]) -> str:
    folded = {name.casefold(): name for name in known}
    near = [folded[name] for name in get_close_matches(value.casefold(), folded, n=3, cutoff=0.5)]
    if near:
        return f"Did you mean {' or '.join(near)}?"
    some = known[:12]
    return f"There {'are' if len(some) != 1 else 'is'}: {', '.join(some)}{' …' if len(known) > 12 else '.'}"


def _known(store: Store) -> dict[str, list[tuple[str, str]]]:
    """Every value that each field of the filter can take in this store, with its label, in reading order."""

    def read() -> dict[str, list[tuple[str, str]]]:
        known: dict[str, list[tuple[str, str]]] = {name: [] for name in (*FIELDS, "academic_years")}
        rows = _answer(_filter_sql("values_known"), {}, store)
        for field, value, label in rows.select("field", "value", "label").iter_rows():
            known[field].append((value, label))
        return known

    return remembered(store, "values known", read)


def options(store: Store, filter: Filter) -> dict[str, list[tuple[str, str]]]:
    """For each field the (value, label) worth choosing, narrowed by the other choices; chosen ones stay."""
    return remembered(store, ("options", filter), lambda: _options(store, filter))


def _options(store: Store, filter: Filter) -> dict[str, list[tuple[str, str]]]:
    names = ("schools", "year_groups", "classes", "groups", "needs")
    params: dict[str, object] = {name: list(getattr(filter, name)) for name in names}
    params["as_at"] = filter.as_at
    kept = {name: set(getattr(filter, name)) for name in FIELDS}
    live = _answer(_filter_sql("values_in_scope"), params, store)
    for field, value in live.select("field", "value").iter_rows():
        kept[field].add(value)
    known = _known(store)
    return {name: [pair for pair in _apart(known[name]) if pair[0] in kept[name]] for name in FIELDS}


def labels(store: Store) -> dict[str, dict[str, str]]:
    """What the school calls every value of every field of the filter."""
    known = _known(store)
    return remembered(store, "labels", lambda: {name: dict(_apart(known[name])) for name in FIELDS})


def _apart(known: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The values of a field, with the code beside a label that stands for several of them."""
    having = Counter(label for _, label in known)
    return [(code, f"{label}, {code}" if having[label] > 1 else label) for code, label in known]


def academic_years(store: Store) -> list[str]:
    """The academic years that the store holds anything for, newest first."""
    return [value for value, _ in _known(store)["academic_years"]]


def headlines(filter: Filter, store: Store) -> dict[str, int]:
    """The numbers of the overview: each is the length of the list that it opens.

    Findings of `duplications` are those that include the day, as its page shows first.
    """
    needs = ask("coverage", filter, store)
    gaps = ask("gaps", filter, store)
    overlaps = ask("duplications", filter, store).filter(pl.col("is_current"))
    placements = ask("provision_list", filter, store)
    states = dict(needs["state"].value_counts().iter_rows())
    return {
        "live_needs": needs.height,
        "pupils_with_needs": _pupils(needs),
        **{state: states.get(state, 0) for state in ("covered", "in_class", "planned", "lapsed", "unmet")},
        "gaps": gaps.height,
        "pupils_with_gaps": _pupils(gaps),
        "duplications": overlaps.height,
        "pupils_with_duplications": _pupils(overlaps),
        "in_place": placements.height,
        "pupils_with_provision": _pupils(placements),
        "overdue_reviews": placements.filter(pl.col("overdue_for_review")).height,
        "no_data": ask("no_data", filter, store).height,
    }


def _pupils(rows: pl.DataFrame) -> int:
    return rows.select("school_id", "pupil_id").n_unique() if rows.height else 0


@cache
def _filter_sql(name: str) -> str:
    return (SQL / "filters" / f"{name}.sql").read_text(encoding="utf-8")
