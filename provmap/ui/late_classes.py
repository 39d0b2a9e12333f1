"""Classes in which assessment is late or was never done, beneath the list of pupils without a result."""

import streamlit as st

from provmap.ui.page import Page
from provmap.ui.settings import thresholds
from provmap.ui.tables import show_table

SHOWN = ("class", "subject", "reason", "assessed", "pupils", "last_assessed_on", "assessor")


def show_late_classes(page: Page) -> None:
    """By class: who waits for a whole class reads one line and not thirty."""
    st.subheader("By class", anchor=False)
    share = float(thresholds(page)["late_share"])
    st.caption(
        f"Classes of the pupils counted in which fewer than {share:.0%} have a score in the latest term in "
        "which most classes were assessed in the subject, on whatever scale. A class that was never assessed "
        "stands here too. A code such as absent is no score."
    )
    show_table(
        page, "classes_to_assess", page.ask("classes_to_assess"), SHOWN, opens="",
        empty="No class is behind the others in any subject, as far as results are held.",
    )  # fmt: skip
