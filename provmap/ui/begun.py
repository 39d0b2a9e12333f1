"""What a form that loses nothing says of itself: what was begun, elsewhere too, or was saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from provmap.drafts import Draft, kept
from provmap.filters import show_date
from provmap.ui.drafted import Form, as_kept, name_here, writer_here
from provmap.ui.page import plain
from provmap.ui.writing import field_of, writer
from provmap.words import VALUES, YES_NO, count, heading, joined

# What a pupil or a parent said, whoever wrote it down.
OWN = ("words", "parent_words", "pupil", "parent")
Labels = Mapping[str, str]


def begun_among(folder: Path, begins: str, known: Mapping[str, Any]) -> list[Any]:
    """Of what is known by record, that about which something is begun and not saved, the newest first."""
    records = (one.record for one in kept(folder, begins, writer_here(folder)))
    return [known[record] for record in dict.fromkeys(records) if record in known]


def say_begun(names: Sequence[str]) -> None:
    """Names whom else something is begun about: it is there once they are chosen."""
    if names:
        st.info(
            f"Kept, and not saved yet: what you began about {plain(joined(list(names)))}.",
            icon=":material/edit_note:",
        )


def show_begun(form: Form, labels: Labels) -> None:
    """What was begun before a reload or elsewhere; `labels` are those of the texts."""
    _found(form)
    for other in form.others():
        _other(form, other, labels)


def _found(form: Form) -> None:
    """What was begun before a reload, in another window, or on another machine."""
    if form.began_before is None:
        return
    with st.container(border=True, key=f"begun_{form.record}"):
        st.markdown(f"**You began this {when(form.began_before)}.** It stands below and is not saved yet.")
        with st.container(horizontal=True):
            st.button("Keep it", key=f"begun_keep_{form.record}", on_click=form.keep)
            away = partial(form.start_again, form.based_on)
            st.button("Throw it away", key=f"begun_away_{form.record}", on_click=away)


def _other(form: Form, other: Draft, labels: Labels) -> None:
    """What stands in another window about the same: both are shown, and neither is lost."""
    with st.container(border=True, key=f"other_{other.place[:8]}_{form.record}"):
        is_mine = other.who in ("", name_here())
        whose = "In another window" if is_mine else f"Begun by {plain(other.who)}"
        st.markdown(f"**{whose}, last touched {when(other.saved_at)}:**")
        for name in form.given:
            theirs = other.given.get(name)
            if theirs is not None and theirs != form.given[name]:
                label = field_of(labels.get(name, heading(name)))
                st.markdown(f"{label}: {plain(value_in_words(name, theirs))}")
        offers: dict[str, Callable[..., None]] = {"Use that": _use}
        if not _choices_differ(form, other, tuple(labels)):
            offers["Put both together"] = _join
        offers["Throw that away"] = _away
        with st.container(horizontal=True):
            for words, do in offers.items():
                key = f"{words}_{other.place[:8]}_{form.record}"
                st.button(words, key=key, on_click=do, args=(form, other, tuple(labels)))


def _use(form: Form, other: Draft, texts: tuple[str, ...]) -> None:
    form.set(**other.given)
    form.drop(other)


def _join(form: Form, other: Draft, texts: tuple[str, ...]) -> None:
    # The last letters may have come with the click, after what stood here was drawn.
    form.take_in()
    # What nobody touched here is taken from there.
    both = {
        name: value if value and not form.is_begun(name) else form.given.get(name)
        for name, value in other.given.items()
    }
    both |= {name: together(form.given[name], other.given.get(name)) for name in texts}
    form.set(**both)
    form.drop(other)


def _away(form: Form, other: Draft, texts: tuple[str, ...]) -> None:
    form.drop(other)


def _choices_differ(form: Form, other: Draft, texts: tuple[str, ...]) -> bool:
    """Whether something was chosen otherwise on both sides: of two days or pupils there is no both."""
    return any(
        value and form.is_begun(name) and form.given.get(name) and value != form.given[name]
        for name, value in other.given.items()
        if name not in texts
    )


def together(one: str | None, other: str | None) -> str:
    """Two texts, one after the other; what says the same is said once."""
    parts = [part for part in (one or "", other or "") if part]
    return "\n".join(dict.fromkeys(parts))


def is_clash(form: Form, name: str, row: dict[str, Any]) -> bool:
    """Whether somebody saved a text otherwise since it was begun here."""
    saved = as_kept(row[name])
    if not form.is_begun(name) or not form.differs(name, saved):
        return False
    if (saved or None) == (form.given[name] or None):
        form.based_on[name] = saved
        return False
    return True


def show_both(form: Form, name: str, label: str, row: dict[str, Any], *, is_text: bool = True) -> None:
    """What somebody saved meanwhile, beside what stands here: the second to save chooses."""
    saved, mine = as_kept(row[name]), form.given[name]
    with st.container(border=True, key=f"both_{name}_{form.record}"):
        who = row["written_by"] or "Somebody"
        st.markdown(f"**{plain(who)} saved “{field_of(label)}” meanwhile.** Choose what is to stand.")
        left, right = st.columns(2)
        left.markdown(f"Theirs: {plain(value_in_words(name, saved)) or '(nothing)'}")
        right.markdown(f"Yours: {plain(value_in_words(name, mine)) or '(nothing)'}")
        offers: dict[str, Callable[[Any], Any]] = {
            "Keep theirs": lambda mine: saved, "Keep yours": lambda mine: mine,
        }  # fmt: skip
        if is_text:
            both = partial(together, saved) if name in OWN else partial(_signed, saved, who)
            offers["Keep both"] = both
        with st.container(horizontal=True):
            for words, what in offers.items():
                key = f"{words}_{name}_{form.record}"
                st.button(words, key=key, on_click=_settle, args=(form, name, saved, what))


def _signed(theirs: str | None, who: str, mine: str | None) -> str:
    """Two texts with who wrote which: they do not read as one person's. What both say is said once."""
    if not theirs or not mine or theirs == mine:
        return together(theirs, mine)
    return together(_by(who, theirs), _by(name_here(), mine))


