"""What is printed: words, tables and charts in order -> a PDF.

The PDF is tagged, so that it can be read aloud in order; its fonts are our own, so that a name looks the same
on every machine. What a school wrote goes in as data and is never read as an instruction.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import typst

from provmap.documents.columns import SIZES, can_break, fitted

PLACE = Path(__file__).parent
# Points of large print.
LARGE = (16.0,)


@dataclass(frozen=True)
class Section:
    """A part of a document: heading, words, points, table, chart, lines and box to write in, in this order.

    `widths` are shares of the breadth, one a column; without them each is as wide as its words ask for.
    `chart` is an SVG; `chart_says` says it in words.
    """

    heading: str = ""
    paragraphs: Sequence[str] = ()
    points: Sequence[str] = ()
    columns: Sequence[str] = ()
    widths: Sequence[float] = ()
    rows: Sequence[Sequence[str]] = ()
    chart: str = ""
    chart_says: str = ""
    lines: int = 0
    box_mm: int = 0
    new_page: bool = False


@dataclass(frozen=True)
class Document:
    """What is to be printed. `footer` stands on every sheet, beside its number; `large` is large print.

    A document lies across the sheet where it is told to, or where one of its tables asks for it.
    """

    title: str
    subtitle: str
    footer: str
    sections: Sequence[Section] = field(default_factory=tuple)
    landscape: bool = False
    large: bool = False


def print_pdf(document: Document) -> bytes:
    """The document as a PDF: A4, headings of tables again on every sheet, sheets numbered."""
    given = asdict(document)
    for part in given["sections"]:
        part["size"] = 10 if len(part["columns"]) < 6 else 9
        if part["columns"] and not part["widths"]:
            part["rows"] = [[can_break(cell) for cell in row] for row in part["rows"]]
            fit = fitted(part["columns"], part["rows"], LARGE if document.large else SIZES)
            part |= {"widths": fit.widths, "size": fit.size}
            given["landscape"] = given["landscape"] or fit.landscape
    made: bytes = typst.compile(
        str(PLACE / "document.typ"),
        font_paths=[str(PLACE / "fonts")],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(given, ensure_ascii=False)},
        # Tagged, so that it can be read aloud (PDF/UA).
        pdf_standards="ua-1",
    )
    return made
