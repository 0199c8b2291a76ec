"""Vehicle bookings: whoever asked for a car learns what became of it; overdue orders go up the ladder (R3)."""

from domain.kernel import Cause, Text
from domain.notices.notice import Notice, NoticeRule, short
from domain.vehicle_booking.events import (
    BookingDispatched,
    BookingDisplaced,
    BookingRefused,
    OrderOverdue,
    ReturnOverdue,
)
from domain.vehicle_booking.state import BookingState

LACKING = {"record": Text("行车记录", "the driver's record"), "signature": Text("用车单位签字", "the unit's signature")}


def dispatched(event: BookingDispatched, cause: Cause, state: BookingState) -> tuple[Notice, ...]:
    """A car was given."""
    ref = short(cause.stream_id)
    return _to_requester(
        state,
        cause,
        Text(f"用车申请 {ref} 已派车", f"Booking {ref}: a car was given"),
        Text("请查阅派车单中的车辆与驾驶员。", "The dispatch order names the car and its driver."),
        event.clause,
    )


def displaced(event: BookingDisplaced, cause: Cause, state: BookingState) -> tuple[Notice, ...]:
    """The car was taken back."""
    ref = short(cause.stream_id)
    return _to_requester(
        state,
        cause,
        Text(f"用车申请 {ref} 的车辆被调整", f"Booking {ref}: the car was taken back"),
        Text("因更高等级用车，原派车辆已收回，申请重新排队。", "A higher class needs it; yours waits again."),
        event.clause,
    )


def refused(event: BookingRefused, cause: Cause, state: BookingState) -> tuple[Notice, ...]:
    """No car is given."""
    ref = short(cause.stream_id)
    return _to_requester(
        state,
        cause,
        Text(f"用车申请 {ref} 未获派车", f"Booking {ref}: no car is given"),
        Text("请查阅未派车的依据与理由。", "The booking says on which ground and clause."),
        event.clause,
    )


def order_overdue(event: OrderOverdue, cause: Cause, _: BookingState) -> tuple[Notice, ...]:
    """The order lacks something in time; a level is told."""
    lacking, ref = LACKING[event.lacking], short(cause.stream_id)
    return (
        Notice(
            roles=(event.role,),
            channel=event.channel,
            subject=Text(f"派车单 {ref} 逾期（第 {event.level} 级）", f"Order {ref} is overdue, level {event.level}"),
            body=Text(f"派车单缺少{lacking.zh}，已过期限。", f"The order lacks {lacking.en}, and its time has passed."),
            clause=event.clause,
            noun="vehicle_booking",
            stream_id=cause.stream_id,
            due_at=event.due_at,
        ),
    )


def return_overdue(event: ReturnOverdue, cause: Cause, _: BookingState) -> tuple[Notice, ...]:
    """A car is still out; whoever is to have it next needs another."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=("dispatcher",),
            subject=Text(f"{event.plate} 逾时未归（{ref}）", f"{event.plate} is not back (booking {ref})"),
            body=Text(
                "返回登记前，该车与驾驶员不能再出车；请为后续用车换车或延长本次用车。",
                "Neither it nor its driver sets out before the return is recorded: swap what comes next, or extend.",
            ),
            clause=event.clause,
            noun="vehicle_booking",
            stream_id=cause.stream_id,
            due_at=event.due_at,
        ),
    )


def _to_requester(state: BookingState, cause: Cause, subject: Text, body: Text, clause: str) -> tuple[Notice, ...]:
    if state.requested_by is None:
        return ()
    return (
        Notice(
            persons=(state.requested_by,),
            subject=subject,
            body=body,
            clause=clause,
            noun="vehicle_booking",
            stream_id=cause.stream_id,
        ),
    )


NOTICES = (
    NoticeRule(name="booking_dispatched", events=(BookingDispatched,), make=dispatched),
    NoticeRule(name="booking_displaced", events=(BookingDisplaced,), make=displaced),
    NoticeRule(name="booking_refused", events=(BookingRefused,), make=refused),
    NoticeRule(name="booking_return_overdue", events=(ReturnOverdue,), make=return_overdue),
    NoticeRule(name="booking_order_overdue", events=(OrderOverdue,), make=order_overdue),
)
