"""Coverage by its parts and over time, responses, plans and the offer to everybody, found slowly."""

from datetime import date, timedelta

from tests.slow import coverage
from tests.slow_criteria import runs
from tests.slow_offers import KEY_STAGES
from tests.slow_words import (
    Choice,
    Row,
    School,
    academic_year,
    active,
    addresses,
    is_additional,
    live_needs,
    low,
    lows,
    need_code_row,
    of_pupil,
    provision_of,
    pupils_in_scope,
    state_on,
    weekly_minutes,
    year_start,
)

STATES = ("covered", "in_class", "planned", "lapsed", "unmet")
STAGES = {0: "Early years", 1: "Key stage 1", 2: "Key stage 2"}
WAYS = {
    "whole_class": "whole class", "guided_group": "guided group", "in_group": "group",
    "individually": "one to one", "beyond_school": "beyond school", "unsaid": None,
}  # fmt: skip
USUAL_TERMS = {"autumn": ((9, 1), (12, 31)), "spring": ((1, 1), (3, 31)), "summer": ((4, 1), (8, 31))}
DELIVERY_WEEKS = 4
DAY = timedelta(days=1)


def counted(key: str, school_id: str | None, needs: list[Row]) -> Row:
    states = [need["state"] for need in needs]
    return {
        "by_key": key, "school_id": school_id, "live_needs": len(needs),
        **{s: states.count(s) for s in STATES},
        "answered_share": (states.count("covered") + states.count("in_class")) / len(needs),
        "pupils": len({(need["school_id"], need["pupil_id"]) for need in needs}),
    }  # fmt: skip


def coverage_by(school: School, day: date, choice: Choice, by: str) -> list[Row]:
    needs = chosen(coverage(school, day, choice), choice)
    if not needs:
        return []
    groups = {(p["school_id"], p["pupil_id"]): p["groups"] for p in pupils_in_scope(school, day, choice)}
    parts: dict[tuple, list[Row]] = {}
    for need in needs:
        keys = {
            "year_group": [need["year_group"]],
            "class": [need["class"] or "not recorded"],
            "key_stage": [STAGES[KEY_STAGES[need["year_group"]]]],
            "group": groups[need["school_id"], need["pupil_id"]],
        }[by]
        for key in keys:
            parts.setdefault((key, need["school_id"] if by == "class" else None), []).append(need)
    return [counted("all", None, needs)] + [counted(*part, these) for part, these in parts.items()]


def chosen(needs: list[Row], choice: Choice) -> list[Row]:
    return [n for n in needs if not choice.needs or low(n["need_code"]) in lows(choice.needs)]


def last_school_days(school: School, schools: set, day: date) -> list[date]:
    """Of each month since the September two years before: its last day 14 days before a term ends."""
    first = year_start(academic_year(day))
    month, found = date(first.year - 2, 9, 1), set()
    while month <= day:
        after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        for school_id in schools:
            for start, end in terms_of(school, school_id, academic_year(month)):
                last = min(end - 14 * DAY, after - DAY)
                if last >= max(start, month):
                    found.add((month, last))
        month = after
    latest = {m: max(d for mm, d in found if mm == m) for m, _ in found}
    return sorted({d for d in latest.values() if d < day})


def terms_of(school: School, school_id: str, year: str) -> list[tuple[date, date]]:
    spans = []
    for term, ((m1, d1), (m2, d2)) in USUAL_TERMS.items():
        first = int(year[:4])
        start, end = date(first + (m1 < 9), m1, d1), date(first + (m2 < 9), m2, d2)
        for own in school.get("terms", []):
            if (own["school_id"], own["academic_year"], own["term"]) == (school_id, year, term):
                start, end = start if term == "autumn" else own["start_date"], own["end_date"]
        spans.append((start, end))
    return spans


def coverage_over_time(school: School, day: date, choice: Choice) -> list[Row]:
    pupils = list(pupils_in_scope(school, day, choice))
    known = [n for p in pupils for n in of_pupil(school, "needs", p)]
    if not chosen(known, choice):
        return []
    rows = []
    for on in [*last_school_days(school, {p["school_id"] for p in pupils}, day), day]:
        needs = []
        for pupil in pupils:
            if pupil.get("entry_date") and pupil["entry_date"] > on:
                continue
            for need in chosen(live_needs(school, pupil, on), choice):
                answering = [p for p in of_pupil(school, "placements", pupil) if addresses(school, p, need)]
                to_come = [p["start_date"] for p in answering if p["start_date"] > on]
                is_late = bool(to_come) and min(to_come) > on + 84 * DAY
                needs.append(need | {"state": state_on(school, need, answering, on)[0], "is_late": is_late})
        row = counted("", None, needs) if needs else dict.fromkeys((*STATES, "live_needs", "pupils"), 0)
        row["planned_long_after"] = sum(n["state"] == "planned" and n["is_late"] for n in needs)
        rows.append({"answered_share": None} | row | {"on_day": on})
    return rows


