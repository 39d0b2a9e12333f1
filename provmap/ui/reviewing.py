"""The form of one review: the evidence first, then rating, decision, what changes, and the next day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from provmap.filters import show_date
from provmap.store import Edit, rows_to_edit
from provmap.ui.apart import told_apart
from provmap.ui.begun import begun_among, save_line, say_begun, show_begun
from provmap.ui.drafted import Form, chosen, open_form, text_field
from provmap.ui.impact_words import measured_by
from provmap.ui.page import Page, plain
from provmap.ui.pupils import name_of, namesakes
from provmap.ui.seen import all_seen, let_all_go
from provmap.ui.writing import save_or_say
from provmap.words import VERDICTS, count, number
from provmap.words.reviews import CHECKED, DECISIONS, RATINGS, VOICES

Row = dict[str, Any]
NEXT = timedelta(weeks=12)
NOT_YET = "too soon to say"
TEXTS = {"adaptation": "What is to change (needed where it changes)"}
# The rows that a review writes to besides itself, as they stood when its form was opened.
TIMES, CHANGE = "times reviewed", "change reviewed"
# Whose view a review should not be without.
FAMILY = ("pupil", "parent")


def review(page: Page, rows: pl.DataFrame) -> None:
    """Choose what to review, and the form for it."""
    if rows.is_empty():
        return
    known = page.remembered("to review", lambda: {key_of(row): row for row in rows.iter_rows(named=True)})
    if asked := st.session_state.pop("review_asked", None):
        st.session_state["review_which"] = key_of(asked)
    records = page.remembered("to review, records", lambda: {record_of(key): key for key in known})
    begun = begun_among(page.store.folder, "review/", records)
    if st.session_state.pop("has_reviewed", False) or st.session_state.get("review_which") not in known:
        st.session_state["review_which"] = begun[0] if begun else None
    called = page.remembered("to review, called", lambda: _told_apart(page, known))
    which = st.selectbox(
        "Record a review of", list(known), key="review_which", index=None,
        placeholder="Select a row in the list, or choose here",
        format_func=lambda one: called.get(one, ""),
    )  # fmt: skip
    say_begun([called[one] for one in begun if one != which])
    if which:
        _evidence(page, known[which], called[which])
        _form(page, known[which])


def key_of(row: Row) -> tuple[Any, ...]:
    return row["school_id"], row["provision_id"], row["pupil_id"], row["start_date"]


def record_of(key: tuple[Any, ...]) -> str:
    """What the draft of a review is kept under."""
    return f"review/{'/'.join(str(part or '') for part in key)}/"


def _told_apart(page: Page, rows: dict[tuple[Any, ...], Row]) -> dict[tuple[Any, ...], str]:
    """What each is called in the list to choose from: no two are called the same."""
    return told_apart(
        {one: _called(page, row) for one, row in rows.items()}, *namesakes(page, rows),
        lambda one: f"since {show_date(rows[one]['start_date'])}" if rows[one]["start_date"] else None,
        lambda one: str(rows[one]["provision_id"]),
    )  # fmt: skip


def _called(page: Page, row: Row) -> str:
    return (
        f"{row['provision']}, for {name_of(page, row)}"
        if row["pupil_id"]
        else f"{row['provision']}, as a whole"
    )


def _evidence(page: Page, row: Row, called: str) -> None:
    """What was said and seen, and what was measured: what a rating should rest on."""
    st.markdown(f"**{plain(called)}.** {plain(row['reason'])}")
    about = pl.col("provision_id") == row["provision_id"]
    heard = page.ask("voices_heard").filter(
        (pl.col("school_id") == row["school_id"]) & pl.col("reply").is_null()
    )
    if row["pupil_id"]:
        # What was said of the pupil as a whole since it began counts for each of the pupil's provisions.
        about |= pl.col("provision_id").is_null() & (pl.col("heard_on") >= row["start_date"])
        heard = heard.filter(pupil_id=row["pupil_id"])
    heard = heard.filter(about)
    said = [_voice(one) for one in heard.head(8).iter_rows(named=True)]
    missing = [VOICES[one] for one in FAMILY if one not in heard["voice"].to_list()]
    lines = [f"- {line}" for line in said]
    if heard.height > len(said):
        lines.append(f"- and {heard.height - len(said)} earlier")
    lines += [f"- **{one}:** not on record about this provision" for one in missing]
    st.markdown("What was said and seen\n\n" + "\n".join(lines))
    st.markdown(f"What was measured: {_measured(page, row)}")


def _voice(one: Row) -> str:
    rating = "" if one["rating"] is None else f" ({RATINGS[one['rating']].split(' (')[0].lower()})"
    said = plain(one["said"] or "no words")
    return f"**{VOICES[one['voice']]}**, {show_date(one['heard_on'])}: {said}{rating}"


def _measured(page: Page, row: Row) -> str:
    """The gain beside the rating, in a sentence: a pupil's own, or the verdict over the whole school."""
    if row["pupil_id"] is None:
        verdicts = page.ask_school("impact_by_provision").filter(
            (pl.col("school_id") == row["school_id"]) & (pl.col("provision_id") == row["provision_id"])
        )
        told = [_verdict(one) for one in verdicts.iter_rows(named=True)]
        return " ".join(told) or "nobody has begun it, so there is nothing to measure."
    times = page.ask("impact_pupils", of_school=row["school_id"], provision_id=row["provision_id"]).filter(
        (pl.col("pupil_id") == row["pupil_id"]) & (pl.col("start_date") == row["start_date"])
    )
    told = [
        f"{measured_by(one)}, from {number(one['start_value'])} to {number(one['end_value'])}, a gain of "
        f"{number(one['gain'], signed=True)}."
        for one in times.filter(pl.col("gain").is_not_null()).iter_rows(named=True)
    ]  # fmt: skip
    return " ".join(told) or "no score at both ends yet."


