"""Results of which each has a row: its subject, its day and its scale stand in columns beside it."""

from dataclasses import replace

from provmap.imports.plans import Each

# The day says when; a term and its year do only where there is none.
WHEN = ("assessed_on", "academic_year", "term")


def long_results(of_each: dict[str, str]) -> dict[str, str]:
    """The columns that say what each result is of; none where the results name their subjects themselves."""
    if "subject" not in of_each:
        return {}
    left = WHEN[1:] if "assessed_on" in of_each or not set(WHEN[1:]) <= set(of_each) else ()
    return {name: heading for name, heading in of_each.items() if name not in (*left, "value")}


def less(each: Each, beside: dict[str, str]) -> Each:
    """A column of results without what the columns beside it say."""
    said = WHEN if set(WHEN) & set(beside) else ()
    return replace(each, set={name: text for name, text in each.set.items() if name not in (*beside, *said)})
