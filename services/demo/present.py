"""Loads the demonstration unless it is there already, and prints it."""

import time
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from services.demo.centre_report import centre_report
from services.demo.company_report import company_report
from services.demo.credentials import Kept, keep
from services.demo.load import load
from services.demo.matters import matters
from services.demo.page import Shown, page
from services.demo.references import hashes
from services.demo.report import report
from services.demo.story import Organisation, organisations
from services.runtime.runtime import Runtime, open_runtime
from services.runtime.tokens import RECEIPT_PREFIX, text_of
from services.settings import Settings


async def present(settings: Settings, directory: Path, url: str, screen: Console) -> None:
    """Load what is missing, with progress, and print the page. Raises what `load` raises."""
    started = time.monotonic()
    told = organisations()
    kept = keep(directory, told)
    tenants = await _load(settings, told, kept, screen)
    async with open_runtime(settings) as runtime:
        shown = [await _shown(runtime, tenants[one.story.slug], one, kept) for one in told]
    screen.print(page(shown, url, kept))
    screen.print(f"用时 took {time.monotonic() - started:.1f} s", style="dim")


async def _shown(runtime: Runtime, tenant: UUID, one: Organisation, kept: Kept) -> Shown:
    secrets = kept.credentials.receipts(one.story.slug)
    return Shown(
        slug=one.story.slug,
        name=one.story.name,
        projects=await report(runtime, tenant, one),
        matters=await matters(runtime, tenant, one, hashes(secrets)),
        receipts=tuple(text_of(RECEIPT_PREFIX, [tenant], secret) for secret in secrets.values()),
        centre=await centre_report(runtime, tenant, one),
        company=await company_report(runtime, tenant, one),
    )


async def _load(settings: Settings, told: tuple[Organisation, ...], kept: Kept, screen: Console) -> dict[str, UUID]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(f"载入一年 · loading a year: {name}", total=total)
            progress.update(tasks[name], completed=done)

        return await load(settings, told, kept, tell)
