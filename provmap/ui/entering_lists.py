"""What a school offers, needs, and groups, entered and corrected."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import streamlit as st

from provmap.store import Edit, datasets, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.begun import save_line
from provmap.ui.criteria_of import show_criteria
from provmap.ui.entering import PUPIL, of_pupils, schools
from provmap.ui.fields import WHO, kept_people, known_choices
from provmap.ui.kept_rows import correct, enter, is_waiting, new_form, record_of, save_correction, say_waiting
from provmap.ui.lost_drafts import show_lost
from provmap.ui.page import Page, plain
from provmap.ui.pupils import people, people_called, school_of
from provmap.ui.seen import all_seen, save_all_seen, sends
from provmap.ui.selecting import choose_rows
from provmap.ui.writing import save_or_say, writer
from provmap.words import NOBODY, count

PROVISION = tuple(
    name for name in datasets()["provisions"].column_names if name not in ("school_id", "provision_id")
)
NEED = (
    "need_code",
    "start_date",
    "end_date",
    "rank",
    "required_by",
    "required_weekly_minutes",
    "source",
    "barrier",
)
MEMBERSHIP = ("group_code", "start_date", "end_date")
GROUP = ("name", "counts_as_disadvantage", "agreed_on", "agreed_by", "definition")
# What identifies a new one.
CODE = {"provision": "provision_id", "group": "group_code"}
NEW = "A new one, or choose one to change"
# What was entered in the run before.
ENTERED = "just_entered"
# A last day may be one to come.
CALLED = {"end_date": "Until"}


def show_provisions(page: Page) -> None:
    """A provision and its criteria: a new one, or one that is there."""
    show_lost(page, "provisions")
    rows = {row["row_key"]: row for row in rows_to_edit(page.store, "provisions", **schools(page)).to_dicts()}
    _choose_entered(rows, "provision_chosen")
    key = st.selectbox(
        "Provision", list(rows), index=None, key="provision_chosen", placeholder=NEW,
        format_func=_called(page, rows, "provision_id").__getitem__,
    )  # fmt: skip
    _say_begun(page, "provisions", rows, key)
    with st.container(border=True):
        _one(page, "provision", "provisions", PROVISION, rows.get(key or ""),
             choices=known_choices(page))  # fmt: skip
    if key:
        show_criteria(page, rows[key])


def _choose_entered(rows: dict[str, dict[str, Any]], key: str) -> None:
    """Chooses what was just entered."""
    if entered := st.session_state.pop(ENTERED, None):
        these = (one for one, row in rows.items() if entered.items() <= row.items())
        st.session_state[key] = next(these, None)


def _say_begun(page: Page, dataset: str, rows: dict[str, dict[str, Any]], chosen: str | None) -> None:
    """About which of them something is begun and not saved."""
    names = {record_of(dataset, key): row["name"] for key, row in rows.items()}
    names[f"{dataset}/new/"] = "a new one"
    say_waiting(page, f"{dataset}/", names, but=record_of(dataset, chosen or "new"))


def _one(
    page: Page,
    name: str,
    dataset: str,
    columns: tuple[str, ...],
    row: dict[str, Any] | None,
    *,
    choices: dict[str, dict[str, str]],
) -> None:
    """The form of a provision or a group: a new one, or the one that is chosen."""
    key = f"{name}_{row and row['row_key']}"
    if row:
        opened = correct(page, name, dataset, columns, row, choices=choices, key=key, called=CALLED)
    else:
        opened = enter(page, f"{dataset}/new/", dataset, columns, {}, choices=choices, key=key, called=CALLED)
        if dataset == "provisions":
            st.caption("Who gets it, and when it is done, is asked for below once it is saved.")
    school = opened.held.get("school_id") or _school(page)
    made_by = writer(name)
    pressed = st.button(f"Save the {name}", type="primary", key=sends(name), disabled=opened.is_held_up)
    if not pressed or opened.is_held_up:
        return
    if row:
        save_correction(page, made_by, dataset, opened)
        return
    given = opened.given
    identity = {"school_id": school, CODE[name]: _code(given["name"])}
    if _is_there(page, dataset, school, given["name"]):
        words = f"There is a {name} of this name already: choose it at the top to change it."
        opened.form.places["name"].markdown(f"⚠️ **{words}**")
        st.error(words, icon="⚠️")
        return
    # What was just entered is chosen next: its criteria, or its pupils, are asked for then.
    st.session_state[ENTERED] = identity
    said = f"Saved: {given['name']}."
    if dataset == "provisions":
        said += " Say below who gets it, and when it is done."
    save_or_say(page, made_by, [Edit(dataset, identity | given)], said, opened.form)
    st.session_state.pop(ENTERED)


def show_needs(page: Page) -> None:
    """Needs of the pupils counted here: added for one or many, corrected, ended."""
    show_lost(page, "needs")
    rows = of_pupils(page, "needs")
    _show_for_pupils(
        page, "needs", rows, columns=NEED, doing="Add a need for pupils",
        empty="No needs are recorded for these pupils.",
        shown=(*PUPIL, "need_code", "start_date", "end_date", "barrier", "written_by"),
    )  # fmt: skip


def show_groups(page: Page) -> None:
    """The school's own groups, with who agreed the definition and when, and who is in them."""
    show_lost(page, "groups", "memberships")
    groups = {row["row_key"]: row for row in rows_to_edit(page.store, "groups", **schools(page)).to_dicts()}
    _choose_entered(groups, "group_chosen")
    st.caption(
        "A group of the school's own, such as bereaved this year: say who belongs, who agreed that, and when."
    )
    key = st.selectbox(
        "Group", list(groups), index=None, key="group_chosen", placeholder=NEW,
        format_func=_called(page, groups, "group_code").__getitem__,
    )  # fmt: skip
    _say_begun(page, "groups", groups, key)
    with st.container(border=True):
        _one(page, "group", "groups", GROUP, groups.get(key or ""), choices={})
    st.subheader("Pupils in groups", anchor=False)
    _show_for_pupils(
        page, "memberships", of_pupils(page, "memberships"), columns=MEMBERSHIP,
        doing="Put pupils into a group",
        shown=(*PUPIL, *MEMBERSHIP, "written_by"),
        empty="No pupil counted here was put into a group by name.",
    )  # fmt: skip


