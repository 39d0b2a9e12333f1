"""How it is calculated: every answer and every statistic explains itself, in words and with a source."""

import re

from provmap.questions import describe_question, measures, question_names
from provmap.statistics import __all__ as public
from provmap.ui.calculated import COLUMN, said
from provmap.words import STATISTICS
from tests.test_pages import open_app, words_of


def test_every_answer_has_a_title_of_its_own_and_says_what_one_row_is() -> None:
    asked = [describe_question(name) for name in question_names()]
    assert len({one.title for one in asked}) == len(asked)
    assert [one.name for one in asked if not (one.words and one.grain and one.words.endswith("?"))] == []


def test_no_name_of_a_column_is_left_in_the_words() -> None:
    texts = [text for name in question_names() for one in [describe_question(name)]
             for text in (one.words, one.grain, one.columns, one.counts, one.wrinkles) if text]  # fmt: skip
    assert [text for text in texts if COLUMN.search(said(text).replace("\\_", "_"))] == []


def test_an_answer_is_explained_on_the_page() -> None:
    app = open_app("calculated", calculated_part="Each list and table")
    app.selectbox(key="calculated_of").set_value("Coverage").run()
    assert not app.exception
    asked = describe_question("coverage")
    assert "One row is" in words_of(app)
    assert said(asked.grain) in words_of(app)


def test_statistics_name_their_sources() -> None:
    found = {measure.name.lower().replace(" ", "_") for measure in measures()}
    numbers = {name for name in public if name.islower() and not name.startswith(("judge", "compare"))}
    # What only puts others together, or writes a frame.
    without = {"columns", "verdicts", "explained"}
    assert numbers - without - found == set()
    assert all(re.search(r"\d{4}|SciPy|DfE", measure.source) for measure in measures())


def test_no_name_of_a_variable_is_left_in_the_statistics() -> None:
    """What stands between marks is called in words; every name of the code that is no plain word has one."""
    assert [one.name for one in measures() if "_" in one.words.replace("__", "") or "`" in one.words] == []
    assert set(STATISTICS) <= {one.name for one in measures()}
    app = open_app("calculated", calculated_part="Statistics and sources")
    assert "Effect size of a gain" in words_of(app)
    for name in ("freedom degrees of freedom", "least months", "Change effect", "d ppc2", "sd is known"):
        assert name not in words_of(app)