def _verdict(one: Row) -> str:
    gain = "" if one["mean_gain"] is None else f", mean gain {number(one['mean_gain'], 1, signed=True)}"
    pupils = count(one["pupils_measured"], "pupil")
    return f"{measured_by(one)}: **{VERDICTS[one['verdict']]}** (both scores of {pupils}{gain})."


def _form(page: Page, row: Row) -> None:
    """What was decided, kept as it is given; ending or going on is written with it, after a tick for it."""
    day, open_change = page.filter.as_at, _open_change(page, row)
    at_first = {"rating": None, "decision": None, "adaptation": None, "reviewed_on": day.isoformat(),
                "next": (day + NEXT).isoformat(), "found": None, "also": True}  # fmt: skip
    form = open_form(page.store.folder, record_of(key_of(row)), at_first)
    show_begun(form, TEXTS)
    given = _decided(form, day)
    found = _found(form, open_change) if open_change else None
    also, times = _also(form, row, given), _times_of(page, row)
    made_by, pressed = save_line(form, "Save the review", "review")
    if not pressed:
        return
    decision, again = given["decision"], given["next_review_on"]
    if decision is None or (decision == "adapt" and not given["adaptation"]):
        st.error("Choose the decision; where it changes, say what is to change.", icon="⚠️")
        return
    if _is_there(page, row, given["reviewed_on"]):
        st.error(
            "A review of this day is on record already. Correct it under “Reviews held”, or choose another "
            "day.",
            icon="⚠️",
        )
        return
    edits = [_new(row, given), *(_ended_or_put_off(times, given, again) if also else [])]
    if open_change and found in CHECKED:
        now = {"adaptation_met": found, "adaptation_checked_on": given["reviewed_on"]}
        edits.append(Edit("reviews", now, open_change["row_key"], open_change["row_version"]))
    st.session_state["has_reviewed"] = True
    if made_by:
        # Who is shown that somebody else was first can save again.
        let_all_go(TIMES)
        let_all_go(CHANGE)
    save_or_say(page, made_by, edits, _done(row, given, bool(also and times)), form)
    st.session_state["has_reviewed"] = False


def _is_there(page: Page, row: Row, day: date | None) -> bool:
    """Whether a review of the same is on record for that day."""
    of = {name: row[name] for name in ("school_id", "provision_id", "pupil_id")}
    return not rows_to_edit(page.store, "reviews", **of, reviewed_on=day).is_empty()


def _decided(form: Form, day: date) -> Row:
    """The fields of the review itself; returns what is saved of them."""
    left, right = st.columns(2)
    with left:
        rating = chosen(form, "rating", st.selectbox, "How helpful was it?", options=list(RATINGS),
                        placeholder="Not rated", format_func=RATINGS.__getitem__)  # fmt: skip
    with right:
        decision = chosen(form, "decision", st.selectbox, "Decision (needed)", options=list(DECISIONS),
                          placeholder="Choose one", format_func=DECISIONS.__getitem__)  # fmt: skip
    adaptation = text_field(form, "adaptation", TEXTS["adaptation"], lines=2).strip()
    left, right = st.columns(2)
    with left:
        held_on = chosen(form, "reviewed_on", st.date_input, "Reviewed on", max_value=day,
                         format="DD/MM/YYYY")  # fmt: skip
    with right:
        again = chosen(
            form, "next", st.date_input, "Next review", min_value=day, format="DD/MM/YYYY",
            help="Not kept where it stops. Where it changes, that is the day to see whether it helped.",
        )  # fmt: skip
    return {"rating": rating, "decision": decision, "reviewed_on": held_on,
            "adaptation": adaptation or None if decision == "adapt" else None,
            "next_review_on": None if decision == "stop" else again}  # fmt: skip


