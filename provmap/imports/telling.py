"""How the readers tell how far they are, for whoever waits; what is told may raise, to stop the reading."""

from collections.abc import Callable

# Told of one file: words with a count ("" at its start), and which share of the work on it is done.
Told = Callable[[str, float], None]
# That share once its cells are read; what remains is to understand them.
READ = 0.5


def silent(words: str, share: float) -> None:
    """For where nobody waits."""
