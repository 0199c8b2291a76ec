"""What the fee book of a project is asked."""

from datetime import date
from uuid import UUID

from domain.evidence import Evidence
from domain.fee_book.parts import Counted, Handing, Moves, Name, Number, SettledHow, Source, Words
from domain.kernel import Command
from domain.money import Fen
from domain.periods import Month
from domain.rules.r11_ladder import Code
from domain.rules.r13_accounts import Means


class BeginBook(Command, frozen=True, kw_only=True):
    """A project begins to charge fees (设立收支账簿); again, it changes nothing."""

    project_id: UUID


class NameBook(Command, frozen=True, kw_only=True):
    """Name the project as its published accounts do (命名账簿)."""

    name: Name


class NoteReceipt(Command, frozen=True, kw_only=True):
    """A unit paid (记入收款). What the bank itself reported (``banked``) is in nobody's hands."""

    project_id: UUID
    source: Source
    collector: UUID
    means: Means
    banked: bool
    amount_fen: Fen
    received_on: date
    moves: Moves


class NoteReversal(Command, frozen=True, kw_only=True):
    """A payment was taken back (记入收款冲销); ``source`` names the payment's own entry."""

    project_id: UUID
    source: Source
    collector: UUID
    means: Means
    banked: bool
    amount_fen: Fen
    moves: Moves


class NoteSettlement(Command, frozen=True, kw_only=True):
    """No money came or went, but what had been paid now pays another charge (记入抵扣)."""

    project_id: UUID
    source: Source
    moves: Moves


class HandOver(Command, frozen=True, kw_only=True):
    """Hand one's receipts over to finance (上交收款): all, or those up to an entry, with what was ``counted``.

    A ``note`` says why the count is not what the receipts come to.
    """

    counted: Counted
    up_to: Number | None = None
    note: Words | None = None


class ConfirmHandover(Command, frozen=True, kw_only=True):
    """Finance received exactly what the receipts come to (确认上交)."""

    handover: Handing


class RecordDifference(Command, frozen=True, kw_only=True):
    """Finance ``received`` something else than the receipts come to (登记差异)."""

    handover: Handing
    received: Counted
    reason: Words


class SettleDifference(Command, frozen=True, kw_only=True):
    """A difference was paid in, explained or written off (处理差异)."""

    handover: Handing
    how: SettledHow
    reason: Words
    evidence: Evidence = ()


class LapseHandover(Command, frozen=True, kw_only=True):
    """The time to hand receipts over has passed (上交逾期)."""

    collector: UUID


class AppointSupplier(Command, frozen=True, kw_only=True):
    """Name whom an item is collected for (指定代收单位)."""

    item: Code
    supplier: Name


class PassOn(Command, frozen=True, kw_only=True):
    """Pay on to its supplier what was collected of an item (代收转付), for months that he billed."""

    item: Code
    amount_fen: Fen
    first_month: Month
    last_month: Month
    reference: Name
    evidence: Evidence = ()


class RecordExpenditure(Command, frozen=True, kw_only=True):
    """Record what the project was spent on (登记支出), under one of the rules' headings."""

    category: Code
    amount_fen: Fen
    payee: Name
    purpose: Words
    reference: Name
    evidence: Evidence = ()


class ReverseBookEntry(Command, frozen=True, kw_only=True):
    """Take an expenditure or a payment to a supplier back as a whole (冲销)."""

    number: Number
    reason: Words


class PublishAccounts(Command, frozen=True, kw_only=True):
    """Publish income and expenditure of the period that is owed, named by its first month (公布收支账目)."""

    first_month: Month


class LapsePublication(Command, frozen=True, kw_only=True):
    """The time to publish a period has passed (公布逾期)."""

    first_month: Month
