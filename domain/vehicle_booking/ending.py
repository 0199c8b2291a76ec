"""How a booking ends without a trip, and what that costs; what time does to one; its settlement (R3.1.2, R3.2.1)."""

from datetime import timedelta

from domain.kernel import Context, Event, Refusal
from domain.vehicle_booking import commands as c
from domain.vehicle_booking import events as e
from domain.vehicle_booking.charging import settlement_month, tariff_on
from domain.vehicle_booking.guards import must_be, rules_of
from domain.vehicle_booking.order_clock import following
from domain.vehicle_booking.state import BEFORE, BookingState

_LAPSED: dict[str, tuple[e.RefusalGround, str, str]] = {
    "requested": ("not_signed", "到用车时间仍未签字", "R3.2.1"),
    "awaiting_head": ("not_decided", "到用车时间仍未审批", "R3.2.3"),
    "accepted": ("not_dispatched", "到用车时间仍无车可派", "R3.2.2"),
}


def cancel(state: BookingState, command: c.CancelBooking, context: Context) -> tuple[Event, ...]:
    """Give the booking up; a unit that has a car and cancels late pays for it."""
    must_be(state, *BEFORE, "dispatched")
    rules = rules_of(state, context)
    before = state.starts_at - context.now
    fee_fen = 0
    late = before < timedelta(minutes=rules.free_cancel_minutes)
    if state.vehicle is not None and command.by == "unit" and late and not state.free:
        day = context.calendar.local_date(state.starts_at)
        fee_fen = tariff_on(state.vehicle.vehicle_class, day, context)[1].late_cancel_fen
    return (
        e.BookingCancelled(
            by=command.by,
            reason=command.reason,
            cancelled_by=context.actor.id,
            minutes_before=int(before.total_seconds() // 60),
            fee_fen=fee_fen,
            unit=state.unit,
            month=settlement_month(context.today, rules),
            used_on=context.calendar.local_date(state.starts_at),
            vehicle_class=None if state.vehicle is None else state.vehicle.vehicle_class,
            rule_version=state.rule_version,
        ),
    )


def no_show(state: BookingState, command: c.RecordNoShow, context: Context) -> tuple[Event, ...]:
    """The car was there, and nobody came."""
    must_be(state, "dispatched")
    if context.now < state.starts_at:
        raise Refusal("not_due_yet", zh="未到用车时间", en="The departure lies ahead.", clause="R3.2.1")
    assert state.vehicle is not None
    rules, day = rules_of(state, context), context.calendar.local_date(state.starts_at)
    _, line = tariff_on(state.vehicle.vehicle_class, day, context)
    return (
        e.NoShowRecorded(
            waited_minutes=command.waited_minutes,
            note=command.note,
            fee_fen=0 if state.free else line.no_show_fen,
            unit=state.unit,
            month=settlement_month(context.today, rules),
            used_on=context.calendar.local_date(state.starts_at),
            vehicle_class=line.code,
            recorded_by=context.actor.id,
            rule_version=state.rule_version,
        ),
    )


def lapse_departure(state: BookingState, command: c.LapseDeparture, context: Context) -> tuple[Event, ...]:
    """The departure came, and no car was given."""
    must_be(state, *BEFORE)
    if command.round != state.round:
        raise _nothing_due()
    _must_be_due(state.starts_at <= context.now)
    ground, reason, clause = _LAPSED[state.status]
    return (
        e.BookingRefused(
            ground=ground, reason=reason, refused_by=None, readings={}, rule_version=state.rule_version, clause=clause
        ),
    )


def lapse_return(state: BookingState, command: c.LapseReturn, context: Context) -> tuple[Event, ...]:
    """The dispatcher is told that a car is not back, so that whoever has it next gets another."""
    due_at = state.return_due_at
    if due_at is None or command.round != state.round or state.vehicle is None or state.driver is None:
        raise _nothing_due()
    _must_be_due(due_at <= context.now)
    return (
        e.ReturnOverdue(
            vehicle_id=state.vehicle.vehicle_id,
            plate=state.vehicle.plate,
            driver_id=state.driver.driver_id,
            ends_at=state.ends_at,
            due_at=due_at,
            rule_version=state.rule_version,
        ),
    )


def lapse_order(state: BookingState, command: c.LapseOrder, context: Context) -> tuple[Event, ...]:
    """The next level is told of an order that is not completed or signed."""
    told = state.order_due
    if told is None or told.level != command.level:
        raise _nothing_due()
    _must_be_due(told.due_at <= context.now)
    return (
        e.OrderOverdue(
            lacking=told.lacking,
            level=told.level,
            role=told.role,
            channel=told.channel,
            due_at=told.due_at,
            order_due=following(told, rules_of(state, context)),
            rule_version=state.rule_version,
        ),
    )


def mark_settled(state: BookingState, command: c.MarkSettled, _: Context) -> tuple[Event, ...]:
    """The order's settlement was closed; told again, nothing happens."""
    if state.settlement_id is not None or state.status not in {"signed", "cancelled", "no_show"}:
        return ()
    return (e.BookingSettled(settlement_id=command.settlement_id, month=command.month),)


def _must_be_due(due: bool) -> None:
    if not due:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R3.2.1")


def _nothing_due() -> Refusal:
    return Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause="R3.2.1")
