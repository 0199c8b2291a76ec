"""Money is integer fen; a share of an amount is rounded half up to the fen."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated

import msgspec

MAX_AMOUNT_FEN = 10**13
"""One hundred billion yuan: more than any contract, and far below what a JSON reader keeps exact (2**53)."""

Fen = Annotated[int, msgspec.Meta(ge=1, le=MAX_AMOUNT_FEN, description="An amount in fen (1/100 yuan), at least one.")]
"""An amount that somebody pays (分)."""

_EXACT = Context(prec=60)
"""Wide enough that no amount times a percentage is rounded before the one rounding meant here."""


def percent_of(amount_fen: int, percent: Decimal) -> int:
    """The share of an amount, in fen, rounded half up: 1.5 % of 101 fen is 2 fen.

    Raises `ValueError` for a negative amount or percentage: what is owed and to whom is said by the entry's
    kind, never by a sign slipped in here.
    """
    if amount_fen < 0 or percent < 0:
        raise ValueError(f"neither an amount nor a percentage is negative: {amount_fen} fen, {percent} %")
    share = _EXACT.divide(_EXACT.multiply(Decimal(amount_fen), percent), Decimal(100))
    return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=_EXACT))
