"""Results that are no score on their scale: kept as they are written, never counted, and said aloud."""

import polars as pl

from provmap.imports.codes import limits_of_scales, shipped_scores
from provmap.imports.problems import NOTICE, problem_rows
from provmap.imports.results import OLDEST, YOUNGEST

# "1e3" is a number to a computer, and in a column of results a slip.
POWER = r"^[+-]?[\d.]+[eE]"


def score_notices(file: str, column: str, rows: pl.DataFrame, lines: pl.Series) -> list[pl.DataFrame]:
    """A notice for each value that is neither a number nor a known code, or is outside its scale.

    Only scales that ship are looked at: what a school's own scale allows, the school says.
    """
    return [*_no_score(file, column, rows, lines), *_outside(file, column, rows, lines)]


def _outside(file: str, column: str, rows: pl.DataFrame, lines: pl.Series) -> list[pl.DataFrame]:
    """A notice for each number that its scale does not go to: it is kept, and most likely a slip."""
    limits = pl.DataFrame(
        [(scale, *ends) for scale, ends in (limits_of_scales() | {"age": (YOUNGEST, OLDEST)}).items()],
        schema={"scale": pl.String, "low": pl.Float64, "high": pl.Float64}, orient="row",
    )  # fmt: skip
    number = pl.col("value").cast(pl.Float64, strict=False)
    outside = (
        rows.select(pl.col("scale").str.to_lowercase(), "value", lines.alias("line"))
        .join(limits, on="scale", how="inner", maintain_order="left")
        .filter((number < pl.col("low")) | (number > pl.col("high")))
    )
    if outside.is_empty():
        return []
    low, high = pl.col("low").cast(pl.Int64), pl.col("high").cast(pl.Int64)
    # A lowest score and no highest one is all that some scales have.
    both = pl.format("{} to {}", low, high)
    span = pl.when(high.is_null()).then(pl.format("{} or more", low)).otherwise(both)
    expected = outside.select(pl.format("a score on its scale: {}", span)).to_series()
    return [
        problem_rows(
            file=file, lines=outside["line"], dataset="assessments", column=column, values=outside["value"],
            expected=expected, remedy="The row is kept as it is. Mend it if it is a slip.", verdict=NOTICE,
        )
    ]  # fmt: skip


def _no_score(file: str, column: str, rows: pl.DataFrame, lines: pl.Series) -> list[pl.DataFrame]:
    scales = shipped_scores()
    doubtful = rows.select(pl.col("scale").str.to_lowercase(), "value", lines.alias("line")).filter(
        pl.col("scale").is_in(list(scales))
        & (pl.col("value").cast(pl.Float64, strict=False).is_null() | pl.col("value").str.contains(POWER))
    )
    known = pl.DataFrame(
        [(scale, code) for scale, codes in scales.items() for code in codes],
        schema={"scale": pl.String, "code": pl.String}, orient="row",
    )  # fmt: skip
    doubtful = doubtful.with_columns(pl.col("value").str.to_lowercase().alias("code")).join(
        known, on=["scale", "code"], how="anti", maintain_order="left"
    )
    if doubtful.is_empty():
        return []
    return [
        problem_rows(
            file=file, lines=doubtful["line"], dataset="assessments", column=column, values=doubtful["value"],
            expected="a score on its scale, or a code such as A for absent",
            remedy="The row is kept and counts as no score. Mend it if a score was meant.", verdict=NOTICE,
        )
    ]  # fmt: skip
