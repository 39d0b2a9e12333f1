"""The pack of a progress meeting as one document: what it opens with, a sheet for each pupil, the annex."""

from __future__ import annotations

from typing import Any

import polars as pl

from provmap import charts
from provmap.documents import Document, Section, print_pdf
from provmap.documents.charts import drawn
from provmap.filters import Filter, show_date
from provmap.questions import ask
from provmap.ui.grades import grades_in
from provmap.ui.meeting import Meeting, about_in_words, named
from provmap.ui.meeting_day import agreed_by, day_in_words
from provmap.ui.meeting_goal import (
    BY_SUBJECT,
    NO_GOAL,
    PARTS,
    RULE,
    figures_of,
    names_in,
    stands,
    subjects_in,
    title_of,
    with_words,
)
from provmap.ui.meeting_known import ATTENDANCE, NEEDS, RESULTS, TARGETS, TO_COME, VOICES_OF, Said, known_of
from provmap.ui.meeting_pack import (
    NO_NEWS,
    NOT_AGREED,
    NOT_BEGUN,
    Pack,
    class_points,
    since_in_words,
    since_rule,
)
from provmap.ui.meeting_since import (
    LAST_TIME,
    NOTHING_ENDED,
    Since,
    earlier,
    ended_in_words,
    ended_rule,
    last_time,
    not_shown,
    noted_by,
    shown_again,
)
from provmap.ui.page import Page
from provmap.ui.printing import PROVISION_LIST, footer, list_section
from provmap.ui.pupils import label_of
from provmap.ui.tables import as_text, in_words, rounded
from provmap.words import count

# How wide charts are, alone on a line, two or three beside each other; and how high those beside each other.
WHOLE, BESIDE, HIGH = 740, {2: 440, 3: 290}, 90
KEY = (
    "Blue circle: at the expected mark or above; amber triangle: below it; grey square: no mark is set. "
    "Dash: the mark. Tint: something was in place for it."
)
# Charts of results on a pupil's sheet: one a subject, on the scale with most results.
SUBJECTS = 4
IN_PLACE = ("provision", "tier", "start_date", "expected_end_date", "weekly_minutes", "staff")


def pack_pdf(page: Page, meeting: Meeting, pack: Pack) -> bytes:
    """The pack, to print."""
    about = about_in_words(page, meeting["about"], meeting["about_code"])
    people = f" With {meeting['people']}." if meeting["people"] else ""
    everybody = Filter(as_at=page.filter.as_at, schools=(str(meeting["school_id"]),))
    # Of a pupil counts what was agreed in another class too.
    agreed = agreed_by(page, meeting, everybody).filter(earlier(meeting, "set_on"))
    return print_pdf(
        Document(
            title=f"Progress meeting: {named(page, meeting)}",
            subtitle=f"Counts {count(pack.pupils.height, 'pupil')} of {about}, "
            f"{day_in_words(page, meeting)}.{people}",
            footer=footer(page),
            sections=[
                *_before(page, pack), *_goal(page, meeting, pack), _whom(page, pack), _good(page, pack),
                *(part for place, row in enumerate(pack.on_list, 1)
                  for part in _sheet(page, row | {LAST_TIME: last_time(page, meeting, _who_is(row))},
                                     place, agreed, pack.since)),
                _annex(page, pack, about),
            ],
        )
    )  # fmt: skip


def _before(page: Page, pack: Pack) -> list[Section]:
    agreed = [
        [_state(row), row["action"], row["owner"], show_date(row["due_on"]), _who(page, row), _came_of(row)]
        for row in pack.actions.to_dicts()
    ]
    begun = [
        [_who(page, row), row["provision"] or "–", show_date(row["start_date"]), row["hoped_for"] or "–",
         since_in_words(row)]
        for row in pack.begun.to_dicts()
    ]  # fmt: skip
    parts = [
        _table("What was agreed before, and what came of it", agreed, NOT_AGREED,
               ("How it stands", "Action", "Who", "By", "For", "Since then"), pack.older),
        _table("Provision that earlier meetings began", begun, NOT_BEGUN,
               ("For", "Provision", "From", "What it should bring about", "Since then")),
    ]  # fmt: skip
    if agreed or begun:
        parts.append(Section(paragraphs=[since_rule()]))
    ended = [ended_in_words(page, row) for row in pack.ended.to_dicts()]
    parts.append(
        _table("Provision that has ended since", ended, NOTHING_ENDED,
               ("Pupil", "Provision", "From and to", "What it should bring about", "What came of it"),
               ended_rule(pack.since)))  # fmt: skip
    if points := class_points(pack):
        parts.append(Section("What was decided for the class", points=points))
    return parts


