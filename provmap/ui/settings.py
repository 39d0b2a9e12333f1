"""The thresholds in force on the page's day, as a rule says them."""

from __future__ import annotations

from provmap.ui.page import Page


def thresholds(page: Page) -> dict[str, str]:
    """Every threshold by name, as a number in words: 84, 0.5."""
    rows = page.ask("thresholds")
    return {name: f"{value:g}" for name, value in rows.select("name", "value").iter_rows()}


def threshold(page: Page, name: str) -> str:
    """One of them."""
    return thresholds(page)[name]
