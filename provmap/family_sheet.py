"""One child's sheet in a family's words, and what each thing on it is called, so that it can be left off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from provmap.documents.sheet import Item, Part, Sheet
from provmap.family_facts import Facts, Row
from provmap.filters import show_date
from provmap.words import sheet as words

WHOSE = {"pupil": words.CHILD_SAID, "parent": words.FAMILY_SAID}
MOST_SAID, MOST_HELP = 3, 6
# What no result since the target was set can change.
SETTLED = ("reached", "reached_then", "no_result")


@dataclass(frozen=True)
class Drawn:
    """One thing that stands on the sheet, in which part, and what staff call it to leave it off.

    `within`: what can be left off of it alone. `texts`: what of it was written by hand.
    """

    part: str
    called: str
    shown: Item | str
    within: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    is_quote: bool = False


def titles(known: Facts) -> list[str]:
    """What staff can leave off: each thing that is drawn, and each text in it."""
    return list(dict.fromkeys(name for one in _drawn(known) for name in (one.called, *one.within)))


def texts(known: Facts, left_off: Collection[str] = ()) -> list[str]:
    """What was written by hand and stands on the sheet."""
    return list(dict.fromkeys(text for one in _kept(known, left_off) for text in one.texts))


def sheet_of(known: Facts, of: str, footer: str, left_off: Collection[str] = ()) -> Sheet:
    """The sheet, without the things that staff left off by what they are called."""
    drawn, name = _kept(known, left_off), known.name
    leads = {
        "do": (words.ASK_DO if known.has_provision else words.NO_PROVISION,),
        "why": words.WHY[:1] if known.has_provision else (words.WHY_NOTHING,),
        "going": (words.NO_NEWS,),
        "said": (words.NOT_SAID,),
    }
    parts = []
    for part in ("do", "why", "going", "help", "said"):
        here = [one for one in drawn if one.part == part]
        lead = (words.WHY if part == "why" else ()) if here else leads.get(part, ())
        items = [(one.shown, one.is_quote) for one in here if isinstance(one.shown, Item)]
        always, last = (words.ALWAYS, (words.ASK_US,)) if part == "help" else ((), ())
        points = [one.shown for one in here if isinstance(one.shown, str)]
        parts.append(Part(
            words.HEADINGS[part], [one.format(name=name) for one in lead],
            points + [one.format(name=name) for one in always],
            items=[item for item, is_quote in items if not is_quote],
            quotes=[item for item, is_quote in items if is_quote], last=last,
        ))  # fmt: skip
    yours = Part(words.HEADINGS["yours"], [words.YOURS], box_mm=75)
    return Sheet(f"For {name} and family", of, footer, [*parts, yours])


def _kept(known: Facts, left_off: Collection[str]) -> list[Drawn]:
    """What is drawn without what was left off, nor the words that were left off of what may stay."""
    kept = replace(
        known,
        needs=[row for row in known.needs if _need(row)[0].format(name=known.name) not in left_off],
        do=[row | {"hope": None if _hope(row) in left_off else row["hope"]} for row in known.do],
        targets=[row | {"words": None if row["words"] in left_off else row["words"]}
                 for row in known.targets],
    )  # fmt: skip
    return [one for one in _drawn(kept) if one.called not in left_off]


def _drawn(known: Facts) -> list[Drawn]:
    return [*_do(known), *_why(known), *_going(known), *_help(known), *_said(known)]


def _do(known: Facts) -> list[Drawn]:
    """What is in place, and what starts soon, in a few short sentences each."""
    return [
        Drawn("do", row["provision"], Item(row["provision"], _how(row)), (_hope(row),) if row["hope"] else (),
              (row["provision"], row["hope"] or "")) for row in known.do
    ] + [
        Drawn("do", row["provision"], Item(row["provision"], [_soon(row)]), texts=(row["provision"],))
        for row in known.soon
    ]  # fmt: skip


def _soon(row: Row) -> str:
    return words.SOON.format(day=show_date(row["start_date"]))


def _hope(row: Row) -> str:
    return f"{row['provision']}: what we hope for"


def _how(row: Row) -> list[str]:
    said = []
    if row["is_additional"]:
        said += [words.DELIVERY[row["delivery"]]] if row.get("delivery") else []
        minutes = row["weekly_minutes"]
        said += [words.MINUTES.format(minutes=f"{minutes:g}")] if minutes else []
    else:
        said.append(words.IN_CLASS)
    if row["staff"]:
        said.append(words.WITH.format(staff=" or ".join(row["staff"])))
    if row["hope"]:
        said += [words.HOPE, _sentence(row["hope"])]
    return said


def _sentence(said: str) -> str:
    said = said.strip()
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _need(row: Row) -> tuple[str, tuple[str, ...]]:
    code, area = row["need_code"].lower(), (row["area"] or "").lower()
    return words.NEEDS.get(code) or words.AREAS.get(area) or words.ANY_NEED


def _why(known: Facts) -> list[Drawn]:
    what = dict.fromkeys(_need(row)[0].format(name=known.name) for row in known.needs)
    return [Drawn("why", one, one) for one in what]


def _subject(subject: str, *, first: bool = True) -> str:
    """A subject as a child calls it, with a capital where it begins a sentence."""
    called = words.SUBJECTS.get(subject.lower(), subject)
    return called[:1].upper() + called[1:] if first else called[:1].lower() + called[1:]


def _going(known: Facts) -> list[Drawn]:
    """Goals, in the pupil's own words where there are any; then each subject in which something is done."""
    found = [_goal(row) for row in known.targets]
    about = {row["subject"].lower() for row in known.targets} | {row["subject"] for row in known.do}
    about |= {row["need_code"].lower() for row in known.needs}
    rows = [row for row in known.going if row["subject_key"] in about] or known.going
    found += [Drawn("going", f"{_subject(row['subject'])}: how it is going", _moved(row)) for row in rows]
    found += [
        Drawn("going", f"{row['provision']} (ended)",
              words.ENDED[row["outcome"]].format(provision=row["provision"]), texts=(row["provision"],))
        for row in known.ended
    ]  # fmt: skip
    if known.attended:
        attended, possible = known.attended
        said = words.ATTENDED.format(name=known.name, attended=attended, possible=possible)
        found.append(Drawn("going", "Attendance", said))
    return found


