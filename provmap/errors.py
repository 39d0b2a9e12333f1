"""What can go wrong, said in a sentence that a school office understands."""


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


class ImportRefused(ProvmapError):
    """An import that was not made: nothing has changed (exit code 1)."""


class StoreError(ProvmapError):
    """The store cannot be built or opened (exit code 1)."""
