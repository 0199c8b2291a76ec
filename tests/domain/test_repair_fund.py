"""The repair fund: it adds up, is spent on repairs and on nothing else, and its statements are its bookings."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.kernel import Refusal
from domain.repair_fund import messages as m
from domain.rules.r13 import R13Rules, default_values, fields, validate
from tests.domain.story_repair_fund import ACCOUNTANT, CLERK, FUND, opened, paid_in, repair
from tests.domain.world import World

MARCH = datetime(2026, 3, 2, 1, tzinfo=UTC)
SHIPPED = default_values()


def fund():
    """A world with an empty fund, in March."""
    world = World(MARCH)
    opened(world)
    return world


def send(world, command, person=CLERK):
    """Send a command to the fund; its one event."""
    (event,) = world.send("repair_fund", FUND, command, person=person)
    return event


def refused(world, command, person=CLERK):
    """The refusal of a command."""
    with pytest.raises(Refusal) as caught:
        send(world, command, person)
    return caught.value


@pytest.mark.clause("R13.4.2.8")
@pytest.mark.parametrize("purpose", ["cleaning", "salaries", "public_service", "loan"])
def test_the_fund_is_spent_on_nothing_but_repairs(purpose):
    """Refused with the clause, whoever asks and however small; the balance stays."""
    world = fund()
    send(world, paid_in())
    refusal = refused(world, repair(amount_fen=1, purpose=purpose))
    assert (refusal.code, refusal.clause, refusal.field) == ("fund_ring_fenced", "R13.4.2.8", "purpose")
    assert world.state("repair_fund", FUND).balance_fen == 100_000


@pytest.mark.clause("R13.4.2.8")
def test_no_more_is_spent_than_there_is():
    """To the fen: all of it, and then nothing."""
    world = fund()
    send(world, paid_in())
    assert refused(world, repair(amount_fen=100_001)).code == "fund_too_small"
    spent = send(world, repair(amount_fen=100_000))
    assert (spent.balance_after_fen, spent.clause, spent.rule_version) == (0, "R13.4.2.8", 1)
    assert refused(world, repair(amount_fen=1)).code == "fund_too_small"


@pytest.mark.clause("R13.4.2.8")
def test_a_booking_is_taken_back_by_another_once_and_not_after_it_was_spent():
    """By a booking of its own, which can not be taken back in turn for what is gone."""
    world = fund()
    send(world, paid_in())
    back = m.ReverseBooking(number=1, reason="误记")
    assert refused(world, back).code == "own_booking"
    send(world, repair(amount_fen=60_000))
    assert refused(world, back, ACCOUNTANT).code == "fund_too_small"
    reversal = send(world, m.ReverseBooking(number=2, reason="退货"), ACCOUNTANT)
    assert (reversal.effect_fen, reversal.balance_after_fen) == (60_000, 100_000)
    assert send(world, back, ACCOUNTANT).balance_after_fen == 0
    assert refused(world, back, ACCOUNTANT).code == "nothing_to_reverse"


@pytest.mark.clause("R13.4.3")
def test_a_half_year_is_published_once_it_is_over_in_order_and_once():
    """Opening, income, expenditure by purpose, reversals and closing; in time until 30 days after, on no rest day."""
    world = fund()
    send(world, paid_in())
    send(world, repair())
    first = m.PublishStatement(first_month="2026-01")
    assert refused(world, first, ACCOUNTANT).code == "period_not_over"
    assert refused(world, m.PublishStatement(first_month="2026-02"), ACCOUNTANT).code == "not_a_period"
    world.advance(datetime(2026, 7, 30, 2, tzinfo=UTC))
    assert refused(world, m.PublishStatement(first_month="2025-07"), ACCOUNTANT).code == "out_of_order"
    statement = send(world, first, ACCOUNTANT)
    assert (statement.opening_fen, statement.received_fen, statement.spent_fen) == (0, 100_000, {"lifts": 30_000})
    assert (statement.closing_fen, statement.bookings, statement.in_time) == (70_000, 2, True)
    assert statement.due_on == date(2026, 7, 30)
    assert refused(world, first, ACCOUNTANT).code == "out_of_order"
    send(world, m.ReverseBooking(number=2, reason="退货"), ACCOUNTANT)
    world.advance(datetime(2027, 3, 1, tzinfo=UTC))
    second = send(world, m.PublishStatement(first_month="2026-07"), ACCOUNTANT)
    assert (second.opening_fen, second.reversed_fen, second.closing_fen) == (70_000, 30_000, 100_000)
    assert not second.in_time


@pytest.mark.clause("R13.4.3")
def test_a_statement_not_published_in_time_is_told_and_told_again():
    """Thirty days after the half-year, then monthly, as often as the rules say; published, the next is owed."""
    world = fund()
    world.advance(datetime(2026, 12, 1, tzinfo=UTC))
    late = [event for *_, event in world.log if isinstance(event, m.FundStatementOverdue)]
    assert [(each.level, each.first_month, each.due_on) for each in late] == [
        (level, "2026-01", date(2026, 7, 30)) for level in (1, 2, 3)
    ]
    assert late[-1].next_at is None
    event = send(world, m.PublishStatement(first_month="2026-01"), ACCOUNTANT)
    assert (event.in_time, event.next_owed.first_month, event.next_owed.last_month) == (False, "2026-07", "2026-12")


bookings = st.lists(
    st.tuples(
        st.sampled_from(["receive", "spend", "spend elsewhere", "reverse"]),
        st.integers(1, 50_000),
        st.integers(0, 20),
        st.integers(0, 30),
    ),
    max_size=40,
)


ANSWERS = {
    "receive": {"done"},
    "spend": {"done", "fund_too_small"},
    "spend elsewhere": {"fund_ring_fenced"},
    "reverse": {"done", "fund_too_small", "nothing_to_reverse", "own_booking"},
}


@pytest.mark.clause("R13.4.2.8", "R13.4.3")
@settings(deadline=None, max_examples=60)
@given(bookings)
def test_bookings_add_up_and_statements_are_the_bookings(done):
    """Whatever is paid in, spent and reversed when: the balance is the sum, and so is the row of statements."""
    world = fund()
    for kind, amount_fen, number, days in done:
        world.advance(world.now + timedelta(days=days))
        command, person = {
            "receive": (paid_in(amount_fen), CLERK),
            "spend": (repair(amount_fen), CLERK),
            "spend elsewhere": (repair(amount_fen, purpose="salaries"), CLERK),
            "reverse": (m.ReverseBooking(number=number or 1, reason="误记"), ACCOUNTANT),
        }[kind]
        try:
            send(world, command, person)
            answer = "done"
        except Refusal as refusal:
            answer = refusal.code
        assert answer in ANSWERS[kind]
    events = [event for noun, *_, event in world.log if noun == "repair_fund"]
    effects = [
        {m.ContributionReceived: 1, m.FundSpent: -1}.get(type(one), 0) * getattr(one, "amount_fen", 0)
        + getattr(one, "effect_fen", 0)
        for one in events
    ]
    state = world.state("repair_fund", FUND)
    assert state.balance_fen == sum(effects) >= 0
    assert {one.purpose for one in events if isinstance(one, m.FundSpent)} <= {"lifts"}
    world.advance(datetime(2030, 1, 2, tzinfo=UTC))
    statements = [
        send(world, m.PublishStatement(first_month=f"{year}-{month:02}"), ACCOUNTANT)
        for year in range(2026, 2030)
        for month in (1, 7)
    ]
    assert statements[-1].closing_fen == state.balance_fen
    assert [one.opening_fen for one in statements] == [0, *(one.closing_fen for one in statements[:-1])]
    assert sum(one.bookings for one in statements) == len(state.bookings)
    for one in statements:
        change = one.received_fen - sum(one.spent_fen.values()) + one.reversed_fen
        assert one.closing_fen == one.opening_fen + change


def test_the_shipped_values_make_sense_and_survive_storing():
    """Six months, 30 days, purposes that are repairs; the code's defaults are the pack's."""
    assert validate(SHIPPED) == ()
    lists = {name: getattr(SHIPPED, name) for name in ("fund_purposes", "prices", "reminders")}
    assert R13Rules(**lists) == SHIPPED
    assert msgspec.json.decode(msgspec.json.encode(SHIPPED), type=R13Rules) == SHIPPED
    assert {field.name: field.kind for field in fields()}["fund_purposes"] == "list"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"statement_months": 5}, "statement_months"),
        ({"statement_days": 0}, "statement_days"),
        ({"fund_purposes": SHIPPED.fund_purposes[:1] * 2}, "fund_purposes[1].code"),
    ],
)
def test_senseless_values_are_named(changes, named):
    """Each contradiction is found at its field."""
    assert named in {problem.field for problem in validate(replace(SHIPPED, **changes))}
