"""What can go wrong, said in a sentence that a school office understands."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any


class ProvmapError(Exception):
    """A problem to show as it stands: what is wrong, and how to mend it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class UsageError(ProvmapError):
    """A question, filter value or date that provmap does not know (exit code 2)."""


class NotPossible(UsageError):
    """A row that cannot be kept. `faults` says what is wrong with which column; a rule has none."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        said = (f"{column.replace('_', ' ')} {words}".strip() for column, words in faults)
        super().__init__(f"This cannot be saved: {' '.join(said)}", "Change it and save again.")
        self.faults = tuple(faults)


class ImportRefused(ProvmapError):
    """An import that was not made: nothing has changed (exit code 1)."""


class StoreError(ProvmapError):
    """The store cannot be built or opened (exit code 1)."""


class Overwritten(ProvmapError):
    """Somebody else wrote about the same thing first: nothing of this was written."""

    def __init__(self, made_by: str, made_at: datetime, body: dict[str, Any]) -> None:
        # The journal is kept in UTC; people look at the clock of this machine.
        here = made_at.replace(tzinfo=UTC).astimezone()
        super().__init__(
            f"{made_by} changed this while you had it open ({here:%H:%M}).",
            "Nothing of yours was written. Look at their version, then save again if yours should stand.",
        )
        self.made_by, self.made_at, self.body = made_by, made_at, body
