"""Columns of attendance a half-term each, or one for the year so far: what their headings say.

The contract counts sessions. Where a file has a percentage alone, a person says how many sessions were
possible; the sessions attended are then that share of them, rounded half up, and the preview says so.
"""

import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from provmap.imports.half_terms import FIRST, LAST, SPANS, WHOLE_YEAR, Terms, day_of
from provmap.imports.plans import Each
from provmap.imports.unread import unread_all

OPEN = "?"
PERCENTAGE, ATTENDED, POSSIBLE = "percentage", "attended", "possible"
# How a plan says that the possible sessions stand in a column.
COLUMN = "column "
A_SHARE = "a percentage from 0 to 100, in the one form of its column, of sessions that were possible"
_SPAN = re.compile(
    r"\b(?:(aut|spr|sum)[a-z]*\s*(?:half\s*term\s*|ht\s*|term\s*)?([12])?|(?:ht|half\s*term)\s*([1-6]))\b"
)
_FILLING = re.compile(
    r"%|\b(percent|percentage|pc|to|date|ytd|so|far|overall|total|year|this|of|rate|term|half)\b"
)
_TERMS = {"aut": "autumn", "spr": "spring", "sum": "summer"}
_ABOUT = re.compile(r"\b(att|attendance|attended|attend|possible|sessions?|present)\b")
# Other columns of attendance: what was missed is no session attended.
_MISSED = re.compile(r"\b(absen\w*|unauth\w*|auth\w*|late\w*|target|persistent|pa)\b")
_YEAR = re.compile(r"(20\d{2})\s*[/-]\s*(?:20)?(\d{2})\b")


@dataclass(frozen=True)
class Column:
    """What a column says of attendance: which number, in which half-term, in which academic year."""

    holds: str
    span: str
    year: str = ""


def read_heading(heading: str) -> Column | None:
    """ "Aut1 %", "HT1 Att %", "Spr 2 possible" or "% Attendance"; None where it is about another matter."""
    year = _YEAR.search(heading)
    words = _YEAR.sub(" ", heading.casefold())
    words = " ".join(re.sub(r"[^a-z0-9%]+", " ", words.replace("%", " % ")).split())
    named = _SPAN.search(words)
    is_share = "%" in words or re.search(r"\b(percent|percentage|pc)\b", words) is not None
    span = _span(named) if named else WHOLE_YEAR
    # "Aut1 %" can only be attendance; "Autumn %" can be anything.
    is_about = _ABOUT.search(words) or (is_share and span[-1] in "12")
    left = _FILLING.sub(" ", _ABOUT.sub(" ", _SPAN.sub(" ", words)))
    if _MISSED.search(words) or not is_about or left.strip():
        return None
    holds = _holds(set(words.split()), is_share)
    return Column(holds, span, f"{year[1]}/{year[2]}" if year else "") if holds else None


def _holds(words: set[str], is_share: bool) -> str:
    is_possible, is_attended = "possible" in words, bool({"attended", "present"} & words)
    if is_share or ({"att", "attendance"} & words and not is_possible and not is_attended):
        return PERCENTAGE
    if is_possible == is_attended:
        return ""
    return POSSIBLE if is_possible else ATTENDED


def _span(named: re.Match[str]) -> str:
    if named[3]:
        return list(SPANS)[int(named[3]) - 1]
    return " ".join(part for part in (_TERMS[named[1]], named[2]) if part)


def each_of(columns: dict[str, Column], dated: date, terms: Terms) -> tuple[Each, ...]:
    """A spread-out column for each span that says what was attended; how many were possible is asked."""
    spans: dict[tuple[str, str], dict[str, str]] = {}
    for heading, column in columns.items():
        spans.setdefault((column.span, column.year), {}).setdefault(column.holds, heading)
    made = []
    for (span, year), found in spans.items():
        heading = found.get(ATTENDED, found.get(PERCENTAGE, ""))
        if not heading:
            continue
        possible = f"{COLUMN}{found[POSSIBLE]}" if POSSIBLE in found else OPEN
        about = f"{span} of {year}" if year else span
        # What has not begun is of an earlier year: which one, a person says.
        is_later = (day_of(f"{FIRST}{about}", dated, terms) or dated) > dated
        days = [OPEN, OPEN] if is_later else [f"{FIRST}{about}", f"{LAST}{about}"]
        fixed = {"possible": possible, "start_date": days[0], "end_date": days[1]}
        made.append(Each(heading, "attended", fixed, "filled" if ATTENDED in found else PERCENTAGE))
    return tuple(made)


def told(each: Each) -> str:
    """What is worked out from a column of percentages, as a sentence of the preview."""
    possible = each.set.get("possible", "")
    column = possible.removeprefix(COLUMN)
    of = f"{possible} sessions" if possible == column else f"those in {column}"
    return f"{each.column}: sessions attended were worked out as this percentage of {of}, rounded half up."


def sessions(shares: pl.Series, possible: pl.Series) -> pl.Series:
    """Sessions attended, from "95.5%", 95.5 or 0.955 of the possible ones, rounded half up.

    What is no share is left for the check of values to name.
    """
    texts = shares.cast(pl.String).str.strip_chars()
    has_sign = texts.str.ends_with("%").fill_null(False)
    numbers = texts.str.strip_chars_end("% ").cast(pl.Float64, strict=False)
    # Excel holds 87.5% as 0.875. Beside 95.5 without a sign, 0.875 can be either: then it stays unread.
    bare = numbers.filter(~has_sign & (numbers <= 100))
    is_part = ~has_sign & (numbers <= 1)
    is_mixed = bool(((bare > 1).fill_null(False)).any())
    percent = (numbers * 100).zip_with(is_part, numbers) if not is_mixed else numbers
    is_read = percent.is_between(0, 100)
    if is_mixed:
        is_read &= ~(is_part & (numbers > 0))
    counted = possible.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    attended = (percent * counted / 100 + 0.5 + 1e-9).floor()
    # A number that is no share must not pass for a number of sessions.
    is_known = (is_read & counted.is_not_null()).fill_null(False)
    rest = unread_all(texts, A_SHARE).zip_with(texts != "", texts)
    return attended.cast(pl.Int64, strict=False).cast(pl.String).zip_with(is_known, rest)
