"""What is printed: words, tables and charts in order -> a PDF.

The PDF is tagged, so that it can be read aloud in order; its fonts are our own, so that a name looks the same
on every machine. What a school wrote goes in as data and is never read as an instruction.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import typst

PLACE = Path(__file__).parent


@dataclass(frozen=True)
class Section:
    """A part of a document: heading, words, points, table, chart, lines and box to write in, in this order.

    `widths` are shares of the breadth, a column each. `chart` is an SVG; `chart_says` says it in words.
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
    """What is to be printed. `footer` stands on every sheet, beside its number; `large` is large print."""

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
        # Of a table without widths each column is as wide as the others.
        part["widths"] = list(part["widths"]) or [1] * len(part["columns"])
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
