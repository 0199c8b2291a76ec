"""What administrators look up: clauses with their readings, members with their roles."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from domain import clauses
from domain.kernel import Text
from domain.organisation import ORGANISATION, Member, OrganisationState
from domain.roles import role_of
from projections.labels import ClauseRef
from services.api.asking import Asking, asking, query
from services.api.pages import decode_cursor
from services.api.parameters import PAGING, choice_parameter
from services.api.requests import Desk, HttpRequest

REGULATION = choice_parameter("regulation", "Of this regulation alone.", clauses.load().regulations)
Username = Annotated[str, msgspec.Meta(max_length=64)]


class ValueOption(msgspec.Struct, frozen=True):
    """One way to read an ambiguous clause."""

    value: str
    label: Text


class ListedReading(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the source can be read in several ways, the shipped one first."""

    id: str
    label: Text
    options: tuple[ValueOption, ...]
    own: bool


class ListedRegulation(msgspec.Struct, frozen=True, kw_only=True):
    """A regulation with its clauses and readings."""

    id: str
    title: Text
    clauses: tuple[ClauseRef, ...]
    readings: tuple[ListedReading, ...]


class ClauseList(msgspec.Struct, frozen=True):
    """The regulations that the service answers for."""

    items: list[ListedRegulation]


class MemberRole(msgspec.Struct, frozen=True):
    """A role that a member holds."""

    name: str
    label: Text


class ListedMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the organisation."""

    id: UUID
    username: str
    display_name: str
    roles: tuple[MemberRole, ...]
    department: str | None
    disabled: bool


class MemberPage(msgspec.Struct, frozen=True):
    """Members by username; ``next`` is the cursor of the page after this one."""

    items: list[ListedMember]
    next: str | None


def directory_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/clauses", "rule-books", "条款与读法 · Clauses and readings", (REGULATION,))
    async def listed_clauses(request: HttpRequest) -> Response[ClauseList]:
        """Every clause and named reading with its label. Any valid credential."""
        async with asking(desk, request, None, (REGULATION,)) as asked:
            wanted = REGULATION.of(request)
            known = clauses.load().regulations.values()
            return asked.answer(ClauseList([_listed(each) for each in known if wanted in (None, each.id)]))

    @query("/v1/members", "organisations", "成员列表 · Members", PAGING)
    async def members(request: HttpRequest) -> Response[MemberPage]:
        """The members with their roles. Permission: `organisation.read`."""
        async with asking(desk, request, "organisation.read", PAGING) as asked:
            after = decode_cursor(request, Username)
            known = sorted((await members_of(desk, asked)).values(), key=lambda each: each.username)
            rows = [_member(each) for each in known if after is None or each.username > after]
            return asked.answer(MemberPage(*asked.cut(rows[: asked.limit + 1], lambda each: each.username)))

    return [listed_clauses, members]


async def members_of(desk: Desk, asked: Asking) -> dict[UUID, Member]:
    """Read afresh, after the position was: the organisation that was cached may be older than it."""
    read = await desk.runtime.states.read(asked.connection, asked.tenant, ORGANISATION.noun, asked.tenant)
    return read.state.members if isinstance(read.state, OrganisationState) else {}


def _listed(regulation: clauses.RegulationIndex) -> ListedRegulation:
    return ListedRegulation(
        id=regulation.id,
        title=regulation.title,
        clauses=tuple(ClauseRef(each.id, each.label) for each in regulation.clauses),
        readings=tuple(
            ListedReading(
                id=each.id,
                label=each.label,
                options=tuple(ValueOption(option.value, option.label) for option in each.options),
                own=each.own,
            )
            for each in regulation.readings
        ),
    )


def _member(member: Member) -> ListedMember:
    known = ((name, role_of(name)) for name in member.roles)
    return ListedMember(
        id=member.id,
        username=member.username,
        display_name=member.display_name,
        roles=tuple(MemberRole(name, Text(name, name) if role is None else role.title) for name, role in known),
        department=member.department,
        disabled=member.disabled,
    )
