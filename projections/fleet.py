"""Folds bookings, cars and drivers: one fold, so that a board shows all three of the same moment (R3.2.2)."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec

from domain.driver import messages as d
from domain.kernel import Event
from domain.vehicle import messages as v
from domain.vehicle_booking import events as b
from projections import fleet_rows as rows
from projections import fleet_settling
from projections.kernel import Connection, Folded, Projection
from projections.tables import Rows


class FleetWork:
    """The rows of a batch, a set for each table."""

    def __init__(self) -> None:
        self.bookings = Rows(rows.BOOKINGS)
        self.vehicles = Rows(rows.VEHICLES)
        self.drivers = Rows(rows.DRIVERS)
        self.windows = Rows(rows.WINDOWS)
        self.settlements = Rows(rows.SETTLEMENTS)

    async def load(self, connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
        """Read the rows of the streams in the batch."""
        streams = {folded.stream_id for folded in batch}
        await self.bookings.load(connection, tenant, build, booking_id=streams)
        await self.vehicles.load(connection, tenant, build, vehicle_id=streams)
        await self.drivers.load(connection, tenant, build, driver_id=streams)
        await self.windows.load(connection, tenant, build, resource_id=streams)
        await self.settlements.load(connection, tenant, build, settlement_id=streams)

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """One statement a table."""
        await self.bookings.write(connection, tenant, build)
        await self.vehicles.write(connection, tenant, build)
        await self.drivers.write(connection, tenant, build)
        await self.windows.write(connection, tenant, build)
        await self.settlements.write(connection, tenant, build)


Work = FleetWork
Step = Callable[[Work, Folded, Any], None]


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = FleetWork()
    await work.load(connection, tenant, build, batch)
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
    await work.write(connection, tenant, build)


def _requested(work: Work, folded: Folded, event: b.VehicleRequested) -> None:
    shown = {name: getattr(event, name) for name in rows.BookingRow.__struct_fields__ if hasattr(event, name)}
    shown.pop("clause")
    work.bookings.put(rows.BookingRow(booking_id=folded.stream_id, requested_position=folded.position, **shown))


def _booking(status: str | None = None, **changes: object) -> Step:
    """A step that gives the booking a status, and columns their values: constants, or taken from the event."""

    def move(work: Work, folded: Folded, event: Event) -> None:
        row = work.bookings.change(folded.stream_id)
        if status is not None:
            row.status = status
        for column, value in changes.items():
            setattr(row, column, value(event) if callable(value) else value)

    return move


_NO_CAR: dict[str, Any] = {"vehicle_id": None, "plate": None, "driver_id": None, "driver_name": None}


def _same(*names: str) -> dict[str, Any]:
    """Columns that hold the event's fields of the same name."""
    return {name: attrgetter(name) for name in names}


def _refused(work: Work, folded: Folded, event: b.BookingRefused) -> None:
    row = work.bookings.change(folded.stream_id)
    row.status, row.ground, row.clause, row.refused_at = "refused", event.ground, event.clause, folded.recorded_at


def _dispatched(work: Work, folded: Folded, event: b.BookingDispatched) -> None:
    row = work.bookings.change(folded.stream_id)
    row.status, row.decided_by, row.rank = "dispatched", event.decided_by, event.rank
    row.considered, row.dispatched_position = len(event.considered), folded.position
    _given(row, event)


def _swapped(work: Work, folded: Folded, event: b.DispatchSwapped) -> None:
    _given(work.bookings.change(folded.stream_id), event)


def _given(row: rows.BookingRow, event: b.BookingDispatched | b.DispatchSwapped) -> None:
    row.vehicle_id, row.plate = event.vehicle.vehicle_id, event.vehicle.plate
    row.driver_id, row.driver_name = event.driver.driver_id, event.driver.name


def _displaced(work: Work, folded: Folded, event: b.BookingDisplaced) -> None:
    _booking("accepted", **_NO_CAR)(work, folded, event)
    work.bookings.change(folded.stream_id).displaced += 1


def _completed(work: Work, folded: Folded, event: b.OrderCompleted) -> None:
    row = work.bookings.change(folded.stream_id)
    row.status, row.out_at, row.back_at, row.km = "returned", event.out_at, event.back_at, event.charge.km
    row.due_fen, row.worth_fen, row.late_since = event.charge.due_fen, event.charge.worth_fen, None


def _overdue(work: Work, folded: Folded, _: b.OrderOverdue) -> None:
    work.bookings.change(folded.stream_id).overdue += 1


def _settled(work: Work, folded: Folded, _: b.BookingSettled) -> None:
    row = work.bookings.change(folded.stream_id)
    row.status = "settled" if row.status == "signed" else row.status


def _vehicle_registered(work: Work, folded: Folded, event: v.VehicleRegistered) -> None:
    work.vehicles.put(
        rows.VehicleRow(
            vehicle_id=folded.stream_id,
            plate=event.plate,
            vehicle_class=event.vehicle_class,
            seats=event.seats,
            licence=event.licence,
            status="in_service",
            odometer_km=event.odometer_km,
        )
    )


def _vehicle_revised(work: Work, folded: Folded, event: v.VehicleRevised) -> None:
    row = work.vehicles.change(folded.stream_id)
    row.vehicle_class, row.seats, row.licence = event.vehicle_class, event.seats, event.licence


