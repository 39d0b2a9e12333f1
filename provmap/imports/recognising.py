"""What a foreign table most likely is: headings and values -> a plan for a person to confirm.

Nothing here is done to the table; a plan says what would be. A "?" in a plan is a question that only a
person can answer.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import polars as pl

from provmap.imports import attended
from provmap.imports.cell_questions import ASKED, kind_of
from provmap.imports.codes import fold
from provmap.imports.delimited import Table
from provmap.imports.described import is_ticked
from provmap.imports.endings import total_rows
from provmap.imports.long_results import less, long_results
from provmap.imports.marks import proposed
from provmap.imports.names import open_names, steps_of
from provmap.imports.plans import Each, Output, Plan
from provmap.imports.provision_lists import is_register, provision_map, register, who_of
from provmap.imports.provisions import ABOUT
from provmap.imports.provisions import open_names as open_provisions
from provmap.imports.rolls import is_roll, roll_of
from provmap.imports.shaping import IMPORT_DATE, IMPORT_YEAR, TERM_WORDS, TERMS, Known, lay_out, repeated
from provmap.imports.tick_sheets import new_offers, provision_id

OWN_SYNONYMS = Path(__file__).with_name("synonyms.csv")
# How far down the headings of a file are looked for, and how many cells of a column are looked at.
HEADING_ROWS, LOOKED_AT = 25, 500
OPEN = "?"
SUBJECTS = {
    "reading": ("reading", "read", "rdg"),
    "writing": ("writing", "wri", "write"),
    "mathematics": ("mathematics", "maths", "math", "ma"),
    "spelling": ("spelling", "spell"),
    "grammar, punctuation and spelling": ("gps", "spag"),
    "phonics": ("phonics",),
    "science": ("science", "sci"),
}
SCALES = {
    "standardised": ("standardised", "ss", "sas", "standardized"),
    "teacher judgement": ("ta", "teacher", "judgement", "judgment"),
    "age": ("age", "ra"),
    "scaled score": ("ks2", "scaled", "sats"),
    "GCSE": ("gcse",),
}
JUDGEMENTS = {"wts", "exs", "gds", "pk1", "pk2", "pk3", "pk4", "pk5", "pk6"}


@dataclass(frozen=True)
class Meaning:
    """What a heading means: a column of a dataset, with subject and scale where it is a result."""

    dataset: str
    column: str
    subject: str = ""
    scale: str = ""


@dataclass(frozen=True)
class Context:
    """What a proposal leans on besides the file: what is held, the import's day, and what headings mean."""

    known: Known
    synonyms: dict[str, Meaning]


