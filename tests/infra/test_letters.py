"""Letters are laid down many in a statement: a month's reminders are thousands, each for everybody who collects."""

from uuid import uuid4

from domain.kernel import Text
from infra import inbox, outbox
from infra.outbox import Letter, NewDelivery
from infra.wire import canonical
from tests.infra.stores import NOON, rows

MEMBERS = 40


class Counting:
    """A connection that counts what is sent over it."""

    def __init__(self, connection):
        self.connection = connection
        self.statements = 0

    async def execute(self, statement, *values):
        """Count it and send it on."""
        self.statements += 1
        return await self.connection.execute(statement, *values)


def letter(**changes):
    """What somebody is told."""
    told = {
        "event": "fee_account.reminded",
        "subject": Text("逾期", "Overdue"),
        "body": Text("仍未缴清", "Still unpaid"),
        "clause": None,
        "noun": "fee_account",
        "stream_id": uuid4(),
        "due_at": None,
        "roles": ("fee_collector",),
        "made_at": NOON,
    }
    return Letter(**{**told, **changes})


async def test_notices_for_many_are_laid_down_in_one_statement_and_once(database, tenant):
    """What lies in an inbox already stays as it is, with the parts that a letter need not have."""
    lying = [(uuid4(), uuid4(), f"7/{n}", letter(due_at=NOON if n else None)) for n in range(MEMBERS)]
    changed = [(*one[:3], letter(clause="R13.4.2.4")) for one in lying]
    async with database.tenant_transaction(tenant) as connection:
        counting = Counting(connection)
        await inbox.put(counting, tenant, lying)
        await inbox.put(counting, tenant, changed)
        await inbox.put(counting, tenant, [])
    assert counting.statements == len([lying, changed])
    asked = "select member_id, notice_id, cause, stream_id, due_at, clause from inbox where tenant_id = $1"
    found = await rows(database, tenant, asked, tenant)
    assert sorted(found) == sorted((*one[:3], one[3].stream_id, one[3].due_at, None) for one in lying)


async def test_deliveries_to_many_leave_in_one_statement_each_with_its_own_letter(database, tenant):
    """Also where two letters say the same in other words; what is there already stays as it is."""
    some, others = letter(), letter(subject=Text("催缴", "Reminder"))
    going = [NewDelivery(uuid4(), f"7/{n}", "email", uuid4(), some if n % 2 else others) for n in range(MEMBERS)]
    async with database.tenant_transaction(tenant) as connection:
        counting = Counting(connection)
        await outbox.put(counting, tenant, going, NOON)
        await outbox.put(counting, tenant, going[:3], NOON)
    assert counting.statements == len([going, going[:3]])
    columns = "delivery_id, cause, channel, recipient, letter, allowed, next_attempt_at"
    found = {
        row[0]: row[1:]
        for row in await rows(database, tenant, f"select {columns} from outbox where tenant_id = $1", tenant)
    }
    assert found == {
        one.id: (one.cause, one.channel, one.recipient, canonical(one.letter), outbox.ATTEMPTS, NOON) for one in going
    }
