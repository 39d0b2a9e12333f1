"""What the school's groups mean: its own first, and what nobody wrote down of them."""

from __future__ import annotations

import polars as pl

from provmap.ui.page import plain
from provmap.words import count, joined


def own_first(groups: pl.DataFrame) -> pl.DataFrame:
    """The groups with the school's own first: what those mean is the school's to say."""
    return groups.sort("is_own", descending=True, maintain_order=True)


def not_agreed(groups: pl.DataFrame) -> str:
    """How many groups of the school's own lack what, by name; nothing where none does."""
    own = groups.filter("is_own")
    without = own.filter(pl.col("not_written").list.len() > 0).select("group", "not_written")
    if without.is_empty():
        return ""
    said = [f"{plain(name)} ({joined(missing)})" for name, missing in without.iter_rows()]
    of = count(own.height, "group")
    lack = "lacks" if without.height == 1 else "lack"
    return f"Of {of} of the school's own, **{without.height}** {lack} something: {'; '.join(said)}."
