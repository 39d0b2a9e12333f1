"""An XML file -> its elements, a few at a time, so that a large file stays small in memory.

What an attack needs is refused where it begins: document types, and with them entities of any kind. No
other file is ever opened.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from provmap.errors import ImportRefused

LARGEST = 500 * 1024**2
DEEPEST, MOST_PARTS, LONGEST_TEXT = 32, 50_000, 100_000
CHUNK = 65_536
EXPORT_AGAIN = "Export it again from the system that made it."


class OtherXml(ImportRefused):
    """An XML file of another kind than the one looked for."""


@dataclass(slots=True)
class Element:
    """An element with its line, its text without spaces around it, and the elements in it."""

    name: str
    line: int
    text: str = ""
    parts: list["Element"] = field(default_factory=list)

    def all(self, *path: str) -> list["Element"]:
        """Every element at the end of a path of names."""
        found = [self]
        for name in path:
            found = [part for element in found for part in element.parts if part.name == name]
        return found

    def get(self, *path: str) -> str:
        """The text of the first element at the end of a path that has any, else nothing."""
        return next((element.text for element in self.all(*path) if element.text), "")


def read_elements(file: str, content: bytes | Path, root: str, wanted: set[str]) -> Iterator[Element]:
    """The elements of these names, each with all that is in it. Raises ImportRefused with the line.

    Raises OtherXml where the file's outermost element is not `root`.
    """
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    if size > LARGEST:
        raise ImportRefused(f"{file} is larger than 500 MB.", "Export fewer pupils at a time.")
    reader = _Reader(file, root, wanted)
    with BytesIO(content) if isinstance(content, bytes) else content.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield from reader.feed(chunk)
        yield from reader.feed(b"", is_last=True)


class _Reader:
    """Builds the wanted elements from what the parser meets, and lets go of each once it is handed on."""

    def __init__(self, file: str, root: str, wanted: set[str]) -> None:
        self.file, self.root, self.wanted = file, root, wanted
        self.depth = self.count = self.length = 0
        self.open: list[Element] = []
        self.text: list[str] = []
        self.done: list[Element] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.refuse_type
        self.parser.EntityDeclHandler = self.refuse_type
        self.parser.ExternalEntityRefHandler = self.refuse_type

    def feed(self, chunk: bytes, *, is_last: bool = False) -> list[Element]:
        try:
            self.parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise self.damaged(error) from error
        except (LookupError, ValueError) as error:
            raise ImportRefused(f"{self.file} names an encoding that nobody knows.", EXPORT_AGAIN) from error
        done, self.done = self.done, []
        return done

    def damaged(self, error: expat.ExpatError) -> ImportRefused:
        names = expat.errors
        kind = names.messages.get(error.code, "")
        cut = (names.XML_ERROR_NO_ELEMENTS, names.XML_ERROR_UNCLOSED_TOKEN, names.XML_ERROR_PARTIAL_CHAR)
        if kind in cut:
            return ImportRefused(f"{self.file} is cut short: it ends on line {error.lineno:,}.", EXPORT_AGAIN)
        if kind in (names.XML_ERROR_UNKNOWN_ENCODING, names.XML_ERROR_INCORRECT_ENCODING):
            return ImportRefused(
                f"{self.file} is not in the encoding that its first line names.", EXPORT_AGAIN
            )
        return ImportRefused(
            f"{self.file} is damaged: line {error.lineno:,} is not XML ({kind}).",
            "Look for a letter that is not in the file's encoding, or a broken tag; else export it again.",
        )

    def start(self, name: str, _: dict[str, str]) -> None:
        name, self.depth = name.rpartition(" ")[2], self.depth + 1
        if self.depth == 1 and name != self.root:
            raise OtherXml(
                f"{self.file} is an XML file but no Common Transfer File: it begins with {name[:60]}.",
                "Export a Common Transfer File (CTF), or a CSV.",
            )
        if self.depth > DEEPEST:
            self.refuse(f"elements lie more than {DEEPEST} deep")
        if not self.open and name not in self.wanted:
            return
        self.count += 1
        if self.count > MOST_PARTS:
            self.refuse(f"one record has more than {MOST_PARTS:,} parts")
        self.text, self.length = [], 0
        element = Element(name, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].parts.append(element)
        self.open.append(element)

    def end(self, _: str) -> None:
        self.depth -= 1
        if not self.open:
            return
        element = self.open.pop()
        if not element.parts:
            element.text = "".join(self.text).strip()
        self.text, self.length = [], 0
        if not self.open:
            self.count = 0
            self.done.append(element)

    def characters(self, text: str) -> None:
        if not self.open:
            return
        self.length += len(text)
        if self.length > LONGEST_TEXT:
            self.refuse(f"one value has more than {LONGEST_TEXT:,} letters")
        self.text.append(text)

    def refuse(self, why: str) -> NoReturn:
        raise ImportRefused(
            f"Line {self.parser.CurrentLineNumber:,} of {self.file} is out of all measure: {why}.",
            EXPORT_AGAIN,
        )

    def refuse_type(self, *_: object) -> NoReturn:
        raise ImportRefused(
            f"Line {self.parser.CurrentLineNumber:,} of {self.file} declares a document type, which can do "
            "harm and which no Common Transfer File has.",
            "Do not use this file; export it again from the system that made it.",
        )
