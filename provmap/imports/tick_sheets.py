"""Sheets of ticks: a row a pupil, a column a provision, also one that is not held yet."""

from provmap.imports.codes import fold
from provmap.imports.plans import Output

OPEN = "?"


def provision_id(name: str) -> str:
    """The identifier that a provision gets from its name."""
    return "-".join(fold(name).split())


def new_offers(names: list[str]) -> list[Output]:
    """The provisions that these columns name and that are not held: each is added, once its tier is said."""
    rows = {provision_id(name): {"name": name, "tier": OPEN} for name in names if provision_id(name)}
    if not rows:
        return []
    return [
        Output(
            "provisions",
            set={"tier": OPEN},
            rows=tuple({"provision_id": key} | row for key, row in rows.items()),
        )
    ]
