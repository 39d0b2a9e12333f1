"""Names of provisions in a file -> the provisions that are held, so that none of them is made a second time.

A map kept by hand knows its provisions by name. A name that a held provision has, without regard to case and
spaces, is taken to be that provision, which is said; of two held ones a person says which. A person's word
is an answer of the plan, and is remembered with it.
"""

import re
from dataclasses import dataclass, replace

import polars as pl

from provmap.imports.codes import fold
from provmap.imports.delimited import Table
from provmap.imports.plans import Each, Output, Plan

STEP = "match provisions"
# How an answer begins that says which held provision a name is; one that waits begins with the mark.
ABOUT, OPEN = "provision ", "?"
MADE = ("provision_id", "name", "tier")
# The datasets whose rows speak of a provision; where the name is the identifier too, so does a map's own.
SPEAKS = ("placements", "sessions", "reviews", "criteria", "voices")
MOST_NAMED = 12


@dataclass(frozen=True)
class Provision:
    """A provision that is held, as far as a person has to know which one is meant."""

    provision_id: str
    name: str
    tier: str = ""

    @property
    def words(self) -> str:
        """ "T Talk Time, targeted"."""
        return f"{self.provision_id} {self.name}{f', {self.tier}' if self.tier else ''}"


class Provisions:
    """The provisions that are held, by identifier and by name."""

    def __init__(self, held: list[Provision] | None = None) -> None:
        self.held = {one.provision_id: one for one in held or []}
        self._names: dict[str, list[Provision]] = {}
        self._codes: dict[str, list[Provision]] = {}
        for one in self.held.values():
            self._names.setdefault(same(one.name), []).append(one)
            self._codes.setdefault(same(one.provision_id), []).append(one)

    def find(self, text: str) -> tuple[Provision, ...]:
        """The held provisions that a text can mean; its own identifier comes before any name."""
        if text in self.held:
            return (self.held[text],)
        return tuple(self._names.get(same(text)) or self._codes.get(same(text)) or ())

    @property
    def labels(self) -> dict[str, str]:
        """What each is called where a person chooses: by name, and by identifier too where two share one."""
        return {
            code: one.name if len(self._names[same(one.name)]) == 1 else f"{one.name} ({code})"
            for code, one in self.held.items()
        }


def same(text: str) -> str:
    """A name without regard to case, spaces and hyphens; every other letter and mark counts."""
    return fold(text).replace(" ", "")


def steps_of(plan: Plan) -> list[dict[str, str]]:
    """The steps of a plan that look names of provisions up."""
    return [step for step in plan.steps if step["do"] == STEP]


def made_by(step: dict[str, str]) -> dict[str, str]:
    """The columns that such a step adds: what each holds, and its heading."""
    return {name: f"{name} (from {step['column']})" for name in MADE}


def key_of(step: dict[str, str], text: str) -> str:
    """The answer that says which held provision a name in the step's column is."""
    return f"{ABOUT}{' '.join(text.split())} in {step['column']}"


def by_name(plan: Plan) -> Plan:
    """The plan in which every column of provisions' names is looked up before it is an identifier."""
    for place, output in enumerate(plan.outputs):
        heading = output.columns.get("provision_id", "")
        is_map = output.dataset == "provisions" and output.columns.get("name") == heading
        is_looked_up = heading.startswith("provision_id (from ")
        if not heading or is_looked_up or not (is_map or output.dataset in SPEAKS):
            continue
        step = {"do": STEP, "column": heading}
        made = made_by(step)
        columns = output.columns | {"provision_id": made["provision_id"]}
        if is_map:
            columns |= {"name": made["name"]}
            columns |= {} if "tier" in columns else {"tier": made["tier"]}
        outputs = (*plan.outputs[:place], replace(output, columns=columns), *plan.outputs[place + 1 :])
        steps = plan.steps if step in plan.steps else (*plan.steps, step)
        plan = replace(plan, outputs=outputs, steps=steps)
    return plan


def as_written(plan: Plan) -> Plan:
    """The plan with the file's own columns in place of those that such steps make."""
    for step in steps_of(plan):
        made = dict.fromkeys(made_by(step).values(), step["column"])
        tier = made_by(step)["tier"]
        columns = (
            {name: made.get(one, one) for name, one in output.columns.items() if one != tier}
            for output in plan.outputs
        )
        outputs = tuple(
            replace(output, columns=own) for output, own in zip(plan.outputs, columns, strict=True)
        )
        plan = replace(plan, outputs=outputs, steps=tuple(one for one in plan.steps if one != step))
    return plan


def look_up(
    cells: pl.Series, step: dict[str, str], answers: dict[str, str], held: Provisions
) -> pl.DataFrame:
    """For each cell the identifier, name and tier of its provision: as held, else as it is written first."""
    found: dict[str, tuple[str, str, str]] = {"": ("", "", "")}
    first: dict[str, str] = {}
    for text in cells.unique(maintain_order=True):
        if text and (one := meant(text, step, answers, held)):
            found[text] = (one.provision_id, one.name, one.tier)
        elif text:
            new = first.setdefault(same(text), text)
            found[text] = (new, new, "")
    return pl.DataFrame([found[text] for text in cells], schema=dict.fromkeys(MADE, pl.String), orient="row")


