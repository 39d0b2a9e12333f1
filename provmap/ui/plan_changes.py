"""What a person can change about the plan for a foreign file: a plan in, a plan out, nothing on the screen.

Each change leaves a plan that can be carried out, or one with a "?" for what is now to be said: a column
that its dataset must have is never lost in silence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from provmap.imports.codes import fold
from provmap.imports.long_results import less
from provmap.imports.names import open_names
from provmap.imports.plans import Each, Output, Plan
from provmap.imports.provision_lists import FILL
from provmap.imports.provisions import STEP as PROVISIONS
from provmap.imports.provisions import as_written
from provmap.imports.provisions import made_by as provisions_made_by
from provmap.imports.provisions import open_names as open_provisions
from provmap.imports.recognising import OPEN
from provmap.store import datasets
from provmap.ui.new_provisions import without_unused

LEAVE_OUT = ""
RESULT, TICK, DAY, GROUP, NEED, SECOND_NEED = "result", "tick", "day", "group", "need", "second need"
FULL_NAME, YEAR_AND_CLASS = "split name", "split year and class"
NAMES = "split names"
SHARE, SESSIONS = "attendance, a percentage", "attendance, sessions"
BY_UPN, BY_BIRTH, NUMBERED = "match by UPN", "match by name and date of birth", "number rows"
BY_FORMER = "follow former UPN"
# What a spread-out column is: its dataset, what its cells become, and when a cell makes a row.
SPREAD = {
    RESULT: ("assessments", "value", "filled"),
    TICK: ("placements", "", "ticked"),
    DAY: ("placements", "start_date", "filled"),
    GROUP: ("memberships", "", "ticked"),
    SHARE: ("attendance", "attended", "percentage"),
    SESSIONS: ("attendance", "attended", "filled"),
}
# What has to be said of each of these, and is asked until it is.
MUST_SAY = {
    RESULT: ("subject", "scale"),
    TICK: ("provision_id", "start_date"),
    DAY: ("provision_id",),
    GROUP: ("group_code", "start_date"),
    SHARE: ("possible", "start_date", "end_date"),
    SESSIONS: ("possible", "start_date", "end_date"),
}
RANKS = {NEED: "1", SECOND_NEED: "2"}
# What the names of provisions can be to the rows that speak of them.
NAMES_PROVISION = ("provisions: name", "provisions: provision_id", "placements: provision_id")
# Columns that only say who a pupil is: alone, they are no dataset of their own.
WHO = {"school_id", "pupil_id", "upn"}


@dataclass(frozen=True)
class Use:
    """What one column of a file becomes, and what else is true of the rows that it makes."""

    kind: str
    details: dict[str, str] = field(default_factory=dict)


def use_of(plan: Plan, heading: str) -> Use:
    """What a column becomes under a plan."""
    plan = as_written(plan)
    for output in plan.outputs:
        for each in output.each:
            if fold(each.column) == fold(heading):
                return Use(_kind_of(output, each), dict(each.set))
    for step in plan.steps:
        if kind := _kind_in(step, heading):
            return Use(kind, {key: step[key] for key in ("order",) if key in step})
    found = [
        (output, name)
        for output in plan.outputs
        for name, column in output.columns.items()
        if fold(column) == fold(heading)
    ]
    # What a column is by itself says more than that it also names the pupil.
    for output, name in sorted(found, key=lambda one: one[1] in ("pupil_id", "provision_id")):
        if output.dataset == "needs" and name == "need_code":
            return Use(SECOND_NEED if output.set.get("rank") == "2" else NEED)
        return Use("pupils: pupil_id" if name == "pupil_id" else f"{output.dataset}: {name}")
    return Use(LEAVE_OUT)


def become(plan: Plan, heading: str, use: Use) -> Plan:
    """The plan in which a column becomes something else."""
    old = use_of(plan, heading)
    if old.kind == use.kind and (use.kind not in SPREAD or use.details == old.details):
        return plan
    if use.kind in NAMES_PROVISION or old.kind in NAMES_PROVISION:
        # Names of provisions are looked up again at the next look.
        plan = as_written(plan)
    plan = _without_answers(plan, heading)
    if old.kind == use.kind:
        plan = _with_details(plan, heading, use)
        return settled(without_unused(plan, old.details))
    plan = without_unused(_without(plan, heading), old.details)
    if use.kind in SPREAD:
        plan = _add_each(plan, heading, use)
    elif use.kind in RANKS:
        plan = _add(plan, Output("needs", _who(plan) | {"need_code": heading}, {"rank": RANKS[use.kind]}))
    elif use.kind == FULL_NAME:
        plan = with_step(plan, {"do": FULL_NAME, "column": heading, "order": use.details.get("order", OPEN)})
    elif use.kind in (YEAR_AND_CLASS, NAMES):
        plan = with_step(plan, {"do": use.kind, "column": heading})
    elif use.kind == "pupils: upn":
        plan = with_step(
            plan, {"do": BY_UPN, "column": heading, "else": _who(plan).get("pupil_id") or heading}
        )
    elif use.kind == "pupils: pupil_id":
        plan = _with_identifier(plan, heading)
    elif use.kind:
        dataset, _, name = use.kind.partition(": ")
        plan = _with_column(plan, dataset, name, heading)
    return settled(plan)


def with_step(plan: Plan, step: dict[str, str]) -> Plan:
    """The plan with a step (again), and its new columns in their places."""
    if step in plan.steps:
        return plan
    is_other = [(one["do"], one.get("column")) != (step["do"], step.get("column")) for one in plan.steps]
    others = tuple(one for one, other in zip(plan.steps, is_other, strict=True) if other)
    is_split = step["do"] in (FULL_NAME, YEAR_AND_CLASS, FILL)
    # What is split comes first: pupils are then found by the names that it makes.
    plan = replace(plan, steps=(dict(step), *others) if is_split else (*others, dict(step)))
    made = made_by(step)
    if step["do"] == NAMES:
        return settled(_add(plan, _named(plan, made["pupil_id"])))
    if is_split:
        for name, heading in made.items():
            plan = _with_column(plan, "pupils", name, heading)
    if step["do"] == BY_UPN and any(output.dataset == "pupils" for output in plan.outputs):
        plan = _with_column(plan, "pupils", "upn", step["column"])
    if "pupil_id" in made:
        plan = _identify(plan, made["pupil_id"])
    return settled(plan)


def without_step(plan: Plan, step: dict[str, str]) -> Plan:
    """The plan without a step and without what it made; what the step read stands for itself again."""
    if step not in plan.steps:
        return plan
    plan = replace(plan, steps=tuple(one for one in plan.steps if one != step))
    made = made_by(step)
    if step["do"] == PROVISIONS:
        return as_written(plan)
    if step["do"] == NAMES:
        kept = (output for output in plan.outputs if made["pupil_id"] not in output.columns.values())
        return settled(replace(_without_answers(plan, step["column"]), outputs=tuple(kept)))
    for heading in made.values():
        for later in plan.steps:
            if heading in later.values():
                plan = without_step(plan, later)
        plan = _drop_column(plan, heading)
    if step["do"] == YEAR_AND_CLASS:
        plan = _with_column(plan, "pupils", "class", step["column"])
    if step["do"] in (BY_UPN, BY_FORMER):
        plan = _identify(plan, step["else"])
    return settled(plan)


def made_by(step: dict[str, str]) -> dict[str, str]:
    """The columns that a step adds: what each holds, and the heading that it gets."""
    if step["do"] == PROVISIONS:
        return provisions_made_by(step)
    source = step.get("column", "name and date of birth")
    names = {
        FULL_NAME: ("surname", "forename"),
        YEAR_AND_CLASS: ("year_group", "class"),
        BY_UPN: ("pupil_id",),
        BY_FORMER: ("pupil_id",),
        BY_BIRTH: ("pupil_id",),
        NAMES: ("pupil_id",),
    }
    if step["do"] == NUMBERED:
        return {"pupil_id": "row number"}
    return {name: f"{name} (from {source})" for name in names.get(step["do"], ())}


def with_step_word(plan: Plan, step: dict[str, str], word: str, text: str) -> Plan:
    """The plan in which one word of a step, such as the order of names, is said."""
    return replace(plan, steps=tuple(one | {word: text} if one == step else one for one in plan.steps))


def with_all(plan: Plan, dataset: str, name: str, text: str) -> Plan:
    """The plan in which something is true of every row of a dataset, such as the year group of one class."""
    outputs = (
        replace(output, set=output.set | {name: text})
        if output.dataset == dataset and name in output.set
        else output
        for output in plan.outputs
    )
    return settled(replace(plan, outputs=tuple(outputs)))


def asked(plan: Plan) -> Iterator[tuple[str, Any]]:
    """Every "?" of a plan: what kind of thing it is about, and which."""
    for output in plan.outputs:
        for name, text in output.set.items():
            if text == OPEN and not output.rows:
                yield "set", (output.dataset, name)
        for row in output.rows:
            if OPEN in row.values():
                yield "provision", row["provision_id"]
        for each in output.each:
            if OPEN in each.set.values():
                yield "column", each.column
    yield from (("meant", key) for key in open_provisions(plan))
    for step in plan.steps:
        if OPEN in step.values():
            yield "step", step
        if step["do"] == NAMES and open_names(plan, step["column"]):
            yield "names", step
    for key, text in plan.answers.items():
        if text == OPEN:
            yield "answer", key


def settled(plan: Plan) -> Plan:
    """The plan with a "?" for each column that a dataset must have and that nothing gives."""
    outputs = []
    for output in plan.outputs:
        if output.rows:
            outputs.append(output)
        elif output.each or set(output.columns) - WHO:
            outputs.append(_complete(output))
    return replace(plan, outputs=tuple(outputs))


def _complete(output: Output) -> Output:
    columns = output.columns
    if output.dataset == "provisions" and "name" in columns:
        # A map that is kept by hand has no identifiers: the name is one.
        columns = {"provision_id": columns["name"]} | columns
    required = {column.name for column in datasets()[output.dataset].columns if column.required}
    given = {*columns, *(name for each in output.each for name in (*each.set, each.to))}
    fixed = {name: text for name, text in output.set.items() if text != OPEN or name not in given}
    fixed |= dict.fromkeys(sorted(required - given - set(fixed)), OPEN)
    return replace(output, columns=columns, set=fixed)


def _kind_in(step: dict[str, str], heading: str) -> str:
    """What a column is to a step that reads it."""
    if fold(step.get("column", "")) == fold(heading):
        return {FULL_NAME: FULL_NAME, YEAR_AND_CLASS: YEAR_AND_CLASS, NAMES: NAMES,
                BY_UPN: "pupils: upn"}.get(step["do"], "")  # fmt: skip
    return "pupils: pupil_id" if fold(step.get("else", "")) == fold(heading) else ""


def _kind_of(output: Output, each: Each) -> str:
    spread = (output.dataset, each.to, each.when)
    return next((kind for kind, form in SPREAD.items() if form == spread), f"{output.dataset}, spread out")


def _with_details(plan: Plan, heading: str, use: Use) -> Plan:
    said = dict.fromkeys(MUST_SAY[use.kind], OPEN) | {key: text for key, text in use.details.items() if text}
    if use.kind == RESULT and not ("assessed_on" in said or {"academic_year", "term"} <= set(said)):
        said["assessed_on"] = OPEN

    def put(each: Each, beside: dict[str, str]) -> Each:
        return less(replace(each, set=said), beside) if fold(each.column) == fold(heading) else each

    outputs = (
        replace(output, each=tuple(put(each, output.columns) for each in output.each))
        for output in plan.outputs
    )
    return replace(plan, outputs=tuple(outputs))


def _without_answers(plan: Plan, heading: str) -> Plan:
    """What was asked of a column's cells is asked again, where it still arises."""
    answers = {key: text for key, text in plan.answers.items() if key.partition(" in ")[2] != heading}
    return replace(plan, answers=answers)