def _by(who: str, words: str) -> str:
    """Words with whose they are in front: "Mrs Ahmed: reads aloud"; once said, it is not said again."""
    is_said = any(line.startswith(f"{who}: ") for line in words.splitlines())
    return words if is_said or not who else f"{who}: {words}"


def value_in_words(name: str, value: Any) -> str:
    """A value that a draft keeps, as a teacher says it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, list) and value and all(isinstance(one, list | tuple) for one in value):
        # For whom a form is: their identifiers say nothing to a reader.
        return count(len(value), "pupil")
    if isinstance(value, list):
        return joined([value_in_words(name, one) for one in value])
    try:
        return show_date(date.fromisoformat(str(value)))
    except ValueError:
        return VALUES.get(name, {}).get(value, str(value))


def _settle(form: Form, name: str, saved: Any, what: Callable[[Any], Any]) -> None:
    """Takes what is to stand; `what` makes it of what stands here by the time of the click."""
    form.take_in()
    form.based_on[name] = saved
    form.set(**{name: what(form.given[name])})


def save_line(
    form: Form, label: str, key: str, *, is_held_up: bool = False, button: str = ""
) -> tuple[str, bool]:
    """Whose words they are, and the buttons below a form; returns the name, and whether to save.

    `button` is the key of the one that saves, where it is another than usual.
    """
    made_by = writer(key)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(label, type="primary", key=button or f"{key}_save", disabled=is_held_up)
        if form.is_begun():
            away = partial(form.start_again, form.based_on)
            st.button("Throw away what is not saved", key=f"{key}_away", type="tertiary", on_click=away)
    return made_by, pressed and not is_held_up


def when(moment: datetime) -> str:
    """A time in words, on this machine's clock: "at 14:03", "on 3 Mar 2026 at 14:03"."""
    here = moment.replace(tzinfo=UTC).astimezone()
    on = "" if here.date() == datetime.now().date() else f"on {show_date(here.date())} "
    return f"{on}at {here:%H:%M}"
