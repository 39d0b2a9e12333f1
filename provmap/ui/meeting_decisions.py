"""What a meeting decides, and what a decision begins, ends or changes in the map once that is confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import polars as pl
import streamlit as st

from provmap.drafts import Values
from provmap.filters import show_date
from provmap.store import Edit, journal_datasets, key_of, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.drafted import Form, chosen, text_field
from provmap.ui.page import Page, plain
from provmap.ui.seen import all_seen
from provmap.words import heading

STARTED, ENDED, CHANGED = "provision started", "provision ended", "provision changed"
OF_PROVISION = (STARTED, ENDED, CHANGED)
NOT_IN_MAP = "not in the map yet"
FIELDS = ("kind", "words", "expected", "provision_id", "placement", "from_day", "until", "outcome", "in_map",
          "minutes_per_session", "sessions_per_week", "group_name", "staff_ids", "shows_in")  # fmt: skip
# What a change can be in, from a day on; an empty field leaves it as it is.
CHANGES = ("minutes_per_session", "sessions_per_week", "group_name", "staff_ids")
# What a row of provision carries on into the row that goes on from the day of a change. What was measured
# and attended stays with the days it was measured in.
GOES_ON = ("school_id", "pupil_id", "provision_id", "expected_end_date", "need_codes", "funding",
           "required_by", "subject_missed", "intended_outcome", "measure", *CHANGES)  # fmt: skip
OUTCOMES = ["met", "partly met", "not met"]
# For which provision the adult who leads it was proposed, in each form.
PROPOSED = "lead_proposed_for"
EXPECTED = "What it should bring about"
About = dict[str, Any]
Row = dict[str, Any]


def at_first(page: Page) -> Values:
    """A decision of which nothing has been said yet."""
    return dict.fromkeys(FIELDS) | {"from_day": page.store.today.isoformat()}


def decision_fields(page: Page, form: Form, about: About) -> None:
    """The kind of decision, then only the fields that this kind needs."""
    kinds = [kind for kind in journal_datasets()["decisions"].column("kind").allowed
             if kind not in OF_PROVISION or about["pupil_id"]]  # fmt: skip
    if about["pupil_id"] and not running(page, about) and form.given["kind"] not in (ENDED, CHANGED):
        # Nothing is in place that could end or change.
        kinds = [kind for kind in kinds if kind not in (ENDED, CHANGED)]
    kind = chosen(form, "kind", st.selectbox, "A decision", options=kinds, placeholder="None",
                  format_func=str.capitalize)  # fmt: skip
    if not kind:
        return
    text_field(form, "words", "What we decide (needed)")
    wanted = f"{EXPECTED} (needed to begin it in the map)" if kind == STARTED else EXPECTED
    text_field(form, "expected", wanted, help="The next meeting looks at it.")
    if kind in (STARTED, CHANGED):
        chosen(form, "shows_in", st.selectbox, "Subject in which it should show",
               options=list(page.labels("subjects")), placeholder="That of the provision",
               help="The next meeting shows the results in it, then and since.")  # fmt: skip
    if kind == STARTED:
        _begin_fields(page, form, about)
    elif kind in (ENDED, CHANGED):
        _which_fields(page, form, about, kind)


def _begin_fields(page: Page, form: Form, about: About) -> None:
    names = _offered(page, about)
    one = chosen(form, "provision_id", st.selectbox, "Provision", options=list(names), placeholder="None",
                 format_func=lambda one: names[one])  # fmt: skip
    left, right = st.columns(2)
    with left:
        _day(form, "from_day", "From")
    with right:
        _day(form, "until", "Expected until")
    _propose_lead(page, form, about, one)
    if not one:
        return
    now = [row for row in running(page, about).values() if row["provision_id"] == one]
    for row in now:
        st.caption(f"⚠️ In place already: {plain(_in_words(page, row))}. With the tick, a second time begins.")
    st.caption("What is left empty is as it is for the provision.")
    _how_fields(page, form, about, "Nobody named yet")
    _confirm(form, f"Begin {names[one]} in the map on")


def _propose_lead(page: Page, form: Form, about: About, provision: str | None) -> None:
    """Once for each provision that is chosen: who leads it is proposed; anybody else can be named.

    Where none is, the form is another decision's or begins anew: the next provision proposes again.
    """
    proposed: dict[str, str] = st.session_state.setdefault(PROPOSED, {})
    before = proposed.pop(form.record, None)
    if provision:
        proposed[form.record] = provision
    if before == provision:
        return
    now = form.given["staff_ids"] or []
    if not now or (before and now == _leads(page, about, before)):
        form.set(staff_ids=(_leads(page, about, provision) if provision else []) or None)


def _leads(page: Page, about: About, provision: str) -> list[str]:
    """Who of the school's staff leads a provision, by identifier; nobody where two have the name."""
    of = {"school_id": about["school_id"]}
    offered = rows_to_edit(page.store, "provisions", **of, provision_id=provision)
    staff = rows_to_edit(page.store, "staff", **of)
    leads = offered["lead"].drop_nulls().to_list()
    named = staff.filter(pl.col("name").is_in(leads) | pl.col("staff_id").is_in(leads))["staff_id"].to_list()
    return named if len(named) == 1 else []