def _goal(page: Page, meeting: Meeting, pack: Pack) -> list[Section]:
    said = [words for words in (meeting["goal"], meeting["note"]) if words]
    parts = [Section("For the class", paragraphs=said)] if said else []
    parts += _goals(page, pack)
    subjects = ask("progress_by_subject", pack.counted, page.store)
    if subjects.height:
        chart = drawn(charts.progress_by_subject(subjects), WHOLE)
        parts.append(
            Section("The class in each subject", paragraphs=[f"{BY_SUBJECT}."], charts=[chart],
                    points=subjects_in(page, pack.counted))
        )  # fmt: skip
    return parts


def _goals(page: Page, pack: Pack) -> list[Section]:
    """Each goal with its numbers, and who is within reach and who else is not there."""
    rows, parts = pack.goals.rows.to_dicts(), []
    numbers = [
        [f"{title_of(row)}. {stands(row).capitalize()}.",
         *(f"{value}: {about}" for value, about in figures_of(page, row).values())]
        for row in rows
    ]  # fmt: skip
    parts.append(_table("The goal for the class", numbers, NO_GOAL, ("Goal", *PARTS)))
    parts += [
        Section(paragraphs=[with_words(row)], points=names_in(page, pack.goals.of(row))) for row in rows
    ]
    return [*parts, Section(paragraphs=[RULE])] if rows else parts


def _whom(page: Page, pack: Pack) -> Section:
    rows = [
        [str(place), label_of(page, row), " ".join(row["why"])] for place, row in enumerate(pack.on_list, 1)
    ]
    grades = grades_in(page, *(row[-1] for row in rows))
    return _table("Whom to talk about", rows, "Nobody is on the list yet.", ("No.", "Pupil", "Why"), grades)


def _good(page: Page, pack: Pack) -> Section:
    told = [f"{label_of(page, row)}: {' '.join(row['good_news'])}" for row in pack.good]
    return Section("Good news to pass on", points=told, paragraphs=[] if told else [NO_NEWS])


def _sheet(
    page: Page, pupil: dict[str, Any], place: int, actions: pl.DataFrame, since: Since
) -> list[Section]:
    """A pupil's own sheet: why, what the teacher says, what was agreed, what is known in words, charts."""
    of_pupil = (pl.col("pupil_id") == pupil["pupil_id"]) & (pl.col("school_id") == pupil["school_id"])
    everybody = Filter(as_at=page.filter.as_at, schools=(str(pupil["school_id"]),))
    note = pupil["teacher_note"]
    told = [f"Noted beforehand by {noted_by(page, pupil)}: {note}"] if note else []
    agreed = [
        f"{_state(row)}: {row['action']} ({row['owner']}, by {show_date(row['due_on'])}). "
        f"{_came_of(row).removesuffix('–')}"
        for row in actions.filter(of_pupil, shown_again(since)).to_dicts()
    ]
    older = not_shown(actions.filter(of_pupil), since)
    in_place = ask("provision_list", everybody, page.store).filter(of_pupil)
    who = _who_is(pupil)
    known = known_of(page, who)
    grades = grades_in(page, *known[RESULTS].lines, *known[TARGETS].lines)
    parts = [
        Section(f"{place}. {label_of(page, pupil)}", new_page=True,
                paragraphs=[*pupil["why"], *told]),
        Section(LAST_TIME, points=pupil[LAST_TIME]) if pupil[LAST_TIME] else None,
        Section("Agreed before", points=agreed, paragraphs=[older] if older else [])
        if agreed or older
        else None,
        _points(NEEDS, known),
        list_section(_cells(page, "provision_list", in_place, IN_PLACE), "In place now",
                     empty="Nothing is in place."),
        _points(TO_COME, known) if known[TO_COME].lines else None,
        *(_points(title, known) for title in (RESULTS, TARGETS)),
        Section(paragraphs=[grades]) if grades else None,
        *(_points(title, known) for title in (ATTENDANCE, VOICES_OF)),
        *_charts(page, who),
    ]  # fmt: skip
    return [part for part in parts if part is not None]


