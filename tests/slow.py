"""The core questions answered slowly, in plain Python, straight from the words of the data contract.

Nothing here or in the other slow files is shared with provmap: when the two agree on thousands of tiny
schools, they are not likely to be wrong in the same way. It is written to be read beside the contract,
so it prefers a second loop to a clever one. A `School` holds current rows (tests/slow_history.py folds
a series of imports into one): each dataset a list of dicts, every need and membership with a start.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from tests.slow_duplications import duplications
from tests.slow_impact import impact_by_provision
from tests.slow_scores import (
    JUDGING_DAYS,
    below_expected,
    expected_for,
    latest,
    meets,
    scale_row,
    score,
    scored,
    term_of,
)
from tests.slow_words import (
    Choice,
    Row,
    School,
    academic_year,
    active,
    addresses,
    codes_of,
    days_in_state,
    is_additional,
    live_needs,
    low,
    lows,
    need_code_row,
    of_pupil,
    on_roll,
    overdue,
    provision_of,
    pupils_in_scope,
    state_on,
    weekly_minutes,
    who,
    within,
)

DFE_NEED_TYPES = {"spld", "mld", "sld", "pmld", "slcn", "asd", "semh", "hi", "vi", "msi", "pd", "ds"}
DFE_NEED_TYPES |= {"oth", "nsa"}


def answer(question: str, school: School, on_date: date, **choices: tuple[str, ...]) -> list[Row]:
    """The rows of one question as at a day, in no particular order."""
    choice = Choice(**choices)
    rows = QUESTIONS[question](school, on_date, choice)
    for column, wanted in (("need_code", choice.needs), ("tier", choice.tiers)):
        if wanted:
            rows = [r for r in rows if column not in r or low(r[column]) in lows(wanted)]
    if choice.subjects:  # a subject can be a need of its own: its gaps are gaps in that subject too
        about = [{low(r.get("subject")), low(r.get("need_code")) if "kind" in r else None} for r in rows]
        chosen = lows(choice.subjects)
        rows = [r for r, words in zip(rows, about, strict=True) if "subject" not in r or words & chosen]
    return rows


def provision_list(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    staff = {(s.get("school_id"), s["staff_id"]): s["name"] for s in school.get("staff", [])}
    for pupil in pupils_in_scope(school, day, choice):
        for p in of_pupil(school, "placements", pupil):
            if not active(p, day):
                continue
            provision = provision_of(school, p)
            rows.append(
                {
                    **who(pupil),
                    "groups": pupil["groups"],
                    "provision_id": p["provision_id"],
                    "provision": provision["name"],
                    "tier": provision["tier"],
                    "need_codes": codes_of(school, p),
                    "start_date": p["start_date"],
                    "expected_end_date": p.get("expected_end_date"),
                    "end_date": p.get("end_date"),
                    "weekly_minutes": weekly_minutes(school, p),
                    "staff": sorted(staff[p.get("school_id"), s] for s in p.get("staff_ids") or []),
                    "overdue_for_review": overdue(school, p, day),
                }
            )
    return rows


def coverage(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        for need in live_needs(school, pupil, day):
            answering = [p for p in of_pupil(school, "placements", pupil) if addresses(school, p, need)]
            state, provisions = state_on(school, need, answering, day)
            code = need_code_row(school, need["need_code"])
            rows.append(
                {
                    **who(pupil),
                    "need_code": need["need_code"],
                    "need": code.get("name"),
                    "area": code.get("area"),
                    "state": state,
                    "provisions": provisions,
                    "days_in_state": days_in_state(school, pupil, need, answering, day),
                }
            )
    return rows


def coverage_by_need(school: School, day: date, choice: Choice) -> list[Row]:
    needs = coverage(school, day, choice)
    rows = []
    for code in sorted({n["need_code"] for n in needs}):
        states = [n["state"] for n in needs if n["need_code"] == code]
        counts = {s: states.count(s) for s in ("covered", "in_class", "planned", "lapsed", "unmet")}
        share = (counts["covered"] + counts["in_class"]) / len(states)
        named = need_code_row(school, code)
        rows.append(
            {
                "need_code": code,
                "need": named.get("name"),
                "area": named.get("area"),
                "live_needs": len(states),
                **counts,
                "answered_share": share,
            }
        )
    return rows


def gaps(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        found = [
            *need_gaps(school, pupil, day),
            *below_plan(school, pupil, day),
            *no_recorded_need(school, pupil, day),
            *sen_without_need(school, pupil, day),
        ]
        for kind, code, subject, since in found:
            rows.append({**who(pupil), "kind": kind, "need_code": code, "subject": subject, "since": since})
    return rows


def need_gaps(school: School, pupil: Row, day: date) -> Iterator[tuple]:
    for need in live_needs(school, pupil, day):
        answering = [p for p in of_pupil(school, "placements", pupil) if addresses(school, p, need)]
        state = state_on(school, need, answering, day)[0]
        if state in ("planned", "lapsed", "unmet"):
            days = days_in_state(school, pupil, need, answering, day)
            yield state, need["need_code"], None, day - timedelta(days=days)


def below_plan(school: School, pupil: Row, day: date) -> Iterator[tuple]:
    for need in live_needs(school, pupil, day):
        answering = [p for p in of_pupil(school, "placements", pupil) if addresses(school, p, need)]
        arranged = [p for p in answering if active(p, day) and is_additional(school, p)]
        minutes = sum(weekly_minutes(school, p) or 0 for p in arranged)
        required = need.get("required_weekly_minutes")
        state = state_on(school, need, answering, day)[0]
        if state in ("covered", "in_class") and required is not None and minutes < required:
            starts = [p["start_date"] for p in arranged]
            since = max([need["start_date"], *starts]) if starts else None
            yield "below_plan", need["need_code"], None, since


def no_recorded_need(school: School, pupil: Row, day: date) -> Iterator[tuple]:
    codes = {low(n["need_code"]) for n in live_needs(school, pupil, day)}
    areas = {low(need_code_row(school, code).get("area")) for code in codes}
    for subject in subjects_of(scored(school, pupil, day)):
        helped = [
            p
            for p in of_pupil(school, "placements", pupil)
            if active(p, day)
            and is_additional(school, p)
            and low(provision_of(school, p).get("subject")) == low(subject)
        ]
        needed = low(subject) in codes or "cognition and learning" in areas
        if below_expected(school, pupil, subject, day) and not needed and not helped:
            found = latest(school, pupil, subject, day)
            yield "no_recorded_need", None, found["subject"], found["assessed_on"]


def sen_without_need(school: School, pupil: Row, day: date) -> Iterator[tuple]:
    codes = {low(n["need_code"]) for n in live_needs(school, pupil, day)}
    spans = [
        m
        for m in of_pupil(school, "memberships", pupil)
        if active(m, day) and m["group_code"] in ("sen_support", "ehc_plan")
    ]
    if spans and not codes & DFE_NEED_TYPES:
        since = min((m["start_date"] for m in spans if m["start_date"] > date.min), default=None)
        yield "sen_without_need", None, None, since


def subjects_of(assessments: Iterable[Row]) -> list[str]:
    """One spelling of each subject."""
    return sorted({low(a["subject"]): a["subject"] for a in assessments}.values())


def no_data(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        schoolmates = [p for p in school["pupils"] if p.get("school_id") == pupil.get("school_id")]
        assessed = [
            a
            for p in schoolmates
            if on_roll(p, day)
            for a in scored(school, p, day)
            if within(a["assessed_on"], JUDGING_DAYS, day)
        ]
        expected = {
            low(e["subject"])
            for e in school.get("expectations", [])
            if e["year_group"] == pupil["year_group"]
        }
        own = scored(school, pupil, day)
        missing = []
        for subject in subjects_of(assessed):
            found = latest(school, pupil, subject, day)
            judged = found is not None and meets(school, pupil, found) is not None
            if low(subject) in expected and not judged:
                ever = [a["assessed_on"] for a in own if low(a["subject"]) == low(subject)]
                missing.append((subject, max(ever, default=None)))
        if not missing and not any(within(a["assessed_on"], JUDGING_DAYS, day) for a in own):
            missing = [(None, max((a["assessed_on"] for a in own), default=None))]
        rows += [{**who(pupil), "subject": s, "last_assessed_on": last} for s, last in missing]
    return rows


def pupil_progress(school: School, day: date, choice: Choice) -> list[Row]:
    rows = []
    for pupil in pupils_in_scope(school, day, choice):
        for a in of_pupil(school, "assessments", pupil):
            if a["assessed_on"] <= day:
                rows.append(
                    {
                        **{c: a.get(c) for c in ("school_id", "pupil_id", "subject", "scale", "assessed_on")},
                        "academic_year": academic_year(a["assessed_on"]),
                        "term": term_of(school, a),
                        "value": a["value"],
                        "number": score(school, a["scale"], a["value"]),
                        "expected": expected_for(school, pupil, a),
                        "meets_expected": meets(school, pupil, a),
                    }
                )
    return rows


def progress_by_group(school: School, day: date, choice: Choice) -> list[Row]:
    pupils = list(pupils_in_scope(school, day, choice))
    codes = {"all"} | {code for pupil in pupils for code in pupil["groups"]}
    rows = []
    for code in sorted(codes):
        members = [p for p in pupils if code == "all" or code in p["groups"]]
        points: dict[tuple, dict] = {}
        for index, pupil in enumerate(members):
            for a in scored(school, pupil, day):  # the latest of a point comes last and stays
                term = term_of(school, a)
                point = (low(a["subject"]), a["scale"], academic_year(a["assessed_on"]), term)
                points.setdefault(point, {})[index] = (pupil, a)
        for (subject, scale, year, term), found in points.items():
            rows.append(
                {
                    "group_code": code,
                    "subject": subject,
                    "scale": scale,
                    "academic_year": year,
                    "term": term,
                    "pupils": len(members),
                    **point_counts(school, scale, list(found.values())),
                }
            )
    return rows


def point_counts(school: School, scale: str, found: list[tuple[Row, Row]]) -> Row:
    judged = [m for m in (meets(school, pupil, a) for pupil, a in found) if m is not None]
    numbers = [score(school, scale, a["value"]) for _, a in found]
    ordered = scale_row(school, scale)["kind"] == "ordered"
    return {
        "assessed": len(found),
        "mean_value": None if ordered else sum(numbers) / len(numbers),
        "expected_or_above": judged.count(True) if judged else None,
        "expected_share": judged.count(True) / len(found) if judged else None,
    }


QUESTIONS = {
    f.__name__: f
    for f in (
        provision_list,
        coverage,
        coverage_by_need,
        gaps,
        no_data,
        duplications,
        progress_by_group,
        pupil_progress,
        impact_by_provision,
    )
}
