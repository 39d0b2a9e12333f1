"""Numbers that explain themselves: what a nought, a yes and a share rest on stands beside them."""

import polars as pl
import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.criteria import judged_alone
from provmap.ui.defined import not_agreed, own_first
from provmap.ui.impact import similar_known
from provmap.ui.impact_words import compared
from provmap.ui.timed_out import judged_of
from tests.test_pages import open_app


def said(app: object) -> str:
    """Every sentence on a page."""
    return "\n".join(one.value for one in [*app.markdown, *app.caption])  # type: ignore[attr-defined]


class TestWhoQualifies:
    def test_where_no_criterion_is_written_down_there_is_no_number(self, sample: Store) -> None:
        rows = ask("provision_criteria", make_filter(sample), sample)
        shown = judged_alone(rows)
        without = rows["entry"].list.len() == 0
        assert shown.filter(without)["waits"].null_count() == without.sum() > 0
        assert shown.filter(~without)["waits"].to_list() == rows.filter(~without)["waits"].to_list()
        never_ends = rows["exit"].list.len() == 0
        assert shown.filter(never_ends)["met_exit_stays"].null_count() == never_ends.sum() > 0
        # Nothing that was found is left out.
        for name in ("waits", "attends_without", "met_exit_stays", "cannot_judge"):
            assert shown[name].sum() == rows[name].sum()

    def test_the_page_says_how_many_have_none(self, sample: Store) -> None:
        rows = ask("provision_criteria", make_filter(sample), sample)
        page = open_app("criteria")
        starts, ends = (rows.filter(pl.col(one).list.len() == 0).height for one in ("entry", "exit"))
        assert f"**{starts}** with no criterion to start and **{ends}** with no" in said(page)
        table = page.dataframe[0].value
        assert table["waits"].isna().sum() == starts


class TestTimeOut:
    def test_the_page_says_how_many_rows_could_be_judged(self, sample: Store) -> None:
        rows = ask("time_out_of_class", make_filter(sample), sample)
        words = judged_of(rows)
        assert words in said(open_app("time_out"))
        behind = rows.filter(pl.col("meets_expected").is_not_null()).height
        moved = rows.filter(pl.col("since_before").is_in(["rose", "rose_less", "level", "fell"])).height
        assert f"**{behind}** can be judged against the mark and **{moved}**" in words
        assert f"In {rows.filter(subject_missed='not recorded').height} nobody wrote down" in words

    @pytest.mark.parametrize("known", [True, False])
    def test_nothing_is_said_to_be_missing_that_is_there(self, known: bool) -> None:
        rows = pl.DataFrame(
            {"subject_missed": ["reading"], "meets_expected": [True if known else None],
             "since_before": ["rose" if known else "no_result"]}
        )  # fmt: skip
        assert ("there is no result" in judged_of(rows)) is not known
        assert "nobody wrote down" not in judged_of(rows)


class TestCoverageOverTime:
    def test_the_past_is_told_with_hindsight(self, sample: Store) -> None:
        months = ask("coverage_over_time", make_filter(sample), sample)
        first = months.row(0, named=True)
        assert 0 < first["planned_long_after"] <= first["planned"]
        assert (months["planned_long_after"] <= months["planned"]).all()
        app = open_app("gaps", coverage_by="Over time")
        assert f"**{first['planned_long_after']}** of these only after more than 84 days" in said(app)
        assert "Began later* is hindsight" in said(app)
        (spec,) = [chart.spec for chart in app.get("vega_lite_chart")] or [""]
        assert "began later" in str(spec)
        assert "starting soon" not in str(spec)
        assert app.dataframe[0].value["began_later"].to_list() == months["planned"].to_list()

    def test_no_month_collapses_at_the_end_of_a_term(self, sample: Store) -> None:
        """Seen once: 3% answered on the last day of a term, between two months of half."""
        shares = ask("coverage_over_time", make_filter(sample), sample)["answered_share"].to_list()
        middles = zip(shares, shares[1:], shares[2:], strict=False)
        assert all(here > 0.5 * min(before, after) for before, here, after in middles)


class TestListsForTheMeeting:
    def test_targets_past_their_day_are_on_a_list(self, sample: Store) -> None:
        targets = ask("targets", make_filter(sample), sample)
        overdue = targets.filter(pl.col("is_newest"), state="overdue").height
        assert overdue > 0
        app = open_app("meeting_lists", meeting_list="Behind their own target")
        assert f"besides **{overdue}** past their day" in said(app)
        assert len(app.dataframe[-1].value) == overdue

    def test_a_missing_result_is_told_from_no_data(self, sample: Store) -> None:
        filter = make_filter(sample)
        missing = ask("meeting_lists", filter, sample).filter(kind="not_assessed").height
        words = said(open_app("meeting_lists", meeting_list="Result missing"))
        assert f"Result missing ({missing})" in words
        assert f"*No data* ({ask('no_data', filter, sample).height})" in words


