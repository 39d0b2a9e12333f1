"""All progress meetings: what came of them, what waits, what was decided, and who was not talked about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from provmap.charts import SMALL_GROUP
from provmap.filters import Filter, show_date
from provmap.questions import ask
from provmap.store import Edit, journal_datasets, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.begun import begun_among, say_begun, show_begun
from provmap.ui.choices import pick
from provmap.ui.drafted import open_form, text_field
from provmap.ui.meeting import KINDS, LAST_MARKED, Meeting, about_in_words, named
from provmap.ui.meeting_again import take_up_again
from provmap.ui.meeting_close import show_adults
from provmap.ui.meeting_decisions import NOT_IN_MAP, not_in_map
from provmap.ui.meeting_place import open_meeting
from provmap.ui.page import Page, plain
from provmap.ui.pupils import label_of, namesakes
from provmap.ui.seen import as_drawn, save_drawn, sends
from provmap.ui.settings import to_thresholds
from provmap.ui.tables import show_table
from provmap.ui.writing import writer
from provmap.words import count, joined, percent

WAITS = ("open", "overdue")
CAME_OF_IT = {"words": "What came of it, or why it is dropped"}
TO_COME = "What a meeting on a day to come decides and agrees counts from that day."
ACTION = ("action", "owner", "due_on", "for_whom", "state", "days_overdue", "hoped_for",
          "value_then", "value_now", "better_by", "outcome", "why_dropped")  # fmt: skip
DECISION = ("decided_on", "for_whom", "decision_kind", "decision", "provision", "start_date",
            "hoped_for", "value_then", "value_now", "better_by")  # fmt: skip


def show_all(page: Page) -> None:
    """Every meeting with what came of it, what waits, and who was never or long not talked about."""
    st.subheader("Meetings", anchor=False)
    held = _in_words_of(page, page.ask("meetings_held"))
    if held.height:
        st.caption("Select a meeting to open it.")
    place = show_table(
        page, "meetings_held", held,
        ("held_on", "for_whom", "proposed", "discussed", "decisions", "actions", "done", "overdue", "dropped",
         "closed_on"),
        empty="No meeting about these pupils was held by this day.", opens="row",
    )  # fmt: skip
    if place is not None:
        open_meeting(held["meeting_id"][place])
    _to_come(page)
    actions = page.ask("actions")
    st.subheader("Actions", anchor=False)
    st.markdown(on_time(actions))
    st.caption(
        "Overdue actions stay in sight until they are done, or dropped with a reason. Nobody is ranked by "
        "them."
    )
    show_table(page, "actions", actions, ACTION, empty="No actions are recorded yet.", opens="",
               key="all_actions")  # fmt: skip
    _marked_since(page, actions)
    finish(page, actions)
    waiting = actions.filter(pl.col("state").is_in(WAITS))
    show_adults(page, waiting, _runs(page), "what waits", page.filter.as_at)
    _decisions(page)
    _not_discussed(page)


def _marked_since(page: Page, actions: pl.DataFrame) -> None:
    """Where the page looks back: what was done or dropped after its day does not stand so yet."""
    if page.filter.as_at >= page.store.today:
        return
    today = ask("actions", replace(page.filter, as_at=page.store.today), page.store)
    over = today.filter(~pl.col("state").is_in(WAITS))
    waited = actions.filter(pl.col("state").is_in(WAITS))
    since = waited.join(over, on=["school_id", "action_id"], how="semi").height
    if since:
        were = "has" if since == 1 else "have"
        st.info(
            f"{count(since, 'action')} that waited on {show_date(page.filter.as_at)} {were} been done or "
            "dropped since: this page shows it once the day at the side is cleared."
        )


def _in_words_of(page: Page, held: pl.DataFrame) -> pl.DataFrame:
    """The meetings with whom each is about, as the school calls them."""
    whom = [about_in_words(page, row["about"], row["about_code"]) for row in held.to_dicts()]
    return held.with_columns(pl.Series("for_whom", whom, pl.String))


def _to_come(page: Page) -> None:
    """Meetings on a day to come: prepared or closed already, with what stands in them."""
    schools = page.filter.schools
    rows = rows_to_edit(page.store, "meetings").filter(pl.col("held_on") > page.filter.as_at).sort("held_on")
    lines = [_line(page, row) for row in rows.to_dicts() if not schools or row["school_id"] in schools]
    if lines:
        points = "\n".join(f"- {plain(words)}" for words in lines)
        st.markdown(f"**On a day to come, whatever the filter at the side says:**\n\n{points}")
        st.caption(TO_COME)


def _line(page: Page, meeting: Meeting) -> str:
    """A meeting in words, with how many are on its list, and what was decided and agreed in it already."""
    of = {name: meeting[name] for name in ("school_id", "meeting_id")}
    on_list = rows_to_edit(page.store, "discussions", **of).filter(~pl.col("is_left_out").fill_null(False))
    decisions, actions = (rows_to_edit(page.store, name, **of).height for name in ("decisions", "actions"))
    closed = f"closed on {show_date(meeting['closed_on'])}" if meeting["closed_on"] else "prepared"
    talked = on_list["discussed_on"].count()
    return (
        f"{named(page, meeting | {'closed_on': None})}: {closed}, "
        f"{count(on_list.height, 'pupil')} on its list, "
        f"{talked} of them talked about, {count(decisions, 'decision')}, {count(actions, 'action')}."
    )


def on_time(actions: pl.DataFrame) -> str:
    """How many of the actions that are done, or past their day, were done by their day."""
    by_state = dict(actions["state"].value_counts().iter_rows())
    on_day, late, overdue = (by_state.get(state, 0) for state in ("done", "done late", "overdue"))
    due = on_day + late + overdue
    if not due:
        words = "No action is done or past its day yet."
    else:
        share = f" ({percent(on_day / due)})" if due >= SMALL_GROUP else ""
        words = (
            f"**{on_day} of {count(due, 'action')}** that are done or past their day were done by it{share}."
        )
    rest = [f"{late} done late", f"{overdue} overdue", f"{by_state.get('open', 0)} open",
            f"{by_state.get('dropped', 0)} dropped"]  # fmt: skip
    return f"{words} {joined(rest)}."


def _runs(page: Page) -> pl.DataFrame:
    """What meetings decided and is not over by the day."""
    day = page.filter.as_at
    return page.ask("meeting_timetable").filter((pl.col("end_date") >= day).fill_null(value=True))


def _decisions(page: Page) -> None:
    """Decisions by kind, of pupils and of the class as a whole."""
    rows = page.ask("decisions_made")
    st.subheader("Decisions", anchor=False)
    kinds = journal_datasets()["decisions"].column("kind").allowed
    counts = {kind: rows.filter(decision_kind=kind).height for kind in kinds}
    of_class = rows.filter(pl.col("pupil_id").is_null()).height
    if rows.height:
        said = joined([f"{kind} **{many}**" for kind, many in counts.items() if many])
        st.markdown(f"{said}. {of_class} of {rows.height} for the class as a whole.")
    shown, only = pick(rows, "decision_kind", {kind: kind for kind in kinds}, key="decided")
    show_table(page, "decisions_made", shown, DECISION, empty="No decision is recorded yet.", opens="",
               only=only, key="all_decisions")  # fmt: skip
    if waiting := rows.filter(not_in_map()).height:
        said = count(waiting, "decision about provision is", "decisions about provision are")
        st.caption(f"{said} {NOT_IN_MAP}: no day stands beside it.")


def _not_discussed(page: Page) -> None:
    rows = ask("discussed", _of_whom(page), page.store).filter("is_long_ago")
    never = rows.filter(times_discussed=0)
    st.subheader(f"Never talked about: {count(never.height, 'pupil')}", anchor=False)
    columns = ("surname", "forename", "year_group", "class")
    show_table(page, "discussed", never, columns, only="never", key="never_discussed",
               empty="Everybody counted here has been talked about.")  # fmt: skip
    long_ago = rows.filter(pl.col("times_discussed") > 0).sort("last_discussed", maintain_order=True)
    st.subheader(f"Not talked about for long: {count(long_ago.height, 'pupil')}", anchor=False)
    show_table(page, "discussed", long_ago, (*columns, "last_discussed", "days_since"), only="long ago",
               key="long_not_discussed", empty="Nobody was last talked about so long ago.")  # fmt: skip
    to_thresholds("Progress meeting", "How long that is, and from when")


def _of_whom(page: Page) -> Filter:
    """Those counted on the page, or of them those of one class, year or group that meetings are about."""
    held = rows_to_edit(page.store, "meetings").select("about", "about_code").unique(maintain_order=True)
    about = [one for one in held.sort("about", "about_code").iter_rows() if one[0] in KINDS]
    if not about:
        return page.filter
    called = told_apart({one: about_in_words(page, *one) for one in about}, lambda one: f"the {one[0]}")
    chosen = st.selectbox("Pupils of", about, index=None, placeholder="All counted here",
                          format_func=lambda one: called[one], key="discussed_of")  # fmt: skip
    if chosen is None:
        return page.filter
    fields: dict[str, Any] = {KINDS[chosen[0]]: (chosen[1],)}
    return replace(page.filter, **fields)


def finish(page: Page, actions: pl.DataFrame) -> None:
    """Mark an action as done or drop it, and take that back where it was wrong."""
    _mark(page, actions)
    over = {row["action_id"]: row for row in actions.to_dicts() if row["state"] not in WAITS}
    take_up_again(page, over, _called)


def _mark(page: Page, actions: pl.DataFrame) -> None:
    """Mark an action as done, with what came of it, or drop it with a reason."""
    held = {row["action_id"]: row for row in rows_to_edit(page.store, "actions").to_dicts()}
    now_waiting = {row["action_id"]: row for row in actions.to_dicts() if row["state"] in WAITS}
    # With the versions that the form shows, and the same actions: another person may have finished one.
    waiting = as_drawn("finish", {
        one: row | {name: held[one][name] for name in ("row_key", "row_version")}
        for one, row in now_waiting.items()
    })  # fmt: skip
    if not waiting:
        return
    called = _called(page, waiting)
    begun = begun_among(page.store.folder, "finish/", {record_of(one): one for one in waiting})
    # Not a form of Streamlit's own: what is typed in one is lost in a reload.
    with st.expander("Mark an action as done, or drop it", key="finish_action", expanded=bool(begun)):
        chosen = st.selectbox(
            "Action", list(waiting), index=None, placeholder="Choose one", key="finish_which",
            format_func=lambda one: called.get(one, ""),
        )  # fmt: skip
        say_begun([called[one] for one in begun if one != chosen])
        if chosen:
            _finish(page, waiting[chosen])
        else:
            st.caption("Choose the action; then say what came of it.")


def record_of(action: str) -> str:
    """What the draft of what came of an action is kept under."""
    return f"finish/{action}/"


def _finish(page: Page, row: dict[str, Any]) -> None:
    form = open_form(page.store.folder, record_of(row["action_id"]), {"words": None})
    show_begun(form, CAME_OF_IT)
    words = text_field(form, "words", CAME_OF_IT["words"], lines=2).strip()
    made_by = writer("finish")
    with st.container(horizontal=True):
        is_done = st.button("It is done", type="primary", key=sends("finish"))
        is_dropped = st.button("Drop it", key=sends("finish", second=True))
    if not (is_done or is_dropped):
        return
    if is_dropped and not words:
        st.error("To drop it, say why.", icon="⚠️")
        return
    today, said = page.store.today, words or None
    now = {"done_on": today, "outcome": said} if is_done else {"dropped_on": today, "why_dropped": said}
    st.session_state[LAST_MARKED] = row["action_id"]
    marked = f"{'Done' if is_done else 'Dropped'}: {row['action']}."
    edit = Edit("actions", now, row["row_key"], row["row_version"])
    save_drawn(page, made_by, "finish", [edit], marked, begun=form)


def _called(page: Page, actions: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What each is called: whom it is for, what, who and by when; where that is equal, what else differs."""
    meetings = {row["meeting_id"]: row for row in rows_to_edit(page.store, "meetings").to_dicts()}
    words = {one: _in_words(page, action, meetings) for one, action in actions.items()}
    return told_apart(
        words, *namesakes(page, actions), lambda one: f"agreed on {show_date(actions[one]['set_on'])}"
    )


def _in_words(page: Page, action: dict[str, Any], meetings: dict[str, Meeting]) -> str:
    of = meetings.get(action["meeting_id"])
    about = f"{about_in_words(page, of['about'], of['about_code'])} as a whole" if of else "The class"
    left = " (has left)" if action["has_left"] else ""
    whom = f"{label_of(page, action)}{left}" if action["surname"] else about
    return f"{whom}: {action['action']} ({action['owner']}, by {show_date(action['due_on'])})"
