"""Who moved, and two groups crossed, worked out slowly in plain Python from the rows of a tiny school.

Shares no code with provmap. Terms are the usual ones: autumn from September, spring from January, summer from
April. Grades are compared by their rank in `RANKS`; numbers of the two scales used here by bands of their
own.
"""

from datetime import date
from typing import Any

Row = dict[str, Any]
RANKS = {"WTS": 7, "EXS": 8, "GDS": 9}
MARK = {"teacher judgement": 8, "standardised": 100, "SDQ total": 16}


def number(scale: str, value: str) -> float | None:
    if scale == "teacher judgement":
        return RANKS.get(value)
    return float(value) if value.replace(".", "").isdigit() else None


def band(scale: str, score: float) -> int:
    """The place of the band of a score: its own for a grade; 15 wide from 100, or 10 wide from nought."""
    if scale == "teacher judgement":
        return int(score)
    if scale == "standardised":
        return max(-3, min(2, int((score - 100) // 15)))
    return 3 if score == 40 else int(score // 10)


def term_of(day: date) -> str:
    term = "autumn" if day.month >= 9 else "spring" if day.month <= 3 else "summer"
    start = day.year if day.month >= 9 else day.year - 1
    return f"{start}/{(start + 1) % 100:02} {term}"


def stands(rows: list[Row], pupil: str, scale: str, term: str, day: date) -> float | None:
    """The score of a pupil that stands for a term: the latest, of one day the test."""
    own = [
        r
        for r in rows
        if (r["pupil_id"], r["scale"]) == (pupil, scale)
        and r["assessed_on"] <= day
        and term_of(r["assessed_on"]) == term
        and number(scale, r["value"]) is not None
    ]
    own.sort(key=lambda r: (r["assessed_on"], r["source"] == "test"))
    return number(scale, own[-1]["value"]) if own else None


def moves(
    pupils: list[Row], rows: list[Row], scale: str, terms: tuple[str, str], day: date
) -> dict[str, tuple[str, str | None]]:
    """For each pupil listed: at which of the two terms there is a score, and which way it moved."""
    seen = {
        (r["pupil_id"], term_of(r["assessed_on"]))
        for r in rows
        if r["scale"] == scale and r["assessed_on"] <= day and term_of(r["assessed_on"]) in terms
    }
    year_of = {p["pupil_id"]: p["year_group"] for p in pupils}
    # A year group is looked at where any of its pupils has a result, even one that is no score.
    looked_at = {year_of[pupil] for pupil, _ in seen if pupil in year_of}
    found = {}
    for pupil, year in year_of.items():
        if year not in looked_at:
            continue
        one, other = (stands(rows, pupil, scale, term, day) for term in terms)
        pair = {(True, True): "both", (True, False): "start_only", (False, True): "end_only"}.get(
            (one is not None, other is not None), "neither"
        )
        moved = None
        if one is not None and other is not None:
            difference = band(scale, other) - band(scale, one)
            difference = -difference if scale == "SDQ total" else difference
            moved = "better" if difference > 0 else "worse" if difference < 0 else "same"
        found[pupil] = (pair, moved)
    return found


def crossed(
    pupils: list[Row], rows: list[Row], scale: str, term: str, day: date
) -> dict[str, tuple[int, int, int]]:
    """Of each part of pupil premium and EAL crossed: pupils, of them assessed, of them at expected or
    above.
    """
    counts = {part: [0, 0, 0] for part in ("both", "first_only", "other_only", "neither")}
    for pupil in pupils:
        part = {(True, True): "both", (True, False): "first_only", (False, True): "other_only"}.get(
            (bool(pupil.get("pupil_premium")), bool(pupil.get("eal"))), "neither"
        )
        score = stands(rows, pupil["pupil_id"], scale, term, day)
        counts[part][0] += 1
        counts[part][1] += score is not None
        if score is not None:
            counts[part][2] += score <= MARK[scale] if scale == "SDQ total" else score >= MARK[scale]
    return {part: (all_of, assessed, at) for part, (all_of, assessed, at) in counts.items()}
