"""`python -m provmap.workbooks FILE FOLDER`: one workbook, read in a process that may fail alone.

The file's name, as people know it, comes on standard input. The sheets are written into the folder, and
last of all contents.json, or refused.json with the sentence to show.
"""

import contextlib
import json
import sys
from pathlib import Path

from provmap.errors import ImportRefused
from provmap.workbooks.ods import read_ods
from provmap.workbooks.parts import Parts
from provmap.workbooks.sheets import SAVE_AS, Workbook
from provmap.workbooks.xls import read_xls
from provmap.workbooks.xlsx import read_xlsx

MOST_MEMORY = 2 * 1024**3
OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Other files that are zips inside, by a name in them.
OTHERS = {
    "xl/workbook.bin": "a binary workbook (XLSB)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "Index/Document.iwa": "an Apple Numbers workbook",
}


def main(path: Path, folder: Path, name: str, seconds: int) -> None:
    """Reads the workbook; whatever is wrong with it becomes a sentence."""
    _limit(seconds)
    refused = _try(path, Workbook(name, folder))
    # Only now is the memory free again that a workbook may have used up.
    if refused:
        (folder / "refused.json").write_text(json.dumps(refused), encoding="ascii")


def _try(path: Path, workbook: Workbook) -> tuple[str, str] | None:
    name = workbook.name
    try:
        _read(path, workbook)
        workbook.finish()
    except ImportRefused as refusal:
        return refusal.message, refusal.remedy
    except MemoryError:
        return f"{name} needs more memory than provmap gives to one workbook.", SAVE_AS
    except OSError as error:
        return f"{name} could not be read ({error.strerror or 'damaged'}).", SAVE_AS
    except Exception:
        # A damaged workbook can break at any place, in any way.
        return f"{name} is damaged or cut short.", f"Download or export it again. Or: {SAVE_AS}"
    return None


def _limit(seconds: int) -> None:
    """Where the system can (not Windows), no more memory and processor time than an honest file needs."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _read(path: Path, workbook: Workbook) -> None:
    content = path.open("rb")
    with content:
        is_ole = content.read(4) == OLE
        if is_ole and ENCRYPTED in content.read():
            raise ImportRefused(
                f"{workbook.name} has a password.", "Open it, save it without one, and import that."
            )
    if is_ole:
        read_xls(path, workbook)
        return
    parts = Parts(workbook.name, path)
    for member, kind in OTHERS.items():
        if member in parts.names:
            raise ImportRefused(f"{workbook.name} is {kind}, which provmap does not read.", SAVE_AS)
    if "[Content_Types].xml" in parts.names:
        read_xlsx(parts, workbook)
    elif "mimetype" in parts.names and b"spreadsheet" in parts.open("mimetype").read(100):
        read_ods(parts, workbook)
    else:
        raise ImportRefused(
            f"{workbook.name} is a zip, and no workbook.",
            "If it holds files of rows, let its name end in .zip.",
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.stdin.buffer.read().decode(), int(sys.argv[3]))
