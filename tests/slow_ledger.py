"""The ledger worked out slowly, in plain Python, from its words: no SQL, and nothing shared with provmap.

Takes the current rows of a tiny school (see tests/slow_history.py), with `targets` beside them.
"""

from datetime import date, timedelta
from fractions import Fraction

from tests.slow_scores import is_better, scale_row, score, term_of
from tests.slow_words import (
    Choice,
    Row,
    School,
    academic_year,
    active,
    addresses,
    codes_of,
    groups_on,
    is_additional,
    live_needs,
    low,
    lows,
    need_code_row,
    number,
    of_pupil,
    provision_of,
    pupils_in_scope,
    who,
    within,
    year_and_class,
)

TERM_DAYS, LOOK_BACK = 84, 366
SUBJECTS = ("reading", "writing", "spelling", "phonics", "mathematics", "science")
STARTS = {"autumn": (9, 1), "spring": (1, 1), "summer": (4, 1)}


def ledger(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        for subject in sorted({low(a["subject"]) for a in of_pupil(school, "assessments", pupil)}):
            now = line(school, pupil, subject, day)
            if now is None or (choice.subjects and subject not in lows(choice.subjects)):
                continue
            earlier = line(school, pupil, subject, before_term(school, pupil, day))
            state_before = earlier and earlier["state"]
            moved = state_before != now["state"]
            rows.append(
                {**who(pupil), **now, "subject": subject, "state_before": state_before, "moved": moved}
            )
    return rows


def before_term(school: School, pupil: Row, day: date) -> date:
    """The last day before the term of the day began."""
    year = academic_year(day)
    starts = {term: date(int(year[:4]) + (m < 9), m, d) for term, (m, d) in STARTS.items()}
    for own in of_school(school, "terms", pupil):
        if own["academic_year"] == year and own["term"] != "autumn":
            starts[own["term"]] = own["start_date"]
    return max(start for start in starts.values() if start <= day) - timedelta(days=1)


def of_school(school: School, dataset: str, pupil: Row) -> list[Row]:
    return [row for row in school.get(dataset, []) if row.get("school_id") == pupil.get("school_id")]


def line(school: School, pupil: Row, subject: str, day: date) -> Row | None:
    """The subject's row on a day, or nothing where it is not in play."""
    points = points_of(school, pupil, subject, day)
    if not points:
        return None
    standing = standing_of(school, points)
    if standing is None:
        return None
    last = points[-1]
    run = 0
    for point in reversed(points):
        if point["gap"] is None or point["gap"] <= 0:
            break
        run += 1
    answers = [p for p in of_pupil(school, "placements", pupil) if is_for(school, pupil, p, subject, day)]
    running = [p for p in answers if active(p, day)]
    names = sorted({provision_of(school, p)["name"] for p in running})
    ended = {provision_of(school, p)["name"] for p in answers if p.get("end_date") and p["end_date"] < day}
    return {
        "state": state_of(school, pupil, points, answers, day),
        "standing": standing,
        "scale": last["scale"],
        "latest_value": last["value"],
        "latest_on": last["assessed_on"],
        "mark": last["mark"],
        "mark_kind": last["mark"] and ("greater depth" if last["deeper"] else "expected"),
        "points_below": run,
        "running": names,
        "running_days": max(((day - p["start_date"]).days + 1 for p in running), default=None),
        "tried": sorted(ended - set(names)),
        "not_tried": not_tried(school, pupil, subject, day),
    }


def points_of(school: School, pupil: Row, subject: str, day: date) -> list[Row]:
    """One a term, oldest first, on the scale of the latest result of the last 366 days."""
    scored = scored_of(school, pupil, subject, day)
    recent = [a for a in scored if within(a["assessed_on"], LOOK_BACK, day)]
    if not recent:
        return []
    scale = min(recent, key=lambda a: (*later_first(a), a["scale"].lower()))["scale"]
    return on_scale(school, pupil, scored, scale, day)


def scored_of(school: School, pupil: Row, subject: str, day: date) -> list[Row]:
    return [
        a for a in of_pupil(school, "assessments", pupil)
        if low(a["subject"]) == subject and a["assessed_on"] <= day
        and score(school, a["scale"], a["value"]) is not None
    ]  # fmt: skip


def later_first(a: Row) -> tuple:
    return (-a["assessed_on"].toordinal(), {"test": 1, "teacher": 2}.get(a.get("source"), 3))


def on_scale(school: School, pupil: Row, scored: list[Row], scale: str, day: date) -> list[Row]:
    """One a term, oldest first, each with its mark."""
    terms: dict[tuple[str, str], list[Row]] = {}
    for a in scored:
        if a["scale"] == scale:
            year = a.get("academic_year") or academic_year(a["assessed_on"])
            terms.setdefault((year, term_of(school, a)), []).append(a)
    chosen = [min(some, key=later_first) for some in terms.values()]
    chosen.sort(key=lambda a: a["assessed_on"])
    return [with_mark(school, pupil, a, is_more_able(school, pupil, day)) for a in chosen]


def is_more_able(school: School, pupil: Row, day: date) -> bool:
    areas = {low(need_code_row(school, n["need_code"]).get("area")) for n in live_needs(school, pupil, day)}
    return "more_able" in lows(groups_on(school, pupil, day)) or "more able" in areas


def with_mark(school: School, pupil: Row, a: Row, deeper: bool) -> Row:
    year, term = year_and_class(school, pupil, a["assessed_on"])[0], term_of(school, a)
    about = (a["scale"], low(a["subject"]), year, term)
    marks = [
        e for e in school["expectations"]
        if (e["scale"], low(e["subject"]), e["year_group"], e["term"]) == about
    ]  # fmt: skip
    found = marks[0] if marks else {}
    is_deeper = bool(deeper and found.get("greater_depth"))
    mark = found.get("greater_depth") if is_deeper else found.get("expected")
    got = score(school, a["scale"], a["value"])
    bar = None if mark is None else score(school, a["scale"], mark)
    gap = None if bar is None else (bar - got) * is_better(school, a["scale"])
    return {**a, "got": got, "gap": gap, "mark": mark, "deeper": is_deeper}


def standing_of(school: School, points: list[Row]) -> str | None:
    third, second, last = ([None, None, *points])[-3:]
    gaps = [point and point["gap"] for point in (third, second, last)]
    at = [gap is not None and gap <= 0 for gap in gaps]
    below = [gap is not None and gap > 0 for gap in gaps]
    if below[2]:
        return "below"
    if at[2] and at[1] and below[0]:
        return "closed"
    if at[2] and below[1]:
        return "once"
    return "fallen" if second is not None and has_fallen(school, second, last) else None


def has_fallen(school: School, second: Row, last: Row) -> bool:
    scale = scale_row(school, last["scale"])
    loss = (second["got"] - last["got"]) * is_better(school, last["scale"])
    if loss <= 0:
        return False
    sd, low_end, high_end = (number(scale.get(name)) for name in ("sd", "minimum", "maximum"))
    if sd:
        return loss >= sd / 2
    if scale["kind"] in ("ordered", "age"):
        return True
    return low_end is not None and high_end is not None and loss >= (high_end - low_end) / 10


def is_for(school: School, pupil: Row, placement: Row, subject: str, day: date) -> bool:
    provision, codes = provision_of(school, placement), lows(codes_of(school, placement))
    if low(provision.get("subject")) == subject or subject in codes:
        return True
    if provision.get("subject") or codes & set(SUBJECTS):
        return False
    learning = [
        n for n in live_needs(school, pupil, day)
        if low(need_code_row(school, n["need_code"]).get("area")) == "cognition and learning"
    ]  # fmt: skip
    return any(addresses(school, placement, need) for need in learning)


def on_course(school: School, pupil: Row, points: list[Row], placement: Row, day: date) -> bool:
    if any(is_target_on_course(school, points, t, day) for t in of_pupil(school, "targets", pupil)):
        return True
    scored = scored_of(school, pupil, low(points[-1]["subject"]), day)
    changes = [
        change_since(on_scale(school, pupil, scored, scale, day), placement["start_date"], day)
        for scale in {a["scale"] for a in scored}
    ]
    return -1 in changes and 1 not in changes


def change_since(points: list[Row], start: date, day: date) -> int:
    """Whether the gap to the mark is smaller (-1) or larger (1) than when something started; 0: neither."""
    last = points[-1]
    first = ([p for p in points if p["assessed_on"] <= start] or points[:1])[-1]
    if first is last or not within(last["assessed_on"], LOOK_BACK, day):
        return 0
    if last["gap"] is None or first["gap"] is None:
        return 0
    now, then = max(last["gap"], 0), max(first["gap"], 0)
    return (now > then) - (now < then)


def is_target_on_course(school: School, points: list[Row], target: Row, day: date) -> bool:
    last = points[-1]
    if low(target["subject"]) != low(last["subject"]) or target.get("scale") not in (None, last["scale"]):
        return False
    if not (target.get("agreed_with_pupil") or target.get("agreed_with_parent")):
        return False
    set_on, due_on, seen_on = target["set_on"], target.get("due_on"), last["assessed_on"]
    if set_on >= seen_on or (due_on is not None and due_on < day):
        return False
    wanted = score(school, last["scale"], target["target"])
    if target.get("baseline") is not None:
        first = score(school, last["scale"], target["baseline"])
    else:
        first = ([p["got"] for p in points if p["assessed_on"] <= set_on] or [None])[-1]
    if wanted is None:
        return False
    line = wanted
    if first is not None and due_on is not None and due_on != set_on:
        line = first + (wanted - first) * Fraction((seen_on - set_on).days, (due_on - set_on).days)
    return (last["got"] - line) * is_better(school, last["scale"]) >= 0


def state_of(school: School, pupil: Row, points: list[Row], answers: list[Row], day: date) -> str:
    standing = standing_of(school, points)
    good = [p for p in answers if on_course(school, pupil, points, p, day)]
    running = [p for p in answers if active(p, day)]
    now = [is_additional(school, p) for p in good if p in running]
    if standing == "closed":
        return "closed"
    if now:
        return "additional" if any(now) else "in_class"
    if standing != "once" and does_persist(points, answers, good, day):
        return "persists"
    if running or standing == "once" or any(p["start_date"] > day for p in answers):
        return "too_soon"
    return "nothing_recorded"


def does_persist(points: list[Row], answers: list[Row], good: list[Row], day: date) -> bool:
    """A term of provision in all and none of it good; or of one that runs now; with a point since."""

    def is_judged(placement: Row) -> bool:
        return points[-1]["assessed_on"] > placement["start_date"]

    running = [p for p in answers if active(p, day)]
    ended = [p for p in answers if p.get("end_date") and p["end_date"] < day]
    counted = running + [p for p in ended if within(p["end_date"], LOOK_BACK, day)]
    days = {d for p in counted for d in days_of(p, day)}
    if len(days) >= TERM_DAYS and any(is_judged(p) for p in counted) and not any(p in good for p in counted):
        return True
    return any(len(days_of(p, day)) >= TERM_DAYS and is_judged(p) for p in running)


def days_of(placement: Row, day: date) -> list[date]:
    last = min(placement.get("end_date") or day, day)
    length = (last - placement["start_date"]).days + 1
    return [placement["start_date"] + timedelta(days=n) for n in range(length)]


def not_tried(school: School, pupil: Row, subject: str, day: date) -> list[str]:
    had = {p["provision_id"] for p in of_pupil(school, "placements", pupil) if p["start_date"] <= day}
    names = set()
    for provision in of_school(school, "provisions", pupil):
        begun = provision.get("start_date") is None or provision["start_date"] <= day
        over = provision.get("end_date") is not None and provision["end_date"] < day
        fits = is_for(school, pupil, provision | {"need_codes": None}, subject, day)
        years = provision.get("year_groups") or [pupil["year_group"]]
        if (
            begun and not over and fits and pupil["year_group"] in years
            and provision["tier"] != "universal" and provision["provision_id"] not in had
        ):  # fmt: skip
            names.add(provision["name"])
    return sorted(names)
