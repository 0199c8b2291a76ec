"""Delivers what is due in a tenant's outbox: claim and commit, send, record.

Whatever happens in between, nothing is sent twice that its receiver could not recognise: see `infra.outbox`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import structlog

from infra import endpoints, mail, outbox, robots, webhooks
from infra.database import CONNECTION_LOST, NOTHING_DONE
from infra.mail import MailFailed, MailServer
from infra.outbound import AddressRefused, Answer, NoAnswer, NotSent, Outbound, open_outbound
from infra.outbox import RECOGNISED, Delivery
from infra.sealing import CannotOpen, Sealer
from services.runtime.config import TenantConfig
from services.settings import Settings
from services.worker.letters import subject_line, text_of, webhook_body
from services.worker.work import KeepGoing, Work, always

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""Deliveries of one tenant under way in one process."""
TOO_MANY, UNAVAILABLE = 429, 503
LONGEST_WAIT_S = 6 * 3_600


class Post(msgspec.Struct, frozen=True):
    """The ways out of one process."""

    sealer: Sealer
    outbound: Outbound
    server: MailServer | None
    sender: str
    public_url: str


class Result(msgspec.Struct, frozen=True):
    """What became of an attempt: ``sent``, to be tried ``again``, ``dead``, or ``uncertain`` where it may have arrived.

    ``wait_s`` is for how long the receiver asked not to be tried again.
    """

    state: Literal["sent", "again", "dead", "uncertain"]
    error: str = ""
    wait_s: float = 0.0


SENT = Result("sent")


@asynccontextmanager
async def open_post(settings: Settings) -> AsyncIterator[Post]:
    """Open the ways out that the installation's settings name."""
    async with open_outbound(settings.outbound, settings.outbound_ca) as outbound:
        yield Post(
            sealer=Sealer(settings.secret_key),
            outbound=outbound,
            server=mail.server_of(settings.smtp_url) if settings.smtp_url else None,
            sender=settings.mail_from,
            public_url=settings.public_url,
        )


async def deliver(work: Work, post: Post, tenant: UUID, keep_going: KeepGoing = always) -> int:
    """Deliver what is due until nothing is left or others hold it; the number of attempts that were made here."""
    config = await work.runtime.configs.refresh(tenant)
    if not config.active:
        return 0
    async with work.runtime.database.tenant_transaction(tenant) as connection:
        lost = await outbox.give_up(connection, tenant, work.runtime.clock())
    if lost:
        log.warning("deliveries_given_up", tenant=str(tenant), count=lost)
    senders = [_sender(work, post, tenant, config, keep_going) for _ in range(AT_ONCE)]
    # one that breaks off must not cut off the others, who may be in the middle of sending
    ended = await asyncio.gather(*senders, return_exceptions=True)
    for one in ended:
        if isinstance(one, BaseException):
            raise one
    return sum(one for one in ended if isinstance(one, int))


async def _sender(work: Work, post: Post, tenant: UUID, config: TenantConfig, keep_going: KeepGoing) -> int:
    """Take one delivery after the other."""
    attempts = 0
    while keep_going():
        async with work.runtime.database.tenant_transaction(tenant) as connection:
            delivery = await outbox.claim(connection, tenant, work.runtime.clock())
        if delivery is None:
            break
        # the claim is committed: from here on it counts as an attempt, whatever becomes of this process
        result = await _attempt(work, post, tenant, config, delivery)
        await _record(work, tenant, delivery, result)
        attempts += 1
    return attempts


async def _attempt(work: Work, post: Post, tenant: UUID, config: TenantConfig, delivery: Delivery) -> Result:
    send = _SENDERS.get(delivery.channel, _to_endpoint)
    try:
        return await send(work, post, tenant, delivery, ZoneInfo(config.calendar.timezone))
    except (CannotOpen, NotSent) as error:
        return Result("again", str(error))
    except AddressRefused as error:
        return Result("dead", str(error))
    except MailFailed as error:
        return Result("again" if error.again else "dead", str(error))
    except NoAnswer as error:
        return Result(_perhaps_arrived(delivery), str(error))
    except (*CONNECTION_LOST, *NOTHING_DONE):
        raise  # ours, not the receiver's: the lease ends, and somebody takes it up
    except Exception as error:  # noqa: BLE001 - one that can't be sent must not hold up the others
        # the words of a fault of ours may hold what is secret, its kind does not
        log.error("delivery_broke", delivery=str(delivery.id), error=type(error).__name__)  # noqa: TRY400 - see above
        return Result(_perhaps_arrived(delivery), f"a fault of the service: {type(error).__name__}")


