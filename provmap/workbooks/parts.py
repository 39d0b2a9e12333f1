"""The parts of a zipped workbook, read as a stream: nothing is unpacked to a disk or held as a whole."""

import posixpath
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO
from xml.parsers import expat

from provmap.errors import ImportRefused
from provmap.workbooks.sheets import LONGEST_CELL, SAVE_AS

MOST_MEMBERS = 10_000
LARGEST = 2 * 1024**3
# Deflate cannot pack tighter than 1,032 to 1, and a sheet of a school packs to a tenth or a thirtieth.
TIGHTEST, LARGEST_TIGHT = 200, 100 * 1024**2
AT_A_TIME = 65_536
Attributes = dict[str, str]


class Parts:
    """A workbook's zip: its directory is checked before anything is unpacked."""

    def __init__(self, name: str, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        members = self._zip.infolist()
        self.names = {member.filename for member in members}
        if any(member.flag_bits & 1 for member in members):
            raise ImportRefused(f"{name} has a password.", "Open it, save it without one, and import that.")
        unpacked, packed = (
            sum(getattr(member, size) for member in members) for size in ("file_size", "compress_size")
        )
        is_tight = unpacked > LARGEST_TIGHT and unpacked > packed * TIGHTEST
        if len(members) > MOST_MEMBERS or len(self.names) < len(members) or unpacked > LARGEST or is_tight:
            raise ImportRefused(
                f"{name} is not a workbook that provmap dares to open: it unpacks to far more than its size.",
                SAVE_AS,
            )

    def open(self, part: str) -> IO[bytes]:
        """The bytes of one part; KeyError where the zip has none of that name."""
        return self._zip.open(part)

    def beside(self, part: str, target: str) -> str:
        """The part that another one points to. It is a name inside the zip, whatever it looks like."""
        return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")


def parse(
    stream: IO[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Reads XML without ever expanding an entity: no spreadsheet writes a document type."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    while piece := stream.read(AT_A_TIME):
        parser.Parse(piece)
    parser.Parse(b"", True)


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


class Letters:
    """Gathers the text inside an element, and stops at more than a cell can hold."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._length = 0

    def add(self, text: str) -> None:
        """More text."""
        self.parts.append(text)
        self._length += len(text)
        if self._length > LONGEST_CELL:
            raise CellTooLongError

    def take(self) -> str:
        """All of it, and begins anew."""
        text = "".join(self.parts)
        self.parts.clear()
        self._length = 0
        return text


class CellTooLongError(Exception):
    """A cell holds more than any spreadsheet writes."""


def _refuse(*_: object) -> None:
    raise ValueError("a document type in a part of a workbook")
