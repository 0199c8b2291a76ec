"""The platform operator's routes: sign in, provision, suspend and resume tenants."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.kernel import Text
from domain.organisation.messages import ProvisionOrganisation
from services.api.accounts import Password, as_problem
from services.api.bodies import json_body, json_response
from services.api.pages import decode_cursor, encode_cursor, limit_of
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, path_id
from services.runtime.accounts import AccountProblem
from services.runtime.config import UnknownTenant
from services.runtime.passwords import MAX_LENGTH
from services.runtime.platform import Tenant
from services.runtime.principal import Principal, Unauthenticated
from services.runtime.tokens import OPERATOR_PREFIX, parse

Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$(?!\n)")]


class OperatorLogin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An operator's sign-in."""

    username: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_LENGTH)]


class OperatorSession(msgspec.Struct, frozen=True):
    """An operator's session token, shown once."""

    token: str
    expires_at: datetime


class Provision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new tenant. ``slug`` is what its members sign in under."""

    slug: Slug
    organisation: ProvisionOrganisation
    admin_password: Password


class Provisioned(msgspec.Struct, frozen=True):
    """The new tenant and its first administrator."""

    tenant_id: UUID
    slug: str
    admin_member_id: UUID


class StatusReason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a tenant is suspended or resumed."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class TenantPage(msgspec.Struct, frozen=True):
    """A page of tenants by slug."""

    items: list[Tenant]
    next: str | None


def operator_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [*_tenant_routes(desk), *_status_routes(desk), _login_route(desk)]


async def _operator(request: HttpRequest, desk: Desk) -> Principal:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    token = parse(text.strip()) if scheme.lower() == "bearer" else None
    if token is None or token.prefix != OPERATOR_PREFIX:
        raise Unauthenticated
    return await desk.platform.operator(token)


@contextmanager
def _known_tenant() -> Iterator[None]:
    """To an operator a tenant that does not exist is not found; to its would-be members it is a bad credential."""
    try:
        yield
    except UnknownTenant:
        raise Problem(404, "not_found", Text("没有这个组织", "There is no such tenant.")) from None


def _login_route(desk: Desk) -> HTTPRouteHandler:
    @post(
        "/v1/platform/sessions",
        opt={"body": OperatorLogin, "public": True},
        tags=["platform"],
        summary="平台管理员登录 · Operator sign-in",
    )
    async def operator_login(request: HttpRequest) -> Response[OperatorSession]:
        """Answers an operator's token, shown once."""
        body = await json_body(request, OperatorLogin)
        desk.logins.admit(request.client.host if request.client else "")
        desk.logins.admit(f"operator:{body.username}")
        return json_response(OperatorSession(*await desk.platform.login(body.username, body.password)), 201)

    return operator_login


def _tenant_routes(desk: Desk) -> list[HTTPRouteHandler]:
    @post("/v1/platform/tenants", opt={"body": Provision}, tags=["platform"], summary="开通组织 · Provision a tenant")
    async def provision(request: HttpRequest) -> Response[Provisioned]:
        """Makes the organisation and its first administrator."""
        operator = await _operator(request, desk)
        body = await json_body(request, Provision)
        try:
            tenant, member = await desk.platform.provision(operator, body.slug, body.organisation, body.admin_password)
        except AccountProblem as problem:
            raise as_problem(problem) from None
        return json_response(Provisioned(tenant, body.slug, member), 201)

    @get("/v1/platform/tenants", opt={"query": ("cursor", "limit")}, tags=["platform"], summary="组织列表 · Tenants")
    async def list_tenants(request: HttpRequest) -> Response[TenantPage]:
        """All tenants by slug; their status, none of their content."""
        await _operator(request, desk)
        limit = limit_of(request)
        rows = await desk.platform.tenants(decode_cursor(request, str) or "", limit + 1)
        more = len(rows) > limit
        return json_response(TenantPage(rows[:limit], encode_cursor(rows[limit - 1].slug) if more else None))

    return [provision, list_tenants]


def _status_routes(desk: Desk) -> list[HTTPRouteHandler]:
    @post(
        "/v1/platform/tenants/{tenant_id:str}/suspend",
        status_code=204,
        opt={"body": StatusReason},
        tags=["platform"],
        summary="停用 · Suspend",
    )
    async def suspend(request: HttpRequest, tenant_id: FromPath[str]) -> None:
        """Nobody of the tenant gets in and its deadlines wait; nothing is lost."""
        operator = await _operator(request, desk)
        body = await json_body(request, StatusReason)
        with _known_tenant():
            await desk.platform.suspend(operator, path_id(tenant_id), body.reason)

    @post(
        "/v1/platform/tenants/{tenant_id:str}/resume",
        status_code=204,
        opt={"body": StatusReason},
        tags=["platform"],
        summary="恢复 · Resume",
    )
    async def resume(request: HttpRequest, tenant_id: FromPath[str]) -> None:
        """Lifts a suspension; deadlines that passed meanwhile fire."""
        operator = await _operator(request, desk)
        body = await json_body(request, StatusReason)
        with _known_tenant():
            await desk.platform.resume(operator, path_id(tenant_id), body.reason)

    return [suspend, resume]
