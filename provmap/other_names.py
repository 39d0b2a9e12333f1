"""Where a text names another pupil on roll: what nobody may read on the sheet of this one."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store

# A surname after one of these is an adult's.
ADULT = r"(?<!mr )(?<!mrs )(?<!ms )(?<!miss )(?<!dr )(?<!mx )(?<!mr. )(?<!mrs. )(?<!ms. )(?<!dr. )"


# Names that are words of every day: written small, they are taken for the word.
WORDS = frozenset(Path(__file__).with_name("everyday_names.txt").read_text(encoding="utf-8").split())


def other_names(texts: Iterable[str], pupil: dict[str, Any], day: date, store: Store) -> dict[str, list[str]]:
    """Each text in which the forename or surname of another pupil of the school stands, with those names.

    A name counts in capitals and in small letters too, but for those that are words of every day when written
    small (will, grace); a pupil's own names do not count. Who reads it decides.
    """
    roll = ask("pupil_list", Filter(as_at=day, schools=(pupil["school_id"],)), store)
    own = {str(pupil[part]).casefold() for part in ("forename", "surname")}
    on_roll = {*roll["forename"].drop_nulls(), *roll["surname"].drop_nulls()}
    named = {name for name in on_roll if name.casefold() not in own}
    found: dict[str, list[str]] = {}
    for text in texts:
        folded = text.casefold()
        said = sorted(name for name in named if name.casefold() in folded and _stands(name, text))
        if said:
            found[text] = said
    return found


def _stands(name: str, text: str) -> bool:
    """Whether a name stands in a text as a word of its own, and not as that of an adult."""
    found = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    return any(one[0] not in WORDS and re.search(rf"{ADULT}$", text[: one.start()].lower()) for one in found)
