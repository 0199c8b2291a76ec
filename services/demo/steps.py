"""What people of the demonstration do, one step after the other."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from services.imports import Kind


class Born(msgspec.Struct, frozen=True, kw_only=True):
    """An id that a stream gave to something: it stands under ``path`` in the ``place``-th event of a tag, from 1."""

    stream: UUID
    tag: str
    place: int
    path: tuple[str, ...]


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """A command to a stream. ``finding`` and ``incident`` are found in the stream when its turn has come.

    With ``born`` the stream is the one whose id came up there. What follows from a step ``at_once`` with others is
    waited for only after the last of them.
    """

    at: datetime
    by: str
    noun: str
    stream: UUID
    command: str
    fields: dict[str, Any]
    finding: str | None = None
    incident: int | None = None
    at_once: bool = False
    born: Born | None = None


class ImportFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to be imported into an assessment."""

    at: datetime
    by: str
    stream: UUID
    kind: Kind
    file: Path


Step = Send | ImportFile
