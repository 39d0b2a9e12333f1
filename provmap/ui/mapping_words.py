"""What the plan for a foreign file says, in a school office's words."""

from datetime import date

from provmap.filters import show_date
from provmap.imports.attended import COLUMN
from provmap.imports.delimited import Table
from provmap.imports.plans import Plan
from provmap.imports.provision_lists import FILL
from provmap.imports.recognising import OPEN
from provmap.imports.shaping import IMPORT_DATE, IMPORT_YEAR
from provmap.store import datasets
from provmap.ui import plan_changes as changes
from provmap.ui.plan_changes import Use
from provmap.words import DATASETS, heading

PUPILS = {
    "pupil_id": "the pupil's number in the school",
    "upn": "the UPN",
    "surname": "the surname",
    "forename": "the forename",
    "year_group": "the year group",
    "class": "the class or form",
    "date_of_birth": "the date of birth",
    "sex": "the sex",
    "sen_status": "the SEN status (N, K, E)",
    "pupil_premium": "pupil premium",
    "fsm": "free school meals now",
    "ever_6": "free school meals in six years (Ever 6)",
    "eal": "English as an additional language",
    "eal_stage": "the stage of English (A to E)",
    "first_language": "the first language",
    "ethnicity": "the ethnicity",
    "looked_after": "looked after",
    "previously_looked_after": "previously looked after",
    "service_child": "service child",
    "young_carer": "young carer",
    "more_able": "more able",
    "entry_date": "the first day at the school",
    "leaving_date": "the last day at the school",
    "key_adult": "the key adult",
    "school_id": "the school's number (URN)",
}
OTHERS = {
    changes.LEAVE_OUT: "leave out",
    changes.RESULT: "a result",
    changes.TICK: "a provision: a tick or a yes",
    changes.DAY: "a provision: the day it began",
    changes.GROUP: "a group: a tick or a yes",
    changes.SHARE: "attendance: a percentage",
    changes.SESSIONS: "attendance: sessions attended",
    changes.NEED: "the main need",
    changes.SECOND_NEED: "the second need",
    changes.FULL_NAME: "a full name, to be split",
    changes.NAMES: "the names of the pupils in it",
    changes.YEAR_AND_CLASS: "year and class in one, such as 5 Oak",
}
PLACEMENT_DAYS = {
    "placements: start_date": "the pupils' first day in it",
    "placements: expected_end_date": "the day it is to be reviewed or to end",
    "placements: end_date": "the pupils' last day in it",
}
SCALES = {
    "standardised": "standardised score (100 is average)",
    "scaled score": "scaled score (80 to 120)",
    "age": "age (of reading or spelling)",
    "teacher judgement": "teacher's judgement (WTS, EXS, GDS)",
    "phonics check": "phonics check (0 to 40)",
    "multiplication check": "multiplication check (0 to 25)",
    "GLD": "good level of development",
}
# What stands in a plan in place of a day, so that it holds for the next file too.
DAYS = {OPEN: "a day to be said", IMPORT_DATE: "the day the files show"}
SOURCES = {"": "not said", "test": "a test", "teacher": "a teacher"}
ANSWERS = {
    "years.months": "years and months: 8.10 is 8 years 10 months",
    "decimal years": "years as a decimal: 8.5 is 8 years 6 months",
    "months": "months in all",
    "no score": "no score: the pupil did not sit it",
    "score": "a real score of zero",
    "first day": "the first day of it",
    "leave it out": "the other columns: leave this one out",
    "it alone": "this column alone",
    "tick": "a tick like the others: the day is left out",
}


def kinds(plan: Plan) -> list[str]:
    """What a column of this file can become, the likeliest first."""
    # A hand-kept map of provision speaks of provisions; every other file of pupils.
    if any(output.dataset == "provisions" and not output.rows for output in plan.outputs):
        names = [name for name in datasets()["provisions"].column_names if name != "school_id"]
        return [
            changes.LEAVE_OUT, changes.NAMES, *(f"provisions: {name}" for name in names), *PLACEMENT_DAYS,
        ]  # fmt: skip
    if dataset := _other_dataset(plan):
        names = list(datasets()[dataset].column_names)
        # Whose the row is, is one thing in every dataset.
        return [changes.LEAVE_OUT,
                *(f"{'pupils' if name == 'pupil_id' else dataset}: {name}" for name in names)]  # fmt: skip
    named = [f"pupils: {name}" for name in PUPILS]
    others = [kind for kind in OTHERS if kind not in (changes.LEAVE_OUT, changes.NAMES)]
    return [changes.LEAVE_OUT, *named[:6], *others, *named[6:]]


def _other_dataset(plan: Plan) -> str:
    """The dataset whose rows the rows of the file are, where that is not pupils."""
    whole = [output for output in plan.outputs if not output.each and not output.rows]
    if not whole or any(output.dataset == "pupils" for output in whole):
        return ""
    return next((output.dataset for output in whole if "rank" not in output.set), "")


