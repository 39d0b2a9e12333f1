"""Every page runs, in the frame, with the sample school, a school without pupils, and a school of one pupil.

AppTest cannot select rows, so what a selection opens is tested in the browser.
"""

import shutil
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from provmap.exports import export
from provmap.filters import Filter
from provmap.questions import ask, labels, make_filter
from provmap.store import Store, datasets, open_store
from provmap.ui.grids import behind, pupils_and_rows
from provmap.ui.navigation import NAVIGATION
from provmap.ui.page import scope_sentence
from provmap.words import DATASETS, GAPS, NOBODY

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(page.stem for page in (ROOT / "pages").glob("*.py"))
# Each way that a page can be shown: (page, key of its own widget, value).
PARTS = [
    ("gaps", "part", "Each pupil's needs"),
    ("gaps", "part", "Gaps"),
    ("gaps", "part", "No data"),
    ("gaps", "coverage_by", "year_group"),
    ("gaps", "coverage_by", "group"),
    ("gaps", "coverage_by", "time"),
    ("reviews", "reviews_part", "Changes to check"),
    ("reviews", "reviews_part", "Offered for stopping"),
    ("reviews", "reviews_part", "Reviews held"),
    ("responses", "responses_part", "beyond"),
    ("responses", "responses_part", "hours"),
    ("responses", "responses_part", "missed"),
    ("responses", "responses_part", "aimed"),
    ("responses", "matrix_rows", "barrier"),
    ("criteria", "criteria_part", "Pupils"),
    ("criteria", "criteria_part", "Not described in full"),
    ("duplication", "when", "At any time"),
    ("provision_list", "show", "Review overdue"),
    ("provision_map", "by", "class"),
    ("provision_map", "by", "key_stage"),
    ("provision_map", "by", "group"),
    ("provision_map", "by", "pupil"),
    ("provision_map", "by", "named"),
    ("provision_map", "rows", "need"),
    ("provision_map", "rows", "tier"),
    ("provision_map", "rows", "delivery"),
    ("progress", "groups_how", "Two groups crossed"),
    ("progress", "groups_mark", "At greater depth"),
    ("progress", "progress_part", "How results are spread"),
    ("progress", "progress_part", "Who moved"),
    ("progress", "progress_part", "Pupils"),
    ("progress", "progress_part", "Classes"),
    ("progress", "progress_part", "Year by year"),
    ("progress", "progress_part", "Two subjects"),
    ("scales", "scales_part", "Expected marks"),
    ("scales", "scales_part", "Add a scale or marks"),
    ("targets", "targets_part", "Classes, years and groups"),
    ("targets", "which_targets", "all"),
    ("targets", "target_for", "shared"),
    ("voices", "voices_part", "What was heard"),
    ("voices", "voices_part", "Each provision"),
    ("voices", "heard_when", "review"),
    ("voices", "voices_part", "Assess, plan, do, review"),
    ("calculated", "calculated_part", "Each list and table"),
    ("calculated", "calculated_part", "Thresholds"),
    ("calculated", "calculated_part", "Statistics and sources"),
    ("impact", "impact_part", "By tier, need, group or year"),
    ("impact", "impact_part", "Whole-class provision"),
    ("impact", "impact_by", "group"),
    ("meeting", "meeting_part", "Run"),
    ("meeting", "meeting_part", "Close"),
    ("meeting", "meeting_part", "All meetings"),
    ("meeting_lists", "meeting_list", "not_assessed"),
    ("meeting_lists", "meeting_list", "absent"),
]


def app_at(page: str = "overview", **address: Any) -> AppTest:
    """The app before its first run, which an address opens on a page."""
    app = AppTest.from_file(str(ROOT / "provmap/ui/main.py"), default_timeout=30)
    for name, value in address.items():
        app.query_params[name] = value
    if page != "overview":
        app.switch_page(f"../../pages/{page}.py")
    return app


def open_app(page: str = "overview", **address: Any) -> AppTest:
    """The app on a page, as an address opens it."""
    return app_at(page, **address).run()


