"""What could answer a gap, and what was tried for it, found slowly."""

from collections.abc import Iterator
from datetime import date

from tests.slow_criteria import criteria_of, findings_of, free_places, runs
from tests.slow_duplications import gain_of, scale_of
from tests.slow_scores import scale_row
from tests.slow_words import (
    Choice,
    Row,
    School,
    active,
    addresses,
    is_additional,
    low,
    lows,
    need_code_row,
    of_pupil,
    provision_of,
    pupils_in_scope,
    year_and_class,
)

KEY_STAGES = {"R": 0, "1": 1, "2": 1, "3": 2, "4": 2, "5": 2, "6": 2}
LEAST_TO_RANK = 5


def gap_options(school: School, pupil: Row, need: str, day: date) -> list[Row]:
    (now,) = [p for p in pupils_in_scope(school, day, Choice()) if is_same(p, pupil)]
    rows = []
    for provision in school["provisions"]:
        years = provision.get("year_groups")
        if provision.get("school_id") != pupil.get("school_id") or not runs(provision, day):
            continue
        if years and now["year_group"] not in years:
            continue
        match = match_of(school, provision, need)
        if match:
            rows.append({"provision_id": provision["provision_id"], "match": match, "tier": provision["tier"]}
                        | verdict(school, now, provision, day))  # fmt: skip
    return rows


def is_same(one: Row, other: Row) -> bool:
    return (one.get("school_id"), one["pupil_id"]) == (other.get("school_id"), other["pupil_id"])


def match_of(school: School, provision: Row, need: str) -> str | None:
    codes, area = lows(provision.get("need_codes")), low(need_code_row(school, need).get("area"))
    if low(need) in codes or low(provision.get("subject")) == low(need):
        return "exact"
    return "broad" if area and area != "sensory and physical" and area in codes else None


def verdict(school: School, pupil: Row, provision: Row, day: date) -> Row:
    mine = [
        p for p in of_pupil(school, "placements", pupil) if p["provision_id"] == provision["provision_id"]
    ]
    has_it = any(active(p, day) for p in mine)
    taken = "has it now" if has_it else "starts soon" if any(p["start_date"] > day for p in mine) else ""
    free = free_places(school, provision, day)
    wanted = lows(provision.get("skills_required"))
    trained = list(trained_adults(school, provision, day)) if wanted else []
    qualifies = None
    if criteria_of(school, provision, "entry"):
        found = findings_of(school, pupil, provision, day)
        if "waits" in found:
            qualifies = "yes"
        elif "attends_without" in found:
            qualifies = "no"
        elif "cannot_judge" in found:
            qualifies = "not known"
        else:
            qualifies = "yes" if has_it else "no"
    hindrances = [
        ("no room", free is not None and free <= 0 and not has_it),
        ("nobody trained", bool(wanted) and not trained),
        ("criteria not met", qualifies == "no"),
    ]
    identity = (provision.get("school_id"), provision["provision_id"])
    having = [
        p for p in school["placements"]
        if (p.get("school_id"), p["provision_id"]) == identity and active(p, day)
    ]  # fmt: skip
    return {
        "lessons_missed": sorted({low(p["subject_missed"]) for p in having if p.get("subject_missed")}),
        "free_places": free, "trained_staff": sorted(trained), "qualifies": qualifies, "in_place": has_it,
        "times_before": len([p for p in mine if p.get("end_date") and p["end_date"] < day]),
        "not_recorded": unwritten(school, provision, free, wanted, having),
        "could_take": taken or ", ".join(words for words, is_so in hindrances if is_so) or "yes",
    }  # fmt: skip


def unwritten(school: School, provision: Row, free: int | None, skills: list, having: list[Row]) -> list[str]:
    """What would decide whether the provision could take somebody, and nobody wrote down."""
    way, adds = provision.get("delivery"), is_additional(school, provision)
    asked = {
        "room": free is None and adds and way not in ("whole class", "one to one"),
        "skills": not skills,
        "criteria": adds and not criteria_of(school, provision, "entry"),
        "lesson missed": adds and way != "beyond school" and not any(p.get("subject_missed") for p in having),
    }
    return [words for words, is_so in asked.items() if is_so]


