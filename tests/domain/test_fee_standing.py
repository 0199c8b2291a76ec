"""What a unit is charged regularly: by area, by quantity, by its meter; by the terms of each month, once."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from domain.fee_account import FEE_ACCOUNT, account_id
from domain.fee_account import commands as m
from domain.fee_account import events as e
from domain.fee_account.parts import MeterReading, PeriodPrice
from domain.fee_account.period import charge_period
from domain.kernel import Refusal
from domain.rules.r13 import R13Rules, ReminderStep, default_values, validate
from tests.domain.story_fees import ACCOUNT, PROJECT, charged, opened, period, standing
from tests.domain.story_repair_fund import ACCOUNTANT
from tests.domain.test_fee_account import account, pay, refused, reminders, send

DUE = date(2026, 5, 1)


def closing(world, first="2026-03", last=None, **changes):
    """Charge a period as the run does; its event, or nothing."""
    events = world.send("fee_account", ACCOUNT, period(first, last or first, DUE, **changes), "system")
    return events[0] if events else None


def lines(event):
    """The charges of a notice."""
    return [(one.item, one.first_month, one.last_month, one.quantity, one.amount_fen) for one in event.lines]


@pytest.mark.clause("R13.4.2.1")
def test_a_period_is_charged_with_one_notice_for_all_standing_items():
    """Area times price, and a fixed quantity; one event, one form, one number, one day of payment."""
    world = account()
    send(world, standing("2026-01"))
    send(world, standing("2026-01", "common_repair", "fixed", "2"))
    event = closing(world, serial=7)
    assert lines(event) == [
        ("property_fee", "2026-03", "2026-03", Decimal("88.5"), 22_125),
        ("common_repair", "2026-03", "2026-03", Decimal(2), 240),
    ]
    assert (event.form, event.serial, event.amount_fen, event.payable_fen) == ("QR-7510-01", 7, 22_365, 22_365)
    assert (event.due_on, event.owner, event.unit) == (DUE, "赵六", "1-101")
    with pytest.raises(Refusal) as caught:
        closing(world, serial=8)
    assert caught.value.code == "charged_already"


@pytest.mark.clause("R13.4.2.1")
def test_each_month_of_a_period_counts_by_the_terms_of_that_month():
    """A quarter in which the item begins with the second month, and the unit is measured anew for the third."""
    world = account()
    send(world, standing("2026-02"))
    send(world, m.ReviseArea(area_m2=Decimal(90), from_month="2026-03", reason="实测"))
    event = closing(world, "2026-01", "2026-03")
    assert lines(event) == [("property_fee", "2026-02", "2026-03", Decimal("178.5"), 44_625)]


@pytest.mark.clause("R13.4.2.1")
def test_what_was_charged_singly_is_not_charged_again_by_the_period():
    """The month that a single charge covers is left out; without it the period is the two others, apart."""
    world = account()
    send(world, standing("2026-01"))
    send(world, charged("2026-02"))
    event = closing(world, "2026-01", "2026-03")
    assert [(one.first_month, one.last_month, one.amount_fen) for one in event.lines] == [
        ("2026-01", "2026-01", 22_125),
        ("2026-03", "2026-03", 22_125),
    ]


@pytest.mark.clause("R13.4.2.1")
def test_a_unit_that_owes_nothing_regularly_has_no_notice():
    """No event at all; an ended item is not charged either."""
    world = account()
    assert closing(world) is None
    send(world, standing("2026-01"))
    send(world, m.EndStandingItem(item="property_fee", from_month="2026-03", reason="空置"))
    assert closing(world) is None
    assert [one.amount_fen for one in closing(world, "2026-02").lines] == [22_125]


@pytest.mark.clause("R13.4.2.6")
def test_a_price_decided_within_a_period_splits_its_months():
    """Two months at the first day's price, the third at the decided one, each a charge of its own."""
    world = account()
    send(world, standing("2026-01"))
    prices = tuple(
        PeriodPrice(item="property_fee", kind="public_service", from_month=month, price_fen=price)
        for month, price in (("2026-01", 250), ("2026-03", 300))
    )
    command = replace(period("2026-01", "2026-03", DUE), prices=prices)
    (event,) = world.send("fee_account", ACCOUNT, command, "system")
    assert [(one.first_month, one.last_month, one.price_fen, one.amount_fen) for one in event.lines] == [
        ("2026-01", "2026-02", 250, 44_250),
        ("2026-03", "2026-03", 300, 26_550),
    ]


