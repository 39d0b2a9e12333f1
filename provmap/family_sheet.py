"""One child's sheet in a family's words, from answers about that child alone.

Nothing of another child, no cost, and no note, barrier, source or status that staff wrote for themselves
stands on it. What touches feelings and well-being, and attendance, stands on it only where it is asked for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from provmap.documents.sheet import Item, Part, Sheet
from provmap.filters import Filter, academic_year_dates, academic_year_of, show_date
from provmap.questions import ask
from provmap.store import Store, rows_to_edit
from provmap.words import sheet as words

Row = dict[str, Any]
# Whose words stand on it; what adults of the school saw and said does not.
FAMILY = {"pupil": words.CHILD_SAID, "parent": words.FAMILY_SAID}
MOST_SAID, MOST_HELP = 3, 6
# What staff have to ask for: by area of need, and by words in the name of a subject or its scale.
FEELINGS, ATTENDANCE = "feelings", "attendance"
AREA_OF = {"social, emotional and mental health": FEELINGS, "attendance": ATTENDANCE}
KNOWN_BY = {
    FEELINGS: ("wellbeing", "well-being", "behaviour", "feeling", "emotion", "social", "sdq", "boxall"),
    ATTENDANCE: ("attendance", "absence"),
}
WELFARE = "welfare"


@dataclass(frozen=True)
class Facts:
    """What is known of the child that may stand on the sheet, and what was kept off it."""

    name: str
    do: list[Row]
    soon: list[Row]
    ended: list[Row]
    needs: list[Row]
    going: list[Row]
    targets: list[Row]
    said: list[Row]
    attended: tuple[int, int] | None
    kept_off: int


def facts(pupil: Row, day: date, store: Store, also: Collection[str] = ()) -> Facts:
    """The facts of one child on a day; `also` asks for FEELINGS or ATTENDANCE."""
    filter = Filter(as_at=day, schools=(pupil["school_id"],))
    who = {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"]}
    begun = academic_year_dates(academic_year_of(day))[0]
    every = [row for row in ask("pupil_needs", filter, store, **who).to_dicts() if row["end_date"] is None]
    needs = [row for row in every if AREA_OF.get(row["area"] or "", "") in ("", *also)]
    times = ask("pupil_placements", filter, store, **who).to_dicts()
    had = [row for row in times if _kind_of(row, every) in ("", *also)]
    running = [row for row in had if row["is_in_place"]]
    listed = _own(ask("provision_list", filter, store), who).to_dicts()
    details = {(row["provision_id"], row["start_date"]): row for row in listed}
    offered = rows_to_edit(store, "provisions", school_id=pupil["school_id"])
    hopes = dict(offered.select("provision_id", "intended_outcome").iter_rows())
    hidden = {row["provision_id"] for row in times} - {row["provision_id"] for row in had}
    voices = _own(ask("voices_heard", filter, store), who).filter(
        pl.col("voice").is_in(list(FAMILY)) & pl.col("said").is_not_null() & (pl.col("heard_on") >= begun)
        & ~pl.col("provision_id").is_in(list(hidden)).fill_null(False)
    )  # fmt: skip
    goals = _own(ask("targets", filter, store), who).filter("is_newest").to_dicts()
    names = {row["provision_id"] for row in running}
    return Facts(
        name=pupil["forename"],
        do=[
            row | details.get((row["provision_id"], row["start_date"]), {})
            | {"hope": row["intended_outcome"] or hopes.get(row["provision_id"])} for row in running
        ],
        soon=[row for row in had if row["start_date"] > day],
        ended=[row for row in had if row["end_date"] and begun <= row["end_date"] < day and row["outcome"]
               and row["provision_id"] not in names],
        needs=needs,
        going=[row for row in ask("family_progress", filter, store, **who).to_dicts()
               if _is_asked_for(row, also)],
        targets=[row for row in goals if _is_asked_for(row, also)],
        said=voices.to_dicts(),
        attended=_attended(pupil) if ATTENDANCE in also else None,
        kept_off=len(every) - len(needs) + sum(row["is_in_place"] for row in times) - len(running),
    )  # fmt: skip


def _attended(pupil: Row) -> tuple[int, int] | None:
    """Half days in school, and half days there were, this school year."""
    return (round(pupil["attended"]), round(pupil["possible"])) if pupil["possible"] else None


def _own(rows: pl.DataFrame, who: Row) -> pl.DataFrame:
    """The rows of this child and no other."""
    return rows.filter((pl.col("pupil_id") == who["pupil_id"]) & (pl.col("school_id") == who["school_id"]))


def _kind_of(row: Row, needs: list[Row]) -> str:
    """Whether a provision is of a kind that staff have to ask for, by its purpose or by what it is for."""
    codes = {code.lower() for code in row["need_codes"] or []}
    for area, kind in AREA_OF.items():
        if codes & ({area} | {need["need_code"].lower() for need in needs if need["area"] == area}):
            return kind
    return FEELINGS if row["purpose"] == WELFARE or "semh" in codes else ""


def _is_asked_for(row: Row, also: Collection[str]) -> bool:
    """Whether a subject may stand on the sheet, by its name and that of its scale."""
    named = f"{row['subject']} {row['scale'] or ''}".lower()
    return all(kind in also or not any(one in named for one in known) for kind, known in KNOWN_BY.items())


def sheet_of(known: Facts, of: str, footer: str, left_off: Collection[str] = ()) -> Sheet:
    """The sheet, without the things that staff left off by their titles."""
    nothing = [] if known.do or known.soon else [words.NO_PROVISION.format(name=known.name)]
    parts = [
        Part(words.HEADINGS["do"], nothing, items=[one for one in _do(known) if one.title not in left_off]),
        _why(known, left_off),
        _going(known, left_off),
        Part(words.HEADINGS["help"], points=_help(known, left_off), last=[words.ASK_US]),
        _said(known, left_off),
        Part(words.HEADINGS["yours"], [words.YOURS], box_mm=75),
    ]
    return Sheet(f"For {known.name} and family", of, footer, parts)


def titles(known: Facts) -> list[str]:
    """What staff can leave off, by its title."""
    found = [one.title for one in _do(known)] + [_need(row)[0] for row in known.needs]
    found += [_subject(row["subject"]) for row in known.going + known.targets]
    found += [row["said"] for row in known.said]
    return list(dict.fromkeys(found + [row["parent_words"] for row in known.targets if row["parent_words"]]))


def _do(known: Facts) -> list[Item]:
    """What is in place, and what starts soon, in a few short sentences each."""
    return [Item(row["provision"], _how(row)) for row in known.do] + [
        Item(row["provision"], [words.SOON.format(day=show_date(row["start_date"]))]) for row in known.soon
    ]


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


def _why(known: Facts, left_off: Collection[str]) -> Part:
    what = dict.fromkeys(_need(row)[0] for row in known.needs)
    points = [one.format(name=known.name) for one in what if one not in left_off]
    lead = words.WHY if points else (words.WHY_NOTHING,)
    return Part(words.HEADINGS["why"], [one.format(name=known.name) for one in lead], points)


def _subject(subject: str, *, first: bool = True) -> str:
    """A subject as a child calls it, with a capital where it begins a sentence."""
    called = words.SUBJECTS.get(subject.lower(), subject)
    return called[:1].upper() + called[1:] if first else called[:1].lower() + called[1:]


def _going(known: Facts, left_off: Collection[str]) -> Part:
    """Goals, in the pupil's own words where there are any; then each subject in which something is done."""
    goals = [
        (_goal(row), row) for row in known.targets if _subject(row["subject"]) not in left_off
    ]  # fmt: skip
    quotes = [Item(title, [row["words"]]) for title, row in goals if row["words"]]
    points = [title for title, row in goals if not row["words"]]
    about = {row["subject"].lower() for row in known.targets} | {row["subject"] for row in known.do}
    about |= {row["need_code"].lower() for row in known.needs}
    rows = [row for row in known.going if row["subject_key"] in about] or known.going
    points += [_moved(row) for row in rows if _subject(row["subject"]) not in left_off]
    points += [
        words.ENDED[row["outcome"]].format(provision=row["provision"]) for row in known.ended
        if row["provision"] not in left_off
    ]  # fmt: skip
    if known.attended:
        attended, possible = known.attended
        points.append(words.ATTENDED.format(name=known.name, attended=attended, possible=possible))
    return Part(words.HEADINGS["going"], [] if points or quotes else [words.NO_NEWS], points, quotes=quotes)