def _odometer(work: Work, folded: Folded, event: v.OdometerRecorded | v.TripNoted) -> None:
    row = work.vehicles.change(folded.stream_id)
    row.odometer_km = max(row.odometer_km, event.odometer_km)


def _kept_free(work: Work, folded: Folded, event: v.MaintenancePlanned | d.AbsencePlanned) -> None:
    vehicle = isinstance(event, v.MaintenancePlanned)
    number = event.maintenance_id if isinstance(event, v.MaintenancePlanned) else event.absence_id
    work.windows.put(
        rows.WindowRow(
            window_id=str(number),
            kind="vehicle" if vehicle else "driver",
            resource_id=folded.stream_id,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            reason=event.reason,
        )
    )


def _freed(work: Work, _: Folded, event: v.MaintenanceEnded | d.AbsenceEnded) -> None:
    number = event.maintenance_id if isinstance(event, v.MaintenanceEnded) else event.absence_id
    work.windows.drop(str(number))


def _out(kind: str, status: str) -> Step:
    """Out of service for good, or until further notice: one window takes the place of all that were planned."""

    def move(work: Work, folded: Folded, event: Any) -> None:
        _status(work, kind, folded.stream_id, status)
        for window in [each.window_id for each in work.windows.known() if each.resource_id == folded.stream_id]:
            work.windows.drop(window)
        work.windows.put(
            rows.WindowRow(
                window_id=f"out:{folded.stream_id}",
                kind=kind,
                resource_id=folded.stream_id,
                starts_at=event.since,
                ends_at=None,
                reason=event.reason,
            )
        )

    return move


def _in(kind: str, status: str) -> Step:
    def move(work: Work, folded: Folded, _: Event) -> None:
        _status(work, kind, folded.stream_id, status)
        work.windows.drop(f"out:{folded.stream_id}")

    return move


def _status(work: Work, kind: str, resource: UUID, status: str) -> None:
    if kind == "vehicle":
        work.vehicles.change(resource).status = status
    else:
        work.drivers.change(resource).status = status


def _driver_registered(work: Work, folded: Folded, event: d.DriverRegistered) -> None:
    work.drivers.put(
        rows.DriverRow(
            driver_id=folded.stream_id,
            name=event.name,
            member_id=event.member_id,
            licences=" ".join(event.licences),
            duty=msgspec.json.encode(event.duty).decode(),
            status="on_duty",
        )
    )


def _driver_revised(work: Work, folded: Folded, event: d.DriverRevised) -> None:
    row = work.drivers.change(folded.stream_id)
    row.licences, row.duty = " ".join(event.licences), msgspec.json.encode(event.duty).decode()


_ASKED = ("party_size", "area", "origin", "destination", "starts_at", "ends_at", "round")


def _settling(event: type[Event]) -> Step:
    step = fleet_settling.STEPS[event]
    return lambda work, folded, happened: step(work.settlements, folded, happened)


_STEPS: Mapping[type[Event], Step] = {
    **{event: _settling(event) for event in fleet_settling.STEPS},
    b.VehicleRequested: _requested,
    b.RequestChanged: _booking(
        "requested", registered_at=None, class_rank=None, grounds="", **_NO_CAR, **_same(*_ASKED)
    ),
    b.RequestSigned: _booking(**_same("registered_at")),
    b.BookingAccepted: _booking("accepted", **_same("class_rank")),
    b.HeadAwaited: _booking("awaiting_head", grounds=lambda event: " ".join(event.grounds)),
    b.BookingRefused: _refused,
    b.BookingDispatched: _dispatched,
    b.DispatchSwapped: _swapped,
    b.BookingDisplaced: _displaced,
    b.TripExtended: _booking(late_since=None, **_same("ends_at")),
    b.TripStarted: _booking("out", **_same("out_at")),
    b.ReturnOverdue: _booking(late_since=lambda event: event.ends_at),
    b.OrderCompleted: _completed,
    b.OrderObjected: _booking("returned"),
    b.OrderSigned: _booking("signed", **_same("month")),
    b.OrderOverdue: _overdue,
    b.BookingCancelled: _booking("cancelled", due_fen=lambda event: event.fee_fen, **_same("month")),
    b.NoShowRecorded: _booking("no_show", due_fen=lambda event: event.fee_fen, **_same("month")),
    b.BookingSettled: _settled,
    v.VehicleRegistered: _vehicle_registered,
    v.VehicleRevised: _vehicle_revised,
    v.OdometerRecorded: _odometer,
    v.TripNoted: _odometer,
    v.MaintenancePlanned: _kept_free,
    v.MaintenanceEnded: _freed,
    v.VehicleTakenForRepair: _out("vehicle", "repair"),
    v.VehicleReturnedToService: _in("vehicle", "in_service"),
    v.VehicleRetired: _out("vehicle", "retired"),
    v.VehicleReplaced: _out("vehicle", "replaced"),
    d.DriverRegistered: _driver_registered,
    d.DriverRevised: _driver_revised,
    d.AbsencePlanned: _kept_free,
    d.AbsenceEnded: _freed,
    d.DriverSuspended: _out("driver", "suspended"),
    d.DriverReinstated: _in("driver", "on_duty"),
    d.DriverLeft: _out("driver", "left"),
}

FLEET = Projection(
    name="fleet",
    schema_version=3,
    events=tuple(_STEPS),
    tables=tuple(table.name for table in (rows.BOOKINGS, rows.VEHICLES, rows.DRIVERS, rows.WINDOWS, rows.SETTLEMENTS)),
    fold=fold,
)
