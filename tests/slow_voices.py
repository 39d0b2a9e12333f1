"""Who has been heard, and where pupils with SEN stand, slowly: a pupil at a time."""

from datetime import date, timedelta

from tests.slow_words import (
    DAY,
    REVIEW_DAYS,
    Choice,
    Row,
    School,
    active,
    groups_on,
    of_pupil,
    on_roll,
    provision_of,
    pupils_in_scope,
    who,
)

BEFORE = timedelta(days=42)
OTHERS = ("observation", "other adult", "teacher", "work scrutiny")
DFE = ("SLCN", "MLD", "VI", "OTH")
# Whoever was supported for so many days has no first day on record.
LONG = 3000


def last_review(school: School, pupil: Row, placement: Row, day: date) -> date | None:
    days = [r["reviewed_on"] for r in of_pupil(school, "reviews", pupil)
            if r["provision_id"] == placement["provision_id"] and r["reviewed_on"] <= day]  # fmt: skip
    return max(days, default=None)


def due_day(placement: Row, reviewed: date | None) -> date:
    if placement.get("expected_end_date"):
        return placement["expected_end_date"]
    return max(placement["start_date"], reviewed or placement["start_date"]) + timedelta(days=REVIEW_DAYS)


def provision_voices(school: School, day: date, choice: Choice) -> list[Row]:
    """The rows of `provision_voices`, in no particular order."""
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        for placement in of_pupil(school, "placements", pupil):
            tier = provision_of(school, placement)["tier"]
            if not active(placement, day) or tier not in ("targeted", "specialist"):
                continue
            if choice.tiers and tier not in choice.tiers:
                continue
            reviewed = last_review(school, pupil, placement, day)
            if reviewed and reviewed < placement["start_date"]:
                reviewed = None
            due = due_day(placement, reviewed)
            ends = day if placement.get("end_date") == day else reviewed
            review_on = due if due < day else ends
            row = {
                "provision_id": placement["provision_id"], "start_date": placement["start_date"],
                "review_on": review_on, "is_review_due": due < day,
            }  # fmt: skip
            for stage, about in (("planning", placement["start_date"]), ("review", review_on)):
                told = about and [
                    v for v in of_pupil(school, "voices", pupil)
                    if v["stage"] == stage and v["provision_id"] in (None, placement["provision_id"])
                    and about - BEFORE <= v["heard_on"] <= day
                ]  # fmt: skip
                for voice in ("pupil", "parent"):
                    had_a_say = stage == "planning" and placement.get(f"{voice}_involved")
                    row[f"{voice}_at_{stage}"] = how(told, voice, had_a_say, stage, review_on)
                row[f"others_at_{stage}"] = [
                    kind for kind in OTHERS
                    if any(v["voice"] == kind and v["reply"] is None for v in told or [])
                ]  # fmt: skip
            rows.append(who(pupil) | row)
    return rows


def how(told: list[Row] | None, voice: str, had_a_say: bool | None, stage: str, review: date | None) -> str:
    mine = [v for v in told or [] if v["voice"] == voice]
    if had_a_say or any(v["reply"] is None for v in mine):
        return "heard"
    if mine:
        return "no_answer"
    if stage == "review":
        return "to_hear" if review else "not_yet"
    return "not_heard" if review else "to_hear"


def to_hear(school: School, day: date, choice: Choice) -> list[Row]:
    """The rows of `to_hear`: of each pupil, voice and stage that `provision_voices` says is to be heard."""
    found: dict[tuple[str, ...], Row] = {}
    for row in provision_voices(school, day, choice):
        for voice in ("pupil", "parent"):
            for stage, about in (("planning", row["start_date"]), ("review", row["review_on"])):
                if row[f"{voice}_at_{stage}"] != "to_hear":
                    continue
                key = row["school_id"], row["pupil_id"], voice, stage
                kept = found.setdefault(
                    key, {name: row[name] for name in ("school_id", "pupil_id")}
                    | {"view_of": voice, "stage": stage, "since": about, "provision_ids": []},
                )  # fmt: skip
                kept["since"] = min(kept["since"], about)
                kept["provision_ids"] = sorted({*kept["provision_ids"], row["provision_id"]})
    return [row | {"days_waiting": (day - row["since"]).days} for row in found.values()]


def supported(school: School, pupil: Row, day: date) -> list[tuple[date, str]]:
    """Each day up to the day, backwards, on which the pupil was supported without a break; with how."""
    found: list[tuple[date, str]] = []
    one = day
    while on_roll(pupil, one) and (day - one).days <= LONG:
        now = {*groups_on(school, pupil, one)} & {"sen_support", "ehc_plan"}
        if not now:
            break
        found.append((one, min(now)))
        one -= DAY
    return found


def sen_cycle(school: School, day: date, choice: Choice) -> list[Row]:
    """The rows of `sen_cycle`, in no particular order."""
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        days = supported(school, pupil, day)
        if not days:
            continue
        since = None if (day - days[-1][0]).days >= LONG else days[-1][0]
        rows.append(
            who(pupil) | {"sen": days[0][1], "sen_since": since} | step_of(school, pupil, since, day)
            | parents_of(school, pupil, since, day)
        )  # fmt: skip
    return rows


def step_of(school: School, pupil: Row, since: date | None, day: date) -> Row:
    had = of_pupil(school, "placements", pupil)
    here = [(p, last_review(school, pupil, p, day)) for p in had if active(p, day)]
    late = sorted(due for p, reviewed in here if (due := due_day(p, reviewed)) < day)
    types = [n for n in of_pupil(school, "needs", pupil) if n["need_code"] in DFE]
    needs = [n for n in types if active(n, day)]
    days: list[date | None] = [since]
    if late:
        step, days = "review", [*days, late[0] + DAY]
    elif here:
        step = "do"
        # A review from before it began was of an earlier time.
        reviews = [reviewed for p, reviewed in here if reviewed and reviewed >= p["start_date"]]
        days += [min(p["start_date"] for p, _ in here), *reviews]
    elif needs:
        step = "plan"
        starts = [max(d for d in (n["start_date"], pupil["entry_date"], date.min) if d) for n in needs]
        days += [min(starts), *(p["end_date"] + DAY for p in had if p["end_date"] and p["end_date"] < day)]
    else:
        step = "assess"
        days += [n["end_date"] + DAY for n in types if n["end_date"] and n["end_date"] < day]
    known = [d for d in days if d and d > date.min]
    return {"step": step, "since": max(known, default=None)}


def parents_of(school: School, pupil: Row, since: date | None, day: date) -> Row:
    """How many reviews with parents there were, and how many were due."""
    met = [v for v in of_pupil(school, "voices", pupil)
           if v["voice"] == "parent" and v["stage"] == "review"
           and timedelta(0) <= day - v["heard_on"] < timedelta(days=365)]  # fmt: skip
    held = {v["heard_on"] for v in met if v["reply"] is None}
    held |= {
        t["reviewed_on"] for t in of_pupil(school, "targets", pupil)
        if t["reviewed_with_parent"] and t["reviewed_on"]
        and timedelta(0) <= day - t["reviewed_on"] < timedelta(days=365)
    }  # fmt: skip
    in_vain = {v["heard_on"] for v in met} - held
    due = 3 if since is None else 3 * min((day - since).days, 365) // 365
    state = "short"
    if due == 0 and not held:
        state = "too_soon"
    elif len(held) >= due:
        state = "enough"
    elif len(held) + len(in_vain) >= due:
        state = "no_answer"
    return {
        "reviews_with_parents": len(held), "asked_in_vain": len(in_vain), "due_by_now": due,
        "with_parents": state,
    }  # fmt: skip
