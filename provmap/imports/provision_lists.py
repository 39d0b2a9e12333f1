"""Tables whose rows are about provision: a map kept by hand, and a register with a row for each pupil."""

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from provmap.imports.delimited import Table
from provmap.imports.names import made_by
from provmap.imports.plans import Output, Plan

if TYPE_CHECKING:
    from provmap.imports.recognising import Meaning

OPEN = "?"
FILL = "fill down"
# Words of the step that splits names, and the column that is each: the classes that a name stands beside.
BESIDE = {"class": "class", "year": "year_group"}
DAYS = ("start_date", "expected_end_date", "end_date")
# What a map says of its provisions, and a register of a pupil's time in one.
OF_BOTH = ("sessions_per_week", "minutes_per_session")
WHO = ("school_id", "pupil_id", "upn", "former UPN", "surname", "forename", "date_of_birth")
Meanings = dict[str, "Meaning | None"]


def provision_map(plan: Plan, table: Table, meanings: Meanings) -> Plan:
    """A costed map kept by hand: a row an intervention, with a cell of pupils' names."""
    columns = _of(meanings, "provisions")
    fixed = {} if "tier" in columns else {"tier": OPEN}
    outputs = [Output("provisions", {"provision_id": columns["name"], **columns}, fixed)]
    found = _of(meanings, "placements", "pupils")
    merged = [columns[name] for name in ("name", "tier") if name in columns]
    steps = [{"do": FILL, "column": heading} for heading in merged if _has_gaps(table, heading)]
    if names := found.get("names", found.get("full name", "")):
        step = {"do": "split names", "column": names}
        step |= {word: found[name] for word, name in BESIDE.items() if name in found}
        steps.append(step)
        given = {"pupil_id": made_by(step), "provision_id": columns["name"]}
        given |= {name: found[name] for name in DAYS if name in found}
        outputs.append(Output("placements", given, {} if "start_date" in found else {"start_date": OPEN}))
    return replace(plan, outputs=tuple(outputs), steps=tuple(steps))


def is_register(meanings: Meanings) -> bool:
    """Whether each row names a pupil by a number, or by surname and forename, and not by a cell of names."""
    own = set(_of(meanings, "pupils"))
    is_one = "pupil_id" in own or "upn" in own or {"surname", "forename"} <= own
    return is_one and "names" not in _of(meanings, "placements")


def who_of(meanings: Meanings) -> dict[str, str]:
    """The columns of a register that say who a pupil is."""
    found = _of(meanings, "pupils")
    return {name: found[name] for name in WHO if name in found}


def register(plan: Plan, meanings: Meanings, own: dict[str, str]) -> Plan:
    """A row for each pupil and provision. The pupils are known by `own`; a register is no roll."""
    columns, found = _of(meanings, "provisions"), _of(meanings, "placements")
    name = columns["name"]
    offer = {"provision_id": name, "name": name} | {key: columns[key] for key in ("tier",) if key in columns}
    given = {key: own[key] for key in ("school_id", "pupil_id") if key in own} | {"provision_id": name}
    given |= {key: found[key] for key in DAYS if key in found}
    given |= {key: columns[key] for key in OF_BOTH if key in columns}
    asked = {key: OPEN for key in ("pupil_id", "start_date") if key not in given}
    offered = Output("provisions", offer, {} if "tier" in columns else {"tier": OPEN})
    return replace(plan, outputs=(offered, Output("placements", given, asked)))


def fill_down(table: Table, heading: str) -> Table:
    """What is blank is as in the row above: so a merged cell reads once it is apart."""
    place = str(table.place_of(heading))
    cells = table.rows[place].cast(pl.String)
    filled = cells.set(cells.str.strip_chars() == "", None).forward_fill()
    return replace(table, rows=table.rows.with_columns(filled.alias(place)))


def _has_gaps(table: Table, heading: str) -> bool:
    """Whether a column begins with a value and has blanks in rows that say something else."""
    texts = table.rows.cast(pl.String).with_columns(pl.all().fill_null("").str.strip_chars())
    cells = texts[str(table.place_of(heading))]
    others = texts.select(pl.sum_horizontal((pl.all() != "").cast(pl.UInt32))).to_series()
    return len(cells) > 0 and cells[0] != "" and bool(((cells == "") & (others > 1)).any())


def _of(meanings: Meanings, *kinds: str) -> dict[str, str]:
    """The columns that mean something in these datasets; the first of two that mean the same."""
    return {
        meaning.column: heading
        for heading, meaning in reversed(meanings.items())
        if meaning and meaning.dataset in kinds
    }
