"""What the import page says of pupils: by name, who is not in the file, and what came in."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.test_imports_alarms import bring
from tests.test_mapping_start import open_file
from tests.test_pages import words_of
from tests.tiny import DAY

HEAD = "pupil_id,surname,forename,year_group,sen_status\n"
ROLL = HEAD + "p1,Ash,Robin,5,K\np2,Elm,Kit,5,N\np3,Yew,Ama,5,N\n"
LATER = HEAD + "p1,Ash,Robin,5,N\np2,Elm,Kit,5,N\n"


def opened(data: Path, text: str) -> AppTest:
    bring(data, DAY, pupils=ROLL)
    return open_file("pupils.csv", text.encode())


def _table(app: AppTest, column: str) -> Any:
    return next(one.value for one in app.dataframe if column in one.value.columns)


def test_who_is_not_in_the_file_is_named(data: Path) -> None:
    app = opened(data, LATER)
    (said,) = (one.value for one in app.info if "not in this file" in one.value)
    assert "1 pupil on roll is not in this file, and stays on roll: Ama Yew." in said.replace("\\", "")


def test_nobody_is_named_where_all_are_there(data: Path) -> None:
    app = opened(data, ROLL.replace("p1,Ash,Robin,5,K", "p1,Ash,Robin,5,N"))
    assert not any("not in this file" in one.value for one in app.info)


def test_changes_are_of_pupils_and_columns_that_a_teacher_knows(data: Path) -> None:
    app = opened(data, LATER)
    (row,) = _table(app, "was").to_dict("records")
    assert (row["key"], row["column"], row["was"], row["now"]) == ("Robin Ash", "SEN status", "K", "N")
    assert "SEN status 1" in words_of(app)


def test_what_came_in_is_counted(data: Path) -> None:
    app = opened(data, LATER + "p4,Oak,,5,N\n")
    frame = _table(app, "remedy")
    assert list(frame.columns).index("remedy") < list(frame.columns).index("told")
    assert "1 row rejected" in words_of(app)
    app.button(key="confirm").click().run()
    assert not app.exception
    said = app.success[0].value
    assert "pupils: 2 in (0 new, 1 changed), 1 not" in said
    assert "Overview" in said


def test_what_is_only_kept_is_not_called_rejected(data: Path) -> None:
    app = opened(data, LATER + "p4,Oak,Jo,5,nonsense\n")
    assert any("No row is rejected" in one.value for one in app.markdown)
