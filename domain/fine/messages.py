"""What a fine is asked, and what happens to it."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.fine_shares import FineShare, Joint
from domain.kernel import Command, Event
from domain.money import MAX_AMOUNT_FEN

Ground = Literal["R11.1.10", "R11.1.13", "R11.3"]
"""A lost document, late work, help that failed."""
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Count = Annotated[int, msgspec.Meta(ge=1, le=100)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=MAX_AMOUNT_FEN)]


class ImposeFine(Command, frozen=True, kw_only=True):
    """Fine a person for a lost document, for late work, or for help that failed (处罚).

    ``amount_fen`` is the director's choice for late work and follows from the rules otherwise. ``count`` is the
    number of documents or occasions. ``complaint_id`` names the complaint that the late work was about, so that
    two fines for one matter are seen.
    """

    clause: Ground
    person: UUID
    joint: Joint = ()
    happened_on: date
    matter: Reason
    count: Count = 1
    amount_fen: Amount | None = None
    complaint_id: UUID | None = None


class RevokeFine(Command, frozen=True, kw_only=True):
    """Take a fine back, with all its shares (撤销处罚)."""

    reason: Reason


class FineImposed(Event, frozen=True, kw_only=True, tag="fine.imposed"):
    """A fine, and who bears which part of it. ``act`` names the matter, by ``overlap`` the ledgers book it."""

    clause: Ground
    rule_version: int
    readings: dict[str, str]
    overlap: Literal["heavier", "both"]
    act: str
    happened_on: date
    matter: str
    count: int
    shares: tuple[FineShare, ...]
    imposed_by: UUID
    imposed_on: date
    complaint_id: UUID | None = None


class FineRevoked(Event, frozen=True, kw_only=True, tag="fine.revoked"):
    """The fine no longer stands; ``shares`` are those to be taken back."""

    clause: Ground
    reason: str
    shares: tuple[FineShare, ...]
    revoked_by: UUID
