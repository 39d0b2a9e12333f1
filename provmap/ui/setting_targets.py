"""Setting a target for pupils, or for a class, a year or a group; correcting it; forecast and result."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import academic_year_of, show_date
from provmap.store import Edit, Store, datasets, rows_to_edit
from provmap.ui.choices import choose_one
from provmap.ui.fields import fields, known_choices
from provmap.ui.page import Page, plain
from provmap.ui.pupils import label_of
from provmap.ui.writing import save_or_say, writer
from provmap.words import count

FOR = {"pupils": "For pupils", "shared": "For a class, a year or a group"}
SAID = ("target", "due_on", "forecast", "forecast_on", "agreed_with_pupil", "agreed_with_parent", "words")
SHARED = ("target", "due_on", "share_needed", "baseline", "forecast", "forecast_on", "words")
CORRECTING = ("target", "due_on", "baseline", "forecast", "forecast_on", "result", "agreed_with_pupil",
              "agreed_with_parent", "words")  # fmt: skip
CORRECTING_SHARED = (*SHARED, "result", "scale")
WHOSE = ("group_code", "year_group", "class")


def set_target(page: Page) -> None:
    """The form for a new target: for whom, in what, and where they stand on that scale now."""
    if not page.summary["pupils"]:
        return
    with st.expander("Set a target", icon="✏️", key="set_target"):
        if st.session_state.pop("has_set", False):
            # What was just saved would stand there as if it were still to do.
            st.session_state["target_pupils"] = []
        whom = choose_one("For whom", FOR, key="target_for")
        left, right = st.columns(2)
        subjects = page.labels("subjects")
        subject = left.selectbox(
            "Subject (needed)", list(subjects), index=None, key="target_subject",
            placeholder="Choose a subject", format_func=lambda one: subjects.get(one, one),
        )  # fmt: skip
        scales = _scales(page, subject)
        scale = right.selectbox("Scale (needed)", scales, index=0 if scales else None, key="target_scale",
                                placeholder="Choose a scale")  # fmt: skip
        (_for_pupils if whom == "pupils" else _for_many)(page, subject, scale)


def _scales(page: Page, subject: str | None) -> list[str]:
    """The scales of which the school has results in the subject first, then all others."""
    held = page.ask("scales_held")
    has_it = pl.col("subjects").list.contains(subject or "")
    return held.sort(has_it, descending=True, maintain_order=True)["scale"].to_list()


def _choices(page: Page, scale: str | None) -> dict[str, dict[str, str]]:
    """For a scale of words its values, in order; a number is typed."""
    rows = page.ask("scale_values_held")
    values = rows.filter(
        (pl.col("scale").str.to_lowercase() == (scale or "").lower()) & (pl.col("value_kind") == "step")
    )
    named = {
        value: f"{value}: {meaning}" if meaning else value
        for value, meaning in values.select("scale_value", "meaning").iter_rows()
    }
    return dict.fromkeys(("target", "baseline", "forecast", "result"), named) if named else {}


def _for_pupils(page: Page, subject: str | None, scale: str | None) -> None:
    people = {(row["school_id"], row["pupil_id"]): row for row in page.ask("pupil_list").to_dicts()}
    kept = st.session_state.get("target_pupils", [])
    st.session_state["target_pupils"] = [one for one in kept if one in people]
    who = st.multiselect(
        "Pupils (needed)",
        list(people),
        key="target_pupils",
        format_func=lambda one: label_of(page, people[one]),
    )
    latest = _latest(page, subject, scale)
    if who and subject and scale:
        st.caption(plain(f"Starting points: {_standing(people, who, latest)}."))
    with st.form("target_form", border=False):
        given = fields(datasets()["targets"], SAID, {}, _choices(page, scale), f"target_{scale}")
        made_by = writer("target")
        pressed = st.form_submit_button("Set it", type="primary")
    if not pressed or not _is_complete(subject, scale, bool(who), "Choose at least one pupil."):
        return
    common = _common(page, subject, scale) | given
    edits = [
        Edit(
            "targets",
            common | {"school_id": one[0], "pupil_id": one[1], "baseline": latest.get(one, (None,))[0]},
        )
        for one in who
    ]
    st.session_state["has_set"] = True
    save_or_say(page, made_by, edits, f"The target is set for {count(len(who), 'pupil')}.")
    st.session_state["has_set"] = False


def _for_many(page: Page, subject: str | None, scale: str | None) -> None:
    choices = known_choices(page) | _choices(page, scale) | {"class": page.labels("classes")}
    st.caption("Whoever is in all that you name: Year 5, or the pupils of Oak who are in a group.")
    schools = page.labels("schools")
    with st.form("shared_form", border=False):
        whom = fields(datasets()["targets"], ("year_group", "class", "group_code"), {}, choices, "shared_for")
        share = st.number_input("How many of them are to reach it (%)", 0, 100, 80, key="shared_share")
        names = tuple(name for name in SHARED if name not in ("share_needed", "baseline"))
        given = fields(datasets()["targets"], names, {}, choices, f"shared_{scale}")
        school = next(iter(schools)) if len(schools) == 1 else st.selectbox(
            "School (needed)", list(schools), format_func=lambda one: schools[one], key="shared_school"
        )  # fmt: skip
        made_by = writer("shared")
        pressed = st.form_submit_button("Set it", type="primary")
    if not pressed or not _is_complete(
        subject, scale, any(whom.values()), "Name a class, a year or a group."
    ):
        return
    row = _common(page, subject, scale) | whom | given | {"school_id": school, "share_needed": share / 100}
    save_or_say(page, made_by, [Edit("targets", row)], "The target is set.")


def _is_complete(subject: str | None, scale: str | None, has_whom: bool, whom: str) -> bool:
    if has_whom and subject and scale:
        return True
    st.error(whom if not has_whom else "Say in which subject, and on which scale.", icon="⚠️")
    return False


def _common(page: Page, subject: str | None, scale: str | None) -> dict[str, Any]:
    day = page.filter.as_at
    return {"subject": subject, "scale": scale, "set_on": day, "academic_year": academic_year_of(day)}


def _latest(page: Page, subject: str | None, scale: str | None) -> dict[tuple[str, str], tuple[str, Any]]:
    """Each pupil's latest result on the scale, with its day."""
    if not subject or not scale:
        return {}
    rows = page.ask("progress_grid").filter(
        (pl.col("subject").str.to_lowercase() == subject.lower()) & (pl.col("scale") == scale)
    )
    return {
        (row["school_id"], row["pupil_id"]): (row["value"], row["assessed_on"])
        for row in rows.iter_rows(named=True)
    }


