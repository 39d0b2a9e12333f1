"""The published measures against what was printed, and against SciPy and statsmodels.

Each number is quoted with its source. SciPy and statsmodels are asked apart from it, so that a misprint here
and a mistake there cannot agree.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import effectsize_smd
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from provmap.statistics import (
    Group,
    absence_band,
    change_effect,
    difference_interval,
    group_effect,
    mean_interval,
    morris_effect,
    ratio_gain,
    ratio_gain_band,
    round_half_up,
    share_interval,
    small_sample_factor,
    standardised,
    summarise_gains,
)

# Student's sleep data (R datasets): extra hours of sleep with two drugs, the same ten patients.
SLEEP_X = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2.0])
SLEEP_Y = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


def printed(value: object, text: str) -> bool:
    """Whether a number is what was printed, to the places that were printed."""
    places = len(text.partition(".")[2])
    return round_half_up(float(value), places) == float(text)  # type: ignore[arg-type]


class TestIntervalsOfMeans:
    def test_paired_gain_of_the_sleep_data(self) -> None:
        """R's t.test(paired = TRUE): mean 1.58, 95% 0.7001142 to 2.4598858."""
        found = summarise_gains(SLEEP_X, SLEEP_Y)
        assert (found.pupils, printed(found.mean, "1.58"), printed(found.sd, "1.2300")) == (10, True, True)
        assert printed(found.low, "0.7001142")
        assert printed(found.high, "2.4598858")
        assert printed(found.median, "1.3")
        tested = stats.ttest_rel(SLEEP_Y, SLEEP_X)
        assert tuple(tested.confidence_interval()) == pytest.approx((found.low, found.high))
        assert DescrStatsW(SLEEP_Y - SLEEP_X).tconfint_mean() == pytest.approx((found.low, found.high))
        assert printed(tested.statistic, "4.0621")
        assert printed(tested.pvalue, "0.002833")

    def test_two_groups_of_the_sleep_data(self) -> None:
        """R's t.test: Welch t 1.8608, df 17.776, p 0.07939, 95% -0.2054832 to 3.3654832."""
        found = difference_interval(*(Group(a.mean(), a.std(ddof=1), 10) for a in (SLEEP_Y, SLEEP_X)))
        assert printed(found.low, "-0.2054832")
        assert printed(found.high, "3.3654832")
        other = CompareMeans(DescrStatsW(SLEEP_Y), DescrStatsW(SLEEP_X)).tconfint_diff(usevar="unequal")
        assert other == pytest.approx((found.low, found.high))
        tested = stats.ttest_ind(SLEEP_Y, SLEEP_X, equal_var=False)
        assert printed(tested.statistic, "1.8608")
        assert printed(tested.df, "17.776")
        assert printed(tested.pvalue, "0.07939")
        # The same t and p, of the interval's own width.
        error = (found.high - found.value) / stats.t.ppf(0.975, tested.df)
        assert printed(found.value / error, "1.8608")

    def test_openintro_bookstore_prices(self) -> None:
        """OpenIntro: n 68, mean 3.58, SD 13.42; SE 1.63, t 2.20, p 0.0312, exact t (0.33, 6.83)."""
        found = mean_interval(3.58, 13.42, 68)
        assert printed(found.low, "0.33")
        assert printed(found.high, "6.83")
        error = 13.42 / math.sqrt(68)
        assert printed(error, "1.63")
        assert printed(3.58 / error, "2.20")
        # The book had more places than it prints.
        assert 2 * stats.t.sf(3.58 / error, 67) == pytest.approx(0.0312, abs=1e-4)
        assert stats.t.interval(0.95, 67, 3.58, error) == pytest.approx((found.low, found.high))
        # The book's own interval, (0.32, 6.84), has its table's t, which is 2.00.
        assert printed(3.58 - 2.00 * 1.63, "0.32")
        assert printed(3.58 + 2.00 * 1.63, "6.84")

    def test_openintro_stem_cells(self) -> None:
        """OpenIntro Statistics: 7.83, SDs 5.17 and 2.76, n 9 and 9; SE 1.95, Welch (3.58, 12.08)."""
        found = difference_interval(Group(7.83, 5.17, 9), Group(0, 2.76, 9))
        assert printed(found.low, "3.58")
        assert printed(found.high, "12.08")
        assert printed(math.hypot(5.17, 2.76) / 3, "1.95")
        squares = np.array([5.17**2, 2.76**2]) / 9
        freedom = squares.sum() ** 2 / (squares**2 / 8).sum()
        assert printed(freedom, "12.2")
        assert stats.t.interval(0.95, freedom, 7.83, squares.sum() ** 0.5) == pytest.approx(found[1:])
        # The book takes the smaller group's 8 degrees of freedom, and rounds as it goes: (3.32, 12.34).
        small = mean_interval(7.83, math.hypot(5.17, 2.76), 9)
        assert (float(small.low), float(small.high)) == pytest.approx((3.32, 12.34), abs=0.0055)
        other = stats.ttest_ind_from_stats(7.83, 5.17, 9, 0, 2.76, 9, equal_var=False)
        assert 2 * stats.t.sf(7.83 / squares.sum() ** 0.5, freedom) == pytest.approx(other.pvalue)

    def test_progress_8_of_nine_pupils(self) -> None:
        """DfE: mean ± 1.96 × 1.41628 / √n: nine pupils, 0.23 (-0.70 to 1.15); half-width 0.28 at n = 100."""
        scores = [0, 0.1, 0.2, 0.3, 0.4, 0.3, 0.2, 0.25, 0.3]
        found = mean_interval(np.mean(scores), 1.41628, 9, sd_is_known=True)
        assert [printed(each, text) for each, text in zip(found, ("0.23", "-0.70", "1.15"), strict=True)] == [
            True, True, True,
        ]  # fmt: skip
        assert printed(mean_interval(0, 1.41628, 100, sd_is_known=True).high, "0.28")
        assert stats.norm.interval(0.95, np.mean(scores), 1.41628 / 3) == pytest.approx(found[1:])

    def test_only_pupils_with_both_scores_count(self) -> None:
        """Brightfish: entry mean 0.4 of five, exit mean 2 of three: the gain is not 1.6."""
        entry = [0, 0, 0, 1, 1]
        leaving = [np.nan, np.nan, 1, 2, 3]
        assert printed(np.mean(entry), "0.4")
        assert printed(np.nanmean(leaving), "2")
        found = summarise_gains(entry, leaving)
        assert (found.pupils, found.mean) == (3, 4 / 3)

    def test_lower_is_better(self) -> None:
        """A fall in SDQ difficulties is a gain."""
        up, down = (
            summarise_gains([20, 18, 15], [14, 15, 16]),
            summarise_gains([20, 18, 15], [14, 15, 16], False),
        )
        assert (down.mean, down.low, down.high, down.median) == (-up.mean, -up.high, -up.low, -up.median)
        assert down.mean == pytest.approx(8 / 3)

    def test_one_pupil_nobody_and_all_equal_have_no_interval(self) -> None:
        for entry, leaving in (([80], [85]), ([80, 90, 100], [85, 95, 105]), ([0.1] * 7, [0.4] * 7)):
            found = summarise_gains(entry, leaving)
            assert np.isnan([found.low, found.high]).all()
            assert found.mean == pytest.approx(leaving[0] - entry[0])
        assert np.isnan(summarise_gains([], []).mean)
        assert summarise_gains([80], [np.nan]).pupils == 0

    @given(st.lists(st.integers(60, 140), min_size=3, max_size=30, unique=True))
    def test_any_gains_as_scipy_has_them(self, gains: list[int]) -> None:
        found = summarise_gains(np.zeros(len(gains)), gains)
        assert tuple(stats.ttest_1samp(gains, 0).confidence_interval()) == pytest.approx(
            (found.low, found.high)
        )


