"""Views of a page saved under a name: what was chosen, never a pupil. A link brings anybody to the view."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from provmap.store import Edit, rows_to_edit
from provmap.ui.begun import save_line, show_begun
from provmap.ui.drafted import open_form, text_field
from provmap.ui.page import Page, plain
from provmap.ui.writing import save_or_say, take_out_or_say, writer

# What is typed of a view to save.
TEXTS = {"name": "Save what is on the screen as (needed)", "for_whom": "For whom, such as: SENCO"}
# Views for those who lead a group, offered where the school has it: name, groups, choices of the map.
OFFERED = (
    ("SENCO: SEN support and plans", ("sen_support", "ehc_plan"), {"rows": "Single needs"}),
    ("EAL lead: English as an additional language", ("eal",), {"by": "By class"}),
    ("More-able lead: more able", ("more_able",), {"by": "By class"}),
)


def show_views(page: Page, name: str) -> None:
    """The saved views of a page as links, and a form to save the one on the screen."""
    saved = rows_to_edit(page.store, "saved_views", page=name).to_dicts()
    known = page.labels("groups")
    with st.expander("Saved views", key="views"):
        links = [
            (words, urlencode([*(("group", group) for group in groups if group in known), *choices.items()]))
            for words, groups, choices in OFFERED
            if any(group in known for group in groups)
        ]
        links += [
            (f"{view['for_whom']}: {view['name']}" if view["for_whom"] else view["name"], view["address"])
            for view in saved
        ]
        # Whole addresses, opened afresh: what is chosen at this moment must not mix with what was saved.
        st.markdown("\n".join(f"- [{plain(words)}]({name}?{address})" for words, address in links))
        _remove(page, saved)
        _save_this(page, name, {view["name"]: view for view in saved})


def _remove(page: Page, saved: list[dict[str, Any]]) -> None:
    if not saved:
        return
    with st.form("remove_view_form", border=False):
        names = {view["name"]: view for view in saved}
        chosen = st.selectbox(
            "Remove a saved view", list(names), index=None, placeholder="Choose one", key="remove_view"
        )
        made_by = writer("remove_view")
        pressed = st.form_submit_button("Remove the view")
    if pressed and chosen is None:
        st.error("Choose the view to remove.", icon="⚠️")
    elif pressed:
        take_out_or_say(page, made_by, "saved_views", names[chosen], "The view is removed.")


def _save_this(page: Page, name: str, saved: dict[str, dict[str, str | int]]) -> None:
    form = open_form(page.store.folder, f"view/{name}/", dict.fromkeys(TEXTS))
    show_begun(form, TEXTS)
    called, for_whom = (text_field(form, one, label).strip() for one, label in TEXTS.items())
    made_by, pressed = save_line(form, "Save the view", "view")
    if not pressed:
        return
    chosen = [(key, value) for key in st.query_params for value in st.query_params.get_all(key)]
    held = saved.get(called, {})
    now = {"name": called or None, "page": name, "address": urlencode(chosen), "for_whom": for_whom or None}
    edit = Edit("saved_views", now, str(held.get("row_key", "")), int(held.get("row_version", 0)))
    save_or_say(page, made_by, [edit], "View saved: its link stands under Saved views.", form)
