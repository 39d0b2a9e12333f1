"""The bytes of a text file -> UTF-8: which code page an old file was written in, by the words it makes.

Excel's plain CSV has Windows letters (cp1252), its "CSV (MS-DOS)" and older programs DOS letters (code page
850). No byte says which: the one that is é in the first is Ú in the second. So each word with such a byte is
read both ways, and the way counts that makes fewer words that nobody writes, such as Andr‚ or ZoÙ. Where
that settles nothing it is Windows, and the notice says so. UTF-8 is never in doubt.
"""

import re
from dataclasses import dataclass

from provmap.errors import ImportRefused

# What a person can say of the letters of files that are not UTF-8, and the code page that it means.
WINDOWS, DOS = "windows", "dos"
CODE_PAGES = {WINDOWS: "cp1252", DOS: "cp850"}
NAMES = {
    WINDOWS: "Windows letters, as Excel's plain CSV has them",
    DOS: "DOS letters (code page 850), as CSV (MS-DOS) and old programs have them",
}
EXPORT_AGAIN = "Export it again as CSV UTF-8."
# Words looked at, and how many letters of each on either side: enough to judge by, of a file of any size.
MOST_WORDS, WORD_SIDE = 20_000, 30
_HIGH = re.compile(rb"[\x80-\xff]+")
_BEFORE, _AFTER = re.compile(rb"[A-Za-z0-9\x80-\xff]*$"), re.compile(rb"^[A-Za-z0-9\x80-\xff]*")
# Signs that stand at the ends of words, or alone, in ordinary English text.
_AT_START, _AT_END = "‘“–—•…©½¼¾", "’”–—…•°½¼¾²³™®"
_MONEY = re.compile(r"^[£€](?=[0-9]|$)")
# Marks and letters that both code pages hold and names of pupils in England have not.
_NOT_IN_WORDS = set("ªºµƒˆ˜þÞðÐı")
# No word of more than one letter begins with these.
_NOT_FIRST = set("àèìòùãõ")
# Small letters, capitals, or a name: a is a small letter, A a capital, E one with an accent. Inside a name a
# capital can stand (McDonald), but none with an accent.
_SHAPE = re.compile(r"a+|[AE]+|[AE]a+(?:Aa+)*|A(?:Aa+)+")


@dataclass(frozen=True)
class Letters:
    """How a file's letters were read: `kind` is empty for UTF-8, `text` always UTF-8."""

    text: bytes
    kind: str = ""
    notices: tuple[str, ...] = ()


def read_letters(file: str, data: bytes, kind: str = "") -> Letters:
    """The text as UTF-8. `kind` is what a person has said of letters that are not. Raises ImportRefused."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return Letters(data.decode("utf-16").encode())
        except UnicodeError as error:
            raise ImportRefused(f"{file} is cut short or damaged.", EXPORT_AGAIN) from error
    if data.isascii():
        return Letters(data)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
    except UnicodeDecodeError:
        return _read_old(file, data, kind)
    return Letters(data)


def _read_old(file: str, data: bytes, kind: str) -> Letters:
    words = _words(data)
    wrong = {one: sum(not _is_likely(word, page) for word in words) for one, page in CODE_PAGES.items()}
    chosen = kind or (DOS if wrong[DOS] < wrong[WINDOWS] else WINDOWS)
    try:
        text = data.decode(CODE_PAGES[chosen]).encode()
    except UnicodeDecodeError as error:
        raise _unknown(file, data, error.start) from error
    if not kind and chosen == DOS and wrong[DOS] * 2 >= len(words):
        # No Windows file, and most of it makes no sense as a DOS one either.
        raise _unknown(file, data, next(_HIGH.finditer(data)).start())
    return Letters(text, chosen, (_notice(file, data, kind, chosen, wrong[DOS] == wrong[WINDOWS]),))


def _notice(file: str, data: bytes, kind: str, chosen: str, is_even: bool) -> str:
    line = data.count(b"\n", 0, next(_HIGH.finditer(data)).start()) + 1
    told = f"{file} is not UTF-8: it was read with {NAMES[chosen]}"
    if kind:
        return f"{told}, as you said."
    other = WINDOWS if chosen == DOS else DOS
    doubt = ", though nothing in it tells which" if is_even else ""
    name = {WINDOWS: "Windows", DOS: "DOS"}[other]
    return (
        f"{told}{doubt}. Look at the names, first on line {line:,}: if they are wrong, choose {name} letters "
        f"(on the command line --letters {other})."
    )


def _unknown(file: str, data: bytes, place: int) -> ImportRefused:
    line = data.count(b"\n", 0, place) + 1
    return ImportRefused(
        f"{file} is not text that provmap can read: line {line:,} holds an unknown character.", EXPORT_AGAIN
    )


def _words(data: bytes) -> set[bytes]:
    """The different words with a letter beyond ASCII; of a long one the part around that letter."""
    words: set[bytes] = set()
    for found in _HIGH.finditer(data):
        start, end = found.span()
        before = _BEFORE.search(data[max(start - WORD_SIDE, 0) : start])
        after = _AFTER.search(data[end : end + WORD_SIDE])
        words.add((before[0] if before else b"") + found[0][:WORD_SIDE] + (after[0] if after else b""))
        if len(words) == MOST_WORDS:
            break
    return words


def _is_likely(word: bytes, page: str) -> bool:
    """Whether people write a word so: letters in one of the usual shapes, signs only at its ends."""
    try:
        text = word.decode(page)
    except UnicodeDecodeError:
        return False
    text = _MONEY.sub("", text.lstrip(_AT_START)).rstrip(_AT_END)
    return all(_is_likely_part(part) for part in re.split("[’–—]", text)) if text else True


def _is_likely_part(text: str) -> bool:
    if text.isascii():
        return True
    if not text.isalpha() or _NOT_IN_WORDS & set(text) or not any(letter.isascii() for letter in text):
        return False
    shape = ["a" if not letter.isupper() else "A" if letter.isascii() else "E" for letter in text]
    return text[0] not in _NOT_FIRST and bool(_SHAPE.fullmatch("".join(shape)))
