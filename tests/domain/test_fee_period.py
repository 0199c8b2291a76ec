"""A fee period: as long as the rules say, at the prices of its first day, closed once, its notices numbered."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from domain.document_register import AssignBlock
from domain.documents import KINDS
from domain.fee_period import FEE_PERIOD, period_id
from domain.fee_period import messages as m
from domain.kernel import Refusal, derived_id
from domain.organisation.messages import ProvisionOrganisation, SetNumbering
from domain.rule_book import messages as r
from tests.domain.story_fee_periods import dearer, decided, publish
from tests.domain.story_repair_fund import ACCOUNTANT
from tests.domain.world import BOOKS, TENANT, World

PROJECT = UUID(int=0x93)
REGISTER = derived_id("document_register", "fee_notice", 2026)


def opened(first_month="2026-03", **changes):
    """A world in March with an open period, under the shipped rules or others."""
    world = World(datetime(2026, 3, 1, 1, tzinfo=UTC))
    world.send("rule_book", BOOKS["R13"], r.AdoptPack(regulation="R13", effective_from=date(2026, 1, 1)))
    if changes:
        publish(world, 2, date(2026, 3, 2), **changes)
        world.advance(datetime(2026, 3, 2, 1, tzinfo=UTC))
    command = m.OpenFeePeriod(project_id=PROJECT, name="东校区", first_month=first_month)
    world.send("fee_period", period_id(PROJECT, first_month), command)
    return world


def send(world, command, first_month="2026-03", kind="member"):
    """Send a command to the period; its one event."""
    (event,) = world.send("fee_period", period_id(PROJECT, first_month), command, kind, person=ACCOUNTANT)
    return event


def refused(world, command, kind="member"):
    """The code of a refusal."""
    with pytest.raises(Refusal) as caught:
        send(world, command, kind=kind)
    return caught.value.code


def at(world, *day):
    """It is the morning of a day."""
    world.advance(datetime(*day, 1, tzinfo=UTC))


@pytest.mark.clause("R13.4.2.1")
@pytest.mark.parametrize(("months", "last_month"), [(1, "2026-04"), (3, "2026-06"), (12, "2027-03")])
def test_a_period_lasts_as_long_as_the_rules_of_its_first_day_say(months, last_month):
    """And holds its months for the project, so that no other period has them."""
    world = opened("2026-04", **({} if months == 1 else {"period_months": months}))
    state = world.state("fee_period", period_id(PROJECT, "2026-04"))
    assert state.last_month == last_month
    (held,) = FEE_PERIOD.reservations(state)
    assert (held.kind, held.resource_id, held.starts_at) == ("fee_months", PROJECT, state.begins_at)
    assert held.ends_at.isoformat()[:7] == {1: "2026-05", 3: "2026-07", 12: "2027-04"}[months]


@pytest.mark.clause("R13.4.2.1")
def test_a_closing_fixes_prices_and_the_day_of_payment_for_every_account():
    """On the last day or later, once; rules that come afterwards change nothing of it."""
    world = opened()
    assert refused(world, m.CloseFeePeriod()) == "period_not_over"
    publish(world, 2, date(2026, 3, 20), prices=dearer(300), payment_days=5)
    at(world, 2026, 3, 31)
    event = send(world, m.CloseFeePeriod())
    fee = next(one for one in event.prices if one.item == "property_fee")
    assert (fee.price_fen, fee.label, fee.per) == (250, "物业公共服务费", "平方米·月")
    assert (event.due_on, event.rule_version, event.closed_by) == (date(2026, 4, 30), 1, ACCOUNTANT)
    assert event.readings == {"R13.4.2.1.notice": "charge_then_reminder"}
    assert refused(world, m.CloseFeePeriod()) == "period_closing"


@pytest.mark.clause("R13.4.2.6")
def test_another_price_within_a_period_is_that_of_a_later_list_and_has_a_name():
    """The decision is recorded with its reason and the list it takes the price from; the closing applies it."""
    world = opened()
    publish(world, 2, date(2026, 3, 10), prices=dearer(300))
    at(world, 2026, 3, 15)
    event = send(world, decided(date(2026, 3, 10), "2026-03"))
    assert (event.price_fen, event.first_price_fen, event.rule_version) == (300, 250, 2)
    assert (event.decision, event.reason, event.decided_by) == ("调价决定〔1〕号", "业主大会表决通过", ACCOUNTANT)
    at(world, 2026, 3, 31)
    closing = send(world, m.CloseFeePeriod())
    prices = {one.item: one.price_fen for one in closing.prices}
    assert (prices["property_fee"], prices["water"]) == (300, 310)


@pytest.mark.clause("R13.4.2.6")
def test_no_price_is_decided_that_no_list_has():
    """The day is within the period and not to come, the month the period's, the item listed, the price another."""
    world = opened()
    at(world, 2026, 3, 15)
    assert refused(world, decided(date(2026, 3, 1), "2026-03")) == "not_within_period"
    assert refused(world, decided(date(2026, 3, 16), "2026-03")) == "not_within_period"
    assert refused(world, decided(date(2026, 3, 10), "2026-04")) == "not_within_period"
    assert refused(world, decided(date(2026, 3, 10), "2026-03", "garage")) == "not_on_the_list"
    assert refused(world, decided(date(2026, 3, 10), "2026-03")) == "same_price"


