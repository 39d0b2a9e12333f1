"""What a person has answered about the cells of a foreign file: a plan in, a plan out."""

from dataclasses import replace

from provmap.imports.names import open_names
from provmap.imports.plans import Plan


def with_answer(plan: Plan, key: str, text: str) -> Plan:
    """The plan with the answer to a question about cells."""
    return replace(plan, answers=plan.answers | {key: text})


def with_answers(plan: Plan, answers: dict[str, str]) -> Plan:
    """The plan with answers to several such questions."""
    return replace(plan, answers=plan.answers | answers)


def with_names_open(plan: Plan, asked: Plan, column: str) -> Plan:
    """The plan in which the names of a column still wait for a person, as they did before."""
    waiting = {key: asked.answers[key] for key in open_names(asked, column)}
    return with_answers(plan, waiting)
