"""What a template of ours makes of words that come in as data: the only call of the typesetter."""

import json
from pathlib import Path
from typing import Any

import typst

from provmap.documents.letters import with_reason

PLACE = Path(__file__).parent


def pdf_of(template: str, given: dict[str, Any]) -> bytes:
    """The template with these words as a PDF that can be read aloud (PDF/UA), in fonts of our own."""
    told = given | {"footer": with_reason(given["footer"], given)}
    made: bytes = typst.compile(
        str(PLACE / template),
        font_paths=[str(PLACE / "fonts")],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        pdf_standards="ua-1",
    )
    return made