@cache
def own_synonyms(path: Path = OWN_SYNONYMS) -> dict[str, Meaning]:
    """Heading (folded) -> meaning, from the list that ships or one that a school keeps in its data folder."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            fold(row["heading"]): Meaning(
                row["dataset"], row["column"], row["subject"] or "", row["scale"] or ""
            )
            for row in csv.DictReader(file)
        }


def propose(table: Table, context: Context, headings: Plan | None = None, rows: str = "") -> Plan:
    """The likeliest plan for a table whose headings are not the contract's. Its outputs may be none.

    `headings` says where the headings stand, and `rows` of which dataset the rows are, where a person has
    said so.
    """
    plan = headings or _find_headings(table, context)
    laid = lay_out(table, plan, context.known)
    # What a total says is no value of its column.
    laid = replace(laid, rows=laid.rows.head(laid.rows.height - total_rows(laid, Plan())))
    meanings = {heading: _meaning(heading, context) for heading in laid.headings}
    kinds = {(meaning.dataset, meaning.column) for meaning in meanings.values() if meaning}
    sure = sum(meaning is not None for meaning in meanings.values())
    plan = replace(plan, sure=round(sure / max(sum(bool(one.strip()) for one in laid.headings), 1), 2))
    if rows == "pupils":
        return _pupils(plan, laid, meanings, context, is_said=True)
    if rows:
        likeliest = propose(table, context, headings)
        return replace(likeliest, outputs=tuple(one for one in likeliest.outputs if one.dataset == rows))
    if ("provisions", "name") in kinds and is_register(meanings):
        plan, own = _identity(plan, laid, who_of(meanings))
        return register(plan, meanings, own)
    if ("provisions", "name") in kinds:
        return provision_map(plan, laid, meanings)
    return _pupils(plan, laid, meanings, context)


def open_questions(plan: Plan) -> list[str]:
    """What only a person can say, a sentence each; a plan with any cannot be carried out."""
    if not plan.outputs:
        return ["Nothing in this file was recognised: what are its rows, and what is each column?"]
    questions = [
        f"{_ASKED.get(name, f'What is the {name} of')} all rows for {output.dataset}?"
        for output in plan.outputs for name, text in output.set.items() if text == OPEN
    ] + [
        f"{_ASKED.get(name, f'What is the {name} of')} the column {each.column}?"
        for output in plan.outputs for each in output.each for name, text in each.set.items() if text == OPEN
    ] + [
        f"{_ASKED.get(word, f'What is the {word} of')} {step.get('column', 'the file')}?"
        for step in plan.steps for word, text in step.items() if text == OPEN
    ]  # fmt: skip
    for step in steps_of(plan):
        if waiting := open_names(plan, step["column"]):
            asked = f"{step['column']} ({len(waiting)} to say)"
            questions.append(f"Which pupils are meant by the names in {asked}?")
    for key in open_provisions(plan):
        meant = f"{key.removeprefix(ABOUT)}: {plan.answers[key].removeprefix(f'{OPEN} ')}"
        questions.append(f"More than one provision that is held has that name. Which is meant by {meant}?")
    for about, text in plan.answers.items():
        if text == OPEN:
            questions.append(f"{ASKED[kind_of(about)]} ({about})")
    return questions


_ASKED = {
    "assessed_on": "On which day (assessed_on, such as 2025-07-10) were the results of",
    "scale": "On which scale are the results of",
    "subject": "Which subject are the results of",
    "provision_id": "Which provision is meant by",
    "start_date": "From which day holds",
    "end_date": "Until which day holds",
    "possible": "How many sessions (half days) were possible (those attended are then worked out, rounded "
    "half up) for",
    "prefix": "No column says who is who; rows can be numbered. With which prefix (such as maths-2026-) in",
    "tier": "Which tier (universal, targeted or specialist) holds for",
    "year_group": "Which year group holds for",
    "order": "Does the surname or the forename come first (surname first, forename first) in",
    "agreed": "There is no identifier: match pupils by name and date of birth (yes, no) in",
}


def _meaning(heading: str, context: Context) -> Meaning | None:
    """By the list of synonyms, else by the words of the heading: a subject makes it a result."""
    heading = _bare(heading)
    known = context.synonyms.get(fold(heading.replace("%", " percent ").replace("&", " ").replace(".", " ")))
    known = known or context.synonyms.get(fold(re.sub(r"[^\w\s]+", " ", heading)))
    # "Length of session (mins)": the unit in brackets is left aside only where nothing else is known.
    is_result = any(word in forms for word in heading.casefold().split() for forms in SUBJECTS.values())
    if not known and not is_result:
        known = context.synonyms.get(fold(re.sub(r"\(.*?\)", " ", heading)))
    if known:
        return known
    if context.known.provisions.find(heading):
        return Meaning("placements", "tick")
    if column := attended.read_heading(heading):
        return Meaning("attendance", column.holds)
    words = re.findall(r"[a-z]+\d?", heading.casefold())
    subject = next((name for name, forms in SUBJECTS.items() if any(word in forms for word in words)), "")
    if not subject or "target" in words:
        return None
    scale = next((name for name, forms in SCALES.items() if any(word in forms for word in words)), "")
    return Meaning("assessments", "value", subject, scale)


def _bare(heading: str) -> str:
    """ "PP (Y/N)" and "FSM?" say no more than PP and FSM."""
    return " ".join(re.sub(r"(?i)\(?\by\s*/\s*n\b\)?|\?", " ", heading).split())


def _find_headings(table: Table, context: Context) -> Plan:
    """The row with most headings that are known; two rows where a merged one stands above it."""
    texts = table.rows.head(HEADING_ROWS).cast(pl.String)
    rows = [list(table.headings), *([text or "" for text in row] for row in texts.iter_rows())]
    known = [sum(_meaning(cell, context) is not None for cell in row if cell.strip()) for row in rows]
    best = max(range(len(rows)), key=lambda place: (known[place], -place))
    plan = Plan(heading_row=best + 1)
    named = [fold(cell) for cell in rows[best] if cell.strip()]
    above = rows[best - 1] if best else []
    if best and sum(bool(cell.strip()) for cell in above) >= 2 and len(set(named)) < len(named):
        return replace(plan, heading_rows=2)
    # The merged row can be the one with the known words: "Reading | | Maths" over "Autumn | Spring | Autumn".
    if best + 1 < len(rows) and _is_term_row(rows[best + 1]):
        return replace(plan, heading_row=best + 2, heading_rows=2)
    return plan


def _is_term_row(row: list[str]) -> bool:
    return (
        sum(any(word in TERM_WORDS for word in re.findall(r"[a-z]+", cell.casefold())) for cell in row) >= 2
    )


def _pupils(
    plan: Plan, table: Table, meanings: dict[str, Meaning | None], context: Context, *, is_said: bool = False
) -> Plan:
    """Pupils, and what else the columns say of them; a roll by the look of it, or because it `is_said`."""
    own = _columns_of(meanings, "pupils")
    # What stands beside each result where a row is one: its subject, its day.
    of_each = _columns_of(meanings, "assessments")
    results, ticks = [], []
    needs: list[tuple[str, str]] = []
    for heading, meaning in meanings.items():
        if meaning is None:
            continue
        if meaning.column == "value" and not is_ticked(table, heading):
            results.append(_result(table, heading, meaning))
        elif meaning.column == "tick":
            ticks.append(proposed(table, heading, {"provision_id": _bare(heading)}, IMPORT_DATE))
        elif meaning.dataset == "needs" and meaning.column.startswith("need_code"):
            needs.append((heading, "2" if meaning.column.endswith("2") else "1"))
    plan, own = _identity(plan, table, own)
    # Of a heading that stands twice, neither counts before a person has said which.
    twice = repeated(table.headings)
    unsure = {name: OPEN for name, heading in own.items() if heading in twice and name != "pupil_id"}
    who: dict[str, str] = {name: own[name] for name in ("school_id", "pupil_id") if name in own}
    outputs = []
    attended_in = sum(
        meaning is not None and meaning.dataset == "attendance" for meaning in meanings.values()
    )
    is_other = bool(results or attended_in or needs or is_said or "year_group" in own)
    new = [] if is_other else _new_ticks(table, meanings)
    ticks += [proposed(table, name, {"provision_id": provision_id(_bare(name))}, IMPORT_DATE) for name in new]
    if is_said or is_roll(own, len(results) + len(ticks) + attended_in, len(needs)):
        outputs.append(roll_of(own, unsure))
    elif own.get("forename") == "row number":
        unsaid = {"surname": "Pupil", **({} if "year_group" in own else {"year_group": OPEN})}
        outputs.append(Output("pupils", own, unsaid))
    for heading, rank in needs:
        outputs.append(Output("needs", {**who, "need_code": heading}, {"rank": rank}))
    if results and "pupil_id" in own:
        beside = long_results(of_each)
        outputs.append(Output("assessments", who | beside, {}, tuple(less(one, beside) for one in results)))
    read = [(heading, attended.read_heading(heading)) for heading, meaning in meanings.items()
            if meaning and meaning.dataset == "attendance"]  # fmt: skip
    known, columns = context.known, {heading: found for heading, found in read if found}
    each = attended.each_of(columns, known.dated, known.terms)
    # Rows with a day of their own are not of the year so far; on a roll that day is the pupil's.
    has_days = bool({"start date", "end date"} & {fold(heading) for heading in meanings})
    has_days = has_days and not any(output.dataset == "pupils" for output in outputs)
    if each and "pupil_id" in own and not has_days:
        outputs.append(Output("attendance", who, {}, each))
    if ticks and "pupil_id" in own:
        outputs = [*new_offers([_bare(name) for name in new]), *outputs]
        outputs.append(Output("placements", who, {}, tuple(ticks)))
    return replace(_without_idle_names(plan, outputs), outputs=tuple(outputs))


def _without_idle_names(plan: Plan, outputs: list[Output]) -> Plan:
    """The plan that splits no full name where the pupils are known otherwise: a question less."""
    used = {column for output in outputs for column in output.columns.values()}
    used |= {text for step in plan.steps for word, text in step.items() if word in ("surname", "forename")}
    if not any(output.each for output in outputs):
        return plan
    idle = [
        step for step in plan.steps
        if step["do"] == "split name" and f"surname (from {step['column']})" not in used
    ]  # fmt: skip
    return replace(plan, steps=tuple(step for step in plan.steps if step not in idle))


def _columns_of(meanings: dict[str, Meaning | None], dataset: str) -> dict[str, str]:
    """The heading of each column of a dataset; of two that mean the same the legal name, else the first."""
    found = [(one.column, name) for name, one in meanings.items() if one and one.dataset == dataset]
    # A pupil's name here is the legal one, as in a transfer file, wherever its column stands.
    found.sort(key=lambda pair: "legal" not in fold(pair[1]))
    return dict(reversed(found))


def _new_ticks(table: Table, meanings: dict[str, Meaning | None]) -> list[str]:
    """Columns of nothing but ticks that mean nothing else: in a file that is no roll, a provision each."""
    free = [name for name, one in meanings.items() if one is None or one.dataset == "assessments"]
    return [name for name in free if name.strip() and is_ticked(table, name)]


def _identity(plan: Plan, table: Table, own: dict[str, str]) -> tuple[Plan, dict[str, str]]:
    """Names from one column, year from a class such as "5 Oak", and by what the pupils are known."""
    steps = []
    own = dict(own)
    full, former = own.pop("full name", None), own.pop("former UPN", None)
    if full and not {"surname", "forename"} <= set(own):
        order = "surname first" if _share(table, full, lambda text: "," in text) > 0.5 else OPEN
        steps.append({"do": "split name", "column": full, "order": order})
        own |= {"surname": f"surname (from {full})", "forename": f"forename (from {full})"}
    form = own.get("class")
    if form and "year_group" not in own and _share(table, form, _has_year) > 0.8:
        steps.append({"do": "split year and class", "column": form})
        own |= {"year_group": f"year_group (from {form})", "class": f"class (from {form})"}
    if "upn" in own:
        steps.append({"do": "match by UPN", "column": own["upn"], "else": own.get("pupil_id", own["upn"])})
        own["pupil_id"] = f"pupil_id (from {own['upn']})"
        if former:
            words = {"column": former, "upn": own["upn"], "else": own["pupil_id"]}
            steps.append({"do": "follow former UPN", **words})
            own["pupil_id"] = f"pupil_id (from {former})"
    elif "pupil_id" not in own and {"surname", "forename", "date_of_birth"} <= set(own):
        by = {name: own[name] for name in ("surname", "forename", "date_of_birth")}
        steps.append({"do": "match by name and date of birth", **by, "agreed": OPEN})
        own["pupil_id"] = "pupil_id (from name and date of birth)"
    elif own and not {"pupil_id", "surname", "forename"} & set(own):
        # Nothing in the file says who is who. Its rows can be numbered, which holds for this one file only:
        # a person gives a prefix of its own, so that the numbers of two files never meet.
        steps.append({"do": "number rows", "prefix": OPEN})
        own |= {"pupil_id": "row number", "forename": "row number"}
    return replace(plan, steps=tuple(steps)), own


def _has_year(text: str) -> bool:
    return bool(re.match(r"(?i)\s*(year|yr|y)?\s*(\d{1,2}|r|rec|reception|n[12])(\b|[a-z]\b|\s)", text))


def _result(table: Table, heading: str, meaning: Meaning) -> Each:
    """A column of results: subject and scale from its heading, else the scale from its values."""
    scale = meaning.scale
    if _share(table, heading, lambda text: text.casefold() in JUDGEMENTS) > 0.5:
        scale = "teacher judgement"
    made = {"subject": meaning.subject or OPEN, "scale": scale or OPEN}
    words = re.findall(r"[a-z]+", heading.casefold())
    term = next((name for name, forms in TERMS.items() if any(word in forms for word in words)), "")
    year = re.search(r"(20\d{2})\s*[/-]\s*(?:20)?(\d{2})\b", heading)
    if term:
        made |= {"academic_year": f"{year[1]}/{year[2]}" if year else IMPORT_YEAR, "term": term}
    else:
        made["assessed_on"] = OPEN if meaning.scale == "scaled score" else IMPORT_DATE
    if made["scale"] == "teacher judgement":
        made["source"] = "teacher"
    return Each(heading, "value", made)


def _share(table: Table, heading: str, is_so: Callable[[str], bool]) -> float:
    """The share of a column's cells, of those that are filled, of which something is so."""
    place = next(number for number, name in enumerate(table.headings) if name == heading)
    cells = table.rows[str(place)].head(LOOKED_AT).cast(pl.String).drop_nulls()
    texts = [text.strip() for text in cells if text.strip()]
    return sum(bool(is_so(text)) for text in texts) / len(texts) if texts else 0.0