def _goal(row: Row) -> Drawn:
    """A target: the pupil's own words, else what is to be reached; and how it stands."""
    subject = _subject(row["subject"], first=False)
    called, state = f"The goal in {subject}", _state(row)
    if row["words"]:
        title = words.TARGET.format(subject=subject, state=state)
        return Drawn("going", called, Item(title, [row["words"]]), (row["words"],), (row["words"],), True)
    return Drawn("going", called, words.GOAL.format(goal=_to_reach(row), subject=subject, state=state))


def _state(row: Row) -> str:
    """How a target stands: never nearer than the results since it was set say."""
    if row["state"] in SETTLED or row["since_set"] == "risen":
        return words.TARGETS[row["state"]]
    return words.TARGETS[row["since_set"] or "no_news"]


def _to_reach(row: Row) -> str:
    """The value of a target in plain words: an age in years, a step by its meaning."""
    if row["unit"] == "month" and row["target"].isdecimal():
        years, months = divmod(int(row["target"]), 12)
        return words.AGE.format(years=years) + (words.MONTHS.format(months=months) if months else "")
    return f"“{row['meaning']}”" if row["meaning"] else str(row["target"])


def _moved(row: Row) -> str:
    is_first = row["moved"] == "first"
    day = show_date(row["before_on"]) if row["before_on"] else ""
    return words.GOING[row["moved"]].format(subject=_subject(row["subject"], first=not is_first), day=day)


def _help(known: Facts) -> list[Drawn]:
    """How to help with each need: left off with the need itself."""
    helps: dict[str, str] = {}
    for row in known.needs:
        what, given = _need(row)
        for one in given:
            helps.setdefault(one.format(name=known.name), what.format(name=known.name))
    return [Drawn("help", what, one) for one, what in list(helps.items())[:MOST_HELP]]


def _said(known: Facts) -> list[Drawn]:
    """The latest of what the child and the family said this school year."""
    latest = [(title.format(name=known.name), row["heard_on"], row["said"]) for voice, title in WHOSE.items()
              for row in [one for one in known.said if one["voice"] == voice][:MOST_SAID]]  # fmt: skip
    latest += [(words.FAMILY_SAID, row["set_on"], row["parent_words"]) for row in known.targets
               if row["parent_words"]]  # fmt: skip
    return [Drawn("said", said, Item(f"{title} ({show_date(day)}):", [said]), texts=(said,), is_quote=True)
            for title, day, said in latest]  # fmt: skip
