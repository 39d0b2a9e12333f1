"""Setting a target with pupils, in their own words, or for a class, a year or a group."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import academic_year_of, show_date
from provmap.store import Edit, datasets
from provmap.ui.begun import begun_among, say_begun, show_begun
from provmap.ui.choices import choose_one
from provmap.ui.drafted import Form, open_form, text_field
from provmap.ui.fields import fields, kept_fields, known_choices
from provmap.ui.page import Page, plain
from provmap.ui.pupils import people, people_called
from provmap.ui.writing import save_or_say, writer
from provmap.words import heading, joined

FOR = {
    "one": "For one pupil",
    "pupils": "For several pupils alike",
    "shared": "For a class, a year or a group",
}
SAID = ("target", "due_on", "agreed_with_pupil", "agreed_with_parent", "forecast", "forecast_on")
# Of these, the values of a scale.
OF_SCALE = ("target", "forecast")
TEXTS = {name: heading(name) for name in ("words", "parent_words")}
# In what the words are: the name in the draft, and the key of the field.
IN_WHAT = {"subject": "target_subject", "scale": "target_scale"}
NOTHING = dict.fromkeys([*TEXTS, *IN_WHAT, *SAID])
# What is begun about one pupil lies below this, and what is begun for many just here.
MANY = "targets/"
SHARED = ("target", "due_on", "share_needed", "baseline", "forecast", "forecast_on", "words")
# The last choice of subjects: a new one is made only where somebody asks for it.
ANOTHER = "another subject"
MOST_NAMES = 6
# Goes up with each target that is set: its fields are empty for the next.
TURN = "targets_set"
# The record of the form that was in sight last.
SHOWN = "target_shown"
PUPIL = "target_pupil"
Pupil = tuple[str, str]


def record_of(pupil: Pupil) -> str:
    """What the draft about a pupil is kept under."""
    return f"{MANY}{pupil[0]}/{pupil[1]}/"


def set_target(page: Page) -> None:
    """The form for a new target: for whom, in what, and where they stand on that scale now."""
    if not page.summary["pupils"]:
        return
    folder = page.store.folder
    many = open_form(folder, MANY, NOTHING)
    begun = begun_among(folder, MANY, {record_of(one): one for one in people(page)})
    # Not only while the pupil is chosen: it would close under whoever chooses another.
    is_open = bool(begun) or many.is_begun()
    with st.expander("Set a target", icon="✏️", key="set_target", expanded=is_open):
        if done := st.session_state.pop("has_set", None):
            _begin_anew(open_form(folder, done, NOTHING))
        whom = choose_one("For whom", FOR, key="target_for")
        pupil = _pupil(page, begun) if whom == "one" else None
        form = None if whom == "one" else many
        if pupil:
            form = open_form(folder, record_of(pupil), NOTHING)
        _say_others(
            page, [one for one in begun if one != pupil], is_many=form is not many and many.is_begun()
        )
        _go_on(page, form)
        if form:
            show_begun(form, TEXTS)
        left, right = st.columns(2)
        with left:
            subject = _subject(page)
        scale = _scale(page, subject, right)
        if form:
            _keep_in_what(form, subject, scale)
        if whom == "shared":
            _for_many(page, many, subject, scale)
        elif form is None:
            _for_nobody_yet()
        else:
            _for_pupils(page, form, pupil, subject, scale)


def _begin_anew(form: Form) -> None:
    """What was just saved would stand there as if it were still to do."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state["target_pupils"], st.session_state[PUPIL] = [], None
    if form.is_begun(*TEXTS):
        form.set(**dict.fromkeys(SAID))
    else:
        form.start_again(NOTHING)
        for key in IN_WHAT.values():
            st.session_state[key] = None
    # Wherever on the page the button was, this is in sight.
    st.toast("The target is set. The form is empty for the next.", icon="✔️")


def _say_others(page: Page, pupils: list[Pupil], *, is_many: bool) -> None:
    """For whom else something is begun: it waits there."""
    names = [_name(people(page)[one]) for one in pupils]
    say_begun([*names, *(["several pupils, a class, a year or a group"] if is_many else [])])


