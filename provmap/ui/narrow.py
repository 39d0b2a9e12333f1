"""Lists made narrow enough for a small screen: who a pupil is takes two columns, and never four."""

from __future__ import annotations

from itertools import pairwise

import polars as pl

# Names of groups where there is little room.
SHORT_GROUPS = {
    "Free school meals": "FSM",
    "Free school meals in the last six years": "FSM in six years",
    "Education, health and care plan": "EHC plan",
    "English as an additional language": "EAL",
    "Previously looked after": "Was looked after",
}
# Four pupils of five are in it: naming it hides the groups that matter.
UNSAID_GROUP = "no_sen"


def short(group: str) -> str:
    """The name of a group where there is little room."""
    return SHORT_GROUPS.get(group, group)


def in_few_columns(shown: pl.DataFrame) -> pl.DataFrame:
    """Surname and forename as one column, year and class as another, each where its first stood.

    A subject is told with its state where the two stand side by side.
    """
    shown = _joined(shown, "surname", "forename", "pupil", _name)
    shown = _joined(shown, "year_group", "class", "class", _class)
    if ("subject", "state") in pairwise(shown.columns):
        shown = _joined(shown, "subject", "state", "where_it_stands", _stands)
    return shown


def _joined(shown: pl.DataFrame, first: str, second: str, name: str, words: pl.Expr) -> pl.DataFrame:
    if not {first, second} <= set(shown.columns):
        return shown
    columns = list(dict.fromkeys(name if one in (first, second) else one for one in shown.columns))
    return shown.with_columns(words.alias(name)).select(columns)


def _either(words: pl.Expr, first: str, second: str) -> pl.Expr:
    return words.fill_null(pl.col(first)).fill_null(pl.col(second))


_name = _either(pl.col("surname") + ", " + pl.col("forename"), "surname", "forename")
_stands = _either(
    pl.col("subject").str.head(1).str.to_uppercase()
    + pl.col("subject").str.slice(1)
    + ": "
    + pl.col("state"),
    "subject",
    "state",
)
# "5 Oak", "R Holly"; a class that says its year itself, such as "7H", needs no year before it.
_class = _either(
    pl.when(
        # The R of Reception begins many a name.
        pl.col("year_group").str.contains(r"^\d+$") & pl.col("class").str.starts_with(pl.col("year_group"))
    )
    .then(pl.col("class"))
    .otherwise(pl.col("year_group") + " " + pl.col("class")),
    "year_group",
    "class",
)
