"""What is printed: words, tables and charts in order -> a PDF.

The PDF is tagged, so that it can be read aloud in order; its fonts are our own, so that a name looks the same
on every machine. What a school wrote goes in as data and is never read as an instruction.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from provmap.documents.columns import ACROSS, SIZES, UPRIGHT, fitted, in_lines
from provmap.documents.letters import printable
from provmap.documents.pdf import pdf_of

# Points of large print.
LARGE = (16.0,)


@dataclass(frozen=True)
class Section:
    """A part of a document: heading, words, points, table, chart, lines and box to write in, in this order.

    `widths` are shares of the breadth, one a column; without them each is as wide as its words ask for.
    `marked` are the rows that stand out, by a tint of what a word in them says too.
    `charts` are pictures (SVG) with what each says in words, `charts_beside` of them beside each other.
    """

    heading: str = ""
    paragraphs: Sequence[str] = ()
    points: Sequence[str] = ()
    columns: Sequence[str] = ()
    widths: Sequence[float] = ()
    rows: Sequence[Sequence[str]] = ()
    marked: Sequence[int] = ()
    charts: Sequence[tuple[str, str]] = ()
    charts_beside: int = 1
    lines: int = 0
    box_mm: int = 0
    new_page: bool = False


@dataclass(frozen=True)
class Document:
    """What is to be printed. `footer` stands on every sheet, beside its number; `large` is large print.

    It lies across the sheet where it is told to, or where its only part is a table that asks for it. In a
    longer document a table on a new page lies across by itself where it asks for it.
    """

    title: str
    subtitle: str
    footer: str
    sections: Sequence[Section] = field(default_factory=tuple)
    landscape: bool = False
    large: bool = False


def print_pdf(document: Document) -> bytes:
    """The document as a PDF: A4, headings of tables again on every sheet, sheets numbered."""
    given = printable(asdict(document))
    parts = given["sections"]
    for part in parts:
        part |= {"size": 10 if len(part["columns"]) < 6 else 9, "across": False}
        if part["columns"] and not part["widths"]:
            _fit(part, document, is_alone=len(parts) == 1)
    if len(parts) == 1:
        given["landscape"] = document.landscape or parts[0]["across"]
    return pdf_of("document.typ", given)


def _fit(part: dict[str, Any], document: Document, *, is_alone: bool) -> None:
    """Gives the columns of a table their widths, on a sheet of its own across where it asks for one."""
    part["rows"] = [[in_lines(cell) for cell in row] for row in part["rows"]]
    rooms = [ACROSS] if document.landscape else [UPRIGHT]
    if not document.landscape and (is_alone or part["new_page"]):
        rooms.append(ACROSS)
    fit = fitted(part["columns"], part["rows"], LARGE if document.large else SIZES, rooms)
    part |= {"widths": fit.widths, "size": fit.size, "across": fit.room == ACROSS}
