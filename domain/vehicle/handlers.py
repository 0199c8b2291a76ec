"""How each command on a vehicle is decided. That no trip stands in the way is the store's to say."""

from datetime import timedelta

from domain.kernel import Context, Event, Refusal
from domain.rules.r3 import in_force
from domain.vehicle import messages as m
from domain.vehicle.state import GONE, VehicleState

MAX_WINDOWS = 100
MAX_WINDOW = timedelta(days=180)


def register(_: None, command: m.RegisterVehicle, context: Context) -> tuple[Event, ...]:
    """Take a car into the fleet, in a class that the tariff knows (R3.1.2)."""
    return (
        m.VehicleRegistered(
            vehicle_id=context.own_id(),
            plate=command.plate,
            vehicle_class=command.vehicle_class,
            seats=command.seats,
            licence=command.licence,
            odometer_km=command.odometer_km,
            rule_version=_tariffed(command.vehicle_class, context),
        ),
    )


def revise(state: VehicleState, command: m.ReviseVehicle, context: Context) -> tuple[Event, ...]:
    """Correct class, seats or licence."""
    _must_be_ours(state)
    rule_version = _tariffed(command.vehicle_class, context)
    if (state.vehicle_class, state.seats, state.licence) == (command.vehicle_class, command.seats, command.licence):
        return ()
    return (
        m.VehicleRevised(
            vehicle_class=command.vehicle_class,
            seats=command.seats,
            licence=command.licence,
            reason=command.reason,
            rule_version=rule_version,
        ),
    )


def plan_maintenance(state: VehicleState, command: m.PlanMaintenance, context: Context) -> tuple[Event, ...]:
    """Keep the car free; windows of one car do not overlap."""
    _must_serve(state)
    if not context.now < command.ends_at or not timedelta() < command.ends_at - command.starts_at <= MAX_WINDOW:
        raise _window_refused(
            f"须在将来结束且不超过{MAX_WINDOW.days}天", f"end ahead, after at most {MAX_WINDOW.days} days"
        )
    overlapping = any(
        window.starts_at < command.ends_at and command.starts_at < window.ends_at
        for window in state.maintenance.values()
    )
    if overlapping:
        raise _window_refused("与已安排的保养重叠", "overlap no other maintenance of the car")
    if len(state.maintenance) >= MAX_WINDOWS:
        raise Refusal("too_many", zh=f"最多{MAX_WINDOWS}次未完成的保养", en=f"At most {MAX_WINDOWS} open windows.")
    return (
        m.MaintenancePlanned(
            maintenance_id=context.new_id("maintenance"),
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            reason=command.reason,
        ),
    )


def end_maintenance(state: VehicleState, command: m.EndMaintenance, _: Context) -> tuple[Event, ...]:
    """The window is free again."""
    if command.maintenance_id not in state.maintenance:
        raise Refusal(
            "maintenance_unknown",
            zh="没有这次保养",
            en="There is no such maintenance.",
            kind="value",
            field="maintenance_id",
        )
    return (m.MaintenanceEnded(maintenance_id=command.maintenance_id, done=command.done, note=command.note),)


def take_for_repair(state: VehicleState, command: m.TakeForRepair, context: Context) -> tuple[Event, ...]:
    """Out of service from now on; trips that it still has are swapped first."""
    _must_serve(state)
    return (m.VehicleTakenForRepair(since=context.now, reason=command.reason),)


def return_to_service(state: VehicleState, command: m.ReturnToService, _: Context) -> tuple[Event, ...]:
    """In service again."""
    if state.status != "repair":
        raise _wrong_status(state)
    return (m.VehicleReturnedToService(note=command.note),)


def retire(state: VehicleState, command: m.RetireVehicle, context: Context) -> tuple[Event, ...]:
    """Out of the fleet."""
    _must_be_ours(state)
    return (m.VehicleRetired(since=state.out_since or context.now, reason=command.reason),)


def replace_by(state: VehicleState, command: m.ReplaceVehicle, context: Context) -> tuple[Event, ...]:
    """Out of the fleet, another in its place."""
    _must_be_ours(state)
    if command.replacement == state.own_id:
        raise Refusal(
            "own_replacement",
            zh="不能以自身更新",
            en="A car does not take its own place.",
            kind="value",
            field="replacement",
        )
    since = state.out_since or context.now
    return (m.VehicleReplaced(since=since, replacement=command.replacement, reason=command.reason),)


def record_odometer(state: VehicleState, command: m.RecordOdometer, _: Context) -> tuple[Event, ...]:
    """A reading is never below the last."""
    _must_be_ours(state)
    if command.odometer_km < state.odometer_km:
        raise Refusal(
            "odometer_back",
            zh=f"里程表不得小于{state.odometer_km}公里",
            en=f"The odometer stood at {state.odometer_km} km.",
            kind="value",
            field="odometer_km",
        )
    return (
        m.OdometerRecorded(
            odometer_km=command.odometer_km,
            previous_km=state.odometer_km,
            by_orders_km=state.by_orders_km,
            note=command.note,
        ),
    )


def note_trip(state: VehicleState, command: m.NoteTrip, _: Context) -> tuple[Event, ...]:
    """Keep an order's odometer, whatever it says: what does not fit is shown, not refused."""
    gap_km = command.odometer_km - command.km - state.odometer_km
    return (m.TripNoted(booking_id=command.booking_id, odometer_km=command.odometer_km, km=command.km, gap_km=gap_km),)


def _tariffed(vehicle_class: str, context: Context) -> int:
    """The version of the rules that knows the class."""
    found = in_force(context, context.today)
    if vehicle_class not in {line.code for line in found.values.tariff}:
        raise Refusal(
            "class_unknown",
            zh="资费表中没有这一车型",
            en="The tariff knows no such class of vehicle.",
            clause="R3.1.2",
            kind="value",
            field="vehicle_class",
        )
    return found.version


def _must_be_ours(state: VehicleState) -> None:
    if state.status in GONE:
        raise _wrong_status(state)


def _must_serve(state: VehicleState) -> None:
    if state.status != "in_service":
        raise _wrong_status(state)


def _wrong_status(state: VehicleState) -> Refusal:
    return Refusal(
        "wrong_status",
        zh="车辆当前状态不能这样办理",
        en="This can not be done with the car as it stands.",
        clause="R3.2.2",
        details={"status": state.status},
    )


def _window_refused(zh: str, en: str) -> Refusal:
    return Refusal("window_refused", zh=f"保养时段{zh}", en=f"Maintenance must {en}.", kind="value", field="starts_at")
