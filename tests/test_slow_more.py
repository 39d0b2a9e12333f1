"""Drift, breaks, groups over the years and the map against their slow versions, over tiny drawn schools."""

import random
from collections import Counter
from datetime import date, timedelta

from provmap.filters import Filter
from provmap.questions import ask
from tests import slow_more
from tests.drawn_schools import deciding_trust
from tests.slow_history import Import, fold
from tests.slow_words import Choice, Row, School, active
from tests.test_properties import BULK, REFERENCE, compared, near_a_boundary, opened, who_is_counted
from tests.tiny_schools import TODAY

DRIFT = (
    "school_id pupil_id surname year_group class needs_last_year needs_now provisions_last_year"
    " provisions_now runs_on without_reason needs_changed is_drift"
)
BREAKS = "line from_date to_date days"
HELD = "group_code academic_year key_stage pupils on_roll"
CELLS = "school_id provision_id tier area column_key pupils reaches"
REACHED = "school_id provision_id pupil_id has_own"
KEYS = {
    "placements": ("school_id", "pupil_id", "provision_id", "start_date"),
    "needs": ("school_id", "pupil_id", "need_code", "start_date"),
}
ARRANGED = [
    ("year_group", "area"), ("class", "need"), ("key_stage", "tier"), ("group", "need"), ("pupil", "area"),
    ("class", "delivery"),
]  # fmt: skip


def drawn(seed: int) -> list[Import]:
    """Ten schools whose provision lasts or breaks off around the limits of a year and of seventy days."""
    choose = random.Random(seed).choice
    imports = deciding_trust(choose, [f"{100001 + number}" for number in range(10)])
    for row in imports[0].rows.get("placements", []):
        # Long enough ago for some to run since last year.
        if choose((True, False)):
            row["start_date"] -= timedelta(days=choose((366, 400, 500)))
            ended = [row["start_date"] + timedelta(days=days) for days in (30, 200, 290, 291, 292)]
            row["end_date"] = choose((None, None, *ended))
    # And some begin again after sixty-nine days without, seventy or seventy-one.
    again = [
        row | {"start_date": row["end_date"] + timedelta(days=choose((70, 71, 72))), "end_date": None}
        for row in imports[0].rows.get("placements", []) if row["end_date"] and choose((True, False))
    ]  # fmt: skip
    imports[0].rows.get("placements", []).extend(again)
    for row in imports[0].rows.get("needs", []):
        # Live through all of that, but for the odd one.
        row["start_date"] = choose((row["start_date"], TODAY - timedelta(days=600)))
        row["end_date"] = choose((row["end_date"], None))
    for dataset, key in KEYS.items():
        kept = {tuple(row[name] for name in key): row for row in imports[0].rows.get(dataset, [])}
        imports[0].rows[dataset] = list(kept.values())
    return imports


def test_they_agree_with_their_slow_versions() -> None:
    seen: Counter[str] = Counter()
    for seed in range(700, 700 + BULK):
        compare(seed, seen)
    # The schools drawn are of use only where each of these turns up.
    turned_up = ("drift", "without_reason", "breaks", "held", "cells", "empty", "reaches")
    assert all(seen[name] for name in turned_up), seen


def reached_rows(school: School, reached: dict[tuple, set], day: date) -> list[Row]:
    """Each pupil reached, and whether something of it is in place for that pupil."""
    names = ("school_id", "provision_id", "pupil_id")
    have = {
        tuple(p[name] for name in names) for p in school.get("placements", []) if active(p, day)
    }  # fmt: skip
    return [
        dict(zip(names, who, strict=True)) | {"has_own": who in have}
        for where, pupils in reached.items() for who in ((*where[:2], pupil) for pupil in pupils)
    ]  # fmt: skip


def compare(seed: int, seen: Counter[str]) -> None:
    choose, imports = random.Random(seed).choice, drawn(seed)
    whole = fold(imports, REFERENCE)
    with opened(imports) as store:
        for chosen in ({}, {}, who_is_counted(choose), who_is_counted(choose)):
            on = near_a_boundary(choose)
            filter, choice = Filter(as_at=on, **chosen), Choice(**chosen)
            drifts = ask("drift", filter, store).to_dicts()
            assert compared(drifts, DRIFT) == compared(slow_more.drift(whole, on, choice), DRIFT), (
                on,
                chosen,
            )
            held = ask("groups_held", filter, store).to_dicts()
            assert compared(held, HELD) == compared(slow_more.groups_held(whole, on, choice), HELD), (
                on,
                chosen,
            )
            for by, rows in ARRANGED:
                cells = ask("provision_map", filter, store, by=by, rows=rows).to_dicts()
                slow = slow_more.provision_map(whole, on, choice, by, rows)
                assert compared(cells, CELLS) == compared(slow, CELLS), (on, chosen, by, rows)
                seen["cells"] += len(cells)
                seen["reaches"] += sum(cell["reaches"] > 1 for cell in cells)
                seen["empty"] += sum(cell["column_key"] is None for cell in cells)
            found = ask("universal_reach", filter, store).to_dicts()
            slow = reached_rows(whole, slow_more.universal_reach(whole, on, choice), on)
            assert compared(found, REACHED) == compared(slow, REACHED), (on, chosen)
            seen["drift"] += len(drifts)
            seen["without_reason"] += sum(row["is_drift"] for row in drifts)
            seen["held"] += len(held)
        for pupil in whole["pupils"]:
            of = {name: pupil[name] for name in ("school_id", "pupil_id")}
            breaks = ask("pupil_breaks", Filter(as_at=TODAY), store, **of).to_dicts()
            slow = slow_more.pupil_breaks(whole, pupil, TODAY)
            assert compared(breaks, BREAKS) == compared(slow, BREAKS), of
            seen["breaks"] += len(breaks)
