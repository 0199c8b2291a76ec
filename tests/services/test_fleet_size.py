"""A month of 5,000 bookings: the board, a unit's statement and a car's calendar stay quick. Prints what it measured."""

import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.driver import DRIVER
from domain.driver import messages as d
from domain.kernel import Actor, Cause, Context, RuleVersion
from domain.reactions.settlements import add_order
from domain.rules.r3 import default_values
from domain.unit_settlement import UNIT_SETTLEMENT
from domain.unit_settlement.handlers import stream_of
from domain.vehicle import VEHICLE
from domain.vehicle import messages as v
from domain.vehicle_booking import VEHICLE_BOOKING
from domain.vehicle_booking import commands as c
from domain.vehicle_booking.events import OrderSigned
from domain.vehicle_booking.facts import DriverFacts, Known, VehicleFacts
from infra.eventstore import append_on
from infra.recordings import NewEvent, Recording
from infra.wire import Metadata, canonical
from services.settings import Settings
from tests.services.conftest import Api, Caller
from tests.services.lived import follow

BOOKINGS, UNITS, CARS, DAYS = 5_000, 20, 60, 21
RULES = {"R3": (RuleVersion(1, date(2026, 1, 1), replace(default_values(), unit="or_unassigned")),)}
FIRST = datetime(2026, 3, 2, 0, tzinfo=UTC)
LEADER, DRIVER_MEMBER, HANDLER = (UUID(int=number) for number in (1, 2, 3))
GUARD_MS = 500
"""What is looked for is 50 ms on two idle cores; a machine that does other work beside must not fail the tests."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Sessions that outlast the month."""
    return replace(settings, session_hours=24 * 365)


class Month:
    """Events of a month, decided by the domain itself, without a store."""

    def __init__(self, api: Api) -> None:
        self._encode = api.desk.runtime.mapper.encode
        self._states: dict[UUID, object] = {}
        self._versions: dict[UUID, int] = {}
        self.stored: list[NewEvent] = []

    def send(self, decider, stream, command, now, person=LEADER):
        """Decide, fold and keep."""
        context = Context(
            actor=Actor(kind="member", id=person),
            now=now,
            calendar=Calendar(),
            rules=RULES,
            entropy=stream.bytes * 2,
            stream_id=stream,
        )
        events = decider.decide(self._states.get(stream), command, context)
        for event in events:
            self._states[stream] = decider.evolve(self._states.get(stream), event)
            self._versions[stream] = self._versions.get(stream, 0) + 1
            self.stored.append(NewEvent(stream, self._versions[stream], *self._encode(event)))
        return events

    def booking(self, number, cars, drivers):
        """A booking from form to voucher, and its line on the unit's month."""
        day, place = divmod(number, BOOKINGS // DAYS + 1)
        car, slot = place % CARS, place // CARS
        starts_at = FIRST + timedelta(days=day, hours=2 * slot)
        stream, asked_at = uuid4(), starts_at - timedelta(days=3)
        form = c.RequestVehicle(
            unit=f"单位{number % UNITS}",
            category="collective",
            purpose="公务",
            collective=True,
            party_size=3,
            area="city",
            origin="区政府",
            destination="市民中心",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=90),
        )
        vehicle = VehicleFacts(
            vehicle_id=cars[car], plate=f"浙B{car:05}", vehicle_class="sedan", seats=4, licence="C1", in_service=True
        )
        man = DriverFacts(
            driver_id=drivers[car], name=f"驾驶员{car}", member_id=None, licences=("C1",), drives=True, on_duty=True
        )
        order = c.CompleteOrder(
            out_at=starts_at,
            back_at=starts_at + timedelta(minutes=80),
            route="往返",
            odometer_out_km=1_000,
            odometer_back_km=1_000 + number % 90,
        )
        back = starts_at + timedelta(minutes=85)
        for command, now in (
            (form, asked_at),
            (c.SignRequest(), asked_at),
            (c.DispatchVehicle(vehicle=vehicle, driver=man, known=Known(waiting=(), position=1)), asked_at),
            (order, back),
        ):
            self.send(VEHICLE_BOOKING, stream, command, now)
        (signed,) = self.send(VEHICLE_BOOKING, stream, c.SignOrder(), back, HANDLER)
        assert isinstance(signed, OrderSigned)
        (line,) = add_order(signed, Cause(stream_id=stream, stream_version=6, position=1))
        self.send(UNIT_SETTLEMENT, line.stream_id, line.command, back)


async def a_month(api: Api) -> Caller:
    """A tenant with the month behind it, its projections followed."""
    admin = await api.tenant()
    reader = await api.member(admin, "dispatcher")
    month = Month(api)
    cars, drivers = [uuid4() for _ in range(CARS)], [uuid4() for _ in range(CARS)]
    for number, (car, driver) in enumerate(zip(cars, drivers, strict=True)):
        registered = v.RegisterVehicle(plate=f"浙B{number:05}", vehicle_class="sedan", seats=4)
        month.send(VEHICLE, car, registered, FIRST - timedelta(days=9))
        taken_on = d.RegisterDriver(name=f"驾驶员{number}", licences=("C1",), duty=())
        month.send(DRIVER, driver, taken_on, FIRST - timedelta(days=9))
    for number in range(BOOKINGS):
        month.booking(number, cars, drivers)
    async with api.desk.runtime.database.tenant_transaction(admin.tenant) as connection:
        for start in range(0, len(month.stored), 1_000):
            metadata = canonical(Metadata(command_id=uuid4(), command="month.tell", actor_kind="system"))
            events = month.stored[start : start + 1_000]
            await append_on(
                connection, admin.tenant, [Recording(events=events, metadata=metadata, recorded_at=api.clock())]
            )
    await follow(api, admin.tenant)
    return reader


@pytest.mark.clause("R3.2.1", "R3.2.2")
async def test_a_month_of_five_thousand_bookings_is_read_quickly(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """The slowest of a hundred answers of each query, as measured here."""
    reader = await a_month(api)
    listed = (await reader.get("/v1/unit-settlements?month=2026-03")).json()["items"]
    assert sum(each["lines"] for each in listed) == BOOKINGS
    board = (await reader.get("/v1/vehicle-dispatch/board?day=2026-03-04")).json()
    assert len(board["bookings"]) > BOOKINGS // DAYS - CARS
    measured = {}
    for name, path in (
        ("board of a day", "/v1/vehicle-dispatch/board?day=2026-03-04"),
        ("statement of a unit", f"/v1/unit-settlements/{stream_of('单位3', '2026-03')}/statement"),
        ("calendar of a car", f"/v1/vehicles/{board['vehicles'][0]['vehicle_id']}/calendar?from=2026-03-02"),
        ("utilisation of a month", "/v1/reports/vehicle-utilisation?month=2026-03"),
    ):
        times = []
        for _ in range(100):
            begun = time.perf_counter()
            answer = await reader.get(path)
            times.append((time.perf_counter() - begun) * 1_000)
            assert answer.status_code == 200
        measured[name] = sorted(times)
    with capsys.disabled():
        for name, times in measured.items():
            print(f"\n{BOOKINGS} bookings, {name}: p50 {times[49]:.1f} ms, p99 {times[98]:.1f} ms", end="")
    assert {name: times[98] for name, times in measured.items() if times[98] > GUARD_MS} == {}
