"""Who qualifies for what, who has it without, and which provisions are not described in full?"""

import polars as pl
import streamlit as st

from provmap.ui.choices import choose_one, pick
from provmap.ui.criteria import most_wait_first, say_what_is_known
from provmap.ui.page import Page, open_page
from provmap.ui.settings import to_thresholds
from provmap.ui.tables import show_table
from provmap.words import FITS, count

PUPIL = ("surname", "forename", "year_group", "class")
PARTS = ["By provision", "Pupils", "Not described in full"]


def by_provision(page: Page) -> None:
    provisions = page.ask("provision_criteria")
    say_what_is_known(page, provisions)
    provisions = page.of_rows("most wait first", provisions, lambda: most_wait_first(provisions))
    if provisions.height:
        st.caption("Select a provision to see the pupils behind its numbers.")
    chosen = show_table(
        page, "provision_criteria", provisions,
        ("provision", "waits", "free_places", "in_place", "attends_without", "met_exit_stays",
         "cannot_judge", "entry", "exit", "tier"),
        empty="No provision runs on this day.", opens="row",
    )  # fmt: skip
    if chosen is not None:
        provision = provisions.row(chosen, named=True)
        st.subheader(provision["provision"], anchor=False)
        is_this = [pl.col(name) == provision[name] for name in ("school_id", "provision_id")]
        pupils(page, page.ask("criteria_status").filter(is_this), "fits", provision["provision"])
        st.subheader(f"Who has {provision['provision']}", anchor=False)
        show_table(
            page, "provision_list", page.ask("provision_list").filter(is_this),
            (*PUPIL, "start_date", "staff"),
            key="has_it", only=provision["provision"], empty="Nobody who is counted here has it now.",
        )  # fmt: skip


def pupils(page: Page, rows: pl.DataFrame, key: str, provision: str = "") -> None:
    rows, kinds = pick(rows, "kind", FITS, key=key)
    show_table(
        page, "criteria_status", rows,
        (*PUPIL[:2], "provision", "kind", "criteria", "values", "since", *PUPIL[2:]),
        only=", ".join(part for part in (provision, kinds) if part), key=f"list_{key}",
        empty="Nobody: no pupil qualifies without having it, stays past the finish, or has it without "
        "qualifying.",
    )  # fmt: skip


def not_described(page: Page) -> None:
    provisions = page.ask("provision_criteria")
    incomplete = provisions.filter(~pl.col("is_complete"))
    st.caption(
        f"{count(incomplete.height, 'provision').capitalize()} of {provisions.height} lack a criterion "
        "(where not everybody has it), how it is monitored, a measured or an observed sign that it works, "
        "or a lead."
    )
    show_table(
        page, "provision_criteria", incomplete, ("provision", "tier", "missing"), key="incomplete", opens="",
        only="not described in full", empty="Every provision that runs is described in full.",
    )  # fmt: skip


page = open_page("Who qualifies", "Who meets a provision's criteria without having it, and is there room?")
part = choose_one("Part", PARTS, key="criteria_part")
if part != "Not described in full":
    st.caption("Could start: pupils who meet every criterion to start and do not have it; nobody has decided "
               "that they should. Who has it is judged as at the day they started. A result that is not "
               "recorded counts neither way.")  # fmt: skip
    to_thresholds("Who qualifies", "How far back a result counts")
if part == "By provision":
    by_provision(page)
elif part == "Pupils":
    pupils(page, page.ask("criteria_status"), "all_fits")
else:
    not_described(page)
