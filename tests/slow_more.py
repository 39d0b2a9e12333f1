"""Drift, breaks, groups over the years and the map, slowly: plain Python, no SQL, nothing of provmap."""

from collections.abc import Iterator
from datetime import date, timedelta

from tests.slow_coverage import KEY_STAGES, STAGES
from tests.slow_duplications import no_current_need, purpose_of
from tests.slow_words import (
    Choice,
    Row,
    School,
    active,
    addresses,
    codes_of,
    is_additional,
    live_needs,
    low,
    need_code_row,
    of_pupil,
    provision_of,
    pupils_in_scope,
    who,
    year_start,
)

AREAS = {
    "cognition and learning", "communication and interaction", "sensory and physical",
    "social, emotional and mental health",
}  # fmt: skip
A_BREAK = 70


def drift(school: School, day: date, choice: Choice) -> list[Row]:
    then = date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        needs = [codes_live(school, pupil, on) for on in (then, day)]
        additional = [p for p in of_pupil(school, "placements", pupil) if is_additional(school, p)]
        before, now = ({p["provision_id"] for p in additional if active(p, on)} for on in (then, day))
        asked = {
            p["provision_id"] for p in additional if active(p, day) and not unasked(school, pupil, p, day)
        }
        if not any((*needs, before, now)):
            continue
        names = {p["provision_id"]: provision_of(school, p)["name"] for p in additional}
        lists = {
            "provisions_last_year": before, "provisions_now": now, "runs_on": before & now,
            "without_reason": (before & now) - asked,
        }  # fmt: skip
        rows.append(
            who(pupil)
            | {name: sorted(names[one] for one in these) for name, these in lists.items()}
            | {"needs_last_year": needs[0], "needs_now": needs[1], "needs_changed": needs[0] != needs[1],
               "is_drift": needs[0] != needs[1] and bool(lists["without_reason"])}
        )  # fmt: skip
    return rows


def codes_live(school: School, pupil: Row, day: date) -> list[str]:
    return sorted(
        {need_code_row(school, need["need_code"])["need_code"] for need in live_needs(school, pupil, day)}
    )


def unasked(school: School, pupil: Row, placement: Row, day: date) -> bool:
    """Whether nothing present asks for it: as a possible overlap of that kind."""
    if purpose_of(school, placement) not in ("learning", "therapy") or not codes_of(school, placement):
        return False
    return any(True for _ in no_current_need(school, pupil, [placement], day))


def pupil_breaks(school: School, pupil: Row, day: date) -> list[Row]:
    """Day by day: something for the need, then nothing for seventy days or more, then something again."""
    rows = []
    for need in of_pupil(school, "needs", pupil):
        begun = [
            p for p in of_pupil(school, "placements", pupil)
            if p["start_date"] <= day and addresses(school, p, need)
        ]  # fmt: skip
        last = min(need.get("end_date") or day, day)
        for run in empty_runs(need["start_date"], last, begun):
            was = run[0] > need["start_date"]
            if was and len(run) >= A_BREAK and any(p["start_date"] > run[-1] for p in begun):
                rows.append({"line": need_code_row(school, need["need_code"])["name"], "days": len(run),
                             "from_date": run[0], "to_date": run[-1]})  # fmt: skip
    return rows


def empty_runs(first: date, last: date, placements: list[Row]) -> Iterator[list[date]]:
    """Each run of days, as long as it can be, on which none of these is in place."""
    run: list[date] = []
    for number in range((last - first).days + 1):
        on = first + timedelta(days=number)
        if not any(active(p, on) for p in placements):
            run.append(on)
        elif run:
            yield run
            run = []
    if run:
        yield run


def groups_held(school: School, day: date, choice: Choice) -> list[Row]:
    held: dict[tuple[str, str, str], set] = {}
    present: dict[tuple[str, str], set] = {}
    years = {
        e["academic_year"] for e in school.get("enrolments", []) if year_start(e["academic_year"]) <= day
    }
    for year in years:
        for pupil in school["pupils"]:
            span, stage = stay_in(pupil, year, day), stage_in(school, pupil, year, day)
            if stage is None or span is None or (choice.schools and pupil["school_id"] not in choice.schools):
                continue
            one = (pupil["school_id"], pupil["pupil_id"])
            codes = {
                m["group_code"] for m in of_pupil(school, "memberships", pupil) if shares_a_day(m, *span)
            }
            for phase in ("all", stage):
                present.setdefault((year, phase), set()).add(one)
                for code in codes if not choice.groups else codes & set(choice.groups):
                    held.setdefault((code, year, phase), set()).add(one)
    return [
        {"group_code": code, "academic_year": year, "key_stage": phase, "pupils": len(pupils),
         "on_roll": len(present[year, phase])}
        for (code, year, phase), pupils in held.items()
    ]  # fmt: skip


