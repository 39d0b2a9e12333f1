"""The shape of the project, held over the syntax tree: who imports whom, where libraries appear, sizes.

A new module fails here until it has a place in `MAY_IMPORT`: the moment to think where it belongs.
"""

import ast
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import LONGEST

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "provmap").rglob("*.py")])
TOP_LEVEL = {
    "app.py", "pages", "provmap", "sql", "sample_data", "tests", "requirements.txt", "README.md",
    "pyproject.toml", "LICENSE", "CHANGELOG.md",
}  # fmt: skip


@cache
def tree_of(source: Path) -> ast.Module:
    """What a file says, read once for all that is asked of it."""
    return ast.parse(source.read_text(encoding="utf-8"))


# Imports run one way: a part of the program may import these others (and itself), and nothing else.
MAY_IMPORT = {
    "app": {"ui"},
    "pages": {"ui", "charts", "words"},
    "ui": {
        "drafts",
        "documents",
        "meetings",
        "reviews",
        "family_sheet",
        "family_facts",
        "other_names",
        "questions",
        "imports",
        "exports",
        "store",
        "filters",
        "sample",
        "errors",
        "charts",
        "words",
    },
    "commands": {"questions", "imports", "exports", "store", "filters", "sample", "errors", "safe_csv"},
    "__main__": {"commands", "errors"},
    "documents": set(),
    "meetings": {"questions", "store", "filters"},
    "reviews": {"questions", "store", "filters"},
    "family_sheet": {"documents", "family_facts", "filters", "words"},
    "family_facts": {"questions", "store", "filters"},
    "other_names": {"questions", "store", "filters"},
    "exports": {"questions", "store", "filters", "errors", "safe_csv"},
    "questions": {"store", "filters", "statistics", "errors"},
    "statistics": set(),
    "imports": {"store", "workbooks", "filters", "errors", "safe_csv"},
    "workbooks": {"errors"},
    "sample": {"store", "errors"},
    "store": {"journal", "filters", "errors"},
    "journal": {"errors"},
    "drafts": {"journal"},
    "charts": {"words"},
    "filters": {"errors"},
    "errors": set(),
    "safe_csv": set(),
    "words": set(),
    "__init__": set(),
}
# Libraries kept to the parts that own them. The launcher imports them early, for Streamlit's sake.
ONLY_IN = {
    "streamlit": {"app", "pages", "ui"},
    "duckdb": {"app", "store", "imports", "questions"},
    "altair": {"app", "charts"},
    "xlsxwriter": {"exports"},
    "xlrd": {"workbooks"},
    "scipy": {"app", "statistics"},
    "typst": {"documents"},
    "vl_convert": {"documents"},
}
# The store's tables are put together from names of the contract; its own tests try hostile file names.
BUILDS_SQL = {"store"}
SQL_WORDS = re.compile(
    r"\b(select\s.+\bfrom|insert\s+into|delete\s+from|update\s+\w+\s+set|create\s+\w+|attach|copy)\b",
    re.IGNORECASE | re.DOTALL,
)


def part_of(source: Path) -> str:
    """The part of the program that a file belongs to: `provmap/store/builds.py` is of `store`."""
    parts = source.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "provmap" else parts[0]


def short_name(source: Path) -> str:
    return source.relative_to(ROOT).as_posix()


