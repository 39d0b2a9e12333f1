"""What has been measured since something was agreed: on a scale with a result before and since."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provmap.store import Edit, Store, open_store, save
from tests.tiny import PUPIL, TALK, answer, day, tiny_schools

AGREED = day("01-15")
PHONICS = TALK | {"subject": "phonics"}


def scored(scale: str, value: str, on: str, source: str = "test") -> dict[str, Any]:
    return {"pupil_id": "1", "subject": "reading", "scale": scale, "value": value, "assessed_on": day(on),
            "source": source}  # fmt: skip


def standardised(value: str, on: str) -> dict[str, Any]:
    return scored("standardised", value, on)


def age(value: str, on: str, source: str = "test") -> dict[str, Any]:
    return scored("reading age", value, on, source)


# The results, and: then, now, better by, scale.
CASES = {
    "only one has a result since": (
        [standardised("90", "01-10"), age("84", "01-12"), standardised("95", "02-20")],
        ("90", "95", 5, "standardised"),
    ),
    "both have one: the later before": (
        [standardised("90", "01-10"), age("84", "01-12"), standardised("95", "02-20"), age("87", "02-10")],
        ("84", "87", 3, "reading age"),
    ),
    "neither has one: the later before": (
        [standardised("90", "01-10"), age("84", "01-12")], ("84", None, None, "reading age"),
    ),
    "of one day a test before a teacher": (
        [standardised("90", "01-10"), age("84", "01-10", "teacher")], ("90", None, None, "standardised"),
    ),
    "of one day and source by name": (
        [standardised("90", "01-10"), age("84", "01-10")], ("84", None, None, "reading age"),
    ),
    "on the day itself is before": ([standardised("90", "01-15")], ("90", None, None, "standardised")),
    "no result before": ([standardised("95", "01-16")], (None, None, None, None)),
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("since")
    made = tiny_schools(
        folder,
        {
            name: {"pupils": [PUPIL], "provisions": [PHONICS], "assessments": rows}
            for name, (rows, _) in CASES.items()
        },
    )
    due: date = day("02-01")
    agreed = {
        "pupil_id": "1",
        "what": "Read daily",
        "owner": "o",
        "set_on": AGREED,
        "due_on": due,
        "subject": "Reading",
    }
    decided = {"pupil_id": "1", "decided_on": AGREED, "kind": "provision started", "words": "Talk",
               "provision_id": "T", "subject": "Reading"}  # fmt: skip
    of = [{"school_id": name, "meeting_id": "m"} for name in CASES]
    edits = [Edit("actions", agreed | one | {"action_id": one["school_id"]}) for one in of]
    edits += [Edit("decisions", decided | one | {"decision_id": one["school_id"]}) for one in of]
    save(made, "Head", edits)
    return open_store(folder)


@pytest.mark.parametrize("name", CASES)
def test_what_was_measured_since(store: Store, name: str) -> None:
    # A decision may say in which subject it should show: the provision here is for phonics.
    for question in ("actions", "decisions_made"):
        (row,) = answer(store, question, schools=[name])
        assert (row["value_then"], row["value_now"], row["better_by"], row["scale"]) == CASES[name][1]
