"""The store: kept files, the contract they follow, and the database built from them."""

from provmap.journal import key_of
from provmap.store.builds import build, go_back, keep_import, taken_back, undo
from provmap.store.contract import STATUS_FLAGS, Column, Dataset, datasets, journal_datasets
from provmap.store.entering import (
    Edit,
    dataset_of,
    entries_of,
    row_now,
    rows_to_edit,
    save,
    take_back,
    written_conflicts,
)
from provmap.store.kept import Manifest, data_folder, list_imports
from provmap.store.memory import is_remembered, remembered
from provmap.store.opened import Store, forget_stores, open_store
from provmap.store.sample_store import SAMPLE_TODAY
from provmap.store.versions import read_version

__all__ = [
    "SAMPLE_TODAY",
    "STATUS_FLAGS",
    "Column",
    "Dataset",
    "Edit",
    "Manifest",
    "Store",
    "build",
    "data_folder",
    "dataset_of",
    "datasets",
    "entries_of",
    "forget_stores",
    "go_back",
    "is_remembered",
    "journal_datasets",
    "keep_import",
    "key_of",
    "list_imports",
    "open_store",
    "read_version",
    "remembered",
    "row_now",
    "rows_to_edit",
    "save",
    "take_back",
    "taken_back",
    "undo",
    "written_conflicts",
]
