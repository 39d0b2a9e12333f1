"""Which reviews are due and what they decided, slowly: one provision at a time."""

from datetime import date, timedelta

from tests.slow_criteria import runs
from tests.slow_words import (
    Choice,
    Row,
    School,
    active,
    of_pupil,
    overdue,
    provision_of,
    pupils_in_scope,
    who,
)

SOON, AFTER, CHECK = timedelta(days=14), timedelta(days=120), timedelta(days=42)
NOBODY = dict.fromkeys(("pupil_id", "surname", "forename", "year_group", "class"))


def due(school: School, day: date, choice: Choice) -> list[Row]:
    """The rows of `reviews_due`, in no particular order."""
    rows = []
    pupils = list(pupils_in_scope(school, day, choice))
    for pupil in pupils:
        for p in of_pupil(school, "placements", pupil):
            if active(p, day) and is_chosen(provision_of(school, p), choice):
                rows.append({**who(pupil), **for_pupil(school, p, day)})
    for provision in concerning(school, pupils, day, choice):
        if runs(provision, day):
            rows.append({**NOBODY, **as_a_whole(school, provision, day)})
    return rows


def is_chosen(provision: Row, choice: Choice) -> bool:
    return not choice.tiers or provision["tier"] in choice.tiers


def concerning(school: School, pupils: list[Row], day: date, choice: Choice) -> list[Row]:
    """Provisions that a pupil has had by the day, or that are for the year group of one."""
    found = []
    for provision in school["provisions"]:
        here = [p for p in pupils if p["school_id"] == provision["school_id"]]
        years = provision.get("year_groups")
        is_for = [p for p in here if not years or p["year_group"] in years]
        have_had = [
            p for p in here for row in of_pupil(school, "placements", p)
            if row["provision_id"] == provision["provision_id"] and row["start_date"] <= day
        ]  # fmt: skip
        has_begun = provision.get("start_date") is None or provision["start_date"] <= day
        if (is_for or have_had) and has_begun and is_chosen(provision, choice):
            found.append(provision)
    return found


def reviews_of(school: School, provision: Row, pupil_id: str | None, day: date) -> list[Row]:
    """The reviews of a provision by the day, for a pupil or as a whole, oldest first."""
    what = (provision["school_id"], provision["provision_id"], pupil_id)
    found = [
        r for r in school.get("reviews", [])
        if (r["school_id"], r["provision_id"], r.get("pupil_id")) == what and r["reviewed_on"] <= day
    ]  # fmt: skip
    return sorted(found, key=lambda r: r["reviewed_on"])


def for_pupil(school: School, p: Row, day: date) -> Row:
    reviews = reviews_of(school, p, p["pupil_id"], day)
    since = [r for r in reviews if r["reviewed_on"] >= p["start_date"]]
    last_day = p.get("expected_end_date")
    if last_day is None:
        last_day = max([p["start_date"], *(r["reviewed_on"] for r in reviews)]) + AFTER
    return row_of(p, since, last_day, overdue(school, p, day), day)


def as_a_whole(school: School, provision: Row, day: date) -> Row:
    reviews = reviews_of(school, provision, None, day)
    last_day = reviews[-1].get("next_review_on") if reviews else None
    row = row_of(provision, reviews, last_day, bool(last_day and last_day < day), day)
    pupils = {
        p["pupil_id"] for pupil in pupils_in_scope(school, day, Choice())
        for p in of_pupil(school, "placements", pupil)
        if active(p, day) and p["school_id"] == provision["school_id"]
        and p["provision_id"] == provision["provision_id"]
    }  # fmt: skip
    return row | {"pupils": len(pupils)}


def row_of(of: Row, reviews: list[Row], last_day: date | None, is_late: bool, day: date) -> Row:
    """Where a review stands; a row with a pupil is about that pupil's time in it."""
    latest = reviews[-1] if reviews else {}
    days = [one for one in (last_day, latest.get("next_review_on")) if one]
    if is_late:
        state, due_on = "overdue", last_day
    elif latest.get("decision") == "stop" or (days and min(days) <= day + SOON):
        state, due_on = "due", min(days, default=None)
    else:
        state, due_on = ("to come", min(days)) if days else ("no day", None)
    return {
        "school_id": of["school_id"], "provision_id": of["provision_id"], "state": state, "due_on": due_on,
        "about": "pupil" if "pupil_id" in of else "whole",
        "reviewed_on": latest.get("reviewed_on"), "decision": latest.get("decision"),
        "next_review_on": latest.get("next_review_on"), "pupils": None,
        "days_overdue": (day - last_day).days if is_late and last_day else None,
    }  # fmt: skip


def held(school: School, day: date, choice: Choice) -> list[Row]:
    """The rows of `reviews_held`, in no particular order."""
    rows = []
    pupils = list(pupils_in_scope(school, day, choice))
    whole = {(p["school_id"], p["provision_id"]): p for p in concerning(school, pupils, day, choice)}
    for review in school.get("reviews", []):
        if review["reviewed_on"] > day:
            continue
        key = (review["school_id"], review["provision_id"])
        if review.get("pupil_id") is None and key in whole:
            rows.append({**NOBODY, **check_of(school, review, "whole", runs(whole[key], day), day)})
        for pupil in pupils:
            is_own = (pupil["school_id"], pupil["pupil_id"]) == (review["school_id"], review.get("pupil_id"))
            if is_own and is_chosen(provision_of(school, review), choice):
                has_it = any(
                    active(p, day) and p["provision_id"] == review["provision_id"]
                    for p in of_pupil(school, "placements", pupil)
                )
                rows.append({**who(pupil), **check_of(school, review, "pupil", has_it, day)})
    return rows


def check_of(school: School, review: Row, about: str, has_it: bool, day: date) -> Row:
    row = {
        "school_id": review["school_id"], "provision_id": review["provision_id"], "about": about,
        "reviewed_on": review["reviewed_on"], "decision": review.get("decision"), "check_on": None,
        "check_state": None,
    }  # fmt: skip
    if review.get("decision") != "adapt":
        return row
    later = [
        r for r in reviews_of(school, review, review.get("pupil_id"), day)
        if r["reviewed_on"] > review["reviewed_on"] and r.get("decision") == "adapt"
    ]  # fmt: skip
    check_on = review.get("next_review_on") or review["reviewed_on"] + CHECK
    checked = review.get("adaptation_checked_on")
    state = "due" if check_on <= day else "to come"
    if not has_it:
        state = "over"
    if later:
        state = "replaced"
    if review.get("adaptation_met") and (checked is None or checked <= day):
        state = review["adaptation_met"]
    return row | {"check_on": check_on, "check_state": state}
