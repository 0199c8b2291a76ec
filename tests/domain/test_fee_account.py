"""The account of a unit: charged by the price list, paid first what was due first, reminded, and it adds up."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.fee_account import FEE_ACCOUNT
from domain.fee_account import commands as m
from domain.fee_account import events as e
from domain.kernel import Refusal
from domain.rule_book import messages as r
from tests.domain.story_fees import ACCOUNT, charged, opened
from tests.domain.story_repair_fund import ACCOUNTANT, CLERK
from tests.domain.world import BOOKS, PEOPLE, World

APRIL = datetime(2026, 4, 1, 1, tzinfo=UTC)


def account(**changes):
    """A world with an account in April, under the shipped rules or others."""
    world = World(APRIL)
    world.send("rule_book", BOOKS["R13"], r.AdoptPack(regulation="R13", effective_from=date(2026, 1, 1)))
    if changes:
        drafter, publisher, _ = PEOPLE
        world.send("rule_book", BOOKS["R13"], r.DraftVersion(changes=changes, note="试行"), person=drafter)
        publish = r.PublishVersion(version=2, effective_from=APRIL.date())
        world.send("rule_book", BOOKS["R13"], publish, person=publisher)
        world.advance(datetime(2026, 5, 1, 1, tzinfo=UTC))
    world.send("fee_account", ACCOUNT, opened())
    return world


def send(world, command, person=CLERK):
    """Send a command to the account; its one event."""
    (event,) = world.send("fee_account", ACCOUNT, command, person=person)
    return event


def pay(world, amount_fen):
    """Book a payment."""
    return send(world, m.ReceiveFee(amount_fen=amount_fen, reference="转账"))


def refused(world, command, person=CLERK):
    """The code of a refusal."""
    with pytest.raises(Refusal) as caught:
        send(world, command, person)
    return caught.value.code


def reminders(world):
    """The reminders so far."""
    return [event for *_, event in world.log if isinstance(event, e.FeeReminded)]


@pytest.mark.clause("R13.4.1", "R13.4.2.6")
@pytest.mark.parametrize(
    ("item", "kind", "quantity", "amount_fen"),
    [
        ("property_fee", "public_service", "88.5", 22_125),
        ("water", "agency", "12.345", 3_827),
        ("home_repair", "special", "1", 5_000),
        ("common_repair", "repair", "88.5", 10_620),
    ],
)
def test_each_of_the_four_kinds_is_charged_by_the_price_list(item, kind, quantity, amount_fen):
    """The amount is rounded half up to the fen; what is not on the list is not charged."""
    world = account()
    event = send(world, charged("2026-03", item, quantity))
    assert (event.kind, event.amount_fen, event.clause, event.rule_version) == (kind, amount_fen, "R13.4.2.1", 1)
    assert refused(world, charged("2026-03", "garage")) == "not_on_the_list"


@pytest.mark.clause("R13.4.2.6")
def test_the_price_is_that_of_the_periods_first_day():
    """A list that takes effect in April leaves March at the old price."""
    dearer = [
        {"code": "property_fee", "kind": "public_service", "zh": "费", "en": "Fee", "per": "月", "price_fen": 300}
    ]
    world = account(prices=dearer)
    assert send(world, charged("2026-03")).price_fen == 250
    assert send(world, charged("2026-04")).price_fen == 300


@pytest.mark.clause("R13.4.2.1")
def test_a_period_is_charged_once_and_at_its_end():
    """Not before its last day, and not a month that a standing charge covers; a charge taken back may come again."""
    world = account()
    assert refused(world, charged("2026-04")) == "period_not_over"
    send(world, charged("2026-03"))
    quarter = m.ChargeFee(item="property_fee", first_month="2026-01", last_month="2026-03", quantity=Decimal(1))
    assert refused(world, quarter) == "charged_already"
    assert refused(world, m.ReverseFeeEntry(number=1, reason="误记")) == "own_booking"
    send(world, m.ReverseFeeEntry(number=1, reason="误记"), ACCOUNTANT)
    assert send(world, quarter).balance_after_fen == 250
    backwards = m.ChargeFee(item="water", first_month="2026-03", last_month="2026-02", quantity=Decimal(1))
    assert refused(world, backwards) == "not_a_period"
    assert refused(world, charged("2026-03", "water", "0")) == "quantity_out_of_bounds"
    assert refused(world, charged("2026-03", "water", "NaN")) == "quantity_out_of_bounds"


@pytest.mark.clause("R13.4.2.4")
def test_an_unpaid_charge_climbs_the_ladder_until_it_is_paid():
    """A notice the day after it was due, a visit 15 days later, a letter 30 days after that; no late fee by default."""
    world = account()
    event = send(world, charged("2026-03"))
    assert (event.form, event.due_on) == ("QR-7510-01", date(2026, 5, 1))
    world.advance(datetime(2026, 5, 7, tzinfo=UTC))
    pay(world, 10_000)
    world.advance(datetime(2026, 5, 23, tzinfo=UTC))
    told = reminders(world)
    assert [(one.how, one.unpaid_fen, one.late_fee_fen) for one in told] == [
        ("notice", 22_125, 0),
        ("visit", 12_125, 0),
    ]
    assert {(one.form, one.clause) for one in told} == {("QR-7510-02", "R13.4.2.4")}
    pay(world, 12_125)
    assert FEE_ACCOUNT.deadlines(world.state("fee_account", ACCOUNT)) == ()
    world.advance(datetime(2026, 12, 1, tzinfo=UTC))
    assert len(reminders(world)) == 2


@pytest.mark.clause("R13.4.2.4")
def test_a_late_fee_is_added_only_where_the_tenants_rules_set_one():
    """One per cent of what is unpaid, with each reminder, and it is owed like the charge."""
    world = account(late_fee_percent="1")
    send(world, charged("2026-04"))
    world.advance(datetime(2026, 6, 2, tzinfo=UTC))
    (told,) = reminders(world)
    assert (told.late_fee_fen, told.balance_after_fen) == (221, 22_346)
    assert world.state("fee_account", ACCOUNT).unpaid() == {1: 22_125, 2: 221}


@pytest.mark.clause("R13.4.2.1")
def test_by_the_other_reading_a_periods_end_reminds_those_who_have_not_paid():
    """No charge notice; the first reminder comes the next day, and not to who has paid ahead."""
    world = account(notice="reminder_to_unpaid")
    event = send(world, charged("2026-04"))
    assert (event.form, event.readings) == (None, {"R13.4.2.1.notice": "reminder_to_unpaid"})
    world.advance(world.now + timedelta(days=2))
    assert [one.level for one in reminders(world)] == [1]
    pay(world, 22_125 + 5_000)
    send(world, charged("2026-03", "home_repair", "1"))
    world.advance(world.now + timedelta(days=40))
    assert len(reminders(world)) == 1


@pytest.mark.clause("R13.4.2.7")
def test_a_payment_pays_what_was_charged_first_and_too_much_is_a_credit():
    """A reversed payment leaves the charge owed again, and its reminder comes after all."""
    world = account()
    send(world, charged("2026-02"))
    send(world, charged("2026-03"))
    pay(world, 30_000)
    assert world.state("fee_account", ACCOUNT).unpaid() == {2: 14_250}
    paid = pay(world, 20_000)
    assert paid.balance_after_fen == -5_750
    send(world, m.ReverseFeeEntry(number=paid.number, reason="退票"), ACCOUNTANT)
    assert world.state("fee_account", ACCOUNT).unpaid() == {2: 14_250}
    world.advance(datetime(2026, 5, 8, tzinfo=UTC))
    assert [(one.charge, one.unpaid_fen) for one in reminders(world)] == [(2, 14_250)]


deeds = st.lists(
    st.tuples(
        st.sampled_from(["charge", "pay", "reverse"]), st.integers(1, 60_000), st.integers(1, 12), st.integers(0, 40)
    ),
    max_size=30,
)


@pytest.mark.clause("R13.4.2.7")
@settings(deadline=None, max_examples=60)
@given(deeds, st.sampled_from(["0", "1.5"]))
def test_entries_add_up_to_the_balance(done, late_fee):
    """Over random charges, payments, reversals and reminders: the balance is the sum of what stands, to the fen."""
    world = account(late_fee_percent=late_fee, payment_days=10)
    for kind, amount_fen, number, days in done:
        world.advance(world.now + timedelta(days=days))
        month = f"{world.now.year - 1}-{number:02}"
        command, person = {
            "charge": (charged("2026-04" if month < "2026" else month, "water", str(number)), CLERK),
            "pay": (m.ReceiveFee(amount_fen=amount_fen, reference="转账"), CLERK),
            "reverse": (m.ReverseFeeEntry(number=number, reason="误记"), ACCOUNTANT),
        }[kind]
        try:
            send(world, command, person)
        except Refusal:
            assert kind != "pay"
    state = world.state("fee_account", ACCOUNT)
    events = [event for noun, *_, event in world.log if noun == "fee_account"]
    booked = sum(
        {e.FeeCharged: 1, e.FeeReceived: -1}.get(type(one), 0) * getattr(one, "amount_fen", 0)
        + getattr(one, "effect_fen", 0)
        + getattr(one, "late_fee_fen", 0)
        for one in events
    )
    assert state.balance_fen == booked
    assert state.balance_fen == sum(one.effect_fen for one in state.entries.values() if not one.reversed)
    assert sum(state.unpaid().values()) == max(0, state.balance_fen)
