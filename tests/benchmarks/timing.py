"""Times as medians, and tables of them in Markdown."""

import statistics
import time
from collections.abc import Callable

Row = tuple[str, ...]


def milliseconds(
    run: Callable[[], object], times: int = 7, before: Callable[[], object] | None = None
) -> float:
    """The median time of a run, after one that is not counted; `before` prepares each and is not timed."""
    taken = []
    for _ in range(times + 1):
        if before:
            before()
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken[1:])


def seconds(run: Callable[[], object]) -> float:
    """The time of one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def print_table(title: str, headings: Row, rows: list[Row]) -> None:
    """Print rows as a Markdown table."""
    print(f"\n**{title}**\n")
    print(f"| {' | '.join(headings)} |")
    print(f"|{'---|' * len(headings)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)
