"""A number in a cell -> the text that a careful person would copy from it.

Excel keeps a date as a count of days, a time as a part of a day and 87.5% as 0.875; the number format
tells which. What a format only rounds away is kept: 3.14159 shown as 3.1 is 3.14159.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

FIRST_DAY = date(1899, 12, 30)
LAST_SERIAL = 2_958_466
DAYS_TO_1904 = 1_462
SECONDS = 86_400
# Number formats that a workbook names without spelling them out.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "dd/mm/yyyy",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 49: "@",
    **dict.fromkeys([*range(27, 32), 36, *range(50, 55), 57, 58], "yyyy-mm-dd"),
    **dict.fromkeys([32, 33, 34, 35, 55, 56], "h:mm:ss"),
}  # fmt: skip


@dataclass(frozen=True)
class Format:
    """What a number format makes of a number: a date, time, elapsed time, percentage or plain number."""

    kind: str = "number"
    decimals: int = 0
    digits: int = 0


PLAIN = Format()


@lru_cache(maxsize=1_000)
def read_format(code: str) -> Format:
    """What a format code, such as dd/mm/yyyy or 0.00, is for."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.', "", code[:1_000].lower())
    if re.search(r"\[(h+|m+|s+)\]", bare):
        return Format("elapsed")
    # What stands in brackets is a colour, a condition or a language; after ; come negative numbers.
    bare = re.sub(r"\[[^\]]*\]|general", "", bare).split(";")[0].strip()
    has_clock = bool(re.search("[hs]", bare))
    if re.search("[dy]", bare) or ("m" in bare and not has_clock):
        return Format("date")
    if has_clock:
        return Format("time")
    if "%" in bare:
        return Format("percent")
    if re.fullmatch("0{2,}", bare):
        return Format(digits=len(bare))
    decimals = re.fullmatch(r"[^.e]*\.(0+)[^.e0#?]*", bare)
    return Format(decimals=min(len(decimals[1]), 15)) if decimals else PLAIN


def number_text(number: float, shown: Format, *, is_1904: bool = False) -> str:
    """The number as text."""
    if shown is PLAIN or not math.isfinite(number):
        return plain_number(number)
    if shown.kind == "percent":
        return f"{plain_number(number * 100)}%"
    if shown.kind != "number":
        has_day = shown.kind == "date" or (shown.kind == "time" and number >= 1)
        return _moment(number + DAYS_TO_1904 if is_1904 and has_day else number, shown.kind)
    text = plain_number(number)
    # 8.1 shown as 8.10 may be eight years and ten months; a whole number stays one.
    if "." in text and len(text.partition(".")[2]) < shown.decimals:
        return f"{number:.{shown.decimals}f}"
    return text.zfill(shown.digits) if text.isdigit() else text


def plain_number(number: float) -> str:
    """A number as Excel shows it: 15 digits, which hides that 0.1 + 0.2 is 0.30000000000000004."""
    if not math.isfinite(number):
        return str(number)
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.15g}"
    return format(Decimal(text), "f") if "e" in text else text


def _moment(serial: float, kind: str) -> str:
    if not 0 <= serial < LAST_SERIAL:
        return plain_number(serial)
    days, seconds = divmod(round(serial * SECONDS), SECONDS)
    if kind == "elapsed":
        return clock(days * SECONDS + seconds)
    if not days:
        # No day: a time, or the 0 that a formula without a result leaves in a column of dates.
        return clock(seconds) if seconds or kind == "time" else "0"
    # Excel counts a 29 February 1900 that never was.
    day = FIRST_DAY + timedelta(days=days + (days < 60))
    return f"{day} {clock(seconds, whole=True)}" if seconds else str(day)


def clock(seconds: int, *, whole: bool = False) -> str:
    """Seconds as hours and minutes, with seconds where there are any."""
    minutes, seconds = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds or whole else text
