"""Where a text names another pupil on roll: what nobody may read on the sheet of this one."""

import re
import unicodedata
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
    own = {_folded(str(pupil[part])) for part in ("forename", "surname")}
    on_roll = {*roll["forename"].drop_nulls(), *roll["surname"].drop_nulls()}
    named = {name for name in on_roll if _folded(name) not in own}
    found: dict[str, list[str]] = {}
    for text in texts:
        folded = _folded(text)
        said = sorted(name for name in named if _folded(name) in folded and _stands(name, text))
        if said:
            found[text] = said
    return found


def _folded(words: str) -> str:
    """Words whatever the case, the apostrophe and the way in which a keyboard writes an accent."""
    return _alike(words).casefold()


def _alike(words: str) -> str:
    """One way to write an accent, and one apostrophe: O’Brien is O'Brien."""
    return re.sub("[‘’ʼ`´]", "'", unicodedata.normalize("NFC", words))


def _stands(name: str, text: str) -> bool:
    """Whether a name stands in a text as a word of its own, and not as that of an adult."""
    name, text = _alike(name), _alike(text)
    found = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    return any(one[0] not in WORDS and re.search(rf"{ADULT}$", text[: one.start()].lower()) for one in found)