def _goal(row: Row) -> str:
    subject = _subject(row["subject"], first=False)
    return words.TARGET.format(subject=subject, state=words.TARGETS[row["state"]])


def _moved(row: Row) -> str:
    is_first = row["moved"] == "first"
    day = show_date(row["before_on"]) if row["before_on"] else ""
    return words.GOING[row["moved"]].format(subject=_subject(row["subject"], first=not is_first), day=day)


def _help(known: Facts, left_off: Collection[str]) -> list[str]:
    helps = [one for row in known.needs if _need(row)[0] not in left_off for one in _need(row)[1]]
    chosen = list(dict.fromkeys(helps))[:MOST_HELP]
    return [one.format(name=known.name) for one in (*chosen, *words.ALWAYS)]


def _said(known: Facts, left_off: Collection[str]) -> Part:
    """The latest of what the child and the family said this school year."""
    quotes = [
        Item(f"{title.format(name=known.name)} ({show_date(row['heard_on'])}):", [row["said"]])
        for voice, title in FAMILY.items()
        for row in [one for one in known.said if one["voice"] == voice][:MOST_SAID]
        if row["said"] not in left_off
    ]
    quotes += [
        Item(f"{words.FAMILY_SAID} ({show_date(row['set_on'])}):", [row["parent_words"]])
        for row in known.targets
        if row["parent_words"] and row["parent_words"] not in left_off
    ]
    return Part(words.HEADINGS["said"], [] if quotes else [words.NOT_SAID], quotes=quotes)