def _perhaps_arrived(delivery: Delivery) -> Literal["again", "uncertain"]:
    return "again" if delivery.channel in RECOGNISED else "uncertain"


async def _mail(work: Work, post: Post, tenant: UUID, delivery: Delivery, zone: ZoneInfo) -> Result:
    async with work.runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        known = await endpoints.addresses(connection, tenant, [delivery.recipient])
    if not known:
        return Result("dead", "the member has no address any more")
    if post.server is None:
        return Result("again", "the installation has no mail server")
    letter, domain = delivery.letter, urlsplit(post.public_url).hostname or "kaohe"
    message = mail.message(
        sender=post.sender,
        to=known[0].email,
        subject=subject_line(letter),
        text=text_of(letter, zone, post.public_url),
        message_id=f"<{delivery.id}@{domain}>",
        now=work.runtime.clock(),
    )
    await mail.send(post.server, message)
    return SENT


async def _to_endpoint(work: Work, post: Post, tenant: UUID, delivery: Delivery, zone: ZoneInfo) -> Result:
    async with work.runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        found = await endpoints.endpoint(connection, tenant, delivery.recipient)
    if found is None:
        return Result("dead", "the endpoint is gone")
    if not found[0].enabled:
        return Result("dead", "the endpoint is switched off")
    secret = post.sealer.open(tenant, delivery.recipient, found[1])
    if delivery.channel == "webhook":
        return await _webhook(work, post, tenant, delivery, secret)
    letter = delivery.letter
    words = f"{subject_line(letter)}\n{text_of(letter, zone, post.public_url)}"
    request = robots.ROBOTS[delivery.channel](secret["url"], secret.get("secret", ""), words, work.runtime.clock())
    answer = await post.outbound.post(request.url, request.body, {"Content-Type": "application/json; charset=utf-8"})
    meant = robots.verdict(delivery.channel, answer)
    if meant is None:
        return Result("uncertain", f"HTTP {answer.status}")
    if meant.taken:
        return SENT
    return Result("again" if meant.again else "dead", meant.words, _asked_to_wait_s(answer))


async def _to_nobody(*_: object) -> Result:
    return Result("dead", "nobody may be told: all who could be are kept out of the matter")


_SENDERS: Mapping[str, Callable[[Work, Post, UUID, Delivery, ZoneInfo], Awaitable[Result]]] = {
    "email": _mail,
    outbox.NOBODY: _to_nobody,
}
"""How each channel is served that is no endpoint."""


async def _webhook(work: Work, post: Post, tenant: UUID, delivery: Delivery, secret: dict[str, str]) -> Result:
    body = webhook_body(delivery.letter, tenant)
    headers = webhooks.headers(secret["secret"], str(delivery.id), body, work.runtime.clock())
    answer = await post.outbound.post(secret["url"], body, headers)
    if webhooks.taken(answer):
        return SENT
    if answer.status == webhooks.GONE:
        return Result("dead", "the receiver says that it is gone (HTTP 410)")
    return Result("again", f"HTTP {answer.status}", _asked_to_wait_s(answer))


def _asked_to_wait_s(answer: Answer) -> float:
    """For how long the receiver asks not to be bothered."""
    asked = answer.headers.get("retry-after", "")
    if answer.status not in (TOO_MANY, UNAVAILABLE) or not asked.isdecimal() or len(asked) > len(str(LONGEST_WAIT_S)):
        return 0.0
    return float(min(int(asked), LONGEST_WAIT_S))


async def _record(work: Work, tenant: UUID, delivery: Delivery, result: Result) -> None:
    now = work.runtime.clock()
    async with work.runtime.database.tenant_transaction(tenant) as connection:
        if result.state == "again":
            not_before = now + timedelta(seconds=result.wait_s)
            await outbox.retry(connection, tenant, delivery, now, error=result.error, not_before=not_before)
        else:
            await outbox.end(connection, tenant, delivery, result.state, now, error=result.error or None)
    work.metrics.deliveries.labels(delivery.channel, result.state).inc()
    if result.state != "sent":
        log.warning(
            "delivery_failed",
            tenant=str(tenant),
            delivery=str(delivery.id),
            channel=delivery.channel,
            attempt=delivery.attempts,
            state=result.state,
            error=result.error,
        )
