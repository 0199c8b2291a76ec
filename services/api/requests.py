"""What every handler does with a request: credential, tenant, limits, headers, positions."""

import asyncio
import hashlib
import re
import time
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from domain.kernel import Text
from infra.database import Connection
from infra.discovery import reached
from projections.catalogue import PROJECTIONS
from services.api.anonymity import Throttle
from services.api.limits import InFlightLimit, RateLimit
from services.api.observability import Metrics
from services.api.problems import Problem
from services.runtime.accounts import Accounts
from services.runtime.commands import KeyUse
from services.runtime.config import TenantConfig
from services.runtime.platform import Platform
from services.runtime.principal import Forbidden, Principal, Unauthenticated
from services.runtime.runtime import Runtime
from services.runtime.tokens import KEY_PREFIX, SESSION_PREFIX, Token, parse
from services.settings import Settings

HttpRequest = Request[Any, Any, Any]
MIN_POSITION_WAIT_S = 5.0
PROJECTION_NAMES = tuple(projection.name for projection in PROJECTIONS)
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_ETAG = re.compile(r'(?:W/)?"(?P<version>\d{1,9})"')
_MAX_BIGINT = 2**63 - 1
_MAX_DIGITS = 19


class Desk:
    """What handlers share: the limits of this process, and its runtime while the application runs."""

    runtime: Runtime
    accounts: Accounts
    platform: Platform
    rate: RateLimit[UUID]
    in_flight: InFlightLimit[UUID]
    logins: RateLimit[str]
    strangers: Throttle

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()

    def open(self, runtime: Runtime) -> None:
        """Begin to serve from a runtime, with nobody counted yet."""
        settings = self.settings
        self.rate = RateLimit(settings.tenant_rate, settings.tenant_burst, time.monotonic)
        self.in_flight = InFlightLimit(settings.tenant_in_flight)
        self.logins = RateLimit(settings.login_rate, settings.login_burst, time.monotonic)
        self.strangers = Throttle(settings.login_rate, settings.login_burst)
        self.runtime = runtime
        self.accounts = Accounts(runtime)
        self.platform = Platform(runtime, self.accounts)

    def admitted(self, request: HttpRequest, tenant: UUID) -> AbstractContextManager[None]:
        """Count the request against its tenant's limits; what it answers is held while the request runs."""
        request.scope["state"]["tenant"] = str(tenant)
        self.rate.admit(tenant)
        return self.in_flight.holding(tenant)


class Reader(msgspec.Struct, frozen=True):
    """A reading principal with a tenant transaction."""

    tenant: UUID
    principal: Principal
    config: TenantConfig
    connection: Connection


def header(request: HttpRequest, name: bytes) -> str | None:
    """A header by its name in lower case; a look at the few there are costs less than a mapping of them all."""
    for known, value in request.scope["headers"]:
        if known == name:
            return value.decode("latin-1")
    return None


async def raw_body(request: HttpRequest, most: int) -> bytes:
    """The bytes of the body, at most so many. Raises ``RequestEntityTooLarge``, answered 413."""
    chunks: list[bytes] = []
    left, more = most, True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise InternalServerException("the client went away before its request was read")
        chunk = message.get("body", b"")
        left -= len(chunk)
        if left < 0:
            raise RequestEntityTooLarge
        chunks.append(chunk)
        more = message.get("more_body", False)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def credential(request: HttpRequest) -> Token:
    """The bearer credential of a request. Raises `Unauthenticated`."""
    scheme, _, text = (header(request, b"authorization") or "").partition(" ")
    token = parse(text.strip()) if scheme.lower() == "bearer" else None
    if token is None or token.prefix not in (SESSION_PREFIX, KEY_PREFIX) or not token.ids:
        raise Unauthenticated
    return token


@asynccontextmanager
async def reading(
    desk: Desk, request: HttpRequest, permission: str | None, *, read_only: bool = True
) -> AsyncIterator[Reader]:
    """Read as the request's principal, in a tenant transaction, after the position the client asked to see.

    A reading that is to be noted in the access log needs a transaction that is not ``read_only``.
    """
    token = credential(request)
    tenant = token.ids[0]
    with desk.admitted(request, tenant):
        async with opened(desk, request, token, permission, read_only=read_only) as reader:
            yield reader


