"""Words in the fields that keep what is typed: no test without a browser can type there."""

from typing import Any

from streamlit.testing.v1 import AppTest

from provmap.ui.drafted import Form


def form_in(app: AppTest, record: str) -> Form:
    """The form of a page that is kept under this record."""
    form: Form = app.session_state["forms"][record]
    return form


def type_in(app: AppTest, record: str, **words: Any) -> None:
    """What was typed in a form; browser tests show that typing brings it there."""
    form_in(app, record).given |= words
