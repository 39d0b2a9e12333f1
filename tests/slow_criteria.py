"""Who meets the criteria of a provision, found slowly: each pupil, provision and criterion in turn."""

from datetime import date, timedelta
from fractions import Fraction

from tests.slow_duplications import scale_of
from tests.slow_scores import JUDGING_DAYS, score, scored
from tests.slow_words import (
    Choice,
    Row,
    School,
    academic_year,
    active,
    groups_on,
    is_additional,
    live_needs,
    low,
    lows,
    number,
    of_pupil,
    on_roll,
    pupils_in_scope,
    who,
    year_start,
)

COMPARISONS = ("<", "<=", ">", ">=", "=")


def holds_then(
    school: School,
    pupil: Row,
    criterion: Row,
    day: date,
    *,
    first: date | None = None,
    own: Fraction | None = None,
) -> bool | None:
    """Whether a criterion holds by what is found up to a day (and from `first` on); None: not known."""
    measure, comparator, value = (criterion[c] for c in ("measure", "comparator", "value"))
    if low(measure) in ("need", "group"):
        codes = [n["need_code"] for n in live_needs(school, pupil, day)]
        codes = codes if low(measure) == "need" else groups_on(school, pupil, day)
        return low(value) in lows(codes) if comparator == "=" else None
    bar = number(value)
    if low(measure) == "attendance":
        got = percent_between(school, pupil, first, day)
        bar = bar * 100 if bar is not None and bar <= 1 else bar
    else:
        subject, scale = measure.split("/", 1)
        got, bar = own, score(school, scale, value)
        if got is None:
            earliest = max(day - timedelta(days=JUDGING_DAYS), first or date.min)
            found = [
                a for a in scored(school, pupil, day)
                if (low(a["subject"]), low(a["scale"])) == (low(subject), low(scale))
                and earliest <= a["assessed_on"]
            ]  # fmt: skip
            got = score(school, scale, found[-1]["value"]) if found else None
    if got is None or bar is None:
        return None
    return [got < bar, got <= bar, got > bar, got >= bar, got == bar][COMPARISONS.index(comparator)]


def percent_between(school: School, pupil: Row, first: date | None, day: date) -> Fraction | None:
    """Attendance of the day's academic year, in spans that have ended (and begun no earlier than `first`)."""
    start = max(year_start(academic_year(day)), first or date.min)
    spans = [
        a for a in of_pupil(school, "attendance", pupil) if start <= a["start_date"] and a["end_date"] <= day
    ]
    possible = sum(Fraction(a["possible"]) for a in spans)
    return sum(Fraction(a["attended"]) for a in spans) * 100 / possible if possible else None


def criteria_of(school: School, provision: Row, kind: str) -> list[Row]:
    what = (provision.get("school_id"), provision["provision_id"], kind)
    return [
        c for c in school.get("criteria", []) if (c.get("school_id"), c["provision_id"], c["kind"]) == what
    ]


def runs(provision: Row, day: date) -> bool:
    start, end = provision.get("start_date"), provision.get("end_date")
    return (start is None or start <= day) and (end is None or day <= end)


def own_score(school: School, placement: Row, criterion: Row) -> Fraction | None:
    if low(placement.get("measure")) != low(criterion["measure"]):
        return None
    return score(school, scale_of(placement), placement.get("entry_value"))


def own_end(school: School, pupil: Row, placement: Row, criterion: Row, day: date) -> Fraction | None:
    """The score at the end that is recorded with a placement, where no result is newer."""
    on, measure = placement.get("exit_date"), low(placement.get("measure"))
    earliest = max(day - timedelta(days=JUDGING_DAYS), placement["start_date"])
    if measure != low(criterion["measure"]) or on is None or not earliest <= on <= day:
        return None
    newer = [
        a for a in scored(school, pupil, day)
        if f"{low(a['subject'])}/{low(a['scale'])}" == measure and a["assessed_on"] > on
    ]  # fmt: skip
    return None if newer else score(school, scale_of(placement), placement.get("exit_value"))