@pytest.mark.clause("R13.4.2.6")
def test_a_price_decided_for_a_later_month_leaves_those_before_it():
    """A quarter at two prices, by month."""
    world = opened("2026-04", period_months=3)
    publish(world, 3, date(2026, 5, 1), prices=dearer(300))
    at(world, 2026, 6, 30)
    send(world, decided(date(2026, 5, 1), "2026-06"), "2026-04")
    event = send(world, m.CloseFeePeriod(), "2026-04")
    found = [(one.from_month, one.price_fen) for one in event.prices if one.item == "property_fee"]
    assert found == [("2026-04", 250), ("2026-06", 300)]


@pytest.mark.clause("R13.4.2.1")
def test_a_closed_periods_notices_have_one_block_of_numbers():
    """In the organisation's own word, once; the register goes on after the last of them."""
    world = opened()
    provision = ProvisionOrganisation(name="物业公司", admin_username="admin", admin_display_name="管理员")
    world.send("organisation", TENANT, provision, "operator")
    world.send("organisation", TENANT, SetNumbering(agency="东物", codes={"fee_notice": "收字"}))
    at(world, 2026, 3, 31)
    send(world, m.CloseFeePeriod())
    assert refused(world, m.NumberNotices(year=2026, first=1, agency="", code="收费", pattern="x"), "system") == (
        "period_closing"
    )
    send(world, m.CompleteClosing(accounts=9, notices=7, refused=1, amount_fen=700), kind="system")
    state = world.state("fee_period", period_id(PROJECT, "2026-03"))
    assert (state.status, state.numbers.first, state.numbers.code) == ("closed", 1, "收字")
    assert world.state("document_register", REGISTER).last == 7
    assert refused(world, m.CompleteClosing(accounts=9, notices=7, refused=1, amount_fen=700), "system") == (
        "period_closed"
    )
    again = m.NumberNotices(year=2026, first=99, agency="", code="收费", pattern="x")
    assert world.send("fee_period", period_id(PROJECT, "2026-03"), again, "system") == ()


@pytest.mark.clause("R13.4.2.1")
def test_a_period_without_notices_takes_no_number():
    """Nobody owed anything regularly."""
    world = opened()
    at(world, 2026, 3, 31)
    send(world, m.CloseFeePeriod())
    send(world, m.CompleteClosing(accounts=2, notices=0, refused=0, amount_fen=0), kind="system")
    assert world.state("fee_period", period_id(PROJECT, "2026-03")).numbers is None
    assert ("document_register", REGISTER) not in world.states


def test_a_register_numbers_a_block_once():
    """Asked again for what was made no later, nothing; singly drawn notices go on after the block."""
    world = World()
    block = AssignBlock(kind="fee_notice", year=2026, subject_id=UUID(int=9), count=4, drawn_at=5)
    assert set(KINDS) >= {"fee_notice", "fee_reminder"}
    for expected in ((1, 4), None):
        events = world._decide("document_register", REGISTER, block, "system", None)
        assert [(one.first, one.last) for one in events] == ([] if expected is None else [expected])
    assert world.state("document_register", REGISTER).last == 4
