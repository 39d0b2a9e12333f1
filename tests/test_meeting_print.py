"""A pack of one, twelve and forty pupils, with names and notes of every kind: nothing is cut or amiss."""

import re
import subprocess
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Edit, open_store, rows_to_edit, save
from provmap.ui.meeting_pack import pack_of
from provmap.ui.meeting_pdf import pack_pdf
from provmap.ui.page import Page
from tests.test_documents import text_of
from tests.tiny import DAY, TALK, day, tiny_school

NAMES = (
    ("O'Brien-Łuć", "Siân"), ("العبدالله", "مريم"), ("Nguyễn", "Thị Ánh"), ("Li", "Bo"),
    ("Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh", "Maximiliana Konstantina"),
)  # fmt: skip
NOTE = ("She reads the first page well, then waits to be asked; a partner and a word bank help. " * 5)[
    :399
] + "Ω"
# How a pupil's own sheet begins; a name in Arabic script puts a mark of direction before it.
STARTS = re.compile(r"\W*(\d+)\. ")
EARLY = DAY - timedelta(days=60)
OF, BEFORE = ({"school_id": "school", "meeting_id": one} for one in ("now", "before"))


def pack_of_many(folder: Path, many: int) -> bytes:
    """A meeting of Oak with everybody on its list, each with a note and an action of the meeting before."""
    ids = [f"{n:02}" for n in range(many)]
    pupils = [
        {"pupil_id": one, "surname": NAMES[n % 5][0] + f"-{one}" * (n > 4), "forename": NAMES[n % 5][1],
         "year_group": "5", "class": "Oak"} for n, one in enumerate(ids)
    ]  # fmt: skip
    has = [{"pupil_id": one, "provision_id": "T", "start_date": day("2026-01-05")} for one in ids]
    tiny_school(folder, pupils=pupils, provisions=[TALK], placements=has)
    action = {
        "what": "Ring home",
        "owner": "Mrs Featherstonehaugh-Cholmondeley",
        "set_on": EARLY,
        "due_on": DAY,
    }
    edits = [Edit("discussions", OF | {"pupil_id": one, "place": n, "teacher_note": NOTE})
             for n, one in enumerate(ids, 1)]  # fmt: skip
    edits += [Edit("actions", BEFORE | action | {"pupil_id": one, "action_id": one}) for one in ids]
    edits[-many] = Edit("actions", BEFORE | action | {"pupil_id": "00", "action_id": "00", "what": NOTE})
    about: dict[str, Any] = {"about": "class", "about_code": "Oak"}
    edits += [Edit("meetings", OF | about | {"held_on": DAY}),
              Edit("meetings", BEFORE | about | {"held_on": EARLY})]  # fmt: skip
    save(open_store(folder), "Head", edits)
    store = open_store(folder)
    filter = make_filter(store, as_at=DAY)
    page = Page(store, filter, ask("scope_summary", filter, store).row(0, named=True))
    meeting = rows_to_edit(store, "meetings", meeting_id="now").row(0, named=True)
    return pack_pdf(page, meeting, pack_of(page, meeting))


def squeezed(text: str) -> str:
    """The letters alone: where a line breaks is of no matter."""
    return re.sub(r"[\s\u200b\u00a0]", "", text)


@pytest.mark.parametrize("many", [1, 12, 40])
def test_a_pack_of_so_many(many: int, data: Path, tmp_path: Path) -> None:
    pdf = pack_of_many(data, many)
    text = text_of(pdf, tmp_path, "-layout").replace("\u00a0", " ")
    sheets = text.split("\f")[:-1]
    # Each sheet has its number, and the headings of a table that goes on stand on it again.
    for number, sheet in enumerate(sheets, 1):
        assert f"Page {number} of {len(sheets)}" in sheet
        if "Ring home" in sheet and not STARTS.match(sheet):
            assert "Action" in sheet
    # Each pupil has a sheet of their own, in order.
    starts = [found[1] for sheet in sheets if (found := STARTS.match(sheet))]
    assert starts == [str(n) for n in range(1, many + 1)]
    # One or two sheets each: both sides of one.
    begin = [place for place, sheet in enumerate(sheets) if STARTS.match(sheet)]
    assert all(1 <= then - now <= 2 for now, then in pairwise(begin))
    whole = squeezed(text_of(pdf, tmp_path))
    # Neither the long name nor the end of a long note is cut; a note stands on each pupil's sheet.
    assert whole.count("Ω") == many + 2
    if many > 4:
        assert NAMES[4][0] in whole
        assert "مريم" in whole or "ﻣﺮﻳﻢ" in whole
    assert "�" not in whole


def test_no_letter_stands_outside_the_margins(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "pack.pdf"
    file.write_bytes(pack_of_many(data, 5))
    done = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True)
    wide = 0.0
    for line in done.stdout.splitlines():
        if found := re.search(r'<page width="([\d.]+)"', line):
            wide = float(found[1])
        elif found := re.search(r'<word xMin="([-\d.]+)".*xMax="([-\d.]+)"', line):
            assert float(found[1]) > 40, line
            assert float(found[2]) < wide - 40, line
