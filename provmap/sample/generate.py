"""Makes an output of any size, a school at a time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from provmap.errors import UsageError
from provmap.sample.assessments import expectation_rows, make_assessments, scale_rows
from provmap.sample.cast import SMALLEST_SCHOOL, cast_placements
from provmap.sample.chance import stream
from provmap.sample.daily import make_attendance, make_behaviour, make_sessions
from provmap.sample.dates import LAST_YEAR, NONE, all_terms, number_day, terms_of, year_name
from provmap.sample.families import voice_rows, with_families
from provmap.sample.measured import measure_more
from provmap.sample.needs import Need, make_needs, need_rows
from provmap.sample.placements import make_placements
from provmap.sample.plans import comparator_rows, group_rows, membership_rows, target_rows
from provmap.sample.reviews import review_rows
from provmap.sample.roll import Roll, make_roll
from provmap.sample.schools import PRIMARY_YEARS, SECONDARY_YEARS, School, plan_schools
from provmap.sample.scores import make_scores, year_names
from provmap.sample.staffing import criteria_rows, givers, make_staff, make_training, provision_rows
from provmap.sample.write import Files, Format, Table, joined, table_of

Progress = Callable[[str, float], None]
Rows = list[dict[str, Any]]


def generate(
    out: Path,
    *,
    pupils: int = 210,
    schools: int = 1,
    years: int = 3,
    seed: int = 1,
    format: Format = "csv",
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write one file a dataset into `out`; returns the rows of each.

    `pupils` are those on roll today, over all schools; those who have left come on top.
    """
    if min(pupils, schools, years) < 1 or pupils < schools:
        raise UsageError(
            "A sample needs at least one pupil, one school and one year.", "Ask for larger numbers."
        )
    if years > 12:
        raise UsageError("A sample holds at most twelve years.", "Ask for fewer years.")
    plan = plan_schools(pupils, schools, seed)
    with Files(out, format) as files:
        _write_global(files, plan)
        for number, school in enumerate(plan):
            if progress:
                progress(school.name, number / len(plan))
            for name, table in make_school(
                school, years, seed, schools == 1 and pupils >= SMALLEST_SCHOOL
            ).items():
                files.add(name, table, school.school_id)
    return files.counts


def _write_global(files: Files, plan: list[School]) -> None:
    scales, values = scale_rows()
    files.add(
        "schools",
        table_of(
            [
                {
                    "school_id": school.school_id,
                    "name": school.name,
                    "phase": school.phase,
                    "predecessor_id": str(990001 + school.number) if school.number % 5 == 4 else None,
                }
                for school in plan
            ]
        ),
        None,
    )
    files.add(
        "need_codes",
        table_of([{"need_code": "handwriting", "name": "Handwriting", "area": "subjects"}]),
        None,
    )
    files.add("scales", table_of(scales), None)
    files.add("scale_values", table_of(values), None)
    years = [year for year in PRIMARY_YEARS + SECONDARY_YEARS if any(year in school.years for school in plan)]
    files.add("expectations", table_of(expectation_rows(tuple(years))), None)


def make_school(school: School, years: int, seed: int, has_cast: bool) -> dict[str, Table]:
    """All the datasets of one school."""
    roll = make_roll(school, years, seed, has_cast)
    scores = make_scores(roll, years, seed)
    needs, helped = make_needs(roll, scores, years, seed)
    staff = make_staff(school, seed)
    placements = make_placements(roll, scores, needs, helped, years=years, seed=seed, staff=givers(staff))
    measure_more(placements, roll, scores, seed)
    placements = _numbered(placements, roll, needs, seed)
    reviews, voices = review_rows(roll, placements, seed)
    return {
        "pupils": _pupils(roll, staff, seed),
        "enrolments": _enrolments(roll, years),
        "groups": table_of(group_rows()),
        "memberships": table_of(membership_rows(roll, scores, seed)),
        "needs": table_of(need_rows(roll, needs, seed)),
        "provisions": table_of(provision_rows(school, staff, years)),
        "criteria": table_of(criteria_rows()),
        "placements": table_of(placements),
        "sessions": make_sessions(roll, placements, seed),
        "staff": table_of(staff),
        "training": table_of(make_training(school, staff, seed)),
        "assessments": joined(make_assessments(roll, scores, needs, placements, seed)),
        "attendance": joined(make_attendance(roll, years, seed)),
        "comparators": table_of(comparator_rows()),
        "behaviour": make_behaviour(roll, needs, years, seed),
        "targets": table_of(with_families(target_rows(roll, scores, seed), roll, seed)),
        "reviews": table_of(reviews),
        "voices": table_of(voice_rows(roll, placements, voices, seed)),
        "terms": table_of(
            [
                {"academic_year": t.academic_year, "term": t.name, "start_date": t.start, "end_date": t.end}
                for t in all_terms(years)
            ]
        ),
    }


