"""The outbox: deliveries on their way out of the house, each once for its cause, channel and recipient.

A delivery is claimed, and the claim committed, before anything is sent; the result is recorded afterwards, and only
while the claim still stands. A sender that dies in between leaves the row ``sending`` until its lease ends. Then what a
receiver can recognise by its id is sent again under the same id; what nobody could recognise is set aside as
``uncertain``, for a person to decide.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from domain.kernel import Text
from infra.database import Connection
from infra.wire import canonical

TASK = "notices"
"""The claim, and the tracking position, under which a tenant's notices are made."""
ATTEMPTS = 8
LEASE_S = 90.0
"""How long a sender may take before it counts as dead; longer than any sending is allowed to take."""
FIRST_RETRY_S = 15.0
RETRY_FACTOR = 4.0
LONGEST_RETRY_S = 6 * 3_600.0
JITTER = 0.25
ERROR_LENGTH = 300
NOBODY = "nobody"
"""The channel of what nobody may be told: a dead letter from the first attempt on."""
RECOGNISED = ("email", "webhook", NOBODY)
"""Channels whose receivers can tell a repetition by its id."""

State = Literal["waiting", "sending", "sent", "dead", "uncertain"]
DEAD = ("dead", "uncertain")


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice says, as it is kept and sent. ``roles`` are those it was for, by name."""

    event: str
    subject: Text
    body: Text
    clause: str | None
    noun: str
    stream_id: UUID
    due_at: datetime | None
    roles: tuple[str, ...]
    made_at: datetime


class NewDelivery(msgspec.Struct, frozen=True):
    """A delivery to be made. ``id`` follows from the others."""

    id: UUID
    cause: str
    channel: str
    recipient: UUID
    letter: Letter


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that its holder has claimed, for the time of the lease."""

    id: UUID
    channel: str
    recipient: UUID
    letter: Letter
    attempts: int
    allowed: int


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery as administrators see it."""

    id: UUID
    cause: str
    channel: str
    recipient: UUID
    state: State
    attempts: int
    next_attempt_at: datetime | None
    last_error: str | None
    made_at: datetime
    done_at: datetime | None
    subject: Text
    noun: str
    stream_id: UUID


LISTED = (
    "select delivery_id, cause, channel, recipient, state, attempts, next_attempt_at, last_error, made_at, done_at,"
    " letter from outbox where tenant_id = $1 and state = any ($2)"
    " and ($3::timestamptz is null or (made_at, delivery_id) < ($3, $4::uuid))"
    " order by made_at desc, delivery_id desc limit $5"
)

GIVEN_UP = (
    "update outbox set done_at = $2, state = case when channel = any ($3) then 'dead' else 'uncertain' end,"
    " last_error = 'the sender ended before it knew whether this had arrived'"
    " where tenant_id = $1 and state = 'sending' and next_attempt_at <= $2"
    " and (channel <> all ($3) or attempts >= allowed)"
)
CLAIMED = (
    "update outbox set state = 'sending', attempts = attempts + 1, next_attempt_at = $3"
    " where tenant_id = $1 and delivery_id = ("
    "  select delivery_id from outbox"
    "  where tenant_id = $1 and state in ('waiting', 'sending') and next_attempt_at <= $2"
    "  and (state = 'waiting' or channel = any ($4) and attempts < allowed)"
    "  order by next_attempt_at limit 1 for update skip locked)"
    " returning delivery_id, channel, recipient, letter, attempts, allowed"
)
PURGED = (
    "delete from outbox where tenant_id = $1"
    " and (state = 'sent' and done_at < $2 or state in ('dead', 'uncertain') and done_at < $3)"
)


def retry_after_s(attempts: int, chance: float) -> float:
    """Seconds until the next attempt after so many: four times as long each time, up to six hours.

    ``chance``, from 0 to 1, spreads them by a quarter either way: what failed together does not return together.
    """
    pause = min(FIRST_RETRY_S * RETRY_FACTOR ** (attempts - 1), LONGEST_RETRY_S)
    return pause * (1 - JITTER + 2 * JITTER * chance)


async def put(connection: Connection, tenant: UUID, deliveries: Sequence[NewDelivery], now: datetime) -> None:
    """Add deliveries, due at once. One that is there already, in whatever state, stays as it is."""
    if not deliveries:
        return
    # one letter goes to many: it is put into words once
    letters = {id(one.letter): one.letter for one in deliveries}
    worded = {place: canonical(letter) for place, letter in letters.items()}
    await connection.execute(
        "insert into outbox (tenant_id, delivery_id, cause, channel, recipient, letter, allowed, next_attempt_at,"
        " made_at) select $1, *, $7, $8, $8"
        " from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::bytea[]) on conflict do nothing",
        tenant,
        [one.id for one in deliveries],
        [one.cause for one in deliveries],
        [one.channel for one in deliveries],
        [one.recipient for one in deliveries],
        [worded[id(one.letter)] for one in deliveries],
        ATTEMPTS,
        now,
    )


async def give_up(connection: Connection, tenant: UUID, now: datetime) -> int:
    """Set aside what dead senders left and must not, or may no longer, be sent again; how many."""
    status = await connection.execute(GIVEN_UP, tenant, now, list(RECOGNISED))
    return int(status.rpartition(" ")[2])


async def claim(connection: Connection, tenant: UUID, now: datetime) -> Delivery | None:
    """Claim the delivery that has been due longest and that nobody holds; to be committed before it is sent."""
    lease_ends_at = now + timedelta(seconds=LEASE_S)
    row = await connection.fetchrow(CLAIMED, tenant, now, lease_ends_at, list(RECOGNISED))
    if row is None:
        return None
    return Delivery(
        id=row["delivery_id"],
        channel=row["channel"],
        recipient=row["recipient"],
        letter=msgspec.json.decode(row["letter"], type=Letter),
        attempts=row["attempts"],
        allowed=row["allowed"],
    )


async def end(  # noqa: PLR0913 - what became of it
    connection: Connection,
    tenant: UUID,
    delivery: Delivery,
    state: Literal["sent", "dead", "uncertain"],
    now: datetime,
    *,
    error: str | None = None,
) -> bool:
    """Record that it arrived, or set it aside for a person; ``False`` where the claim does not stand any more."""
    status = await connection.execute(
        "update outbox set state = $4, last_error = $5, done_at = $6"
        " where tenant_id = $1 and delivery_id = $2 and state = 'sending' and attempts = $3",
        tenant,
        delivery.id,
        delivery.attempts,
        state,
        None if error is None else error[:ERROR_LENGTH],
        now,
    )
    return status == "UPDATE 1"


async def retry(  # noqa: PLR0913 - what became of it
    connection: Connection,
    tenant: UUID,
    delivery: Delivery,
    now: datetime,
    *,
    error: str,
    not_before: datetime | None = None,
) -> bool:
    """Have it sent again later, unless it was tried often enough: then it is dead."""
    if delivery.attempts >= delivery.allowed:
        return await end(connection, tenant, delivery, "dead", now, error=error)
    after = now + timedelta(seconds=retry_after_s(delivery.attempts, random.random()))  # noqa: S311 - spreads load
    status = await connection.execute(
        "update outbox set state = 'waiting', last_error = $4, next_attempt_at = $5"
        " where tenant_id = $1 and delivery_id = $2 and state = 'sending' and attempts = $3",
        tenant,
        delivery.id,
        delivery.attempts,
        error[:ERROR_LENGTH],
        max(after, not_before or after),
    )
    return status == "UPDATE 1"


async def replay(connection: Connection, tenant: UUID, delivery: UUID, now: datetime) -> bool:
    """Let a dead letter be sent anew, under the id it has; whether it was one."""
    status = await connection.execute(
        "update outbox set state = 'waiting', allowed = attempts + $4, next_attempt_at = $3, done_at = null"
        " where tenant_id = $1 and delivery_id = $2 and state in ('dead', 'uncertain')",
        tenant,
        delivery,
        now,
        ATTEMPTS,
    )
    return status == "UPDATE 1"


async def listed(
    connection: Connection, tenant: UUID, states: Sequence[str], after: tuple[datetime, UUID] | None, limit: int
) -> list[Listed]:
    """Deliveries in these states, the latest first."""
    rows = await connection.fetch(LISTED, tenant, list(states), *(after or (None, None)), limit)
    found = []
    for row in rows:
        letter = msgspec.json.decode(row["letter"], type=Letter)
        found.append(
            Listed(
                id=row["delivery_id"],
                cause=row["cause"],
                channel=row["channel"],
                recipient=row["recipient"],
                state=row["state"],
                attempts=row["attempts"],
                next_attempt_at=row["next_attempt_at"] if row["state"] in ("waiting", "sending") else None,
                last_error=row["last_error"],
                made_at=row["made_at"],
                done_at=row["done_at"],
                subject=letter.subject,
                noun=letter.noun,
                stream_id=letter.stream_id,
            )
        )
    return found


async def purge(connection: Connection, tenant: UUID, *, sent_before: datetime, dead_before: datetime) -> None:
    """Delete what arrived, and what was given up, before these instants."""
    await connection.execute(PURGED, tenant, sent_before, dead_before)
