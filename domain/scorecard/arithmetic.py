"""Exact numbers: fractions inside, rounded half up at the end, written so that people can follow."""

from decimal import Decimal
from fractions import Fraction


def round_half_up(value: Fraction, step: Decimal) -> Decimal:
    """A non-negative value rounded half up to a multiple of ``step``."""
    unit = Fraction(step)
    return Decimal(int(value / unit + Fraction(1, 2))) * step


def exact(value: Fraction) -> str:
    """A fraction as a decimal where it ends, else as ``n/d``."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    scaled = value.numerator * 10**places // value.denominator
    return f"{Decimal(scaled).scaleb(-places):f}"
