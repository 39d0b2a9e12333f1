"""Any file -> datasets: readers, headings, values, checks; one module a job.

`preview` says what an import would do, `commit` does it, `write_rejected` lists what was left out.
"""

from provmap.imports.alarms import Alarm
from provmap.imports.policies import POLICIES
from provmap.imports.preview import BLANK_FLAGS, Preview, commit, preview
from provmap.imports.reading import Reading, read_paths
from provmap.imports.rejected import csv_bytes, rejected_rows, write_rejected

__all__ = [
    "BLANK_FLAGS",
    "POLICIES",
    "Alarm",
    "Preview",
    "Reading",
    "commit",
    "csv_bytes",
    "preview",
    "read_paths",
    "rejected_rows",
    "write_rejected",
]
