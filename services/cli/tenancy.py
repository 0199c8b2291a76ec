"""``kaohe tenant``: provision, list, suspend and resume organisations."""

import re

import click
from rich.table import Table

from domain.organisation.messages import ProvisionOrganisation
from services.cli.common import (
    Trouble,
    ask_password,
    console,
    console_principal,
    opened,
    password_stdin,
    run,
    tenant_id,
    typed,
)
from services.runtime.accounts import Accounts
from services.runtime.platform import Platform

SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
PAGE = 500


@click.group()
def tenant() -> None:
    """组织 · provision, list, suspend and resume organisations."""


@tenant.command()
@click.argument("slug")
@click.option("--name", required=True, help="The organisation's name.")
@click.option("--admin", required=True, metavar="USERNAME", help="Username of its first administrator.")
@click.option("--admin-name", required=True, help="The administrator's name as it is shown.")
@click.option("--timezone", default="Asia/Shanghai", show_default=True, help="An IANA time zone.")
@click.option("--locale", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@password_stdin
def create(  # noqa: PLR0913 - each is an option
    *, slug: str, name: str, admin: str, admin_name: str, timezone: str, locale: str, from_stdin: bool
) -> None:
    """开通组织 · provision the organisation SLUG with its first administrator."""
    if not SLUG.fullmatch(slug):
        raise Trouble(
            "标识须为 3 至 40 个小写字母、数字或连字符 · SLUG takes 3 to 40 lower-case letters, digits or hyphens."
        )
    command = typed(
        {
            "name": name,
            "timezone": timezone,
            "locale": locale,
            "admin_username": admin,
            "admin_display_name": admin_name,
        },
        ProvisionOrganisation,
    )
    password = ask_password(from_stdin=from_stdin)

    async def work() -> str:
        async with opened() as runtime:
            platform = Platform(runtime, Accounts(runtime))
            made, _ = await platform.provision(console_principal(), slug, command, password)
        return str(made)

    console().print(f"已开通 · provisioned [bold]{slug}[/bold] {run(work())}")


@tenant.command(name="list")
def list_tenants() -> None:
    """列出组织 · list all organisations."""

    async def work() -> Table:
        table = Table("标识 slug", "名称 name", "状态 status", "编号 id", "开通 created")
        async with opened() as runtime:
            platform = Platform(runtime, Accounts(runtime))
            rows = await platform.tenants("", PAGE)
            while rows:
                for row in rows:
                    table.add_row(row.slug, row.name, row.status, str(row.tenant_id), f"{row.created_at:%Y-%m-%d}")
                rows = await platform.tenants(rows[-1].slug, PAGE)
        return table

    console().print(run(work()))


@tenant.command()
@click.argument("slug")
@click.option("--reason", required=True, help="Why; it is recorded.")
def suspend(slug: str, reason: str) -> None:
    """停用组织 · nobody of it gets in and its deadlines wait; nothing is lost."""
    _set(slug, reason, suspended=True)
    console().print(f"已停用 · suspended [bold]{slug}[/bold]")


@tenant.command()
@click.argument("slug")
@click.option("--reason", required=True, help="Why; it is recorded.")
def resume(slug: str, reason: str) -> None:
    """恢复组织 · lift a suspension; deadlines that passed meanwhile fire."""
    _set(slug, reason, suspended=False)
    console().print(f"已恢复 · resumed [bold]{slug}[/bold]")


def _set(slug: str, reason: str, *, suspended: bool) -> None:
    async def work() -> None:
        async with opened() as runtime:
            platform = Platform(runtime, Accounts(runtime))
            change = platform.suspend if suspended else platform.resume
            await change(console_principal(), await tenant_id(runtime.database, slug), reason)

    run(work())
