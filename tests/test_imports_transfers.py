"""Pupils of a transfer file are those held under their UPN, or under a former one, and that is said."""

from pathlib import Path
from typing import Any

from provmap.imports import Preview, commit, preview
from provmap.imports.plans import plan_from, plan_json
from provmap.store import open_store
from provmap.ui.mapping_words import step_words
from provmap.ui.plan_changes import with_step, without_step
from tests.test_imports_ctf import HEADER, whole
from tests.tiny import DAY

TEMPORARY, LASTING, OTHER = "X84521281800A", "X845212818005", "B801200005001"
HEADINGS = "pupil_id,surname,forename,year_group,class,upn\n"
ROLL = f"{HEADINGS}7,Elm,Sam,5,Oak,{TEMPORARY}\n8,Ash,Robin,5,Oak,{OTHER}\n"
PUPILS = "select pupil_id, surname, class, upn from store.pupils order by 1"


def ctf(*pupils: str) -> bytes:
    return whole("".join(pupils), HEADER)


def pupil(upn: str, former: str = "", surname: str = "Elm", inside: str = "") -> str:
    old = f"<FormerUPN>{former}</FormerUPN>" if former else ""
    return (
        f"<Pupil><UPN>{upn}</UPN><Surname>{surname}</Surname><Forename>Sam</Forename>"
        f"<BasicDetails>{old}<NCyearActual>5</NCyearActual></BasicDetails>{inside}</Pupil>"
    )


def bring(data: Path, *files: tuple[str, bytes]) -> Preview:
    found = preview(data, list(files), DAY)
    commit(found, "test", accept_alarms=True)
    return found


def held(data: Path, select: str = PUPILS) -> Any:
    return open_store(data).cursor().sql(select).fetchall()


def test_by_upn_under_the_schools_own_number(data: Path) -> None:
    bring(data, ("pupils.csv", ROLL.encode()))
    need = "<SENneeds><SENneed><SENtypeRank>1</SENtypeRank><SENtype>SLCN</SENtype></SENneed></SENneeds>"
    found = bring(data, ("a.xml", ctf(pupil(OTHER, surname="Ashe", inside=need))))
    assert found.counts["pupils"]["changed"] == 1
    words = "Transfer files: 1 pupil is found by UPN under the school's own number, and told of under that."
    assert words in found.notices
    assert held(data) == [("7", "Elm", "Oak", TEMPORARY), ("8", "Ashe", "Oak", OTHER)]
    assert held(data, "select pupil_id, need_code from store.needs") == [("8", "SLCN")]


def test_a_former_upn_is_followed_and_said(data: Path) -> None:
    bring(data, ("pupils.csv", ROLL.encode()))
    found = bring(data, ("a.xml", ctf(pupil(LASTING, TEMPORARY))))
    words = "Transfer files: 1 pupil is held under a former UPN: taken to be the same, and given the new UPN."
    assert words in found.notices
    assert found.changed_columns == {"pupils": {"upn": 1}}
    assert held(data)[0] == ("7", "Elm", "Oak", LASTING)
    # From now on the new one is held.
    assert preview(data, [("a.xml", ctf(pupil(LASTING, TEMPORARY)))], DAY).changes_nothing


def test_who_came_by_transfer_file_is_followed_too(data: Path) -> None:
    bring(data, ("a.xml", ctf(pupil(TEMPORARY))))
    bring(data, ("b.xml", ctf(pupil(LASTING, TEMPORARY))))
    assert held(data) == [(TEMPORARY, "Elm", None, LASTING)]
    bring(data, ("c.xml", ctf(pupil(LASTING, surname="Oak"))))
    assert held(data) == [(TEMPORARY, "Oak", None, LASTING)]


def test_with_the_roll_in_the_same_import(data: Path) -> None:
    found = bring(
        data, ("pupils.csv", ROLL.encode()), ("a.xml", ctf(pupil(TEMPORARY, inside="<Sex>F</Sex>")))
    )
    assert found.rejected_rows == 0
    assert held(data, "select pupil_id, class, sex from store.pupils order by 1") == [
        ("7", "Oak", "F"), ("8", "Oak", None),
    ]  # fmt: skip


