"""The sample schools: right by the contract, the same for the same seed, with a cast to lean on."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from provmap.errors import UsageError
from provmap.questions import ask, make_filter
from provmap.sample import SAMPLE_TODAY, cast, generate
from provmap.sample.names import upn_is_valid
from provmap.store import datasets, keep_import, open_store

SAMPLE_DATA = Path(__file__).parents[1] / "sample_data"
HAPPENED = {
    "assessments": "assessed_on",
    "attendance": "end_date",
    "sessions": "held_on",
    "reviews": "reviewed_on",
    "voices": "heard_on",
    "behaviour": "happened_on",
    "pupils": "entry_date",
    "needs": "start_date",
}
CAST_IDS = [member.pupil_id for member in cast.CAST]
LOCAL_AUTHORITIES = {"373", "330", "383", "352", "310", "808", "878", "926", "840", "306"}


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """A primary school of 600 pupils, large enough for shares to mean something."""
    out = tmp_path_factory.mktemp("school")
    generate(out, pupils=600, seed=7, format="parquet")
    return {name: pl.read_parquet(out / f"{name}.parquet") for name in datasets()}


def on_roll(school: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return school["pupils"].filter(pl.col("leaving_date").is_null())


def test_the_committed_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    counts = generate(tmp_path)
    assert {file.name for file in SAMPLE_DATA.glob("*.csv")} == {f"{name}.csv" for name in counts}
    for name in counts:
        committed = (SAMPLE_DATA / f"{name}.csv").read_bytes().replace(b"\r\n", b"\n")
        assert (tmp_path / f"{name}.csv").read_bytes() == committed, name
    assert sum(file.stat().st_size for file in SAMPLE_DATA.glob("*.csv")) < 3_000_000


def test_another_seed_is_another_school(tmp_path: Path) -> None:
    generate(tmp_path / "a", pupils=60, years=1, seed=2)
    generate(tmp_path / "b", pupils=60, years=1, seed=3)
    assert (tmp_path / "a/pupils.csv").read_bytes() != (tmp_path / "b/pupils.csv").read_bytes()


@pytest.mark.parametrize(("pupils", "schools"), [(1, 1), (40, 3), (1400, 2)])
def test_every_size_has_every_dataset_and_heading(tmp_path: Path, pupils: int, schools: int) -> None:
    counts = generate(tmp_path, pupils=pupils, schools=schools, years=2)
    for name, dataset in datasets().items():
        heading = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").split("\n")[0]
        assert tuple(heading.split(",")) == dataset.column_names
    assert counts["schools"] == schools
    roll = pl.read_csv(tmp_path / "pupils.csv", infer_schema=False)
    assert len(roll.filter(pl.col("leaving_date").is_null())) == pupils


def test_impossible_sizes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        generate(tmp_path, pupils=2, schools=3)


def test_the_contract_is_kept(school: dict[str, pl.DataFrame]) -> None:
    for name, dataset in datasets().items():
        rows = school[name]
        assert len(rows) > 0, name
        keys = [key for key in dataset.keys if name != "placements" or "start_date" in key]
        for key in keys:
            assert not rows.select(key).is_duplicated().any(), (name, key)
        for column in dataset.columns:
            values = rows[column.name].drop_nulls()
            assert not column.required or len(values) == len(rows), (name, column.name)
            if column.allowed:
                assert set(values.unique()) <= set(column.allowed), (name, column.name)
        if not dataset.is_global:
            assert rows["school_id"].null_count() == 0


def test_rows_point_at_rows_that_exist(school: dict[str, pl.DataFrame]) -> None:
    pupils, provisions = set(school["pupils"]["pupil_id"]), set(school["provisions"]["provision_id"])
    for name, rows in school.items():
        if "pupil_id" in rows.columns:
            assert set(rows["pupil_id"].drop_nulls()) <= pupils, name
        if "provision_id" in rows.columns:
            assert set(rows["provision_id"].drop_nulls()) <= provisions, name
    assert set(school["placements"]["staff_ids"].explode().drop_nulls()) <= set(school["staff"]["staff_id"])


def test_spans_are_in_order_and_nothing_has_happened_after_today(school: dict[str, pl.DataFrame]) -> None:
    for name, rows in school.items():
        for start, end in (
            ("start_date", "end_date"),
            ("entry_date", "leaving_date"),
            ("entry_date", "exit_date"),
            ("gained_on", "expires_on"),
            ("reviewed_on", "next_review_on"),
        ):
            if start in rows.columns and end in rows.columns:
                assert (rows[start] <= rows[end]).drop_nulls().all(), (name, start, end)
    for name, column in HAPPENED.items():
        assert school[name][column].max() <= SAMPLE_TODAY, name
    placements = school["placements"]
    assert placements["end_date"].max() <= SAMPLE_TODAY < placements["start_date"].max()


def test_upns_have_a_right_check_letter_and_are_each_used_once(school: dict[str, pl.DataFrame]) -> None:
    upns = school["pupils"]["upn"].drop_nulls()
    assert all(upn_is_valid(upn) for upn in upns)
    assert upns.n_unique() == len(upns)
    assert set(upns.str.slice(1, 3)) <= LOCAL_AUTHORITIES
    assert len(upns) < len(school["pupils"])
    assert upn_is_valid("B801200005001")
    assert not upn_is_valid("Z801200001001")


def test_shares_are_like_the_national_ones(school: dict[str, pl.DataFrame]) -> None:
    roll = on_roll(school)
    assert 0.11 < (roll["sen_status"] == "K").mean() < 0.17
    assert 0.03 < (roll["sen_status"] == "E").mean() < 0.075
    assert 0.20 < roll["fsm"].mean() < 0.30
    assert 0.16 < roll["eal"].mean() < 0.28
    assert set(roll["eal_stage"].drop_nulls()) == set("ABCDE")
    boys = roll.filter(pl.col("sex") == "M")["sen_status"]
    assert (boys != "N").mean() > 1.3 * (roll.filter(pl.col("sex") == "F")["sen_status"] != "N").mean()
    attendance = school["attendance"]
    assert 0.045 < 1 - attendance["attended"].sum() / attendance["possible"].sum() < 0.07
    live = school["needs"].filter(pl.col("end_date").is_null())
    commonest = live.filter(pl.col("source") == "SENCO")["need_code"].value_counts(sort=True)["need_code"][:3]
    assert "SLCN" in commonest.to_list()


def test_attainment_differs_by_group_as_it_does(school: dict[str, pl.DataFrame]) -> None:
    judged = school["assessments"].filter((pl.col("scale") == "teacher judgement") & (pl.col("value") != "A"))
    judged = judged.filter(pl.col("assessed_on") == date(2026, 2, 27)).join(on_roll(school), on="pupil_id")
    judged = judged.with_columns(met=pl.col("value").is_in(["EXS", "GDS"]))

    def share(condition: pl.Expr) -> float:
        return judged.filter(condition)["met"].mean()  # type: ignore[return-value]

    assert 0.68 < share(pl.lit(True)) < 0.84
    assert share(~pl.col("pupil_premium")) - share(pl.col("pupil_premium")) > 0.08
    assert (
        share(pl.col("sen_status") == "N")
        > share(pl.col("sen_status") == "K")
        > share(pl.col("sen_status") == "E")
    )
    autumn, summer = (pl.col("date_of_birth").dt.month().is_in(m) for m in ([9, 10, 11, 12], [5, 6, 7, 8]))
    young = pl.col("year_group").is_in(["R", "1", "2"])
    assert share(autumn & young) > share(summer & young)


def test_what_real_schools_leave_out_is_left_out(school: dict[str, pl.DataFrame]) -> None:
    for name, column in (
        ("placements", "expected_end_date"),
        ("placements", "exit_value"),
        ("placements", "staff_ids"),
        ("placements", "need_codes"),
        ("provisions", "minutes_per_session"),
        ("provisions", "lead"),
        ("needs", "start_date"),
        ("pupils", "ethnicity"),
        ("provisions", "need_codes"),
    ):
        assert 0 < school[name][column].null_count() < len(school[name]), (name, column)
    assert "A" in set(school["assessments"]["value"])
    assert (school["training"]["expires_on"] < SAMPLE_TODAY).any()


class TestReadme:
    """What its sentences say in numbers, read from them and held to the committed files."""

    words = (SAMPLE_DATA / "README.md").read_text(encoding="utf-8")

    def committed(self, name: str) -> pl.DataFrame:
        return pl.read_csv(SAMPLE_DATA / f"{name}.csv", infer_schema=False)

    def numbers(self, sentence: str) -> list[int]:
        found = re.search(sentence, self.words)
        assert found, sentence
        return [int(number) for number in found.groups()]

    def test_sizes(self) -> None:
        pupils = self.committed("pupils")
        assert [on_roll({"pupils": pupils}).height] == self.numbers(r"has (\d+) pupils on roll")
        temporary = pupils.filter(pl.col("upn").str.contains("[A-Z]$"))
        assert [temporary.height] == self.numbers(r"(\d+) pupils have a temporary one")
        assert pupils["upn"].null_count() == 0

    def test_who_the_cast_are(self) -> None:
        told = re.findall(r"^\| (P\d{4}) \| (.+?), (?:Year (\d)|(Reception)), (\w+) \|", self.words, re.M)
        pupils = self.committed("pupils").filter(pl.col("pupil_id").is_in(CAST_IDS)).to_dicts()
        assert told == [
            (
                one["pupil_id"],
                f"{one['forename']} {one['surname']}",
                one["year_group"].strip("R"),
                "Reception" if one["year_group"] == "R" else "",
                one["class"],
            )
            for one in pupils
        ]

    def test_standardised_scores_of_the_cast(self) -> None:
        sentence = next(part for part in self.words.split("\n") if "Standardised scores" in part)
        named = re.findall(r"(\d+) and (\d+) for (P\d{4})", sentence)
        others = re.findall(r"(\d+) and (\d+) for all others", sentence)[0]
        told = dict.fromkeys(CAST_IDS, others) | {pupil: (one, two) for one, two, pupil in named}
        for pupil in re.findall(r"none for (P\d{4}) and (P\d{4})", sentence)[0]:
            del told[pupil]
        scores = self.committed("assessments").filter(
            (pl.col("scale") == "standardised") & pl.col("pupil_id").is_in(CAST_IDS)
        )
        assert rows_of(scores, "pupil_id", "subject", "value") == {
            (pupil, subject, score)
            for pupil, both in told.items()
            for subject, score in zip(("reading", "mathematics"), both, strict=True)
        }

    def test_absence_of_the_cast(self) -> None:
        spans = self.committed("attendance").filter(pl.col("pupil_id").is_in(CAST_IDS))
        spans = spans.with_columns(pl.col("possible", "attended").cast(int))
        missed = 100 * (1 - pl.col("attended").sum() / pl.col("possible").sum())
        total = dict(spans.group_by("pupil_id").agg(missed).iter_rows())
        often = total.pop(cast.PERSISTENTLY_ABSENT)
        [told, low, high] = self.numbers(r"(\d+)% of possible sessions .+ between (\d+)% and (\d+)% in each")
        assert round(often) == told
        spans = spans.filter(pl.col("pupil_id") == cast.PERSISTENTLY_ABSENT)
        each = spans.group_by("start_date").agg(missed.alias("missed"))["missed"]
        assert each.is_between(low, high).all()
        assert "misses two or three sessions in a hundred" in self.words
        assert {round(share) for share in total.values()} == {2, 3}


# Below: the cast, asked for in the smallest school that has it and in the committed one, with other seeds.


@pytest.fixture(scope="module", params=[(30, 1, 11), (210, 3, 1), (210, 3, 5), (720, 1, 2)], ids=str)
def answers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, pl.DataFrame]:
    """The core questions as at the sample's today, about the cast alone."""
    pupils, years, seed = request.param
    out, data = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("data")
    generate(out, pupils=pupils, years=years, seed=seed, format="parquet")
    rows = {name: pl.read_parquet(out / f"{name}.parquet") for name in datasets()}
    keep_import(data, rows=rows, sources=[], dated=SAMPLE_TODAY, made_by="test")
    store = open_store(data)
    wanted = make_filter(store, as_at=SAMPLE_TODAY)
    ids = [member.pupil_id for member in cast.CAST]
    questions = ("coverage", "gaps", "duplications", "no_data", "provision_list", "pupil_progress")
    frames = {name: ask(name, wanted, store).filter(pl.col("pupil_id").is_in(ids)) for name in questions}
    return frames | {"attendance": rows["attendance"], "pupils": rows["pupils"]}


