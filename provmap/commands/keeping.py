"""`status`, `undo`, `build` and `sample`: what is held, going back, building again, and invented schools."""

import argparse
import json
from pathlib import Path
from typing import Any

from provmap.commands.folder import folder_of
from provmap.commands.screen import changing, progress, table, tell
from provmap.errors import UsageError
from provmap.questions import headlines, make_filter
from provmap.sample import generate
from provmap.store import (
    Manifest,
    Store,
    build,
    datasets,
    go_back,
    list_imports,
    open_store,
    taken_back,
)
from provmap.store.rehearsing import rehearse_going_back

SOURCES_SHOWN = 4


def show_status(arguments: argparse.Namespace) -> int:
    """`status`: what the store holds, as words or as JSON."""
    folder = folder_of(arguments)
    store = open_store(folder)
    imports = list_imports(folder)
    if arguments.format == "json":
        print(json.dumps(_status(store, folder, imports), indent=1, ensure_ascii=False, default=str))
        return 0
    current = [manifest for manifest in imports if not manifest.withdrawn_at]
    print(f"Data folder    {folder}")
    print(f"Store version  {store.version}{' (the sample school)' if store.is_sample else ''}")
    print(f"Imports        {len(current)} held, {len(imports) - len(current)} withdrawn")
    for manifest in current:
        print(f"  {manifest.number:>4}  {manifest.dated.isoformat()}  {_sources(manifest)}")
    print()
    rows = [(name, held, oldest or "", newest or "") for name, held, oldest, newest in store.contents()]
    print(table(("dataset", "rows", "oldest", "newest"), rows))
    return 0


def undo_import(arguments: argparse.Namespace) -> int:
    """`undo`: withdraw the newest import, or all from `--before` on; with `--dry-run` say what would go."""
    folder = folder_of(arguments)
    held = [manifest for manifest in list_imports(folder) if not manifest.withdrawn_at]
    newest = held[-1].number if held else 0
    goes = taken_back(folder, arguments.before or newest)
    if arguments.dry_run:
        rows = [
            (one.number, one.dated.isoformat(), one.made_by, *_totals(one), _sources(one)) for one in goes
        ]
        print(table(("import", "dated", "by", "new rows", "changed rows", "files"), rows))
        if goes[0] != held[0]:
            _print_effect(folder, goes[0].number)
        tell("this was a dry run: nothing has changed")
        return 0
    with changing(folder), progress() as show:
        withdrawn = go_back(folder, goes[0].number, show)
    for one in withdrawn:
        print(f"Withdrew import {one.number} of {one.dated.isoformat()}: {_sources(one)}")
    return 0


def _totals(manifest: Manifest) -> tuple[int, int]:
    counts = manifest.counts.values()
    return sum(rows.get("new", 0) for rows in counts), sum(rows.get("changed", 0) for rows in counts)


def _print_effect(folder: Path, before: int) -> None:
    """The headline numbers of the whole school today, and as they would be."""
    with progress() as show, rehearse_going_back(folder, before, show) as store:
        then = headlines(make_filter(store), store)
    now = open_store(folder)
    numbers = headlines(make_filter(now), now)
    print()
    print(table(("number", "now", "after"), [(name, numbers[name], then[name]) for name in numbers]))


def build_store(arguments: argparse.Namespace) -> int:
    """`build`: make the store again from the kept files."""
    folder = folder_of(arguments)
    with changing(folder), progress() as show:
        version = build(folder, progress=show)
    print(f"Built store {version}")
    return 0


def write_sample(arguments: argparse.Namespace) -> int:
    """`sample`: write the files of an invented school or trust, and never over files that are there."""
    out: Path = arguments.out
    there = [name for name in datasets() for file in out.glob(f"{name}.*") if file.is_file()]
    if there and not arguments.overwrite:
        held = f"{there[0]} and {len(there) - 1} other datasets" if len(there) > 1 else there[0]
        raise UsageError(f"{out} already holds {held}.", "Name another folder, or say --overwrite.")
    with progress() as show:
        counts = generate(
            out, pupils=arguments.pupils, schools=arguments.schools, years=arguments.years,
            seed=arguments.seed, format=arguments.format, progress=show,
        )  # fmt: skip
    print(table(("dataset", "rows"), list(counts.items())))
    return 0


def _status(store: Store, folder: Path, imports: list[Manifest]) -> dict[str, Any]:
    return {
        "data_folder": str(folder),
        "store_version": store.version,
        "is_sample": store.is_sample,
        "today": store.today.isoformat(),
        "imports": [
            {
                "number": manifest.number,
                "dated": manifest.dated.isoformat(),
                "made_at": manifest.made_at.isoformat(),
                "made_by": manifest.made_by,
                "sources": [source["name"] for source in manifest.sources],
                "withdrawn_at": manifest.withdrawn_at,
                "counts": manifest.counts,
            }
            for manifest in imports
        ],
        "datasets": {
            name: {"rows": rows, "oldest": oldest, "newest": newest}
            for name, rows, oldest, newest in store.contents()
        },
    }


def _sources(manifest: Manifest) -> str:
    names = [source["name"] for source in manifest.sources]
    more = [f"and {len(names) - SOURCES_SHOWN} more"] if len(names) > SOURCES_SHOWN else []
    return ", ".join([*names[:SOURCES_SHOWN], *more])
