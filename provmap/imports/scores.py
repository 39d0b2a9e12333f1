"""Results that are no score on their scale: kept as they are written, never counted, and said aloud."""

import polars as pl

from provmap.imports.codes import shipped_scores
from provmap.imports.problems import NOTICE, problem_rows


def score_notices(file: str, column: str, rows: pl.DataFrame, lines: pl.Series) -> list[pl.DataFrame]:
    """A notice for each row whose value is neither a number nor a known code, on a scale of numbers.

    Only scales that ship are looked at: what a school's own scale allows, the school says.
    """
    scales = shipped_scores()
    doubtful = rows.select(pl.col("scale").str.to_lowercase(), "value", lines.alias("line")).filter(
        pl.col("scale").is_in(list(scales)) & pl.col("value").cast(pl.Float64, strict=False).is_null()
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
