"""The store: kept files, the contract they follow, and the database built from them."""

from provmap.store.builds import build, go_back, keep_import, taken_back, undo
from provmap.store.contract import STATUS_FLAGS, Column, Dataset, datasets
from provmap.store.entering import Edit, rows_to_edit, save, take_back
from provmap.store.kept import Manifest, data_folder, list_imports
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
    "datasets",
    "forget_stores",
    "go_back",
    "keep_import",
    "list_imports",
    "open_store",
    "read_version",
    "rows_to_edit",
    "save",
    "take_back",
    "taken_back",
    "undo",
]
