"""What an import answers: how many rows were new, known or wrong, and what is wrong with each, in both languages."""

from typing import Literal
from uuid import UUID

import msgspec

from domain.kernel import Text

MAX_ERRORS_SHOWN = 500
MAX_VALUE_SHOWN = 60

Kind = Literal["findings", "ballots", "readings", "bank_rows", "units"]


class RowError(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, and where: the row as the file numbers it and the column as the file heads it.

    Without a row it concerns the whole file, without a column the whole row. ``value`` is what stands there, shortened.
    """

    code: str
    zh: str
    en: str
    row: int | None = None
    column: str | None = None
    field: str | None = None
    value: str | None = None
    clause: str | None = None

    def message(self, locale: str) -> str:
        """The sentence in the reader's language, ``zh`` or ``en``."""
        return self.en if locale == "en" else self.zh


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or as a dry run would do.

    ``rows`` counts the rows with data; of these ``new`` are fit to be added and ``skipped`` stand there already.
    ``added`` were added: all new ones, or none when it was a dry run or anything was wrong. ``ignored`` rows are
    examples of the template. ``error_count`` counts all errors, ``errors`` lists the first of them.
    """

    assessment_id: UUID
    kind: Kind
    dry_run: bool
    rows: int
    new: int
    skipped: int
    ignored: int
    added: int
    error_count: int
    errors: tuple[RowError, ...]
    version: int = 0
    """The assessment's version after the import."""
    position: int = 0
    """The tenant's position of what was added; 0 when nothing was."""
    replayed: bool = False
    """Whether this is what was answered to the same request before."""


def shown(value: object) -> str | None:
    """A cell's content, shortened for people; none for an empty cell."""
    if value is None:
        return None
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_VALUE_SHOWN else f"{text[: MAX_VALUE_SHOWN - 1]}…"


class Unreadable(Exception):  # noqa: N818 - an answer to the reader
    """The file as a whole can not be read."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(f"{code}: {text.en}")
        self.error = RowError(code=code, zh=text.zh, en=text.en)
