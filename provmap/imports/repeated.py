"""Tables in which one heading stands twice: both columns are kept apart; a person says which one counts."""

from collections import Counter
from dataclasses import replace

from provmap.errors import ImportRefused
from provmap.imports.delimited import Table
from provmap.imports.headings import SameHeading, plain, recognise
from provmap.imports.plans import Output, Plan
from provmap.imports.shaping import different

OPEN = "?"


def twice_headed(table: Table, stem: str) -> Plan | None:
    """The plan for a table in the contract's headings of which one stands twice; None where none does."""
    names = [plain(heading) for heading in table.headings]
    first = {name: place for place, name in reversed(list(enumerate(names)))}
    # The later ones under a name that means nothing, so that the rest can be recognised.
    apart = tuple(
        heading if first[name] == place else f"{heading} ({place})"
        for place, (heading, name) in enumerate(zip(table.headings, names, strict=True))
    )
    try:
        recognise(table, table.dataset or stem)
    except SameHeading:
        try:
            match = recognise(replace(table, headings=apart), table.dataset or stem)
        except ImportRefused:
            return None
    except ImportRefused:
        return None
    else:
        return None
    counted, laid = Counter(names), different(list(table.headings))
    asked = {name: OPEN for name, place in match.places.items() if counted[names[place]] > 1}
    kept = {name: laid[place] for name, place in match.places.items() if name not in asked}
    return Plan((Output(match.dataset.name, kept, asked),))