def is_for(school: School, provision: Row, need: str) -> bool:
    codes, area = lows(provision.get("need_codes")), low(need_code_row(school, need).get("area"))
    return low(need) in codes or bool(area and area != "sensory and physical" and area in codes)


def universal_offer(school: School, pupil: Row, need: Row, day: date) -> list[str]:
    return sorted(
        p["name"] for p in school["provisions"]
        if p.get("school_id") == pupil.get("school_id") and p["tier"] == "universal" and runs(p, day)
        and (not p.get("year_groups") or pupil["year_group"] in p["year_groups"])
        and is_for(school, p, need["need_code"])
    )  # fmt: skip


def need_responses(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        now = [p for p in of_pupil(school, "placements", pupil) if active(p, day)]
        for need in chosen(live_needs(school, pupil, day), choice):
            given = [p for p in now if addresses(school, p, need)]
            ways = {
                way: {provision_of(school, p)["name"] for p in given
                      if provision_of(school, p).get("delivery") == delivery}
                for way, delivery in WAYS.items()
            }  # fmt: skip
            ways["whole_class"] |= set(universal_offer(school, pupil, need, day))
            rows.append(
                {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"],
                 "need_code": need["need_code"], "barrier": need.get("barrier"),
                 "is_without": not any(ways.values()), "met": met(ways),
                 "is_adjusted": bool(given) and not any(is_additional(school, p) for p in given)}
                | {way: sorted(names) for way, names in ways.items()}
            )  # fmt: skip
    return rows


def met(ways: dict[str, set[str]]) -> str:
    used = {way for way, names in ways.items() if names}
    return "nothing" if not used else "whole_class" if used == {"whole_class"} else "beyond"


def response_matrix(school: School, day: date, choice: Choice) -> list[Row]:
    lines: dict[tuple[str, str], list[Row]] = {}
    for need in need_responses(school, day, choice):
        area = low(need_code_row(school, need["need_code"]).get("area")) or "no broad area"
        keys = [("area", area), ("need", need["need_code"])]
        keys += [("barrier", need["barrier"].lower())] if need["barrier"] else []
        for key in keys:
            lines.setdefault(key, []).append(need)
    return [
        {"row_kind": kind, "row_key": key, "live_needs": len(needs),
         **{way: len([n for n in needs if n[way]]) for way in WAYS},
         "without": len([n for n in needs if n["is_without"]]),
         "whole_class_only": len([n for n in needs if n["met"] == "whole_class"]),
         "adjusted_only": len([n for n in needs if n["met"] == "whole_class" and n["is_adjusted"]]),
         "pupils": len({(n["school_id"], n["pupil_id"]) for n in needs})}
        for (kind, key), needs in lines.items()
    ]  # fmt: skip


def offer_not_reached(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        who = {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"]}
        now = [p for p in of_pupil(school, "placements", pupil) if active(p, day)]
        for subject in sorted({low(p["subject_missed"]) for p in now if p.get("subject_missed")}):
            these = [p for p in now if low(p.get("subject_missed")) == subject]
            rows.append(who | {"kind": "taken_out", "subject": subject} | those(school, these))
        away = [p for p in now if provision_of(school, p).get("delivery") == "beyond school"]
        if away:
            rows.append(who | {"kind": "off_site", "subject": None} | those(school, away))
        spans = [
            a for a in of_pupil(school, "attendance", pupil)
            if a["start_date"] <= day and (a.get("end_date") or day) >= year_start(academic_year(day))
        ]  # fmt: skip
        latest = max(spans, key=lambda a: a["start_date"], default={})
        if latest.get("agreed_part_time"):
            rows.append(who | {"kind": "part_time", "subject": None, "provisions": [], "weekly_minutes": None,
                               "since": latest["start_date"]})  # fmt: skip
    return [r for r in rows if not choice.subjects or r["subject"] in (None, *lows(choice.subjects))]


def those(school: School, placements: list[Row]) -> Row:
    minutes = [weekly_minutes(school, p) for p in placements]
    return {
        "provisions": sorted({provision_of(school, p)["name"] for p in placements}),
        "weekly_minutes": None if None in minutes else sum(minutes),
        "since": min(p["start_date"] for p in placements),
    }


def plan_hours(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        for need in chosen(live_needs(school, pupil, day), choice):
            if need.get("required_weekly_minutes") is None:
                continue
            these = [
                p for p in of_pupil(school, "placements", pupil)
                if active(p, day) and is_additional(school, p) and addresses(school, p, need)
            ]  # fmt: skip
            given = [
                delivered(school, [p for p in these if p["provision_id"] == one], day)
                for one in {p["provision_id"] for p in these}
            ]
            rows.append(
                {"school_id": pupil["school_id"], "pupil_id": pupil["pupil_id"],
                 "need_code": need["need_code"], "specified": need["required_weekly_minutes"],
                 "timetabled": sum(weekly_minutes(school, p) or 0 for p in these),
                 "delivered": None if None in given else sum(given),
                 "delivered_from": delivered_from(school, these, day, given),
                 "kept": "not_known" if None in given
                 else "short" if sum(given) < need["required_weekly_minutes"] else "as_planned"}
            )  # fmt: skip
    return rows


def delivered_from(school: School, these: list[Row], day: date, given: list) -> str | None:
    """Sessions where each provision has a full record of them, attended where none has, else both."""
    if not these or None in given:
        return None if these else "nothing"
    written = {
        by_record(school, [p for p in these if p["provision_id"] == one], day) is not None
        for one in {p["provision_id"] for p in these}
    }
    return {(True,): "sessions", (False,): "attended"}.get(tuple(written), "both")


def school_weeks(school: School, school_id: str, day: date) -> list[date]:
    """The Mondays of the last four school weeks that are over."""
    held = [
        s["held_on"] for s in school.get("sessions", [])
        if s["school_id"] == school_id and year_start(academic_year(day)) <= s["held_on"] <= day
    ]  # fmt: skip
    mondays = {d - d.weekday() * DAY for d in held}
    over = [m for m in mondays if m + 4 * DAY <= day and in_term(school, school_id, m)]
    return sorted(over)[-DELIVERY_WEEKS:]


def in_term(school: School, school_id: str, monday: date) -> bool:
    days = [monday + n * DAY for n in range(5)]
    years = {academic_year(d) for d in days}
    return any(a <= d <= b for y in years for a, b in terms_of(school, school_id, y) for d in days)


def delivered(school: School, times: list[Row], day: date) -> float | None:
    """Minutes a week of one provision for one pupil, who may be in it twice at once."""
    written = by_record(school, times, day)
    if written is not None:
        return written
    parts = [by_plan(school, one) for one in times]
    return None if None in parts else sum(parts)


def by_record(school: School, times: list[Row], day: date) -> float | None:
    """The same by the record of sessions, where there is a full one."""
    p = min(times, key=lambda one: one["start_date"])
    weeks = [m for m in school_weeks(school, p["school_id"], day) if m + 4 * DAY >= p["start_date"]]
    held = [
        s for s in of_pupil(school, "sessions", p)
        if s["provision_id"] == p["provision_id"] and p["start_date"] <= s["held_on"] <= day
        and s["held_on"] - s["held_on"].weekday() * DAY in weeks
    ]  # fmt: skip
    usual = provision_of(school, p).get("minutes_per_session")
    attended = [
        usual if s.get("minutes") is None else s["minutes"] for s in held if s["status"] == "attended"
    ]
    if held and None not in attended:
        return sum(attended) / len(weeks)
    return None


def by_plan(school: School, p: Row) -> float | None:
    minutes, planned, came = weekly_minutes(school, p), p.get("sessions_planned"), p.get("sessions_attended")
    return None if minutes is None or not planned or came is None else minutes * came / planned


def aimed_at(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    for provision in school["provisions"]:
        here = not choice.schools or provision["school_id"] in choice.schools
        if not here or not provision.get("group_codes") or not runs(provision, day):
            continue
        if choice.tiers and provision["tier"] not in choice.tiers:
            continue
        pupils = [p for p in pupils_in_scope(school, day, choice) if p["school_id"] == provision["school_id"]]
        years = provision.get("year_groups")
        aimed = [
            p for p in pupils
            if lows(p["groups"]) & lows(provision["group_codes"]) and (not years or p["year_group"] in years)
        ]  # fmt: skip
        having = [p for p in pupils if has(school, p, provision, day)]
        rows.append(
            {"school_id": provision["school_id"], "provision_id": provision["provision_id"],
             "aimed_at": len(aimed), "have_it": len([p for p in aimed if p in having]),
             "others": len([p for p in having if p not in aimed])}
        )  # fmt: skip
    return rows


def has(school: School, pupil: Row, provision: Row, day: date) -> bool:
    mine = of_pupil(school, "placements", pupil)
    return any(p["provision_id"] == provision["provision_id"] and active(p, day) for p in mine)