def rows_of(frame: pl.DataFrame, *columns: str) -> set[tuple[object, ...]]:
    return set(frame.select(columns).rows())


def test_the_states_of_the_casts_needs(answers: dict[str, pl.DataFrame]) -> None:
    assert rows_of(answers["coverage"], "pupil_id", "need_code", "state") == {
        (cast.SAME_NEED, "reading", "covered"),
        (cast.SAME_PROVISION, "mathematics", "covered"),
        (cast.UNMET, "SLCN", "unmet"),
        (cast.LAPSED, "SEMH", "lapsed"),
        (cast.PLANNED, "writing", "planned"),
        (cast.REPEATED_WITHOUT_GAIN, "reading", "covered"),
        (cast.MORE_ABLE_AND_EAL, "MORE_ABLE", "covered"),
        (cast.JOINED_MID_YEAR, "EAL", "covered"),
        (cast.BELOW_PLAN, "ASD", "covered"),
        (cast.IN_CLASS, "SPLD", "in_class"),
    }


def test_the_gaps_of_the_cast(answers: dict[str, pl.DataFrame]) -> None:
    assert rows_of(answers["gaps"], "pupil_id", "kind", "need_code", "subject") == {
        (cast.UNMET, "unmet", "SLCN", None),
        (cast.LAPSED, "lapsed", "SEMH", None),
        (cast.PLANNED, "planned", "writing", None),
        (cast.SEN_WITHOUT_NEED, "sen_without_need", None, None),
        (cast.BELOW_PLAN, "below_plan", "ASD", None),
        (cast.NO_RECORDED_NEED, "no_recorded_need", None, "mathematics"),
    }
    missing = answers["no_data"].filter(pl.col("pupil_id") == cast.NO_DATA)
    assert {"reading", "writing", "mathematics"} <= set(missing["subject"])