def _numbered(placements: Rows, roll: Roll, needs: list[Need], seed: int) -> Rows:
    """Placements in order of start, the cast's first, with identifiers and some cells left empty."""
    chance = stream(seed, roll.school.number, "blanks")
    count: dict[int, int] = {}
    for need in needs:
        count[need.pupil] = count.get(need.pupil, 0) + 1
    placements.sort(key=lambda row: (row["start_date"], row["pupil_id"], row["provision_id"]))
    for number, row in enumerate(placements, start=1):
        row["placement_id"] = f"L{number:05d}"
        # With a single need, what the provision is for says enough, and schools leave the cell empty.
        if count.get(row["pupil"]) == 1 and chance.random_sample() < 0.5:
            row["need_codes"] = []
    places = {pupil_id: place for place, pupil_id in enumerate(roll.pupil_id[: roll.cast])}
    cast = [row | {"pupil": places[row["pupil_id"]]} for row in cast_placements()] if roll.cast else []
    return cast + placements


def _pupils(roll: Roll, staff: Rows, seed: int) -> Table:
    chance = stream(seed, roll.school.number, "key adults")
    school, last = roll.school, len(roll.school.years) - 1
    place = np.clip(roll.cohort, 0, last)
    adults = [person["name"] for person in staff if not person["external"]]
    keyed = (roll.sen != "N") | roll.looked_after
    keys = chance.randint(0, len(adults), len(roll))
    flags = {
        "pupil_premium": roll.premium,
        "fsm": roll.fsm,
        "ever_6": roll.ever_6,
        "eal": roll.eal,
        "looked_after": roll.looked_after,
        "previously_looked_after": roll.previously_looked_after,
        "service_child": roll.service,
        "young_carer": roll.carer,
        "more_able": roll.more_able,
    }
    years = [school.years[p] for p in place]
    return {
        "pupil_id": roll.pupil_id.tolist(),
        "surname": roll.surname.tolist(),
        "forename": roll.forename.tolist(),
        "upn": roll.upn.tolist(),
        "date_of_birth": roll.born.tolist(),
        "sex": np.where(roll.girl, "F", "M").tolist(),
        "ethnicity": roll.ethnicity.tolist(),
        "first_language": roll.language.tolist(),
        "year_group": years,
        "class": [school.class_name(year, int(p)) for year, p in zip(years, roll.place, strict=True)],
        "entry_date": roll.entry.tolist(),
        "leaving_date": roll.leaving.tolist(),
        "key_adult": [adults[k] if wanted else None for k, wanted in zip(keys, keyed, strict=True)],
        "eal_stage": roll.eal_stage.tolist(),
        "sen_status": roll.sen.tolist(),
        **{name: values.tolist() for name, values in flags.items()},
    }


def _enrolments(roll: Roll, years: int) -> Table:
    """A row for each year a pupil was on roll; a start only for those who joined in mid-year."""
    rows: Rows = []
    for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
        names, terms = year_names(roll, year), terms_of(year)
        for pupil in np.flatnonzero(names != ""):
            entry = number_day(int(roll.entry[pupil]))
            left = roll.leaving[pupil] != NONE and number_day(int(roll.leaving[pupil])) < terms[0].start
            if entry > terms[2].end or left:
                continue
            rows.append(
                {
                    "pupil_id": roll.pupil_id[pupil],
                    "academic_year": year_name(year),
                    "year_group": names[pupil],
                    "class": roll.school.class_name(names[pupil], int(roll.place[pupil])),
                    "start_date": entry if entry > terms[0].start else None,
                }
            )
    return table_of(rows)