def _go_on(page: Page, form: Form | None) -> None:
    """Chooses again in what it was begun, when a form comes in sight: words and values belong to that."""
    shown, st.session_state[SHOWN] = st.session_state.get(SHOWN), form and form.record
    # Its fields are empty also where somebody was on another page meanwhile.
    is_new = form is not None and (form.record != shown or IN_WHAT["subject"] not in st.session_state)
    if form is None or not is_new or not form.given["subject"]:
        return
    subject, scale = form.given["subject"], form.given["scale"]
    is_known = subject in page.labels("subjects")
    st.session_state[IN_WHAT["subject"]] = subject if is_known else ANOTHER
    if not is_known:
        st.session_state["target_new_subject"] = subject
    st.session_state[IN_WHAT["scale"]] = scale if scale in _scales(page, subject) else None


def _keep_in_what(form: Form, subject: str | None, scale: str | None) -> None:
    if form.is_begun(*OF_SCALE) and form.given["scale"] not in (None, scale):
        # What was begun on another scale is no value of this one.
        form.set(**dict.fromkeys(OF_SCALE))
    is_begun = form.is_begun(*TEXTS, *SAID)
    if st.session_state.get(IN_WHAT["subject"]) == ANOTHER:
        subject = subject or st.session_state.get("target_new_subject", "").strip()
    # In what the words are belongs to them, and is nothing by itself.
    form.put("subject", subject if is_begun else None)
    form.put("scale", scale if is_begun else None)


def _subject(page: Page) -> str | None:
    """One of the school's subjects; another is named in a field of its own, and said to be new."""
    subjects = page.labels("subjects")
    chosen = st.selectbox(
        "Subject (needed)", [*subjects, ANOTHER], index=None, key="target_subject",
        placeholder="Choose a subject", format_func=lambda one: subjects.get(one, "Another subject …"),
    )  # fmt: skip
    if chosen != ANOTHER:
        return chosen
    named = st.text_input("Name of the other subject", key="target_new_subject").strip()
    known = {label.lower(): code for code, label in subjects.items()} | {one.lower(): one for one in subjects}
    if named.lower() in known:
        st.caption(plain(f"{subjects[known[named.lower()]]} is one of the school's subjects: it is taken."))
        return known[named.lower()]
    alike = [label for label in subjects.values() if named and named.lower() in label.lower()]
    meant = f" Is it {alike[0]}? Then choose that above." if alike else ""
    if named and not st.checkbox(f"Add “{named}” as a new subject", key=f"target_add_{named}"):
        st.caption(plain(f"The school has no subject “{named}” so far.{meant}"))
        return None
    return named or None


def _scales(page: Page, subject: str | None) -> list[str]:
    """The scales of which the school has results in the subject first, then all others."""
    held = page.ask("scales_held")
    has_it = pl.col("subjects").list.contains(subject or "")
    return held.sort(has_it, descending=True, maintain_order=True)["scale"].to_list()


def _scale(page: Page, subject: str | None, column: Any) -> str | None:
    """The scale, that of the subject's results unless another is chosen."""
    scales = _scales(page, subject)
    if subject and scales and not st.session_state.get(IN_WHAT["scale"]):
        st.session_state[IN_WHAT["scale"]] = scales[0]
    chosen: str | None = column.selectbox("Scale (needed)", scales, index=None, key=IN_WHAT["scale"],
                                          placeholder="Choose a scale")  # fmt: skip
    return chosen


def scale_choices(page: Page, scale: str | None) -> dict[str, dict[str, str]]:
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


def _pupil(page: Page, begun: list[Pupil]) -> Pupil | None:
    """One pupil, whose own words can be written with it; at first one about whom something is begun."""
    called = people_called(page)
    if st.session_state.get(PUPIL) not in called:
        st.session_state[PUPIL] = begun[0] if begun else None
    chosen: Pupil | None = st.selectbox(
        "Pupil (needed)", list(called), index=None, key=PUPIL, placeholder="Type a name, or choose one",
        format_func=lambda one: called.get(one, ""),
    )  # fmt: skip
    return chosen


