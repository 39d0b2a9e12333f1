"""Every number is the length of the list that it opens: over each filter alone, and each two together."""

from dataclasses import replace
from itertools import combinations
from typing import Any
from urllib.parse import parse_qs

import polars as pl
import pytest

from provmap.filters import Filter
from provmap.questions import ask, headlines, make_filter
from provmap.store import Store
from provmap.ui.grids import behind
from provmap.ui.ledger import behind_part
from provmap.ui.responses import WAYS
from provmap.ui.responses import behind as needs_behind
from provmap.words import LEDGER
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


def of_pupils(rows: pl.DataFrame, *columns: str) -> dict[Any, list[tuple]]:
    """Each pupil's rows, cut down to these columns."""
    found: dict[Any, list[tuple]] = {}
    for school, pupil, *values in rows.select("school_id", "pupil_id", *columns).iter_rows():
        found.setdefault((school, pupil), []).append(tuple(values))
    return found


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
    [
        ("year_group", "area"),
        ("group", "tier"),
        ("class", "need"),
        ("key_stage", "delivery"),
        ("pupil", "tier"),
    ],
)
def test_the_map(sample: Store, filter: Filter, by: str, rows: str) -> None:
    placements = ask("provision_list", filter, sample)
    cells = ask("provision_map", filter, sample, by=by, rows=rows)
    empty = cells.filter(pl.col("column_key").is_null())
    # What nobody has, and yet reaches everybody of some years, is no list of what is recorded.
    cells = cells.filter(pl.col("pupils") > 0)
    for cell in cells.iter_rows(named=True):
        found = behind(placements, cell, by, rows)
        assert found.select("school_id", "pupil_id").n_unique() == cell["pupils"]
    # Nobody who has something is missing, and nothing that somebody has is said to be empty.
    assert set(cells["provision_id"]) == set(placements["provision_id"])
    assert not set(empty["provision_id"]) & set(placements["provision_id"])


def test_whom_the_map_says_a_universal_provision_reaches(sample: Store, filter: Filter) -> None:
    reached = ask("universal_reach", filter, sample)
    cells = ask("provision_map", filter, sample, by="year_group", rows="delivery")
    cells = cells.filter(pl.col("reaches") > 0)
    for cell in cells.iter_rows(named=True):
        assert behind(reached, cell, "year_group", "delivery").height == cell["reaches"]
    # Each provision is given in one way and each pupil is in one year: nobody stands in two cells or in none.
    assert cells["reaches"].sum() == reached.height
    have = ask("provision_list", filter, sample).select("school_id", "pupil_id", "provision_id")
    own = reached.join(have, on=have.columns, how="semi")
    assert own.height == number_of(reached, has_own=True)


def test_needs_and_responses(sample: Store, filter: Filter) -> None:
    ways = (*WAYS, "unsaid")
    needs = ask("need_responses", filter, sample).with_columns(pl.col(ways).list.len() > 0)
    matrix = ask("response_matrix", filter, sample)
    for row in matrix.iter_rows(named=True):
        of = needs_behind(needs, row)
        assert (row["live_needs"], row["pupils"]) == (
            of.height,
            of.select("school_id", "pupil_id").n_unique(),
        )
        assert tuple(row[way] for way in ways) == of.select(pl.col(ways).sum()).row(0)
        met = of["met"].to_list()
        assert (row["without"], row["whole_class_only"]) == (met.count("nothing"), met.count("whole_class"))
    for kind in ("area", "need"):
        assert matrix.filter(row_kind=kind)["live_needs"].sum() == needs.height


def test_hours_of_plans_are_those_of_what_is_in_place(sample: Store, filter: Filter) -> None:
    needs = ask("coverage", filter, sample).select("school_id", "pupil_id", "need_code")
    rows = ask("plan_hours", filter, sample)
    assert rows.join(needs, on=needs.columns, how="semi").height == rows.height
    # The tier chooses among provisions that are listed, and says nothing about hours.
    placements = ask("provision_list", replace(filter, tiers=()), sample)
    for row in rows.iter_rows(named=True):
        of = placements.filter(pupil_id=row["pupil_id"], school_id=row["school_id"])
        of = of.filter(pl.col("provision").is_in(row["provisions"]))
        assert of["provision"].n_unique() == len(row["provisions"])
        assert of["weekly_minutes"].sum() == row["timetabled"]


def test_time_out_of_class_adds_up(sample: Store, filter: Filter) -> None:
    whole = ask("time_out_of_class", replace(filter, subjects=()), sample)
    shown = ask("time_out_of_class", filter, sample)
    chosen = whole.filter(subject_missed="reading") if filter.subjects else whole
    assert shown.sort(shown.columns[:6]).equals(chosen.sort(shown.columns[:6]))
    placements = ask("provision_list", replace(filter, tiers=()), sample)
    have = of_pupils(placements, "provision", "weekly_minutes")
    for who, rows in of_pupils(whole, "pupil_weekly_minutes", "weekly_minutes", "provisions").items():
        # Minutes that nobody recorded add nothing.
        assert {row[0] or 0 for row in rows} == {sum(row[1] or 0 for row in rows)}
        assert {name for row in rows for name in row[2]} <= {row[0] for row in have[who]}
        assert (rows[0][0] or 0) <= sum(row[1] or 0 for row in have[who])


def test_this_year_and_last(sample: Store, filter: Filter) -> None:
    needs = ask("coverage", filter, sample)
    placements = ask("provision_list", replace(filter, tiers=()), sample).filter(
        pl.col("tier") != "universal"
    )
    rows = ask("drift", filter, sample)
    having = needs.select("school_id", "pupil_id").vstack(placements.select("school_id", "pupil_id"))
    assert having.join(rows, on=having.columns, how="anti").is_empty()
    having_now, live = of_pupils(placements, "provision"), of_pupils(needs, "need_code")
    for row in rows.iter_rows(named=True):
        who = row["school_id"], row["pupil_id"]
        assert set(row["provisions_now"]) == {name for (name,) in having_now.get(who, [])}
        found = {code for (code,) in live.get(who, [])}
        # With a need chosen, the list of needs is of that need alone.
        assert found == set(row["needs_now"]) & set(filter.needs or row["needs_now"])
        assert row["is_drift"] == (row["needs_changed"] and bool(row["without_reason"]))


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


@pytest.mark.parametrize("by", ["subject", "year_group", "class", "groups"])
def test_where_we_are_by_its_parts(sample: Store, filter: Filter, by: str) -> None:
    rows = ask("ledger", filter, sample)
    parts = ask("ledger_by", filter, sample, by="group" if by == "groups" else by)
    for row in parts.iter_rows(named=True):
        of = behind_part(rows, by, row)
        assert row["pupils_subjects"] == of.height == sum(row[state] for state in LEDGER)
        assert all(row[state] == number_of(of, state=state) for state in LEDGER)
        assert row["pupils"] == of.select("school_id", "pupil_id").n_unique()
    if by != "groups":
        assert parts.filter(~pl.col("is_all"))["pupils_subjects"].sum() == rows.height


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
