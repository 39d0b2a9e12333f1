"""What the impact page says of a provision in sentences, for every kind of answer that there is."""

from pathlib import Path

import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.impact import _compared, _counted, _drawn, _nearest, _size, in_order, measured_by
from tests.test_impact import END, START, had, one_row, pupils, result
from tests.tiny import DAY, TALK, tiny_school


def test_all_alike_have_no_interval_and_are_still_told(tmp_path: Path) -> None:
    times = [had(n, 80, 95) for n in range(1, 13)]
    row = one_row(tiny_school(tmp_path, pupils=pupils(12), provisions=[TALK], placements=times))
    assert row["gain_beyond"] is not None
    assert row["gain_beyond_low"] is None
    assert "95% certain" not in _compared(row)
    assert "Effect size 1.00" in _size(row)


def test_the_nearest_assessments_are_told_apart(tmp_path: Path) -> None:
    without = dict.fromkeys(("entry_value", "entry_date", "exit_value", "exit_date", "measure"))
    talk = TALK | {"quantitative_measure": "reading/standardised"}
    times = [had(n, "", "") | without for n in range(1, 13)]
    scores = [result(n, 80 + gain * (on == END), on) for n, gain in enumerate(range(6, 18), 1)
              for on in (START, END)]  # fmt: skip
    store = tiny_school(tmp_path, pupils=pupils(12), provisions=[talk], placements=times, assessments=scores)
    row = one_row(store)
    assert "mean gain +11.5" in _nearest(row)
    assert row["assessed_verdict"] in _nearest(row)
    drawn = _drawn(ask("impact_by_provision", make_filter(store, as_at=DAY), store))
    assert drawn["mean_gain"].drop_nulls().to_list() == pytest.approx([11.5])
    assert "12 have assessments near both ends" in _counted(row)


def test_every_answer_of_the_sample_can_be_told(sample: Store) -> None:
    rows = in_order(ask("impact_by_provision", make_filter(sample), sample)).to_dicts()
    assert rows
    for row in rows:
        said = " ".join([measured_by(row), _compared(row), _counted(row), _size(row), _nearest(row)])
        assert "None" not in said
        assert "nan" not in said
