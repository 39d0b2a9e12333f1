"""How targets stand, slowly: one target at a time, by the words of the questions and of README."""

from datetime import date
from fractions import Fraction

from tests.slow_scores import is_better, scale_row, score
from tests.slow_words import Choice, Row, School, low, of_pupil, pupils_in_scope, who, within

WINDOW = 366
PREFERRED = {"test": 1, "teacher": 2}


def targets(school: School, day: date, choice: Choice) -> list[Row]:
    """The rows of `targets`, in no particular order."""
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        own = [t for t in of_pupil(school, "targets", pupil) if t["set_on"] <= day]
        for target in own:
            if choice.subjects and low(target["subject"]) not in choice.subjects:
                continue
            later = [
                t
                for t in own
                if low(t["subject"]) == low(target["subject"]) and t["set_on"] > target["set_on"]
            ]
            row = {name: target.get(name) for name in ("subject", "target", "set_on", "due_on")}
            rows.append({**who(pupil), **row, **judged(school, pupil, target, day), "is_newest": not later})
    return rows


def shared_pupils(school: School, day: date, choice: Choice) -> list[Row]:
    """The rows of `shared_target_pupils`, where targets name a year group and were set in the day's year."""
    rows = []
    for target in school["targets"]:
        if target["pupil_id"] is not None or target["set_on"] > day:
            continue
        for pupil in pupils_in_scope(school, day, choice):
            is_here = pupil["school_id"] == target["school_id"]
            if is_here and pupil["year_group"] == target["year_group"]:
                row = {name: target.get(name) for name in ("subject", "target", "set_on")}
                row |= forecast_of(school, pupil, target, day)
                rows.append({**who(pupil), **row, **judged(school, pupil, target, day)})
    return rows


def forecast_of(school: School, pupil: Row, target: Row, day: date) -> Row:
    """What the teacher last expected of a pupil in the subject and year of a shared target, on its scale."""
    made = [
        own for own in of_pupil(school, "targets", pupil)
        if own.get("forecast") and own.get("scale") and target["scale"]
        and low(own["scale"]) == low(target["scale"]) and low(own["subject"]) == low(target["subject"])
        and own["set_on"] <= day and (own["forecast_on"] is None or own["forecast_on"] <= day)
        and own["set_on"].year - (own["set_on"].month < 9)
        == target["set_on"].year - (target["set_on"].month < 9)
    ]  # fmt: skip
    if not made:
        return {"forecast": None, "forecast_meets": None}
    last = max(made, key=lambda own: (own["forecast_on"] or own["set_on"], own["set_on"]))["forecast"]
    here, wanted = (score(school, target["scale"], one) for one in (last, target["target"]))
    if here is None or wanted is None:
        return {"forecast": last, "forecast_meets": None}
    return {"forecast": last, "forecast_meets": (wanted - here) * is_better(school, target["scale"]) <= 0}


def judged(school: School, pupil: Row, target: Row, day: date) -> Row:
    """Where one target of one pupil stands on a day."""
    scale = target.get("scale") or scale_of_latest(school, pupil, target["subject"], day)
    now = latest(school, pupil, target["subject"], scale, day)
    start = latest(school, pupil, target["subject"], scale, target["set_on"])
    row = {
        "scale": scale,
        "starting_point": target.get("baseline") or (start["value"] if start else None),
        "now_value": now["value"] if now else None,
        "now_on": now["assessed_on"] if now else None,
    }
    wanted = score(school, scale, target["target"]) if scale else None
    recorded = score(school, scale, target["result"]) if scale and target.get("result") else None
    if wanted is None:
        return row | {"state": "no_result", "away": None}
    here = recorded if recorded is not None else score(school, scale, now["value"]) if now else None
    far = None if here is None else how_far(school, scale, here, wanted)
    due = target.get("due_on")
    is_over = due is not None and due < day
    then = latest(school, pupil, target["subject"], scale, due) if is_over and recorded is None else None
    if here is None and then is None:
        return row | {"state": "no_result", "away": None}
    was_there = then is not None and how_far(school, scale, score(school, scale, then["value"]), wanted) <= 0
    if far is not None and far <= 0:
        state = "reached"
    elif was_there:
        state = "reached" if far is None else "reached_then"
    elif is_over:
        state = "overdue"
    else:
        state = "within_reach" if far <= reach(school, scale) else "not_yet"
    return row | {"state": state, "away": far}


def how_far(school: School, scale: str, here: Fraction, wanted: Fraction) -> Fraction:
    """Steps on a scale of words, else numbers; above nothing is still to go."""
    if scale_row(school, scale)["kind"] == "ordered":
        ranks = sorted(
            {score(school, scale, v["value"]) for v in school["scale_values"] if v["scale"] == scale} - {None}
        )
        here, wanted = Fraction(ranks.index(here)), Fraction(ranks.index(wanted))
    return (wanted - here) * is_better(school, scale)


def reach(school: School, scale: str) -> Fraction:
    row = scale_row(school, scale)
    if row.get("sd"):
        return max(Fraction(2, 5) * Fraction(row["sd"]), Fraction(1))
    if row["kind"] in ("ordered", "age"):
        return Fraction(1 if row["kind"] == "ordered" else 3)
    if row.get("minimum") and row.get("maximum"):
        return max((Fraction(row["maximum"]) - Fraction(row["minimum"])) / 10, Fraction(1))
    return Fraction(1)


def latest(school: School, pupil: Row, subject: str, scale: str | None, day: date) -> Row | None:
    """The latest score on the scale by the day; of one day the test, then the lower."""
    found = [
        a for a in of_pupil(school, "assessments", pupil)
        if low(a["subject"]) == low(subject) and a["scale"] == scale
        and score(school, scale, a["value"]) is not None and within(a["assessed_on"], WINDOW, day)
    ]  # fmt: skip
    order = [
        (day - a["assessed_on"], PREFERRED.get(a["source"], 3), score(school, scale, a["value"]))
        for a in found
    ]
    return found[order.index(min(order))] if found else None


def scale_of_latest(school: School, pupil: Row, subject: str, day: date) -> str | None:
    """The scale of the pupil's latest score in the subject."""
    scales = sorted({a["scale"] for a in of_pupil(school, "assessments", pupil)}, key=low)
    best = [(found, scale) for scale in scales if (found := latest(school, pupil, subject, scale, day))]
    if not best:
        return None
    return min(best, key=lambda one: (day - one[0]["assessed_on"], PREFERRED.get(one[0]["source"], 3)))[1]
