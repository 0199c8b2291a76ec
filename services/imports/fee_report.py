"""What an import of units, readings or bank rows answers, row by row, in both languages."""

from uuid import UUID

import msgspec

from services.imports.report import RowError


class FeeImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or as a dry run would do.

    Of ``rows`` with data, ``new`` are fit to be booked, ``skipped`` are booked already, ``unmatched`` belong to no
    account and say what to do. ``errors`` keep the whole file out; ``warnings`` do not. ``booked`` were booked: all
    new ones, or none.
    """

    kind: str
    project_id: UUID
    dry_run: bool
    rows: int
    new: int
    skipped: int
    ignored: int
    booked: int = 0
    errors: tuple[RowError, ...] = ()
    warnings: tuple[RowError, ...] = ()
    unmatched: tuple[RowError, ...] = ()
    position: int = 0