def _show_for_pupils(
    page: Page,
    dataset: str,
    rows: pl.DataFrame,
    *,
    columns: tuple[str, ...],
    shown: tuple[str, ...],
    empty: str,
    doing: str,
) -> None:
    if not page.summary["pupils"]:
        st.info(NOBODY)
        return
    with st.expander(doing, key=f"add_{dataset}", expanded=is_waiting(page, f"new/{dataset}/")):
        _add(page, dataset, columns)
    if rows.is_empty():
        st.info(empty)
        return
    chosen = choose_rows(page, rows, shown, f"rows_{dataset}")
    if len(chosen) == 1:
        _change(page, dataset, columns, chosen[0])
    elif not chosen:
        names = {
            record_of(dataset, row["row_key"]): f"{row['forename']} {row['surname']}"
            for row in rows.iter_rows(named=True)
        }
        say_waiting(page, f"{dataset}/", names)
    _remove(page, dataset, all_seen(dataset, chosen))


def _add(page: Page, dataset: str, columns: tuple[str, ...]) -> None:
    record, at_first = f"new/{dataset}/", {"start_date": page.filter.as_at}
    form = new_form(page, record, (WHO, *columns), at_first)
    who = kept_people(form, "Pupils (needed)", list(people(page)), people_called(page), f"who_{dataset}")
    opened = enter(page, record, dataset, columns, at_first, choices=known_choices(page),
                   key=f"add_{dataset}", besides=[WHO], called=CALLED)  # fmt: skip
    made_by, pressed = save_line(form, "Save", "add")
    if pressed and not who:
        st.error("Choose at least one pupil.", icon="⚠️")
    elif pressed:
        edits = [
            Edit(dataset, {"school_id": school, "pupil_id": pupil} | opened.given) for school, pupil in who
        ]
        save_or_say(page, made_by, edits, f"Saved for {count(len(who), 'pupil')}.", form)


def _change(page: Page, dataset: str, columns: tuple[str, ...], row: dict[str, Any]) -> None:
    name = f"change_{dataset}"
    with st.container(border=True):
        st.markdown(plain(f"Correct or end, for {row['forename']} {row['surname']}"))
        opened = correct(page, name, dataset, columns, row, choices=known_choices(page),
                         key=f"change_{row['row_key']}", called=CALLED)  # fmt: skip
        made_by = writer("change")
        pressed = st.button("Save", type="primary", key=sends(name), disabled=opened.is_held_up)
    if pressed and not opened.is_held_up:
        save_correction(page, made_by, dataset, opened)


def _remove(page: Page, dataset: str, chosen: list[dict[str, Any]]) -> None:
    if not chosen:
        return
    with st.form(f"form_remove_{dataset}"):
        words = count(len(chosen), "row")
        st.caption(
            "Entered by mistake? Then it is as if it had never been. What ended needs a last day instead."
        )
        made_by = writer("remove")
        pressed = st.form_submit_button(f"Take out {words}")
    if pressed:
        edits = [Edit(dataset, {}, row["row_key"], row["row_version"], removed=True) for row in chosen]
        save_all_seen(page, made_by, edits, f"Taken out: {words}.")


def _called(page: Page, rows: dict[str, dict[str, Any]], code: str) -> dict[str, str]:
    """The name of each, with its school or its code where a name stands twice."""
    names = {one: str(row["name"]) for one, row in rows.items()}
    return told_apart(names, school_of(page, rows), lambda one: rows[one][code])


def _is_there(page: Page, dataset: str, school: str, name: str | None) -> bool:
    """Whether the school has one of that name, however it is written."""
    names = rows_to_edit(page.store, dataset, school_id=school)["name"].to_list()
    return (name or "").strip().lower() in [one.lower() for one in names]


def _school(page: Page) -> str:
    known = page.labels("schools")
    if len(known) == 1:
        return next(iter(known))
    return str(
        st.selectbox("School (needed)", list(known), format_func=lambda one: known[one], key="of_school")
    )


def _code(name: str | None) -> str:
    """An identifier from a name: lower case, with _ between words."""
    return re.sub(r"\W+", "_", name or "").strip("_").lower() or ("new" if name else "")