def test_held_under_both_is_said_and_not_joined(data: Path) -> None:
    bring(data, ("pupils.csv", ROLL.replace(OTHER, LASTING).encode()))
    found = bring(data, ("a.xml", ctf(pupil(LASTING, TEMPORARY, "Ash"))))
    assert any("1 pupil is held twice" in words for words in found.notices)
    assert [row[0] for row in held(data)] == ["7", "8"]


def test_a_former_upn_in_the_same_import_is_followed(data: Path) -> None:
    found = bring(data, ("a.xml", ctf(pupil(TEMPORARY))), ("b.xml", ctf(pupil(LASTING, TEMPORARY))))
    words = "1 pupil is in these files under a former UPN too: taken to be the same."
    assert f"Transfer files: {words}" in found.notices
    assert found.rejected_rows == 0
    assert held(data) == [(LASTING, "Elm", None, LASTING)]


def test_a_placeholder_is_nobody(data: Path) -> None:
    bring(data, ("pupils.csv", ROLL.replace(TEMPORARY, "UN1").encode()))
    found = bring(data, ("a.xml", ctf(pupil("UN1", surname="Oak"))))
    assert not any("found by UPN" in words for words in found.notices)
    assert ("7", "Elm", "Oak", "UN1") in held(data)


def test_a_pupil_of_another_school_is_another_row(data: Path) -> None:
    other = f"school_id,pupil_id,surname,forename,year_group,upn\n999999,7,Elm,Sam,5,{TEMPORARY}\n"
    bring(data, ("pupils.csv", other.encode()))
    found = bring(data, ("a.xml", ctf(pupil(TEMPORARY))))
    assert not any("Transfer files" in words for words in found.notices)
    assert held(data, "select school_id, pupil_id from store.pupils order by 1") == [
        ("100001", TEMPORARY), ("999999", "7"),
    ]  # fmt: skip


def test_never_by_name(data: Path) -> None:
    bring(data, ("pupils.csv", ROLL.replace(TEMPORARY, "").encode()))
    bring(data, ("a.xml", ctf(pupil(LASTING))))
    assert [row[0] for row in held(data)] == ["7", "8", LASTING]


class TestOwnHeadings:
    """A census or MIS list with a column of former UPNs."""

    HEADINGS = "UPN,FormerUPN,Surname,Forename,NCyearActual\n"
    ROWS = f"{LASTING},{TEMPORARY},Elm,Sam,5\n{OTHER},,Ash,Robin,5\n"
    FILE = ("census.csv", (HEADINGS + ROWS).encode())

    def test_the_former_upn_is_followed_and_said(self, data: Path) -> None:
        bring(data, ("pupils.csv", ROLL.encode()))
        found = bring(data, self.FILE)
        assert [step["do"] for step in found.foreign[0].plan.steps] == ["match by UPN", "follow former UPN"]
        words = "census.csv: 1 row is of a pupil held under a former UPN: taken to be the same."
        assert words in found.notices
        assert held(data) == [("7", "Elm", "Oak", LASTING), ("8", "Ash", "Oak", OTHER)]

    def test_it_can_be_undone(self, data: Path) -> None:
        bring(data, ("pupils.csv", ROLL.encode()))
        (one,) = preview(data, [self.FILE], DAY).foreign
        step = one.plan.steps[1]
        plan = without_step(one.plan, step)
        found = preview(data, [self.FILE], DAY, plans={"census.csv": plan})
        assert found.counts["pupils"]["new"] == 1
        assert not any("former UPN" in words for words in found.notices)
        assert "former UPN" in step_words(step, "")
        again = preview(
            data, [self.FILE], DAY, plans={"census.csv": plan_from(plan_json(with_step(plan, step)))}
        )
        assert again.counts["pupils"]["new"] == 0

    def test_without_the_column_nothing_is_asked(self, data: Path) -> None:
        text = f"UPN,Surname,Forename,NCyearActual\n{LASTING},Elm,Sam,5\n"
        (one,) = preview(data, [("census.csv", text.encode())], DAY).foreign
        assert [step["do"] for step in one.plan.steps] == ["match by UPN"]
