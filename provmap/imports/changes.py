"""Changed rows as cells: what is held and what the file says, side by side."""

import polars as pl

from provmap.imports.keys import KEY
from provmap.store.contract import STATUS_FLAGS, Dataset

# How many changed cells a preview shows: more than anybody reads, and little to hold.
MOST_SHOWN = 1000
SCHEMA = dict.fromkeys(("dataset", "key", "column", "was", "now"), pl.String)


def no_changes() -> pl.DataFrame:
    """A frame of changed cells without any."""
    return pl.DataFrame(schema=SCHEMA)


def changed_cells(
    dataset: Dataset, rows: pl.DataFrame, before: pl.DataFrame, keys: pl.Series, columns: list[str]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The first changed cells of the rows with these keys, and how many there are in each column.

    `key` is what the row is known by, in words; an empty cell is a value that was or will be blank.
    """
    changed = rows.filter(pl.col(KEY).is_in(keys.implode()))
    keyed = dict.fromkeys(name for key in dataset.keys for name in key)
    # A school is known by its identifier alone, which stands by no other row.
    known_by = [_text(rows, name) for name in keyed if name in columns or dataset.name == "schools"]
    pairs = changed.select(
        KEY,
        pl.concat_str(known_by, separator=", ", ignore_nulls=True).alias("key"),
        *(_text(rows, name).alias(f"now {name}") for name in columns),
    ).join(
        before.select(KEY, *(_text(before, name).alias(f"was {name}") for name in columns)),
        on=KEY, maintain_order="left",
    )  # fmt: skip
    parts, counts = [no_changes()], {}
    for name in columns:
        was, now = pl.col(f"was {name}"), pl.col(f"now {name}")
        differs = was.ne_missing(now)
        if dataset.name == "pupils" and name in STATUS_FLAGS:
            differs &= now.is_not_null()
        cells = pairs.filter(differs)
        if cells.height:
            counts[name] = cells.height
            words = pl.lit(dataset.name).alias("dataset"), "key", pl.lit(name).alias("column")
            parts.append(cells.head(MOST_SHOWN).select(*words, was.alias("was"), now.alias("now")))
    return pl.concat(parts).head(MOST_SHOWN), counts


def _text(rows: pl.DataFrame, name: str) -> pl.Expr:
    """A column as people read it; an empty list is a blank."""
    kind = rows.schema[name]
    if kind == pl.Boolean:
        yes_or_no = pl.when(pl.col(name)).then(pl.lit("yes")).otherwise(pl.lit("no"))
        return pl.when(pl.col(name).is_not_null()).then(yes_or_no)
    if kind == pl.List(pl.String):
        return pl.col(name).list.join("; ").replace("", None)
    if kind == pl.Float64:
        # 30 minutes, not 30.0.
        return pl.col(name).cast(pl.String).str.strip_suffix(".0")
    return pl.col(name).cast(pl.String)