@pytest.mark.clause("R13.4.2.1")
def test_a_meter_is_charged_by_what_was_used_and_once():
    """A reading that came too late for its period is charged with the next; one that is missing is said to be."""
    world = account()
    send(world, standing("2026-01", "water", "metered"))
    event = closing(world, "2026-01")
    assert (event.lines, event.form, event.serial) == ((), None, None)
    assert [(one.item, one.reason) for one in event.left_out] == [("water", "no_reading")]
    read = tuple(
        MeterReading(month=month, value=Decimal(100 + used), used=Decimal(used))
        for month, used in (("2026-01", 10), ("2026-02", 5))
    )
    state = replace(world.state("fee_account", ACCOUNT), readings={"water": read})
    context = world.context(ACCOUNT, "system")
    (later,) = charge_period(state, period("2026-02", "2026-02", DUE), context)
    assert lines(later) == [("water", "2026-01", "2026-02", Decimal(15), 4_650)]
    (settled,) = charge_period(FEE_ACCOUNT.evolve(state, later), period("2026-03", "2026-03", DUE), context)
    assert (settled.lines, settled.left_out[0].reason) == ((), "no_reading")


@pytest.mark.clause("R13.4.2.1")
def test_an_item_that_is_no_longer_listed_is_left_out_and_named():
    """The rest of the notice stands."""
    world = account()
    send(world, standing("2026-01"))
    send(world, standing("2026-01", "home_repair", "fixed", "1"))
    event = closing(world)
    assert [one.item for one in event.lines] == ["property_fee"]
    assert [(one.item, one.reason) for one in event.left_out] == [("home_repair", "not_on_the_list")]


@pytest.mark.clause("R13.4.2.1")
def test_what_was_paid_ahead_pays_the_next_notice():
    """The notice shows what is left to pay; a later payment pays the older notice first."""
    world = account()
    send(world, standing("2026-01"))
    pay(world, 30_000)
    event = closing(world, "2026-01")
    assert (event.payable_fen, event.credit_after_fen) == (0, 7_875)
    assert [(one.charge, one.amount_fen) for one in event.settles] == [(2, 22_125)]
    event = closing(world, "2026-02", serial=2)
    assert (event.amount_fen, event.arrears_fen, event.payable_fen, event.credit_after_fen) == (22_125, 0, 14_250, 0)
    event = closing(world, "2026-03", serial=3)
    assert (event.arrears_fen, event.payable_fen) == (14_250, 36_375)
    paid = pay(world, 20_000)
    assert [(one.charge, one.amount_fen) for one in paid.settles] == [(3, 14_250), (4, 5_750)]


@pytest.mark.clause("R13.4.2.4")
def test_one_reminder_asks_for_all_that_is_unpaid_of_a_notice():
    """Two charges of one notice are one reminder; after a part is paid, of the rest; after all, none."""
    world = account()
    send(world, standing("2026-01"))
    send(world, standing("2026-01", "common_repair", "fixed", "1"))
    closing(world, serial=4)
    world.advance(datetime(2026, 5, 3, tzinfo=UTC))
    (first,) = reminders(world)
    assert (first.form, first.level, first.unpaid_fen, first.serial) == ("QR-7510-02", 1, 22_245, 4)
    assert [(one.item, one.unpaid_fen) for one in first.charges] == [("property_fee", 22_125), ("common_repair", 120)]
    pay(world, 22_200)
    world.advance(datetime(2026, 5, 18, tzinfo=UTC))
    assert [(one.level, one.how, one.unpaid_fen) for one in reminders(world)[1:]] == [(2, "visit", 45)]
    pay(world, 45)
    world.advance(datetime(2026, 12, 1, tzinfo=UTC))
    assert len(reminders(world)) == 2


