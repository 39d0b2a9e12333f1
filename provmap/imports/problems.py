"""What is wrong with a file, as rows of a frame: one a cell, so that a million faults stay cheap to hold."""

import polars as pl

REJECTED, NOTICE = "rejected", "notice"
SCHEMA = {
    "file": pl.String,
    "line": pl.UInt32,
    "dataset": pl.String,
    "column": pl.String,
    "value": pl.String,
    "expected": pl.String,
    "remedy": pl.String,
    "verdict": pl.String,
}
MEND = "Mend the cell and import the row again."


def problem_rows(
    *,
    file: str | pl.Series,
    lines: pl.Series,
    dataset: str,
    column: str,
    values: pl.Series | None,
    expected: str | pl.Series,
    remedy: str | pl.Series = MEND,
    verdict: str = REJECTED,
) -> pl.DataFrame:
    """One problem for each line, told in the same words unless the words are given one by one."""
    return pl.DataFrame({"line": lines}).select(
        _told(file, "file"),
        pl.col("line").cast(pl.UInt32),
        pl.lit(dataset).alias("dataset"),
        pl.lit(column).alias("column"),
        pl.lit(values if values is not None else None, dtype=pl.String).alias("value")
        if values is None else values.cast(pl.String).alias("value"),
        _told(expected, "expected"),
        _told(remedy, "remedy"),
        pl.lit(verdict).alias("verdict"),
    )  # fmt: skip


def in_a_sentence() -> pl.Expr:
    """What each problem says, as `told`: a notice can be a sentence; all else names what was expected."""
    expected = pl.col("expected")
    is_sentence = (pl.col("verdict") == NOTICE) & expected.str.ends_with(".")
    return pl.when(is_sentence).then(expected).otherwise(pl.lit("expected ") + expected).alias("told")


def no_problems() -> pl.DataFrame:
    """A frame of problems without any."""
    return pl.DataFrame(schema=SCHEMA)


def _told(words: str | pl.Series, name: str) -> pl.Expr | pl.Series:
    return pl.lit(words).alias(name) if isinstance(words, str) else words.alias(name)
