"""How a complainant can be reached (联系方式), kept apart from the complaint: who reads the one need not see the other.

The stream follows from the complaint's id, so that a complaint has at most one contact and names none of it.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.kernel import Command, CommandSpec, Context, Decider, Event, Refusal, State, Text, derived_id

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Phone = Annotated[str, msgspec.Meta(min_length=3, max_length=30, pattern=r"^[0-9+() -]+$")]
Email = Annotated[str, msgspec.Meta(min_length=3, max_length=200, pattern=r"^[^@\s]+@[^@\s]+$")]
Remark = Annotated[str, msgspec.Meta(max_length=500)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class KeepContact(Command, frozen=True, kw_only=True):
    """Note how the complainant of a complaint can be reached (登记联系方式)."""

    complaint_id: UUID
    name: Name
    phone: Phone | None = None
    email: Email | None = None
    note: Remark = ""


class ReviseContact(Command, frozen=True, kw_only=True):
    """Replace it all (更正联系方式)."""

    name: Name
    phone: Phone | None = None
    email: Email | None = None
    note: Remark = ""
    reason: Reason


class ContactKept(Event, frozen=True, kw_only=True, tag="contact.kept"):
    """The complainant can be reached."""

    complaint_id: UUID
    name: str
    phone: str | None
    email: str | None
    note: str
    kept_on: date


class ContactRevised(Event, frozen=True, kw_only=True, tag="contact.revised"):
    """The complainant is reached otherwise from now on."""

    name: str
    phone: str | None
    email: str | None
    note: str
    reason: str


class ContactState(State, frozen=True, kw_only=True):
    """How the complainant is reached now."""

    complaint_id: UUID
    name: str
    phone: str | None
    email: str | None
    note: str


def keep(_: None, command: KeepContact, context: Context) -> tuple[Event, ...]:
    """Keep a contact that leads somewhere."""
    _must_lead_somewhere(command)
    return (
        ContactKept(
            complaint_id=command.complaint_id,
            name=command.name,
            phone=command.phone,
            email=command.email,
            note=command.note,
            kept_on=context.today,
        ),
    )


def revise(_: ContactState, command: ReviseContact, __: Context) -> tuple[Event, ...]:
    """Replace it by another that leads somewhere."""
    _must_lead_somewhere(command)
    return (
        ContactRevised(
            name=command.name, phone=command.phone, email=command.email, note=command.note, reason=command.reason
        ),
    )


def evolve(state: ContactState | None, event: Event) -> ContactState:
    """Fold one event."""
    if isinstance(event, ContactKept):
        return ContactState(
            status="kept",
            complaint_id=event.complaint_id,
            name=event.name,
            phone=event.phone,
            email=event.email,
            note=event.note,
        )
    if state is not None and isinstance(event, ContactRevised):
        return replace(state, name=event.name, phone=event.phone, email=event.email, note=event.note)
    raise TypeError(f"a contact knows no {type(event).__name__} here")


def _must_lead_somewhere(command: KeepContact | ReviseContact) -> None:
    if command.phone is None and command.email is None:
        raise Refusal(
            "contact_empty",
            zh="电话和邮箱至少填一项",
            en="Give a telephone number or an address at least.",
            clause="R11.2.1",
            kind="value",
            field="phone",
        )


CONTACT = Decider(
    noun="contact",
    plural="contacts",
    title=Text(zh="联系方式", en="contact"),
    state=ContactState,
    statuses=("kept",),
    commands=(
        CommandSpec(
            command=KeepContact,
            handler=keep,
            permission="contact.keep_contact",
            summary=Text(zh="登记联系方式", en="Note how the complainant is reached"),
            clause="R11.2.1",
            creates=True,
            stream_id=lambda _, command: derived_id(command.complaint_id, "contact"),
        ),
        CommandSpec(
            command=ReviseContact,
            handler=revise,
            permission="contact.revise_contact",
            summary=Text(zh="更正联系方式", en="Replace how the complainant is reached"),
        ),
    ),
    events=(ContactKept, ContactRevised),
    evolve=evolve,
    private=True,
)
