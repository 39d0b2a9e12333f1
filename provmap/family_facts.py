"""What is known of one child for the family's sheet, from answers about that child alone.

Nothing of another child, no cost, and no note, barrier, source or status that staff wrote for themselves
stands on it. What touches feelings and well-being, attendance, and what the school hopes for (written for
staff), stand on it only where they are asked for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from provmap.filters import Filter, academic_year_dates, academic_year_of
from provmap.questions import ask
from provmap.store import Store, rows_to_edit

Row = dict[str, Any]
# Whose words stand on it; what adults of the school saw and said does not.
FAMILY = ("pupil", "parent")
# What staff have to ask for: by area of need, and by words in the name of a subject or its scale.
FEELINGS, ATTENDANCE, HOPES = "feelings", "attendance", "hopes"
AREA_OF = {"social, emotional and mental health": FEELINGS, "attendance": ATTENDANCE}
KNOWN_BY = {
    FEELINGS: ("wellbeing", "well-being", "behaviour", "feeling", "emotion", "social", "sdq", "boxall"),
    ATTENDANCE: ("attendance", "absence"),
}
WELFARE = "welfare"


@dataclass(frozen=True)
class Facts:
    """What may stand on the sheet, how much was kept off it, and whether anything is in place at all."""

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
    has_provision: bool


def facts(pupil: Row, day: date, store: Store, also: Collection[str] = ()) -> Facts:
    """The facts of one child on a day; `also` asks for FEELINGS, ATTENDANCE or HOPES."""
    filter = Filter(as_at=day, schools=(pupil["school_id"],))
    who = {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"]}
    begun = academic_year_dates(academic_year_of(day))[0]
    every = [row for row in ask("pupil_needs", filter, store, **who).to_dicts() if row["end_date"] is None]
    times = ask("pupil_placements", filter, store, **who).to_dicts()
    had = [row for row in times if _kind_of(row, every) in ("", *also)]
    in_place = [row for row in times if _goes_on(row, day)]
    running = [row for row in had if _goes_on(row, day)]
    needs = [row for row in every if AREA_OF.get(row["area"] or "", "") in ("", *also)]
    listed = _own(ask("provision_list", filter, store), who).to_dicts()
    details = {(row["provision_id"], row["start_date"]): row for row in listed}
    offered = rows_to_edit(store, "provisions", school_id=pupil["school_id"])
    hopes = dict(offered.select("provision_id", "intended_outcome").iter_rows())
    hidden = {row["provision_id"] for row in times} - {row["provision_id"] for row in had}
    voices = _own(ask("voices_heard", filter, store), who).filter(
        pl.col("voice").is_in(FAMILY) & pl.col("said").is_not_null() & (pl.col("heard_on") >= begun)
        & ~pl.col("provision_id").is_in(list(hidden)).fill_null(False)
    )  # fmt: skip
    goals = _own(ask("targets", filter, store), who).filter("is_newest").to_dicts()
    meant = ask("scale_values_held", filter, store).filter(value_kind="step")
    steps = {(row["scale"], row["scale_value"].lower()): row["meaning"] for row in meant.to_dicts()}
    names = {row["provision_id"] for row in running}
    return Facts(
        name=pupil["forename"],
        do=[
            row | details.get((row["provision_id"], row["start_date"]), {})
            | {"hope": (row["intended_outcome"] or hopes.get(row["provision_id"])) if HOPES in also else None}
            for row in running
        ],
        soon=[row for row in had if row["start_date"] > day],
        ended=[row for row in had if row["end_date"] and begun <= row["end_date"] <= day and row["outcome"]
               and row["provision_id"] not in names],
        needs=[row for row in needs if _is_answered(row, in_place)],
        going=[row for row in ask("family_progress", filter, store, **who).to_dicts()
               if _is_asked_for(row, also)],
        targets=[row | {"meaning": steps.get((row["scale"], row["target"].lower()))}
                 for row in goals if _is_asked_for(row, also)],
        said=voices.to_dicts(),
        attended=_attended(pupil) if ATTENDANCE in also else None,
        kept_off=len(every) - len(needs) + len(in_place) - len(running),
        has_provision=bool(in_place) or any(row["start_date"] > day for row in times),
    )  # fmt: skip


def _goes_on(row: Row, day: date) -> bool:
    """Whether it is in place, and is not on its last day."""
    return bool(row["is_in_place"] and (row["end_date"] is None or row["end_date"] > day))


def _is_answered(need: Row, in_place: list[Row]) -> bool:
    """Whether something that is in place, and goes on, is for the need: else we do not say that we help."""
    code = need["need_code"].lower()
    return any(
        row["provision"] in need["provisions"] or code in {one.lower() for one in row["need_codes"] or []}
        for row in in_place
    )


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
