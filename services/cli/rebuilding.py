"""``kaohe rebuild``: make read models anew, beside the live ones."""

from uuid import UUID

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.rebuild import Rebuilder, Rebuilt
from projections.catalogue import PROJECTIONS
from projections.kernel import Projection
from services.cli.common import Trouble, console, opened, run, tenant_id
from services.runtime.runtime import Runtime


@click.command()
@click.argument("projection", required=False)
@click.option("--tenant", "slug", metavar="SLUG", help="Only this organisation's.")
@click.option("--all", "every", is_flag=True, help="Every organisation's.")
def rebuild(projection: str | None, slug: str | None, *, every: bool) -> None:
    """重建视图 · fold PROJECTION (default: all) anew beside the live one, compare, and switch.

    Readers never see a gap. Exit code 1 when rebuilt rows differ from those that were live.
    """
    if (slug is None) == (not every):
        raise Trouble("请指定 --tenant 或 --all · say which organisation with --tenant SLUG, or --all.")
    chosen = [each for each in PROJECTIONS if projection in (None, each.name)]
    if not chosen:
        names = ", ".join(each.name for each in PROJECTIONS) or "none"
        raise Trouble(f"没有这个视图 · there is no projection {projection!r}; there are: {names}.")
    if run(_rebuild(chosen, slug)):
        raise SystemExit(1)


async def _rebuild(chosen: list[Projection], slug: str | None) -> bool:
    """Rebuild; whether rows differed."""
    differed = False
    async with opened() as runtime:
        tenants = await _tenants(runtime, slug)
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console(),
        ) as progress:
            for name, tenant in tenants:
                for projection in chosen:
                    task = progress.add_task(f"{name} {projection.name}", total=None)
                    result = await Rebuilder(runtime.database, runtime.mapper).rebuild(
                        tenant,
                        projection,
                        lambda done, goal, task=task: progress.update(task, completed=done, total=goal),  # type: ignore[misc]
                    )
                    differed |= result is not None and bool(result.differences)
                    progress.console.print(f"{name} {projection.name}: {_told(result)}")
    return differed


async def _tenants(runtime: Runtime, slug: str | None) -> list[tuple[str, UUID]]:
    if slug is not None:
        return [(slug, await tenant_id(runtime.database, slug))]
    async with runtime.database.directory() as connection:
        return [
            (row["slug"], row["tenant_id"])
            for row in await connection.fetch("select slug, tenant_id from tenants order by slug")
        ]


def _told(result: Rebuilt | None) -> str:
    if result is None:
        return "未完成 · not finished"
    if result.differences:
        tables = ", ".join(f"{one.table} {one.live_rows} → {one.rebuilt_rows}" for one in result.differences)
        return f"[red]与原有不同 · differs from what was live[/red]: {tables}; the rebuilt rows are live now"
    same = "与原有一致 · same as before" if result.compared else "新结构 · new schema"
    return f"{same}, position {result.position}"
