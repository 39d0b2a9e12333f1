"""One file of each large format, beside the least that its reading costs: time and the most memory taken.

Each is measured in a process of its own, so that the memory is its own too, and the fastest of three counts.
Neither DuckDB nor Polars reads a workbook or a transfer file with what provmap installs, so they are given
the cells that a plain walk through the XML finds. What exact lists of problems cost is the difference that
faulty rows make.
"""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import duckdb
import polars as pl
import xlsxwriter

from provmap.imports import commit, preview
from provmap.imports.upns import LETTERS
from tests.benchmarks.timing import Row

DAY = date(2026, 3, 3)
RESULTS, PUPILS_OF_WORKBOOK, PUPILS_OF_TRANSFER = 1_000_000, 50_000, 2_000
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FAULTY, TIMES = 100, 3


def measure_formats(folder: Path) -> list[Row]:
    """A row a file: raw DuckDB, raw Polars, provmap to the preview and to the end, and that times raw."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [
        ("CSV of results, and of their 50,000 pupils", RESULTS, write_results(folder / "clean")),
        ("the same with 1 result in 100 faulty", RESULTS, write_results(folder / "faulty", FAULTY)),
        ("XLSX of pupils, 12 columns", PUPILS_OF_WORKBOOK, write_workbook(folder / "pupils.xlsx")),
        ("Common Transfer File, pupils", PUPILS_OF_TRANSFER, write_transfer(folder / "transfer.xml")),
    ]  # fmt: skip
    return [_row(name, rows, file) for name, rows, file in files]


def _row(name: str, rows: int, file: Path) -> Row:
    found = {work: min(_apart(work, file) for _ in range(TIMES)) for work in WORK}
    shown = [f"{took:.2f} s, {memory:,.0f} MB" for took, memory in found.values()]
    own = found["imported"][0]
    times = [f"{own / found[raw][0]:.1f}" for raw in ("DuckDB", "Polars")]
    return (name, f"{rows:,}", *shown, *times)


def _apart(work: str, file: Path) -> tuple[float, float]:
    """The seconds and the most megabytes that a piece of work takes in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, work, str(file)],
        check=True, capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    took, memory = json.loads(done.stdout)
    return took, memory


def _checked(file: Path, place: Path) -> None:
    preview(place / "data", [file], DAY)


def _imported(file: Path, place: Path) -> None:
    commit(preview(place / "data", [file], DAY), "benchmark", accept_alarms=True)


def _duckdb(file: Path, place: Path) -> None:
    with duckdb.connect(str(place / "raw.duckdb")) as connection:
        for part in file.glob("*.csv"):
            connection.read_csv(str(part), header=True).create(part.stem)
        if not file.is_dir():
            connection.from_arrow(_walked(file).to_arrow()).create("raw")


def _polars(file: Path, place: Path) -> None:
    for part in file.glob("*.csv"):
        pl.read_csv(part, infer_schema=False).write_parquet(place / f"{part.stem}.parquet")
    if not file.is_dir():
        _walked(file).write_parquet(place / "raw.parquet")


WORK: dict[str, Callable[[Path, Path], None]] = {
    "DuckDB": _duckdb,
    "Polars": _polars,
    "checked": _checked,
    "imported": _imported,
}


def _walked(file: Path) -> pl.DataFrame:
    """The cells of a workbook's first sheet, or of each pupil of a transfer file, unchecked."""
    rows = list(_sheet_rows(file) if file.suffix == ".xlsx" else _pupil_rows(file))
    return pl.DataFrame(rows, orient="row", infer_schema_length=None)


def _sheet_rows(file: Path) -> Iterator[list[str]]:
    with zipfile.ZipFile(file) as book:
        with book.open("xl/sharedStrings.xml") as stream:
            texts = [element.findtext(f"{MAIN}t") or "" for _, element in ElementTree.iterparse(stream)
                     if element.tag == f"{MAIN}si"]  # fmt: skip
        with book.open("xl/worksheets/sheet1.xml") as stream:
            for _, element in ElementTree.iterparse(stream):
                if element.tag == f"{MAIN}row":
                    cells = [(cell.get("t"), cell.findtext(f"{MAIN}v") or "") for cell in element]
                    yield [texts[int(value)] if kind == "s" else value for kind, value in cells]
                    element.clear()


def _pupil_rows(file: Path) -> Iterator[list[str]]:
    for _, element in ElementTree.iterparse(file):
        if element.tag == "Pupil":
            yield [";".join(part.text or "" for part in element.iter())]
            element.clear()