def test_the_possible_overlaps_of_the_cast(answers: dict[str, pl.DataFrame]) -> None:
    assert rows_of(
        answers["duplications"], "pupil_id", "kind", "provision_id", "other_provision_id", "from_date"
    ) >= {
        (cast.SAME_NEED, "same_need", "T01", "T02", date(2026, 2, 2)),
        (cast.SAME_PROVISION, "same_provision", "T04", "T04", date(2026, 2, 23)),
    }
    assert rows_of(answers["duplications"], "pupil_id", "kind") == {
        (cast.SAME_NEED, "same_need"),
        (cast.SAME_PROVISION, "same_provision"),
        (cast.REPEATED_WITHOUT_GAIN, "repeated_without_gain"),
        (cast.NO_CURRENT_NEED, "no_current_need"),
    }


def test_the_other_facts_of_the_cast(answers: dict[str, pl.DataFrame]) -> None:
    pupils = {row["pupil_id"]: row for row in answers["pupils"].to_dicts()}
    assert [pupils[member.pupil_id]["surname"] for member in cast.CAST] == [
        member.surname for member in cast.CAST
    ]
    assert pupils[cast.LEFT]["leaving_date"] == date(2025, 12, 19)
    assert pupils[cast.JOINED_MID_YEAR]["entry_date"] == date(2026, 1, 19)
    both = pupils[cast.MORE_ABLE_AND_EAL]
    assert (both["eal"], both["more_able"], both["eal_stage"]) == (True, True, "D")
    year = answers["attendance"].filter(pl.col("start_date") >= date(2025, 9, 1))
    share = (
        year.filter(pl.col("pupil_id") == cast.PERSISTENTLY_ABSENT)
        .select(1 - pl.col("attended").sum() / pl.col("possible").sum())
        .item()
    )
    assert 0.22 < share < 0.26
    assert cast.NOTHING_TO_FIND not in answers["provision_list"]["pupil_id"].to_list()
    assert cast.NO_DATA not in answers["pupil_progress"]["pupil_id"].to_list()


