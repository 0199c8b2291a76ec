"""A vehicle (车辆) of the centre: in service, in repair or gone, with its maintenance and odometer (R3.2.2)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from domain.kernel import Audience, Command, CommandSpec, Decider, Text, command_name, derived_id
from domain.vehicle import handlers as h
from domain.vehicle import messages as m
from domain.vehicle.state import VehicleState, evolve, reservations

__all__ = ["VEHICLE", "VehicleState"]


def _spec(
    command: type[Command],
    handler: Callable[..., tuple[Any, ...]],
    zh: str,
    en: str,
    audience: Audience = "member",
) -> CommandSpec:
    return CommandSpec(
        command=command,
        handler=handler,
        permission=f"vehicle.{command_name(command)}",
        summary=Text(zh=zh, en=en),
        clause="R3.2.2",
        audience=audience,
    )


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
        CommandSpec(
            command=m.RegisterVehicle,
            handler=h.register,
            permission="vehicle.register_vehicle",
            summary=Text(zh="车辆入库", en="Register a car"),
            clause="R3.1.2",
            creates=True,
            stream_id=_vehicle_id,
        ),
        _spec(m.ReviseVehicle, h.revise, "更正车辆信息", "Correct a car's data"),
        _spec(m.PlanMaintenance, h.plan_maintenance, "安排保养", "Plan maintenance"),
        _spec(m.EndMaintenance, h.end_maintenance, "保养完成或取消", "End maintenance"),
        _spec(m.TakeForRepair, h.take_for_repair, "送修", "Take for repair"),
        _spec(m.ReturnToService, h.return_to_service, "修复归队", "Return to service"),
        _spec(m.RetireVehicle, h.retire, "报废或调出", "Retire"),
        _spec(m.ReplaceVehicle, h.replace_by, "更新", "Replace by another"),
        _spec(m.RecordOdometer, h.record_odometer, "登记里程表", "Read the odometer"),
        _spec(m.NoteTrip, h.note_trip, "行程里程入账", "Keep a trip's odometer", "internal"),
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
