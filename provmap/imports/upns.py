"""Unique pupil numbers and unique learner numbers: are they what they should be, and if not, what is wrong?

A wrong number is told and never rejects a row: the pupil is real whatever the number. A pupil is never
looked for by name because the number fails.
"""

import re
from dataclasses import dataclass
from functools import cache

import polars as pl

from provmap.imports.problems import NOTICE, problem_rows
from provmap.store.contract import SQL

# The letters of a UPN, by value: no I, O and S, which are read as 1, 0 and 5.
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
WELL_FORMED = f"^[{LETTERS}][0-9]{{11}}[0-9{LETTERS}]$"
# What a return of looked-after children puts where there is no UPN, and why.
PLACEHOLDERS = {
    "UN1": "a child under five without a UPN",
    "UN2": "a child educated outside England without a UPN",
    "UN3": "a child newly looked after whose UPN is not yet known",
    "UN4": "an unaccompanied child seeking asylum without a UPN",
    "UN5": "a child whose UPN could not be found",
}
LENGTH = 13
KEPT = "The row is kept. Look the number up in the pupil's record, or ask the school that gave it."


@dataclass(frozen=True)
class Verdict:
    """What a number is: `valid`, `temporary`, `placeholder`, `malformed`, `wrong letter`, `wrong digit` or
    `unknown authority`; `sentence` is empty where there is nothing to say."""

    kind: str
    sentence: str = ""


def check_upn(text: str) -> Verdict:
    """Judges one UPN, as the DfE's rules 1510, 1530, 1540 and 1550 do."""
    upn = text.strip().upper()
    if upn in PLACEHOLDERS:
        return Verdict("placeholder", f"{upn} stands for {PLACEHOLDERS[upn]}; it is no UPN.")
    if malformed := _malformed(upn):
        return Verdict("malformed", malformed)
    letter = check_letter(upn)
    if upn[0] != letter:
        return Verdict(
            "wrong letter",
            f"The check letter of this UPN should be {letter}, not {upn[0]}: a character is mistyped.",
        )
    if upn[1:4] not in authorities():
        return Verdict(
            "unknown authority",
            f"{upn[1:4]} (characters 2 to 4) is no local authority that provmap knows.",
        )
    if upn[-1] in LETTERS:
        return Verdict(
            "temporary", "This UPN is temporary (it ends with a letter): a permanent one should follow."
        )
    return Verdict("valid")


def check_letter(upn: str) -> str:
    """The letter that a UPN of right form must begin with."""
    values = [LETTERS.find(sign) if sign in LETTERS else int(sign) for sign in upn[1:LENGTH]]
    return LETTERS[sum(weight * value for weight, value in enumerate(values, 2)) % len(LETTERS)]


def check_uln(text: str) -> Verdict:
    """Judges one unique learner number, as the Learning Records Service does."""
    uln = text.strip()
    if not re.fullmatch(r"[0-9]{10}", uln):
        return Verdict("malformed", "A ULN has ten digits.")
    rest = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), uln[:9], strict=True)) % 11
    if rest == 0:
        return Verdict("malformed", "No ULN begins with these nine digits: they have no check digit.")
    if 10 - rest != int(uln[9]):
        return Verdict(
            "wrong digit",
            f"The last digit of this ULN should be {10 - rest}, not {uln[9]}: a digit is mistyped.",
        )
    return Verdict("valid")


@cache
def authorities() -> frozenset[str]:
    """The codes of all authorities that give or ever gave UPNs: a UPN outlives the authority in it."""
    return frozenset(pl.read_csv(SQL / "reference" / "la_codes.csv", infer_schema=False)["la_code"])


def upn_notices(file: str, column: str, pupils: pl.DataFrame, lines: pl.Series) -> list[pl.DataFrame]:
    """A notice for every row whose UPN is not right, and for a UPN that two pupils share (rule 1520)."""
    named = pupils.select(
        pl.col("upn").str.strip_chars().str.to_uppercase(), "pupil_id", lines.alias("line"),
        pl.col("school_id") if "school_id" in pupils.columns else pl.lit(None).alias("school_id"),
    ).filter(pl.col("upn").is_not_null())  # fmt: skip
    doubtful = named.filter(~_is_sound())
    shared = named.filter(pl.col("pupil_id").n_unique().over("school_id", "upn") > 1)
    told = [check_upn(upn).sentence for upn in doubtful["upn"]]
    problems = [_notices(file, column, doubtful, told)] if told else []
    if shared.height:
        words = ["Another pupil of this file has the same UPN."] * shared.height
        problems.append(_notices(file, column, shared, words))
    return problems


def _notices(file: str, column: str, rows: pl.DataFrame, words: list[str]) -> pl.DataFrame:
    return problem_rows(
        file=file, lines=rows["line"], dataset="pupils", column=column, values=rows["upn"],
        expected=pl.Series(words, dtype=pl.String), remedy=KEPT, verdict=NOTICE,
    )  # fmt: skip


def _is_sound() -> pl.Expr:
    """Whether nothing is to be said of a UPN: worked out for a whole column, as nearly all are sound."""
    upn = pl.col("upn")
    total = pl.sum_horizontal(
        weight * upn.str.slice(weight - 1, 1).cast(pl.Int32, strict=False) for weight in range(2, LENGTH + 1)
    )
    letter = (total % len(LETTERS)).replace_strict(dict(enumerate(LETTERS)), return_dtype=pl.String)
    return (
        upn.str.contains("^[A-Z][0-9]{12}$")
        & (upn.str.slice(0, 1) == letter)
        & upn.str.slice(1, 3).is_in(sorted(authorities()))
    )


def _malformed(upn: str) -> str:
    if len(upn) != LENGTH:
        return f"A UPN has {LENGTH} characters; this one has {len(upn)}."
    if upn[0] not in LETTERS:
        return f"{upn[0]} (character 1) cannot begin a UPN: it is a letter other than I, O and S."
    for place, sign in enumerate(upn[1:-1], 2):
        if sign not in "0123456789":
            return f"{sign} (character {place}) should be a digit: only the last of a UPN may be a letter."
    if not re.fullmatch(WELL_FORMED, upn):
        return f"{upn[-1]} (character 13) should be a digit, or a letter other than I, O and S."
    return ""
