"""How every number is worked out, read from the same place as the number itself."""

from __future__ import annotations

import re

import streamlit as st

from provmap.questions import describe_question, measures, question_names
from provmap.ui.page import Page, link, plain
from provmap.ui.tables import show_table
from provmap.words import EXPLAINED, HEADINGS, STATISTICS, TERMS, heading

EEF_MONTHS = ("eef_months", "effect_from", "effect_to", "label")
EEF_COSTS = ("cost_band", "pupil_from", "pupil_up_to", "class_up_to")
# A column of an answer as its files name it: two words or more.
COLUMN = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


def show_words(_: Page) -> None:
    """What the words on the screen mean."""
    for word, meaning in TERMS.items():
        st.markdown(f"**{plain(word)}.** {plain(meaning)}")


def show_answers(_: Page) -> None:
    """One list or table of the app: what one row is, what its columns are, how each wrinkle is settled."""
    titles = {describe_question(name).title: name for name in question_names()}
    title = st.selectbox(
        "List or table", sorted(titles), index=None, key="calculated_of",
        placeholder="Type a word, such as coverage, or choose one",
    )  # fmt: skip
    if title is None:
        st.caption(
            f"There are {len(titles)}: every list, table, chart and file shows the answer to one of them."
        )
        return
    asked = describe_question(titles[title])
    st.subheader(plain(asked.title), anchor=False)
    st.markdown(f"**It answers:** {said(asked.words)}")
    told = {
        "One row is": asked.grain, "It shows": asked.columns, "What is counted": asked.counts,
        "How it is settled": asked.wrinkles,
    }  # fmt: skip
    for label, text in told.items():
        if text:
            st.markdown(f"**{label}:** {said(text)}")
    used = sorted({name for name in COLUMN.findall(asked.columns) if name in EXPLAINED})
    for name in used:
        st.markdown(f"- **{plain(heading(name))}**: {plain(EXPLAINED[name])}.")


def said(text: str) -> str:
    """A text of a question's file with its columns called as they are on the screen."""
    words = COLUMN.sub(
        lambda name: heading(name[0]) if name[0] in HEADINGS else name[0].replace("_", " "), text
    )
    return plain(words[:1].upper() + words[1:])


def show_thresholds(page: Page) -> None:
    """Every threshold in force on the day."""
    rows = page.ask("thresholds")
    st.caption("Numbers that decide what is listed. A school sets its own, from a day on.")
    st.dataframe(
        rows.select("meaning", "value", "unit", "from_date", "agreed_by"),
        hide_index=True, placeholder="ours", row_height=56, height="content", key="calculated_thresholds",
        column_config={
            "meaning": st.column_config.TextColumn("What it decides", width="large"), "value": "In force",
            "unit": "Unit", "from_date": st.column_config.DateColumn("Since", format="D MMM YYYY"),
            "agreed_by": "Agreed by",
        },
    )  # fmt: skip
    link("enter", "Set another value", part="Thresholds")


def show_statistics(page: Page) -> None:
    """The statistics, each with its source."""
    st.caption(
        "Worked out by SciPy, and checked against these sources' own printed examples. No number here is "
        "turned into EEF months of progress; what those stand for is at the end. These are for whoever wants "
        "to check: what each number means in a sentence stands where it is shown."
    )
    for measure in measures():
        name = STATISTICS.get(measure.name, measure.name)
        st.markdown(f"**{plain(name)}.** {_read(measure.words)}  \n_Source: {_read(measure.source)}_")
    show_eef(page)


def show_eef(page: Page) -> None:
    """What others mean by months of progress and by a low cost, to read their reports with."""
    st.subheader("Months and costs of the EEF", anchor=False)
    st.caption(
        "For reading what the Education Endowment Foundation says. provmap turns no gain of a school into "
        "its months: those come from trials, in which others like the pupils went without, and no school's "
        "own before and after is one. This is the table of the EEF's Toolkit; its project reports use a "
        "slightly different one. An effect below nothing has the same months with a minus."
    )
    for question, columns in (("eef_months", EEF_MONTHS), ("eef_cost_bands", EEF_COSTS)):
        rows = page.ask(question)
        show_table(page, question, rows, columns, opens="", empty="")
        st.caption(f"_Source: {plain(rows['source'][0])}_")


def _read(text: str) -> str:
    """A text of the code as a reader would say it: no marks round names, and no NaN for what is not shown."""
    for written, read in (("`", ""), ("*", ""), ("_", " "), ("(NaN)", "(not shown)"), ("NaN", "Not shown")):
        text = text.replace(written, read)
    return plain(text)
