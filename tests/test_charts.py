"""Each chart is valid Vega-Lite, draws columns that its frame has, and keeps its axes and colours."""

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl
import pytest

from provmap import charts, words
from provmap.filters import Filter
from provmap.questions import ask, describe_question, labels, make_filter, question_names
from provmap.store import Store
from provmap.ui.comparing import figures_of

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def everyone(sample: Store) -> Filter:
    return make_filter(sample)


def pupil_frames(store: Store, filter: Filter, one: dict[str, str]) -> dict[str, pl.DataFrame]:
    """What the Pupil page draws of one pupil."""
    day = pl.lit(filter.as_at)
    findings = ask("duplications", filter, store).filter(pl.col("pupil_id") == one["pupil_id"])
    return {
        "needs": ask("pupil_needs", filter, store, **one),
        "breaks": ask("pupil_breaks", filter, store, **one),
        "placements": ask("pupil_placements", filter, store, **one),
        "findings": findings.with_columns(drawn_until=pl.col("to_date").fill_null(day)),
        "results": ask("pupil_results", filter, store, **one),
        "attendance": ask("pupil_attendance", filter, store, **one),
    }


def tracking_specs(store: Store, filter: Filter) -> dict[str, dict[str, Any]]:
    """The charts of how pupils get on, of one scale of grades and one of numbers."""
    specs = {}
    for scale in ("teacher judgement", "standardised"):
        one, other = {"measure": f"reading/{scale}"}, {"measure": f"mathematics/{scale}"}
        axis, second = (
            ask("progress_axes", filter, store, **each).row(0, named=True) for each in (one, other)
        )
        spread = ask("progress_distribution", filter, store, **one)
        terms = spread["point"].unique(maintain_order=True).to_list()
        parts = ask("progress_by_part", filter, store, by="class", **one).with_columns(
            panel="name", share="expected_share", reached="expected_or_above"
        )
        pupils = ask("progress_pupils", filter, store, **one).with_columns(panel="surname").head(40)
        during = ask("progress_provisions", filter, store).with_columns(panel="surname")
        pairs = ask("progress_two_subjects", filter, store, **one, other_measure=other["measure"])
        places = pairs.drop_nulls(["height", "other_height"]).with_columns(pupils=1, stood="quadrant")
        marks = places.select("expected_height", "other_expected_height").unique()
        panels = [
            *charts.share_panels(parts, terms, "At expected"),
            *charts.result_panels(pupils, during, axis, ["2023-09-01", "2026-03-03"]),
        ]
        specs |= {
            f"distribution {scale}": charts.distribution(spread, terms),
            f"middle {scale}": charts.middle_over_time(
                ask("progress_spread", filter, store, **one), axis, terms
            ),
            f"two {scale}": charts.two_subjects(places, marks, axis, second),
            **{f"panel {number} {scale}": panel for number, panel in enumerate(panels)},
        }
    return specs


@cache
def all_specs(store: Store, filter: Filter) -> dict[str, dict[str, Any]]:
    """Every chart of the app, drawn of the sample school."""
    points = ask("progress_by_group", filter, store).with_columns(group_name="group")
    points = points.filter((pl.col("subject") == "reading") & (pl.col("scale") == "teacher judgement"))
    results = ask("pupil_progress", filter, store)
    needs = ask("coverage_by_need", filter, store)
    # Somebody with everything that the panels can show: an overlap, and a break in what was provided.
    doubled = ask("duplications", filter, store)["pupil_id"].to_list()
    people = results.select("pupil_id", "school_id").unique(maintain_order=True).iter_rows(named=True)
    one = next(
        who for who in people
        if who["pupil_id"] in doubled and ask("pupil_breaks", filter, store, **who).height
    )  # fmt: skip
    story = charts.pupil_panels(pupil_frames(store, filter, one) | {"whole": results}, filter.as_at)
    points = points.with_columns(
        share="expected_share", reached="expected_or_above", says="gap_says",
        share_low="expected_share_low", share_high="expected_share_high",
    )  # fmt: skip
    changes = ask("progress_group_changes", filter, store).with_columns(says="what")
    latest = points.filter(pl.col("term_order") == pl.col("term_order").max())
    states = (
        ask("ledger", filter, store).group_by(pl.col("subject").alias("part"), "state").len("pupils_subjects")
    )
    shares = ask("comparisons", filter, store).filter(pl.col("measure") == "expected_share")
    figures = figures_of(shares, labels(store)["year_groups"], {})
    return {
        "progress_by_subject": charts.progress_by_subject(ask("progress_by_subject", filter, store)),
        "beside_others": charts.beside_others(figures, "At expected (%)", [0, 1], is_share=True),
        "coverage_by_need": charts.coverage_by_need(needs, 40),
        "coverage_over_time": charts.coverage_over_time(ask("coverage_over_time", filter, store)),
        "ledger_by": charts.ledger_by(states, 40),
        "share_by_term": charts.share_by_term(
            points, tuple(points["group"].unique()), changes.head(3), "At expected"
        ),
        "gap_to_the_rest": charts.gap_to_the_rest(
            latest.filter(pl.col("rest_share").is_not_null()), "At expected"
        ),
        **tracking_specs(store, filter),
        **impact_specs(store, filter),
        **{f"pupil_panel_{number}": panel for number, panel in enumerate(story)},
    }