def write_results(folder: Path, every: int = 0) -> Path:
    """Results of 50,000 pupils, 20 each; of every so many rows one has a day that there is not."""
    folder.mkdir(parents=True, exist_ok=True)
    number = pl.int_range(RESULTS, dtype=pl.Int64, eager=True).alias("number").to_frame()
    day = pl.lit(date(2021, 9, 6)) + pl.duration(days=pl.col("number") % 20 * 70)
    wrong = pl.col("number") % every == 1 if every else pl.lit(False)
    subject = pl.when(pl.col("number") % 2 == 0).then(pl.lit("reading")).otherwise(pl.lit("mathematics"))
    number.select(
        pl.concat_str(pl.lit("p"), pl.col("number") // 20).alias("pupil_id"),
        subject.alias("subject"),
        pl.lit("standardised").alias("scale"),
        (70 + pl.col("number") * 7 % 61).alias("value"),
        pl.when(wrong)
        .then(pl.lit("31/02/2026"))
        .otherwise(day.dt.to_string("%d/%m/%Y"))
        .alias("assessed_on"),
        pl.lit("test").alias("source"),
    ).write_csv(folder / "assessments.csv")
    pupils = number.head(RESULTS // 20).select(
        pl.concat_str(pl.lit("p"), pl.col("number")).alias("pupil_id"), pl.lit("Ash").alias("surname"),
        pl.lit("Robin").alias("forename"), pl.lit("5").alias("year_group"),
    )  # fmt: skip
    pupils.write_csv(folder / "pupils.csv")
    return folder


def write_workbook(file: Path) -> Path:
    """Pupils in twelve columns of the contract, dates as dates."""
    headings = ("pupil_id", "surname", "forename", "upn", "date_of_birth", "sex", "year_group", "class",
                "entry_date", "sen_status", "pupil_premium", "key_adult")  # fmt: skip
    with xlsxwriter.Workbook(file, {"constant_memory": False}) as book:
        sheet, as_date = book.add_worksheet("pupils"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, headings)
        for number in range(PUPILS_OF_WORKBOOK):
            born = date(2015, 1, 1) + timedelta(days=number % 300)
            names = (f"Surname{number % 999}", f"Forename{number % 99}")
            sheet.write_row(number + 1, 0, [f"p{number}", *names, _upn(number)])
            sheet.write_datetime(number + 1, 4, born, as_date)
            sheet.write_row(number + 1, 5, ["F", 5, "Oak"])
            sheet.write_datetime(number + 1, 8, date(2021, 9, 6), as_date)
            sheet.write_row(number + 1, 9, ["NKE"[number % 3], "Y", "Ms Bell"])
    return file


def write_transfer(file: Path) -> Path:
    """Pupils with needs, SEN history, attendance and six results each."""
    results = "".join(
        f"<StageAssessment><Locale>ENG</Locale><Year>{year}</Year><Subject>MAT</Subject><Method>TT</Method>"
        "<Component>MAT</Component><ResultStatus>R</ResultStatus><ResultQualifier>NS</ResultQualifier>"
        "<Result>104</Result></StageAssessment>\n"
        for year in range(2019, 2025)
    )
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write(
            "<CTfile>\n<Header><DateTime>2026-03-03T09:30:00</DateTime><SourceSchool><LEA>801</LEA>"
            "<Estab>2001</Estab><URN>100001</URN></SourceSchool></Header>\n<CTFpupilData>\n"
        )
        for number in range(PUPILS_OF_TRANSFER):
            out.write(
                f"<Pupil><UPN>{_upn(number)}</UPN><Surname>Ash{number}</Surname><Forename>Robin</Forename>"
                "<DOB>2015-04-25</DOB><Sex>F</Sex>\n<BasicDetails><NCyearActual>6</NCyearActual></BasicDetails>\n"
                "<SENhistory><SEN><StartDate>2022-10-03</StartDate><SENprovision>K</SENprovision></SEN></SENhistory>"
                "<SENneeds><SENneed><SENtypeRank>1</SENtypeRank><SENtype>SLCN</SENtype></SENneed></SENneeds>\n"
                "<Attendance><YearData><Year>2024</Year><LEA>801</LEA><Estab>2001</Estab><SessionsPossible>380"
                "</SessionsPossible><SessionsAttended>366</SessionsAttended></YearData></Attendance>\n"
                f"<StageAssessments><KeyStage><Stage>KS2</Stage>{results}</KeyStage></StageAssessments></Pupil>\n"
            )
        out.write("</CTFpupilData>\n</CTfile>\n")
    return file


def _upn(number: int) -> str:
    digits = f"8012001{number:05}"
    return LETTERS[sum(int(digit) * weight for weight, digit in enumerate(digits, 2)) % 23] + digits


def _work(name: str, file: Path) -> None:
    """One piece of work in this process; prints its seconds and the most megabytes that were taken."""
    with TemporaryDirectory() as place:
        start = time.perf_counter()
        WORK[name](file, Path(place))
        took = time.perf_counter() - start
    print(json.dumps([took, _most_memory()]))


def _most_memory() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage says on Linux begins with the memory of the process that started this one.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource  # noqa: PLC0415  # Not on Windows, where the rest of this package still runs.

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    _work(sys.argv[1], Path(sys.argv[2]))
