"""Imports findings and ballots from CSV and XLSX, and makes the templates for them."""

from services.imports.importing import import_file
from services.imports.report import ImportReport, Kind, RowError

__all__ = ["ImportReport", "Kind", "RowError", "import_file"]