@asynccontextmanager
async def opened(
    desk: Desk, request: HttpRequest, token: Token, permission: str | None, *, read_only: bool = True
) -> AsyncIterator[Reader]:
    """Read within a request that has been counted. Raises `Unauthenticated`, `TenantSuspended`, `Forbidden`."""
    runtime, tenant = desk.runtime, token.ids[0]
    await wait_for_position(runtime, request, tenant)
    async with runtime.database.tenant_transaction(tenant, read_only=read_only) as connection:
        epoch = await connection.fetchval("select epoch from ledger where tenant_id = $1", tenant)
        if epoch is None:
            raise Unauthenticated
        config = await runtime.configs.at_epoch(connection, tenant, epoch)
        principal = await runtime.authority.principal(token, config, connection)
        if permission is not None and permission not in principal.permissions:
            raise Forbidden(permission)
        yield Reader(tenant, principal, config, connection)


async def wait_for_position(runtime: Runtime, request: HttpRequest, tenant: UUID) -> None:
    """Honour ``Kaohe-Min-Position``: wait until reactions and projections have come that far.

    Raises `Problem` 503 ``position_not_reached`` when they have not within a few seconds.
    """
    asked = header(request, b"kaohe-min-position")
    if asked is None:
        return
    position = whole_number(asked)
    if position is None:
        raise Problem(
            400, "bad_position", Text("Kaohe-Min-Position 须为整数", "Kaohe-Min-Position must be a whole number.")
        )
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + MIN_POSITION_WAIT_S
    pause = 0.005
    while await reached(runtime.database, tenant, PROJECTION_NAMES) < position:
        if loop.time() > give_up_at:
            raise Problem(
                503,
                "position_not_reached",
                Text("后台处理尚未到达该位置，请重试", "Processing has not come that far yet; try again."),
                headers={"Retry-After": "1"},
            )
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def key_use(request: HttpRequest, raw: bytes) -> KeyUse | None:
    """The request's idempotency key, bound to method, path and body."""
    key = header(request, b"idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Problem(
            400,
            "bad_idempotency_key",
            Text(
                "Idempotency-Key 须为 1 至 128 个可见 ASCII 字符",
                "Idempotency-Key takes 1 to 128 visible ASCII characters.",
            ),
        )
    target = f"{request.method} {request.scope['path']}\n".encode()
    return KeyUse(key, hashlib.sha256(target + raw).digest())


def if_match(request: HttpRequest) -> int | None:
    """The version the client has seen, from ``If-Match``; ``*`` asks for none in particular."""
    asked = header(request, b"if-match")
    if asked is None or asked.strip() == "*":
        return None
    found = _ETAG.fullmatch(asked.strip())
    if found is None:
        raise Problem(400, "bad_if_match", Text('If-Match 须形如 "3"', 'If-Match takes a version such as "3".'))
    return int(found["version"])


def as_of(request: HttpRequest) -> datetime | int | None:
    """The moment of ``?as_of=``: an instant with offset, or a position of the tenant's order."""
    asked = request.query_params.get("as_of")
    if asked is None:
        return None
    position = whole_number(asked)
    if position is not None:
        return position
    try:
        # a "+" of the offset arrives as a space where a client forgot to encode it
        instant = datetime.fromisoformat(asked.replace(" ", "+"))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Problem(
            400,
            "bad_as_of",
            Text("as_of 须为带时区的时间或位置号", "as_of takes an instant with offset, or a position."),
            field="/as_of",
        )
    return instant


def whole_number(text: str) -> int | None:
    """The number of a run of digits that fits the store, or none. The length is bounded before the digits are read."""
    if not text.isascii() or not text.isdigit() or len(text) > _MAX_DIGITS:
        return None
    number = int(text)
    return number if number <= _MAX_BIGINT else None


def path_id(text: str) -> UUID:
    """An id out of a path; what is no id is answered like an id that does not exist."""
    try:
        return UUID(text)
    except ValueError:
        raise Problem(404, "not_found", Text("没有这个地址或对象", "There is nothing at this address.")) from None