def trained_adults(school: School, provision: Row, day: date) -> Iterator[str]:
    here = [t for t in school.get("training", []) if t.get("school_id") == provision.get("school_id")]
    names = {(s.get("school_id"), s["staff_id"]): s["name"] for s in school.get("staff", [])}
    for staff_id in {t["staff_id"] for t in here}:
        held = {
            low(t["skill"]) for t in here
            if t["staff_id"] == staff_id and t["gained_on"] <= day
            and (t.get("expires_on") is None or day <= t["expires_on"])
        }  # fmt: skip
        if lows(provision["skills_required"]) <= held:
            yield names.get((provision.get("school_id"), staff_id), staff_id)


def times_for(school: School, pupil: Row, need: str, day: date) -> list[Row]:
    """The times, begun by the day, that a pupil had something for a need while having it."""
    needs = [n for n in of_pupil(school, "needs", pupil) if low(n["need_code"]) == low(need)]
    found = []
    for p in of_pupil(school, "placements", pupil):
        last = min(p.get("end_date") or day, day)
        with_need = any(
            n["start_date"] <= last and (n.get("end_date") is None or p["start_date"] <= n["end_date"])
            for n in needs
        )
        for_it = addresses(school, p, {"need_code": need})
        if low(need_code_row(school, need).get("area")) == "subjects":
            with_need, for_it = True, for_it or low(provision_of(school, p).get("subject")) == low(need)
        if p["start_date"] <= day and with_need and for_it:
            found.append(p)
    return found


def outcome_by(p: Row, day: date) -> str | None:
    return None if p.get("end_date") and p["end_date"] > day else p.get("outcome")


def tried_with_this_pupil(school: School, pupil: Row, need: str, day: date) -> list[Row]:
    return [
        {"provision_id": p["provision_id"], "start_date": p["start_date"], "end_date": p.get("end_date"),
         "outcome": outcome_by(p, day)}
        for p in times_for(school, pupil, need, day)
    ]  # fmt: skip


def tried_for_pupils_like_this(school: School, pupil: Row, need: str, day: date) -> list[Row]:
    (now,) = [p for p in pupils_in_scope(school, day, Choice()) if is_same(p, pupil)]
    others = [
        p for p in school["pupils"] if p.get("school_id") == pupil.get("school_id") and not is_same(p, pupil)
    ]  # fmt: skip
    times = [
        p for other in others for p in times_for(school, other, need, day)
        if KEY_STAGES[year_and_class(school, other, p["start_date"])[0]] == KEY_STAGES[now["year_group"]]
    ]  # fmt: skip
    rows = []
    for provision_id in {p["provision_id"] for p in times}:
        these = [p for p in times if p["provision_id"] == provision_id]
        gains = [is_gain(school, p) for p in these if p.get("exit_date") is None or p["exit_date"] <= day]
        gains = [g for g in gains if g is not None]
        outcomes = [o for o in (outcome_by(p, day) for p in these) if o]
        rows.append(
            {
                "provision_id": provision_id, "times": len(these), "measured": len(gains),
                "gained": sum(gains),
                "gain_share": sum(gains) / len(gains) if gains else None,
                "judged": len(outcomes), "outcome_met": outcomes.count("met"),
                "outcome_met_share": outcomes.count("met") / len(outcomes) if outcomes else None,
                "is_ranked": len(gains) >= LEAST_TO_RANK,
                "runs_now": runs(provision_of(school, these[0]), day),
            }
        )  # fmt: skip
    for row in rows:
        better = [r for r in rows if r["is_ranked"] and r["gain_share"] > (row["gain_share"] or 0)]
        row["place"] = len(better) + 1 if row["is_ranked"] else None
    return rows


def is_gain(school: School, p: Row) -> bool | None:
    gain = gain_of(school, p)
    if gain is None:
        return None
    return gain > 0 or (gain == 0 and bool(scale_row(school, scale_of(p)).get("age_normed")))
