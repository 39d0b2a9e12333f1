"""Numbers that explain themselves: what a nought, a yes and a share rest on stands beside them."""

import polars as pl
import pytest

from provmap.questions import ask, make_filter
from provmap.store import Store
from provmap.ui.criteria import judged_alone
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
        assert f"**{starts}** no criterion to start and **{ends}** no criterion to finish" in said(page)
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