def kind_words(kind: str) -> str:
    """What a kind of column is called in a list to choose from."""
    if kind in OTHERS:
        return OTHERS[kind]
    if kind in PLACEMENT_DAYS:
        return PLACEMENT_DAYS[kind]
    dataset, _, name = kind.partition(": ")
    if dataset == "pupils":
        return PUPILS.get(name, heading(name))
    if dataset == "provisions":
        return f"the provision's {heading(name).lower()}"
    return f"{DATASETS[dataset].lower()}: {heading(name).lower()}" if name else dataset


def use_words(use: Use, provisions: dict[str, str]) -> str:
    """What a column becomes, with its details, in one line."""
    words = "left out" if use.kind == changes.LEAVE_OUT else kind_words(use.kind)
    words = words.partition(": ")[0] if use.kind in changes.SPREAD else words
    said = use.details
    if use.kind == changes.RESULT:
        # What is in brackets is for choosing by.
        scale = SCALES.get(said.get("scale", ""), said.get("scale", "")).partition(" (")[0]
        subject = said.get("subject", "")
        parts = ["subject to be said" if subject == OPEN else subject,
                 "scale to be said" if scale == OPEN else scale,
                 when_words(said), _by(said.get("source", ""))]  # fmt: skip
    elif use.kind in (changes.TICK, changes.DAY):
        name = said.get("provision_id", "")
        day = said.get("start_date", "")
        parts = [provisions.get(name, name), f"from {_day(day)}" if day else ""]
    elif use.kind == changes.GROUP:
        parts = [said.get("group_code", ""), f"from {_day(said.get('start_date', OPEN))}"]
    elif use.kind in (changes.SHARE, changes.SESSIONS):
        parts = [_of_possible(use), f"from {_day(said.get('start_date', OPEN))}",
                 f"to {_day(said.get('end_date', OPEN))}"]  # fmt: skip
    else:
        parts = []
    parts = ["to be said" if part == OPEN else part for part in parts if part]
    return f"{words}: {', '.join(parts)}" if parts else words


def when_words(said: dict[str, str]) -> str:
    """When results were made: "on 10 Jul 2025" or "autumn 2025/26"."""
    if day := said.get("assessed_on"):
        return "day to be said" if day == OPEN else f"on {_day(day)}"
    year = said.get("academic_year", "")
    return (
        f"{said.get('term', '')} {'term of the year of the files' if year == IMPORT_YEAR else year}".strip()
    )


def step_words(step: dict[str, str], sample: str) -> str:
    """What a step does, as a sentence."""
    column = step.get("column", "")
    such = f" (such as {sample})" if sample else ""
    order = f", {step['order']}" if step.get("order", OPEN) != OPEN else ""
    other = "their UPN as number" if step.get("else") == column else f"the number in “{step.get('else')}”"
    words = {
        changes.FULL_NAME: f"Split “{column}” into surname and forename{order}",
        changes.YEAR_AND_CLASS: f"Split “{column}”{such} into year group and class",
        changes.NAMES: f"Give the provision to each pupil named in “{column}”, once you have said who is who",
        changes.BY_UPN: f"Find pupils by their UPN in “{column}”; those who are new get {other}",
        changes.BY_FORMER: f"Take a pupil held under the former UPN in “{column}” to be the same pupil",
        FILL: f"Take what is blank in “{column}” from the row above, as in merged cells",
        changes.BY_BIRTH: "Find pupils by surname, forename and date of birth",
    }
    return words.get(step["do"], "Number the rows, because the file holds no pupil's number")


def recognised_words(sure: float) -> str:
    """How much of a file was recognised, in words and as a share."""
    limits = ((0.999, "All"), (0.85, "Nearly all"), (0.6, "Most"), (0.35, "About half"), (0, "Little"))
    words = next(word for limit, word in limits if sure >= limit)
    return f"{words} of it was recognised ({sure:.0%} of the columns)."


def heading_line(table: Table, plan: Plan) -> int:
    """The line of the original file in which the headings stand: blank lines above them count there."""
    lines = table.lines
    if plan.heading_row > 1 and plan.heading_row - 2 < len(lines):
        return int(lines[plan.heading_row - 2])
    return max(int(lines[0]) - 1, 1) if len(lines) else plan.heading_row


def layout_words(plan: Plan, line: int) -> str:
    """Where the headings stand, by line of the file, and what is left out at the end."""
    merged = ", joined with the merged row above" if plan.heading_rows == 2 else ""
    endings = {0: "No row at the end is left out.", 1: "The last row is left out as a total."}
    ending = endings.get(plan.ending_rows, f"The last {plan.ending_rows} rows are left out as totals.")
    return f"Its headings stand in line {line}{merged}. {ending}"


def _of_possible(use: Use) -> str:
    """ "percentage of 60 sessions, rounded half up": how the sessions attended are had."""
    possible = use.details.get("possible", OPEN)
    if possible.startswith(COLUMN):
        of = f"of those in “{possible.removeprefix(COLUMN)}”"
    else:
        of = "of sessions to be said" if possible == OPEN else f"of {possible} sessions"
    return f"percentage {of}, rounded half up" if use.kind == changes.SHARE else f"sessions attended {of}"


def _by(source: str) -> str:
    return f"by {SOURCES[source]}" if source in ("test", "teacher") else source


def _day(text: str) -> str:
    if text in DAYS:
        return DAYS[text]
    try:
        return show_date(date.fromisoformat(text))
    except ValueError:
        return text
