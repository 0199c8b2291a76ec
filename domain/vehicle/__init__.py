"""A vehicle (车辆) of the centre: in service, in repair or gone, with its maintenance and odometer (R3.2.2)."""

from uuid import UUID

from domain.commanding import Commands
from domain.kernel import Decider, Text, derived_id
from domain.vehicle import handlers as h
from domain.vehicle import messages as m
from domain.vehicle.state import VehicleState, evolve, reservations

__all__ = ["VEHICLE", "VehicleState"]

_spec = Commands(noun="vehicle", clause="R3.2.2")


def _vehicle_id(tenant: UUID, command: m.RegisterVehicle) -> UUID:
    """A plate is registered once."""
    return derived_id(tenant, "vehicle", command.plate)


VEHICLE = Decider(
    noun="vehicle",
    plural="vehicles",
    title=Text(zh="车辆", en="vehicle"),
    state=VehicleState,
    statuses=("in_service", "repair", "retired", "replaced"),
    commands=(
        _spec(
            m.RegisterVehicle, h.register, "车辆入库", "Register a car", "R3.1.2", creates=True, stream_id=_vehicle_id
        ),
        _spec(m.ReviseVehicle, h.revise, "更正车辆信息", "Correct a car's data"),
        _spec(m.PlanMaintenance, h.plan_maintenance, "安排保养", "Plan maintenance"),
        _spec(m.EndMaintenance, h.end_maintenance, "保养完成或取消", "End maintenance"),
        _spec(m.TakeForRepair, h.take_for_repair, "送修", "Take for repair"),
        _spec(m.ReturnToService, h.return_to_service, "修复归队", "Return to service"),
        _spec(m.RetireVehicle, h.retire, "报废或调出", "Retire"),
        _spec(m.ReplaceVehicle, h.replace_by, "更新", "Replace by another"),
        _spec(m.RecordOdometer, h.record_odometer, "登记里程表", "Read the odometer"),
        _spec(m.NoteTrip, h.note_trip, "行程里程入账", "Keep a trip's odometer", audience="internal"),
    ),
    events=(
        m.VehicleRegistered,
        m.VehicleRevised,
        m.MaintenancePlanned,
        m.MaintenanceEnded,
        m.VehicleTakenForRepair,
        m.VehicleReturnedToService,
        m.VehicleRetired,
        m.VehicleReplaced,
        m.OdometerRecorded,
        m.TripNoted,
    ),
    evolve=evolve,
    reservations=reservations,
)
