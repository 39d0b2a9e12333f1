"""Forms that lose nothing: what stands in one is kept as it is typed, until it is saved or thrown away.

Streamlit's own fields for text send nothing while somebody types, so a small component of ours does. It is
served as a file of this server: the page runs no script that comes another way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from provmap import drafts
from provmap.drafts import Draft, Values, Writer
from provmap.errors import ProvmapError
from provmap.store import open_store
from provmap.ui.web import COOKIE

FILES = Path(__file__).with_name("browser")
COMPONENT = "provmap.kept_text"
NAME = "writer"
PLACE_OF_WINDOW = "window"
BROWSER = "browser"


@dataclass
class Form:
    """What stands in a form of this window, and what was saved when it was begun.

    `turns` counts how often each field was set from here. `found` is what another window or an earlier visit
    began and this one has not taken over; `began_before` is when that was, until somebody goes on with it.
    """

    folder: Path
    record: str
    given: Values
    based_on: Values
    turns: dict[str, int] = field(default_factory=dict)
    began_at: datetime | None = None
    found: Draft | None = None
    began_before: datetime | None = None
    refused: dict[str, str] = field(default_factory=dict)
    at_first: Values = field(default_factory=dict)
    is_kept: bool = True
    # What its fields are called on the screen, and the places beside those that can be refused.
    called: dict[str, str] = field(default_factory=dict)
    places: dict[str, Any] = field(default_factory=dict)

    def is_begun(self, *names: str) -> bool:
        """Whether a field, or any of these, differs from what is saved."""
        return any(_differ(self.given.get(name), self.based_on.get(name)) for name in names or self.given)

    def key(self, name: str) -> str:
        """The key of a field's widget: another one each time the field is set from here."""
        return f"{self.record}{name}_{self.turns.get(name, 0)}"

    def shown_first(self, name: str) -> Any:
        """What a field shows as it is drawn for the first time; the same as long as it stands there."""
        if self.key(name) not in st.session_state or name not in self.at_first:
            self.at_first[name] = self.given.get(name)
        return self.at_first[name]

    def take_in(self) -> None:
        """Takes what the fields of text have sent, before anything is done with it."""
        for name in list(self.given):
            _typed(self, name, self.key(name))

    def put(self, name: str, value: Any, *, goes_on: bool = True) -> None:
        """Takes what was typed or chosen in a field, and keeps it.

        A window that sends after a reload what stood in it before does not go on with it.
        """
        if not _differ(self.given.get(name), value) and self.is_kept:
            return
        self.given[name] = value
        self.refused.pop(name, None)
        try:
            self.keep(goes_on=goes_on)
        except ProvmapError as error:
            # The words stand in the window still; the next run tries again.
            self.refused[name] = f"Not kept yet: {error.message}"

    def set(self, **values: Any) -> None:
        """Sets fields from here: what is on the screen is drawn again."""
        self._show(values)
        self.keep()

    def _show(self, values: Values) -> None:
        """Puts values into fields; one that shows them already is left alone."""
        for name, value in values.items():
            if _differ(self.given.get(name), value):
                self.turns[name] = self.turns.get(name, 0) + 1
            self.given[name] = value

    def keep(self, *, goes_on: bool = True) -> None:
        """Writes the form's draft as it stands; one that says what is saved anyway is removed."""
        here = writer_here(self.folder)
        self.is_kept = False
        if goes_on:
            self.began_before = None
        if self.found:
            drafts.take_over(self.folder, self.found, here)
            self.found = None
        if self.is_begun():
            self.began_at = self.began_at or datetime.now(UTC).replace(tzinfo=None)
            drafts.keep(self.folder, self.record, here, self.given, self.based_on)
        else:
            self.forget()
        self.is_kept = True

    def differs(self, name: str, saved: Any) -> bool:
        """Whether what is saved is not what this form was begun from."""
        return _differ(saved, self.based_on.get(name))

    def told(self, saved: Values) -> None:
        """Somebody was shown what is saved now: what they typed besides is a choice from here on."""
        for name, value in saved.items():
            if self.is_begun(name):
                self.based_on[name] = value
        self.keep()

    def saved_elsewhere(self, name: str, value: Any) -> None:
        """Takes what somebody else saved in a field that nobody touched here."""
        self._show({name: value})
        self.based_on[name] = value

    def forget(self) -> None:
        """Removes this window's draft, and what it went on with."""
        here = writer_here(self.folder)
        mine = [one for one in _kept(self.folder, self.record, here) if one.place == here.place]
        drafts.throw_away(self.folder, [*mine, *([self.found] if self.found else [])])
        self.found = self.began_at = self.began_before = None

    def start_again(self, saved: Values) -> None:
        """The form as it is with nothing begun."""
        self.forget()
        self._show(saved)
        self.based_on, self.refused = dict(saved), {}

    def drop(self, other: Draft) -> None:
        """Removes what another window has, as it was seen."""
        drafts.throw_away(self.folder, [other])

    def others(self) -> list[Draft]:
        """What other windows began about the same and stands otherwise there."""
        here = writer_here(self.folder)
        found = _kept(self.folder, self.record, here)
        return [
            one for one in found
            if one.place != here.place and one != self.found
            and any(_differ(value, self.given.get(name)) for name, value in one.given.items())
        ]  # fmt: skip


