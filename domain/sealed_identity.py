"""Who an anonymous reporter is (封存的举报人身份), kept apart from the report, under seal (R0.3, R4.12).

Only the sealed text is known here; the installation's key opens it. The stream follows from the report's id. Whoever
has the office of a custodian opens it, for a recorded reason, and never somebody who has a part in the case.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.kernel import Command, CommandSpec, Context, Decider, Event, Refusal, State, Text, derived_id

MAX_SEALINGS = 20
MAX_OPENINGS = 200
SealedText = Annotated[str, msgspec.Meta(min_length=1, max_length=8000, pattern=r"^[A-Za-z0-9_=-]+$(?!\n)")]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Barred = Annotated[tuple[UUID, ...], msgspec.Meta(max_length=5000)]
ReportNoun = Literal["complaint", "accountability_case"]
TITLE = Text(zh="封存的举报人身份", en="sealed identity")


class SealIdentity(Command, frozen=True, kw_only=True):
    """Leave one's name with a report, under seal, or leave it anew (封存身份)."""

    report_id: UUID
    report_noun: ReportNoun
    sealed: SealedText


class OpenIdentity(Command, frozen=True, kw_only=True):
    """Open the seal for a reason (启封). ``barred`` are those who have a part in the case, found by the service."""

    reason: Reason
    barred: Barred


class IdentitySealed(Event, frozen=True, kw_only=True, tag="sealed_identity.sealed"):
    """The reporter left his name under seal; the day alone is kept. What he had left before counts no longer."""

    report_id: UUID
    report_noun: ReportNoun
    sealed: str
    sealed_on: date
    clause: str = "R4.12"


class IdentityOpened(Event, frozen=True, kw_only=True, tag="sealed_identity.opened"):
    """A custodian opened the seal and saw the name."""

    reason: str
    opened_by: UUID
    opened_on: date
    clause: str = "R4.12"


class SealedIdentityState(State, frozen=True, kw_only=True):
    """What lies under seal, and how often it was opened."""

    report_id: UUID
    report_noun: ReportNoun
    sealed: str
    sealings: int = 1
    openings: int = 0
    last_opened_on: date | None = None


def identity_id(report_id: UUID) -> UUID:
    """The stream of a report's sealed identity."""
    return derived_id(report_id, "sealed_identity")


def seal(state: SealedIdentityState | None, command: SealIdentity, context: Context) -> tuple[Event, ...]:
    """Put the name under seal."""
    if state is not None and state.sealings >= MAX_SEALINGS:
        raise Refusal(
            "too_many", zh=f"最多封存{MAX_SEALINGS}次", en=f"At most {MAX_SEALINGS} names are kept.", clause="R4.12"
        )
    return (
        IdentitySealed(
            report_id=command.report_id,
            report_noun=command.report_noun,
            sealed=command.sealed,
            sealed_on=context.today,
        ),
    )


def open_(state: SealedIdentityState, command: OpenIdentity, context: Context) -> tuple[Event, ...]:
    """Let a known person who has no part in the case open the seal."""
    person = context.actor.id
    if person is None or context.actor.kind != "member":
        raise Refusal(
            "person_required",
            zh="须由具名人员亲自启封",
            en="A known person opens it in person, no key does.",
            clause="R4.12",
            kind="forbidden",
        )
    if person in command.barred:
        raise Refusal(
            "custodian_has_a_part",
            zh="参与办理本案或与本案有利害关系的人员不得启封",
            en="Whoever handles the case, or has an interest in it, does not open the seal.",
            clause="R4.21",
            kind="forbidden",
        )
    if state.openings >= MAX_OPENINGS:
        raise Refusal(
            "too_many", zh=f"最多启封{MAX_OPENINGS}次", en=f"It is opened at most {MAX_OPENINGS} times.", clause="R4.12"
        )
    return (IdentityOpened(reason=command.reason, opened_by=person, opened_on=context.today),)


def evolve(state: SealedIdentityState | None, event: Event) -> SealedIdentityState:
    """Fold one event."""
    if isinstance(event, IdentitySealed):
        if state is None:
            return SealedIdentityState(
                status="sealed", report_id=event.report_id, report_noun=event.report_noun, sealed=event.sealed
            )
        return replace(state, status="sealed", sealed=event.sealed, sealings=state.sealings + 1)
    if state is not None and isinstance(event, IdentityOpened):
        return replace(state, status="opened", openings=state.openings + 1, last_opened_on=event.opened_on)
    raise TypeError(f"a sealed identity knows no {type(event).__name__} here")


def day_only(_: SealedIdentityState | None, event: Event) -> bool:
    """Whether an event is the anonymous reporter's, of which the day alone is kept (R0.3)."""
    return isinstance(event, IdentitySealed)


SEALED_IDENTITY = Decider(
    noun="sealed_identity",
    plural="sealed-identities",
    title=TITLE,
    state=SealedIdentityState,
    statuses=("sealed", "opened"),
    commands=(
        CommandSpec(
            command=SealIdentity,
            handler=seal,
            permission="sealed_identity.seal_identity",
            summary=Text(zh="封存身份", en="Leave one's name under seal"),
            clause="R4.12",
            opens=True,
            audience="public",
        ),
        CommandSpec(
            command=OpenIdentity,
            handler=open_,
            permission="sealed_identity.open_identity",
            summary=Text(zh="启封身份", en="Open the seal"),
            clause="R4.12",
            audience="public",
        ),
    ),
    events=(IdentitySealed, IdentityOpened),
    evolve=evolve,
    private=True,
    sealed=frozenset({"sealed"}),
    day_only=day_only,
)
