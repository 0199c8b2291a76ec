"""What happened to a contract deposit. Every event that moves money is a `Posting`: an entry of the account."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from domain.contract_deposit.commands import Band
from domain.kernel import Event


class Posting(Event, frozen=True, kw_only=True):
    """An entry (分录), with all it rests on: clause, rules, month, scorecard, and the event that gave the result.

    ``effect_fen`` changes the balance, ``balance_after_fen`` is the sum of all effects so far. ``payout_fen`` is
    paid to the contractor, or claimed back from them when negative. ``uncollected_fen`` is owed by the contractor
    and was not there to be taken. ``revision`` is the scorecard's, ``source_version`` the place of its event in
    the assessment's stream.
    """

    entry_id: str
    effect_fen: int
    balance_after_fen: int
    payout_fen: int = 0
    uncollected_fen: int = 0
    clause: str | None = None
    rule_version: int | None = None
    readings: dict[str, str] = msgspec.field(default_factory=dict)
    base_fen: int | None = None
    percent: Decimal | None = None
    month: str | None = None
    assessment_id: UUID | None = None
    revision: int | None = None
    source_version: int | None = None
    reverses: str | None = None
    collects: str | None = None
    reference: str | None = None


class Allocation(msgspec.Struct, frozen=True):
    """The part of a top-up that meets one demand."""

    demand_id: str
    amount_fen: int


class DepositOpened(Event, frozen=True, kw_only=True, tag="contract_deposit.opened"):
    """The account of a contract's deposit exists."""

    project_id: UUID
    contractor: str
    agreed_fen: int
    contract_from: date
    contract_to: date


class DepositReceived(Posting, frozen=True, kw_only=True, tag="contract_deposit.received"):
    """The contractor paid towards the agreed amount."""


class MonthSettled(Event, frozen=True, kw_only=True, tag="contract_deposit.month_settled"):
    """A month's result was taken into account; the entries it led to, if any, follow."""

    month: str
    assessment_id: UUID
    revision: int
    band: Band
    source_version: int
    rule_version: int
    clause: str


class PenaltyImposed(Posting, frozen=True, kw_only=True, tag="contract_deposit.penalty_imposed"):
    """A failed month costs a share of the deposit."""


class PenaltyReversed(Posting, frozen=True, kw_only=True, tag="contract_deposit.penalty_reversed"):
    """A penalty no longer holds and is given back."""


class RewardGranted(Posting, frozen=True, kw_only=True, tag="contract_deposit.reward_granted"):
    """An excellent month earns a share of the deposit, paid out or credited."""


class RewardReversed(Posting, frozen=True, kw_only=True, tag="contract_deposit.reward_reversed"):
    """A reward no longer holds and is taken or claimed back."""


class ShortfallCollected(Posting, frozen=True, kw_only=True, tag="contract_deposit.shortfall_collected"):
    """What could not be taken while the deposit was forfeited is taken after its restoration."""


class TopUpDemanded(Event, frozen=True, kw_only=True, tag="contract_deposit.top_up_demanded"):
    """The contractor owes what a penalty took, late from ``due_at`` on; ``demand_id`` is the penalty's entry."""

    demand_id: str
    month: str
    amount_fen: int
    due_on: date
    due_at: datetime
    readings: dict[str, str]
    rule_version: int
    clause: str = "R14.5.1"


class TopUpReduced(Event, frozen=True, kw_only=True, tag="contract_deposit.top_up_reduced"):
    """Less is owed than was demanded."""

    demand_id: str
    by_fen: int
    remaining_fen: int
    rule_version: int
    clause: str = "R14.5.1"


class TopUpWithdrawn(Event, frozen=True, kw_only=True, tag="contract_deposit.top_up_withdrawn"):
    """Nothing is owed any more on a demand."""

    demand_id: str
    by_fen: int
    rule_version: int
    clause: str = "R14.5.1"


class TopUpReceived(Posting, frozen=True, kw_only=True, tag="contract_deposit.top_up_received"):
    """The contractor paid what was demanded, the oldest demand first."""

    allocation: tuple[Allocation, ...]


class TopUpOverdue(Event, frozen=True, kw_only=True, tag="contract_deposit.top_up_overdue"):
    """A demand was not met in time."""

    demand_id: str
    month: str
    remaining_fen: int
    due_on: date
    rule_version: int
    clause: str = "R14.5.1"


class ExcessRefunded(Posting, frozen=True, kw_only=True, tag="contract_deposit.excess_refunded"):
    """What the deposit held beyond the agreed amount went back to the contractor."""


class DepositForfeited(Posting, frozen=True, kw_only=True, tag="contract_deposit.forfeited"):
    """What remained stays with the college after a termination."""


class ForfeitureReversed(Posting, frozen=True, kw_only=True, tag="contract_deposit.forfeiture_reversed"):
    """What was forfeited is back in the account."""


class DepositRestored(Event, frozen=True, kw_only=True, tag="contract_deposit.restored"):
    """The account of a reinstated contract runs on."""

    rule_version: int
    clause: str = "R14.5.1"


class ReleasePermitted(Event, frozen=True, kw_only=True, tag="contract_deposit.release_permitted"):
    """The contract has ended; finance may pay the balance back."""


class DepositReleased(Posting, frozen=True, kw_only=True, tag="contract_deposit.released"):
    """The balance went back to the contractor and the account is closed."""
