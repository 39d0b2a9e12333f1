"""Where a text names another pupil on roll: what nobody may read on the sheet of this one."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from provmap.filters import Filter
from provmap.questions import ask
from provmap.store import Store

# A surname after one of these is an adult's.
ADULT = r"(?<!mr )(?<!mrs )(?<!ms )(?<!miss )(?<!dr )(?<!mx )(?<!mr. )(?<!mrs. )(?<!ms. )(?<!dr. )"


def other_names(texts: Iterable[str], pupil: dict[str, Any], day: date, store: Store) -> dict[str, list[str]]:
    """Each text in which the forename or surname of another pupil of the school stands, with those names.

    A word counts as it is written on roll, with its capital; a pupil's own names do not count. Some names are
    words of other kinds (Grace, Will): who reads it decides.
    """
    roll = ask("pupil_list", Filter(as_at=day, schools=(pupil["school_id"],)), store)
    own = {pupil["forename"], pupil["surname"]}
    named = {*roll["forename"].drop_nulls(), *roll["surname"].drop_nulls()} - own
    found: dict[str, list[str]] = {}
    for text in texts:
        said = sorted(name for name in named if name in text and _stands(name, text))
        if said:
            found[text] = said
    return found


def _stands(name: str, text: str) -> bool:
    """Whether a name stands in a text as a word of its own, and not as that of an adult."""
    found = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    return any(re.search(rf"{ADULT}$", text[: one.start()].lower()) for one in found)
