"""Where a page's numbers rest on weak data: one line that says so beside them, with a link to the list.

Drawn last, after the numbers: what the records lack is no reason to wait for what they say.
"""

from __future__ import annotations

from typing import Any, NoReturn

import polars as pl
import streamlit as st

from provmap.ui.page import PLACE, Page, link
from provmap.words import count


def say_what_is_weak() -> None:
    """Of what touches the page that was just drawn, what weighs most; nothing where all is well."""
    page, title, place = st.session_state.pop(PLACE, (None, "", None))
    # On the page of one pupil it is said of that pupil.
    if page is None or title == "Pupil":
        return
    found = page.remembered(f"weak {title}", lambda: weaknesses(page.ask("data_quality"), title))
    if found.is_empty():
        return
    first = found.row(0, named=True)
    more = f", and {count(found.height - 1, 'other point')}" if found.height > 1 else ""
    words = f"{first['title']}: {first['findings']:,} of {first['out_of']:,}{more}."
    with place.container(horizontal=True, vertical_alignment="center", key="weakness"):
        st.caption(f"**Weak data:** {words}", width="content", help=first["why"])
        link("data_quality", "See the list", check=first["check"])


def end_page() -> NoReturn:
    """For a page that has nothing more to show: `st.stop` alone would leave out what its data lack."""
    say_what_is_weak()
    st.stop()


def weaknesses(checks: pl.DataFrame, page: str) -> pl.DataFrame:
    """The checks that found something which touches a page, the largest share first."""
    touches = pl.col("pages").list.contains(page) & (pl.col("findings") > 0)
    share = pl.col("findings") / pl.col("out_of").clip(1)
    return checks.filter(touches).sort(share, descending=True, maintain_order=True)


def say_what_is_weak_of(page: Page, pupil: dict[str, Any]) -> None:
    """What is missing or unlikely in one pupil's records: the first of it, and how much more there is."""
    rows = page.ask("data_quality_rows").filter(school_id=pupil["school_id"], pupil_id=pupil["pupil_id"])
    if rows.is_empty():
        return
    first = rows.row(0, named=True)
    more = f" And {count(rows.height - 1, 'other point')}." if rows.height > 1 else ""
    with st.container(horizontal=True, vertical_alignment="center", key="weakness"):
        st.caption(f"**Weak data:** {first['what']}{more}", width="content")
        link("data_quality", "See the list", check=first["check"])