def _several(page: Page) -> list[Pupil]:
    """Several pupils, for whom the same is set."""
    called = people_called(page)
    kept = st.session_state.get("target_pupils", [])
    st.session_state["target_pupils"] = [one for one in kept if one in called]
    st.caption("Each gets the same target. A pupil's own words go with a target for one pupil.")
    return st.multiselect("Pupils (needed)", list(called), key="target_pupils",
                          format_func=lambda one: called[one])  # fmt: skip


def _for_nobody_yet() -> None:
    """Nothing is written before it is known about whom: it could go to another."""
    st.caption("Choose the pupil; then write what they aim for.")
    if st.button("Set it", type="primary", key="target_set"):
        st.error("Choose a pupil.", icon="⚠️")


def _for_pupils(page: Page, form: Form, pupil: Pupil | None, subject: str | None, scale: str | None) -> None:
    """The fields of a target for the pupil, or where that is nobody for several alike."""
    who = [pupil] if pupil else _several(page)
    latest = _latest(page, subject, scale)
    if who and subject and scale:
        st.caption(plain(f"Starting points: {_standing(people(page), who, latest)}."))
    given = own_words(form) if pupil else {}
    # Each pupil has fields of their own: nothing that stands in one goes on to the next.
    key = _key(form.record if pupil else "target", scale)
    given |= kept_fields(form, datasets()["targets"], SAID, scale_choices(page, scale), key)
    made_by = writer("target")
    pressed = st.button("Set it", type="primary", key="target_set")
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
    st.session_state["has_set"] = form.record
    words = f"The target is set for {_named([people(page)[one] for one in who])}."
    save_or_say(page, made_by, edits, words, form if pupil else None)
    st.session_state["has_set"] = None


def _key(whose: str, what: str | None) -> str:
    """The key of the fields of one target: the next has others, which are empty."""
    turn = st.session_state.get(TURN, 0)
    return f"{whose}_{what}{f'_{turn}' if turn else ''}"


def own_words(form: Form) -> dict[str, Any]:
    """What pupil and parent say of it, kept as it is typed."""
    given = {}
    for column, (name, label) in zip(st.columns(2), TEXTS.items(), strict=True):
        with column:
            given[name] = text_field(form, name, label, lines=2).strip() or None
    return given


def _name(pupil: dict[str, Any]) -> str:
    return f"{pupil['forename']} {pupil['surname']}"


def _named(pupils: list[dict[str, Any]]) -> str:
    names = [_name(one) for one in pupils]
    if len(names) <= MOST_NAMES:
        return joined(names)
    return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"


def _for_many(page: Page, form: Form, subject: str | None, scale: str | None) -> None:
    choices = known_choices(page) | scale_choices(page, scale) | {"class": page.labels("classes")}
    st.caption("Whoever is in all that you name: Year 5, or the pupils of Oak who are in a group.")
    schools = page.labels("schools")
    words = text_field(form, "words", TEXTS["words"], lines=2).strip() or None
    with st.form("shared_form", border=False):
        whose = ("year_group", "class", "group_code")
        whom = fields(datasets()["targets"], whose, {}, choices, _key("shared", "for"))
        share = st.number_input("How many of them are to reach it (%)", 0, 100, 80, key="shared_share")
        names = tuple(name for name in SHARED if name not in ("share_needed", "baseline", "words"))
        given = fields(datasets()["targets"], names, {}, choices, _key("shared", scale))
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
    st.session_state["has_set"] = MANY
    save_or_say(page, made_by, [Edit("targets", row | {"words": words})], "The target is set.", form)
    st.session_state["has_set"] = None


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


def _standing(known: dict[Any, Any], who: list[Any], latest: dict[Any, Any]) -> str:
    said = []
    for one in who:
        value, day = latest.get(one, (None, None))
        words = f"{value} on {show_date(day)}" if value else "no result on this scale in the last year"
        said.append(f"{_name(known[one])} {words}")
    return "; ".join(said)