def meant(text: str, step: dict[str, str], answers: dict[str, str], held: Provisions) -> Provision | None:
    """The held provision that a name is: the one a person says, else the only one of that name."""
    said = held.held.get(answers.get(key_of(step, text), ""))
    found = held.find(text)
    return said or (found[0] if len(found) == 1 else None)


def texts_of(table: Table, step: dict[str, str]) -> list[str]:
    """The different names in the step's column, in the order of the file."""
    cells = table.rows[str(table.place_of(step["column"]))].cast(pl.String).fill_null("")
    return [text for text in tidied(cells).unique(maintain_order=True) if text]


def tidied(cells: pl.Series) -> pl.Series:
    """Cells with single spaces."""
    return cells.str.strip_chars().str.replace_all(r"\s+", " ")


def asked(table: Table, plan: Plan, held: Provisions) -> Plan:
    """The plan with a question for each name that two held provisions have, and for the tier of new ones."""
    answers = dict(plan.answers)
    for step in steps_of(plan):
        news = False
        for text in texts_of(table, step):
            key, found = key_of(step, text), held.find(text)
            if key in answers and answers[key] not in held.held:
                # Said of a provision that is no longer held, or not yet said.
                del answers[key]
            if len(found) > 1 and key not in answers:
                answers[key] = f"{OPEN} {' or '.join(one.words for one in found)}"
            news = news or not (found or key in answers)
        plan = _with_tier(plan, made_by(step)["tier"], news=news)
    plan = replace(plan, answers=answers) if answers != plan.answers else plan
    return _of_ticks(plan, held)


def open_names(plan: Plan) -> list[str]:
    """The answers about provisions that a person has still to give."""
    return [key for key, text in plan.answers.items() if key.startswith(ABOUT) and text.startswith(OPEN)]


def _with_tier(plan: Plan, made: str, *, news: bool) -> Plan:
    """The tier of what is held is known; that of what is new is asked."""

    def settled(output: Output) -> Output:
        if output.dataset != "provisions" or output.columns.get("tier") != made:
            return output
        others = {name: text for name, text in output.set.items() if name != "tier"}
        return replace(output, set={"tier": OPEN} | output.set if news else others)

    return replace(plan, outputs=tuple(map(settled, plan.outputs)))


def _of_ticks(plan: Plan, held: Provisions) -> Plan:
    """A provision that a plan names or adds for a column is the held one of that name, if there is one."""
    added = {
        row["provision_id"]: row["name"]
        for output in plan.outputs if output.dataset == "provisions" for row in output.rows
    }  # fmt: skip
    named = {each.set.get("provision_id", "") for output in plan.outputs for each in output.each}
    moved = {}
    for code in sorted({*named, *added} - {"", OPEN, *held.held}):
        if found := held.find(added.get(code, code)):
            moved[code] = found[0].provision_id if len(found) == 1 else OPEN
    if not moved:
        return plan

    def put(each: Each) -> Each:
        code = each.set.get("provision_id", "")
        return replace(each, set=each.set | {"provision_id": moved[code]}) if code in moved else each

    outputs = []
    for output in plan.outputs:
        rows = tuple(row for row in output.rows if row.get("provision_id") not in moved)
        if rows or not output.rows:
            is_open = any(OPEN in row.values() for row in rows)
            fixed = output.set if not output.rows or is_open else {}
            outputs.append(replace(output, rows=rows, set=fixed, each=tuple(map(put, output.each))))
    return replace(plan, outputs=tuple(outputs))


def told(table: Table, plan: Plan, held: Provisions) -> list[str]:
    """Which names were taken to be provisions that are held, a sentence for each column of names."""
    notices = []
    for step in steps_of(plan):
        pairs = [(text, meant(text, step, plan.answers, held)) for text in texts_of(table, step)]
        taken = [f"{text} ({one.provision_id})" for text, one in pairs if one and text != one.provision_id]
        if taken:
            column = f"{table.file}, {step['column']}"
            notices.append(f"{column}: taken to be provision that is held already: {_some(taken)}.")
    ticks = {
        each.column: each.set["provision_id"]
        for output in plan.outputs for each in output.each if each.set.get("provision_id") in held.held
    }  # fmt: skip
    taken = [
        f"{heading.strip()} ({code})" for heading, code in ticks.items()
        if same(held.held[code].name) == same(re.sub(r"\(.*\)|\?", "", heading)) and heading.strip() != code
    ]  # fmt: skip
    if taken:
        notices.append(f"{table.file}: columns taken to be provision that is held already: {_some(taken)}.")
    return notices


def _some(named: list[str]) -> str:
    more = [f"{len(named) - MOST_NAMED:,} more"] if len(named) > MOST_NAMED else []
    return ", ".join([*named[:MOST_NAMED], *more])