@pytest.mark.clause("R13.4.2.1", "R13.4.2.4")
def test_by_the_other_reading_a_periods_end_reminds_those_who_owe_and_is_the_first_step():
    """QR-7510-02 at once, the second step from the day of payment; who has paid ahead is told nothing."""
    world = account(notice="reminder_to_unpaid")
    send(world, standing("2026-01"))
    event = closing(world, notice="reminder_to_unpaid", rule_version=2)
    assert (event.form, event.next_reminder.level) == ("QR-7510-02", 2)
    pay(world, 22_125 + 30_000)
    paid = closing(world, "2026-04", notice="reminder_to_unpaid", rule_version=2, serial=2)
    assert (paid.form, paid.serial, paid.verification, paid.payable_fen) == (None, None, None, 0)


@pytest.mark.clause("R13.4.2.4")
@pytest.mark.parametrize(("rounding", "fee_fen"), [("half_up", 111), ("down", 110)])
def test_a_late_fee_is_rounded_as_declared_and_owed_on_no_late_fee(rounding, fee_fen):
    """Half a per cent of what was charged with each reminder; the second is reckoned on the charge alone."""
    world = account(late_fee_percent="0.5", late_fee_rounding=rounding)
    send(world, charged("2026-04"))
    world.advance(datetime(2026, 6, 20, tzinfo=UTC))
    told = reminders(world)
    assert [one.late_fee_fen for one in told] == [fee_fen, fee_fen]
    assert told[1].unpaid_fen == 22_125 + fee_fen
    assert told[0].readings["R13.4.2.4.rounding"] == rounding
    send(world, m.ReverseFeeEntry(number=told[0].late_fee_number, reason="减免"), ACCOUNTANT)
    assert world.state("fee_account", ACCOUNT).balance_fen == 22_125 + fee_fen