def _without(plan: Plan, heading: str) -> Plan:
    """The plan that makes no use of a column; steps that read it are left out too."""
    for step in plan.steps:
        if step["do"] == BY_UPN and fold(step["else"]) == fold(heading) != fold(step["column"]):
            # The pupils are still known by their UPN.
            others = tuple(one | {"else": one["column"]} if one == step else one for one in plan.steps)
            plan = replace(plan, steps=others)
        elif fold(heading) in [fold(text) for key, text in step.items() if key != "do"]:
            plan = without_step(plan, step)
    return _drop_column(plan, heading)


def _drop_column(plan: Plan, heading: str) -> Plan:
    outputs = []
    for output in plan.outputs:
        columns = {name: column for name, column in output.columns.items() if fold(column) != fold(heading)}
        each = tuple(one for one in output.each if fold(one.column) != fold(heading))
        if output.dataset == "needs" and "need_code" in output.columns and "need_code" not in columns:
            continue
        outputs.append(replace(output, columns=columns, each=each))
    return replace(plan, outputs=tuple(outputs))


def _with_column(plan: Plan, dataset: str, name: str, heading: str) -> Plan:
    for place, output in enumerate(plan.outputs):
        if output.dataset == dataset and not output.rows:
            columns = output.columns | {name: heading}
            named = output.columns.get("name")
            if (dataset, name) == ("provisions", "name") and named == output.columns.get("provision_id"):
                # The name is the identifier too, also for the pupils who are named beside it.
                outputs = tuple(
                    replace(one, columns=one.columns | {"provision_id": heading})
                    if named and one.columns.get("provision_id") == named else one
                    for one in plan.outputs
                )  # fmt: skip
                plan, columns = replace(plan, outputs=outputs), columns | {"provision_id": heading}
            return _put(plan, place, replace(output, columns=columns))
    own = _who(plan) | _split(plan) if dataset == "pupils" else {}
    first = Output(dataset, own | {name: heading})
    return replace(plan, outputs=(first, *plan.outputs))