def open_form(folder: Path, record: str, saved: Values) -> Form:
    """The form about a record in this window: as it was left, as another window left it, or as saved.

    `saved` has every field of the form with what is saved, or what stands there at first.
    """
    forms: dict[str, Form] = st.session_state.setdefault("forms", {})
    form = forms.get(record)
    if form is None:
        form = forms[record] = Form(folder, record, dict(saved), dict(saved))
        here = writer_here(folder)
        # What another person began in this browser is shown beside the form, and never as one's own.
        if found := [one for one in _kept(folder, record, here) if one.who in ("", here.who)]:
            form.found = found[0]
            form.began_at = form.began_before = found[0].began_at
            form.given, form.based_on = saved | found[0].given, saved | found[0].based_on
    for name, value in saved.items():
        # Saved by somebody else meanwhile, and not touched here: it is simply so now.
        if _differ(value, form.based_on.get(name)) and not form.is_begun(name):
            form.saved_elsewhere(name, value)
    return form


def _kept(folder: Path, record: str, here: Writer) -> list[Draft]:
    """What was begun about this record, and not about one whose name begins with its own."""
    return [one for one in drafts.kept(folder, record, here) if one.record == record]


def writer_here(folder: Path) -> Writer:
    """This window, its browser, and the name that was given in it."""
    window = st.session_state.setdefault(PLACE_OF_WINDOW, uuid4().hex)
    return Writer(window, browser_here(), name_here())


def browser_here() -> str:
    """What tells this browser from others; not its cookie itself, which opens downloads."""
    if BROWSER not in st.session_state:
        cookie = st.context.cookies.get(COOKIE)
        # Outside a browser there is none.
        known = hashlib.sha256(cookie.encode()).hexdigest()[:20] if isinstance(cookie, str) else ""
        st.session_state[BROWSER] = known
    return str(st.session_state[BROWSER])


def name_here() -> str:
    """Who writes here: the name given in this window, or today in this browser. Empty: not known yet."""
    if NAME not in st.session_state:
        st.session_state[NAME] = drafts.remembered_name(open_store().folder, browser_here(), date.today())
    return str(st.session_state[NAME])


def remember(folder: Path, name: str) -> None:
    """Takes a name for this window and its browser: nobody signs in yet, and it is asked for once."""
    if st.session_state.get(NAME) == name:
        return
    st.session_state[NAME] = name
    drafts.remember_name(folder, browser_here(), name, date.today())


def text_field(
    form: Form, name: str, label: str, *, lines: int = 1, help: str = "", offers: Sequence[str] = ()
) -> str:
    """A field for text whose words are kept as they are typed; `offers` can be taken as they stand."""
    key = form.key(name)
    form.called[name] = label
    result = _component()(
        key=key,
        data={
            "label": label, "lines": lines, "help": help, "text": form.given.get(name) or "",
            "name": hashlib.sha256(f"{form.record}{name}".encode()).hexdigest()[:20],
            "is_set": name in form.turns, "is_begun": form.is_begun(name), "is_kept": form.is_kept,
            "refused": form.refused.get(name, ""), "offers": list(offers),
        },
        on_text_change=partial(_typed, form, name, key),
        on_before_change=partial(_typed, form, name, key),
    )  # fmt: skip
    # A server that was started again is told what stands in the window, without a change that it could see.
    _take(form, name, result)
    return str(form.given.get(name) or "")


def _typed(form: Form, name: str, key: str) -> None:
    # What was sent before the field was set from here has been dealt with.
    if key == form.key(name):
        _take(form, name, st.session_state.get(key))


def _take(form: Form, name: str, sent: Any) -> None:
    """Takes what a field has sent: what was typed, else what stood in the window before a reload."""
    words = [sent.get(one) for one in ("text", "before")] if hasattr(sent, "get") else []
    if found := [str(one) for one in words if one is not None]:
        form.put(name, found[0], goes_on=words[0] is not None)


def chosen(form: Form, name: str, draw: Callable[..., Any], label: str, **more: Any) -> Any:
    """A field of Streamlit's own, which sends at once; `draw` is such as `st.selectbox`."""
    key, now = form.key(name), form.shown_first(name)
    form.called[name] = label
    if draw in (st.selectbox, st.radio):
        more["index"] = list(more["options"]).index(now) if now in more["options"] else None
    elif draw is st.multiselect:
        more["default"] = [one for one in now or [] if one in more["options"]]
    elif draw is st.date_input:
        more["value"] = _day(now, more)
    else:
        more["value"] = now
    value = draw(label, key=key, on_change=partial(_chose, form, name, key), **more)
    if form.refused.get(name):
        st.caption(f"⚠️ **{form.refused[name]}**")
    return value


def _day(kept: str | None, limits: dict[str, Any]) -> date | None:
    """The day that was kept, where it can still be chosen; else the nearest that can."""
    if not kept:
        return None
    day = date.fromisoformat(kept)
    day = min(day, limits.get("max_value") or day)
    return max(day, limits.get("min_value") or day)


def _chose(form: Form, name: str, key: str) -> None:
    value = st.session_state[key]
    # A tick that is taken away again is no answer.
    form.put(name, None if value is False else as_kept(value))


def as_kept(value: Any) -> Any:
    """A value of a field as a draft keeps it: a day as text, several pupils as lists."""
    if isinstance(value, date):
        return value.isoformat()
    return [as_kept(one) for one in value] if isinstance(value, list | tuple) else value


def _differ(one: Any, other: Any) -> bool:
    """Whether two values are not the same; a blank is a blank, and No and 0 are none."""
    return bool(_blank(one) != _blank(other))


def _blank(value: Any) -> Any:
    return None if value in ("", []) else value


def _component() -> Any:
    """The field, with its script registered as a file: what a page may run is what this server serves."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(COMPONENT) is None:
        package, _, name = COMPONENT.partition(".")
        manifest = ComponentManifest(package, "1", [ComponentConfig(name, FILES.name)])
        manager.register_from_manifest(manifest, FILES.parent)
    return st.components.v2.component(COMPONENT, js="kept_text.js", css="kept_text.css", isolate_styles=False)