class TestEffectSizes:
    @pytest.mark.parametrize(
        ("study", "exact", "shortcut"),
        [
            ((94, 22, 60, 92, 20, 60), 0.094524158, 0.094524373),
            ((98, 21, 65, 92, 22, 65), 0.277355866, 0.277356401),
            ((98, 28, 40, 88, 26, 40), 0.366544429, 0.366546348),
        ],
        ids=["Carroll", "Grant", "Peck"],
    )
    def test_two_groups(self, study: tuple[float, ...], exact: float, shortcut: float) -> None:
        """Applied Meta-Analysis with R (statsmodels' TestEffSmdMeta): the exact J, not the shortcut."""
        found = group_effect(Group(*study[:3]), Group(*study[3:]))
        # The third is cut in print, not rounded.
        assert float(found.value) == pytest.approx(exact, abs=1e-9)
        other, variance = effectsize_smd(*study)
        assert other == pytest.approx(shortcut, abs=1e-9)
        assert (found.high - found.value) / stats.norm.ppf(0.975) == pytest.approx(variance**0.5, rel=0.01)

    def test_the_exact_factor(self) -> None:
        """Hedges (1981); near the shortcut for many, apart from it for few."""
        assert small_sample_factor(18) == pytest.approx(0.79694 / 0.83218, rel=1e-4)
        assert small_sample_factor(2) == pytest.approx(1 / math.sqrt(math.pi))
        assert small_sample_factor(1e6) == pytest.approx(1)
        assert np.isnan(small_sample_factor([0, 1])).all()
        for freedom in (2, 5, 50):
            # The mean of a noncentral t is its noncentrality divided by J.
            assert stats.nct(freedom, 1).mean() == pytest.approx(1 / small_sample_factor(freedom))

    @pytest.mark.parametrize(
        ("treated", "control", "ppc1", "ppc2"),
        [
            ((30.6, 38.5, 15.0, 20), (23.1, 19.7, 13.8, 20), "0.7421", "0.7684"),
            ((0.5, 0.7, 0.1, 9), (0.6, 0.6, 0.2, 9), "1.8054", "1.2045"),
        ],
        ids=["study 1", "study 3"],
    )
    def test_before_and_after_with_a_control(
        self, treated: tuple[float, ...], control: tuple[float, ...], ppc1: str, ppc2: str
    ) -> None:
        """Morris (2008) as metafor tests it, with the exact J (the shortcut gives 1.8065 for study 3)."""
        (pre, post, sd, n), (other_pre, other_post, other_sd, other_n) = treated, control
        found = morris_effect(Group(post - pre, sd, n), Group(other_post - other_pre, other_sd, other_n))
        assert printed(found.value, ppc2)
        apart = standardised(post - pre, sd, n - 1) - standardised(
            other_post - other_pre, other_sd, other_n - 1
        )
        assert printed(apart, ppc1)
        assert np.isnan(found.low)

    def test_the_shortcut_for_j_gives_another_number(self) -> None:
        """Study 3 of metafor's tests: 1.8054 with the exact J, 1.8065 with 1 - 3 / (4 df - 1)."""
        assert printed((0.7 - 0.5) / 0.1 * (1 - 3 / (4 * 8 - 1)), "1.8065")
        assert printed(standardised(0.7 - 0.5, 0.1, 8), "1.8054")

    def test_the_interval_against_a_control_covers_what_is_true(self) -> None:
        """Morris (2008), equation 25, against 4,000 simulated studies with a true effect of 0.5."""
        chance = np.random.default_rng(5)
        before = chance.normal(0, 1, (2, 4000, 20))
        gains = 0.7 * before + chance.normal(0, math.sqrt(1 - 0.49), before.shape) - before
        gains[0] += 0.5
        groups = [Group(g.mean(1), b.std(1, ddof=1), 20) for g, b in zip(gains, before, strict=True)]
        found = morris_effect(*groups, correlation=0.7)
        assert np.mean((found.low <= 0.5) & (found.high >= 0.5)) == pytest.approx(0.95, abs=0.02)
        assert found.value.mean() == pytest.approx(0.5, abs=0.02)

    def test_one_group_by_the_sd_at_entry_and_by_that_of_the_changes(self) -> None:
        """metafor's SMCR 0.5056 and SMCC 0.5417 of the treated of study 1."""
        assert printed(standardised(38.5 - 30.6, 15.0, 19), "0.5056")
        change = math.sqrt(15.0**2 + 11.6**2 - 2 * 0.47 * 15.0 * 11.6)
        assert printed(standardised(38.5 - 30.6, change, 19), "0.5417")

    def test_the_sleep_data(self) -> None:
        """R datasets: d_z 1.2846, g_z 1.1739; as two groups d 0.8322, g 0.79694; Glass 0.8832.

        With the shortcut for J: g_z 1.1745, g 0.79702.
        """
        gains = SLEEP_Y - SLEEP_X
        assert printed(gains.mean() / gains.std(ddof=1), "1.2846")
        assert printed(standardised(gains.mean(), gains.std(ddof=1), 9), "1.1739")
        assert printed(gains.mean() / SLEEP_X.std(ddof=1), "0.8832")
        sds = SLEEP_Y.std(ddof=1), SLEEP_X.std(ddof=1)
        found = group_effect(Group(SLEEP_Y.mean(), sds[0], 10), Group(SLEEP_X.mean(), sds[1], 10))
        assert printed(found.value / small_sample_factor(18), "0.8322")
        assert printed(found.value, "0.79694")
        assert printed(gains.mean() / gains.std(ddof=1) * (1 - 3 / (4 * 9 - 1)), "1.1745")
        assert printed(found.value / small_sample_factor(18) * (1 - 3 / (4 * 18 - 1)), "0.79702")
        paired = change_effect(gains.mean(), gains.std(ddof=1), 10, sd_entry=sds[1], sd_exit=sds[0])
        assert printed(paired.value, "0.79694")

    def test_pingouin(self) -> None:
        """pingouin's own tests, of which two use the shortcut for J."""
        groups = ([1, 2, 3, 4], [3, 4, 5, 6, 7])
        found = group_effect(*(Group(np.mean(a), np.std(a, ddof=1), len(a)) for a in groups))
        assert found.value / small_sample_factor(7) == pytest.approx(-1.707825127659933)
        before, after = np.arange(1, 8), np.arange(1, 14, 2)
        change = before - after
        own = change_effect(change.mean(), change.std(ddof=1), 7, sd_entry=before.std(ddof=1),
                            sd_exit=after.std(ddof=1))  # fmt: skip
        assert own.value / small_sample_factor(12) * (1 - 3 / (4 * 14 - 9)) == pytest.approx(
            -0.8222477210374874
        )
        assert pytest.approx(0.4309859154929578) == 0.45 * (1 - 3 / (4 * 20 - 9))
        assert 0.45 * small_sample_factor(18) == pytest.approx(0.4309859154929578, rel=1e-3)

    def test_doing_meta_analysis_in_r(self) -> None:
        """Harrer et al. (2021): -1.0000 with SE 0.1500; within, r .5: 0.7692 with SE 0.1273."""
        found = group_effect(Group(50, 10, 100), Group(60, 10, 100))
        factor = small_sample_factor(198)
        assert printed(found.value / factor, "-1.0000")
        assert printed((found.high - found.value) / stats.norm.ppf(0.975) / factor, "0.1500")
        within, factor = change_effect(10, 13, 80, sd_entry=13, sd_exit=13), small_sample_factor(158)
        assert printed(within.value / factor, "0.7692")
        assert printed((within.high - within.value) / stats.norm.ppf(0.975) / factor, "0.1273")

    def test_borenstein(self) -> None:
        """Borenstein et al. (2009): d 0.5970, J 0.9923, g 0.5924, V 0.0411."""
        found, factor = group_effect(Group(103, 5.5, 50), Group(100, 4.5, 50)), small_sample_factor(98)
        assert printed(found.value / factor, "0.5970")
        assert printed(factor, "0.9923")
        assert printed(found.value, "0.5924")
        assert printed(((found.high - found.value) / stats.norm.ppf(0.975)) ** 2, "0.0411")

    @pytest.mark.parametrize(
        ("study", "value", "low", "high"),
        [
            ((95.94, 13.6, 194, 92.75, 15.2, 106), 0.22, -0.01, 0.46),
            ((96.85, 10.6, 195, 93.61, 11.2, 106), 0.30, 0.06, 0.54),
        ],
        ids=["spelling", "word efficiency"],
    )
    def test_vaughn_2010(self, study: tuple[float, ...], value: float, low: float, high: float) -> None:
        """Vaughn et al. (2010), Table 1 (PMC3072689), to 0.01 as printed there."""
        found = group_effect(Group(*study[:3]), Group(*study[3:]))
        assert tuple(map(float, found)) == pytest.approx((value, low, high), abs=0.0101)

    def test_standardised_scores_are_judged_against_15(self) -> None:
        """The SD of the norms, not that of a few pupils chosen for their low scores; nothing to correct."""
        found = change_effect(3.0, 6.0, 16, sd_entry=4.0, sd_exit=5.0, scale_sd=15.0)
        assert found.value == 0.2
        assert found.low == pytest.approx(stats.t.interval(0.95, 15, 3.0, 6.0 / 4)[0] / 15)
        assert change_effect(3.0, np.nan, 1, sd_entry=np.nan, sd_exit=np.nan, scale_sd=15.0).value == 0.2

    def test_no_effect_of_one_pupil_or_without_spread(self) -> None:
        assert np.isnan(change_effect(3.0, np.nan, 1, sd_entry=np.nan, sd_exit=np.nan)).all()
        assert np.isnan(change_effect(3.0, 0.0, 8, sd_entry=0.0, sd_exit=0.0)).all()
        assert np.isnan(group_effect(Group(1, 0, 5), Group(1, 0, 5))).all()
        assert np.isnan(group_effect(Group(1, 2, 1), Group(1, 2, 1))).all()


