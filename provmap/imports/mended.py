"""Our own list of rejected rows, mended: two of its columns are ours, and it is no full list."""

from dataclasses import replace

from provmap.imports.delimited import Table

# The columns that a list of rejected rows ends with (see rejected.py); the longer names stand where the file
# had columns of the short ones itself.
OURS = (("line", "provmap line"), ("problem", "provmap problem"))
# What a list of mended rows raises by being short.
NOT_OF_A_PART = ("pupils missing", "fewer rows")


def without_ours(table: Table) -> Table:
    """The table without the columns that provmap added, which is then known as mended."""
    ends = [heading.strip().casefold() for heading in table.headings[-2:]]
    if len(table.headings) <= 2 or not all(end in ours for end, ours in zip(ends, OURS, strict=False)):
        return table
    kept = len(table.headings) - 2
    words = f"{table.file} is a list of rejected rows, mended: its columns line and problem are left out."
    return replace(
        table, headings=table.headings[:kept], rows=table.rows.select(table.rows.columns[:kept]),
        notices=(*table.notices, words), is_mended=True,
    )  # fmt: skip
