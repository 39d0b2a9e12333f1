"""Who may be served twice, and for what?"""

import polars as pl
import streamlit as st

from provmap.ui.choices import choose_one, pick
from provmap.ui.page import open_page
from provmap.ui.tables import show_table
from provmap.words import DUPLICATIONS

NOW, ALWAYS = "Now", "At any time"

page = open_page(
    "Duplication", "Is any pupil served twice for one need, again without gain, or for no need we know of?"
)

when = choose_one("When", [NOW, ALWAYS], key="when")
findings = page.ask("duplications")
if when == NOW:
    findings = findings.filter(pl.col("is_current"))
findings, kinds = pick(findings, "kind", DUPLICATIONS, key="overlap")
st.caption(
    "A possible overlap is a question to ask, not a fault: two provisions can be meant to work together."
)

show_table(
    page, "duplications", findings,
    ("surname", "forename", "year_group", "class", "reason", "from_date", "to_date", "weekly_minutes",
     "kind", "provision", "other_provision", "need_code"),
    only=" and ".join(part for part in ("now" if when == NOW else "", kinds) if part),
    empty="None of this kind was found." if kinds else "No possible overlaps were found.",
)  # fmt: skip
