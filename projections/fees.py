"""Folds accounts of units, fee periods, and what owners were told: who is charged, which period stands where."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.fee_account import events as a
from domain.fee_period import messages as p
from domain.kernel import Event
from projections.kernel import Connection, Folded, Projection
from projections.tables import Rows, Table
from projections.taken_back import OTHERS, rests_on, take_back, written


class AccountRow(msgspec.Struct):
    """An account as it stands; ``opened_position`` is where it was begun."""

    account_id: UUID
    opened_position: int
    project_id: UUID
    building: str
    unit: str
    owner: str
    balance_fen: int = 0
    credit_fen: int = 0


class PeriodRow(msgspec.Struct):
    """A period as it stands; ``closing_position`` is where its closing began, ``first_number`` its first notice's."""

    period_id: UUID
    opened_position: int
    project_id: UUID
    name: str
    first_month: str
    last_month: str
    status: str = "open"
    closing_position: int | None = None
    closing_at: datetime | None = None
    notices: int = 0
    amount_fen: int = 0
    number_year: int | None = None
    first_number: int | None = None


class NoticeRow(msgspec.Struct):
    """A notice or reminder, which is the event ``version`` of an account; ``position`` orders them."""

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
    rests_on: str = ""
    gone: str = ""
    taken_back_on: date | None = None


ACCOUNTS = Table("fee_accounts", AccountRow, ("account_id",))
PERIODS = Table("fee_periods", PeriodRow, ("period_id",))
NOTICES = Table("fee_notices", NoticeRow, ("account_id", "version"))


class FeeWork:
    """The rows that a batch works on."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self.accounts = Rows(ACCOUNTS)
        self.periods = Rows(PERIODS)
        self.notices = Rows(NOTICES)

    async def load(self, connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
        """Read what the batch touches; of notices, those of accounts in which something is taken back."""
        streams = {folded.stream_id for folded in batch}
        await self.accounts.load(connection, tenant, build, account_id=streams)
        await self.periods.load(connection, tenant, build, period_id=streams)
        taken_from = {folded.stream_id for folded in batch if isinstance(folded.event, a.FeeEntryReversed)}
        await self.notices.load(connection, tenant, build, account_id=taken_from)

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """Write what changed."""
        for rows in (self.accounts, self.periods, self.notices):
            await rows.write(connection, tenant, build)


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = FeeWork()
    await work.load(connection, tenant, build, batch)
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
    await work.write(connection, tenant, build)


def _opened(work: FeeWork, folded: Folded, event: a.FeeAccountOpened) -> None:
    work.accounts.put(
        AccountRow(
            account_id=folded.stream_id,
            opened_position=folded.position,
            project_id=event.project_id,
            building=event.building,
            unit=event.unit,
            owner=event.owner,
        )
    )


def _owner_changed(work: FeeWork, folded: Folded, event: a.OwnerChanged) -> None:
    work.accounts.change(folded.stream_id).owner = event.owner


def _booked(work: FeeWork, folded: Folded, event: a.FeeReceived | a.FeeEntryReversed | a.FeeCharged) -> None:
    account = work.accounts.change(folded.stream_id)
    account.balance_fen, account.credit_fen = event.balance_after_fen, event.credit_after_fen


def _reversed(work: FeeWork, folded: Folded, event: a.FeeEntryReversed) -> None:
    _booked(work, folded, event)
    day = event.reversed_on or folded.recorded_at.date()
    asking = [
        row for row in work.notices.known() if row.account_id == folded.stream_id and rests_on(row, event.reverses)
    ]
    for row in asking:
        take_back(work.notices.change(row.account_id, row.version), event.reverses, day)


def _period_charged(work: FeeWork, folded: Folded, event: a.PeriodCharged) -> None:
    account = work.accounts.change(folded.stream_id)
    account.balance_fen, account.credit_fen = event.balance_after_fen, event.credit_after_fen
    if event.form is None:
        return
    work.notices.put(
        NoticeRow(
            account_id=folded.stream_id,
            version=folded.version,
            position=folded.position,
            project_id=account.project_id,
            period_id=event.period_id,
            serial=event.serial,
            level=0,
            form=event.form,
            made_on=event.charged_on,
            due_on=event.due_on,
            building=event.building,
            unit=event.unit,
            payable_fen=event.payable_fen,
            verification=event.verification,
            rests_on=written((*(line.number for line in event.lines), *((OTHERS,) if event.arrears_fen > 0 else ()))),
        )
    )


def _reminded(work: FeeWork, folded: Folded, event: a.FeeReminded) -> None:
    account = work.accounts.change(folded.stream_id)
    account.balance_fen, account.credit_fen = event.balance_after_fen, event.credit_after_fen
    work.notices.put(
        NoticeRow(
            account_id=folded.stream_id,
            version=folded.version,
            position=folded.position,
            project_id=account.project_id,
            period_id=event.period_id,
            serial=event.serial,
            level=event.level,
            form=event.form,
            made_on=event.reminded_on,
            due_on=event.due_on,
            building=event.building,
            unit=event.unit,
            payable_fen=event.unpaid_fen + event.late_fee_fen,
            verification=event.verification,
            rests_on=written(
                (
                    *(one.charge for one in event.charges),
                    *(() if event.late_fee_number is None else (event.late_fee_number,)),
                )
            ),
        )
    )


def _period_opened(work: FeeWork, folded: Folded, event: p.FeePeriodOpened) -> None:
    work.periods.put(
        PeriodRow(
            period_id=folded.stream_id,
            opened_position=folded.position,
            project_id=event.project_id,
            name=event.name,
            first_month=event.first_month,
            last_month=event.last_month,
        )
    )


def _closing(work: FeeWork, folded: Folded, _: p.ClosingBegun) -> None:
    period = work.periods.change(folded.stream_id)
    period.status, period.closing_position, period.closing_at = "closing", folded.position, folded.recorded_at


def _closed(work: FeeWork, folded: Folded, event: p.FeePeriodClosed) -> None:
    period = work.periods.change(folded.stream_id)
    period.status, period.notices, period.amount_fen = "closed", event.notices, event.amount_fen


def _numbered(work: FeeWork, folded: Folded, event: p.NoticesNumbered) -> None:
    period = work.periods.change(folded.stream_id)
    period.number_year, period.first_number = event.year, event.first


_STEPS: Mapping[type[Event], Callable[[FeeWork, Folded, Any], None]] = {
    a.FeeAccountOpened: _opened,
    a.OwnerChanged: _owner_changed,
    a.FeeCharged: _booked,
    a.PeriodCharged: _period_charged,
    a.FeeReceived: _booked,
    a.FeeEntryReversed: _reversed,
    a.FeeReminded: _reminded,
    p.FeePeriodOpened: _period_opened,
    p.ClosingBegun: _closing,
    p.FeePeriodClosed: _closed,
    p.NoticesNumbered: _numbered,
}

FEES = Projection(
    name="fees",
    schema_version=2,
    events=tuple(_STEPS),
    tables=(ACCOUNTS.name, PERIODS.name, NOTICES.name),
    fold=fold,
)
