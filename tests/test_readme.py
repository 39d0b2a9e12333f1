"""The README is complete: it names every question, command and page, and marks its two first commands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from provmap.questions import question_names

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8") if (ROOT / "README.md").exists() else ""


def command_names() -> list[str]:
    words = subprocess.run(
        [sys.executable, "-m", "provmap", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return re.findall(r"^    (\w+)(?: |$)", words.stdout, flags=re.MULTILINE)


def page_titles() -> list[str]:
    """The titles that `st.Page` is given in the navigation, in whatever form they are listed there."""
    navigation = (ROOT / "provmap" / "ui" / "navigation.py").read_text(encoding="utf-8")
    files = [file.stem for file in (ROOT / "pages").glob("*.py")]
    return [re.findall(rf'"{name}": "([^"]+)"', navigation)[0] for name in files]


@pytest.mark.parametrize("name", question_names())
def test_every_question_is_named(name: str) -> None:
    assert f"`{name}`" in README


def test_every_command_is_named() -> None:
    names = command_names()
    assert {"import", "ask", "questions", "status", "undo", "sample", "build"} <= set(names)
    assert [name for name in names if f"python -m provmap {name}" not in README] == []


def test_every_page_is_named() -> None:
    assert [title for title in page_titles() if title not in README] == []


@pytest.mark.parametrize("marker", ["start", "tests"])
def test_the_two_first_commands_are_marked(marker: str) -> None:
    """`.ci/run` runs the block after `<!-- tests -->`."""
    block = re.search(rf"<!-- {marker} -->\s*```\w*\n(.*?)```", README, flags=re.DOTALL)
    assert block is not None
    assert "python -m pip install -r " in block.group(1)


def test_files_that_the_readme_links_to_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