def _found(form: Form, change: Row) -> str | None:
    """Whether the last change met the need, where nobody has said so yet."""
    answer: str | None = chosen(
        form, "found", st.radio,
        f"On {show_date(change['reviewed_on'])} a change was agreed: {_agreed(change)} Did it meet the need?",
        options=[*CHECKED, NOT_YET], horizontal=True,
        format_func=lambda one: f"It {CHECKED[one]}" if one in CHECKED else one.capitalize(),
    )  # fmt: skip
    return answer


def _agreed(change: Row) -> str:
    """The change in the words of its review, as a part of a sentence."""
    said = (change["adaptation"] or "").strip(" .")
    return plain(f"“{said}”.") if said else "what, nobody wrote down."


def _done(row: Row, given: Row, in_map: bool) -> str:
    if given["decision"] == "stop" and row["pupil_id"] is None:
        return "The review is saved. Pupils still have it: end it for them under “Offered for stopping”."
    return f"The review is saved, and in the map {_in_the_map(given)}." if in_map else "The review is saved."


def _in_the_map(given: Row) -> str:
    """What a review writes in the map: the pupil's time has ended, or is expected to go on."""
    if given["decision"] == "stop":
        return f"it ended on {show_date(given['reviewed_on'])}"
    again = given["next_review_on"]
    return f"it is expected to go on until {show_date(again) if again else 'no day that is known'}"


def _also(form: Form, row: Row, given: Row) -> bool:
    """Whether the pupil's own time in it is to be ended or put off with the review."""
    if row["pupil_id"] is None:
        return False
    if row["end_date"]:
        # A time that somebody has ended is not prolonged by the way.
        st.caption(
            f"In the map it ends on {show_date(row['end_date'])}: the review leaves that as it is. Another "
            "last day is written under *Enter and correct*."
        )
        return False
    if given["decision"] is None:
        # What it would write is not known before.
        return False
    return bool(chosen(form, "also", st.checkbox, f"Write it in the map too: {_in_the_map(given)}"))


def _new(row: Row, given: Row) -> Edit:
    of = {name: row[name] for name in ("school_id", "provision_id", "pupil_id")}
    return Edit("reviews", of | given)


def _times_of(page: Page, row: Row) -> list[Row]:
    """The pupil's time in it that has no last day yet, as it stood when the form was opened."""
    if row["pupil_id"] is None:
        return []
    times = rows_to_edit(
        page.store, "placements", school_id=row["school_id"], pupil_id=row["pupil_id"],
        provision_id=row["provision_id"], start_date=row["start_date"],
    )  # fmt: skip
    return all_seen(TIMES, times.filter(pl.col("end_date").is_null()).to_dicts())


def _ended_or_put_off(times: list[Row], given: Row, again: date | None) -> list[Edit]:
    """What the decision does to the pupil's time in it: stopped, it ended on the day of the review."""

    def now(time: Row) -> Row:
        if given["decision"] == "stop":
            return {"end_date": max(given["reviewed_on"], time["start_date"])}
        return {"expected_end_date": again}

    return [Edit("placements", now(one), one["row_key"], one["row_version"]) for one in times]


def _open_change(page: Page, row: Row) -> Row | None:
    """The latest change that a review agreed and that nobody has checked, ready to be written to."""
    held = page.ask("reviews_held").filter(
        (pl.col("school_id") == row["school_id"]) & (pl.col("provision_id") == row["provision_id"])
        & pl.col("pupil_id").eq_missing(pl.lit(row["pupil_id"], pl.String))
        & pl.col("check_state").is_in(["due", "to come"])
    )  # fmt: skip
    if held.is_empty():
        return None
    key = {name: held[name][0] for name in ("school_id", "provision_id", "reviewed_on")}
    change = rows_to_edit(page.store, "reviews", pupil_id=row["pupil_id"], **key).row(0, named=True)
    return all_seen(CHANGE, [change])[0]