def words_of(app: AppTest) -> str:
    """All that the page says in text."""
    return "\n".join(
        str(part.value) for part in [*app.title, *app.caption, *app.markdown, *app.info, *app.error]
    )


@pytest.fixture(scope="module")
def looked_at(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built folders once more, for tests that only look: opened once, with the answers that are kept."""
    return shutil.copytree(built, tmp_path_factory.mktemp("looked at") / "built")


@pytest.fixture(params=["sample", "empty", "one_pupil"])
def school(request: pytest.FixtureRequest, looked_at: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    if request.param == "sample":
        store: Store = request.getfixturevalue("sample")
        return store
    monkeypatch.setenv("PROVMAP_DATA", str(looked_at / request.param))
    return open_store()


@pytest.mark.parametrize("page", PAGES)
def test_page_runs(school: Store, page: str) -> None:
    app = open_app(page)
    assert not app.exception
    assert not app.error
    assert app.title
    assert ("Sample school" in words_of(app)) == school.is_sample


@pytest.mark.parametrize(("page", "key", "value"), PARTS)
def test_each_part_of_a_page_runs(school: Store, page: str, key: str, value: str) -> None:
    app = open_app(page)
    if any(widget.key == key for widget in app.button_group):
        app.button_group(key=key).set_value(value).run()
    assert not app.exception
    assert not app.error


class TestScope:
    def test_sentence_counts_pupils_of_pupils(self, sample: Store) -> None:
        app = open_app("provision_list", year_group="5")
        assert "Year 5, as at 3 Mar 2026" in words_of(app)
        assert " of 210 pupils" in words_of(app)

    def test_sentence_of_an_empty_school(self) -> None:
        nobody = {"pupils": 0, "pupils_in_school": 0}
        assert scope_sentence(Filter(as_at=date(2026, 3, 3)), nobody) == (
            "All pupils, as at 3 Mar 2026: **no pupils on roll.**"
        )


class TestNobody:
    @pytest.mark.parametrize(
        "page", ["gaps", "duplication", "data_quality", "provision_list", "overview", "provision_map"]
    )
    def test_an_empty_list_is_no_good_news(self, empty: Store, page: str) -> None:
        app = open_app(page, **({"part": "Gaps"} if page == "gaps" else {}))
        told = [box.value for box in (*app.info, *app.success)]
        assert NOBODY in told
        assert not any("No gaps" in words or "overlaps were found" in words for words in told)


class TestAddress:
    def test_takes_a_code_and_a_label_alike(self, sample: Store) -> None:
        by_code = open_app("provision_list", group="pupil_premium", year_group="5")
        by_label = open_app("provision_list", group="Pupil premium", year_group="Year 5")
        assert "Year 5, Pupil premium, as at 3 Mar 2026" in words_of(by_code)
        assert words_of(by_code) == words_of(by_label)

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("year_group", "Year 55", "Year 55"),
            ("class", "Okk", "Did you mean Oak"),
            ("as_at", "yesterday", "is no date"),
            ("academic_year", "2025", "is not an academic year"),
            ("academic_year", "2030/31", "Nothing is recorded for the academic year 2030/31"),
            ("academic_year", ["2024/25", "2025/26"], "2024/25 and 2025/26 at once"),
            ("as_at", "1989-12-31", "Choose a day from 1 Jan 1990 to 31 Dec 2090"),
            ("as_at", "2091-01-01", "Choose a day from 1 Jan 1990 to 31 Dec 2090"),
            ("as_at", ["2026-03-02", "2026-03-03"], "at once"),
        ],
    )
    def test_unknown_value_is_refused_aloud(self, sample: Store, name: str, value: Any, said: str) -> None:
        app = open_app(**{name: value})
        assert said in app.error[0].value.replace("\\", "")
        assert not app.title
        assert not app.multiselect

    @pytest.mark.parametrize(
        ("page", "key", "value", "offered"),
        [
            ("gaps", "part", "Gap", "Each pupil's needs"),
            ("gaps", "part", ["Gaps", "No data"], "Each pupil's needs"),
            ("duplication", "when", "yesterday", "At any time"),
            ("duplication", "overlap", "same_needs", "two provisions for one need"),
            (
                "duplication",
                "overlap",
                ["two provisions for one need", "three"],
                "same provision twice at once",
            ),
            ("provision_list", "show", "Overdue", "Review overdue"),
            ("provision_map", "by", "By teacher", "By class"),
            ("progress", "progress_part", "Everybody", "Two subjects"),
        ],
    )
    def test_unknown_part_of_a_page_is_refused_aloud(
        self, sample: Store, page: str, key: str, value: Any, offered: str
    ) -> None:
        app = open_app(page, **{key: value})
        assert "This link asks for" in app.error[0].value
        assert offered in app.error[0].value
        assert not app.dataframe
        app.button(key="leave_out").click().run()
        assert not app.error
        assert not app.exception
        assert app.dataframe

    @pytest.mark.parametrize(("part", "key"), [("Gaps", "gap"), ("Each pupil's needs", "state")])
    def test_unknown_kind_of_a_part_is_refused_aloud(self, sample: Store, part: str, key: str) -> None:
        app = open_app("gaps", part=part, **{key: "none of these"})
        assert "none of these" in app.error[0].value
        assert not app.dataframe

    def test_kind_that_nothing_is_of_is_an_empty_list_not_everything(self, sample: Store) -> None:
        kinds = ask("gaps", make_filter(sample, classes=["Holly"]), sample)["kind"].unique().to_list()
        missing = next(words for kind, words in GAPS.items() if kind not in kinds)
        app = open_app("gaps", part="Gaps", gap=missing, **{"class": "Holly"})
        assert not app.error
        assert not app.dataframe
        assert "None of this kind was found among 15 live needs" in words_of(app)

    def test_refused_link_can_be_left(self, sample: Store) -> None:
        app = open_app(**{"class": "Okk"})
        app.button(key="clear_refused").click().run()
        assert not app.error
        assert "210 of 210 pupils" in words_of(app)

    def test_date_outside_the_academic_year_is_refused(self, sample: Store) -> None:
        app = open_app(academic_year="2024/25", as_at="2026-03-03")
        assert "is not in the academic year" in app.error[0].value

    def test_filter_goes_along_to_the_next_page(self, sample: Store) -> None:
        app = open_app("gaps", year_group="5")
        app.switch_page("../../pages/duplication.py").run()
        assert "Year 5, as at" in words_of(app)

    def test_opened_pupil_stays_out_of_the_address(self, sample: Store) -> None:
        app = open_app("pupil")
        pupil = ask("pupil_list", make_filter(sample), sample).row(0, named=True)
        app.selectbox(key="chosen_pupil").set_value((pupil["school_id"], pupil["pupil_id"])).run()
        assert app.header[0].value == f"{pupil['forename']} {pupil['surname']}"
        assert dict(app.query_params) == {}


class TestFilter:
    def test_one_choice_narrows_the_others(self, sample: Store) -> None:
        app = open_app()
        everyone = app.multiselect(key="class").options
        app.multiselect(key="year_group").select("Year 5").run()
        narrowed = app.multiselect(key="class").options
        assert set(narrowed) < set(everyone)
        assert len(app.multiselect(key="year_group").options) > 1

    def test_clear_counts_everyone_again(self, sample: Store) -> None:
        app = open_app(year_group="5", as_at="2025-11-03")
        app.button(key="clear").click().run()
        assert "All pupils, as at 3 Mar 2026" in words_of(app)

    def test_filter_that_a_question_does_not_apply_is_named(self, sample: Store) -> None:
        app = open_app("gaps", tier="Targeted")
        assert "Not applied here: tier." in words_of(app)

    def test_small_group_is_named(self, one_pupil: Store) -> None:
        assert "A small group" in words_of(open_app())


def test_tiles_are_as_long_as_their_lists(sample: Store) -> None:
    app = open_app(year_group="5")
    numbers = {metric.label: int(metric.value.replace(",", "")) for metric in app.metric}
    app.switch_page("../../pages/provision_list.py").run()
    assert len(app.dataframe[0].value) == numbers["Provision in place"]
    app.switch_page("../../pages/duplication.py").run()
    assert len(app.dataframe[0].value) == numbers["Possible overlaps"]


def test_live_needs_open_the_list_that_is_as_long(sample: Store) -> None:
    app = open_app(year_group="5")
    number = next(int(metric.value) for metric in app.metric if metric.label == "Live needs")
    links = [link.proto for link in app.get("page_link")]
    asked = next(parse_qs(link.query_string) for link in links if link.label == "See each pupil's needs")
    app.query_params["part"] = asked["part"][0]
    app.switch_page("../../pages/gaps.py").run()
    assert len(app.dataframe[0].value) == number


class TestMap:
    @pytest.mark.parametrize("rows", ["area", "need", "tier", "delivery"])
    @pytest.mark.parametrize("by", ["year_group", "class", "key_stage", "group", "pupil"])
    def test_each_count_is_of_the_pupils_that_it_opens(self, sample: Store, by: str, rows: str) -> None:
        filter = make_filter(sample)
        placements = ask("provision_list", filter, sample)
        cells = ask("provision_map", filter, sample, by=by, rows=rows)
        for cell in cells.filter(pl.col("pupils") > 0).iter_rows(named=True):
            found = behind(placements, cell, by, rows)
            assert found.select("school_id", "pupil_id").n_unique() == cell["pupils"]

    @pytest.mark.parametrize(
        ("pupils", "said"),
        [
            ("a", "1 pupil, 1 row."),
            ("abc", "3 pupils, 3 rows."),
            ("abca", "3 pupils, 4 rows: one is in it twice."),
            ("abcaa", "3 pupils, 5 rows: one is in it more than once."),
            ("abcab", "3 pupils, 5 rows: 2 are in it twice."),
        ],
    )
    def test_a_list_that_is_longer_than_its_count_says_why(self, pupils: str, said: str) -> None:
        rows = pl.DataFrame({"school_id": ["1"] * len(pupils), "pupil_id": list(pupils)})
        assert pupils_and_rows(rows) == said


def test_notes_of_one_pupils_list_say_so(sample: Store) -> None:
    app = open_app("pupil", year_group="5")
    pupil = ask("pupil_list", make_filter(sample, year_groups=["5"]), sample).row(0, named=True)
    app.selectbox(key="chosen_pupil").set_value((pupil["school_id"], pupil["pupil_id"])).run()
    names = [button.proto.label for button in app.get("download_button")]
    assert names.count("Notes") >= 1
    who = {"pupil_id": pupil["pupil_id"], "school_id": pupil["school_id"]}
    filter = make_filter(sample, year_groups=["5"])
    notes = export(ask("pupil_needs", filter, sample, **who), filter, "pupil_needs", "txt", sample)
    assert "Counted: One pupil, as at 3 Mar 2026" in notes.data.decode("utf-8-sig")


class TestLists:
    @pytest.mark.parametrize("page", ["provision_list", "pupil", "gaps"])
    def test_lists_show_labels_and_never_codes(self, sample: Store, page: str) -> None:
        app = open_app(page, as_at="2023-10-02", part="Gaps")
        shown = app.dataframe[0].value
        for column in {"needs", "need_codes", "need_code", "groups"} & set(shown.columns):
            told = {word for cell in shown[column].dropna() for word in str(cell).split(", ")}
            named = labels(sample)["groups" if column == "groups" else "needs"]
            codes = {code for code, label in named.items() if code != label}
            assert told
            assert not told & codes, column

    def test_plain_table_says_what_the_grid_says(self, sample: Store) -> None:
        app = open_app("provision_list", year_group="5")
        rows = len(app.dataframe[0].value)
        app.toggle(key="plain_provision_list").set_value(True).run()
        assert not app.exception
        assert len(app.table[0].value) == rows
        assert "Provision" in app.table[0].value.columns

    def test_kinds_can_be_picked(self, sample: Store) -> None:
        app = open_app("duplication")
        everything = len(app.dataframe[0].value)
        app.button_group(key="overlap").set_value(["same_need"]).run()
        app.toggle(key="all_duplications").set_value(True).run()
        assert 0 < len(app.dataframe[0].value) < everything
        assert set(app.dataframe[0].value["kind"]) == {"two provisions for one need"}


class TestImporting:
    def test_what_is_held_is_named_in_words_with_its_file(self, sample: Store) -> None:
        app = open_app("import_and_data")
        held = {row["dataset_file"]: row["dataset"] for _, row in app.dataframe[0].value.iterrows()}
        assert held["placements"] == "Provision for pupils"
        assert set(DATASETS) == set(datasets())

    @pytest.mark.parametrize("file", ["pupils", "assessments"])
    def test_a_first_import_without_pupils_says_that_nobody_will_be_counted(
        self, sample: Store, file: str
    ) -> None:
        held = (ROOT / "sample_data" / f"{file}.csv").read_bytes()
        app = open_app("import_and_data")
        app.file_uploader[0].set_value([(f"{file}.csv", held, "text/csv")]).run()
        app.button(key="look").click().run()
        assert not app.exception
        said = any("nobody is counted until you import your pupils" in one.value for one in app.warning)
        assert said == (file != "pupils")

    def test_every_kind_of_file_that_is_read_can_be_chosen(self, sample: Store) -> None:
        offered = set(open_app("import_and_data").file_uploader[0].proto.type)
        expected = "csv tsv txt xlsx xlsm xls ods xml parquet pq zip"
        assert {f".{ending}" for ending in expected.split()} <= offered

    def test_a_notice_reads_as_a_sentence(self, data: Path) -> None:
        app = open_app("import_and_data")
        rows = b"pupil_id,upn,surname,forename,year_group\n1,V37391012190A,Ash,Robin,5\n2,,Elm,Kit,15\n"
        app.file_uploader[0].set_value([("pupils.csv", rows, "text/csv")]).run()
        app.button(key="look").click().run()
        told = app.dataframe[0].value.set_index("verdict")["told"]
        assert told["kept"].startswith(("This UPN", "The first letter"))
        assert told["rejected"].startswith("Expected ")

    def test_files_are_looked_at_and_confirmed(self, data: Path) -> None:
        app = open_app("import_and_data")
        files = [
            ("pupils.csv", b"pupil_id,surname,forename,year_group\n1,Ash,Robin,5\n2,Elm,Kit,5\n", "text/csv"),
            ("needs.csv", b"pupil_id,need_code,start_date\n1,SLCN,2025-09-01\n2,SLCN,soon\n", "text/csv"),
        ]
        app.file_uploader[0].set_value(files).run()
        app.button(key="look").click().run()
        assert not app.exception
        assert not app.error
        assert "1 row rejected" in words_of(app)
        assert "Sample school" in words_of(app)
        app.button(key="confirm").click().run()
        assert "Every page now shows your school" in app.success[0].value
        assert "2 of 2 pupils" in words_of(app)
        app.button(key="undo").click().run()
        assert "is taken back" in words_of(app)

    def test_a_refused_file_changes_nothing(self, data: Path) -> None:
        app = open_app("import_and_data")
        app.file_uploader[0].set_value([("notes.csv", b"nothing,known\n1,2\n", "text/csv")]).run()
        app.button(key="look").click().run()
        assert not app.exception
        assert app.error or app.button(key="confirm").disabled
        assert "Sample school" in words_of(app)


def test_page_outside_the_frame_shows_nothing(sample: Store) -> None:
    page = AppTest.from_file(str(ROOT / "pages/gaps.py")).run()
    assert not page.title
    assert not page.dataframe


def test_every_page_is_in_the_navigation() -> None:
    assert {name for pages in NAVIGATION.values() for name in pages} >= set(PAGES)
