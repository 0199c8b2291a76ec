"""Sessions, passwords and API keys of members."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.kernel import Text
from services.api.bodies import json_body, json_response
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, credential, path_id, reading
from services.runtime.accounts import AccountProblem, KeyInfo, LoginLocked, NewKey, NewSession
from services.runtime.passwords import MAX_LENGTH, MIN_LENGTH
from services.runtime.principal import Unauthenticated
from services.runtime.tokens import SESSION_PREFIX

Password = Annotated[str, msgspec.Meta(min_length=MIN_LENGTH, max_length=MAX_LENGTH)]


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sign in with the organisation's slug, the username and the password."""

    organisation: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    username: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_LENGTH)]


class PasswordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member's own change of password."""

    old_password: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_LENGTH)]
    new_password: Password


class PasswordReset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An administrator's reset of a member's password."""

    password: Password


class KeyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An API key that may do at most what its member may. ``scopes`` are permissions such as ``assessment.read``."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    scopes: Annotated[list[Annotated[str, msgspec.Meta(max_length=100)]], msgspec.Meta(min_length=1, max_length=200)]
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)]


class Me(msgspec.Struct, frozen=True):
    """Who the credential belongs to."""

    tenant_id: UUID
    member_id: UUID
    name: str
    kind: str
    roles: list[str]
    permissions: list[str]
    organisation: str
    timezone: str
    locale: str


def account_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [
        *_session_routes(desk),
        *_password_routes(desk),
        *_key_routes(desk),
    ]


def _session_routes(desk: Desk) -> list[HTTPRouteHandler]:
    @post("/v1/sessions", opt={"body": Login, "public": True}, tags=["accounts"], summary="登录 · Sign in")
    async def login(request: HttpRequest) -> Response[NewSession]:
        """Answers a session token, shown once. A session sent along as bearer ends: tokens rotate at login."""
        body = await json_body(request, Login)
        desk.logins.admit(request.client.host if request.client else "")
        try:
            rotated = credential(request)
        except Unauthenticated:
            rotated = None
        if rotated is not None and rotated.prefix != SESSION_PREFIX:
            rotated = None
        try:
            session = await desk.accounts.login(body.organisation, body.username, body.password, rotated)
        except LoginLocked as locked:
            raise Problem(
                429,
                "login_locked",
                Text("密码错误次数过多，请稍后再试", "Too many wrong passwords; try again later."),
                headers={"Retry-After": str(locked.seconds)},
            ) from None
        return json_response(session, 201)

    @delete("/v1/sessions/current", status_code=204, tags=["accounts"], summary="退出 · Sign out")
    async def logout(request: HttpRequest) -> None:
        """Ends the session that is sent along, from the next request on, in every process."""
        async with reading(desk, request, None):
            token = credential(request)
        if token.prefix != SESSION_PREFIX:
            raise Problem(409, "no_session", Text("API 密钥不是会话", "An API key is no session; revoke it instead."))
        await desk.accounts.logout(token)

    @get("/v1/me", tags=["accounts"], summary="我是谁 · Who am I")
    async def me(request: HttpRequest) -> Response[Me]:
        """The member, roles and permissions of the credential."""
        async with reading(desk, request, None) as reader:
            organisation = reader.config.organisation
            actor = reader.principal.actor
            return json_response(
                Me(
                    reader.tenant,
                    reader.principal.id,
                    actor.name,
                    actor.kind,
                    sorted(actor.roles),
                    sorted(reader.principal.permissions),
                    organisation.name if organisation else "",
                    reader.config.calendar.timezone,
                    reader.principal.locale,
                )
            )

    return [login, logout, me]


def _password_routes(desk: Desk) -> list[HTTPRouteHandler]:
    @post(
        "/v1/me/password",
        status_code=204,
        opt={"body": PasswordChange},
        tags=["accounts"],
        summary="修改密码 · Change password",
    )
    async def change_password(request: HttpRequest) -> None:
        """Ends all sessions of the member, this one included."""
        body = await json_body(request, PasswordChange)
        async with reading(desk, request, None) as reader:
            tenant, principal = reader.tenant, reader.principal
        if principal.actor.kind != "member":
            raise Problem(403, "members_only", Text("只有本人登录后可以修改", "Only a signed-in member can do this."))
        desk.logins.admit(str(principal.id))
        try:
            await desk.accounts.change_password(tenant, principal.id, body.old_password, body.new_password)
        except AccountProblem as problem:
            raise as_problem(problem) from None

    @post(
        "/v1/members/{member_id:str}/password",
        status_code=204,
        opt={"body": PasswordReset},
        tags=["accounts"],
        summary="重置密码 · Reset password",
    )
    async def reset_password(request: HttpRequest, member_id: FromPath[str]) -> None:
        """An administrator sets a member's password; all sessions of the member end."""
        body = await json_body(request, PasswordReset)
        member = path_id(member_id)
        async with reading(desk, request, "organisation.add_member") as reader:
            tenant, principal = reader.tenant, reader.principal
            known = reader.config.organisation.members if reader.config.organisation else {}
        if principal.actor.kind != "member":
            # a key scoped to adding members would otherwise open every account, the administrators' too
            raise Problem(403, "members_only", Text("只有本人登录后可以重置", "Only a signed-in member can do this."))
        if member not in known:
            raise Problem(404, "not_found", Text("没有这名成员", "There is no such member."))
        await desk.accounts.set_password(tenant, member, body.password)

    return [change_password, reset_password]


def _key_routes(desk: Desk) -> list[HTTPRouteHandler]:
    @post("/v1/me/api-keys", opt={"body": KeyRequest}, tags=["accounts"], summary="创建 API 密钥 · Make an API key")
    async def make_key(request: HttpRequest) -> Response[NewKey]:
        """The key's text is in this answer alone; it is stored as a hash."""
        body = await json_body(request, KeyRequest)
        async with reading(desk, request, None) as reader:
            tenant, principal = reader.tenant, reader.principal
        if principal.actor.kind != "member":
            raise Problem(403, "members_only", Text("密钥不能再创建密钥", "A key can't make another key."))
        try:
            key = await desk.accounts.make_key(tenant, principal, body.name, frozenset(body.scopes), body.expires_at)
        except AccountProblem as problem:
            raise as_problem(problem) from None
        return json_response(key, 201)

    @get("/v1/me/api-keys", tags=["accounts"], summary="我的 API 密钥 · My API keys")
    async def list_keys(request: HttpRequest) -> Response[list[KeyInfo]]:
        """The member's keys, newest first, without their secrets."""
        async with reading(desk, request, None) as reader:
            return json_response(await desk.accounts.keys(reader.connection, reader.tenant, reader.principal.id))

    @delete("/v1/me/api-keys/{key_id:str}", status_code=204, tags=["accounts"], summary="吊销 API 密钥 · Revoke a key")
    async def revoke_key(request: HttpRequest, key_id: FromPath[str]) -> None:
        """The key is out on the next request."""
        key = path_id(key_id)
        async with reading(desk, request, None) as reader:
            tenant, member = reader.tenant, reader.principal.id
        if not await desk.accounts.revoke_key(tenant, member, key):
            raise Problem(404, "not_found", Text("没有这把密钥", "There is no such key."))

    return [make_key, list_keys, revoke_key]


def as_problem(problem: AccountProblem) -> Problem:
    """The 422 of an account request."""
    return Problem(422, problem.code, problem.text, field=problem.field)
