"""Every number is the length of the list that it opens: over each filter alone, and each two together."""

from itertools import combinations
from typing import Any
from urllib.parse import parse_qs

import polars as pl
import pytest

from provmap.filters import Filter
from provmap.questions import ask, headlines, make_filter
from provmap.store import Store
from provmap.ui.grids import behind
from tests.test_pages import open_app

# A value of each field of the filter that selects something of the sample school.
VALUES = {
    "year_groups": "4", "classes": "Oak", "groups": "pupil_premium", "needs": "SLCN", "tiers": "targeted",
    "subjects": "reading",
}  # fmt: skip
FILTERS = [(), *((name,) for name in VALUES), *combinations(VALUES, 2)]
# Each filter alone, and a few two together: a page takes half a second.
OPENED = [*FILTERS[: 1 + len(VALUES)], ("year_groups", "groups"), ("classes", "needs"), ("tiers", "subjects")]
IN_ADDRESS = {
    "year_groups": "year_group", "classes": "class", "groups": "group", "needs": "need", "tiers": "tier",
    "subjects": "subject",
}  # fmt: skip
TILES = {
    "Live needs": "See each pupil's needs", "Gaps": "See the gaps",
    "Possible overlaps": "See the possible overlaps", "Provision in place": "See who gets what",
    "Reviews overdue": "See what to review", "No data": "See who has no data",
}  # fmt: skip
STATES = ("covered", "in_class", "planned", "lapsed", "unmet")


@pytest.fixture(params=FILTERS, ids=lambda names: "+".join(names) or "all")
def filter(request: pytest.FixtureRequest, sample: Store) -> Filter:
    return make_filter(sample, **{name: [VALUES[name]] for name in request.param})


def number_of(rows: pl.DataFrame, **equal: Any) -> int:
    return rows.filter(**equal).height


@pytest.mark.parametrize("names", OPENED, ids=lambda names: "+".join(names) or "all")
def test_the_overview_opens_lists_as_long_as_its_numbers(sample: Store, names: tuple[str, ...]) -> None:
    """The number on the tile, and the rows on the page to which the tile's own link leads."""
    address = {IN_ADDRESS[name]: VALUES[name] for name in names}
    overview = open_app(**address)
    numbers = {tile.label: int(tile.value.replace(",", "")) for tile in overview.metric}
    links = {link.proto.label: link.proto for link in overview.get("page_link")}
    for tile, words in TILES.items():
        asked = {name: values[0] for name, values in parse_qs(links[words].query_string).items()}
        opened = open_app(links[words].page, **(asked | address))
        assert not opened.error
        shown = len(opened.dataframe[0].value) if opened.dataframe else 0
        assert shown == numbers[tile], (tile, asked)


def test_the_overview_agrees_with_what_other_questions_count(sample: Store, filter: Filter) -> None:
    now = headlines(filter, sample)
    by_need = ask("coverage_by_need", filter, sample)
    assert now["live_needs"] == by_need["live_needs"].sum() == sum(now[state] for state in STATES)
    assert all(now[state] == by_need[state].sum() for state in STATES)
    assert now["in_place"] == ask("provision_criteria", filter, sample)["in_place"].sum()
    # A need that is live and in one of these states is a gap of that kind; gaps go by subject, needs do not.
    gaps = ask("gaps", filter, sample)
    for state in ("planned", "lapsed", "unmet"):
        assert filter.subjects or now[state] == number_of(gaps, kind=state)


@pytest.mark.parametrize("by", ["year_group", "class", "key_stage", "group"])
def test_coverage_adds_up_however_it_is_cut(sample: Store, filter: Filter, by: str) -> None:
    needs = ask("coverage", filter, sample)
    parts = ask("coverage_by", filter, sample, by=by)
    for row in parts.iter_rows(named=True):
        assert row["live_needs"] == sum(row[state] for state in STATES)
    for row in parts.filter("is_all").iter_rows(named=True):
        assert [row[state] for state in STATES] == [number_of(needs, state=state) for state in STATES]
    if by != "group":
        # Each need stands in one year, class and key stage; in as many groups as its pupil is in.
        assert parts.filter(~pl.col("is_all"))["live_needs"].sum() == needs.height
    by_need = ask("coverage_by_need", filter, sample)
    assert by_need["live_needs"].sum() == needs.height


@pytest.mark.parametrize(
    ("by", "rows"),
    [("year_group", "area"), ("group", "tier"), ("class", "need"), ("key_stage", "area"), ("pupil", "tier")],
)
def test_the_map(sample: Store, filter: Filter, by: str, rows: str) -> None:
    placements = ask("provision_list", filter, sample)
    cells = ask("provision_map", filter, sample, by=by, rows=rows)
    empty = cells.filter(pl.col("column_key").is_null())
    cells = cells.filter(pl.col("column_key").is_not_null())
    for cell in cells.iter_rows(named=True):
        found = behind(placements, cell, by, rows)
        assert found.select("school_id", "pupil_id").n_unique() == cell["pupils"]
    # Nobody who has something is missing, and nothing that somebody has is said to be empty.
    assert set(cells["provision_id"]) == set(placements["provision_id"])
    assert not set(empty["provision_id"]) & set(placements["provision_id"])


def test_who_qualifies(sample: Store, filter: Filter) -> None:
    found = ask("criteria_status", filter, sample)
    placements = ask("provision_list", filter, sample)
    for row in ask("provision_criteria", filter, sample).iter_rows(named=True):
        of = {"provision_id": row["provision_id"], "school_id": row["school_id"]}
        for kind in ("waits", "attends_without", "met_exit_stays", "cannot_judge"):
            assert row[kind] == number_of(found, kind=kind, **of), (row["provision"], kind)
        assert row["in_place"] == number_of(placements, **of)
    # And nothing is listed that no provision counts.
    counted = ask("provision_criteria", filter, sample).select("school_id", "provision_id")
    assert found.join(counted, on=["school_id", "provision_id"], how="anti").is_empty()


def test_where_we_are(sample: Store, filter: Filter) -> None:
    rows = ask("ledger", filter, sample)
    assert rows.select("school_id", "pupil_id", "subject").is_duplicated().sum() == 0
    for row in ask("ledger_summary", filter, sample).iter_rows(named=True):
        assert row["pupils_subjects"] == number_of(rows, state=row["state"])


def test_whom_it_is_aimed_at(sample: Store, filter: Filter) -> None:
    pupils = ask("aimed_at_pupils", filter, sample)
    for row in ask("aimed_at", filter, sample).iter_rows(named=True):
        of = pupils.filter(provision_id=row["provision_id"], school_id=row["school_id"])
        assert (row["aimed_at"], row["have_it"]) == (of.height, number_of(of, has_it=True))


def test_pupils_in_several_groups(sample: Store, filter: Filter) -> None:
    pupils = ask("pupil_list", filter, sample)
    for row in ask("group_pairs", filter, sample).iter_rows(named=True):
        both = pl.col("groups").list.contains(row["group_code"])
        both &= pl.col("groups").list.contains(row["other_group_code"])
        assert row["pupils"] == pupils.filter(both).height
