"""Lists on the screen: long words are wrapped over lines, short ones stay on one."""

from datetime import date

import polars as pl
import pytest

from provmap.questions import make_filter
from provmap.store import Store
from provmap.ui.grids import column_names
from provmap.ui.narrow import in_few_columns
from provmap.ui.page import Page
from provmap.ui.tables import column_settings, in_words
from provmap.ui.widths import ROOM, WIDEST, in_sight, row_height
from tests.test_pages import open_app

SENTENCE = "Nothing is recorded that answers this need, and nobody has said why that is so. "


def test_rows_of_short_words_are_one_line_high() -> None:
    rows = pl.DataFrame({"surname": ["Ash"], "reason": ["Nothing is recorded."], "days": [3]})
    assert row_height(rows) == 35
    assert column_settings(rows)["reason"]["width"] is None


@pytest.mark.parametrize(("sentences", "pixels"), [(1, 65), (2, 92), (9, 130)])
def test_long_words_are_wrapped_over_up_to_six_lines(sentences: int, pixels: int) -> None:
    rows = pl.DataFrame({"surname": ["Ash"], "reason": [SENTENCE * sentences]})
    assert row_height(rows) == pixels
    assert column_settings(rows)["reason"]["width"] == WIDEST


def test_lines_are_counted_by_whole_words() -> None:
    """In a narrow column a word that does not fit takes a line of its own."""
    rows = pl.DataFrame({"need": ["Speech, language and communication needs"]})
    assert row_height(rows) == 35 + 3 * 19


def test_one_long_cell_of_many_makes_no_row_higher() -> None:
    rows = pl.DataFrame({"reason": ["Nothing is recorded."] * 19 + [SENTENCE]})
    assert row_height(rows) == 35


def test_a_word_below_the_first_rows_is_not_broken() -> None:
    early = pl.DataFrame({"subject": ["mathematics"] * 5 + ["art"] * 30})
    late = pl.DataFrame({"subject": ["art"] * 30 + ["mathematics"]})
    assert column_settings(early)["subject"]["width"] is None
    assert column_settings(late)["subject"]["width"] > 6 * len("mathematics")


def test_a_word_or_a_day_beside_empty_cells_is_not_squeezed() -> None:
    """A browser leaves out what is more than twice as wide as the rest: "Governin g board"."""
    rows = pl.DataFrame(
        {"agreed_by": ["Governing board"] + [None] * 9, "agreed_on": [date(2024, 9, 24)] + [None] * 9}
    )
    settings = column_settings(rows)
    assert settings["agreed_by"]["width"] > 6 * len("Governing board")
    assert settings["agreed_on"]["width"] > 6 * len("24 Sep 2024")
    assert column_settings(rows.head(1))["agreed_on"]["width"] is None


def test_as_many_columns_stand_beside_each_other_as_have_room() -> None:
    few = pl.DataFrame({"pupil": ["Ash, Bo"], "reason": [SENTENCE], "day": [date(2026, 3, 3)]})
    assert in_sight(few) == few.columns
    many = few.with_columns(pl.lit(SENTENCE).alias(f"note_{n}") for n in range(9))
    seen = in_sight(many)
    assert seen == many.columns[: len(seen)]
    assert 3 < len(seen) < many.width
    assert len(in_sight(many, room=2 * ROOM)) > len(seen)
    # What a list is about is shown however broad it is.
    assert in_sight(many, room=1) == ["pupil"]


def test_what_has_no_room_is_shown_by_a_switch(sample: Store) -> None:
    app = open_app("where_are_we")
    first = list(app.dataframe[0].value.columns)
    assert first[:3] == ["pupil", "where_it_stands", "reason"]
    assert "points_below" not in first
    app.toggle(key="all_ledger").set_value(True).run()
    every = list(app.dataframe[0].value.columns)
    assert every[: len(first)] == first
    assert "points_below" in every
    assert app.toggle(key="all_ledger").label == f"{len(every) - len(first)} more columns"


def test_codes_and_areas_are_shown_as_words(sample: Store) -> None:
    for column, part in (("group_codes", {"responses_part": "Whom provision is aimed at"}), ("name", {})):
        app = open_app("responses", **part)
        cells = [cell for cell in app.dataframe[0].value[column] if cell]
        assert cells
        assert all(cell[0].isupper() and "_" not in cell for cell in cells), cells


def test_groups_have_short_names_over_the_columns_of_the_map() -> None:
    labels = {"eal": "English as an additional language", "chess": "Chess club"}
    cells = pl.DataFrame(
        {"column_key": list(labels), "column_label": list(labels.values()), "column_order": [1, 2]}
    )
    assert column_names(cells, "group", {}) == {"eal": "EAL", "chess": "Chess club"}


