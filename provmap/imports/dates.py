"""Text -> dates, in the forms that schools' files have, with days before months."""

import re
from datetime import date, timedelta

import polars as pl

EXPECTED = "a date, such as 2026-03-03 or 03/03/2026"
FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Excel counts days from here (its 1900 system, with its invented 29 February 1900 allowed for).
SERIAL_START = date(1899, 12, 30)
TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2}|[AaPp][Mm])?$")
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
DIGITS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
DAY_AND_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]?([A-Za-z]{3,9})[-/., ]*(\d{4}|\d{2})")
YEAR_AND_NAME = re.compile(r"(\d{4})[-/. ]([A-Za-z]{3,9})[-/. ](\d{1,2})")
COMPACT = re.compile(r"((?:19|20)\d{2}|2100)(\d{2})(\d{2})")
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")


def read_dates(cells: pl.Series) -> tuple[pl.Series, list[str]]:
    """Dates of a column (null where a cell is none), and what a person should know of how it was read."""
    dates = cells.str.to_date("%Y-%m-%d", strict=False)
    dates = dates.set(~dates.is_between(FIRST, LAST), None)
    others = cells.filter(cells.is_not_null() & dates.is_null()).unique().to_list()
    if not others:
        return dates, []
    texts = {text: TIME.sub("", text).strip() for text in others}
    month_first = is_month_first(list(texts.values()))
    read = {text: parse_date(bare, month_first=month_first) for text, bare in texts.items()}
    known = [text for text in others if read[text] is not None]
    found = cells.replace_strict(
        known, pl.Series([read[text] for text in known], dtype=pl.Date), default=None, return_dtype=pl.Date
    )
    return dates.zip_with(dates.is_not_null(), found), _notices(month_first, known, texts)


def is_month_first(texts: list[str]) -> bool:
    """Whether a column can be nothing but month/day: no day would fit first, and some fits only second."""
    pairs = [(int(match[1]), int(match[3])) for text in texts if (match := DIGITS.fullmatch(text))]
    return any(second > 12 for _, second in pairs) and all(
        first <= 12 and second <= 31 for first, second in pairs
    )


def parse_date(text: str, *, month_first: bool = False) -> date | None:
    """One date, or None where the text is none."""
    if match := DIGITS.fullmatch(text):
        day, month = (match[3], match[1]) if month_first else (match[1], match[3])
        return _date(match[4], month, day)
    if match := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text):
        return _date(match[1], match[2], match[3])
    if match := DAY_AND_NAME.fullmatch(text):
        return _date(match[3], _month(match[2]), match[1])
    if match := YEAR_AND_NAME.fullmatch(text):
        return _date(match[1], _month(match[2]), match[3])
    if match := SERIAL.fullmatch(text):
        return _within(SERIAL_START + timedelta(days=int(match[1])))
    return None


def _date(year: str, month: str | int, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 50 else 1900
    try:
        return _within(date(number, int(month), int(day)))
    except ValueError:
        return None


def _within(day: date) -> date | None:
    return day if FIRST <= day <= LAST else None


def _month(name: str) -> int:
    full = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
            "october", "november", "december")  # fmt: skip
    word = name.casefold()
    if word in MONTHS:
        return MONTHS.index(word) + 1
    if word == "sept":
        return 9
    return full.index(word) + 1 if word in full else 0


def _notices(month_first: bool, known: list[str], texts: dict[str, str]) -> list[str]:
    notices = []
    if month_first:
        notices.append("Dates were read with the month first (month/day/year): they can be nothing else.")
    if any((match := DIGITS.fullmatch(texts[text])) and len(match[4]) == 2 for text in known):
        notices.append("Years of two digits were read as 1950 to 2049.")
    if any(SERIAL.fullmatch(texts[text]) for text in known):
        notices.append("Numbers such as 44197 were read as Excel's dates (44197 is 1 Jan 2021).")
    return notices
