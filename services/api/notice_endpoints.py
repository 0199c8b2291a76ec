"""Where an organisation's notices go: webhooks and group robots, set by its administrators.

Addresses and secrets are sealed as they come in, and no answer holds them again.
"""

from typing import Annotated, Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.kernel import Text
from domain.roles import ADMINISTER_NOTICES, ROLE_NAMES, role_of
from infra import endpoints, webhooks
from infra.endpoints import Endpoint, Kind, Takes
from infra.outbound import AddressRefused, host_of
from infra.sealing import CannotOpen, Sealer
from services.api.bodies import Nothing, json_body, json_response
from services.api.notice_testing import Queued, queue_test
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, path_id, reading

MOST = 50
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Url = Annotated[str, msgspec.Meta(min_length=8, max_length=2_000)]
Secret = Annotated[str, msgspec.Meta(max_length=200)]
RoleNames = Annotated[list[Annotated[str, msgspec.Meta(max_length=60)]], msgspec.Meta(max_length=len(ROLE_NAMES))]


class NewEndpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A webhook or a group robot. It takes notices that name its channel, or ``all``; with ``roles`` those to them.

    A webhook's secret begins with ``whsec_``; left out, one is made. A robot's is the one that its platform shows.
    """

    kind: Kind
    name: Name
    url: Url
    secret: Secret | None = None
    takes: Takes = "named"
    roles: RoleNames = []


class EndpointChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be different; what is left out stays. A new ``url`` needs its ``secret`` again where it has one."""

    name: Name | None = None
    url: Url | None = None
    secret: Secret | None = None
    takes: Takes | None = None
    roles: RoleNames | None = None
    enabled: bool | None = None


class MadeEndpoint(msgspec.Struct, frozen=True):
    """An endpoint as it stands, and the secret that was made for it, which is shown this once."""

    endpoint: Endpoint
    secret: str | None


class Endpoints(msgspec.Struct, frozen=True):
    """An organisation's endpoints by name."""

    items: list[Endpoint]


def endpoint_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [_listing(desk), _adding(desk), *_changing(desk), _testing(desk)]


def _listing(desk: Desk) -> HTTPRouteHandler:
    @get("/v1/notice-endpoints", tags=["notices"], summary="通知出口列表 · Endpoints")
    async def listed(request: HttpRequest) -> Response[Endpoints]:
        """Without addresses and secrets. Permission: `organisation.administer_notices`."""
        async with reading(desk, request, ADMINISTER_NOTICES) as reader:
            return json_response(Endpoints(await endpoints.endpoints(reader.connection, reader.tenant)))

    return listed


def _adding(desk: Desk) -> HTTPRouteHandler:
    sealer = Sealer(desk.settings.secret_key)

    @post("/v1/notice-endpoints", opt={"body": NewEndpoint}, tags=["notices"], summary="新增通知出口 · Add an endpoint")
    async def add(request: HttpRequest) -> Response[MadeEndpoint]:
        """A webhook's secret stands in this answer alone. Permission: `organisation.administer_notices`."""
        body = await json_body(request, NewEndpoint)
        async with reading(desk, request, ADMINISTER_NOTICES) as reader:
            tenant, who = reader.tenant, reader.principal.id
            known = await endpoints.endpoints(reader.connection, tenant)
        if len(known) >= MOST:
            raise Problem(
                409, "too_many_endpoints", Text(f"最多 {MOST} 个出口", f"There are at most {MOST} endpoints.")
            )
        made_secret = webhooks.new_secret() if body.kind == "webhook" and not body.secret else None
        endpoint_id, now = uuid4(), desk.runtime.clock()
        made = Endpoint(
            id=endpoint_id,
            kind=body.kind,
            name=body.name,
            host=_host(desk, body.url),
            takes=body.takes,
            roles=_roles(body.roles),
            enabled=True,
            created_at=now,
            created_by=who,
            changed_at=now,
            changed_by=who,
        )
        sealed = _sealed(sealer, tenant, made, body.url, made_secret or body.secret or "")
        await _kept(desk, tenant, made, sealed, new=True)
        return json_response(MadeEndpoint(made, made_secret), 201)

    return add


