"""What a duty is made of, whichever regulation it comes from: terms, holder, scope, ladder."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.cadence import Cadence
from domain.kernel import Text
from domain.rules.r11_ladder import Channel, Code
from domain.rules.role_names import RoleName

Clause = Annotated[str, msgspec.Meta(min_length=2, max_length=40, pattern=r"^R[0-9]+(\.[0-9]+)*$(?!\n)")]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Times = Annotated[int, msgspec.Meta(ge=1, le=24)]
ScopeKind = Literal["organisation", "project", "department", "site", "person"]


class Scope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where something is owed (范围): a project, a department, a part of either, named for people."""

    kind: ScopeKind
    id: UUID | None = None
    name: Label


class Holder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who owes it (责任人): this person, or whoever holds the role."""

    role: RoleName
    person: UUID | None = None


class LapseLevel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level of the ladder (上报层级): who is told, and how, once so many windows were missed in a row."""

    missed_in_a_row: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    role: RoleName
    channel: Channel = "inbox"


Ladder = Annotated[tuple[LapseLevel, ...], msgspec.Meta(max_length=10)]


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is owed, how often, by which rule (职责内容). ``times`` is how often within each window.

    ``rule_version`` is that of the clause's regulation, none where the tenant has not adopted it.
    """

    kind: Code
    title: Text
    clause: str
    rule_version: int | None
    readings: dict[str, str] = msgspec.field(default_factory=dict)
    cadence: Cadence
    times: Times = 1
    evidence_needed: bool = False
    ladder: Ladder = ()
