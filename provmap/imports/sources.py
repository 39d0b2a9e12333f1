"""Paths, folders, zips and uploads -> the files in them, none of them read yet.

A file's name is used to show it and to guess its dataset, never as a path to write to or read from.
"""

import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from provmap.errors import ImportRefused
from provmap.imports.oneroster_files import MANIFEST, NAMES, is_oneroster
from provmap.imports.telling import Told, silent

Source = Path | tuple[str, bytes]
LARGEST_FILE = 2 * 1024**3
MOST_MEMBERS = 2_000
PARQUET = {".parquet", ".pq"}
WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
XML = ".xml"
READABLE = {".csv", ".tsv", ".tab", ".txt", XML} | PARQUET | WORKBOOKS


@dataclass(frozen=True)
class File:
    """One file to read. `was_listed` is false for a member of a folder or zip, which nobody named.

    `sheet` names the one sheet of a workbook that is meant; the name then ends in it. `members` are the
    files of a OneRoster bundle, which are read as one, by their own names. `letters` is what a person has
    said of text that is not UTF-8 (see letters.py), `dated` the day that the files speak of.
    """

    name: str
    source: Source
    was_listed: bool
    load: Callable[[], bytes | Path]
    sheet: str = ""
    members: tuple[tuple[str, "File"], ...] = ()
    told: Told = silent
    letters: str = ""
    dated: date | None = None

    @property
    def sources(self) -> list[Source]:
        """What it came from: more than one source where its members are files of a folder."""
        return list(dict.fromkeys([self.source, *(member.source for _, member in self.members)]))

    @property
    def base_name(self) -> str:
        """Its name without that of a sheet."""
        return self.name.removesuffix(f": {self.sheet}") if self.sheet else self.name

    @property
    def stem(self) -> str:
        """The name of its sheet, or the file's own without folders and ending."""
        return self.sheet or self.own_stem

    @property
    def own_stem(self) -> str:
        """The file's own name without folders and ending, also where a sheet is meant."""
        return PurePosixPath(self.own_base).stem

    @property
    def own_base(self) -> str:
        """The file's own name without folders, and with its ending."""
        return _base(self.base_name.rsplit(": ", 1)[-1])

    @property
    def ending(self) -> str:
        """Its ending, such as .csv, in small letters."""
        return _ending(self.base_name)

    def part(self, sheet: str) -> "File":
        """One sheet of it, as a file; the file itself where it has no sheets."""
        return replace(self, name=f"{self.base_name}: {sheet}", sheet=sheet) if sheet else self


def find_files(sources: list[Source]) -> tuple[list[File], list[str]]:
    """The files in these sources, and a sentence for each that is left out."""
    files: list[File] = []
    left_out: list[str] = []
    for source, name, was_listed in _each(sources):
        if _ending(name) == ".zip":
            members, others = _zip_members(source, name)
            files += members
            left_out += others
        elif was_listed or _ending(name) in READABLE:
            files.append(_plain_file(source, name, was_listed))
        else:
            left_out.append(f"{name} was left out: it is not a file of rows.")
    if not files:
        raise ImportRefused("There is no file to import.", "Choose CSV files or workbooks, or their folder.")
    return _with_names_of_their_own(_with_bundles(files)), left_out


def _each(sources: list[Source]) -> Iterator[tuple[Source, str, bool]]:
    for source in sources:
        if isinstance(source, tuple):
            yield source, _base(source[0]), True
        elif source.is_dir():
            yield from ((path, path.relative_to(source).as_posix(), False) for path in _walk(source))
        else:
            yield source, source.name, True


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        yield from (Path(place) / name for name in sorted(names) if not _is_hidden(name))


def _plain_file(source: Source, name: str, was_listed: bool) -> File:
    def load() -> bytes | Path:
        if isinstance(source, tuple):
            return source[1]
        try:
            if not stat.S_ISREG(source.stat().st_mode):
                # A pipe or a device may never end.
                raise ImportRefused(f"{name} is not a file.", "Save it as a file and import that.")
            if source.stat().st_size > LARGEST_FILE:
                raise ImportRefused(f"{name} is larger than 2 GB.", "Split it into smaller files.")
            with source.open("rb"):
                return source
        except OSError as error:
            raise ImportRefused(
                f"{name} cannot be opened ({error.strerror}).", "Check where it is and that you may read it."
            ) from error

    return File(name, source, was_listed, load)


