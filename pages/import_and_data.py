"""The school's files: bring them in, see what is held, take an import back."""

import streamlit as st

from provmap.ui.history import show_history
from provmap.ui.importing import choose_files, show_contents, show_preview
from provmap.ui.journal_files import show_journal_files
from provmap.ui.page import open_page

page = open_page(
    "Import and data", "What does provmap hold, where did it come from, and how do I bring in more?"
)

st.subheader("Bring in files", anchor=False)
st.caption("Nothing is changed until you confirm. Files stay on this machine; nothing is sent anywhere.")
choose_files(page)
if found := st.session_state.get("preview"):
    show_preview(found)

st.subheader("What is held", anchor=False)
show_contents(page)

st.subheader("Imports", anchor=False)
show_history()

st.subheader("What people wrote", anchor=False)
show_journal_files(page)