class TestImpact:
    def test_it_says_for_how_many_similar_pupils_are_known(self, sample: Store) -> None:
        filter = make_filter(sample)
        number_sense = {"provision_id": "T04", "of_school": None}
        row = ask("impact_by_provision", filter, sample).filter(provision_id="T04").row(0, named=True)
        number_sense["of_school"] = row["school_id"]
        rows = ask("impact_pupils", filter, sample, **number_sense)
        both = rows.filter(pl.col("gain").is_not_null())
        some, enough = both.filter(pl.col("similar") > 0).height, both["similar_gain"].count()
        assert some > enough > 0
        words = similar_known(rows, "3")
        assert f"known for **{some}**" in words
        assert f"compare with for **{enough}**: a diamond each" in words
        assert "no diamonds" in similar_known(both.filter(pl.col("similar_gain").is_null()), "3")
        assert "no similar pupils are looked for" in similar_known(rows.clear(), "3")

    def test_a_tier_says_why_it_has_fewer_pupils_than_its_provisions(self, sample: Store) -> None:
        rows = ask("impact_by", make_filter(sample), sample, by="tier")
        most = rows.filter(pl.col("pairs") > pl.col("pupils_measured")).sort("pairs").row(-1, named=True)
        words = said(open_app("impact", impact_part="By tier, need, group or year"))
        assert f"has {most['pairs']} times of {most['pupils_measured']} pupils" in words

    @pytest.mark.parametrize(
        ("low", "high", "verdict", "words"),
        [
            (-3.5, -0.6, "no clear change", "only where the scores themselves clearly fell"),
            (0.4, 2.0, "too little to say", "what decides is the reason given first"),
            (-1.0, 1.0, "no clear change", ""), (0.4, 2.0, "promising", ""),
            (-3.5, -0.6, "worse than before", ""),
        ],
    )  # fmt: skip
    def test_an_interval_on_one_side_says_which_rule_decided(
        self, low: float, high: float, verdict: str, words: str
    ) -> None:
        row = {"gain_beyond": (low + high) / 2, "gain_beyond_low": low, "gain_beyond_high": high,
               "similar_pupils": 20, "compared_with": "similar pupils", "effect_beyond": None,
               "verdict": verdict}  # fmt: skip
        assert words in compared(row)
        assert ("interval" in compared(row)) == bool(words)


class TestGroups:
    def test_the_schools_own_come_first_and_say_what_is_missing(self, sample: Store) -> None:
        shown = own_first(ask("group_definitions", make_filter(sample), sample))
        own = shown["is_own"].to_list()
        assert own == sorted(own, reverse=True)
        assert 0 < sum(own) < len(own)
        missing = dict(shown.filter("is_own").select("group", "not_written").iter_rows())
        assert missing["New this year"] == ["when it was agreed", "who agreed it"]
        # A status from the roll has its meaning there: nothing of it is missing here.
        assert shown.filter(~pl.col("is_own"))["not_written"].list.len().sum() == 0
        page = open_app("groups")
        assert not_agreed(shown) in said(page)
        assert page.dataframe[0].value["is_own"].to_list() == ["yes" if one else "no" for one in own]


class TestDuplication:
    def test_what_still_runs_has_no_empty_last_day(self, sample: Store) -> None:
        rows = ask("duplications", make_filter(sample), sample).filter("is_current")
        shown = open_app("duplication").dataframe[0].value["to_date"].to_list()
        assert shown.count("still runs") == rows["to_date"].null_count() > 0
        assert None not in shown

    def test_a_list_without_what_is_marked_says_so(self, sample: Store) -> None:
        page = open_app("duplication", mark="intended")
        words = [one.value for one in page.info]
        assert page.dataframe or any("take the choice of marks away" in one for one in words)
        assert {one.label for one in page.button_group} >= {"Marked as intended, or not"}


class TestWhereAreWe:
    def test_each_part_stands_as_numbers_and_as_a_list(self, sample: Store) -> None:
        rows = ask("ledger_by", make_filter(sample), sample, by="year_group")
        app = open_app("where_are_we", ledger_part="By subject, year, class or group", ledger_by="By year")
        table = app.dataframe[0].value
        assert table["persists"].to_list() == rows["persists"].to_list()
        assert len(app.get("vega_lite_chart")) == 1