def _zip_members(source: Source, name: str) -> tuple[list[File], list[str]]:
    try:
        with _open_zip(source) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except FileNotFoundError as error:
        raise ImportRefused(
            f"{name} cannot be opened: there is no such file.", "Check where it is."
        ) from error
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise ImportRefused(f"{name} is not a whole zip.", "Make or download it again.") from error
    if any(member.filename == "[Content_Types].xml" for member in members):
        # A workbook that somebody has called a zip.
        return [_plain_file(source, name, was_listed=True)], []
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_FILE:
        raise ImportRefused(f"{name} holds more than 2 GB or {MOST_MEMBERS:,} files.", "Split it.")
    files, left_out = [], []
    for number, member in enumerate(members):
        shown = "/".join(part for part in _parts(member.filename) if part not in ("", ".", ".."))
        if any(_is_hidden(part) for part in shown.split("/")):
            continue
        if _ending(shown) in READABLE:
            files.append(File(f"{name}: {shown}", source, False, _loader(source, f"{name}: {shown}", number)))
        else:
            left_out.append(f"{name}: {shown} was left out: it is not a file of rows.")
    return files, left_out


def _loader(source: Source, name: str, number: int) -> Callable[[], bytes]:
    def load() -> bytes:
        try:
            with _open_zip(source) as archive:
                member = [entry for entry in archive.infolist() if not entry.is_dir()][number]
                if member.flag_bits & 1:
                    raise ImportRefused(f"{name} has a password.", "Unpack it and import the files.")
                with archive.open(member) as stream:
                    # The size that a zip states can be a lie: never unpack more than the limit.
                    content = stream.read(LARGEST_FILE + 1)
        except ImportRefused:
            raise
        except Exception as error:
            # Each way of packing has errors of its own for damaged data.
            raise ImportRefused(f"{name} is damaged.", "Make or download the zip again.") from error
        if len(content) > LARGEST_FILE:
            raise ImportRefused(f"{name} unpacks to more than 2 GB.", "Split it into smaller files.")
        return content

    return load


def _open_zip(source: Source) -> zipfile.ZipFile:
    return zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source[1]))


def _with_bundles(files: list[File]) -> list[File]:
    """The files, with those of a OneRoster bundle as one: the ones in the same place as its manifest."""
    found = []
    taken: set[int] = set()
    for manifest in files:
        if manifest.own_base != MANIFEST or not is_oneroster(manifest.load()):
            continue
        beside = [file for file in files if _place(file) == _place(manifest) and file.own_base in NAMES]
        taken |= {id(file) for file in beside}
        name = _place(manifest)[1].rstrip("/: ") or "OneRoster"
        members = tuple((file.own_base, file) for file in beside)
        found.append(replace(manifest, name=name, members=members))
    return [*found, *(file for file in files if id(file) not in taken)]


def _place(file: File) -> tuple[Source | None, str]:
    """The zip and the folder that a file lies in."""
    zipped = file.source if ": " in file.name else None
    return zipped, file.name.removesuffix(file.own_base)


def _with_names_of_their_own(files: list[File]) -> list[File]:
    seen: dict[str, int] = {}
    named = []
    for file in files:
        seen[file.name] = seen.get(file.name, 0) + 1
        again = seen[file.name] > 1
        named.append(replace(file, name=f"{file.name} ({seen[file.name]})") if again else file)
    return named


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$", "__MACOSX"))


def _parts(name: str) -> list[str]:
    return name.replace("\\", "/").split("/")


def _base(name: str) -> str:
    return _parts(name)[-1]


def _ending(name: str) -> str:
    return PurePosixPath(_base(name)).suffix.split(" (")[0].lower()