def _who_is(pupil: dict[str, Any]) -> dict[str, str]:
    return {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"]}


def _annex(page: Page, pack: Pack, about: str) -> Section:
    """What is in place for those counted: the same rows and columns as on the page of the list."""
    rows = ask("provision_list", pack.counted, page.store)
    cells = _cells(page, "provision_list", rows, PROVISION_LIST)
    title = f"Provision list: {about}, {count(rows.height, 'row')}"
    return list_section(cells, title, empty="Nothing is in place for these pupils.", new_page=True)


def _points(title: str, known: dict[str, Said]) -> Section:
    said = known[title]
    return Section(title, points=said.lines, paragraphs=[] if said.lines else [said.empty])


def _charts(page: Page, who: dict[str, str]) -> list[Section]:
    """Provision over time, and below it the results of the main subjects on the same axis of time."""
    results = page.ask("pupil_results", **who)
    scored = results.filter(pl.col("number").is_not_null())
    scales = scored.group_by("subject", "scale", maintain_order=True).len().sort("len", descending=True)
    shown = scales.unique("subject", keep="first", maintain_order=True).head(SUBJECTS)
    nothing = page.ask("pupil_needs", **who).clear()
    frames = {
        "needs": nothing, "breaks": page.ask("pupil_breaks", **who).clear(),
        "placements": page.ask("pupil_placements", **who),
        "attendance": page.ask("pupil_attendance", **who).clear(),
        "findings": page.ask_school("duplications").clear(), "whole": page.ask_school("pupil_progress"),
        "results": results.join(shown, on=["subject", "scale"], how="semi", maintain_order="left"),
    }  # fmt: skip
    specs = charts.pupil_panels(frames, page.filter.as_at)
    over_time = 1 if frames["placements"].height else 0
    wide = [drawn(spec, WHOLE) for spec in specs[:over_time]]
    beside = 3 if len(specs) - over_time == 3 else 2
    small = [drawn(spec, BESIDE[beside], HIGH) for spec in specs[over_time:]]
    parts = (Section(charts=wide), Section(paragraphs=[KEY], charts=small, charts_beside=beside))
    return [part for part in parts if part.charts]


def _table(
    title: str, rows: list[list[str]], empty: str, columns: tuple[str, ...], rule: str = ""
) -> Section:
    """A table below the rule of what stands in it, or the sentence that there is nothing."""
    said = [words for words in (rule, "" if rows else empty) if words]
    return Section(title, paragraphs=said, columns=columns if rows else (), rows=rows)


def _cells(page: Page, question: str, rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    return as_text(rounded(in_words(page, rows.select(columns), question)))


def _state(row: dict[str, Any]) -> str:
    late = f", {count(row['days_overdue'], 'day')}" if row["days_overdue"] else ""
    return f"{row['state'].capitalize()}{late}"


def _who(page: Page, row: dict[str, Any]) -> str:
    left = " (has left)" if row["has_left"] else ""
    return f"{label_of(page, row)}{left}" if row["pupil_id"] else row["for_whom"] or "The class"


def _came_of(row: dict[str, Any]) -> str:
    """What was measured since, and what somebody says came of it."""
    said = [words for words in (row["outcome"], row["why_dropped"]) if words]
    measured = since_in_words(row)
    return ". ".join([*said, measured] if measured != "–" or not said else said)
