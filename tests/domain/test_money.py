"""Money: shares are rounded half up to the fen."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import MAX_AMOUNT_FEN, capitals, percent_of, yuan

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


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角整"),
        (10_000, "人民币壹佰元整"),
        (140_950, "人民币壹仟肆佰零玖元伍角整"),
        (600_714, "人民币陆仟零柒元壹角肆分"),
        (168_032, "人民币壹仟陆佰捌拾元零叁角贰分"),
        (10_700_053, "人民币壹拾万柒仟元零伍角叁分"),
        (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (32_504, "人民币叁佰贰拾伍元零肆分"),
        (10_000_000_100, "人民币壹亿零壹元整"),
        (1_000_500_000_000, "人民币壹佰亿零伍佰万元整"),
        (MAX_AMOUNT_FEN, "人民币壹仟亿元整"),
    ],
)
def test_an_amount_in_capitals_as_papers_write_it(fen, text):
    """Known amounts, those of the banks' own examples among them."""
    assert capitals(fen) == text


@given(st.integers(0, MAX_AMOUNT_FEN) | st.integers(0, 200_000))
def test_capitals_read_back_to_the_amount(fen):
    """Whatever the amount, reading the numerals gives it again; no two zeros stand together, none before a unit."""
    text = capitals(fen)
    assert read_capitals(text) == fen
    assert not re.search("零零|零[拾佰仟万亿]|零元(?!整)", text)
    assert text.endswith("分" if fen % 10 else "整")


@given(st.integers(0, MAX_AMOUNT_FEN))
def test_yuan_reads_back_to_the_amount(fen):
    """Two decimals, thousands apart."""
    assert int(yuan(fen).replace(",", "").replace(".", "")) == fen
    assert re.fullmatch(r"\d{1,3}(,\d{3})*\.\d{2}", yuan(fen))


@pytest.mark.parametrize("fen", [-1, MAX_AMOUNT_FEN + 1])
def test_what_is_no_amount_is_not_written(fen):
    """Neither below zero nor above what money may be."""
    for write in (capitals, yuan):
        with pytest.raises(ValueError, match="no amount"):
            write(fen)


def read_capitals(text):
    """The amount of capital numerals, read digit by digit: an independent way back."""
    units = {"拾": 10, "佰": 100, "仟": 1_000}
    total = section = digit = 0
    for sign in text.removeprefix("人民币").removesuffix("整"):
        if sign in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
        elif sign in units:
            section, digit = section + digit * units[sign], 0
        elif sign in "万亿":
            total, section, digit = total + (section + digit) * (10_000 if sign == "万" else 10**8) * 100, 0, 0
        elif sign == "元":
            total, section, digit = total + (section + digit) * 100, 0, 0
        else:
            total, digit = total + digit * (10 if sign == "角" else 1), 0
    return total
