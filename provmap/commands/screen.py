"""What commands put on the screen: results as aligned columns, messages and progress on standard error."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from provmap.store.kept import read_pointer


def table(headings: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """Align a few columns: words to the left, numbers to the right."""
    cells = [headings, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(headings))]
    is_number = [bool(rows) and isinstance(rows[0][place], int) for place in range(len(headings))]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, is_number, strict=True)
        ).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def tell(words: str) -> None:
    """Say something that is no part of the result."""
    print(f"provmap: {words}", file=sys.stderr)


_stopped: list[int] = []


def listen() -> None:
    """From now on, note that Ctrl-C was pressed, whatever a library makes of it."""
    _stopped.clear()
    # Where whoever started the program has it ignore Ctrl-C, that stays so.
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _note)


def was_stopped(error: BaseException) -> bool:
    """Whether an error is no fault, but what Ctrl-C became."""
    return bool(_stopped) or isinstance(error.__cause__, KeyboardInterrupt)


def _note(number: int, _frame: FrameType | None) -> None:
    _stopped.append(number)
    raise KeyboardInterrupt


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Whoever stops the work in hand with Ctrl-C is told whether the data had changed by then."""
    before = read_pointer(folder)
    try:
        yield
    except (KeyboardInterrupt, Exception) as error:
        # Libraries answer Ctrl-C with errors of their own.
        if isinstance(error, Exception) and not was_stopped(error):
            raise
        is_same = read_pointer(folder) == before
        words = "nothing was changed" if is_same else "but it was done by then"
        raise KeyboardInterrupt(f"Stopped: {words}.") from None


@contextmanager
def progress() -> Iterator[Callable[[str, float], None] | None]:
    """A line on the screen that says how far long work is; None where standard error is no screen."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(words: str, share: float) -> None:
        bar = "#" * round(20 * share)
        print(f"\r[{bar:<20}] {words[:50]:<50}", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        print(f"\r{' ' * 75}\r", end="", file=sys.stderr, flush=True)
