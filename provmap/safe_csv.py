"""CSV that a spreadsheet will not run: the one way in which provmap writes rows as text."""

import polars as pl

# What a spreadsheet may run: a sign, also full-width or behind spaces and unseen marks, or a leading
# tab or line break.
RUNS_AS_FORMULA = r"^(?:[\t\r\n]|[\s\u{200B}\u{FEFF}\u{00}-\u{1F}\u{7F}]*[=+\-@＝＋－＠])"
PLAIN_NUMBER = r"^[+-]?[0-9]+(?:\.[0-9]+)?$"


def csv_text(frame: pl.DataFrame) -> str:
    """Write rows as CSV: lists joined with `;`, ISO dates, true and false; a missing value is empty."""
    rows = join_lists(frame).with_columns(held_back(pl.col(pl.String)).name.keep())
    headings = pl.DataFrame({"heading": rows.columns}).select(held_back(pl.col("heading")))
    return rows.rename(dict(zip(rows.columns, headings.to_series(), strict=True))).write_csv()


def join_lists(frame: pl.DataFrame) -> pl.DataFrame:
    """Join lists with `;`; an empty list is an empty cell, as any missing value."""
    lists = pl.col(pl.List(pl.String))
    return frame.with_columns(pl.when(lists.list.len() > 0).then(lists.list.join(";")).name.keep())


def held_back(text: pl.Expr) -> pl.Expr:
    """Put `'` before text that would run as a formula; a plain number such as -5 or +44 stays as it is."""
    runs = text.str.contains(RUNS_AS_FORMULA) & ~text.str.contains(PLAIN_NUMBER)
    return pl.when(runs).then("'" + text).otherwise(text)
