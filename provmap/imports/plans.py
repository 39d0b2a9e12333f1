"""How one foreign table becomes rows of the contract: plain data that a person confirms, changes and keeps.

A plan is JSON: where the headings stand, what is left out, the steps that make new columns, and for each
dataset which column becomes which. It is made by `recognising`, carried out by `shaping`.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from provmap.errors import ImportRefused
from provmap.imports.codes import fold
from provmap.store.contract import datasets

# What a step can do, with the words that it needs besides.
STEPS = {
    "split name": ("column", "order"),
    "split year and class": ("column",),
    "split names": ("column",),
    "match provisions": ("column",),
    "fill down": ("column",),
    "number rows": ("prefix",),
    "match by UPN": ("column", "else"),
    "follow former UPN": ("column", "upn", "else"),
    "match by name and date of birth": ("surname", "forename", "date_of_birth", "agreed"),
}
ORDERS = ("surname first", "forename first")
# How an answer begins that says which pupil a name is. It holds for one import, and is not remembered.
ABOUT_PUPIL = "pupil "
# The end of a span of attendance that grows until the year is over.
YEAR_SO_FAR = "last day of the year"
# Which cells of a spread-out column make a row.
WHEN = ("filled", "ticked", "percentage")


@dataclass(frozen=True)
class Each:
    """One column of the table that is rows of its own: a result, a tick, a date.

    `to` is the contract column that its cells become (empty: the cell says only that there is a row);
    `set` is what else is true of these rows, by contract column.
    """

    column: str
    to: str = "value"
    set: dict[str, str] = field(default_factory=dict)
    when: str = "filled"


@dataclass(frozen=True)
class Output:
    """Rows of one dataset: contract column by heading, what is set for all, and spread-out columns."""

    dataset: str
    columns: dict[str, str] = field(default_factory=dict)
    set: dict[str, str] = field(default_factory=dict)
    each: tuple[Each, ...] = ()
    rows: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """What is to be done with one table.

    `heading_row` counts the rows of the table that are not blank from 1; `heading_rows` is 2 where a merged
    row stands above the headings. `ending_rows` of totals are left out of this file. `sure` (0 to 1) says how
    much of the table was recognised. `answers` holds what only a person could settle, by question.
    """

    outputs: tuple[Output, ...] = ()
    heading_row: int = 1
    heading_rows: int = 1
    ending_rows: int = 0
    steps: tuple[dict[str, str], ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    sure: float = 1.0


def plan_from(words: Any, name: str = "The mapping") -> Plan:
    """A plan from its JSON. Raises ImportRefused with what is wrong with it."""
    try:
        outputs = tuple(
            Output(
                one["dataset"], dict(one.get("columns", {})), dict(one.get("set", {})),
                tuple(Each(**each) for each in one.get("each", ())),
                tuple(dict(row) for row in one.get("rows", ())),
            )
            for one in words.get("outputs", ())
        )  # fmt: skip
        rest = {key: words[key] for key in ("heading_row", "heading_rows", "ending_rows", "answers", "sure")
                if key in words}  # fmt: skip
        plan = Plan(outputs, steps=tuple(dict(step) for step in words.get("steps", ())), **rest)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ImportRefused(
            f"{name} is not written as a mapping ({error}).",
            "Print one with `import --dry-run` and change that.",
        ) from error
    _check(plan, name)
    return plan


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain data."""
    return asdict(plan)


def _check(plan: Plan, name: str) -> None:
    for step in plan.steps:
        needed = STEPS.get(step.get("do", ""))
        if needed is None or any(word not in step for word in needed):
            raise ImportRefused(
                f"{name} has a step that provmap does not know: {step.get('do', '(none)')}.",
                f"It can be: {', '.join(STEPS)}.",
            )
    for output in plan.outputs:
        if output.dataset not in datasets():
            raise ImportRefused(
                f"{name} speaks of a dataset {output.dataset}.", "There is none of that name."
            )
        known = set(datasets()[output.dataset].column_names)
        named = {*output.columns, *output.set, *(key for row in output.rows for key in row)}
        for each in output.each:
            named |= {*each.set, *([each.to] if each.to else [])}
            if each.when not in WHEN:
                raise ImportRefused(f"{name} says when: {each.when}.", f"It can be: {', '.join(WHEN)}.")
        if unknown := sorted(named - known):
            raise ImportRefused(
                f"{name} gives {output.dataset} a column {', '.join(unknown)}.",
                f"Its columns are: {', '.join(datasets()[output.dataset].column_names)}.",
            )


def signature(headings: tuple[str, ...]) -> str:
    """The same for every file with these headings, in whatever order, case and spacing."""
    words = sorted(fold(heading) for heading in headings)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def remembered(folder: Path, headings: tuple[str, ...]) -> Plan | None:
    """The plan that was confirmed for this kind of file, if any."""
    path = folder / "mappings" / f"{signature(headings)}.json"
    if not path.exists():
        return None
    try:
        return plan_from(json.loads(path.read_text(encoding="utf-8")), path.name)
    except json.JSONDecodeError as error:
        raise ImportRefused(f"{path.name} in the folder mappings is damaged.", "Remove it.") from error


def remember(folder: Path, headings: tuple[str, ...], plan: Plan) -> None:
    """Keeps a confirmed plan for the next file of this kind. It holds headings and codes, no pupil."""
    path = folder / "mappings" / f"{signature(headings)}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = plan_json(to_keep(plan))
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")


def to_keep(plan: Plan) -> Plan:
    """The plan as it may be kept: headings and codes, and nothing that was said of a pupil.

    How many sessions the year so far had grows with the year, so that it is asked each time; and how many
    rows of totals there are is seen in each file.
    """
    answers = {key: text for key, text in plan.answers.items() if not key.startswith(ABOUT_PUPIL)}
    outputs = (replace(output, each=tuple(map(_asked_again, output.each))) for output in plan.outputs)
    return replace(plan, answers=answers, outputs=tuple(outputs), ending_rows=0)


def _asked_again(each: Each) -> Each:
    is_counted = each.set.get("possible", "").isdigit() and each.set.get("end_date") == YEAR_SO_FAR
    return replace(each, set=each.set | {"possible": "?"}) if is_counted else each
