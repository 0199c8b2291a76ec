"""``kaohe tenant``: provision, list, suspend and resume organisations; take over a year's holidays."""

import re

import click
from rich.table import Table

from domain.kernel import Refusal
from domain.organisation import ORGANISATION
from domain.organisation.messages import AdoptStatutoryYear, ProvisionOrganisation
from services.cli.common import (
    Trouble,
    as_console,
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
from services.runtime.commands import CommandRequest
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


@tenant.command(name="adopt-year")
@click.argument("year", type=click.IntRange(2000, 2100))
@click.option("--tenant", "slug", metavar="SLUG", help="Only this organisation.")
@click.option("--all", "every", is_flag=True, help="Every active organisation.")
def adopt_year(year: int, slug: str | None, *, every: bool) -> None:
    """启用年度节假日 · take over the announced holidays of YEAR, after a new version has brought them.

    Limits that waited for that year are counted anew by the worker.
    """
    if (slug is None) == (not every):
        raise Trouble("请指定 --tenant 或 --all · say which organisation with --tenant SLUG, or --all.")
    for name, told in run(_adopt(year, slug)):
        console().print(f"{name}: {told}", markup=False)


async def _adopt(year: int, slug: str | None) -> list[tuple[str, str]]:
    """Have one organisation, or every active one, adopt a year; what became of it. One refusal stops no other."""
    spec, done = ORGANISATION.spec(AdoptStatutoryYear), []
    async with opened() as runtime:
        platform = Platform(runtime, Accounts(runtime))
        rows = await platform.tenants("", PAGE)
        while rows:
            for row in rows:
                if row.status != "active" or slug not in (None, row.slug):
                    continue
                request = CommandRequest(
                    tenant=row.tenant_id,
                    decider=ORGANISATION,
                    stream=row.tenant_id,
                    command=AdoptStatutoryYear(year=year),
                    authorise=as_console(spec),
                )
                try:
                    await runtime.bus.execute(request)
                    done.append((row.slug, "已启用 · adopted"))
                except Refusal as refusal:
                    done.append((row.slug, f"{refusal.text.zh} · {refusal.text.en} [{refusal.code}]"))
            rows = await platform.tenants(rows[-1].slug, PAGE)
    if slug is not None and not done:
        raise Trouble(f"没有这个在用组织 · there is no active tenant {slug!r}; `kaohe tenant list` shows all.")
    return done


def _set(slug: str, reason: str, *, suspended: bool) -> None:
    async def work() -> None:
        async with opened() as runtime:
            platform = Platform(runtime, Accounts(runtime))
            change = platform.suspend if suspended else platform.resume
            await change(console_principal(), await tenant_id(runtime.database, slug), reason)

    run(work())
