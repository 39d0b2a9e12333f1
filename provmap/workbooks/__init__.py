"""Workbooks (XLSX, XLSM, ODS, XLS) -> the cells of their sheets as text; run as a process of its own.

Nothing here needs more than Python and xlrd, so that the process starts fast and its memory can be limited.
"""
