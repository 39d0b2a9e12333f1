"""Words for a target that were kept before a draft had its pupil: somebody says about whom they are."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from provmap import drafts
from provmap.drafts import Draft
from provmap.ui.begun import together, when
from provmap.ui.drafted import Form, open_form, writer_here
from provmap.ui.page import Page, plain
from provmap.ui.pupils import people_called
from provmap.ui.shared_targets import TEXTS

Pupil = tuple[str, str]


def offer_nameless(page: Page, many: Form) -> None:
    """Each of them, to be put with its pupil or thrown away; it is never dropped in silence.

    `many` is the form for several pupils, under whose record all targets were begun at first. A pupil's own
    words are not asked for there, so whatever words lie there are of before.
    """
    folder = page.store.folder
    kept = drafts.kept(folder, many.record, writer_here(folder))
    for old in kept:
        if old.record == many.record and any(old.given.get(name) for name in TEXTS):
            with st.container(border=True, key=f"nameless_{old.place[:8]}"):
                _offer(page, many, old)


def _offer(page: Page, many: Form, old: Draft) -> None:
    st.markdown(
        f"**Words for a target, begun {when(old.began_at)} and not saved.** They were kept without a name: "
        "about whom are they?"
    )
    for name, label in TEXTS.items():
        if old.given.get(name):
            st.markdown(plain(f"{label}: “{old.given[name]}”"))
    called = people_called(page)
    pupil: Pupil | None = st.selectbox(
        "About whom", list(called), index=None, placeholder="Type a name, or choose one",
        key=f"nameless_whom_{old.place[:8]}", format_func=lambda one: called[one],
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button("Put them with this pupil", key=f"nameless_put_{old.place[:8]}", disabled=pupil is None,
                  on_click=partial(_put, many, old, pupil))  # fmt: skip
        st.button("Throw them away", key=f"nameless_away_{old.place[:8]}", type="tertiary",
                  on_click=partial(_let_go, many, old))  # fmt: skip


def _put(many: Form, old: Draft, pupil: Pupil | None) -> None:
    """They wait with the pupil; below what stands there already."""
    if pupil is None:
        return
    form = open_form(many.folder, f"{many.record}{pupil[0]}/{pupil[1]}/", dict.fromkeys(many.given))
    values: dict[str, Any] = {
        name: value for name, value in old.given.items()
        if name in form.given and value and not form.is_begun(name)
    }  # fmt: skip
    values |= {name: together(form.given[name], old.given.get(name)) or None for name in TEXTS}
    form.set(**values)
    _let_go(many, old)


def _let_go(many: Form, old: Draft) -> None:
    many.drop(old)
    if many.found == old or many.given.get("words") == old.given.get("words"):
        many.found = None
        many.start_again(dict.fromkeys(many.given))
