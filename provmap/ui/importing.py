"""Bringing files in: choose, see what would happen, confirm; and the imports made so far, with undo.

What is about to be imported lives in the session until it is confirmed; nothing is written before.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from provmap.errors import ProvmapError
from provmap.filters import show_date
from provmap.imports import BLANK_FLAGS, Preview, commit, csv_bytes, preview, rejected_rows
from provmap.imports.people import user_name
from provmap.imports.plans import Plan
from provmap.imports.problems import in_a_sentence
from provmap.imports.sources import READABLE
from provmap.store import Manifest, data_folder, list_imports, undo
from provmap.ui.agreeing import ask_about_alarms, choose_letters, choose_policy, show_changes
from provmap.ui.effect import show_effect
from provmap.ui.mapping import show_mappings
from provmap.ui.page import Page, plain, show_error
from provmap.ui.sheets import choose_sheets
from provmap.ui.tables import MISSING, column_settings
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
    bar = st.progress(0.0, "Reading the files")
    try:
        sources: list[Any] = [(file.name, file.getvalue()) for file in files]
        st.session_state["preview"] = preview(
            data_folder(),
            sources,
            dated,
            blanks,
            lambda words, done: _move(bar, words, done),
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
    except ProvmapError as error:
        show_error(error)
    finally:
        bar.empty()


def look_again(plans: dict[str, Plan]) -> None:
    """Look at the files once more, with plans that a person has changed."""
    st.session_state["plans_to_look_at"] = st.session_state.get("plans", {}) | plans
    st.rerun()


def _move(bar: Any, words: str, done: float) -> None:
    bar.progress(min(max(done, 0.0), 1.0), words)


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
    elif not found.rows:
        st.warning(
            "No row of these files can be imported. Mend the rows that are listed and choose them again."
        )
    else:
        show_effect(found)
        is_agreed = ask_about_alarms(found)
        if st.button("Import these rows", type="primary", key="confirm", disabled=not is_agreed):
            _import(found, is_agreed)


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
    rejected = count(found.rejected_rows, "row").capitalize()
    st.markdown(f"**{rejected} rejected.** Rejected rows stay out; all others can be imported.")
    told = found.problems.sort(
        "verdict", "file", "line", descending=[True, False, False], maintain_order=True
    )
    headings = {"verdict": "Row is", "file": "File", "line": "Line", "column": "Column", "value": "Found",
                "told": "What is said of it", "remedy": "What to do"}  # fmt: skip
    shown = (
        told.head(PROBLEMS_SHOWN)
        .with_columns(in_a_sentence(), pl.col("verdict").replace({"notice": "kept"}))
        .with_columns(pl.col("told").str.head(1).str.to_uppercase() + pl.col("told").str.slice(1))
        .select(list(headings))
    )
    st.dataframe(shown, hide_index=True, column_config=headings, placeholder=MISSING, key="problems")


def _import(found: Preview, accept_alarms: bool) -> None:
    bar = st.progress(0.0, "Importing")
    try:
        manifest = commit(
            found,
            user_name(),
            lambda words, done: _move(bar, words, done),
            accept_alarms=accept_alarms,
        )
    except ProvmapError as error:
        show_error(error)
        return
    finally:
        bar.empty()
    st.session_state.pop("preview", None)
    st.session_state.pop("asks_letters", None)
    st.session_state["imports_made"] = st.session_state.get("imports_made", 0) + 1
    words = (
        "Imported. Every page now shows your school."
        if manifest
        else "Nothing changed: all of it is held already."
    )
    st.session_state["said"] = words
    st.rerun()


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


def show_history() -> None:
    """The imports made so far, newest first, and the one button that takes the newest back."""
    manifests = list_imports(data_folder())
    held = [manifest for manifest in manifests if not manifest.withdrawn_at]
    if not manifests:
        st.info("Nothing has been imported yet: the app shows the sample school.")
        return
    st.dataframe(
        pl.DataFrame([_described(manifest) for manifest in reversed(manifests)]),
        hide_index=True,
        key="history",
    )
    if held and st.button("Undo the newest import", key="undo"):
        _confirm_undo(held[-1])


def _described(manifest: Manifest) -> dict[str, Any]:
    totals = {key: sum(rows.get(key, 0) for rows in manifest.counts.values()) for key in COUNTS}
    return {
        "Import": manifest.number,
        "As on": show_date(manifest.dated),
        "Made": f"{show_date(manifest.made_at.date())}, {manifest.made_at:%H:%M} UTC",
        "By": manifest.made_by,
        "Files": ", ".join(source["name"] for source in manifest.sources),
        "New rows": totals["new"],
        "Changed rows": totals["changed"],
        "Rejected rows": totals["rejected"],
        "State": "undone" if manifest.withdrawn_at else "held",
    }


@st.dialog("Undo the newest import?")
def _confirm_undo(manifest: Manifest) -> None:
    names = ", ".join(source["name"] for source in manifest.sources)
    st.markdown(plain(f"Import {manifest.number} of {show_date(manifest.dated)} ({names}) is taken back."))
    st.markdown("What was held before it is held again. Its files are kept, and can be imported again.")
    if st.button("Undo it", type="primary", key="undo_confirmed"):
        try:
            undo(data_folder())
        except ProvmapError as error:
            show_error(error)
            return
        st.session_state["said"] = f"Import {manifest.number} was undone."
        st.rerun()
