"""Makes a tenant's notices: each event that people are told of, once into the inboxes and the outbox.

What is laid down and the position that it has come to are one transaction, and every row's id follows from its cause:
whoever makes notices, and however often, a cause is told once to each member and endpoint. Roles are resolved to the
members who hold them at that moment; what is for nobody goes to the administrators, so that it is not lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from domain.catalogue import tag_of
from domain.kernel import Cause, Event, State, Text, derived_id
from domain.notices.notice import Notice, NoticeRule
from domain.organisation import Member
from domain.roles import ADMIN, role_of
from infra import endpoints as settings
from infra import inbox, outbox
from infra.claims import claim, read_ledger
from infra.database import CONNECTION_LOST, NOTHING_DONE, Connection
from infra.endpoints import Address, Endpoint
from infra.eventstore import advance_tracking
from infra.outbox import Letter, NewDelivery
from services.worker.following import decoded, place_of
from services.worker.work import KeepGoing, Work, always

BATCH = 200
"""Positions in one transaction."""

_EVENTS = (
    "select position, originator_id, originator_version, topic, state, recorded_at from events"
    " where tenant_id = $1 and position > $2 and position <= $3 and topic = any ($4) order by position"
)


class _Made(msgspec.Struct, frozen=True):
    """A notice with its cause and those it is for."""

    cause: str
    notice: Notice
    letter: Letter
    members: tuple[UUID, ...]


async def notify(work: Work, tenant: UUID, keep_going: KeepGoing = always) -> int:
    """Make notices until they stand at the ledger's position; how many were made.

    Returns at once while another worker is at it. An event that no notice can be made of (a fault in the code) is
    raised, after all events before it; the notices stay before it.
    """
    total, limit = 0, BATCH
    while keep_going():
        try:
            made = await _notify_batch(work, tenant, limit)
        except (*CONNECTION_LOST, *NOTHING_DONE):
            raise
        except Exception:
            if limit == 1:
                raise
            limit = 1
            continue
        if made is None:
            break
        total += made
    work.metrics.notices.inc(total)
    return total


async def _notify_batch(work: Work, tenant: UUID, limit: int) -> int | None:
    """One transaction; how many notices it made, none when there is nothing to do."""
    runtime = work.runtime
    async with runtime.database.tenant_transaction(tenant) as connection:
        # losing the last moments of rows with their position in a crash only has them made again; a delivery that was
        # sent is never lost, for its claim has waited for the disk, and this with it
        await connection.execute("set local synchronous_commit to off")
        after = await claim(connection, tenant, outbox.TASK)
        if after is None:
            return None
        ledger = await read_ledger(connection, tenant, locked=False)
        if ledger is None or after >= ledger.position:
            return None
        config = await runtime.configs.at_epoch(connection, tenant, ledger.epoch)
        if not config.active:
            return None
        to = min(after + limit, ledger.position)
        members = {} if config.organisation is None else config.organisation.members
        made = await _made(work, connection, tenant, (after, to), members)
        await _lay_down(work, connection, tenant, made)
        await advance_tracking(connection, tenant, outbox.TASK, to)
    return len(made)


async def _made(
    work: Work, connection: Connection, tenant: UUID, span: tuple[int, int], members: dict[UUID, Member]
) -> list[_Made]:
    """The notices of the events after one position and up to another."""
    mapper = work.runtime.mapper
    topics = {mapper.topic(event) for event in work.notices} | (mapper.older_topics if work.notices else frozenset())
    if not topics:
        return []
    rows = await connection.fetch(_EVENTS, tenant, *span, sorted(topics))
    told = [
        (row, event, work.notices[type(event)]) for row, event in decoded(work, rows) if type(event) in work.notices
    ]
    states = await work.runtime.states.read_right_after(connection, tenant, [place_of(row) for row, _, _ in told])
    return [one for row, event, rules in told for one in _made_of(row, event, rules, states, members)]


def _made_of(
    row: asyncpg.Record,
    event: Event,
    rules: Iterable[NoticeRule],
    states: Mapping[tuple[UUID, int], State | None],
    members: dict[UUID, Member],
) -> list[_Made]:
    stream, version, position = row["originator_id"], row["originator_version"], row["position"]
    tag, cause = tag_of(type(event)), Cause(stream_id=stream, stream_version=version, position=position)
    notices = [notice for rule in rules for notice in rule.make(event, cause, states[stream, version])]
    made = []
    for ordinal, notice in enumerate(notices):
        told, instead = recipients(notice, members)
        made.append(
            _Made(
                cause=f"{position}/{ordinal}",
                notice=notice,
                letter=letter_of(tag, notice, row["recorded_at"], instead=instead),
                members=told,
            )
        )
    return made


def recipients(notice: Notice, members: dict[UUID, Member]) -> tuple[tuple[UUID, ...], bool]:
    """The active members whom a notice is for, in order; and whether they are the administrators in place of nobody."""
    active = [member for member in members.values() if not member.disabled and member.id not in notice.withheld]
    named, roles = frozenset(notice.persons), frozenset(notice.roles)
    told = [member.id for member in active if member.id in named or not roles.isdisjoint(member.roles)]
    if told or notice.confidential:
        return tuple(sorted(told)), False
    return tuple(sorted(member.id for member in active if ADMIN in member.roles)), True


def letter_of(tag: str, notice: Notice, recorded_at: datetime, *, instead: bool) -> Letter:
    """The words of a notice; in place of nobody they say so.

    It bears the instant under which its event was recorded: where that is the day alone, it tells no more.
    """
    body = notice.body
    if instead:
        roles = [role_of(name) for name in notice.roles]
        zh = "、".join(role.title.zh for role in roles if role) or "收件人"
        en = ", ".join(role.title.en for role in roles if role) or "the person concerned"
        body = Text(
            f"{body.zh}（{zh}目前无在用成员，故通知系统管理员。）",
            f"{body.en} (There is no active member for: {en}; the administrators are told instead.)",
        )
    return Letter(
        event=tag,
        subject=notice.subject,
        body=body,
        clause=notice.clause,
        noun=notice.noun,
        stream_id=notice.stream_id,
        due_at=notice.due_at,
        roles=notice.roles,
        made_at=recorded_at,
    )


async def _lay_down(work: Work, connection: Connection, tenant: UUID, made: Sequence[_Made]) -> None:
    if not made:
        return
    now = work.runtime.clock()
    told = sorted({member for one in made for member in one.members})
    places = await settings.endpoints(connection, tenant)
    addresses = {each.member_id: each for each in await settings.addresses(connection, tenant, told)}
    lying = [
        (member, derived_id(tenant, "inbox", one.cause, member), one.cause, one.letter)
        for one in made
        for member in one.members
    ]
    await inbox.put(connection, tenant, lying)
    leaving = [delivery for one in made for delivery in _deliveries(tenant, one, places, addresses)]
    # where everybody who could be told is kept out of the matter: a dead letter, for somebody has to find a way
    leaving += [_undeliverable(tenant, one) for one in made if not one.members and not one.notice.confidential]
    await outbox.put(connection, tenant, leaving, now)


def _deliveries(
    tenant: UUID, one: _Made, places: Iterable[Endpoint], addresses: dict[UUID, Address]
) -> list[NewDelivery]:
    """How one notice leaves the house: by mail to members who gave an address, and to the endpoints that want it."""
    channel = one.notice.channel
    going = [
        ("email", member)
        for member in one.members
        if member in addresses and (channel == "email" or addresses[member].takes == "all")
    ]
    going += [(place.kind, place.id) for place in places if place.wants(channel, one.notice.roles)]
    return [
        NewDelivery(delivery_id(tenant, one.cause, kind, recipient), one.cause, kind, recipient, one.letter)
        for kind, recipient in going
    ]


def _undeliverable(tenant: UUID, one: _Made) -> NewDelivery:
    nobody = UUID(int=0)
    return NewDelivery(
        delivery_id(tenant, one.cause, outbox.NOBODY, nobody), one.cause, outbox.NOBODY, nobody, one.letter
    )


def delivery_id(tenant: UUID, cause: str, channel: str, recipient: UUID) -> UUID:
    """The id of a delivery, by which its receiver knows it: the same whenever it is made."""
    return derived_id(tenant, "delivery", cause, channel, recipient)