def _which_fields(page: Page, form: Form, about: About, kind: str) -> None:
    rows = running(page, about)
    if not rows:
        st.caption("Nothing is in place for this pupil that could end or change.")
        return
    names = told_apart({key: _in_words(page, row) for key, row in rows.items()},
                       lambda key: rows[key]["group_name"])  # fmt: skip
    one = chosen(form, "placement", st.selectbox, "Provision in place", options=list(rows),
                 placeholder="None", format_func=lambda one: names[one])  # fmt: skip
    if one not in rows:
        return
    all_seen(form.record, [rows[one]])
    if kind == ENDED:
        left, right = st.columns(2)
        with left:
            _day(form, "from_day", "Last day")
        with right:
            chosen(form, "outcome", st.selectbox, "Outcome", options=OUTCOMES, placeholder="Not said")
        _confirm(form, "End it in the map after")
    else:
        _change_fields(page, form, about)
        _confirm(form, "Change it in the map from")


def _change_fields(page: Page, form: Form, about: About) -> None:
    st.caption("What is left empty stays as it is.")
    left, right = st.columns(2)
    with left:
        _day(form, "from_day", "From")
    with right:
        _day(form, "until", "Expected until")
    _how_fields(page, form, about, "As it is")


def _how_fields(page: Page, form: Form, about: About, nobody: str) -> None:
    """For how long, in which group and by whom: what the timetable of an adult is made of."""
    left, right = st.columns(2)
    with left:
        chosen(form, "minutes_per_session", st.number_input, heading("minutes_per_session"), min_value=0.0,
               step=5.0, format="%g")  # fmt: skip
        text_field(form, "group_name", heading("group_name"))
    with right:
        chosen(form, "sessions_per_week", st.number_input, heading("sessions_per_week"), min_value=0.0,
               step=1.0, format="%g")  # fmt: skip
        adults = rows_to_edit(page.store, "staff", school_id=about["school_id"])
        staff = told_apart(dict(adults.select("staff_id", "name").iter_rows()), str)
        chosen(form, "staff_ids", st.multiselect, heading("staff_ids"), options=list(staff),
               format_func=lambda one: staff[one], placeholder=nobody)  # fmt: skip


def _day(form: Form, name: str, label: str) -> None:
    chosen(form, name, st.date_input, label, format="DD/MM/YYYY")


def _confirm(form: Form, words: str) -> None:
    """The map is changed only where somebody says so here, in the words of what happens."""
    day = form.given["from_day"]
    on = show_date(date.fromisoformat(day)) if day else "the day above"
    chosen(form, "in_map", st.checkbox, f"{plain(words)} {on}")
    if not form.given.get("in_map"):
        st.caption("Without the tick the decision is kept, and the map stays as it is.")


def _offered(page: Page, about: About) -> dict[str, str]:
    rows = rows_to_edit(page.store, "provisions", school_id=about["school_id"])
    names = dict(rows.sort("name").select("provision_id", "name").iter_rows())
    return told_apart(names, str)


def not_in_map() -> pl.Expr:
    """Of decisions made: about provision, and nothing in the map has come of it."""
    of_provision = pl.col("decision_kind").is_in(OF_PROVISION)
    return of_provision & pl.col("start_date").is_null() & pl.col("end_date").is_null()


def running(page: Page, about: About) -> dict[str, dict[str, Any]]:
    """The pupil's provision that is in place or to come, by the key of its row."""
    of = {name: about[name] for name in ("school_id", "pupil_id")}
    rows = rows_to_edit(page.store, "placements", **of)
    over = (pl.col("end_date") < page.store.today).fill_null(False)
    return {row["row_key"]: row for row in rows.filter(~over).to_dicts()}


def _in_words(page: Page, row: dict[str, Any]) -> str:
    name = _offered(page, row).get(row["provision_id"], row["provision_id"])
    until = f", expected until {show_date(row['expected_end_date'])}" if row["expected_end_date"] else ""
    ends = f", ends on {show_date(row['end_date'])}" if row["end_date"] else until
    return f"{name}, since {show_date(row['start_date'])}{ends}"


def decision_problems(page: Page, given: Values, about: About) -> dict[str, str]:
    """What is wrong with a decision, by field."""
    if not given["kind"]:
        return {}
    needed = {"words": "Say what we decide."}
    if given["in_map"] and given["kind"] == STARTED:
        needed |= {"expected": "Say what it should bring about: the next meeting looks at it.",
                   "provision_id": "Choose the provision.", "from_day": "Say from which day."}  # fmt: skip
    elif given["in_map"] and given["kind"] in (ENDED, CHANGED):
        needed |= {"placement": "Choose the provision in place.", "from_day": "Say which day."}
    problems = {name: words for name, words in needed.items() if not _said(given[name])}
    row = running(page, about).get(given["placement"] or "") if about["pupil_id"] else None
    if given["in_map"] and given["kind"] in (ENDED, CHANGED) and not problems and row is None:
        problems["placement"] = "Choose the provision in place."
    elif given["in_map"] and row and not problems:
        problems |= _wrong_days(given, row)
    if given["in_map"] and given["until"] and given["from_day"] and given["until"] < given["from_day"]:
        first = show_date(date.fromisoformat(given["from_day"]))
        problems["until"] = f"The first day is {first}: choose that day or a later one."
    return problems


