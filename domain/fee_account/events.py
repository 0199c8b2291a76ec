"""What happens to the account of a unit.

Whatever moves money says in ``settles`` by how much what is paid of each charge changes, and what credit is left.
"""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from domain.fee_account.parts import (
    Basis,
    ChargeLine,
    LeftOut,
    NextReminder,
    Replacement,
    Settled,
    UnpaidCharge,
)
from domain.kernel import Event
from domain.rules.r13 import FeeKind, How
from domain.rules.r13_accounts import Means, TakenBackFor


class FeeAccountOpened(Event, frozen=True, kw_only=True, tag="fee_account.opened"):
    """A unit has an account."""

    project_id: UUID
    unit: str
    owner: str
    building: str = ""
    area_m2: Decimal | None = None
    clause: str = "R13.4.2.1"


class OwnerChanged(Event, frozen=True, kw_only=True, tag="fee_account.owner_changed"):
    """The unit has another owner, since a day."""

    owner: str
    previous: str
    since: date | None = None
    clause: str = "R13.4.2.1"


class AreaRevised(Event, frozen=True, kw_only=True, tag="fee_account.area_revised"):
    """The unit has another area from a month on."""

    area_m2: Decimal
    previous_m2: Decimal | None
    from_month: str
    reason: str
    clause: str = "R13.4.2.1"


class StandingItemSet(Event, frozen=True, kw_only=True, tag="fee_account.standing_item_set"):
    """An item is charged regularly from a month on."""

    item: str
    basis: Basis
    quantity: Decimal | None
    from_month: str
    clause: str = "R13.4.2.1"
    rule_version: int


class StandingItemEnded(Event, frozen=True, kw_only=True, tag="fee_account.standing_item_ended"):
    """An item is no longer charged from a month on."""

    item: str
    from_month: str
    reason: str
    clause: str = "R13.4.2.1"


class FeeCharged(Event, frozen=True, kw_only=True, tag="fee_account.charged"):
    """A single charge; ``form`` is the notice that this is (QR-7510-01), none where only the unpaid are told.

    ``done_on`` and ``reference`` tell of a service or repair that it was done, and when.
    """

    number: int
    kind: FeeKind
    item: str
    first_month: str
    last_month: str
    quantity: Decimal
    price_fen: int
    amount_fen: int
    due_on: date
    form: Literal["QR-7510-01"] | None
    next_reminder: NextReminder | None
    balance_after_fen: int
    charged_by: UUID
    readings: dict[str, str]
    clause: str = "R13.4.2.1"
    rule_version: int
    done_on: date | None = None
    reference: str = ""
    label: str = ""
    settles: tuple[Settled, ...] = ()
    credit_after_fen: int = 0


class PeriodCharged(Event, frozen=True, kw_only=True, tag="fee_account.period_charged"):
    """A period's standing items were charged, all with one notice: QR-7510-01, or QR-7510-02 to those who owe.

    ``serial`` is the notice's number within the period; ``arrears_fen`` was owed before, ``payable_fen`` is owed now.
    Without a ``form`` there is nothing to tell: nothing was charged, or what is charged has been paid ahead.
    """

    period_id: UUID
    first_month: str
    last_month: str
    unit: str
    building: str
    owner: str
    lines: tuple[ChargeLine, ...]
    left_out: tuple[LeftOut, ...]
    amount_fen: int
    arrears_fen: int
    payable_fen: int
    due_on: date
    form: Literal["QR-7510-01", "QR-7510-02"] | None
    serial: int | None
    verification: str | None
    next_reminder: NextReminder | None
    settles: tuple[Settled, ...] = ()
    balance_after_fen: int
    credit_after_fen: int = 0
    charged_by: UUID
    charged_on: date | None = None
    readings: dict[str, str]
    clause: str = "R13.4.2.1"
    rule_version: int


class FeeReceived(Event, frozen=True, kw_only=True, tag="fee_account.received"):
    """A payment was booked; a balance below zero is the owner's credit."""

    number: int
    amount_fen: int
    reference: str
    balance_after_fen: int
    received_by: UUID
    received_on: date
    clause: str = "R13.4.2.7"
    means: Means = "cash"
    bank_reference: str | None = None
    """The bank's own, where its statement says so: such money is in no collector's hands."""
    settles: tuple[Settled, ...] = ()
    credit_after_fen: int = 0


class ReadingRecorded(Event, frozen=True, kw_only=True, tag="fee_account.reading_recorded"):
    """A meter was read; ``used`` since the reading before, which is what the month will be charged.

    ``doubtful`` where that is more than the rules take without doubt, against the use before.
    """

    item: str
    meter: str
    month: str
    value: Decimal
    used: Decimal
    previous: Decimal | None
    replaced: Replacement | None
    corrects: Decimal | None
    doubtful: bool
    read_by: UUID
    clause: str = "R13.4.1"
    rule_version: int


class FeeEntryReversed(Event, frozen=True, kw_only=True, tag="fee_account.entry_reversed"):
    """A charge, a late fee or a payment was taken back.

    ``cause`` is that of a payment out of the bank's statement, whose row may be booked again where ``frees_row``.
    """

    number: int
    reverses: int
    effect_fen: int
    reason: str
    balance_after_fen: int
    reversed_by: UUID
    clause: str = "R13.4.2.7"
    settles: tuple[Settled, ...] = ()
    credit_after_fen: int = 0
    cause: TakenBackFor | None = None
    frees_row: bool = False
    readings: dict[str, str] = msgspec.field(default_factory=dict)
    rule_version: int | None = None
    reversed_on: date | None = None


class FeeReminded(Event, frozen=True, kw_only=True, tag="fee_account.reminded"):
    """The owner was reminded of what is unpaid of a notice, which begins with ``charge`` (QR-7510-02).

    A late fee is added only where the tenant's rules set one, as an entry of its own.
    """

    charge: int
    level: int
    how: How
    form: Literal["QR-7510-02"]
    unpaid_fen: int
    late_fee_fen: int
    balance_after_fen: int
    next_reminder: NextReminder | None
    readings: dict[str, str]
    clause: str = "R13.4.2.4"
    rule_version: int
    unit: str = ""
    building: str = ""
    owner: str = ""
    charges: tuple[UnpaidCharge, ...] = ()
    due_on: date | None = None
    late_fee_number: int | None = None
    reminded_on: date | None = None
    last: bool = False
    """Whether it is the ladder's highest level."""
    verification: str | None = None
    period_id: UUID | None = None
    serial: int | None = None
    settles: tuple[Settled, ...] = ()
    credit_after_fen: int = 0
