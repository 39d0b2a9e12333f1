"""Can the numbers be trusted? What is missing, unknown or unlikely, each with its list and why it matters."""

import polars as pl
import streamlit as st

from provmap.ui.choices import asked_for
from provmap.ui.page import Page, open_page, plain
from provmap.ui.quality import show_datasets
from provmap.ui.tables import show_table
from provmap.words import NOBODY, joined

LIST = ("surname", "forename", "year_group", "class", "provision", "what")
NUMBERS = ("pupil_id", "provision_id", "dataset", "since", "what")
# Checks whose rows are about numbers that nothing describes: there is no name to show.
UNKNOWN = ("unknown_pupil", "unknown_provision")


def findings(page: Page, check: dict[str, str], rows: pl.DataFrame) -> None:
    """The list behind a count, why it matters, and by class where it is about pupils in classes."""
    st.subheader(check["title"], anchor=False)
    st.markdown(f"{check['why']} It touches: {joined(list(check['pages']))}.")
    if check["check"] == "not_assessed_this_term":
        classes = rows["class"].fill_null("no class recorded").value_counts().sort("class")
        each = [f"{name} {number}" for name, number in classes.iter_rows()]
        st.caption(f"By class: {plain(', '.join(each))}")
    of_pupils = rows["surname"].is_not_null().any()
    show_table(
        page, "data_quality_rows", rows, NUMBERS if check["check"] in UNKNOWN else LIST,
        only=check["title"], empty="", opens="pupil" if of_pupils else "", key="findings",
    )  # fmt: skip


page = open_page("Data quality", "Can the numbers be trusted, and what should be mended first?")
checks = page.ask("data_quality")
rows = page.ask("data_quality_rows")

chosen = show_table(
    page, "data_quality", checks, ("title", "findings", "out_of", "why", "pages"), empty="", opens="row"
)
found = checks.filter(pl.col("findings") > 0)
if found.is_empty():
    st.info("None of these checks found anything." if page.summary["pupils"] else NOBODY)
else:
    titles = dict(found.select("check", "title").iter_rows())
    numbers = dict(found.select("check", "findings").iter_rows())
    # A row selected in the list above leads here, or a link from another page; else the first is offered.
    picked = checks["check"][chosen] if chosen is not None else asked_for("check", checks["check"].to_list())
    check = st.selectbox(
        "Show the list of", list(titles), index=list(titles).index(picked) if picked in titles else 0,
        format_func=lambda name: f"{titles[name]}: {numbers[name]:,}", key=f"check_{picked or 'any'}",
    )  # fmt: skip
    findings(page, found.filter(check=check).row(0, named=True), rows.filter(check=check))

st.subheader("How fresh and complete each dataset is", anchor=False)
st.caption("All that is held, whatever is chosen at the side.")
show_datasets(page)
