"""A test notice to one recipient: it goes through the outbox like any other."""

from uuid import UUID, uuid4

import msgspec

from domain.kernel import Text, derived_id
from infra import outbox
from infra.outbox import Letter, NewDelivery
from services.api.requests import Desk


class Queued(msgspec.Struct, frozen=True):
    """The delivery that was put into the outbox."""

    delivery_id: UUID


async def queue_test(desk: Desk, tenant: UUID, channel: str, recipient: UUID) -> UUID:
    """Put a test into the outbox; its id."""
    now, cause = desk.runtime.clock(), f"test/{uuid4()}"
    letter = Letter(
        event="notice.test",
        subject=Text("测试通知", "Test notice"),
        body=Text("收到这条消息，说明通知出口可用。", "You can read this, so notices arrive here."),
        clause=None,
        noun="organisation",
        stream_id=tenant,
        due_at=None,
        roles=(),
        made_at=now,
    )
    delivery = derived_id(tenant, "delivery", cause, channel, recipient)
    async with desk.runtime.database.tenant_transaction(tenant) as connection:
        await outbox.put(connection, tenant, [NewDelivery(delivery, cause, channel, recipient, letter)], now)
    return delivery
