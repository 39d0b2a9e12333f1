"""The map for pupils named one by one, who stay in the session: in no address and in no saved view."""

from __future__ import annotations

import polars as pl
import streamlit as st

from provmap.ui.page import Page, count_instead, plain
from provmap.ui.pupils import names_of, people, people_typed
from provmap.words import MOST_COLUMNS, count, joined

# Where the names stay while other pages are open.
CHOSEN = "named_pupils"
# A list to choose names from is for a school, not for a trust.
MOST_TO_CHOOSE_FROM = 3000


def map_of_pupils(page: Page, rows: str, *, is_named: bool) -> pl.DataFrame | None:
    """The map with a column for each pupil, or each who is named; None where it says what to choose first."""
    if not is_named and page.summary["pupils"] > MOST_COLUMNS:
        st.info(f"A column for each of {page.summary['pupils']:,} pupils would not fit. Choose a class or "
                f"group of up to {MOST_COLUMNS}, or the pupils by name.")  # fmt: skip
        return None
    cells = page.ask("provision_map", by="pupil", rows=rows)
    if not is_named:
        return cells
    chosen = _choose(page)
    if not chosen:
        return None
    count_instead(
        f"**{count(len(chosen), 'named pupil').capitalize()}** of {count(page.summary['pupils'], 'pupil')} "
        f"counted here: {plain(page.filter.describe())}."
    )
    cells = only_of(cells, list(chosen))
    having = set(cells.filter(pl.col("pupils") > 0).select("school_id", "column_key").iter_rows())
    if without := [name for who, name in chosen.items() if who not in having]:
        st.caption(plain(f"Nothing of their own is in place for {joined(without)}."))
    return cells


def only_of(cells: pl.DataFrame, chosen: list[tuple[str, str]]) -> pl.DataFrame:
    """The cells of these pupils, each known by school and identifier; what none of them has is left out."""
    wanted = pl.DataFrame(
        chosen, schema={"school_id": cells.schema["school_id"], "column_key": pl.String}, orient="row"
    )
    return cells.join(
        wanted, on=["school_id", "column_key"], how="semi", nulls_equal=True, maintain_order="left"
    )


def _choose(page: Page) -> dict[tuple[str, str], str]:
    """The pupils named, each with the words that say who it is."""
    if page.summary["pupils"] > MOST_TO_CHOOSE_FROM:
        st.info("Choose a school or a year group first: the list of names would be too long.")
        return {}
    pupils, called = people(page), people_typed(page)
    before = st.session_state.get(CHOSEN, [])
    chosen: list[tuple[str, str]] = st.multiselect(
        "Pupils", list(pupils), [who for who in before if who in pupils], max_selections=MOST_COLUMNS,
        format_func=lambda who: called.get(who, ""),
        # All who are called Bell are seldom meant, and Enter would take them.
        key=page.key("choose_named"), placeholder="Type a name", select_all=False,
    )  # fmt: skip
    hidden = [who for who in before if who not in pupils]
    st.session_state[CHOSEN] = [*chosen, *hidden]
    if hidden:
        st.caption(
            f"{count(len(hidden), 'named pupil').capitalize()} not shown: not among those counted here."
        )
    st.caption("The names stay on this screen: they are in no link and in no saved view.")
    if not chosen:
        st.info("Name the pupils to see side by side: type the first letters of a name.")
    return names_of(page, {who: pupils[who] for who in chosen})
