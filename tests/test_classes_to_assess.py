"""`classes_to_assess`: classes assessed late or never, by hand and beside plain Python."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from provmap.store import Store
from tests.test_meeting_lists import MARKS, NOW, SCALES, YEAR_AGO, scored
from tests.test_pages import open_app, words_of
from tests.tiny import DAY, PUPIL, answer, day, tiny_school

AUTUMN = day("2025-11-20")


def roll(each: int = 2, *classes: str) -> list[dict[str, Any]]:
    return [PUPIL | {"pupil_id": f"{name}{n}", "class": name} for name in classes for n in range(1, each + 1)]


def school(folder: Path, scores: list[dict[str, Any]], **rows: Any) -> Store:
    names = sorted({row["pupil_id"] for row in scores} | {row["pupil_id"] for row in rows.get("pupils", [])})
    pupils = rows.pop("pupils", [PUPIL | {"pupil_id": name} for name in names])
    return tiny_school(folder, pupils=pupils, assessments=scores, expectations=MARKS, scales=SCALES, **rows)


def of_class(name: str, on: Any = NOW, many: int = 2, **more: Any) -> list[dict[str, Any]]:
    return [scored(f"{name}{n}", 100, on, **more) for n in range(1, many + 1)]


def late(store: Any, **choices: Any) -> dict[str, str]:
    return {row["class"]: row["reason"] for row in answer(store, "classes_to_assess", **choices)}


def test_a_class_that_was_never_assessed_stands_beside_one_that_is_late(tmp_path: Path) -> None:
    scores = of_class("Ash") + of_class("Oak") + of_class("Elm", AUTUMN, assessor="Ms Gray")
    store = school(tmp_path, scores, pupils=roll(2, "Ash", "Oak", "Elm", "Fir"))
    assert late(store) == {
        "Elm": "Nobody of the class has a score in reading in the spring term 2025/26.",
        "Fir": "Nobody of the class has a score in reading in the last year.",
    }
    (elm,) = answer(store, "classes_to_assess", classes=["Elm"])
    assert (elm["pupils"], elm["assessed"], elm["last_assessed_on"], elm["assessor"]) == (
        2,
        0,
        AUTUMN,
        "Ms Gray",
    )


def test_half_of_a_class_is_enough_and_fewer_is_not(tmp_path: Path) -> None:
    scores = of_class("Ash", many=3) + of_class("Oak", many=1) + of_class("Elm", many=2)
    store = school(tmp_path, scores, pupils=roll(3, "Ash", "Oak", "Elm"))
    assert late(store) == {"Oak": "1 of 3 of the class have a score in reading in the spring term 2025/26."}


def test_what_few_classes_are_assessed_in_is_waited_for_in_no_other(tmp_path: Path) -> None:
    pupils = roll(2, "Ash", "Oak", "Elm")
    assert late(school(tmp_path / "a", of_class("Ash"), pupils=pupils)) == {}
    assert list(late(school(tmp_path / "b", of_class("Ash") + of_class("Oak"), pupils=pupils))) == ["Elm"]


def test_any_scale_and_no_code_counts(tmp_path: Path) -> None:
    codes = [{"scale": "standardised", "value": "absent", "meaning": "Absent"}]
    away = [scored(f"Elm{n}", "absent") for n in (1, 2)]
    scores = of_class("Ash") + of_class("Oak", scale="raw") + away
    store = school(tmp_path, scores, pupils=roll(2, "Ash", "Oak", "Elm"), scale_values=codes)
    assert list(late(store)) == ["Elm"]


def test_the_page_shows_classes_beneath_pupils_and_spells_grades_out(sample: Store) -> None:
    app = open_app("meeting_lists")
    assert "**WTS** working towards the expected standard" in words_of(app).replace("\\", "")
    app.button_group(key="meeting_list").set_value("not_assessed").run()
    assert not app.exception
    assert "fewer than 50% have a score" in words_of(app)


@pytest.mark.parametrize("seed", range(12))
def test_as_worked_out_slowly(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    pupils = [PUPIL | {"pupil_id": str(n), "class": chance.choice("ABCD")} for n in range(12)]
    days = [NOW, AUTUMN, YEAR_AGO, DAY + timedelta(days=1), day("2025-06-01")]
    scores = [
        scored(str(n), 100, on) | {"subject": subject}
        for n in range(12) for on in days for subject in ("reading", "mathematics") if chance.random() < 0.4
    ]  # fmt: skip
    found = answer(school(tmp_path, scores, pupils=pupils), "classes_to_assess")
    told = {(row["class"], row["subject"], row["assessed"], row["last_assessed_on"]) for row in found}
    assert told == slowly(pupils, scores)


def slowly(pupils: list[dict[str, Any]], scores: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """A class and subject at a time; the days fall into terms that are named here."""
    terms = {day("2025-06-01"): 0, AUTUMN: 1, NOW: 2}
    classes = {row["class"]: {p["pupil_id"] for p in pupils if p["class"] == row["class"]} for row in pupils}
    found = set()
    for subject in ("reading", "mathematics"):
        days: dict[Any, set[str]] = {}
        for row in scores:
            if row["subject"] == subject and row["assessed_on"] in terms:
                days.setdefault(row["assessed_on"], set()).add(row["pupil_id"])
        rounds = [
            on for on, who in days.items()
            if 2 * sum(2 * len(who & own) >= len(own) for own in classes.values()) >= len(classes)
        ]  # fmt: skip
        if not rounds:
            continue
        last = max(rounds)
        for name, own in classes.items():
            if 2 * len(days[last] & own) < len(own):
                ever = max((on for on, who in days.items() if who & own), default=None)
                found.add((name, subject, len(days[last] & own), ever))
    return found
