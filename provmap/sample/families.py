"""What families said: at the beginning of provision, three times a year, and when a target was set."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from provmap.sample.catalogue import BY_ID
from provmap.sample.chance import one_of, stream
from provmap.sample.dates import LAST_YEAR, NONE, day_number, number_day, on_weekday
from provmap.sample.reviews import HEARD
from provmap.sample.roll import Roll
from provmap.store import SAMPLE_TODAY

Rows = list[dict[str, Any]]
REVIEW_DAYS = (date(LAST_YEAR, 7, 8), date(LAST_YEAR, 11, 12), date(LAST_YEAR + 1, 2, 11))
TARGETS_REVIEWED = date(LAST_YEAR + 1, 2, 11)
NO_REPLY = "invited, no reply"
HOPES = {
    "pupil": ("I want to do it by myself.", "I would like it in the morning.", "Can my friend come too?"),
    "parent": ("We can read together after tea.", "Mornings are better than after lunch.",
               "Please tell us how it goes."),
    "teacher": ("Gives up soon when the text is long.", "Knows more than the tests show."),
    "work scrutiny": ("Half a page, mostly copied.", "Good ideas, hard to read."),
}  # fmt: skip
AIMS = {
    "reading": ("I want to read a whole chapter by myself.", "I want to read to my little brother."),
    "writing": ("I want to write a page that others can read.", "I want to finish my story."),
    "mathematics": ("I want to know my tables without fingers.", "I want to explain how I did it."),
}
AT_HOME = ("Ten minutes of reading a day.", "We play number games at the weekend.", "We ask what went well.")


def voice_rows(roll: Roll, placements: Rows, said: Rows, seed: int) -> Rows:
    """What was said, `said` first: of provision when it began, and of pupils with SEN at their reviews."""
    chance = stream(seed, roll.school.number, "families")
    rows = said + _at_planning(roll, placements, chance) + _at_reviews(roll, chance)
    key = ("pupil_id", "provision_id", "heard_on", "voice")
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        first.setdefault(tuple(row.get(name) for name in key), row)
    return list(first.values())


def _at_planning(roll: Roll, placements: Rows, chance: np.random.RandomState) -> Rows:
    rows: Rows = []
    for row in placements:
        heard_on = on_weekday(row["start_date"] - timedelta(days=5))
        is_extra = BY_ID[row["provision_id"]].tier != "universal" and not row.get("end_date")
        if row["pupil"] < roll.cast or not is_extra or heard_on > SAMPLE_TODAY:
            continue
        about = {"pupil_id": row["pupil_id"], "provision_id": row["provision_id"], "heard_on": heard_on,
                 "stage": "planning"}  # fmt: skip
        for voice, share in (("pupil", 0.3), ("parent", 0.3), ("teacher", 0.15), ("work scrutiny", 0.1)):
            drawn = chance.random_sample()
            if drawn < share:
                rows.append(about | {"voice": voice, "words": one_of(chance, HOPES[voice])})
            elif voice == "parent" and drawn < 0.4:
                rows.append(about | {"voice": voice, "reply": NO_REPLY})
    return rows


def _at_reviews(roll: Roll, chance: np.random.RandomState) -> Rows:
    rows: Rows = []
    for pupil in range(roll.cast, len(roll)):
        often = 0.5 + 0.6 * chance.random_sample()
        for day in REVIEW_DAYS:
            drawn, heard_on = chance.random_sample(), number_day(day_number(day) + int(chance.randint(0, 3)))
            is_left = roll.leaving[pupil] != NONE and roll.leaving[pupil] < day_number(heard_on)
            is_here = roll.entry[pupil] <= day_number(heard_on) and not is_left
            if roll.sen[pupil] == "N" or not is_here or heard_on > SAMPLE_TODAY:
                continue
            about = {"pupil_id": roll.pupil_id[pupil], "heard_on": heard_on, "stage": "review"}
            if drawn < often:
                said = {"rating": int(chance.randint(0, 3)), "words": one_of(chance, HEARD["parent"])}
                rows.append(about | {"voice": "parent"} | said)
                rows.append(about | {"voice": "pupil", "words": one_of(chance, HEARD["pupil"])})
            elif drawn > 0.9:
                rows.append(about | {"voice": "parent", "reply": NO_REPLY})
    return rows


def with_families(targets: Rows, roll: Roll, seed: int) -> Rows:
    """Targets with what pupils and parents say of them, and for some the day they were looked at together."""
    chance = stream(seed, roll.school.number, "families and targets")
    for row in targets:
        if not row.get("words") or not row.get("pupil_id"):
            continue
        row["words"] = one_of(chance, AIMS[row["subject"]]) if row["agreed_with_pupil"] else None
        if row["agreed_with_parent"]:
            row["parent_words"] = one_of(chance, AT_HOME)
        if chance.random_sample() < 0.4:
            row |= {"reviewed_on": TARGETS_REVIEWED, "reviewed_with_pupil": True,
                    "reviewed_with_parent": bool(chance.random_sample() < 0.6)}  # fmt: skip
    return targets
