"""The adults of a school, their training, and the rows of its provisions and criteria."""

from datetime import date, timedelta
from typing import Any

from provmap.sample.catalogue import CATALOGUE, CRITERIA, Provision
from provmap.sample.chance import one_of, stream
from provmap.sample.dates import LAST_YEAR, terms_of
from provmap.sample.names import HERITAGES
from provmap.sample.schools import School

# Role, hours a week, pounds an hour, external. These eight and four assistants are in every school.
FIXED = (
    ("Deputy headteacher", 37.5, 38.0, False),
    ("SENCO", 37.5, 33.0, False),
    ("EAL lead", 22.5, 27.0, False),
    ("ELSA and learning mentor", 30.0, 16.5, False),
    ("Attendance and family worker", 25.0, 16.0, False),
    ("Speech and language therapist", 6.0, 55.0, True),
    ("Play therapist", 5.0, 48.0, True),
    ("Advisory teacher, sensory support", 3.0, None, True),
)
SKILLS = {
    "phonics": None,
    "reading rescue": 3,
    "number sense": None,
    "colourful semantics": None,
    "ELSA": 2,
    "autism level 2": 3,
    "precision teaching": None,
    "first aid": 3,
    "positive handling": 1,
}
# What the school has written down in full.
WELL_KEPT = ("T01", "T04")
# A whole-class provision that began with this school year, so that it can be set beside the years before.
NEW_THIS_YEAR = "U04"
NO_LEAD = {"T05", "T13", "T06", "U06"}


def make_staff(school: School, seed: int) -> list[dict[str, Any]]:
    """S01 to S08 by role, S09 to S12 assistants, then class teachers and further assistants."""
    chance = stream(seed, school.number, "staff")
    classes = school.class_count * len(school.years)
    roles: list[tuple[str, float, float | None, bool]] = list(FIXED)
    roles += [("Teaching assistant", 27.5, 15.2, False)] * 4
    roles += [("Class teacher" if school.phase == "primary" else "Tutor", 32.5, 29.5, False)] * classes
    roles += [("Teaching assistant", 25.0, 14.6, False)] * max(0, classes // 2 - 4)
    surnames = (" ".join(h.surnames for h in HERITAGES[:8])).split()
    rows = []
    for number, (role, hours, cost, external) in enumerate(roles, start=1):
        title = one_of(chance, ("Mrs", "Miss", "Mr", "Ms"))
        rows.append(
            {
                "staff_id": f"S{number:02d}",
                "name": f"{title} {one_of(chance, surnames)}",
                "role": role,
                "hours_per_week": hours,
                "hourly_cost": cost,
                "external": external,
            }
        )
    return rows


def make_training(school: School, staff: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Who is trained in what; some of it has run out."""
    chance = stream(seed, school.number, "training")
    rows = []
    for person in staff:
        assistant = person["role"] in ("Teaching assistant", "ELSA and learning mentor", "SENCO")
        for skill, lasts in SKILLS.items():
            if person["external"] or chance.random_sample() > (0.4 if assistant else 0.12):
                continue
            gained = date(2021, 9, 6) + timedelta(days=int(chance.randint(0, 1600)))
            expires = gained + timedelta(days=365 * lasts) if lasts else None
            rows.append(
                {
                    "staff_id": person["staff_id"],
                    "skill": skill,
                    "gained_on": gained,
                    "expires_on": expires,
                    "kind": one_of(chance, ("course", "course", "coaching", "mentoring", "peer support")),
                }
            )
    rows.append(
        {"staff_id": "S06", "skill": "speech therapy", "gained_on": date(2016, 7, 1), "kind": "course"}
    )
    rows.append(
        {
            "staff_id": "S02",
            "skill": "level 5 dyslexia",
            "gained_on": date(2021, 7, 9),
            "kind": "course",
            "expires_on": date(2025, 7, 9),
        }
    )
    return rows


def givers(staff: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Who may give each additional provision."""
    assistants = [person["staff_id"] for person in staff if person["role"] == "Teaching assistant"]
    named = {
        "T08": ["S03"],
        "T09": ["S04"],
        "T10": ["S04"],
        "T12": ["S05"],
        "T14": ["S01"],
        "S01": ["S06"],
        "S02": ["S07"],
        "S03": ["S08"],
        "S05": ["S02"],
    }
    return {p.provision_id: named.get(p.provision_id, assistants) for p in CATALOGUE}


def provision_rows(school: School, staff: list[dict[str, Any]], years: int) -> list[dict[str, Any]]:
    """The catalogue as this school has recorded it."""
    begun = terms_of(LAST_YEAR - years + 1)[0].start
    names = {person["staff_id"]: person["name"] for person in staff}
    rows = []
    for p in CATALOGUE:
        year_groups = [year for year in school.years if p.takes(year)]
        rows.append(
            {
                "provision_id": p.provision_id,
                "tier": p.tier,
                "delivery": p.delivery,
                "purpose": p.purpose or None,
                "name": p.secondary_name if school.phase == "secondary" else p.name,
                "subject": p.subject or None,
                "need_codes": list(p.needs),
                "year_groups": year_groups if len(year_groups) < len(school.years) else [],
                "group_codes": list(p.groups),
                "lead": None if p.provision_id in NO_LEAD else names.get(p.lead),
                "intended_outcome": p.outcome or None,
                "skills_required": list(p.skills),
                "minutes_per_session": p.minutes,
                "sessions_per_week": p.weekly,
                "weeks": p.weeks,
                "group_size": p.size,
                "resource_cost": p.cost,
                "quantitative_measure": p.measure or None,
                "start_date": _first_day(p, begun),
                "monitoring": "Half-termly look at the register and one visit"
                if p.lead in ("S02", "S03")
                else None,
                "qualitative_measure": "Pupil and teacher voice"
                if p.purpose == "therapy" or p.provision_id in WELL_KEPT
                else None,
            }
        )
    return rows


def _first_day(p: Provision, begun: date) -> date | None:
    """Additional provision began with the records; one for the whole class was new this school year."""
    if p.provision_id == NEW_THIS_YEAR:
        return terms_of(LAST_YEAR)[0].start
    return begun if p.tier != "universal" else None


def criteria_rows() -> list[dict[str, Any]]:
    """Conditions for starting and finishing."""
    names = ("provision_id", "kind", "measure", "comparator", "value")
    return [dict(zip(names, row, strict=True)) for row in CRITERIA]