class TestRatioGains:
    @pytest.mark.parametrize(
        ("gain", "months", "printed_ratio"),
        [(60, 30, "2.0"), (13.8, 6, "2.3"), (48.6, 18, "2.7"), (45.9, 30, "1.53"), (25.8, 30, "0.86"),
         (39.9, 30, "1.33"), (48.9, 30, "1.63")],
        ids=["BAS reading", "Toe by Toe Y7", "Toe by Toe primary", "NARA accuracy", "fluency",
             "comprehension", "spelling"],
    )  # fmt: skip
    def test_published(self, gain: float, months: float, printed_ratio: str) -> None:
        """East Court School (Singleton 2009, page 72), 30 months; Toe by Toe (MacKay, Brooks)."""
        assert printed(ratio_gain(gain, months), printed_ratio)

    def test_east_court_was_thirty_months(self) -> None:
        assert (12 * 12 + 8) - (10 * 12 + 2) == 30
        assert printed(2.3 * 6, "14")

    @pytest.mark.parametrize(
        ("ratio", "words"),
        [(3.0, "large, substantial"), (2.94, "medium, useful"), (2.0, "medium, useful"),
         (1.94, "small, modest"), (1.4, "small, modest"), (1.35, "small, modest"),
         (1.34, "very small, doubtful")],
    )  # fmt: skip
    def test_bands_begin_with_their_lower_bound(self, ratio: float, words: str) -> None:
        """Singleton (2009), page 70: the edges overlap in print; of the ratio to one decimal."""
        assert ratio_gain_band(ratio) == words

    def test_refused_under_two_months(self) -> None:
        """Ratio gains of 6 and 7 were printed for four weeks (ARROW, Wiltshire)."""
        found = ratio_gain([7.0, 7.0, 4.0, np.nan], [1.0, 1.999, 2.0, 3.0])
        assert np.array_equal(found, [np.nan, np.nan, 2.0, np.nan], equal_nan=True)


