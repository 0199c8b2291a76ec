"""A booking (用车预约) under R3: from the request form over dispatch and trip to the signed voucher."""

from domain.commanding import Commands
from domain.kernel import Decider, Text
from domain.vehicle_booking import commands as c
from domain.vehicle_booking import dispatching, ending, events, requesting, travelling
from domain.vehicle_booking.evolve import evolve
from domain.vehicle_booking.state import BookingState, deadlines, reservations

__all__ = ["VEHICLE_BOOKING", "BookingState"]

_spec = Commands(noun="vehicle_booking", clause="R3.2.1")

VEHICLE_BOOKING = Decider(
    noun="vehicle_booking",
    plural="vehicle-bookings",
    title=Text(zh="用车申请", en="vehicle booking"),
    state=BookingState,
    statuses=(
        "requested",
        "awaiting_head",
        "accepted",
        "dispatched",
        "out",
        "returned",
        "signed",
        "settled",
        "refused",
        "cancelled",
        "no_show",
    ),
    commands=(
        _spec(c.RequestVehicle, requesting.request, "填写用车联系单", "Request a vehicle", creates=True),
        _spec(c.ChangeRequest, requesting.change, "变更用车", "Change a request"),
        _spec(c.SignRequest, requesting.sign, "分管领导签字", "Sign as the unit's leader"),
        _spec(c.DeclineRequest, requesting.decline, "分管领导不同意", "Decline as the unit's leader"),
        _spec(c.ApproveException, requesting.approve, "中心负责人审批同意", "Allow an exception", "R3.2.3"),
        _spec(c.RejectException, requesting.reject, "中心负责人不同意", "Allow no exception", "R3.2.3"),
        _spec(c.RefuseRequest, requesting.refuse, "答复无法派车", "Say that no car can be given", "R3.2.2"),
        _spec(c.DispatchVehicle, dispatching.dispatch, "派车", "Dispatch", "R3.2.2", own_route=True),
        _spec(c.SwapDispatch, dispatching.swap, "换车、换驾驶员", "Swap car or driver", "R3.2.2", own_route=True),
        _spec(c.DisplaceBooking, dispatching.displace, "占用", "Displace", "R3.2.2", own_route=True),
        _spec(c.ExtendTrip, travelling.extend, "延长用车", "Keep the car longer", "R3.2.2"),
        _spec(c.StartTrip, travelling.start, "出车", "Set out"),
        _spec(c.CompleteOrder, travelling.complete, "填写派车单", "Record the trip on the order"),
        _spec(c.ObjectToOrder, travelling.object_to, "退回派车单", "Send the order back"),
        _spec(c.SignOrder, travelling.sign_order, "经办人签认", "Sign the order"),
        _spec(c.CancelBooking, ending.cancel, "取消用车", "Cancel", "R3.1.2"),
        _spec(c.RecordNoShow, ending.no_show, "登记未乘车", "Record a no-show", "R3.1.2"),
        _spec(c.LapseDeparture, ending.lapse_departure, "到时未派车", "Departure passed", audience="internal"),
        _spec(c.LapseReturn, ending.lapse_return, "逾时未归", "Return overdue", "R3.2.2", audience="internal"),
        _spec(c.LapseOrder, ending.lapse_order, "派车单逾期", "Order overdue", audience="internal"),
        _spec(c.MarkSettled, ending.mark_settled, "已结算", "Mark as settled", audience="internal"),
    ),
    events=(
        events.VehicleRequested,
        events.RequestChanged,
        events.RequestSigned,
        events.BookingAccepted,
        events.HeadAwaited,
        events.BookingRefused,
        events.BookingDispatched,
        events.DispatchSwapped,
        events.BookingDisplaced,
        events.TripExtended,
        events.TripStarted,
        events.ReturnOverdue,
        events.OrderCompleted,
        events.OrderObjected,
        events.OrderSigned,
        events.OrderOverdue,
        events.BookingCancelled,
        events.NoShowRecorded,
        events.BookingSettled,
    ),
    evolve=evolve,
    deadlines=deadlines,
    reservations=reservations,
)
