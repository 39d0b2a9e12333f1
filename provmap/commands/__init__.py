"""What each command does: reads its arguments, calls the layer below, prints. Returns the exit code."""

from provmap.commands.asking import BY, FORMATS, ROWS, answer_question, list_questions
from provmap.commands.folder import folder_of
from provmap.commands.importing import import_files
from provmap.commands.journals import export_journal, import_journal
from provmap.commands.keeping import build_store, show_status, undo_import, write_sample

__all__ = [
    "BY",
    "FORMATS",
    "ROWS",
    "answer_question",
    "build_store",
    "export_journal",
    "folder_of",
    "import_files",
    "import_journal",
    "list_questions",
    "show_status",
    "undo_import",
    "write_sample",
]
