"""The inbox: what the signed-in member was told, and marking it as read."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from domain.kernel import Text
from infra import inbox
from infra.eventstore import tracked_position
from infra.outbox import TASK
from services.api.asking import Microseconds, asking, from_microseconds, query, to_microseconds
from services.api.bodies import json_body, json_response
from services.api.pages import decode_cursor
from services.api.parameters import PAGING
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, Reader, reading

Cursor = tuple[bool, Microseconds, UUID]


class InboxPage(msgspec.Struct, frozen=True):
    """A page of notices, the unread first and the latest of each first; ``unread`` counts all of them (to 10 000)."""

    items: list[inbox.Item]
    unread: int
    next: str | None


class Reads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Notices to be marked as read. What is not in one's inbox is passed over."""

    ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=200)]


class Unread(msgspec.Struct, frozen=True):
    """How many are unread now."""

    unread: int


def inbox_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/inbox", "inbox", "收件箱 · My notices", PAGING)
    async def listed(request: HttpRequest) -> Response[InboxPage]:
        """One's own notices. `Kaohe-Position` says how far notices have come. For signed-in members."""
        async with asking(desk, request, None, PAGING) as asked:
            member = own(asked.reader)
            after: Cursor | None = decode_cursor(request, Cursor)
            place = None if after is None else inbox.Place(after[0], from_microseconds(after[1]), after[2])
            position = await tracked_position(asked.connection, asked.tenant, TASK)
            found = await inbox.page(asked.connection, asked.tenant, member, place, asked.limit + 1)
            count = await inbox.unread(asked.connection, asked.tenant, member)
            items, following = asked.cut(found, lambda each: (each.unread, to_microseconds(each.made_at), each.id))
            shown = [_local(item, asked.zone) for item in items]
            return json_response(InboxPage(shown, count, following), headers={"Kaohe-Position": str(position or 0)})

    @post("/v1/inbox/read", opt={"body": Reads}, status_code=200, tags=["inbox"], summary="标为已读 · Mark as read")
    async def read(request: HttpRequest) -> Response[Unread]:
        """Mark some of one's own notices as read; again, it changes nothing."""
        body = await json_body(request, Reads)
        async with reading(desk, request, None) as reader:
            tenant, member = reader.tenant, own(reader)
        async with desk.runtime.database.tenant_transaction(tenant) as connection:
            await inbox.mark_read(connection, tenant, member, body.ids, desk.runtime.clock())
            return json_response(Unread(await inbox.unread(connection, tenant, member)))

    return [listed, read]


def _local(item: inbox.Item, zone: ZoneInfo) -> inbox.Item:
    """The notice with its instants in the tenant's zone."""
    return msgspec.structs.replace(
        item,
        made_at=item.made_at.astimezone(zone),
        read_at=item.read_at and item.read_at.astimezone(zone),
        due_at=item.due_at and item.due_at.astimezone(zone),
    )


def own(reader: Reader) -> UUID:
    """The signed-in member's id. Raises `Problem` 403 for an API key: no scope of a key is meant for this."""
    if reader.principal.actor.kind != "member":
        raise Problem(403, "members_only", Text("只有本人登录后可以使用", "Only a signed-in member can do this."))
    return reader.principal.id