def test_who_a_pupil_is_takes_two_columns_and_no_word_is_lost() -> None:
    rows = pl.DataFrame(
        {
            "surname": ["Ash", "Birch", "Cedar", "Elm"],
            "forename": ["Kit", None, "Sam", "Jo"],
            "reason": [""] * 4,
            "year_group": ["5", "R", "7", None],
            "class": ["Oak", None, "7H", "Fir"],
        }
    )
    assert in_few_columns(rows).to_dict(as_series=False) == {
        "pupil": ["Ash, Kit", "Birch", "Cedar, Sam", "Elm, Jo"],
        "reason": [""] * 4,
        "class": ["5 Oak", "R", "7H", "Fir"],
    }
    assert in_few_columns(rows.select("surname", "class")).columns == ["surname", "class"]


def test_a_subject_is_told_with_its_state_where_they_stand_together() -> None:
    rows = pl.DataFrame({"subject": ["reading"], "state": ["persists"], "reason": ["Why."]})
    assert in_few_columns(rows).to_dicts() == [{"where_it_stands": "Reading: persists", "reason": "Why."}]
    apart = rows.select("subject", "reason", "state")
    assert in_few_columns(apart).columns == ["subject", "reason", "state"]


def test_a_long_name_is_whole_in_low_rows_and_wrapped_in_high_ones() -> None:
    name = "Featherstonehaugh-Winterbottom, Maximilian"
    low = pl.DataFrame({"pupil": [name], "reason": ["Nothing is recorded."]})
    assert (row_height(low), column_settings(low)["pupil"]["width"]) == (35, None)
    high = low.with_columns(reason=pl.lit(SENTENCE))
    # No part of a name is broken.
    assert 7 * len("Featherstonehaugh-Winterbottom,") < column_settings(high)["pupil"]["width"] < 260
    short = high.with_columns(pupil=pl.lit("Ash, Kit"))
    assert column_settings(short)["pupil"]["width"] == 135
    assert column_settings(high)["pupil"]["pinned"]


def test_what_would_be_cut_off_by_a_little_in_low_rows_is_shown_whole() -> None:
    names = pl.DataFrame({"provision": ["Talk"] * 19 + ["Maths with concrete resources"]})
    assert row_height(names) == 35
    assert column_settings(names)["provision"]["width"] > 6 * len("Maths with concrete resources")
    much = pl.DataFrame({"provision": ["Talk"] * 19 + ["Maths with concrete resources, and much more"]})
    assert (row_height(much), column_settings(much)["provision"]["width"]) == (35, 255)


def test_a_group_is_named_and_not_coded(sample: Store) -> None:
    page = Page(sample, make_filter(sample), {"pupils": 4})
    shown = in_words(page, pl.DataFrame({"group_code": ["KEEPUP", "fsm"]}))
    assert shown["group_code"].to_list() == ["Keep-up readers", "Free school meals"]


def test_groups_in_a_list_are_named_shortly_and_no_sen_is_left_out(sample: Store) -> None:
    app = open_app("pupil")
    shown = app.dataframe[0].value["groups"]
    groups = ", ".join(shown.dropna())
    assert "EAL" in groups
    # Said where it is all that is known: a blank would look as if nothing were.
    assert "No SEN" in set(shown)
    assert not [words for words in shown.dropna() if "No SEN, " in words or ", No SEN" in words or not words]
    assert "English as an additional language" not in groups


def test_groups_keep_their_order_and_none_recorded_is_empty(sample: Store) -> None:
    page = Page(sample, make_filter(sample), {"pupils": 4})
    codes = [["eal", "no_sen", "pupil_premium", "sen_support"], ["no_sen"], [], None]
    shown = in_words(page, pl.DataFrame({"groups": codes}, schema={"groups": pl.List(pl.String)}))
    assert shown["groups"].to_list() == ["EAL, Pupil premium, SEN support", "No SEN", None, None]


def test_nothing_in_a_list_of_words_is_no_empty_text(sample: Store) -> None:
    # An empty text would be an empty cell; what is missing is shown as a dash.
    page = Page(sample, make_filter(sample), {"pupils": 3})
    held = pl.DataFrame({"provisions": [["Talk Time", "Number Sense"], [], None]})
    assert in_words(page, held)["provisions"].to_list() == ["Talk Time, Number Sense", None, None]


@pytest.mark.parametrize(
    ("year", "class_", "words"),
    [("R", "Robins", "R Robins"), ("7", "7H", "7H"), ("1", "Robins", "1 Robins"), ("1", "1E5", "1E5"),
     (None, "Oak", "Oak"), ("5", None, "5")],
)  # fmt: skip
def test_a_class_that_says_its_year_needs_none_before_it(
    year: str | None, class_: str | None, words: str
) -> None:
    text = dict.fromkeys(("year_group", "class"), pl.String)
    rows = pl.DataFrame({"year_group": [year], "class": [class_]}, schema=text)
    assert in_few_columns(rows)["class"].to_list() == [words]