def impact_specs(store: Store, filter: Filter) -> dict[str, dict[str, Any]]:
    """The charts of the impact page."""
    named = pl.concat_str("provision", pl.lit(", "), "measure")
    gains = ask("impact_by_provision", filter, store).filter(pl.col("mean_gain").is_not_null())
    gains = gains.with_columns(named=named, scale="measure", end_low=pl.lit(-5.0), end_high=pl.lit(9.0))
    most = gains.sort("pupils_measured").row(-1, named=True)
    who = {"of_school": most["school_id"], "provision_id": most["provision_id"]}
    around = ask("around_provision", filter, store, **who).with_columns(time="pupil_id")
    years = ask("whole_class_impact", filter, store).with_columns(year_said="academic_year")
    return {
        **{f"mean_gains_{n}": spec for n, spec in enumerate(charts.mean_gains(gains))},
        "gain_by_start": charts.gain_by_start(ask("impact_pupils", filter, store, **who), charts.POINTS),
        "attendance_around": charts.attendance_around(around),
        "whole_class_years": charts.whole_class_years(years),
    }


def encodings(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every channel that names a field, in all layers."""
    for channel in spec.get("encoding", {}).values():
        for one in channel if isinstance(channel, list) else [channel]:
            if "field" in one:
                yield one
    for layer in spec.get("layer", []):
        yield from encodings(layer)


def made_by_transforms(spec: dict[str, Any]) -> set[str]:
    made: set[str] = set()
    for step in spec.get("transform", []):
        as_ = step.get("as", [])
        made |= {as_} if isinstance(as_, str) else set(as_)
    return made.union(*(made_by_transforms(layer) for layer in spec.get("layer", [])))


def test_specs_are_valid_and_draw_fields_that_exist(sample: Store, everyone: Filter) -> None:
    for name, spec in all_specs(sample, everyone).items():
        alt.Chart.from_dict(spec)
        for layer in spec.get("layer", [spec]):
            rows = spec["datasets"][(layer.get("data") or spec["data"])["name"]]
            if not rows:
                continue
            known = set(rows[0]) | made_by_transforms(spec)
            shared = spec.get("encoding", {}) if "layer" in spec else {}
            drawn = {one["field"] for one in encodings(layer | {"encoding": shared | layer["encoding"]})}
            assert drawn <= known, f"{name} draws {sorted(drawn - known)}"


def test_tooltips_round_halves_up_as_tables_do(sample: Store, everyone: Filter) -> None:
    """29 of 200 is 14.5%, of which floating point falls short."""
    rows = pl.DataFrame({
        "named": ["A"], "scale": ["points"], "mean_gain": [1.45], "gain_low": [None], "gain_high": [2.0],
        "pupils_measured": [12], "end_low": [-1.0], "end_high": [3.0],
    })  # fmt: skip
    (spec,) = charts.mean_gains(rows)
    dots = spec["layer"][2]
    shown = [one["field"] for one in dots["encoding"]["tooltip"] if "format" in one]
    assert shown == ["mean_gain shown", "gain_low shown", "gain_high shown"]
    nudged = {step["as"]: step["calculate"] for step in dots["transform"]}
    assert nudged["mean_gain shown"] == (
        "isValid(datum['mean_gain']) ? datum['mean_gain'] + (datum['mean_gain'] < 0 ? -1 : 1) * 1e-9 : null"
    )
    for name, spec in all_specs(sample, everyone).items():
        for one in (one for one in encodings(spec) if one.get("type") == "quantitative" and "format" in one):
            assert one["field"].endswith(" shown"), name


def test_each_says_what_it_shows(sample: Store, everyone: Filter) -> None:
    for spec in all_specs(sample, everyone).values():
        assert len(spec["description"]) > 30


def test_what_is_hollow_is_filled_as_the_page_behind_it_is(sample: Store, everyone: Filter) -> None:
    """White would shine in the dark theme: only words on a dark bar are white, and lines between bars."""
    for name, spec in all_specs(sample, everyone).items():
        for layer in spec.get("layer", [spec]):
            filled = {str(layer["mark"].get(one)).lower() for one in ("color", "fill")}
            assert filled.isdisjoint({"white", "#ffffff", "#fff", "#333333"}), name
    assert '{"expr": "background"}' in json.dumps(all_specs(sample, everyone)["pupil_panel_0"])


def test_axes_stay_when_the_filter_changes(sample: Store, everyone: Filter) -> None:
    year_5 = make_filter(sample, year_groups=("5",))
    one = {"measure": "reading/standardised"}
    axis = ask("progress_axes", everyone, sample, **one).row(0, named=True)

    def domains(filter: Filter) -> list[Any]:
        shares = charts.progress_by_subject(ask("progress_by_subject", filter, sample))
        lines = charts.middle_over_time(ask("progress_spread", filter, sample, **one), axis, ["Spring"])
        return [one["scale"]["domain"] for one in [*encodings(shares), *encodings(lines)]
                if "domain" in (one.get("scale") or {})]  # fmt: skip

    assert domains(everyone) == domains(year_5)


def test_states_of_one_need_add_up_in_the_chart(sample: Store, everyone: Filter) -> None:
    needs = ask("coverage_by_need", everyone, sample)
    assert needs.select(pl.sum_horizontal(list(words.STATES)) == pl.col("live_needs"))["covered"].all()


class TestColours:
    def test_theme_and_charts_agree(self) -> None:
        config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
        assert config["theme"]["chartCategoricalColors"] == charts.CATEGORIES

    def test_each_state_and_tier_has_its_own(self) -> None:
        assert list(charts.STATE_COLOURS) == list(words.STATES)
        assert list(charts.TIER_COLOURS) == list(words.TIERS)
        assert len(set(charts.STATE_COLOURS.values())) == len(words.STATES)


class TestWords:
    def test_every_kind_of_finding_has_words(self, sample: Store, everyone: Filter) -> None:
        assert set(ask("gaps", everyone, sample)["kind"]) <= set(words.GAPS)
        assert set(ask("duplications", everyone, sample)["kind"]) <= set(words.DUPLICATIONS)
        assert set(ask("coverage", everyone, sample)["state"]) <= set(words.STATES)

    def test_words_that_mean_something_else_in_a_school_are_not_used(self) -> None:
        said = [*words.HEADINGS.values(), *words.EXPLAINED.values()]
        said += [word for values in words.VALUES.values() for word in values.values()]
        said += [describe_question(name).words for name in question_names()]
        assert [text for text in said if "placement" in text.lower() or "concern" in text.lower()] == []

    def test_counts_read_as_words(self) -> None:
        assert words.count(1, "pupil") == "1 pupil"
        assert words.count(0, "pupil") == "no pupils"
        assert words.count(1210, "pupil") == "1,210 pupils"
        assert words.joined(["a", "b", "c"]) == "a, b and c"


def test_a_pupil_of_whom_nothing_is_known_has_no_panels() -> None:
    nothing = pl.DataFrame(schema={"start_date": pl.Date, "assessed_on": pl.Date, "number": pl.Float64,
                                   "subject": pl.String, "scale": pl.String})  # fmt: skip
    names = ("needs", "breaks", "placements", "findings", "results", "attendance", "whole")
    assert charts.pupil_panels(dict.fromkeys(names, nothing), date(2026, 3, 3)) == []
