"""The script that Streamlit runs for every page: the frame, the filter and the navigation, then the page.

It does not stand beside `pages/`: Streamlit would then run a page file by itself on the first request.
"""

import streamlit as st

from provmap.errors import ProvmapError
from provmap.store import open_store
from provmap.ui import page, sidebar, weakness, working
from provmap.ui.navigation import NAVIGATION


def main() -> None:
    """Draw the frame and run the page that the address asks for."""
    st.set_page_config(page_title="provmap", page_icon="🧭", layout="wide")
    page.dress()
    chosen = st.navigation(
        {
            question: [
                st.Page(page.path_of(name), title=title, url_path=name, default=name == "overview")
                for name, title in pages.items()
            ]
            for question, pages in NAVIGATION.items()
        },
        # Across the top: beside so many pages the filter would be out of sight.
        position="top",
    )
    try:
        working.let_it_end()
        store = open_store()
        filter = sidebar.draw(store)
        if filter is not None:
            page.follow()
            working.say_what_came()
            page.hand_over(store, filter)
            chosen.run()
            weakness.say_what_is_weak()
    except ProvmapError as error:
        page.show_error(error)


main()
