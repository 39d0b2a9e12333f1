"""Starts provmap: `python -m streamlit run app.py`.

The screens are in `provmap/ui/main.py`. This file only prepares the process.
"""

import gc

# Imported here, on one thread: the first sessions otherwise import them at the same time, and some fail.
import altair  # noqa: F401
import duckdb  # noqa: F401
import pandas  # noqa: F401
import polars  # noqa: F401
import pyarrow  # noqa: F401
import scipy.stats  # noqa: F401
import streamlit as st

from provmap.ui.web import middleware

app = st.App("provmap/ui/main.py", middleware=middleware())

# A full collection follows every script run. What the imports made is never garbage: it need not be searched.
gc.collect()
gc.freeze()
