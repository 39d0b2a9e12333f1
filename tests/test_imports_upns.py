"""Every example of a UPN and a ULN that the published sources give, and what an import says of them."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from provmap.imports import preview
from provmap.imports.upns import LETTERS, authorities, check_letter, check_uln, check_upn, upn_notices

DAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("upn", "kind", "words"),
    [
        # python-stdnum; DfE guide (a pseudo-authority); the Multiplication Tables Check; CIN-validator.
        ("B801200005001", "valid", ""),
        ("X00180001701A", "temporary", "a permanent one should follow"),
        ("g80120000101a ", "temporary", "a permanent one should follow"),
        ("H243278544154", "unknown authority", "243"),
        ("X845212818005", "valid", ""),
        ("A950000178301", "unknown authority", "950"),
        ("Z801200001001", "wrong letter", "should be H, not Z"),
        ("R247962919251", "wrong letter", "should be Q, not R"),
        ("R900400001001", "unknown authority", "900 (characters 2 to 4)"),
        ("G80120000101S", "malformed", "S (character 13)"),
        ("G80120000101I", "malformed", "I (character 13)"),
        ("G80120000101O", "malformed", "O (character 13)"),
        ("X80120000A001", "malformed", "A (character 10) should be a digit"),
        # A help page works this very number to Q, wrongly.
        ("P207000016049", "valid", ""),
        ("Q207000016049", "wrong letter", "should be P, not Q"),
        ("U502400200093", "unknown authority", "502"),
        ("UN1", "placeholder", "a child under five"),
        ("un5", "placeholder", "could not be found"),
        ("UN6", "malformed", "13 characters; this one has 3"),
        ("", "malformed", "this one has 0"),
        ("S801200005001", "malformed", "S (character 1)"),
        ("1801200005001", "malformed", "1 (character 1)"),
        ("B80120000500", "malformed", "this one has 12"),
        ("B8012000050011", "malformed", "this one has 14"),
        ("B80120000500é", "malformed", "É (character 13)"),
        ("B80120000500\u0661", "malformed", "(character 13)"),
    ],
)
def test_upn(upn: str, kind: str, words: str) -> None:
    verdict = check_upn(upn)
    assert verdict.kind == kind
    assert words in verdict.sentence
    assert bool(verdict.sentence) == (kind != "valid")


@pytest.mark.parametrize(
    ("upn", "total"),
    [
        ("B801200005001", 93), ("X00180001701A", 135), ("G80120000101A", 52), ("A950000178301", 230),
        ("H243278544154", 375), ("X845212818005", 296), ("P207000016049", 266), ("R900400001001", 61),
    ],
)  # fmt: skip
def test_check_letter(upn: str, total: int) -> None:
    assert check_letter(upn) == LETTERS[total % 23] == upn[0]


def test_one_wrong_digit_never_passes() -> None:
    upn = "B801200005001"
    for place in range(1, 13):
        for digit in set("0123456789") - {upn[place]}:
            assert check_upn(upn[:place] + digit + upn[place + 1 :]).kind == "wrong letter"


def test_authorities_are_those_of_rule_1530() -> None:
    assert {"001", "213", "420", "681", "896", "941"} <= authorities()
    assert authorities().isdisjoint({"000", "900", "502", "243", "950", "214"})


@pytest.mark.parametrize(
    ("uln", "kind", "words"),
    [
        ("7196241826", "valid", ""),
        ("0000000042", "valid", ""),
        ("0000000043", "wrong digit", "should be 2, not 3"),
        ("0000000000", "malformed", "no check digit"),
        ("42", "malformed", "ten digits"),
        ("719624182a", "malformed", "ten digits"),
    ],
)
def test_uln(uln: str, kind: str, words: str) -> None:
    verdict = check_uln(uln)
    assert verdict.kind == kind
    assert words in verdict.sentence


def told(upns: list[str | None], ids: list[str] | None = None) -> list[tuple[int, str]]:
    pupils = pl.DataFrame(
        {"pupil_id": ids or [f"p{number}" for number in range(len(upns))], "upn": upns},
        schema={"pupil_id": pl.String, "upn": pl.String},
    )
    lines = pl.int_range(2, len(upns) + 2, dtype=pl.UInt32, eager=True)
    rows = [
        row for frame in upn_notices("p.csv", "UPN", pupils, lines) for row in frame.iter_rows(named=True)
    ]
    assert all(row["verdict"] == "notice" for row in rows)
    return [(row["line"], row["expected"]) for row in rows]


def test_a_column_says_what_one_by_one_would_say() -> None:
    upns = [
        "B801200005001",
        "X00180001701A",
        "Z801200001001",
        None,
        "x80120000a001",
        "R900400001001",
        "UN1",
        "é",
    ]
    words = [(place + 2, check_upn(upn).sentence) for place, upn in enumerate(upns) if upn]
    assert told(upns) == [(line, sentence) for line, sentence in words if sentence]


def test_a_sound_column_says_nothing() -> None:
    assert told(["B801200005001", "x845212818005", None, None]) == []


def test_a_upn_that_two_pupils_share() -> None:
    assert told(["B801200005001", "b801200005001", "X845212818005"]) == [
        (2, "Another pupil of this file has the same UPN."),
        (3, "Another pupil of this file has the same UPN."),
    ]


def test_one_pupil_twice_does_not_share() -> None:
    assert told(["B801200005001", "B801200005001"], ["p1", "p1"]) == []


def test_an_import_keeps_the_rows_and_tells(tmp_path: Path, data: Path) -> None:
    file = tmp_path / "pupils.csv"
    file.write_text(
        "pupil_id,surname,forename,year_group,UPN\n"
        "p1,Ash,Robin,5,b801200005001\np2,Elm,Sam,5,Z801200001001\np3,Oak,Kim,5,\n"
    )
    found = preview(data, [file], DAY)
    assert found.rows["pupils"]["upn"].to_list() == ["B801200005001", "Z801200001001", None]
    assert found.rejected_rows == 0
    (row,) = found.problems.rows(named=True)
    assert (row["line"], row["column"], row["value"], row["verdict"]) == (3, "UPN", "Z801200001001", "notice")
    assert "should be H, not Z" in row["expected"]
