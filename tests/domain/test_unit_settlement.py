"""A unit's month: orders, fees and corrections add up to the fen, whatever is closed, reopened and corrected."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.calendar import Calendar, statutory
from domain.kernel import Actor, Cause, Context, Refusal, RuleVersion
from domain.office import Office
from domain.reactions import settlements
from domain.rules.r3 import default_values
from domain.unit_settlement import UNIT_SETTLEMENT
from domain.unit_settlement import messages as m
from domain.unit_settlement.handlers import stream_of
from domain.unit_settlement.state import totals
from domain.vehicle_booking import events as b

HOLIDAYS, MAKEUP = statutory(2026)
CALENDAR = Calendar(holidays=HOLIDAYS, makeup_days=MAKEUP)
FINANCE, HANDLER = UUID(int=1), UUID(int=2)
UNITS, MONTHS = ("教育局", "卫生局"), ("2026-03", "2026-04")


def line(number, amount_fen, month="2026-03", **more):
    """The line of an order."""
    key = f"{number}:order"
    booking = UUID(int=1000 + number)
    return m.Line(
        key=key,
        kind="order",
        booking_id=booking,
        for_month=month,
        used_on=date(2026, 3, 4),
        amount_fen=amount_fen,
        **more,
    )


class Books:
    """The settlements of a tenant, with what its reactions send between them."""

    def __init__(self, now=datetime(2026, 3, 10, 2, tzinfo=UTC), **values):
        self.now = now
        self.rules = (RuleVersion(1, date(2026, 1, 1), replace(default_values(), **values)),)
        self.departments = {HANDLER: UNITS[0]}
        self.states = {}
        self.events = []

    def send(self, stream, command, person=FINANCE):
        """Decide and fold, then send on what goes to other months."""
        context = Context(
            actor=Actor(kind="member", id=person),
            now=self.now,
            calendar=CALENDAR,
            rules={"R3": self.rules},
            stream_id=stream,
            office=Office(departments=self.departments),
        )
        events = UNIT_SETTLEMENT.decide(self.states.get(stream), command, context)
        events = [msgspec.json.decode(msgspec.json.encode(event), type=type(event)) for event in events]
        self.states[stream] = UNIT_SETTLEMENT.fold(self.states.get(stream), events)
        self.events += events
        for event in events:
            if isinstance(event, m.LineDeferred | m.LineCorrected):
                for sent in settlements.defer(event, Cause(stream_id=stream, stream_version=1, position=1)):
                    self.send(sent.stream_id, sent.command, None)
        return events

    def add(self, one, unit=UNITS[0], month="2026-03"):
        """Put a line on a statement; its stream."""
        stream = stream_of(unit, month)
        self.send(stream, m.AddLine(unit=unit, month=month, line=one), None)
        return stream

    def refuse(self, stream, command, person=FINANCE):
        """The refusal that a command meets."""
        with pytest.raises(Refusal) as caught:
            self.send(stream, command, person)
        return caught.value

    def until(self, *day):
        """Move on to a day, closing what falls due."""
        target = datetime(*day, tzinfo=UTC)
        while due := self._due(target):
            deadline, stream = due
            self.now = max(self.now, deadline.due_at)
            self.send(stream, deadline.command, None)
        self.now = target

    def _due(self, target):
        owed = [
            (deadline, stream)
            for stream, state in self.states.items()
            for deadline in UNIT_SETTLEMENT.deadlines(state)
            if deadline.due_at <= target
        ]
        return min(owed, key=lambda each: each[0].due_at, default=None)

    def total(self):
        """What all statements of all units add up to."""
        return sum(totals(state).amount_fen for state in self.states.values())


@pytest.mark.clause("R3.2.1")
def test_a_month_is_closed_by_its_deadline():
    """Five working days after its end, Tomb-Sweeping Day not counted; what the unit owes stands in the event."""
    books = Books()
    stream = books.add(line(1, 12_000))
    books.add(line(2, 8_050))
    state = books.states[stream]
    assert (state.cut_off_on, state.closes_at) == (date(2026, 3, 31), CALENDAR.end_of_day(date(2026, 4, 8)))
    books.until(2026, 4, 9)
    closed = books.events[-1]
    assert (closed.automatic, closed.totals.amount_fen, closed.totals.lines) == (True, 20_050, 2)
    assert closed.bookings == (UUID(int=1001), UUID(int=1002))


@pytest.mark.clause("R3.2.1")
@pytest.mark.parametrize(
    ("values", "cut_off"),
    [({}, date(2026, 3, 31)), ({"month": "day_of_month", "cut_off_day": 25}, date(2026, 3, 25))],
)
def test_finance_closes_from_the_cut_off_on(values, cut_off):
    """Not before its last instant has passed."""
    books = Books(**values)
    stream = books.add(line(1, 12_000))
    books.now = CALENDAR.end_of_day(cut_off) - timedelta(microseconds=1)
    assert books.refuse(stream, m.CloseSettlement()).code == "before_cut_off"
    books.now = CALENDAR.end_of_day(cut_off)
    [closed] = books.send(stream, m.CloseSettlement(note="核对无误"))
    assert (closed.closed_by, closed.automatic) == (FINANCE, False)
    assert books.refuse(stream, m.CloseSettlement()).clause == "R3.2.1"


@pytest.mark.clause("R3.2.1", "R3.1.1")
def test_official_receptions_are_accounted_and_left_out():
    """They count beside the sum, with what they would have cost."""
    books = Books()
    stream = books.add(line(1, 12_000))
    books.add(line(2, 0, worth_fen=30_000, listed=False))
    found = totals(books.states[stream])
    assert (found.lines, found.amount_fen, found.left_out, found.left_out_worth_fen) == (1, 12_000, 1, 30_000)
    assert books.refuse(stream, m.ContestLine(line_key="2:order", reason="?")).code == "line_unknown"


@pytest.mark.clause("R3.2.1")
def test_a_line_comes_once():
    """Told again, nothing happens."""
    books = Books()
    stream = books.add(line(1, 12_000))
    assert books.send(stream, m.AddLine(unit=UNITS[0], month="2026-03", line=line(1, 12_000)), None) == []


@pytest.mark.clause("R3.2.1")
def test_an_order_signed_after_its_month_was_closed_goes_to_the_next_open_one():
    """It names the month it belongs to."""
    books = Books()
    books.add(line(1, 12_000))
    books.until(2026, 4, 10)
    books.add(line(2, 5_000))
    state = books.states[stream_of(UNITS[0], "2026-04")]
    assert state.lines["2:order"].line.for_month == "2026-03"
    assert totals(state).amount_fen == 5_000
    books.until(2026, 5, 20)
    books.add(line(3, 700))
    assert totals(books.states[stream_of(UNITS[0], "2026-05")]).amount_fen == 700


@pytest.mark.clause("R3.2.1")
def test_an_objection_is_decided_by_an_entry_or_by_none():
    """Upheld, the line stays; else a further entry makes up the difference, and the first one is not touched."""
    books = Books()
    stream = books.add(line(1, 12_000))
    books.send(stream, m.ContestLine(line_key="1:order", reason="里程过多"), HANDLER)
    assert books.refuse(stream, m.ContestLine(line_key="1:order", reason="再议"), HANDLER).code == "contested_already"
    [confirmed] = books.send(stream, m.DecideLine(line_key="1:order", amount_fen=12_000, reason="相符"))
    assert isinstance(confirmed, m.LineConfirmed)
    books.send(stream, m.ContestLine(line_key="1:order", reason="里程过多"), HANDLER)
    [corrected] = books.send(stream, m.DecideLine(line_key="1:order", amount_fen=9_000, reason="确有误"))
    assert (corrected.entry.amount_fen, corrected.entry.corrects, corrected.to_month) == (-3_000, "1:order", None)
    state = books.states[stream]
    assert (state.lines["1:order"].line.amount_fen, state.lines["1:order"].now_fen) == (12_000, 9_000)
    assert totals(state).amount_fen == 9_000


@pytest.mark.clause("R3.2.1")
def test_a_closed_month_is_corrected_in_a_later_one():
    """What was closed stays what it was; the difference stands in the next month."""
    books = Books()
    stream = books.add(line(1, 12_000))
    books.until(2026, 4, 10)
    [corrected] = books.send(stream, m.CorrectLine(line_key="1:order", amount_fen=10_000, reason="多计"))
    assert corrected.to_month == "2026-04"
    assert totals(books.states[stream]).amount_fen == 12_000
    april = books.states[stream_of(UNITS[0], "2026-04")]
    [entry] = april.lines.values()
    assert (entry.line.kind, entry.line.amount_fen, entry.line.for_month) == ("correction", -2_000, "2026-03")
    [again] = books.send(stream, m.CorrectLine(line_key="1:order", amount_fen=11_000, reason="复核"))
    assert (again.was_fen, again.entry.amount_fen) == (10_000, 1_000)
    assert books.total() == 11_000


@pytest.mark.clause("R3.2.1")
def test_a_reopened_month_takes_lines_again_and_is_closed_again():
    """It has as long as it had after its cut-off, counted anew."""
    books = Books()
    stream = books.add(line(1, 12_000))
    assert books.refuse(stream, m.ReopenSettlement(reason="?")).code == "not_closed"
    books.until(2026, 4, 10)
    [reopened] = books.send(stream, m.ReopenSettlement(reason="漏项"))
    assert reopened.closes_at == CALENDAR.end_of_day(date(2026, 4, 17))
    books.add(line(2, 3_000))
    books.until(2026, 4, 18)
    closed = books.events[-1]
    assert (closed.round, closed.totals.amount_fen, books.states[stream].status) == (2, 15_000, "closed")


CHARGE = b.Charge(
    vehicle_class="sedan",
    km=40,
    km_fen=6_000,
    minutes=180,
    time_fen=6_000,
    waiting_minutes=0,
    waiting_fen=0,
    nights=0,
    overnight_fen=0,
    minimum_added_fen=0,
    rounded_by_fen=0,
    tolls_fen=0,
    worth_fen=12_000,
    free=False,
    settled=True,
    due_fen=12_000,
    rule_version=1,
    readings={},
)


@pytest.mark.clause("R3.2.1", "R3.1.2")
def test_a_signed_order_and_a_fee_become_lines():
    """A cancellation that costs nothing does not."""
    cause = Cause(stream_id=UUID(int=9), stream_version=4, position=40)
    signed = b.OrderSigned(
        unit="教育局",
        month="2026-03",
        plate="浙B00001",
        out_at=datetime(2026, 3, 4, 1, tzinfo=UTC),
        charge=CHARGE,
        signed_by=HANDLER,
        note="",
        readings={},
        rule_version=1,
        used_on=date(2026, 3, 4),
    )
    [sent] = settlements.add_order(signed, cause)
    assert (sent.stream_id, sent.command.line.amount_fen) == (stream_of("教育局", "2026-03"), 12_000)
    cancelled = b.BookingCancelled(
        by="unit",
        reason="取消",
        cancelled_by=None,
        minutes_before=5,
        fee_fen=2_000,
        unit="教育局",
        month="2026-03",
        vehicle_class="sedan",
        rule_version=1,
    )
    [fee] = settlements.add_fee(cancelled, cause)
    assert (fee.command.line.kind, fee.command.line.amount_fen) == ("cancellation", 2_000)
    assert settlements.add_fee(replace(cancelled, fee_fen=0), cause) == ()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["order", "order", "close", "reopen", "correct", "contest", "decide", "days"]),
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(0, 40_000),
    ),
    max_size=40,
)


def amount_changed(books, step, stream, key, amount_fen):
    """Try a step that gives a line another amount; whether it was not refused."""
    kind = m.CorrectLine if step == "correct" else m.DecideLine
    try:
        books.send(stream, kind(line_key=key, amount_fen=amount_fen, reason="更正"))
    except Refusal:
        return False
    return True


def tried(books, step, stream, key, days):
    """Try a step that changes no amount."""
    later = books.now + timedelta(days=days)
    with suppress(Refusal):
        match step:
            case "close":
                books.send(stream, m.CloseSettlement())
            case "reopen":
                books.send(stream, m.ReopenSettlement(reason="再核"))
            case "contest":
                books.send(stream, m.ContestLine(line_key=key, reason="异议"), HANDLER)
            case "days":
                books.until(later.year, later.month, later.day)


@pytest.mark.clause("R3.2.1")
@given(steps=STEPS)
def test_statements_add_up_to_the_orders_whatever_happens(steps):
    """Property: over all units and months the sum is that of the orders at what they cost by now, to the fen."""
    books, orders = Books(unit="or_unassigned"), {}
    books.departments = {}
    for number, (step, unit, month, amount_fen) in enumerate(steps):
        stream = stream_of(UNITS[unit], MONTHS[month])
        keys = [key for key, (place, _) in orders.items() if place == stream]
        key = keys[amount_fen % len(keys)] if keys else "none"
        if step == "order":
            books.add(line(number, amount_fen, MONTHS[month]), UNITS[unit], MONTHS[month])
            orders[f"{number}:order"] = (stream, amount_fen)
        elif step in ("correct", "decide"):
            if amount_changed(books, step, stream, key, amount_fen):
                orders[key] = (stream, amount_fen)
        else:
            tried(books, step, stream, key, amount_fen % 30)
    assert books.total() == sum(amount for _, amount in orders.values())
    for state in books.states.values():
        if state.status == "closed":
            assert state.closed_totals.amount_fen == totals(state).amount_fen


@pytest.mark.clause("R3.2.1")
def test_a_unit_alone_objects_to_its_lines():
    """Another unit's handler does not, nor one whose department nobody entered; with the reading, the latter may."""
    for values, department, code in (
        ({}, UNITS[1], "other_unit"),
        ({}, None, "no_department"),
        ({"unit": "or_unassigned"}, UNITS[1], "other_unit"),
        ({"unit": "or_unassigned"}, None, None),
    ):
        books = Books(**values)
        stream = books.add(line(1, 12_000))
        books.departments = {} if department is None else {HANDLER: department}
        command = m.ContestLine(line_key="1:order", reason="里程过多")
        if code is None:
            assert books.send(stream, command, HANDLER)
        else:
            refusal = books.refuse(stream, command, HANDLER)
            assert (refusal.code, refusal.kind, refusal.clause) == (code, "forbidden", "R3.2.1")
