"""Provisions and scales that a plan adds, because a file speaks of what is not held yet."""

from dataclasses import replace

from provmap.imports.plans import Output, Plan
from provmap.imports.recognising import OPEN
from provmap.imports.tick_sheets import provision_id


def with_new_provision(plan: Plan, name: str) -> Plan:
    """The plan that also adds a provision called so, which is not held yet. Its tier is asked."""
    row = {"provision_id": provision_id(name), "name": name, "tier": OPEN}
    for place, output in enumerate(plan.outputs):
        if output.dataset == "provisions" and output.rows:
            if any(one["provision_id"] == row["provision_id"] for one in output.rows):
                return plan
            outputs = (
                *plan.outputs[:place],
                _of_rows(output, (*output.rows, row)),
                *plan.outputs[place + 1 :],
            )
            return replace(plan, outputs=outputs)
    return replace(plan, outputs=(_of_rows(Output("provisions"), (row,)), *plan.outputs))


def new_provisions(plan: Plan) -> dict[str, dict[str, str]]:
    """The provisions that a plan adds, by identifier."""
    return {
        row["provision_id"]: row
        for output in plan.outputs
        if output.dataset == "provisions"
        for row in output.rows
    }


def with_tier(plan: Plan, code: str, tier: str) -> Plan:
    """The plan in which a new provision is of a tier."""
    rows = {**new_provisions(plan), code: new_provisions(plan)[code] | {"tier": tier}}
    return _with_provisions(plan, rows)


def with_new_scale(plan: Plan, name: str, minimum: str, maximum: str) -> Plan:
    """The plan that also adds a scale of marks between these, where more is better."""
    row = {"scale": name, "kind": "number", "better": "higher", "minimum": minimum, "maximum": maximum}
    rows = new_scales(plan)
    others = tuple(output for output in plan.outputs if output.dataset != "scales" or not output.rows)
    return replace(plan, outputs=(Output("scales", rows=tuple((rows | {name: row}).values())), *others))


def new_scales(plan: Plan) -> dict[str, dict[str, str]]:
    """The scales that a plan adds, by name."""
    return {row["scale"]: row for output in plan.outputs if output.dataset == "scales" for row in output.rows}


def without_unused(plan: Plan, details: dict[str, str]) -> Plan:
    """What was to be added for a column with these details goes with the last column of it."""
    used = {text for output in plan.outputs for each in output.each for text in each.set.values()}
    code, scale = details.get("provision_id", ""), details.get("scale", "")
    rows = new_provisions(plan)
    if code in rows and code not in used:
        plan = _with_provisions(plan, {other: row for other, row in rows.items() if other != code})
    if scale in used:
        return plan
    outputs = (
        replace(output, rows=tuple(row for row in output.rows if row["scale"] != scale))
        if output.dataset == "scales" and output.rows
        else output
        for output in plan.outputs
    )
    is_kept = [one for one in outputs if one.dataset != "scales" or one.rows or one.columns]
    return replace(plan, outputs=tuple(is_kept))


def _with_provisions(plan: Plan, rows: dict[str, dict[str, str]]) -> Plan:
    outputs = (
        _of_rows(output, tuple(rows.values())) if output.dataset == "provisions" and output.rows else output
        for output in plan.outputs
    )
    is_kept = [one for one in outputs if one.dataset != "provisions" or one.rows or one.columns]
    return replace(plan, outputs=tuple(is_kept))


def _of_rows(output: Output, rows: tuple[dict[str, str], ...]) -> Output:
    """With a "?" for all while any row has one: what the import asks for is what is set."""
    is_open = any(OPEN in row.values() for row in rows)
    return replace(output, rows=rows, set={"tier": OPEN} if is_open else {})