@pytest.mark.clause("R13.4.2.4")
@pytest.mark.parametrize("how", ["cut_water", "cut_off", "suspend_supply", "lock"])
def test_no_step_of_the_ladder_cuts_anything_off(how):
    """The rules take no such step (民法典 944), and no command of an account, and no event, is one."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"after_days": 1, "how": how}, ReminderStep)
    steps = [{"after_days": 1, "how": how}]
    values = {**msgspec.to_builtins(default_values()), "reminders": steps}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(values, R13Rules)
    names = [spec.name for spec in FEE_ACCOUNT.commands] + [event.__name__.lower() for event in FEE_ACCOUNT.events]
    assert not [name for name in names if any(word in name for word in ("cut", "supply", "suspend", "withhold"))]


@pytest.mark.clause("R13.4.2.1")
def test_a_period_divides_the_year():
    """Months, quarters, half-years; not five months."""
    assert validate(replace(default_values(), period_months=3)) == ()
    assert [one.field for one in validate(replace(default_values(), period_months=5))] == ["period_months"]


@pytest.mark.clause("R13.4.2.1")
def test_owners_follow_each_other_with_their_days():
    """What is owed stays with the unit; no day to come, none before the last change."""
    world = account()
    event = send(world, m.ChangeOwner(owner="钱七", since=date(2026, 3, 15)))
    assert (event.previous, event.since) == ("赵六", date(2026, 3, 15))
    assert refused(world, m.ChangeOwner(owner="孙八", since=date(2026, 3, 14))) == "since_out_of_order"
    assert refused(world, m.ChangeOwner(owner="孙八", since=date(2026, 4, 2))) == "since_out_of_order"
    send(world, m.ChangeOwner(owner="孙八"))
    owners = world.state("fee_account", ACCOUNT).owners
    assert [(one.owner, one.since) for one in owners] == [
        ("赵六", None),
        ("钱七", "2026-03-15"),
        ("孙八", "2026-04-01"),
    ]
    assert world.send("fee_account", ACCOUNT, m.ChangeOwner(owner="孙八")) == ()


@pytest.mark.clause("R13.4.2.1")
def test_terms_reach_behind_no_charge():
    """Set, measured or ended for a month that was charged: refused until the charge is taken back."""
    world = account()
    send(world, standing("2026-01"))
    closing(world)
    for command in (
        standing("2026-02"),
        m.ReviseArea(area_m2=Decimal(70), from_month="2026-03", reason="实测"),
        m.EndStandingItem(item="property_fee", from_month="2026-01", reason="误设"),
    ):
        assert refused(world, command) == "month_charged"
    send(world, m.ReviseArea(area_m2=Decimal(70), from_month="2026-04", reason="实测"))
    assert world.state("fee_account", ACCOUNT).area_in("2026-03") == Decimal("88.5")


@pytest.mark.clause("R13.4.2.1")
def test_terms_that_make_no_sense_are_refused():
    """A quantity without its basis, a basis without its quantity, an area nobody knows, an item on no list."""
    world = account()
    assert refused(world, standing("2026-01", basis="fixed")) == "quantity_by_basis"
    assert refused(world, standing("2026-01", basis="metered", quantity="1")) == "quantity_by_basis"
    assert refused(world, standing("2026-01", "garage")) == "not_on_the_list"
    assert refused(world, standing("2026-01", "water", "fixed", "0")) == "quantity_out_of_bounds"
    ended = m.EndStandingItem(item="water", from_month="2026-01", reason="无")
    assert refused(world, ended) == "not_charged_regularly"
    assert refused(world, m.ReviseArea(area_m2=Decimal("1.234"), from_month="2026-05", reason="x")) == (
        "area_out_of_bounds"
    )
    other = account_id(PROJECT, "2", "2-101")
    world.send("fee_account", other, opened(unit="2-101", building="2", area_m2=None))
    with pytest.raises(Refusal) as caught:
        world.send("fee_account", other, standing("2026-01"))
    assert caught.value.code == "area_unknown"


@pytest.mark.clause("R13.4.2.6")
def test_a_service_is_charged_when_it_is_done_and_as_often():
    """At the price of that day; not before it is done, and no item that is charged by the period."""
    world = account()
    done = m.ChargeService(item="home_repair", quantity=Decimal(1), done_on=date(2026, 4, 1), reference="工单-1")
    for _ in range(2):
        event = send(world, done)
        assert (event.amount_fen, event.done_on, event.clause) == (5_000, date(2026, 4, 1), "R13.4.2.6")
    assert refused(world, replace(done, done_on=date(2026, 4, 2))) == "not_done_yet"
    assert refused(world, replace(done, item="property_fee")) == "charged_by_period"


def test_units_of_two_buildings_are_two_accounts():
    """However building and unit are written, no two share an account."""
    ids = {account_id(PROJECT, building, unit) for building, unit in (("1", "101"), ("11", "01"), ("", "1101"))}
    assert len(ids) == 3
    assert account_id(PROJECT, "1:1", "1") != account_id(PROJECT, "1", "1:1")


def test_the_last_step_says_that_it_is():
    """So that whoever answers can be told."""
    world = account()
    send(world, charged("2026-03"))
    world.advance(datetime(2027, 1, 1, tzinfo=UTC))
    assert [(one.how, one.last) for one in reminders(world)] == [
        ("notice", False),
        ("visit", False),
        ("letter", True),
    ]
    assert all(isinstance(one, e.FeeReminded) and one.verification for one in reminders(world))
