"""What is asked of a contract deposit."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.kernel import Command
from domain.money import Fen
from domain.periods import Month

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Reference = Annotated[
    str, msgspec.Meta(min_length=1, max_length=100, description="The bank's or the books' reference, used once.")
]
EntryId = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Band = Literal["excellent", "qualified", "marginal", "failed"]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class OpenDeposit(Command, frozen=True, kw_only=True):
    """Open the account of a contract's performance deposit (建立履约保证金账户)."""

    project_id: UUID
    contractor: Name
    agreed_fen: Fen
    contract_from: date
    contract_to: date


class ReceiveDeposit(Command, frozen=True, kw_only=True):
    """Book a payment towards the agreed deposit (收取保证金)."""

    amount_fen: Fen
    reference: Reference


class SettleMonth(Command, frozen=True, kw_only=True):
    """Book what a month's result costs or earns (月度结算)."""

    month: Month
    assessment_id: UUID
    revision: Version
    band: Band
    rule_version: Version
    source_version: Version


class ReceiveTopUp(Command, frozen=True, kw_only=True):
    """Book a payment that makes up for penalties (收取补足款)."""

    amount_fen: Fen
    reference: Reference


class LapseTopUp(Command, frozen=True, kw_only=True):
    """The time to top up has passed (补足逾期)."""

    demand_id: EntryId


class RefundExcess(Command, frozen=True, kw_only=True):
    """Pay back what the deposit holds beyond the agreed amount (退还超额部分)."""

    amount_fen: Fen
    reference: Reference


class ForfeitDeposit(Command, frozen=True, kw_only=True):
    """Keep what remains after a termination (没收剩余保证金)."""

    rule_version: Version


class RestoreForfeited(Command, frozen=True, kw_only=True):
    """Give back what was forfeited, the termination having been taken back (返还没收款)."""

    rule_version: Version


class PermitRelease(Command, frozen=True, kw_only=True):
    """The contract has ended: the deposit may be paid back (准予退还)."""


class ReleaseDeposit(Command, frozen=True, kw_only=True):
    """Pay the whole balance back and close the account (退还保证金)."""

    reference: Reference