def findings_of(school: School, pupil: Row, provision: Row, day: date) -> set[str]:
    """The findings about one pupil and one provision."""
    mine = [
        p for p in of_pupil(school, "placements", pupil)
        if p["provision_id"] == provision["provision_id"] and active(p, day)
    ]  # fmt: skip
    entry, leave = criteria_of(school, provision, "entry"), criteria_of(school, provision, "exit")
    found = set()
    if not mine:
        years = provision.get("year_groups")
        if entry and runs(provision, day) and (not years or pupil["year_group"] in years):
            found.add(finding([holds_then(school, pupil, c, day) for c in entry], "waits", None))
    for p in mine:
        start = p["start_date"]
        if entry:
            then = [holds_then(school, pupil, c, start, own=own_score(school, p, c)) for c in entry]
            found.add(finding(then, None, "attends_without"))
        if leave:
            found.add(
                finding(
                    [
                        holds_then(school, pupil, c, day, first=start, own=own_end(school, pupil, p, c, day))
                        for c in leave
                    ],
                    "met_exit_stays",
                    None,
                )
            )
    return {f for f in found if f}


def finding(answers: list[bool | None], all_hold: str | None, one_fails: str | None) -> str | None:
    if False in answers:
        return one_fails
    return "cannot_judge" if None in answers else all_hold


def criteria_status(school: School, day: date, choice: Choice) -> list[Row]:
    return [
        {
            **who(pupil),
            "provision_id": provision["provision_id"],
            "provision": provision["name"],
            "kind": kind,
        }
        for pupil in pupils_in_scope(school, day, choice)
        for provision in school.get("provisions", [])
        if provision.get("school_id") == pupil.get("school_id")
        and (not choice.tiers or provision["tier"] in choice.tiers)
        for kind in findings_of(school, pupil, provision, day)
    ]


def places_taken(school: School, provision: Row, day: date) -> list[Row]:
    """What pupils on roll have of a provision on a day."""
    here = {
        (p.get("school_id"), p["pupil_id"]) for p in school["pupils"]
        if p.get("school_id") == provision.get("school_id") and on_roll(p, day)
    }  # fmt: skip
    return [
        p for p in school.get("placements", [])
        if (p.get("school_id"), p["pupil_id"]) in here
        and p["provision_id"] == provision["provision_id"] and active(p, day)
    ]  # fmt: skip


def places(held: list[Row]) -> int:
    """One for each teaching group that a pupil is in; one for a pupil who is in none that has a name."""
    pupils = {p["pupil_id"] for p in held}
    named = {(p["pupil_id"], p["group_name"]) for p in held if p.get("group_name")}
    return len(named) + len(pupils - {pupil for pupil, _ in named})


def free_places(school: School, provision: Row, day: date) -> int | None:
    held = places_taken(school, provision, day)
    taken, names = places(held), {p.get("group_name") for p in held} - {None}
    size = provision.get("group_size")
    if size is None or provision.get("delivery") in ("whole class", "one to one"):
        return None
    if not names and taken > size:
        return None
    return size * max(1, len(names)) - taken


def provision_criteria(school: School, day: date, choice: Choice) -> list[Row]:
    statuses = criteria_status(school, day, choice)
    scope = {(p.get("school_id"), p["pupil_id"]) for p in pupils_in_scope(school, day, choice)}
    rows = []
    for provision in school.get("provisions", []):
        what = (provision.get("school_id"), provision["provision_id"])
        held = places_taken(school, provision, day)
        if choice.schools and what[0] not in choice.schools:
            continue
        if not runs(provision, day) and not held:
            continue
        if choice.tiers and provision["tier"] not in choice.tiers:
            continue
        kinds = [s["kind"] for s in statuses if (s.get("school_id"), s["provision_id"]) == what]
        mine = [p for p in held if (p.get("school_id"), p["pupil_id"]) in scope]
        wanted = ["monitoring", "quantitative_measure", "qualitative_measure", "lead"]
        missing = [w.replace("_", " ") for w in wanted if not (provision.get(w) or "").strip()]
        criteria = [c for kind in ("entry", "exit") for c in criteria_of(school, provision, kind)]
        if is_additional(school, provision) and not criteria:
            missing = ["criteria", *missing]
        counts = {k: kinds.count(k) for k in ("waits", "attends_without", "met_exit_stays", "cannot_judge")}
        rows.append(
            {
                "provision_id": what[1], "tier": provision["tier"], "in_place": len(mine), **counts,
                "group_size": provision.get("group_size"),
                "groups": len({p.get("group_name") for p in held} - {None}),
                "free_places": free_places(school, provision, day),
                "missing": missing, "is_complete": not missing,
                "places_taken": places(held),
            }
        )  # fmt: skip
    return rows
