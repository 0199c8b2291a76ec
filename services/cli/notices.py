"""``kaohe notices``: what could not be delivered, sending it anew, and the keys under which secrets are kept."""

from uuid import UUID

import click
from rich.table import Table

from infra import outbox
from infra.outbox import DEAD, Listed
from infra.sealing import CannotOpen, Sealer, new_key
from services.cli.common import Trouble, console, opened, run, tenant_id, tenant_option
from services.runtime.runtime import Runtime

PAGE = 200
STATES = ("waiting", "sending", "sent", *DEAD)


@click.group()
def notices() -> None:
    """通知 · dead letters and their replay, and the key for secrets."""


@notices.command(name="list")
@tenant_option
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, help="Default: dead and uncertain.")
def list_deliveries(slug: str, states: tuple[str, ...]) -> None:
    """列出投递 · list deliveries, the latest first; dead letters unless --state says otherwise."""
    table = Table("编号 id", "状态 state", "渠道 channel", "次数", "生成 made", "事由 subject", "原因 last error")

    async def work() -> None:
        async with opened() as runtime:
            for row in await _listed(runtime, await tenant_id(runtime.database, slug), states or DEAD):
                made = f"{row.made_at:%Y-%m-%d %H:%M}"
                table.add_row(
                    str(row.id), row.state, row.channel, str(row.attempts), made, row.subject.zh, row.last_error
                )

    run(work())
    console().print(table)


@notices.command()
@tenant_option
@click.argument("delivery", required=False, type=click.UUID)
@click.option("--all", "every", is_flag=True, help="Every dead letter; not those that may have arrived.")
def replay(slug: str, delivery: UUID | None, *, every: bool) -> None:
    """重新投递 · send the dead letter DELIVERY anew, under the id it has.

    One that is `uncertain` may have arrived: name it to risk a second copy.
    """
    if (delivery is None) == (not every):
        raise Trouble("请指定一个编号或 --all · name one delivery, or say --all.")

    async def work() -> int:
        async with opened() as runtime:
            tenant = await tenant_id(runtime.database, slug)
            wanted = [delivery] if delivery else [row.id for row in await _listed(runtime, tenant, ("dead",))]
            async with runtime.database.tenant_transaction(tenant) as connection:
                done = [await outbox.replay(connection, tenant, one, runtime.clock()) for one in wanted]
        return sum(done)

    count = run(work())
    if delivery is not None and count == 0:
        raise Trouble(f"没有这封未达通知 · there is no dead letter {delivery} in {slug}.")
    console().print(f"已重新排队 · {count} will be sent anew")


async def _listed(runtime: Runtime, tenant: UUID, states: tuple[str, ...]) -> list[Listed]:
    """All of them, page by page."""
    found: list[Listed] = []
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        page = await outbox.listed(connection, tenant, states, None, PAGE)
        while page:
            found += page
            page = await outbox.listed(connection, tenant, states, (page[-1].made_at, page[-1].id), PAGE)
    return found


@notices.command()
def key() -> None:
    """生成密钥 · print a fresh key for KAOHE_SECRET_KEY."""
    click.echo(new_key())


@notices.command()
def rotate() -> None:
    """更换密钥 · seal every secret again under the first key of KAOHE_SECRET_KEY.

    Put the new key in front of the old one, restart, run this, then take the old one away.
    """

    async def work() -> int:
        count = 0
        async with opened() as runtime:
            sealer = Sealer(runtime.settings.secret_key)
            async with runtime.database.directory() as connection:
                tenants = [row["tenant_id"] for row in await connection.fetch("select tenant_id from tenants")]
            for tenant in tenants:
                count += await _rotate(runtime, tenant, sealer)
        return count

    try:
        console().print(f"已重新加密 · sealed again: {run(work())}")
    except CannotOpen as error:
        raise Trouble(
            f"密钥不符 · {error}: KAOHE_SECRET_KEY needs the key that they were sealed under, too."
        ) from error


async def _rotate(runtime: Runtime, tenant: UUID, sealer: Sealer) -> int:
    async with runtime.database.tenant_transaction(tenant) as connection:
        rows = await connection.fetch(
            "select endpoint_id, sealed from notice_endpoints where tenant_id = $1 for update", tenant
        )
        for row in rows:
            await connection.execute(
                "update notice_endpoints set sealed = $3 where tenant_id = $1 and endpoint_id = $2",
                tenant,
                row["endpoint_id"],
                sealer.again(row["sealed"]),
            )
    return len(rows)
