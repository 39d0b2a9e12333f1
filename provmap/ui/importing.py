"""Bringing files in: choose, see what would happen, confirm.

What is about to be imported lives in the session until it is confirmed; nothing is written before.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from provmap.imports import BLANK_FLAGS, Preview, commit, csv_bytes, preview, rejected_rows
from provmap.imports.people import user_name
from provmap.imports.plans import Plan
from provmap.imports.problems import in_a_sentence
from provmap.imports.sources import READABLE
from provmap.store import data_folder, open_store
from provmap.ui.agreeing import ask_about_alarms, choose_letters, choose_policy, show_changes, show_leavers
from provmap.ui.effect import show_effect
from provmap.ui.mapping import show_mappings
from provmap.ui.page import Page, plain
from provmap.ui.sheets import choose_sheets
from provmap.ui.tables import MISSING, column_settings
from provmap.ui.working import working
from provmap.words import DATASETS, count, heading

# Whatever is read, and zips of it; XLSB is known only in order to say how to save it as XLSX.
KINDS = [*sorted(ending.lstrip(".") for ending in READABLE - {".xlsb"}), "zip"]
BLANKS = {"not supplied": "not supplied: what is held stays", "no": "no: the status has ended"}
COUNTS = ("read", "new", "changed", "unchanged", "missing", "rejected")
PROBLEMS_SHOWN = 500


def choose_files(page: Page) -> None:
    """The files and how to read them; leaves a preview in the session."""
    whole_folder = st.toggle("Choose a whole folder", key="whole_folder")
    files = st.file_uploader(
        "Files from your school's systems, or one zip of them",
        type=KINDS,
        accept_multiple_files="directory" if whole_folder else True,
        key=f"files_{st.session_state.get('imports_made', 0)}_{whole_folder}",
    )
    left, right = st.columns(2)
    dated = left.date_input(
        "The files show the school as on",
        value=date.today(),
        format="DD/MM/YYYY",
        key="dated",
        help="A status that has changed since the last import changes on this day.",
    )
    blanks = right.radio(
        "A blank status (SEN, pupil premium and the like) means",
        BLANK_FLAGS,
        format_func=lambda value: BLANKS[value],
        key="blanks",
    )
    schools = page.labels("schools")
    school = None
    if len(schools) > 1 and not page.store.is_sample:
        school = st.selectbox(
            "Rows that name no school belong to",
            list(schools),
            index=None,
            format_func=lambda code: schools[code],
        )
    policy = choose_policy()
    place_of_letters = st.container()
    letters = st.session_state.get("letters", "")
    chosen = (tuple(file.file_id for file in files or []), dated, blanks, school, policy, letters)
    plans = st.session_state.pop("plans_to_look_at", None)
    if files and st.button("See what would happen", type="primary", key="look"):
        for kept in ("steps_offered", "sheets"):
            st.session_state.pop(kept, None)
        _look(files, dated, blanks, school, {}, policy=policy, letters=letters)
        st.session_state["previewed"] = chosen
    elif files and plans is not None:
        _look(files, dated, blanks, school, plans, policy=policy, letters=letters)
    if st.session_state.get("previewed") not in (None, chosen):
        # What was looked at is no longer what is chosen.
        st.session_state.pop("preview", None)
        st.session_state["previewed"] = None
    with place_of_letters:
        # Only now is it known whether the files raise that question.
        choose_letters()


def _look(
    files: list[Any],
    dated: date,
    blanks: str,
    school: str | None,
    plans: dict[str, Plan],
    *,
    policy: str,
    letters: str,
) -> None:
    """Leaves a preview in the session; with plans that cannot be carried out, the one before stays."""
    if not plans:
        st.session_state.pop("preview", None)
    cancelled = "Looking at the files was cancelled: nothing was changed."
    with working("looking", "Reading the files", cancelled) as work:
        sources: list[Any] = [(file.name, file.getvalue()) for file in files]
        st.session_state["preview"] = preview(
            data_folder(),
            sources,
            dated,
            blanks,
            work.show,
            school_id=school,
            plans=plans,
            policy=policy,
            letters=letters,
            # Given even where nobody has chosen any: on a page a person can be asked.
            sheets=st.session_state.get("sheets", {}),
        )
        st.session_state["plans"] = plans
        # What the columns become is drawn afresh: the widgets show what was just looked at.
        st.session_state["looks"] = st.session_state.get("looks", 0) + 1


def look_again(plans: dict[str, Plan]) -> None:
    """Look at the files once more, with plans that a person has changed."""
    st.session_state["plans_to_look_at"] = st.session_state.get("plans", {}) | plans
    st.rerun()


def show_preview(found: Preview) -> None:
    """What an import would do, dataset by dataset, what is wrong with it, and the button that does it."""
    choose_sheets(found, lambda: look_again({}))
    open_reason = show_mappings(found, look_again) if found.foreign else ""
    if found.counts:
        _show_counts(found)
    for notice in found.notices:
        st.info(plain(notice))
    for name, ignored in found.ignored.items():
        st.caption(plain(f"{name}: left alone, not known to provmap: {', '.join(ignored)}."))
    show_leavers(found)
    show_changes(found)
    if found.problems.height:
        _show_problems(found)
    for name, rows in rejected_rows(found).items() if found.rejected_rows else ():
        of = name.removesuffix("_rejected")
        st.download_button(
            f"Rejected rows: {DATASETS.get(of, of)}", data=partial(csv_bytes, rows),
            file_name=f"{name}.csv", on_click="ignore", key=f"take_{name}",
        )  # fmt: skip
    if open_reason:
        st.button("Import these rows", disabled=True, key="confirm")
        st.caption(open_reason)
    elif not found.rows and found.counts and not found.rejected_rows:
        st.info("All of this is held already: there is nothing to import.")
    elif not found.rows:
        st.warning(
            "No row of these files can be imported. Mend the rows that are listed and choose them again."
        )
    else:
        _say_no_roll(found)
        show_effect(found)
        is_agreed = ask_about_alarms(found)
        if st.button("Import these rows", type="primary", key="confirm", disabled=not is_agreed):
            _import(found, is_agreed)


def _say_no_roll(found: Preview) -> None:
    """The first import takes the sample school away: without pupils nobody is counted then."""
    if "pupils" not in found.rows and open_store(found.folder).is_sample:
        st.warning(
            "There is no file of pupils among these. Once they are imported the sample school is gone, and "
            "nobody is counted until you import your pupils: choose that file too, or first.",
            icon="⚠️",
        )


def _show_counts(found: Preview) -> None:
    st.subheader("What would happen", anchor=False)
    counts = pl.DataFrame(
        [
            {"dataset": DATASETS[name], "dataset_file": name, **{key: rows[key] for key in COUNTS}}
            for name, rows in found.counts.items()
        ]
    )
    headings = {name: heading(f"rows_{name}") for name in COUNTS}
    headings |= {name: heading(name) for name in ("dataset", "dataset_file")}
    st.table(counts.rename(headings), hide_index=True)


def _show_problems(found: Preview) -> None:
    """What is wrong, the rejected rows first; the others are kept as they are."""
    if found.rejected_rows:
        rejected = count(found.rejected_rows, "row").capitalize()
        st.markdown(f"**{rejected} rejected.** Rejected rows stay out; all others can be imported.")
    else:
        st.markdown(
            "**No row is rejected.** What is listed here comes in as it is: look whether it is right."
        )
    told = found.problems.sort(
        "verdict", "file", "line", descending=[True, False, False], maintain_order=True
    )
    # What to do stands early, and the file's name, which is often one and the same, last.
    headings = {"verdict": "Row is", "line": "Line", "column": "Column", "value": "Found",
                "remedy": "What to do", "told": "What is said of it", "file": "File"}  # fmt: skip
    shown = (
        told.head(PROBLEMS_SHOWN)
        .with_columns(in_a_sentence(), pl.col("verdict").replace({"notice": "kept"}))
        .with_columns(pl.col("told").str.head(1).str.to_uppercase() + pl.col("told").str.slice(1))
        .select(list(headings))
    )
    settings: dict[str, Any] = dict(headings) | {
        "remedy": st.column_config.TextColumn(headings["remedy"], width="large"),
        "told": st.column_config.TextColumn(headings["told"], width=340),
    }  # fmt: skip
    # From this height on the words of a cell are wrapped, and none is cut off.
    narrow = ("verdict", "line", "column", "value")
    settings |= {name: st.column_config.Column(headings[name], width="small") for name in narrow}
    st.dataframe(
        shown, hide_index=True, column_config=settings, placeholder=MISSING, key="problems", row_height=72
    )


def _import(found: Preview, accept_alarms: bool) -> None:
    cancelled = "The import was cancelled: nothing was changed."
    with working("importing", "Importing", cancelled) as work:
        manifest = commit(found, user_name(), work.show, accept_alarms=accept_alarms)
        work.done(
            f"Imported: {_what_came_in(found)}. Every page now shows your school. [Go to the Overview](./)"
            if manifest
            else "Nothing changed: all of it is held already."
        )


def _what_came_in(found: Preview) -> str:
    """ "Pupils: 60 in (1 new, 2 changed), 2 not": what of each dataset is in, and what is not."""
    parts = []
    for name, rows in found.counts.items():
        out = rows["rejected"] + rows.get("left_out", 0)
        of = f"{rows['new']:,} new, {rows['changed']:,} changed"
        said = f"{DATASETS[name].lower()}: {rows['read'] - out:,} in ({of})"
        parts.append(f"{said}, {out:,} not" if out else said)
    return "; ".join(parts)


def show_contents(page: Page) -> None:
    """How many rows of each dataset are held, and from when to when."""
    rows = (
        pl.DataFrame(
            page.store.contents(), schema=["dataset", "rows", "oldest_date", "newest_date"], orient="row"
        )
        .filter(pl.col("rows") > 0)
        .select(
            pl.col("dataset").replace(DATASETS),
            pl.col("dataset").alias("dataset_file"),
            pl.exclude("dataset"),
        )
    )
    if rows.is_empty():
        st.info("Nothing is held.")
        return
    st.dataframe(
        rows, hide_index=True, column_config=column_settings(rows), placeholder=MISSING, key="contents"
    )
