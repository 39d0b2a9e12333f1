"""Numbers on the screen are rounded half up, as DfE prints them; what is taken away is not rounded."""

import polars as pl
import pytest

from provmap.statistics import round_half_up
from provmap.ui.tables import _number_format, as_text, rounded
from provmap.words import number, percent


@pytest.mark.parametrize(("column", "value", "shown"), [
    ("expected_share", 100 * 57 / 200, "29%"),  # 28.499999999999996
    ("expected_share", 28.4, "28%"),
    ("mean_value", 2.25, "2.3"),
    ("mean_value", 100.05, "100.1"),
    ("mean_gain", -2.25, "-2.3"),
    ("mean_gain", 0.5, "+0.5"),
    ("pupils", 2.5, "3"),
    ("effect_size", 0.125, "0.13"),
])  # fmt: skip
def test_halves_go_up(column: str, value: float, shown: str) -> None:
    frame = rounded(pl.DataFrame({column: [value, None]}))
    assert as_text(frame)[column].to_list() == [shown, "–"]
    places = int(_number_format(column).split(".")[1][0])
    assert frame[column][0] == pytest.approx(round_half_up(value, places))


def test_words_dates_and_whole_numbers_stay() -> None:
    frame = pl.DataFrame({"surname": ["O'Brien-Łuć"], "pupils": [3]})
    assert rounded(frame).equals(frame)


@pytest.mark.parametrize(("value", "places", "signed", "said"), [
    (0.25, 1, True, "+0.3"), (-0.25, 1, True, "-0.3"), (28.499999999999996, 0, False, "29"),
    (1234.5, 0, False, "1,235"), (0, 1, True, "+0.0"),
])  # fmt: skip
def test_in_a_sentence_too(value: float, places: int, signed: bool, said: str) -> None:
    assert number(value, places, signed=signed) == said


def test_a_share_in_a_sentence() -> None:
    assert percent(0.125) == "13%"
    assert percent(171 / 190, 1) == "90.0%"