def imported_modules(source: Path) -> list[str]:
    tree = tree_of(source)
    modules = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "provmap":
            modules += [f"provmap.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.append(node.module)
    return modules


@pytest.mark.parametrize("source", SOURCES, ids=short_name)
class TestEachFile:
    def test_imports_run_one_way(self, source: Path) -> None:
        part = part_of(source)
        allowed = MAY_IMPORT[part] | {part}
        others = {name.split(".")[1] for name in imported_modules(source) if name.startswith("provmap.")}
        assert others <= allowed, f"{part} may not import {sorted(others - allowed)}"

    def test_libraries_stay_where_they_belong(self, source: Path) -> None:
        part = part_of(source)
        used = {name.split(".")[0] for name in imported_modules(source)}
        strayed = [library for library, parts in ONLY_IN.items() if library in used and part not in parts]
        assert strayed == []

    def test_no_relative_imports(self, source: Path) -> None:
        tree = tree_of(source)
        relative = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
        assert relative == []

    def test_size(self, source: Path) -> None:
        most = 80 if part_of(source) == "pages" else 400
        lines = len(source.read_text(encoding="utf-8").splitlines())
        assert lines <= most, "a calculation for sql/, a chart for charts, or a second subject?"


@pytest.mark.parametrize(
    "source", [source for source in SOURCES if part_of(source) not in BUILDS_SQL], ids=short_name
)
def test_nothing_is_formatted_into_sql(source: Path) -> None:
    tree = tree_of(source)
    found = [
        f"line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and SQL_WORDS.search("".join(part.value for part in node.values if isinstance(part, ast.Constant)))
    ]
    assert found == []


def test_the_parts_have_no_cycle() -> None:
    def reach(part: str, path: tuple[str, ...]) -> None:
        assert part not in path, " -> ".join([*path, part])
        for other in MAY_IMPORT[part]:
            reach(other, (*path, part))

    for part in MAY_IMPORT:
        reach(part, ())


def test_pages_and_ui_hold_no_sql() -> None:
    texts = [
        (source, node.value)
        for source in SOURCES
        if part_of(source) in {"pages", "ui", "app"}
        for node in ast.walk(tree_of(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [source.name for source, text in texts if re.match(r"\s*(select|with)\s", text)] == []


# Where Streamlit's own fields for words stand, and why what is typed there need not be kept: they send
# nothing while somebody types, and a reload takes it away. Everything else is `text_field` or `kept_fields`.
NOT_KEPT = {
    "writing.py": "the writer's name, which is known for a day once something is saved",
    "meeting_form.py": "the writer's name",
    "mapping_names.py": "about a file that was uploaded, which a reload takes away with it",
    "mapping_details.py": "about a file that was uploaded",
    "mapping_questions.py": "about a file that was uploaded",
    "in_what.py": "the name of a new subject, kept with the words of the target",
}
WORDS = {"text_area", "text_input", "data_editor", "chat_input"}


def test_what_is_typed_is_kept_in_every_form() -> None:
    drawn = {
        source.name: source
        for source in SOURCES
        if part_of(source) in {"pages", "ui", "app"}
        for node in ast.walk(tree_of(source))
        if isinstance(node, ast.Attribute) and node.attr in WORDS
    }
    assert sorted(drawn) == sorted(NOT_KEPT), "words that a reload takes away: use text_field or kept_fields"


def test_no_field_that_keeps_its_words_stands_where_nothing_is_sent() -> None:
    """In `st.form` nothing is sent before its button, and so nothing is kept."""
    keeps = {"text_field", "kept_fields", "correct", "enter"}
    found = [
        f"{source.name}: {call.func.id}"
        for source in SOURCES
        for block in ast.walk(tree_of(source))
        if isinstance(block, ast.With) and any(_is_form(item.context_expr) for item in block.items)
        for call in ast.walk(block)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in keeps
    ]
    assert found == []


def _is_form(one: ast.expr) -> bool:
    return isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "form"


def test_top_level_is_the_agreed_layout() -> None:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what belongs to the project cannot be told from what lies beside it")
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = {line.split("/")[0] for line in listing.stdout.splitlines()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_files_that_start_first_exist() -> None:
    assert [name for name in LONGEST if not (ROOT / "tests" / name).exists()] == []


def test_no_page_of_a_test_leaves_the_program_changed() -> None:
    """What a script of AppTest sets in a module stays for every later test of the process."""
    left = []
    for source in sorted((ROOT / "tests").glob("test_*.py")):
        for node in ast.walk(tree_of(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "provmap" in node.value:
                left += [source.name for words in _changed_modules(node.value) if words]
    assert left == []


def _changed_modules(script: str) -> list[str]:
    """The attributes that a script sets in modules that it imports from the program."""
    try:
        nodes = list(ast.walk(ast.parse(script)))
    except SyntaxError:
        return []
    imports = [one for one in nodes if isinstance(one, ast.ImportFrom) and "provmap" in str(one.module)]
    known = {name.asname or name.name for one in imports for name in one.names}
    targets = [target for one in nodes if isinstance(one, ast.Assign) for target in one.targets]
    set_in = [target for target in targets if isinstance(target, ast.Attribute)]
    return [one.attr for one in set_in if isinstance(one.value, ast.Name) and one.value.id in known]
