"""Money: shares are rounded half up to the fen."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import MAX_AMOUNT_FEN, percent_of

amounts = st.integers(0, MAX_AMOUNT_FEN)
percents = st.decimals(0, 100, places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("amount_fen", "percent", "share_fen"),
    [(10_000, "1", 100), (149, "1", 1), (150, "1", 2), (49, "1", 0), (50, "1", 1), (333, "33.3333", 111), (0, "5", 0)],
)
def test_a_share_is_rounded_half_up(amount_fen, percent, share_fen):
    """Half a fen goes up, less goes down."""
    assert percent_of(amount_fen, Decimal(percent)) == share_fen


@given(amounts, percents)
def test_a_share_is_within_half_a_fen_of_the_exact_value(amount_fen, percent):
    """Rounding never moves a share by more than half a fen, and half goes up."""
    difference = Decimal(percent_of(amount_fen, percent)) - Decimal(amount_fen) * percent / 100
    assert Decimal("-0.5") < difference <= Decimal("0.5")


@given(amounts, amounts, percents)
def test_a_share_grows_with_its_amount(one, other, percent):
    """A larger amount never has a smaller share."""
    low, high = sorted((one, other))
    assert percent_of(low, percent) <= percent_of(high, percent)


@given(amounts)
def test_the_whole_is_one_hundred_percent(amount_fen):
    """Nothing is lost at 0 % and 100 %."""
    assert percent_of(amount_fen, Decimal(0)) == 0
    assert percent_of(amount_fen, Decimal(100)) == amount_fen


@pytest.mark.parametrize(("amount_fen", "percent"), [(-1, "1"), (1, "-1")])
def test_negative_inputs_are_refused(amount_fen, percent):
    """A sign is never smuggled through a percentage."""
    with pytest.raises(ValueError, match="negative"):
        percent_of(amount_fen, Decimal(percent))