def _wrong_days(given: Values, row: dict[str, Any]) -> dict[str, str]:
    day = date.fromisoformat(given["from_day"])
    if given["kind"] in (ENDED, CHANGED) and day < row["start_date"]:
        return {"from_day": f"It began on {show_date(row['start_date'])}: choose that day or a later one."}
    if row["end_date"] and day > row["end_date"]:
        return {"from_day": f"It ends on {show_date(row['end_date'])}: choose that day or an earlier one."}
    if given["kind"] == CHANGED and not any(_said(given[name]) for name in (*CHANGES, "until")):
        return {"in_map": "Say what changes, or take the tick away."}
    return {}


def _said(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None and value != []


def decision_edits(page: Page, form: Form, about: About, meeting_id: str, day: date) -> list[Edit]:
    """The decision, and what it begins, ends or changes in the map: saved together or not at all."""
    given = form.given
    if not given["kind"]:
        return []
    in_map = _MAP.get(given["kind"]) if given["in_map"] else None
    edits: list[Edit] = []
    named = _without_the_map(page, given, about)
    if in_map:
        edits, named = in_map(given, about, _as_chosen(page, form, about))
    of = {name: about[name] for name in ("school_id", "pupil_id")}
    decision = of | {
        "decision_id": uuid4().hex[:12], "meeting_id": meeting_id, "decided_on": day, "kind": given["kind"],
        "words": given["words"].strip(), "expected": (given["expected"] or "").strip() or None,
        "subject": given["shows_in"] if given["kind"] in (STARTED, CHANGED) else None,
    }  # fmt: skip
    return [*edits, Edit("decisions", decision | named)]


def _without_the_map(page: Page, given: Values, about: About) -> dict[str, Any]:
    """The provision that a decision of this kind names. What was chosen for another kind says nothing."""
    one: str | None = None
    if given["kind"] == STARTED:
        one = given["provision_id"]
    elif given["kind"] in (ENDED, CHANGED):
        one = running(page, about).get(given["placement"] or "", {}).get("provision_id")
    return {"provision_id": one}


# What is written in the map, and what the decision says of the row of provision that it is about.
Changed = tuple[list[Edit], dict[str, Any]]


def _as_chosen(page: Page, form: Form, about: About) -> Row:
    """The row of provision in place, with the version that it had when it was chosen in the form."""
    row = running(page, about).get(form.given["placement"] or "")
    return all_seen(form.record, [row])[0] if row else {}


def _begin(given: Values, about: About, _: Row) -> Changed:
    of = {name: about[name] for name in ("school_id", "pupil_id")}
    new = of | {
        "placement_id": _identity(), "provision_id": given["provision_id"],
        "start_date": date.fromisoformat(given["from_day"]), "expected_end_date": _date(given["until"]),
        "intended_outcome": given["expected"].strip(),
    } | {name: given[name] for name in CHANGES if _said(given[name])}  # fmt: skip
    return [Edit("placements", new)], {name: new[name] for name in ("provision_id", "placement_id")}


def _end(given: Values, about: About, row: Row) -> Changed:
    now = {"end_date": date.fromisoformat(given["from_day"])}
    now |= {"outcome": given["outcome"]} if given["outcome"] else {}
    return [_edit(row, now)], _named(row)


def _change(given: Values, about: About, row: Row) -> Changed:
    """From the day on: the row itself where that is its first day or only its expected end changes."""
    day = date.fromisoformat(given["from_day"])
    until = {"expected_end_date": _date(given["until"])} if given["until"] else {}
    changes = {name: given[name] for name in CHANGES if _said(given[name])}
    if not changes or day == row["start_date"]:
        return [_edit(row, until | changes)], _named(row)
    goes_on = {name: row[name] for name in GOES_ON} | {"placement_id": _identity(), "start_date": day}
    new = goes_on | {"end_date": row["end_date"]} | until | changes
    edits = [_edit(row, {"end_date": day - timedelta(days=1)}), Edit("placements", new)]
    return edits, {name: new[name] for name in ("provision_id", "placement_id")}


_MAP: dict[str, Callable[[Values, About, Row], Changed]] = {STARTED: _begin, ENDED: _end, CHANGED: _change}


def _edit(row: dict[str, Any], now: dict[str, Any]) -> Edit:
    return Edit("placements", now, row["row_key"], row["row_version"])


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """What tells this row of provision from others: its identifier; without one, the day its key has.

    It is never given one here: its key would be another, and the next import would bring it a second time.
    """
    named = {name: row[name] for name in ("provision_id", "placement_id")}
    first = None if row["placement_id"] else key_of(row["row_key"]).get("start_date")
    return named | {"placement_start": _date(first)}


def _identity() -> str:
    return f"decided-{uuid4().hex[:12]}"


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