def stay_in(pupil: Row, year: str, day: date) -> tuple[date, date] | None:
    """The pupil's first and last day on roll in the year, by the day; nothing where there is none."""
    start = year_start(year)
    end = min(date(start.year + 1, 8, 31), day)
    first, last = max(start, pupil.get("entry_date") or start), min(end, pupil.get("leaving_date") or end)
    is_there = (pupil.get("entry_date") or start) <= end and (pupil.get("leaving_date") or end) >= start
    return (first, last) if is_there else None


def shares_a_day(span: Row, first: date, last: date) -> bool:
    return span["start_date"] <= last and (span.get("end_date") is None or span["end_date"] >= first)


def stage_in(school: School, pupil: Row, year: str, day: date) -> str | None:
    """By the latest enrolment of the year begun by the day, else by the roll where the entry is known."""
    rows = [
        e for e in of_pupil(school, "enrolments", pupil)
        if e["academic_year"] == year and (e.get("start_date") or date.min) <= day
    ]  # fmt: skip
    if not rows and pupil.get("entry_date") is None:
        return None
    latest = max(rows, key=lambda e: e.get("start_date") or year_start(year), default=pupil)
    return STAGES[KEY_STAGES[latest["year_group"]]]


def provision_map(school: School, day: date, choice: Choice, by: str, rows: str) -> list[Row]:
    cells: dict[tuple, set] = {}
    for pupil in pupils_in_scope(school, day, choice):
        for p in of_pupil(school, "placements", pupil):
            provision = provision_of(school, p)
            if active(p, day) and is_chosen(provision, choice):
                for area in headings(school, provision, codes_of(school, p), rows):
                    for key in keys_of(pupil, by):
                        where = (pupil["school_id"], provision["provision_id"], provision["tier"], area, key)
                        cells.setdefault(where, set()).add(pupil["pupil_id"])
    reached = universal_reach(school, day, choice, by, rows)
    used = {where[:2] for where in [*cells, *reached]}
    for provision in school.get("provisions", []):
        what = (provision["school_id"], provision["provision_id"])
        if what not in used and runs(provision, day) and is_chosen(provision, choice):
            for area in headings(school, provision, provision.get("need_codes") or [], rows):
                cells[(*what, provision["tier"], area, None)] = set()
    return [
        dict(zip(("school_id", "provision_id", "tier", "area", "column_key"), where, strict=True))
        | {"pupils": len(cells.get(where, ())), "reaches": len(reached.get(where, ()))}
        for where in cells.keys() | reached.keys()
    ]


def universal_reach(
    school: School, day: date, choice: Choice, by: str = "pupil", rows: str = "tier"
) -> dict[tuple, set]:
    """Everybody of the years of each universal provision that runs, under its headings."""
    found: dict[tuple, set] = {}
    for provision in school.get("provisions", []):
        if provision["tier"] != "universal" or not runs(provision, day) or not is_chosen(provision, choice):
            continue
        years = provision.get("year_groups") or []
        what = (provision["school_id"], provision["provision_id"], provision["tier"])
        for pupil in pupils_in_scope(school, day, choice):
            if pupil["school_id"] == what[0] and (not years or pupil["year_group"] in years):
                for area in headings(school, provision, provision.get("need_codes") or [], rows):
                    for key in keys_of(pupil, by):
                        found.setdefault((*what, area, key), set()).add(pupil["pupil_id"])
    return found


def is_chosen(provision: Row, choice: Choice) -> bool:
    here = not choice.schools or provision["school_id"] in choice.schools
    return here and (not choice.tiers or provision["tier"] in choice.tiers)


def runs(provision: Row, day: date) -> bool:
    start, end = provision.get("start_date"), provision.get("end_date")
    return (start is None or start <= day) and (end is None or day <= end)


def headings(school: School, provision: Row, codes: list[str], rows: str) -> set[str]:
    if rows == "tier":
        return {provision["tier"]}
    if rows == "delivery":
        return {provision.get("delivery") or "way not recorded"}
    return {heading(school, code, rows) for code in codes} or {"purpose not recorded"}


def heading(school: School, code: str, rows: str) -> str:
    kind, area = need_code_row(school, code), low(code)
    if rows == "need":
        return kind["name"] if kind else str(area).capitalize() if area in AREAS else str(area)
    return (low(kind.get("area")) if kind else area if area in AREAS else None) or "no broad area"


def keys_of(pupil: Row, by: str) -> list[str]:
    if by == "group":
        return pupil["groups"] or ["in no group"]
    if by == "key_stage":
        return [STAGES[KEY_STAGES[pupil["year_group"]]]]
    return [pupil["pupil_id"] if by == "pupil" else pupil[by] or "not recorded"]
