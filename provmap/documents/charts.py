"""A chart -> a picture of lines and letters, drawn on this machine, for a document."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

from provmap.documents.letters import SIGNS

FONTS = Path(__file__).parent / "fonts"
FONT = "Noto Sans"
UNSIGNED = str.maketrans("", "", SIGNS)
# What makes axes begin below each other where charts stand below each other.
ROOM_LEFT = ("minExtent", "maxExtent")
# A narrower chart has its key in one column.
NARROW = 500


def drawn(spec: dict[str, Any], width: int, height: int | None = None) -> tuple[str, str]:
    """The SVG of a Vega-Lite specification, so many units wide, and what it says for who cannot see it.

    With a `height` it is one of several that stand beside each other: its field is so high, and it has no
    key, which is said once for all.
    """
    _know_our_fonts()
    of_a_document = spec | {
        "width": width - 20, "autosize": {"type": "fit-x", "contains": "padding"},
        "config": spec.get("config", {}) | {"font": FONT, "background": "white"},
    }  # fmt: skip
    if height:
        of_a_document = _beside(of_a_document) | {"height": height}
    text = json.dumps(
        _with_one_column(of_a_document) if width < NARROW else of_a_document, ensure_ascii=False
    )
    # No address is allowed: a chart brings its data along.
    svg = vl_convert.vegalite_to_svg(text.translate(UNSIGNED), vl_version="6.4", allowed_base_urls=[])
    return str(svg), str(spec.get("description", ""))


def with_names_beside(part: Any, extent: int = 235, step: int = 20) -> Any:
    """The same bars with the names of rows to the left of them, in lower rows: paper is broad."""
    if isinstance(part, list):
        return [with_names_beside(one, extent, step) for one in part]
    if not isinstance(part, dict):
        return part
    made = {name: with_names_beside(value, extent, step) for name, value in part.items()}
    if "labelOffset" in made:
        told = {"labelLimit": extent - 10, "labelFontSize": 11, "minExtent": extent, "maxExtent": extent}
        made = {name: made[name] for name in ("ticks", "domain", "title") if name in made} | told
    if made.get("type") == "temporal" and "axis" in made:
        made["axis"] = (made["axis"] or {}) | {"labelOverlap": "greedy", "labelSeparation": 12}
    if isinstance(made.get("height"), dict) and "step" in made["height"]:
        made["height"] = {"step": step}
    return made


@cache
def _know_our_fonts() -> None:
    """The letters are measured in the font in which they are printed."""
    vl_convert.register_font_directory(str(FONTS))


def _beside(part: Any) -> Any:
    """The same chart without the key of its colours and shapes, and without room kept for long words."""
    if isinstance(part, list):
        return [_beside(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {name: _beside(value) for name, value in part.items() if name not in ROOM_LEFT}
    for name in ("color", "shape"):
        if isinstance(made.get(name), dict) and "field" in made[name]:
            made[name]["legend"] = None
    if made.get("type") == "temporal" and "axis" in made:
        made["axis"] = (made["axis"] or {}) | {"labelOverlap": "greedy", "labelSeparation": 12}
    return made


def _with_one_column(part: Any) -> Any:
    """The same chart with the entries of its key below each other."""
    if isinstance(part, list):
        return [_with_one_column(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: value | {"columns": 1}
        if name == "legend" and isinstance(value, dict)
        else _with_one_column(value)
        for name, value in part.items()
    }
