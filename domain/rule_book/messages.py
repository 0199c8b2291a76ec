"""What a rule book is asked, and what happens to it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec

from domain.kernel import Command, Event

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
RegulationId = Annotated[str, msgspec.Meta(min_length=2, max_length=8, pattern=r"^R[0-9]+$(?!\n)")]
Changes = Annotated[dict[str, Any], msgspec.Meta(min_length=1, max_length=100)]
"""Rule values by field name, as on the wire: decimals as strings, lists whole."""


class AdoptPack(Command, frozen=True, kw_only=True):
    """Adopt the shipped values of a regulation as version 1, in force from any date."""

    regulation: RegulationId
    effective_from: date


class DraftVersion(Command, frozen=True, kw_only=True):
    """Draft the next version: the latest published values with these changes."""

    changes: Changes
    note: Note


class ReviseDraft(Command, frozen=True, kw_only=True):
    """Change the open draft further."""

    changes: Changes
    note: Note


class WithdrawDraft(Command, frozen=True, kw_only=True):
    """Give the open draft up."""

    reason: Note


class PublishVersion(Command, frozen=True, kw_only=True):
    """Publish the open draft; only a person who had no part in drafting it may."""

    version: Annotated[int, msgspec.Meta(ge=2, le=100_000)]
    effective_from: date


class RecordReviewWithoutChange(Command, frozen=True, kw_only=True):
    """Record that the rules were reviewed and stay as they are (R0.7)."""

    note: Note


class PackAdopted(Event, tag="rule_book.pack_adopted", frozen=True, kw_only=True):
    """The shipped values became version 1. ``values`` are complete, as canonical builtins."""

    regulation: str
    version: int
    effective_from: date
    values: dict[str, Any]
    adopted_on: date
    clause: str


class VersionDrafted(Event, tag="rule_book.version_drafted", frozen=True, kw_only=True):
    """A draft was opened; ``changes`` are the fields that differ from the version before."""

    version: int
    values: dict[str, Any]
    changes: tuple[str, ...]
    note: str
    drafted_by: UUID
    clause: str = "R0.7"


class DraftRevised(Event, tag="rule_book.draft_revised", frozen=True, kw_only=True):
    """The open draft now holds these values."""

    version: int
    values: dict[str, Any]
    changes: tuple[str, ...]
    note: str
    revised_by: UUID
    clause: str = "R0.7"


class DraftWithdrawn(Event, tag="rule_book.draft_withdrawn", frozen=True, kw_only=True):
    """The open draft was given up."""

    version: int
    reason: str


class VersionPublished(Event, tag="rule_book.version_published", frozen=True, kw_only=True):
    """A draft became a version in force from ``effective_from`` on. ``values`` are complete."""

    regulation: str
    version: int
    effective_from: date
    values: dict[str, Any]
    changes: tuple[str, ...]
    drafted_by: tuple[UUID, ...]
    published_by: UUID
    published_on: date
    clause: str


class RulesReviewed(Event, tag="rule_book.rules_reviewed", frozen=True, kw_only=True):
    """The rules were reviewed and left as they are."""

    version: int
    reviewed_on: date
    note: str
    clause: str = "R0.7"
