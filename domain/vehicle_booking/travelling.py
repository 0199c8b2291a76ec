"""How a trip is made and recorded: setting out, the driver's order, the handler's signature (R3.2.1)."""

from datetime import datetime, timedelta
from uuid import UUID

from domain.kernel import Context, Event, Refusal
from domain.rules.r3 import R3Rules
from domain.unit_voice import must_speak_for
from domain.vehicle_booking import commands as c
from domain.vehicle_booking import events as e
from domain.vehicle_booking.charging import charge, settlement_month, tariff_on
from domain.vehicle_booking.guards import bad, must_be, rules_of
from domain.vehicle_booking.order_clock import first
from domain.vehicle_booking.requesting import MAX_DURATION
from domain.vehicle_booking.state import BookingState

MAX_OBJECTIONS = 50
MAX_KM = 20_000


def extend(state: BookingState, command: c.ExtendTrip, context: Context) -> tuple[Event, ...]:
    """Keep the car longer; the store says whether somebody else has it then."""
    must_be(state, "dispatched", "out")
    if not max(state.ends_at, context.now) < command.ends_at <= state.starts_at + MAX_DURATION:
        raise bad("ends_at", "return_out_of_bounds", "须晚于原定返回时间", "The return must be later than planned.")
    rules = rules_of(state, context)
    return (
        e.TripExtended(
            ends_at=command.ends_at,
            reason=command.reason,
            order_due=first("record", command.ends_at, rules),
            return_due_at=_return_due(command.ends_at, rules) if state.status == "out" else None,
        ),
    )


def start(state: BookingState, command: c.StartTrip, context: Context) -> tuple[Event, ...]:
    """Set out; the store says whether car or driver are still out with somebody else."""
    must_be(state, "dispatched")
    _must_be_the_driver(state, context)
    if context.now < _earliest(state, context):
        raise Refusal("too_early", zh="未到出车时间", en="It is too early to set out.", clause="R3.2.1")
    return (
        e.TripStarted(
            out_at=context.now,
            odometer_km=command.odometer_km,
            started_by=context.actor.id,
            return_due_at=_return_due(state.ends_at, rules_of(state, context)),
        ),
    )


def complete(state: BookingState, command: c.CompleteOrder, context: Context) -> tuple[Event, ...]:
    """Record the trip truthfully on the order; its price follows from that."""
    must_be(state, "dispatched", "out", "returned")
    _must_be_the_driver(state, context)
    assert state.vehicle is not None
    assert state.driver is not None
    _must_add_up(state, command, context)
    day = context.calendar.local_date(command.out_at)
    found, line = tariff_on(state.vehicle.vehicle_class, day, context)
    return (
        e.OrderCompleted(
            vehicle_id=state.vehicle.vehicle_id,
            driver_id=state.driver.driver_id,
            out_at=command.out_at,
            back_at=command.back_at,
            route=command.route,
            odometer_out_km=command.odometer_out_km,
            odometer_back_km=command.odometer_back_km,
            waiting_minutes=command.waiting_minutes,
            tolls_fen=command.tolls_fen,
            note=command.note,
            charge=charge(command, found, line, context.calendar, free=state.free, reception=state.reception),
            completed_by=context.actor.id,
            again=state.status == "returned",
            order_due=first("signature", context.now, rules_of(state, context)),
            rule_version=found.version,
        ),
    )


def object_to(state: BookingState, command: c.ObjectToOrder, context: Context) -> tuple[Event, ...]:
    """The handler does not sign what the driver wrote."""
    must_be(state, "returned")
    person = _must_be_a_handler(state, context)
    if state.objection is not None:
        raise Refusal("objected_already", zh="已退回驾驶员", en="The driver has it already.", clause="R3.2.1")
    if state.objections >= MAX_OBJECTIONS:
        raise Refusal(
            "too_many", zh=f"最多退回{MAX_OBJECTIONS}次", en=f"At most {MAX_OBJECTIONS} objections.", clause="R3.2.1"
        )
    order_due = first("record", context.now, rules_of(state, context))
    return (e.OrderObjected(reason=command.reason, objected_by=person, order_due=order_due),)


def sign_order(state: BookingState, command: c.SignOrder, context: Context) -> tuple[Event, ...]:
    """The handler signs, by which the order becomes the voucher of a month's settlement."""
    must_be(state, "returned")
    person = _must_be_a_handler(state, context)
    if state.objection is not None:
        raise Refusal(
            "objection_open", zh="驾驶员尚未更正", en="The driver has not corrected the order yet.", clause="R3.2.1"
        )
    assert state.vehicle is not None
    assert state.charge is not None
    assert state.out_at is not None
    assert state.back_at is not None
    rules = rules_of(state, context)
    return (
        e.OrderSigned(
            unit=state.unit,
            month=settlement_month(context.calendar.local_date(state.back_at), rules),
            used_on=context.calendar.local_date(state.out_at),
            plate=state.vehicle.plate,
            out_at=state.out_at,
            charge=state.charge,
            signed_by=person,
            note=command.note,
            readings={"R3.month": rules.month, "R3.2.1.free": rules.receptions, "R3.2.1.unit": rules.unit},
            rule_version=state.rule_version,
        ),
    )


def _return_due(ends_at: datetime, rules: R3Rules) -> datetime:
    """When the dispatcher is told of a car that is still out (R3.2.2)."""
    return ends_at + timedelta(minutes=rules.return_minutes)


def _earliest(state: BookingState, context: Context) -> datetime:
    """When the car may set out: not long before the time asked for (R3.2.1)."""
    return state.starts_at - timedelta(minutes=rules_of(state, context).early_minutes)


def _must_add_up(state: BookingState, command: c.CompleteOrder, context: Context) -> None:
    if not _earliest(state, context) <= command.out_at < command.back_at <= context.now:
        raise bad("back_at", "times_refused", "出车、返回时间不合理", "The times of the trip do not follow each other.")
    if command.back_at - command.out_at > MAX_DURATION:
        raise bad("back_at", "times_refused", f"行程超过{MAX_DURATION.days}天", "The trip is too long.")
    if not 0 <= command.odometer_back_km - command.odometer_out_km <= MAX_KM:
        raise bad("odometer_back_km", "odometer_back", "返回里程不合理", "The odometer does not fit.")
    if command.waiting_minutes * 60 > (command.back_at - command.out_at).total_seconds():
        raise bad("waiting_minutes", "waiting_too_long", "等候超过行程时间", "The waiting exceeds the trip.")


def _must_be_the_driver(state: BookingState, context: Context) -> None:
    """Where the driver is known as a member, nobody writes his order for him."""
    assert state.driver is not None
    if state.driver.member_id is not None and context.actor.id != state.driver.member_id:
        raise Refusal(
            "not_the_driver",
            zh="须由该车驾驶员填写",
            en="Only the trip's driver writes this.",
            clause="R3.2.1",
            kind="forbidden",
        )


def _must_be_a_handler(state: BookingState, context: Context) -> UUID:
    """The unit's own people sign, and its driver does not do so for it."""
    person = must_speak_for(state.unit, rules_of(state, context), context)
    if state.driver is not None and state.driver.member_id == person:
        raise Refusal(
            "own_order",
            zh="驾驶员不得代签",
            en="The driver does not sign for the unit.",
            clause="R3.2.1",
            kind="forbidden",
        )
    return person
