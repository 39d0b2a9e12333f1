"""Which letters our fonts can print: a name in another alphabet or a picture in a note must stop no print.

A PDF that can be read aloud may hold no text without a shape, and the print of a whole pack would fail on it.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

# The first and last of each run of characters that the fonts beside it hold, in hexadecimal.
LETTERS = Path(__file__).parent / "fonts" / "letters.csv"
# Signs that our font does not have; the word beside each says the same.
SIGNS = "○◐●"
MISSING = "\N{REPLACEMENT CHARACTER}"
SAYS_WHY = f"{MISSING} stands for a letter or picture that cannot be printed."


def printable(given: Any) -> Any:
    """The same with a sign for what cannot be printed, and spaces for control characters."""
    if isinstance(given, dict):
        return {name: printable(value) for name, value in given.items()}
    if isinstance(given, (list, tuple)):
        return [printable(value) for value in given]
    if not isinstance(given, str) or given.startswith("<svg"):
        return given
    said = re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", re.sub(f"[{SIGNS}] ?", "", given))
    return _not_printable().sub(MISSING, said)


def with_reason(footer: str, printed: Any) -> str:
    """What stands at the foot, with the reason where a sign stands for something."""
    return f"{footer.rstrip('.')}. {SAYS_WHY}" if MISSING in str(printed) else footer


@cache
def _not_printable() -> re.Pattern[str]:
    runs = [line.split(",") for line in LETTERS.read_text(encoding="ascii").splitlines()[1:]]
    held = "".join(f"\\U{first:0>8}-\\U{last:0>8}" for first, last in runs)
    # One sign for a picture that is made of several characters, such as a family.
    return re.compile(f"[^{held}]+")
