"""Questions, beside the plain select of their own answers, and one school inside a trust beside it alone."""

import duckdb
import polars as pl

from provmap.filters import Filter
from provmap.questions import ask, describe_question, make_filter, question_names
from provmap.store import Store
from provmap.store.memory import forget_all
from tests.benchmarks.timing import Row, milliseconds


def names() -> list[str]:
    return [name for name in question_names() if not describe_question(name).is_for_pages]


def measure_questions(alone: Store, trust: Store, school_id: str) -> list[Row]:
    """A row a question: one school alone, inside its trust, and the whole trust."""
    return [_measure(name, alone, trust, school_id) for name in names()]


def _measure(name: str, alone: Store, trust: Store, school_id: str) -> Row:
    at_home, plain_home, rows_home = _times(name, make_filter(alone), alone)
    inside, _, _ = _times(name, make_filter(trust, schools=[school_id]), trust)
    whole, plain_whole, rows_whole = _times(name, make_filter(trust), trust, times=3)
    return (
        name,
        f"{rows_home:,}", f"{plain_home:.1f} ms", f"{at_home:.0f} ms",
        f"{inside:.0f} ms", f"{inside / at_home:.2f}",
        f"{rows_whole:,}", f"{plain_whole:.0f} ms", f"{whole:.0f} ms", f"{whole / plain_whole:.1f}",
    )  # fmt: skip


def _times(name: str, filter: Filter, store: Store, times: int = 7) -> tuple[float, float, int]:
    own = milliseconds(lambda: ask(name, filter, store), times, before=forget_answers)
    answer = ask(name, filter, store)
    return own, _plain_select(answer, times), answer.height


def _plain_select(answer: pl.DataFrame, times: int) -> float:
    connection = duckdb.connect()
    connection.from_arrow(answer.to_arrow()).create("answer")
    return milliseconds(lambda: connection.sql("select * from answer").pl(), times)


def forget_answers() -> None:
    """Make the next question be asked anew."""
    forget_all()
