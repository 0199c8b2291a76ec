"""Meters: what one shows is never less than before, and what was used is what a month is charged (R13.4.1)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.fee_account import commands as a
from domain.fee_account import events as e
from domain.fee_account.parts import Replacement
from domain.kernel import Refusal
from tests.domain.story_fee_book import FLAT
from tests.domain.story_fees import period
from tests.domain.story_repair_fund import CLERK
from tests.domain.test_fee_book import book


@pytest.fixture
def world():
    """A flat whose water is metered since January; it is May."""
    told = book(datetime(2026, 1, 5, 1, tzinfo=UTC))
    told.send("fee_account", FLAT, a.SetStandingItem(item="water", basis="metered", from_month="2026-01"), person=CLERK)
    told.advance(datetime(2026, 5, 20, 1, tzinfo=UTC))
    return told


def read(world, month, value, **more):
    """A reading; its event, or none where it changes nothing."""
    command = a.RecordReading(item=more.pop("item", "water"), month=month, value=Decimal(value), **more)
    events = world.send("fee_account", FLAT, command, person=CLERK)
    return events[0] if events else None


def refused(world, month, value, **more):
    """The code of a reading that is refused."""
    with pytest.raises(Refusal) as caught:
        read(world, month, value, **more)
    return caught.value.code


@pytest.mark.clause("R13.4.1")
def test_what_was_used_is_what_the_period_charges(world):
    """The first reading is where use begins; what two months used is one charge, by the price list."""
    assert read(world, "2026-01", "100").used == 0
    assert read(world, "2026-02", "112.5").used == Decimal("12.5")
    assert read(world, "2026-03", "120").used == Decimal("7.5")
    (charged,) = world.send("fee_account", FLAT, period("2026-01", "2026-03", world.now.date()), "system")
    (line,) = charged.lines
    assert (line.item, line.quantity, line.amount_fen) == ("water", Decimal("20.0"), 6_200)
    assert refused(world, "2026-03", "121") == "month_charged"
    assert read(world, "2026-04", "121").used == 1


@pytest.mark.clause("R13.4.1")
def test_a_meter_shows_no_less_than_before_unless_it_was_replaced(world):
    """What both meters showed is added up; neither runs backwards."""
    read(world, "2026-01", "100")
    assert refused(world, "2026-02", "99.999") == "lower_than_before"
    back = Replacement(old_last=Decimal(99), new_first=Decimal(0))
    assert refused(world, "2026-02", "5", replaced=back) == "lower_than_before"
    ahead = Replacement(old_last=Decimal(105), new_first=Decimal(6))
    assert refused(world, "2026-02", "5", replaced=ahead) == "lower_than_before"
    assert read(world, "2026-02", "5", replaced=Replacement(old_last=Decimal(105), new_first=Decimal(2))).used == 8
    assert refused(world, "2026-02", "9", item="water", meter="二号", replaced=ahead) == "nothing_to_replace"


@pytest.mark.clause("R13.4.1")
def test_a_reading_is_corrected_until_something_rests_on_it(world):
    """Said again it changes nothing; a later reading or a charge stands on it."""
    read(world, "2026-01", "100")
    first = read(world, "2026-02", "130")
    assert read(world, "2026-02", "130") is None
    corrected = read(world, "2026-02", "113")
    assert (corrected.corrects, corrected.used, first.used) == (Decimal(130), 13, 30)
    read(world, "2026-03", "120")
    assert refused(world, "2026-02", "114") == "read_later"
    assert [each.used for each in world.state("fee_account", FLAT).readings["water"]] == [0, 13, 7]


@pytest.mark.clause("R13.4.1")
def test_a_use_far_above_the_one_before_is_doubted(world):
    """Above three times it, by the rules' value; of a first use and after none nothing can be said."""
    for month, value, doubtful in (
        ("2026-01", "0", False),
        ("2026-02", "10", False),
        ("2026-03", "40", False),
        ("2026-04", "131", True),
    ):
        assert read(world, month, value).doubtful is doubtful


@pytest.mark.clause("R13.4.1")
def test_two_meters_of_one_item_are_charged_together(world):
    """Each runs for itself; the month is charged what both used."""
    for meter in ("一号", "二号"):
        read(world, "2026-01", "10", meter=meter)
        read(world, "2026-02", "15", meter=meter)
    (charged,) = world.send("fee_account", FLAT, period("2026-01", "2026-02", world.now.date()), "system")
    assert [line.quantity for line in charged.lines] == [Decimal(10)]


@pytest.mark.clause("R13.4.1")
@pytest.mark.parametrize(
    ("month", "value", "more", "code"),
    [
        ("2026-06", "1", {}, "month_in_future"),
        ("2026-02", "1", {"item": "property_fee"}, "not_metered"),
        ("2026-02", "-1", {}, "reading_out_of_bounds"),
        ("2026-02", "1.0001", {}, "reading_out_of_bounds"),
        ("2026-02", "NaN", {}, "reading_out_of_bounds"),
        ("2026-02", "10000001", {}, "reading_out_of_bounds"),
    ],
)
def test_what_is_no_reading_is_refused(world, month, value, more, code):
    """A month to come, an item without a meter, what no meter shows."""
    assert refused(world, month, value, **more) == code
    assert not [event for *_, event in world.log if isinstance(event, e.ReadingRecorded)]
