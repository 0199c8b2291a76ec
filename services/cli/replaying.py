"""``kaohe replay``: how a case came to stand as it did."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click
import msgspec
from msgspec import UNSET
from rich.json import JSON
from rich.table import Table

from domain.catalogue import DECIDERS, decider_of
from infra.eventstore import select_stream
from infra.wire import canonical
from services.cli.common import Trouble, console, console_principal, opened, run, tenant_id, tenant_option
from services.runtime.access_log import note
from services.runtime.changes import Changes, without
from services.runtime.history import Moment, Told, by_then, told
from services.runtime.runtime import Runtime

DAY, SECOND = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"
SHOWN = 120


class Case(msgspec.Struct, frozen=True):
    """A stream's history up to a moment, and its state then."""

    noun: str
    events: list[Told]
    state: Any
    zone: ZoneInfo


@click.command()
@click.argument("case")
@tenant_option
@click.option("--as-of", metavar="INSTANT|POSITION", help="Up to an instant with offset, or a position. Default: now.")
def replay(case: str, slug: str, as_of: str | None) -> None:
    """复盘 · show CASE (a stream id, or noun:id) as it stood at any time, and how it came to that.

    Example: kaohe replay assessment:1b4e28ba-… --as-of 2025-11-12T09:00+08:00 --tenant shifan
    """
    noun, stream, moment = *_case(case), _moment(as_of)

    async def work() -> Case:
        async with opened() as runtime:
            return await _read(runtime, await tenant_id(runtime.database, slug), noun, stream, moment)

    _show(run(work()), stream)


def _case(text: str) -> tuple[str | None, UUID]:
    noun, _, identity = text.rpartition(":")
    if noun and noun not in {decider.noun for decider in DECIDERS}:
        nouns = ", ".join(decider.noun for decider in DECIDERS)
        raise Trouble(f"没有这种对象 · there is no noun {noun!r}; there are: {nouns}.")
    try:
        return noun or None, UUID(identity)
    except ValueError:
        raise Trouble(f"不是编号 · {identity!r} is not an id; take it from the API or from an address.") from None


def _moment(text: str | None) -> Moment:
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Trouble("--as-of 须为带时区的时间或位置号 · --as-of takes 2025-11-12T09:00+08:00, or a position.")
    return instant


async def _read(runtime: Runtime, tenant: UUID, noun: str | None, stream: UUID, moment: Moment) -> Case:
    config = await runtime.configs.get(tenant)
    async with runtime.database.tenant_transaction(tenant) as connection:
        rows = await select_stream(connection, tenant, stream)
        found = rows[0].topic.partition(".")[0] if rows else None
        if found is None or noun not in (None, found):
            raise Trouble("未找到 · this organisation has no such case.")
        detail = "" if moment is None else f"as_of={moment}"
        await note(
            connection,
            tenant,
            console_principal().actor,
            runtime.clock(),
            "history",
            noun=found,
            stream=stream,
            detail=detail,
        )
    decider, state = decider_of(found), None
    events = list(told(decider, runtime.mapper, by_then(rows, moment)))
    for each in events:
        state = decider.evolve(state, each.event)
    shown = without(msgspec.json.decode(canonical(state)), decider.sealed)
    return Case(found, events, shown, ZoneInfo(config.calendar.timezone))


def _show(case: Case, stream: UUID) -> None:
    screen, decider = console(), decider_of(case.noun)
    table = Table(
        "版本 v",
        "位置 pos",
        "时间 when",
        "何人 who",
        "角色 role",
        "条款 clause",
        "规则 rules",
        "事件 event",
        title=f"{decider.title.zh} · {decider.title.en} {stream}",
        title_justify="left",
    )
    for each in case.events:
        row, known = each.row, each.known
        table.add_row(
            str(row.originator_version),
            str(row.position),
            f"{row.recorded_at.astimezone(case.zone):{DAY if each.by_day else SECOND}}",
            known.actor_name or known.actor_kind,
            ", ".join(known.roles) or (known.causation or known.actor_kind),
            each.clause or "",
            "" if each.rule_version is None else f"v{each.rule_version}",
            row.topic,
        )
    screen.print(table)
    if case.state is None:
        screen.print("当时尚不存在 · it did not exist yet at that time.")
        return
    screen.print("逐步变化 · what each event changed in the state:")
    for each in case.events:
        screen.print(f"v{each.row.originator_version} {each.row.topic}", markup=False, highlight=False)
        for line in _changed(each.changes):
            screen.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    screen.print("当时的状态 · the state as it stood:")
    screen.print(JSON(canonical(case.state).decode(), indent=1))


def _changed(changes: Changes) -> Iterator[str]:
    """One line a field: its path, before and after."""
    if not changes.items:
        yield "没有变化 · nothing"
    for each in changes.items:
        yield f"{each.path}: {_value(each.before)} → {_value(each.after)}"
    if changes.more:
        yield f"…（还有 {changes.more} 项 · {changes.more} more）"


def _value(value: Any) -> str:
    """A side of a change in a line; what was not there is a dash."""
    text = "—" if value is UNSET else canonical(value).decode()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