def test_a_head_sees_findings_that_can_be_read(tmp_path: Path) -> None:
    rows = {
        name: pl.read_csv(SAMPLE_DATA / f"{name}.csv", infer_schema=False)
        for name in ("placements", "pupils")
    }
    assert len(rows["pupils"].filter(pl.col("leaving_date").is_null())) == 210
    store = open_store(tmp_path)
    assert store.is_sample
    wanted = make_filter(store)
    states = ask("coverage", wanted, store)["state"]
    assert 0.65 < states.is_in(["covered", "in_class"]).mean() < 0.85
    gaps, overlaps = ask("gaps", wanted, store), ask("duplications", wanted, store)
    assert 30 <= len(gaps) <= 60
    assert gaps["kind"].n_unique() == 6
    assert 6 <= len(overlaps) <= 20
    assert overlaps["kind"].n_unique() == 4
    assert ask("drift", wanted, store).filter("is_drift")["pupil_id"].to_list() == [cast.NO_CURRENT_NEED]
    listed = ask("provision_list", wanted, store)
    assert 5 <= listed["overdue_for_review"].sum() <= 30
    assert 4 <= listed.filter(pl.col("tier") == "universal").height / 7 <= 8


def test_every_list_of_the_ledger_criteria_and_time_out_has_somebody(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    wanted = make_filter(store)
    states = dict(ask("ledger", wanted, store)["state"].value_counts().iter_rows())
    assert set(states) == {"in_class", "additional", "persists", "closed", "nothing_recorded", "too_soon"}
    assert states["in_class"] >= 4
    assert states["additional"] >= 10
    kinds = set(ask("criteria_status", wanted, store)["kind"])
    assert kinds == {"waits", "met_exit_stays", "attends_without", "cannot_judge"}
    complete = ask("provision_criteria", wanted, store)["is_complete"]
    assert 0 < complete.sum() < len(complete) / 2
    behind = ask("time_out_of_class", wanted, store).filter(~pl.col("meets_expected"))
    assert set(behind["subject_missed"]) == {"reading", "writing", "mathematics"}


def test_each_verdict_on_impact_stands_somewhere(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    rows = ask("impact_by_provision", make_filter(store), store)
    told = {
        row["provision"]: row["verdict"] for row in rows.filter(pl.col("mean_gain").is_not_null()).to_dicts()
    }
    assert told["New to English"] == "promising"
    assert told["Number Sense"] == "no clear change"
    assert told["Talk Time"] == "worse than before"
    assert told["Fluency Friends"] == "too little to say"
    (grades,) = rows.filter(provision="Writing Workshop", measure="writing/teacher judgement").to_dicts()
    assert grades["with_entry_and_exit"] > 5
    assert grades["mean_gain"] is None


def test_similar_pupils_and_a_rating_that_disagrees_can_be_seen(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    wanted = make_filter(store)
    rows = ask("impact_by_provision", wanted, store)
    (row,) = rows.filter(provision="Number Sense", measure="mathematics/standardised").to_dicts()
    about = {"of_school": row["school_id"], "provision_id": row["provision_id"]}
    pupils = ask("impact_pupils", wanted, store, **about).filter(pl.col("similar") > 0)
    assert pupils.height >= 10
    assert pupils["similar_gain"].count() > 0
    one = pupils.sort("similar").row(-1, named=True)
    similar = ask(
        "impact_similar", wanted, store, school_id=one["school_id"], pupil_id=one["pupil_id"],
        provision_id=row["provision_id"], began=one["start_date"],
    )  # fmt: skip
    assert similar.height == one["similar"] >= 3
    (liked,) = rows.filter(provision="New to English", verdict="promising").to_dicts()
    assert liked["rating_beside"] == "Rated unhelpful, and the scores rose."


def test_scores_before_and_after_are_spread_as_pupils_are() -> None:
    rows = pl.read_csv(SAMPLE_DATA / "placements.csv", infer_schema=False)
    gain = pl.col("exit_value").cast(pl.Int64, strict=False) - pl.col("entry_value").cast(
        pl.Int64, strict=False
    )
    gains = rows.filter(provision_id="T07").select(gain=gain).drop_nulls()["gain"]
    assert gains.n_unique() >= 8
    assert gains.value_counts()["count"].max() <= len(gains) / 3