def _standing(people: dict[Any, Any], who: list[Any], latest: dict[Any, Any]) -> str:
    said = []
    for one in who:
        value, day = latest.get(one, (None, None))
        words = f"{value} on {show_date(day)}" if value else "no result on this scale in the last year"
        said.append(f"{people[one]['forename']} {people[one]['surname']} {words}")
    return "; ".join(said)


def change_target(page: Page, row: dict[str, Any]) -> None:
    """Correct a target, say what the teacher expects or what came of it; or take it out."""
    held = held_target(page.store, row)
    if held is None:
        return
    names = CORRECTING if held["pupil_id"] else CORRECTING_SHARED
    with st.form("change_target"):
        st.markdown("**Correct it, or record a forecast or what came of it**")
        given = fields(
            datasets()["targets"], names, held, _choices(page, row["scale"]), f"change_{held['row_key']}"
        )
        made_by = writer("change_target")
        first, second = st.columns(2)
        saved = first.form_submit_button("Save", type="primary")
        removed = second.form_submit_button("Take it out: set by mistake")
    if saved:
        if given["forecast"] and given["forecast"] != held["forecast"] and not given["forecast_on"]:
            given["forecast_on"] = page.filter.as_at
        save_or_say(page, made_by, [Edit("targets", given, held["row_key"], held["row_version"])], "Saved.")
    if removed:
        out = Edit("targets", {}, held["row_key"], held["row_version"], removed=True)
        save_or_say(page, made_by, [out], "The target is taken out.")


def held_target(store: Store, row: dict[str, Any]) -> dict[str, Any] | None:
    """The row behind a line of a list. A pupil's year and class there are the pupil's, not the target's."""
    rows = rows_to_edit(
        store, "targets", school_id=row["school_id"], pupil_id=row.get("pupil_id"),
        subject=row["subject"], set_on=row["set_on"],
    ).to_dicts()  # fmt: skip
    if not row.get("pupil_id"):
        rows = [one for one in rows if all(one[name] == row[name] for name in WHOSE)]
    same = [one for one in rows if one["target"] == row["target"]]
    return next(iter(same or rows), None)
