"""Bookings → settlements and back: signed orders and fees stand on a month, a closed month settles its bookings."""

from domain.kernel import Cause, Dispatch, Reaction
from domain.periods import first_day
from domain.unit_settlement import messages as s
from domain.unit_settlement.handlers import stream_of
from domain.vehicle_booking import events as b
from domain.vehicle_booking.commands import MarkSettled


def add_order(event: b.OrderSigned, cause: Cause) -> tuple[Dispatch, ...]:
    """A signed order is the voucher of its month's settlement; a free reception is accounted beside it."""
    charge = event.charge
    line = s.Line(
        key=f"{cause.stream_id}:order",
        kind="order",
        booking_id=cause.stream_id,
        for_month=event.month,
        used_on=event.used_on or event.out_at.date(),
        amount_fen=charge.due_fen,
        worth_fen=charge.worth_fen,
        listed=charge.settled,
        plate=event.plate,
        km=charge.km,
    )
    return (_added(event.unit, event.month, line),)


def add_fee(event: b.BookingCancelled | b.NoShowRecorded, cause: Cause) -> tuple[Dispatch, ...]:
    """A late cancellation or a no-show that costs something stands on the month, too."""
    if event.fee_fen == 0:
        return ()
    kind: s.LineKind = "cancellation" if isinstance(event, b.BookingCancelled) else "no_show"
    line = s.Line(
        key=f"{cause.stream_id}:{kind}",
        kind=kind,
        booking_id=cause.stream_id,
        for_month=event.month,
        used_on=event.used_on or first_day(event.month),
        amount_fen=event.fee_fen,
        worth_fen=event.fee_fen,
    )
    return (_added(event.unit, event.month, line),)


def defer(event: s.LineDeferred | s.LineCorrected, _: Cause) -> tuple[Dispatch, ...]:
    """What comes after a month was closed goes to the next, and from there on if need be."""
    if event.to_month is None:
        return ()
    line = event.line if isinstance(event, s.LineDeferred) else event.entry
    return (_added(event.unit, event.to_month, line),)


def mark_settled(event: s.SettlementClosed, cause: Cause) -> tuple[Dispatch, ...]:
    """The bookings of a closed month are settled."""
    mark = MarkSettled(settlement_id=cause.stream_id, month=event.month)
    return tuple(Dispatch("vehicle_booking", booking, mark) for booking in event.bookings)


def _added(unit: str, month: str, line: s.Line) -> Dispatch:
    return Dispatch("unit_settlement", stream_of(unit, month), s.AddLine(unit=unit, month=month, line=line))


REACTIONS = (
    Reaction(name="settle_order", events=(b.OrderSigned,), react=add_order),
    Reaction(name="settle_fee", events=(b.BookingCancelled, b.NoShowRecorded), react=add_fee),
    Reaction(name="defer_line", events=(s.LineDeferred, s.LineCorrected), react=defer),
    Reaction(name="mark_settled", events=(s.SettlementClosed,), react=mark_settled),
)
