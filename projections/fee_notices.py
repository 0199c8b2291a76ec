"""What were the owners of a project told at a period's end and after it? R13.4.2.1, R13.4.2.4."""

from datetime import date
from uuid import UUID

import msgspec

from projections.asking import Question
from projections.kernel import Connection
from projections.taken_back import TakenBack, taken_back


class NoticeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A notice or reminder with the event that it is; ``level`` is 0 for the notice of the period's end."""

    account_id: UUID
    version: int
    position: int
    project_id: UUID
    period_id: UUID | None
    serial: int | None
    level: int
    form: str
    made_on: date | None
    due_on: date | None
    building: str
    unit: str
    payable_fen: int
    verification: str | None
    rests_on: str
    gone: str
    taken_back_on: date | None
    topic: str
    state: bytes

    @property
    def taken_back(self) -> TakenBack | None:
        """What of it was taken back, if anything was."""
        return taken_back(self.rests_on, self.gone, self.taken_back_on)


def question(tenant: UUID, period: UUID, *, reminders: bool) -> Question:
    """The statement of a period's notices, or of the reminders of them, in the order of their numbers."""
    found = Question("fee_notices", tenant).where("n.period_id = {}", period)
    return found.where("n.level > 0") if reminders else found.where("n.level = 0")


def part(tenant: UUID, period: UUID, *, level: int, first: int, last: int) -> Question:
    """The statement of the notices, or reminders of a level, whose numbers within the period are from first to last."""
    return (
        Question("fee_notices", tenant)
        .where("n.period_id = {}", period)
        .where("n.level = {}", level)
        .where("n.serial between {} and {}", first, last)
        .then("order by n.serial")
    )


def code_question(tenant: UUID, verification: str) -> Question:
    """The statement that finds a notice by the random part of its code."""
    return Question("fee_notices", tenant).where("n.verification = {}", verification)


async def notices(connection: Connection, found: Question, limit: int) -> list[NoticeLine]:
    """The notices that a question finds."""
    return [NoticeLine(**dict(row)) for row in await found.rows(connection, limit)]
