"""What a school offers, needs, and groups, entered and corrected."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import streamlit as st

from provmap.store import Edit, datasets, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.entering import PUPIL, of_pupils, schools
from provmap.ui.fields import fields, known_choices
from provmap.ui.page import Page, plain
from provmap.ui.pupils import people, people_called, school_of
from provmap.ui.seen import FILLED, all_seen, let_go, save_all_seen, save_seen, seen
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
NEW = "A new one, or choose one to change"
CRITERION = ("kind", "measure", "comparator", "value")


def show_provisions(page: Page) -> None:
    """A provision and its criteria: a new one, or one that is there."""
    rows = {row["row_key"]: row for row in rows_to_edit(page.store, "provisions", **schools(page)).to_dicts()}
    key = st.selectbox(
        "Provision", list(rows), index=None, key="provision_chosen", placeholder=NEW,
        format_func=_called(page, rows, "provision_id").__getitem__,
    )  # fmt: skip
    row = _seen("provisions", rows.get(key))
    with st.form("provision_form"):
        drawn = f"provision_{row.get(FILLED, '')}{key}"
        given = fields(datasets()["provisions"], PROVISION, row, known_choices(page), drawn)
        school = row.get("school_id") or _school(page)
        made_by = writer("provision")
        pressed = st.form_submit_button("Save the provision", type="primary")
    if pressed and row:
        save_seen(page, made_by, "provisions", row, given)
    elif pressed:
        identity = {"school_id": school, "provision_id": _code(given["name"])}
        save_or_say(page, made_by, [Edit("provisions", identity | given)], f"Saved: {given['name']}.")
    if row:
        _show_criteria(page, row)


def _seen(dataset: str, row: dict[str, Any] | None) -> dict[str, Any]:
    """The row that is chosen, as it stood when it was; nothing for a new one."""
    if row is None:
        let_go(dataset)
        return {}
    return seen(dataset, row)


def _show_criteria(page: Page, provision: dict[str, Any]) -> None:
    st.subheader("Who gets it, and when it is done", anchor=False)
    st.caption(
        "A pupil qualifies when every condition for starting holds, and is done when every one for "
        "finishing does. Measures: a subject and scale such as reading/standardised, attendance "
        "(percent), need or group."
    )
    of = {"school_id": provision["school_id"], "provision_id": provision["provision_id"]}
    rows = rows_to_edit(page.store, "criteria", **of)
    chosen = all_seen("criteria", choose_rows(page, rows, CRITERION, "criteria") if rows.height else [])
    with st.form("criterion_form"):
        given = fields(datasets()["criteria"], CRITERION, {}, {}, "criterion")
        made_by = writer("criterion")
        first, second = st.columns(2)
        added = first.form_submit_button("Add the condition", type="primary")
        removed = second.form_submit_button(f"Take out the selected ({len(chosen)})", disabled=not chosen)
    if added:
        save_or_say(page, made_by, [Edit("criteria", of | given)], "Condition added.")
    if removed:
        edits = [Edit("criteria", {}, row["row_key"], row["row_version"], removed=True) for row in chosen]
        save_all_seen(page, made_by, edits, f"{count(len(edits), 'condition').capitalize()} taken out.")


def show_needs(page: Page) -> None:
    """Needs of the pupils counted here: added for one or many, corrected, ended."""
    rows = of_pupils(page, "needs")
    _show_for_pupils(
        page, "needs", rows, columns=NEED, doing="Add a need for pupils",
        empty="No needs are recorded for these pupils.",
        shown=(*PUPIL, "need_code", "start_date", "end_date", "barrier", "written_by"),
    )  # fmt: skip


def show_groups(page: Page) -> None:
    """The school's own groups, with who agreed the definition and when, and who is in them."""
    groups = {row["row_key"]: row for row in rows_to_edit(page.store, "groups", **schools(page)).to_dicts()}
    st.caption(
        "A group of the school's own, such as bereaved this year: say who belongs, who agreed that, and when."
    )
    key = st.selectbox(
        "Group", list(groups), index=None, key="group_chosen", placeholder=NEW,
        format_func=_called(page, groups, "group_code").__getitem__,
    )  # fmt: skip
    row = _seen("groups", groups.get(key))
    with st.form("group_form"):
        given = fields(datasets()["groups"], GROUP, row, {}, f"group_{row.get(FILLED, '')}{key}")
        school = row.get("school_id") or _school(page)
        made_by = writer("group")
        pressed = st.form_submit_button("Save the group", type="primary")
    if pressed and row:
        save_seen(page, made_by, "groups", row, given)
    elif pressed:
        identity = {"school_id": school, "group_code": _code(given["name"])}
        save_or_say(page, made_by, [Edit("groups", identity | given)], f"Saved: {given['name']}.")
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
    with st.expander(doing, key=f"add_{dataset}"):
        _add(page, dataset, columns)
    if rows.is_empty():
        st.info(empty)
        return
    chosen = choose_rows(page, rows, shown, f"rows_{dataset}")
    if len(chosen) == 1:
        _change(page, dataset, columns, chosen[0])
    else:
        let_go(dataset)
    _remove(page, dataset, all_seen(dataset, chosen))


def _add(page: Page, dataset: str, columns: tuple[str, ...]) -> None:
    pupils, called = people(page), people_called(page)
    with st.form(f"form_add_{dataset}", border=False):
        who = st.multiselect(
            "Pupils (needed)", list(pupils), key=f"who_{dataset}",
            format_func=lambda one: called[one],
        )  # fmt: skip
        row = {"start_date": page.filter.as_at}
        given = fields(datasets()[dataset], columns, row, known_choices(page), f"add_{dataset}")
        made_by = writer("add")
        pressed = st.form_submit_button("Save", type="primary")
    if pressed and not who:
        st.error("Choose at least one pupil.", icon="⚠️")
    elif pressed:
        edits = [Edit(dataset, {"school_id": school, "pupil_id": pupil} | given) for school, pupil in who]
        save_or_say(page, made_by, edits, f"Saved for {count(len(who), 'pupil')}.")


def _change(page: Page, dataset: str, columns: tuple[str, ...], row: dict[str, Any]) -> None:
    held = seen(dataset, row)
    with st.form(f"form_change_{dataset}"):
        st.markdown(plain(f"Correct or end, for {row['forename']} {row['surname']}"))
        key = f"change_{held[FILLED]}_{held['row_key']}"
        given = fields(datasets()[dataset], columns, held, known_choices(page), key)
        made_by = writer("change")
        pressed = st.form_submit_button("Save", type="primary")
    if pressed:
        save_seen(page, made_by, dataset, held, given)


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
