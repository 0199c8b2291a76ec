"""Money is integer fen; a share of an amount is rounded half up to the fen."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated

import msgspec

MAX_AMOUNT_FEN = 10**13
"""One hundred billion yuan: more than any contract, and far below what a JSON reader keeps exact (2**53)."""

Fen = Annotated[int, msgspec.Meta(ge=1, le=MAX_AMOUNT_FEN, description="An amount in fen (1/100 yuan), at least one.")]
"""An amount that somebody pays (分)."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"

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


def yuan(amount_fen: int) -> str:
    """An amount in yuan with both decimals and separated thousands: ``1,234.50``. `ValueError` for a negative one."""
    _must_be_amount(amount_fen)
    whole, cents = divmod(amount_fen, 100)
    return f"{whole:,}.{cents:02}"


def capitals(amount_fen: int) -> str:
    """An amount in the capital numerals that papers of money need (大写金额): ``人民币壹佰零伍元叁角整``.

    After whole yuan and after jiao stands 整; a gap between written digits is one 零. `ValueError` for an amount below
    zero or above `MAX_AMOUNT_FEN`.
    """
    _must_be_amount(amount_fen)
    whole, cents = divmod(amount_fen, 100)
    jiao, fen = divmod(cents, 10)
    text = f"{_capital_number(whole)}元" if whole else ""
    if not cents:
        return f"人民币{text or '零元'}整"
    if whole and (jiao == 0 or whole % 10 == 0):
        text += "零"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    text += f"{_DIGITS[fen]}分" if fen else "整"
    return f"人民币{text}"


def _capital_number(number: int) -> str:
    """A whole number above zero, by groups of four digits; at most 9999 亿."""
    text, gap = "", False
    for power, name in ((2, "亿"), (1, "万"), (0, "")):
        group = number // 10_000**power % 10_000
        if group == 0:
            gap = bool(text)
            continue
        if text and (gap or group < 1_000):  # noqa: PLR2004 - a group that does not fill its four places
            text += "零"
        text, gap = f"{text}{_capital_group(group)}{name}", False
    return text


def _capital_group(group: int) -> str:
    text, gap = "", False
    for place, name in ((1_000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = group // place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += f"{'零' if gap else ''}{_DIGITS[digit]}{name}"
        gap = False
    return text


def _must_be_amount(amount_fen: int) -> None:
    if not 0 <= amount_fen <= MAX_AMOUNT_FEN:
        raise ValueError(f"no amount that is printed: {amount_fen} fen")
