"""Which data folder a command works on."""

import argparse
from pathlib import Path

from provmap.store import data_folder


def folder_of(arguments: argparse.Namespace) -> Path:
    """The data folder that a command works on."""
    chosen: Path | None = getattr(arguments, "data", None)
    return chosen.expanduser().resolve() if chosen else data_folder()
