"""Makes a school and a trust, measures, and prints Markdown: `python -m tests.benchmarks --help`."""

import argparse
import os
import platform
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from provmap.sample import generate
from provmap.store import open_store
from tests.benchmarks.asking import measure_questions
from tests.benchmarks.formats import measure_formats
from tests.benchmarks.importing import bring_in, files_of_school, measure_import, measure_one_row
from tests.benchmarks.pages import measure_pages
from tests.benchmarks.saving import measure_saving
from tests.benchmarks.timing import print_table, seconds


def main() -> None:
    """Measure what was asked for, in a folder that is removed at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--pupils", type=int, default=80_000, help="pupils of the trust")
    parser.add_argument("--schools", type=int, default=110, help="schools of the trust")
    parser.add_argument("--school-pupils", type=int, default=2_000, help="pupils of the single school")
    parser.add_argument("--formats", action="store_true", help="measure only the large file of each format")
    parser.add_argument("--saving", action="store_true", help="measure only saving a note, in a browser")
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    arguments = parser.parse_args()
    with TemporaryDirectory(dir=arguments.folder) as folder:
        measure(Path(folder), arguments)


def measure(folder: Path, wanted: argparse.Namespace) -> None:
    """Make the data, then print one table after another."""
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    headings = ("what", "a form on an empty page", "provmap", "times")
    print_table("Saving a note and seeing it, in a browser", headings, measure_saving(folder / "saving"))
    if wanted.saving:
        return
    headings = ("file", "rows", "raw DuckDB", "raw Polars", "read and checked", "imported", "times DuckDB",
                "times Polars")  # fmt: skip
    print_table("A large file of each format, with the most memory taken", headings,
                measure_formats(folder / "formats"))  # fmt: skip
    if wanted.formats:
        return
    school, trust = folder / "school", folder / "trust"
    making = seconds(lambda: generate(school, pupils=wanted.school_pupils, seed=1))
    making += seconds(lambda: generate(trust, pupils=wanted.pupils, schools=wanted.schools, seed=1))
    print(f"Making the files took {making:.0f} s.")

    imports = [
        measure_import(f"a school of {wanted.school_pupils:,} pupils", school, folder / "school-data"),
        measure_import(f"a trust of {wanted.pupils:,} pupils", trust, folder / "trust-data"),
        measure_one_row("the school", school, folder / "school-data"),
        measure_one_row("the trust", trust, folder / "trust-data"),
    ]
    print_table("Import of clean CSV", ("what", "rows", "raw DuckDB", "provmap", "times raw"), imports)

    school_id = largest_school(trust)
    files_of_school(trust, school_id, folder / "one")
    bring_in(folder / "one", folder / "one-data")
    alone, whole = open_store(folder / "one-data"), open_store(folder / "trust-data")
    print_table(
        "Questions: the trust's largest school alone, inside the trust, and the whole trust",
        ("question", "rows", "plain select", "alone", "inside", "inside / alone", "rows of the trust",
         "plain select", "trust", "trust / plain"),
        measure_questions(alone, whole, school_id),
    )  # fmt: skip

    headings = ("page", "same from memory", "rerun", "rerun / memory", "more by", "changed filter", "queries",
                "more a query")  # fmt: skip
    for name, data in (("the sample school", "sample-data"), ("the school", "school-data")):
        os.environ["PROVMAP_DATA"] = str(folder / data)
        print_table(f"A page's script run, {name}", headings, measure_pages())


def largest_school(trust: Path) -> str:
    """The school of a trust with the most pupils."""
    pupils = pl.scan_csv(trust / "pupils.csv", infer_schema=False).group_by("school_id").len()
    return str(pupils.sort("len", "school_id", descending=True).collect()["school_id"][0])


if __name__ == "__main__":
    main()