class TestSharesAndSessions:
    @pytest.mark.parametrize(
        ("count", "of", "low", "high"),
        [(18, 20, "0.698966", "0.972134"), (4, 20, "0.080658", "0.416017"), (19, 38, "0.348499", "0.651501"),
         (81, 263, "0.2553", "0.3662")],
    )  # fmt: skip
    def test_wilson(self, count: int, of: int, low: str, high: str) -> None:
        """statsmodels' and R's tests of binomial intervals; 81 of 263 of Newcombe (1998)."""
        found = share_interval(count, of)
        assert printed(found.low, low)
        assert printed(found.high, high)
        assert proportion_confint(count, of, method="wilson") == pytest.approx((found.low, found.high))

    def test_a_share_of_nobody_is_no_share(self) -> None:
        assert np.isnan(share_interval(0, 0)).all()
        assert share_interval(0, 8).low == 0
        assert share_interval(8, 8).high == 1

    @pytest.mark.parametrize(
        ("possible", "attended", "band"),
        [
            (30, 27, "persistent"), (190, 171, "persistent"), (100, 90.0, "persistent"),
            (1000, 901, "neither"),
            (30, 28, "neither"), (190, 172, "neither"), (10, 5, "severe"), (190, 95, "severe"),
            (190, 96, "persistent"), (10, 10, "neither"), (10, 0, "severe"), (0, 0, "not applicable"),
            (None, 3, "not recorded"), (30, None, "not recorded"),
        ],
    )  # fmt: skip
    def test_absence(self, possible: float | None, attended: float | None, band: str) -> None:
        """DfE: persistent at 10% or more of possible sessions missed, severe at 50%."""
        assert absence_band(possible, attended) == band

    @given(st.integers(1, 40))
    def test_ninety_percent_is_persistent_however_the_sessions_were_worked_out(self, tens: int) -> None:
        assert absence_band(tens * 10, tens * 10 * 0.9) == "persistent"
        assert absence_band(tens * 10 / 3, tens * 10 / 3 * 0.9) == "persistent"

    @pytest.mark.parametrize(
        ("value", "places", "shown"),
        [(2.5, 0, 3), (285, -1, 290), (283.54, -2, 300), (2.85, 1, 2.9), (0.5, 0, 1), (-2.5, 0, -3),
         (1.005, 2, 1.01), (0.285 * 100, 0, 29), (89.95, 1, 90.0), (89.949, 1, 89.9)],
    )  # fmt: skip
    def test_halves_are_rounded_up(self, value: float, places: int, shown: float) -> None:
        """The examples of DfE's dfeR (`round_five_up`), and halves that floating point falls short of."""
        assert round_half_up(value, places) == shown

    def test_what_is_no_number_stays_so(self) -> None:
        assert math.isnan(round_half_up(math.nan))
