"""What the commands and events of a fee book are made of: amounts by means of payment, moves of money, periods."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.money import MAX_AMOUNT_FEN

MoneyKind = Literal["public_service", "agency", "special", "repair", "late_fee", "advance"]
"""The fee kinds (R13.4.1), late fees, and what has been paid ahead of any charge."""
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Number = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
Handing = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
SignedFen = Annotated[
    int, msgspec.Meta(ge=-MAX_AMOUNT_FEN, le=MAX_AMOUNT_FEN, description="Fen; below zero: paid back.")
]
MovedFen = Annotated[int, msgspec.Meta(ge=-4 * MAX_AMOUNT_FEN, le=4 * MAX_AMOUNT_FEN)]
"""A payment and all that it moves together stay below this."""
SettledHow = Literal["paid_in", "explained", "written_off"]


class Amounts(msgspec.Struct, frozen=True, kw_only=True):
    """An amount for each means of payment; below zero it is paid back."""

    cash_fen: int = 0
    transfer_fen: int = 0
    card_fen: int = 0

    def minus(self, other: "Amounts") -> "Amounts":
        """What is left of each when another is taken off."""
        return Amounts(
            cash_fen=self.cash_fen - other.cash_fen,
            transfer_fen=self.transfer_fen - other.transfer_fen,
            card_fen=self.card_fen - other.card_fen,
        )


class Counted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody counted of each means of payment."""

    cash_fen: SignedFen = 0
    transfer_fen: SignedFen = 0
    card_fen: SignedFen = 0

    @property
    def amounts(self) -> Amounts:
        """The same as it stands in the book."""
        return Amounts(cash_fen=self.cash_fen, transfer_fen=self.transfer_fen, card_fen=self.card_fen)


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """So much went to an item of a fee kind, or, below zero, went back from it."""

    kind: MoneyKind
    item: str = ""
    amount_fen: MovedFen


Moves = Annotated[tuple[Move, ...], msgspec.Meta(min_length=1, max_length=200)]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The entry of a unit's account that money was booked by."""

    account: UUID
    entry: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    unit: Annotated[str, msgspec.Meta(max_length=120)]


def is_of(one: Source, other: Source) -> bool:
    """Whether both are the same entry of the same account."""
    return one.entry == other.entry and one.account == other.account


class AgencyLine(msgspec.Struct, frozen=True, kw_only=True):
    """What was collected for a supplier and passed on to him; what closes one period opens the next."""

    item: str
    supplier: str | None
    opening_fen: int
    collected_fen: int
    passed_on_fen: int
    closing_fen: int