def _add_each(plan: Plan, heading: str, use: Use) -> Plan:
    dataset, to, when = SPREAD[use.kind]
    each = Each(heading, to, {}, when)
    for place, output in enumerate(plan.outputs):
        if output.dataset == dataset and output.each:
            plan = _put(plan, place, replace(output, each=(*output.each, each)))
            break
    else:
        plan = _add(plan, Output(dataset, _who(plan), {}, (each,)))
    return _with_details(plan, heading, use)


def _with_identifier(plan: Plan, heading: str) -> Plan:
    for step in plan.steps:
        if step["do"] == BY_UPN:
            return replace(
                plan, steps=tuple(one | {"else": heading} if one == step else one for one in plan.steps)
            )
    plan = replace(plan, steps=tuple(step for step in plan.steps if step["do"] not in (BY_BIRTH, NUMBERED)))
    return _identify(plan, heading)


def _identify(plan: Plan, heading: str) -> Plan:
    """Every dataset of pupils says by this column who they are."""
    outputs = (
        replace(output, columns={"pupil_id": heading} | output.columns | {"pupil_id": heading})
        if "pupil_id" in datasets()[output.dataset].column_names and not output.rows
        else output
        for output in plan.outputs
    )
    return replace(plan, outputs=tuple(outputs))


