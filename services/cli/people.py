"""``kaohe user`` and ``kaohe operator``: the people of an organisation, and those of the platform."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import click
import msgspec
from rich.table import Table

from domain.kernel import Command
from domain.organisation import ORGANISATION, Member, OrganisationState
from domain.organisation.messages import AddMember, DisableMember, MemberAdded
from domain.roles import ROLES
from services.cli.common import (
    Trouble,
    as_console,
    ask_password,
    console,
    opened,
    password_stdin,
    run,
    tenant_id,
    tenant_option,
    typed,
)
from services.runtime.accounts import Accounts
from services.runtime.commands import CommandRequest
from services.runtime.platform import Platform
from services.runtime.runtime import Runtime

ROLE_NAMES = [role.name for role in ROLES]


@click.group()
def user() -> None:
    """成员 · add, list and disable members, and set their passwords."""


@user.command()
@click.argument("username")
@tenant_option
@click.option("--name", "display_name", required=True, help="The name that is shown.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLE_NAMES), help="May be repeated.")
@password_stdin
def add(username: str, slug: str, display_name: str, roles: Sequence[str], *, from_stdin: bool) -> None:
    """增加成员 · add a member and set the password."""
    command = typed({"username": username, "display_name": display_name, "roles": list(roles)}, AddMember)
    password = ask_password(from_stdin=from_stdin)

    async def work() -> UUID:
        async with opened() as runtime:
            tenant = await tenant_id(runtime.database, slug)
            body = await _send(runtime, tenant, command)
            member = next(event.member_id for event in _events(body) if isinstance(event, MemberAdded))
            await Accounts(runtime).set_password(tenant, member, password)
        return member

    console().print(f"已增加 · added [bold]{username}[/bold] {run(work())}")


@user.command()
@click.argument("username")
@tenant_option
@password_stdin
def password(username: str, slug: str, *, from_stdin: bool) -> None:
    """重设密码 · set a member's password; all sessions of theirs end."""
    secret = ask_password(from_stdin=from_stdin)

    async def work() -> None:
        async with opened() as runtime:
            tenant = await tenant_id(runtime.database, slug)
            member = await _member(runtime, tenant, username)
            await Accounts(runtime).set_password(tenant, member.id, secret)

    run(work())
    console().print(f"密码已重设 · password set for [bold]{username}[/bold]")


@user.command()
@click.argument("username")
@tenant_option
@click.option("--reason", required=True, help="Why; it is recorded.")
def disable(username: str, slug: str, reason: str) -> None:
    """停用成员 · shut a member out from the next request on."""

    async def work() -> None:
        async with opened() as runtime:
            tenant = await tenant_id(runtime.database, slug)
            member = await _member(runtime, tenant, username)
            await _send(runtime, tenant, typed({"member_id": member.id, "reason": reason}, DisableMember))

    run(work())
    console().print(f"已停用 · disabled [bold]{username}[/bold]")


@user.command(name="list")
@tenant_option
def list_members(slug: str) -> None:
    """列出成员 · list an organisation's members and their roles."""

    async def work() -> Table:
        table = Table("用户名 username", "姓名 name", "角色 roles", "状态 status", "编号 id")
        async with opened() as runtime:
            organisation = await _organisation(runtime, await tenant_id(runtime.database, slug))
            for member in sorted(organisation.members.values(), key=lambda each: each.username):
                status = "停用 disabled" if member.disabled else "有效 active"
                table.add_row(member.username, member.display_name, ", ".join(member.roles), status, str(member.id))
        return table

    console().print(run(work()))


@click.group()
def operator() -> None:
    """平台管理员 · those who host the service; they see no organisation's content."""


@operator.command(name="add")
@click.argument("username")
@password_stdin
def add_operator(username: str, *, from_stdin: bool) -> None:
    """增加平台管理员 · make an operator, or give an existing one a new password."""
    secret = ask_password(from_stdin=from_stdin)

    async def work() -> None:
        async with opened() as runtime:
            await Platform(runtime, Accounts(runtime)).add_operator(username, secret)

    run(work())
    console().print(f"已增加 · operator [bold]{username}[/bold]")


async def _send(runtime: Runtime, tenant: UUID, command: Command) -> bytes:
    result = await runtime.bus.execute(
        CommandRequest(
            tenant=tenant,
            decider=ORGANISATION,
            stream=tenant,
            command=command,
            authorise=as_console(ORGANISATION.spec(type(command))),
        )
    )
    return result.body


def _events(body: bytes) -> list[Any]:
    listed: list[dict[str, Any]] = msgspec.json.decode(body)["events"]
    tags = {str(event.__struct_config__.tag): event for event in ORGANISATION.events}
    return [msgspec.convert(one, tags[one["type"]]) for one in listed]


async def _organisation(runtime: Runtime, tenant: UUID) -> OrganisationState:
    organisation = (await runtime.configs.refresh(tenant)).organisation
    if organisation is None:
        raise Trouble(
            "开通尚未完成 · this organisation was never completely provisioned; run `kaohe tenant create` again."
        )
    return organisation


async def _member(runtime: Runtime, tenant: UUID, username: str) -> Member:
    member = (await _organisation(runtime, tenant)).member_named(username)
    if member is None:
        raise Trouble(f"没有这个成员 · there is no member {username!r}; `kaohe user list` shows all.")
    return member
