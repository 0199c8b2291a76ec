"""Where members get notices by mail: each sets his own address, and may have it forgotten."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler

from domain.kernel import Text
from infra import endpoints
from infra.endpoints import Address, Takes
from services.api.bodies import Nothing, json_body, json_response
from services.api.inbox import own
from services.api.notice_testing import Queued, queue_test
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, reading

_ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,189}[A-Za-z0-9])?$(?!\n)"


class NoticeAddress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mail address, and which notices are sent there: those that are meant for mail (``named``), or ``all``."""

    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254, pattern=_ADDRESS)]
    takes: Takes = "named"


def address_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @get("/v1/me/notice-address", tags=["inbox"], summary="我的通知邮箱 · My address for notices")
    async def read(request: HttpRequest) -> Response[Address]:
        """One's own address. For signed-in members."""
        async with reading(desk, request, None) as reader:
            known = await endpoints.addresses(reader.connection, reader.tenant, [own(reader)])
            if not known:
                raise no_address()
            return json_response(known[0])

    @post(
        "/v1/me/notice-address",
        opt={"body": NoticeAddress},
        status_code=200,
        tags=["inbox"],
        summary="设置通知邮箱 · Set my address",
    )
    async def set_address(request: HttpRequest) -> Response[Address]:
        """From now on; what lies in the outbox goes to the new address, too."""
        body = await json_body(request, NoticeAddress)
        tenant, member = await _who(desk, request)
        address = Address(
            member_id=member, email=body.email, takes=body.takes, changed_at=desk.runtime.clock(), changed_by=member
        )
        async with desk.runtime.database.tenant_transaction(tenant) as connection:
            await endpoints.set_address(connection, tenant, address)
        return json_response(address)

    @delete("/v1/me/notice-address", status_code=204, tags=["inbox"], summary="删除通知邮箱 · Forget my address")
    async def forget(request: HttpRequest) -> None:
        """No more mail; the inbox stays."""
        tenant, member = await _who(desk, request)
        async with desk.runtime.database.tenant_transaction(tenant) as connection:
            await endpoints.forget_address(connection, tenant, member)

    @post(
        "/v1/me/notice-address/test",
        opt={"body": Nothing},
        status_code=202,
        tags=["inbox"],
        summary="发送测试邮件 · Mail me a test",
    )
    async def test(request: HttpRequest) -> Response[Queued]:
        """A test notice to one's own address."""
        await json_body(request, Nothing)
        async with reading(desk, request, None) as reader:
            tenant, member = reader.tenant, own(reader)
            if not await endpoints.addresses(reader.connection, tenant, [member]):
                raise no_address()
        return json_response(Queued(await queue_test(desk, tenant, "email", member)), 202)

    return [read, set_address, forget, test]


async def _who(desk: Desk, request: HttpRequest) -> tuple[UUID, UUID]:
    async with reading(desk, request, None) as reader:
        return reader.tenant, own(reader)


def no_address() -> Problem:
    """The answer for a member who has given none."""
    return Problem(404, "not_found", Text("尚未设置通知邮箱", "There is no address for notices."))