def _changing(desk: Desk) -> list[HTTPRouteHandler]:
    sealer = Sealer(desk.settings.secret_key)

    @post(
        "/v1/notice-endpoints/{endpoint_id:str}/change",
        opt={"body": EndpointChange},
        status_code=200,
        tags=["notices"],
        summary="修改通知出口 · Change an endpoint",
    )
    async def change(request: HttpRequest, endpoint_id: FromPath[str]) -> Response[MadeEndpoint]:
        """Permission: `organisation.administer_notices`."""
        body, wanted = await json_body(request, EndpointChange), path_id(endpoint_id)
        async with reading(desk, request, ADMINISTER_NOTICES) as reader:
            tenant, who = reader.tenant, reader.principal.id
            found = await endpoints.endpoint(reader.connection, tenant, wanted)
        if found is None:
            raise no_endpoint()
        given = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not None}
        url, secret = given.pop("url", None), given.pop("secret", None)
        if "roles" in given:
            given["roles"] = _roles(given["roles"])
        changed = msgspec.structs.replace(found[0], **given, changed_at=desk.runtime.clock(), changed_by=who)
        sealed, made_secret = None, None
        if url is not None or secret is not None:
            kept = {} if url is not None else _opened(sealer, tenant, wanted, found[1])
            if url is not None and changed.kind == "webhook" and not secret:
                made_secret = secret = webhooks.new_secret()
            url = url or kept["url"]
            changed = msgspec.structs.replace(changed, host=_host(desk, url))
            sealed = _sealed(sealer, tenant, changed, url, secret or "")
        await _kept(desk, tenant, changed, sealed, new=False)
        return json_response(MadeEndpoint(changed, made_secret))

    @delete(
        "/v1/notice-endpoints/{endpoint_id:str}", status_code=204, tags=["notices"], summary="删除通知出口 · Remove"
    )
    async def remove(request: HttpRequest, endpoint_id: FromPath[str]) -> None:
        """What was on its way there becomes a dead letter. Permission: `organisation.administer_notices`."""
        wanted = path_id(endpoint_id)
        async with reading(desk, request, ADMINISTER_NOTICES) as reader:
            tenant = reader.tenant
        async with desk.runtime.database.tenant_transaction(tenant) as connection:
            if not await endpoints.remove(connection, tenant, wanted):
                raise no_endpoint()

    return [change, remove]


def _testing(desk: Desk) -> HTTPRouteHandler:
    @post(
        "/v1/notice-endpoints/{endpoint_id:str}/test",
        opt={"body": Nothing},
        status_code=202,
        tags=["notices"],
        summary="发送测试通知 · Send a test",
    )
    async def test(request: HttpRequest, endpoint_id: FromPath[str]) -> Response[Queued]:
        """Sent like any notice within moments; `GET /v1/notice-deliveries` tells what became of it."""
        wanted = path_id(endpoint_id)
        await json_body(request, Nothing)
        async with reading(desk, request, ADMINISTER_NOTICES) as reader:
            tenant = reader.tenant
            found = await endpoints.endpoint(reader.connection, tenant, wanted)
        if found is None:
            raise no_endpoint()
        return json_response(Queued(await queue_test(desk, tenant, found[0].kind, wanted)), 202)

    return test


def no_endpoint() -> Problem:
    """The answer for an endpoint that does not exist, or exists elsewhere."""
    return Problem(404, "not_found", Text("没有这个出口", "There is no such endpoint."))


def _host(desk: Desk, url: str) -> str:
    try:
        return host_of(url, desk.settings.outbound)
    except AddressRefused as refused:
        text = Text("地址须为公网 https 地址", f"The address is refused: {refused}.")
        raise Problem(422, "address_refused", text, field="/url") from None


def _roles(names: list[str]) -> list[str]:
    for name in names:
        if role_of(name) is None:
            raise Problem(422, "unknown_role", Text("没有这个角色", "There is no such role."), field="/roles")
    return sorted(set(names))


def _sealed(sealer: Sealer, tenant: UUID, made: Endpoint, url: str, secret: str) -> str:
    if made.kind == "webhook" and not webhooks.is_secret(secret):
        text = Text("密钥须为 whsec_ 加 24 至 64 字节的 base64", "A secret is whsec_ and 24 to 64 bytes in base64.")
        raise Problem(422, "bad_secret", text, field="/secret")
    try:
        return sealer.seal(tenant, made.id, {"url": url, "secret": secret})
    except CannotOpen:
        raise no_key() from None


def _opened(sealer: Sealer, tenant: UUID, endpoint_id: UUID, sealed: str) -> dict[str, str]:
    try:
        return sealer.open(tenant, endpoint_id, sealed)
    except CannotOpen:
        raise no_key() from None


def no_key() -> Problem:
    """The answer where the installation can't keep secrets, or has lost the key of some."""
    text = Text(
        "平台未配置密钥或密钥已更换，请联系平台运营方",
        "The installation has no key, or another one, for secrets; tell its operator.",
    )
    return Problem(503, "no_secret_key", text, headers={"Retry-After": "60"})


async def _kept(desk: Desk, tenant: UUID, made: Endpoint, sealed: str | None, *, new: bool) -> None:
    write: Any = endpoints.add if new else endpoints.change
    try:
        async with desk.runtime.database.tenant_transaction(tenant) as connection:
            await write(connection, tenant, made, sealed)
    except asyncpg.UniqueViolationError:
        raise Problem(409, "name_taken", Text("名称已被使用", "This name is taken."), field="/name") from None
