"""Where a page's numbers rest on weak data it says so, in one line, and leads to the list.

When to write one: for a page or a check that is new.
"""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.navigation import NAVIGATION
from provmap.ui.weakness import weaknesses
from tests.test_pages import open_app
from tests.tiny import PUPIL, day, tiny_school

WEAK = "**Weak data:** "
PAGES = {title: name for pages in NAVIGATION.values() for name, title in pages.items()}
ASSESSED = {
    "pupil_id": "1", "subject": "reading", "scale": "standardised", "value": "101",
    "assessed_on": day("02-10"),
}  # fmt: skip


def lines(app: AppTest) -> list[str]:
    assert not app.exception
    assert not app.error
    return [caption.value.removeprefix(WEAK) for caption in app.caption if caption.value.startswith(WEAK)]


def leads_to(app: AppTest) -> str:
    (found,) = [element.proto for element in app.get("page_link") if element.proto.label == "See the list"]
    assert found.page == "data_quality"
    return str(found.query_string)


def test_every_page_that_a_check_touches_is_one(sample: Store) -> None:
    checks = ask("data_quality", make_filter(sample), sample)
    assert {page for pages in checks["pages"] for page in pages} <= set(PAGES)


@pytest.mark.parametrize("title", [title for title in PAGES if title != "Pupil"])
def test_one_line_at_most_and_only_where_there_is_something(sample: Store, title: str) -> None:
    checks = ask("data_quality", make_filter(sample), sample)
    touching = {
        row["check"] for row in checks.iter_rows(named=True) if row["findings"] and title in row["pages"]
    }
    app = open_app(PAGES[title])
    assert len(lines(app)) == bool(touching)
    if touching:
        assert leads_to(app).removeprefix("check=") in touching


@pytest.mark.parametrize("title", ["Overview", "Progress", "Coverage and gaps"])
def test_it_is_of_what_is_counted(data: Path, title: str) -> None:
    pupils = [PUPIL, PUPIL | {"pupil_id": "2", "class": "Elm"}, PUPIL | {"pupil_id": "3", "class": "Elm"}]
    tiny_school(data, pupils=pupils, assessments=[ASSESSED])
    as_at = {"as_at": "2026-03-03"}
    app = open_app(PAGES[title], **as_at)
    assert lines(app) == ["Pupils without a score this term: 2 of 3."]
    assert leads_to(app) == "check=not_assessed_this_term"
    elm, oak = (open_app(PAGES[title], **as_at, **{"class": name}) for name in ("Elm", "Oak"))
    assert lines(elm) == ["Pupils without a score this term: 2 of 2."]
    assert lines(oak) == []


def test_the_largest_share_comes_first_and_the_rest_is_counted(sample: Store) -> None:
    checks = ask("data_quality", make_filter(sample), sample)
    found = weaknesses(checks, "Coverage and gaps")
    shares = (found["findings"] / found["out_of"]).to_list()
    assert len(shares) > 1
    assert shares == sorted(shares, reverse=True)
    (line,) = lines(open_app("gaps"))
    assert line == (
        f"{found['title'][0]}: {found['findings'][0]} of {found['out_of'][0]}, "
        f"and {found.height - 1} other point{'s' if found.height > 2 else ''}."
    )


def test_a_pupils_page_speaks_of_that_pupil(data: Path) -> None:
    pupils = [PUPIL, PUPIL | {"pupil_id": "2", "surname": "Elm"}]
    earlier = ASSESSED | {"assessed_on": day("2025-10-10")}
    nought = ASSESSED | {"value": "0"}
    store = tiny_school(data, pupils=pupils, assessments=[earlier, nought])
    app = open_app("pupil", as_at="2026-03-03")

    def choose(pupil: str) -> Any:
        box = app.selectbox(key="chosen_pupil")
        school = ask("pupil_list", make_filter(store), store)["school_id"][0]
        box.set_value((school, pupil)).run()
        return lines(app)

    assert choose("1") == ["Nought in reading (standardised) on 10 Feb 2026, after a score of 101."]
    assert leads_to(app) == "check=sudden_zero"
    (line,) = choose("2")
    assert line.startswith("No score in the spring term")


def test_the_link_opens_its_list(sample: Store) -> None:
    app = open_app("data_quality", check="no_end_no_review")
    assert not app.exception
    assert app.selectbox(key="check_no_end_no_review").value == "no_end_no_review"
    unknown = open_app("data_quality", check="nonsense")
    assert "cannot show" in unknown.error[0].value