def _who(plan: Plan) -> dict[str, str]:
    """The columns that say whose a row is, as every dataset of pupils has them."""
    for output in plan.outputs:
        if "pupil_id" in output.columns:
            return {
                name: column for name, column in output.columns.items() if name in ("school_id", "pupil_id")
            }
    made = {name: heading for step in plan.steps if step["do"] != NAMES
            for name, heading in made_by(step).items()}  # fmt: skip
    return {"pupil_id": made["pupil_id"]} if "pupil_id" in made else {}


def _split(plan: Plan) -> dict[str, str]:
    """What the steps that split a column make of it: a roll has it, also one that a person makes."""
    return {
        name: heading
        for step in plan.steps if step["do"] in (FULL_NAME, YEAR_AND_CLASS)
        for name, heading in made_by(step).items()
    }  # fmt: skip


def _named(plan: Plan, pupil: str) -> Output:
    """The rows of the pupils who are named beside a provision."""
    beside = next((one.columns["provision_id"] for one in plan.outputs
                   if one.dataset == "provisions" and "provision_id" in one.columns), None)  # fmt: skip
    return Output("placements", {"pupil_id": pupil} | ({"provision_id": beside} if beside else {}))


def _add(plan: Plan, output: Output) -> Plan:
    return replace(plan, outputs=(*plan.outputs, output))


def _put(plan: Plan, place: int, output: Output) -> Plan:
    return replace(plan, outputs=(*plan.outputs[:place], output, *plan.outputs[place + 1 :]))
