"""The demonstration's vehicle centre: what its month comes to, against the file and a tariff worked out here."""

import asyncio
import filecmp
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain.rules.r3 import default_values
from domain.unit_settlement.handlers import stream_of
from domain.vehicle_booking import BookingState
from services.demo import bulk_centre
from services.demo.centre import Request
from services.demo.centre_plan import booking_id, vehicle_id
from services.demo.centre_report import CentreReport, centre_report
from services.demo.load import load
from services.demo.story import DATA, organisations
from services.runtime.runtime import open_runtime
from tests.conftest import Addresses, TestDatabase
from tests.scenarios.demo_year import Loaded, every_row, load_year, quiet, settings_of

STORY = organisations()[2:3]
CENTRE = STORY[0].centre
assert CENTRE is not None
REQUESTS = {request.number: request for request in CENTRE.requests}
TARIFF = {line.code: line for line in default_values().tariff}
CLASSES = {car.plate: car.vehicle_class for car in CENTRE.story.vehicles}
FREE = {each.code for each in default_values().free}
REFUSED = {
    "declined": ("unit_declined", "R3.2.1"),
    "late": ("late", "R3.2.1"),
    "single_rejected": ("single_in_district", "R3.2.3"),
    "trip_rejected": ("business_trip", "R3.2.3"),
    "no_vehicle": ("no_vehicle", "R3.2.2"),
    "no_driver": ("no_driver", "R3.2.2"),
    "displaced": ("outranked", "R3.2.2"),
    "not_signed": ("not_signed", "R3.2.1"),
    "not_decided": ("not_decided", "R3.2.3"),
    "not_dispatched": ("not_dispatched", "R3.2.2"),
}
CORRECTED = {27: 45_000, 4: 60_000}
"""What was decided of the two lines that were contested: the one before its month was closed, the other after."""


class Month(msgspec.Struct, frozen=True):
    """The loaded centre: its events, its bookings as they stand, and what the page shows."""

    loaded: Loaded
    bookings: dict[int, BookingState]
    report: CentreReport

    @property
    def tenant(self) -> UUID:
        """The centre's tenant."""
        return self.loaded.tenants["qinghe"]

    def told(self, *topics: str) -> list[tuple[UUID, dict[str, Any]]]:
        """The events of some kinds, with their streams."""
        return [
            (row.originator_id, msgspec.json.decode(row.state))
            for row in self.loaded.rows["qinghe"]
            if row.topic in topics
        ]


async def _month(loaded: Loaded) -> Month:
    tenant, bookings = loaded.tenants["qinghe"], {}
    async with open_runtime(loaded.settings) as runtime:
        async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
            for number in REQUESTS:
                stream = booking_id(tenant, number)
                found = await runtime.states.read(connection, tenant, "vehicle_booking", stream)
                assert isinstance(found.state, BookingState)
                bookings[number] = found.state
        shown = await centre_report(runtime, tenant, STORY[0])
    assert shown is not None
    return Month(loaded, bookings, shown)


@pytest.fixture(scope="module")
def month(
    module_database: TestDatabase, servers: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Month]:
    """The centre, loaded once for this module."""
    settings, directory = settings_of(module_database, servers), tmp_path_factory.mktemp("centre")
    return asyncio.run(_loaded(settings, directory))


async def _loaded(settings: Any, directory: Path) -> Month:
    return await _month(await load_year(settings, directory, STORY))


def worth(request: Request) -> int:
    """What a trip is worth by the shipped tariff, in fen."""
    line = TARIFF[CLASSES[request.other_plate or request.plate]]
    assert request.out_at is not None
    assert request.back_at is not None
    waited = 0 if request.fate == "objected" else request.waiting_minutes
    km = request.odometer_back_km - request.odometer_out_km
    minutes = int((request.back_at - request.out_at).total_seconds()) // 60 - waited
    nights = (request.back_at.date() - request.out_at.date()).days
    halves, halves_waited = -(-minutes // 30), -(-waited // 30)
    summed = km * line.per_km_fen + halves * line.per_hour_fen // 2 + halves_waited * line.waiting_hour_fen // 2
    return max(summed + nights * line.overnight_fen, line.minimum_fen) + request.tolls_fen


def owed(request: Request) -> int:
    """What its unit owes for a request of the file, before any objection."""
    if request.category in FREE:
        return 0
    if request.fate in {"cancelled_late", "no_show"}:
        line = TARIFF[CLASSES[request.plate]]
        return line.late_cancel_fen if request.fate == "cancelled_late" else line.no_show_fen
    return worth(request) if request.out_at is not None else 0


@pytest.mark.clause("R3.2.1", "R3.2.2", "R3.2.3", "R3.1.2")
def test_every_request_ends_as_the_file_says(month: Month):
    """Trips are settled; what was refused, cancelled or not come to stands so, each with its ground and clause."""
    refused = {stream: (told["ground"], told["clause"]) for stream, told in month.told("vehicle_booking.refused")}
    for number, request in REQUESTS.items():
        state, stream = month.bookings[number], booking_id(month.tenant, number)
        if request.fate in REFUSED:
            assert (state.status, refused[stream]) == ("refused", REFUSED[request.fate]), number
        elif request.fate.startswith("cancelled"):
            assert (state.status, state.fee_fen) == ("cancelled", owed(request)), number
        elif request.fate == "no_show":
            assert (state.status, state.fee_fen) == ("no_show", owed(request)), number
        else:
            assert state.status == "settled", number
    assert 150 <= len(REQUESTS) <= 300
    assert {request.area for request in REQUESTS.values()} == {"district", "city", "outside_city", "outside_province"}
    assert {request.category for request in REQUESTS.values()} >= {each.code for each in default_values().charged}


@pytest.mark.clause("R3.1.1", "R3.1.2", "R3.2.1")
def test_units_owe_what_the_tariff_says_to_the_fen(month: Month):
    """Each unit's January is the sum of its orders and fees; over all units that is the sum over all orders."""
    sums = {each.unit: each.amount_fen for each in month.report.settlements if each.month == "2026-01"}
    expected: Counter[str] = Counter()
    for number, request in REQUESTS.items():
        expected[request.unit] += CORRECTED[number] if number == 27 else owed(request)
    assert sums == expected
    left_out = {each.unit: each.left_out_worth_fen for each in month.report.settlements if each.left_out}
    receptions = [one for one in REQUESTS.values() if one.category == "four_bodies" and one.out_at is not None]
    assert left_out == {"区府办公室": sum(map(worth, receptions))}
    assert receptions


@pytest.mark.clause("R3.2.1")
def test_a_line_contested_after_its_month_was_closed_is_corrected_in_the_next(month: Month):
    """January was closed, by finance or by its deadline; the difference stands in February, which closed by itself."""
    closed = {(told["unit"], told["month"]): told["automatic"] for _, told in month.told("unit_settlement.closed")}
    assert closed["区教育局", "2026-01"] is False
    assert closed["区卫生健康局", "2026-01"] is closed["区卫生健康局", "2026-02"] is True
    february = [each for each in month.report.settlements if each.month == "2026-02"]
    difference = CORRECTED[4] - owed(REQUESTS[4])
    assert [(each.unit, each.amount_fen) for each in february] == [("区卫生健康局", difference)]
    [(stream, corrected)] = [
        one for one in month.told("unit_settlement.line_corrected") if one[1]["to_month"] is not None
    ]
    assert stream == stream_of("区卫生健康局", "2026-01")
    assert (corrected["entry"]["amount_fen"], corrected["to_month"]) == (difference, "2026-02")


@pytest.mark.clause("R3.2.2")
def test_no_car_and_no_driver_was_ever_at_two_places(month: Month):
    """By the states of all bookings that had a trip, and by what the drivers wrote down."""
    held: dict[UUID, list[tuple[datetime, datetime]]] = {}
    driven: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for state in month.bookings.values():
        if state.back_at is None or state.out_at is None:
            continue
        assert state.vehicle is not None
        assert state.driver is not None
        for resource in (state.vehicle.vehicle_id, state.driver.driver_id):
            held.setdefault(resource, []).append((state.starts_at, state.ends_at))
            driven.setdefault(resource, []).append((state.out_at, state.back_at))
    for windows in (*held.values(), *driven.values()):
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(windows)))
    assert len(held) == 16


@pytest.mark.clause("R3.2.2")
def test_dispatches_carry_their_proof_and_one_booking_gave_way(month: Month):
    """Requests were weighed against each other by class and registration; an urgent task took another's car."""
    dispatched = month.told("vehicle_booking.dispatched")
    assert {told["rank"] for _, told in dispatched} == {1}
    assert {told["decided_by"] for _, told in dispatched} >= {"only_request", "class", "urgency", "registration"}
    assert max(len(told["considered"]) for _, told in dispatched) > 3
    [(lost, displaced)] = month.told("vehicle_booking.displaced")
    winner = next(one for one in REQUESTS.values() if one.fate.startswith("displaces:"))
    assert lost == booking_id(month.tenant, int(winner.fate.partition(":")[2]))
    assert displaced["by_booking"] == str(booking_id(month.tenant, winner.number))
    assert displaced["vehicle_id"] == str(vehicle_id(month.tenant, winner.plate))
    assert len(month.told("vehicle_booking.swapped")) == sum(one.fate == "swapped" for one in REQUESTS.values()) > 0


@pytest.mark.clause("R3.2.1")
def test_orders_that_lacked_something_were_told_to_two_levels(month: Month):
    """Who did not write or sign in time was told to the dispatcher and then to the head, and nobody else was."""
    told: dict[UUID, list[tuple[str, str]]] = {}
    for stream, event in month.told("vehicle_booking.order_overdue"):
        told.setdefault(stream, []).append((event["lacking"], event["role"]))
    lacking = {"unsigned": "signature", "unrecorded": "record"}
    assert told == {
        booking_id(month.tenant, number): [(lacking[one.fate], "dispatcher"), (lacking[one.fate], "centre_head")]
        for number, one in REQUESTS.items()
        if one.fate in lacking
    }
    assert len(told) > 1


@pytest.mark.clause("R3.2.1", "R3.2.2")
def test_the_page_shows_utilisation_and_refusals(month: Month):
    """Every car's trips and kilometres are those of the orders that came back in the month."""
    trips: Counter[str] = Counter()
    km: Counter[str] = Counter()
    for request in REQUESTS.values():
        if request.back_at is not None and request.back_at.month == 1:
            plate = request.other_plate or request.plate
            trips[plate] += 1
            km[plate] += request.odometer_back_km - request.odometer_out_km
    assert {car.plate: (car.trips, car.km) for car in month.report.cars} == {
        plate: (trips[plate], km[plate]) for plate in trips
    }
    refusals = {(each.ground, each.clause.id): each.times for each in month.report.refusals}
    assert refusals == Counter(REFUSED[one.fate] for one in REQUESTS.values() if one.fate in REFUSED)


def test_the_committed_month_is_that_of_the_generator(tmp_path: Path):
    """The file can be made again, byte for byte."""
    bulk_centre.main(tmp_path)
    assert filecmp.cmp(tmp_path / "qinghe" / "requests.csv", DATA / "qinghe" / "requests.csv", shallow=False)


class Cut(Exception):  # noqa: N818 - a stand-in for a pulled plug
    """The load was cut off."""


async def test_a_load_cut_off_among_steps_done_at_once_goes_on(
    anyio_backend: object, fresh_database: TestDatabase, servers: Addresses, month: Month
):
    """Nothing is done twice or left out, and time moves forward."""
    settings, cut_at = settings_of(fresh_database, servers), 500

    def cut(_: str, done: int, __: int) -> None:
        if done == cut_at:
            raise Cut

    with pytest.raises(Cut):
        await load(settings, STORY, month.loaded.kept, cut)
    [tenant] = (await load(settings, STORY, month.loaded.kept, quiet)).values()
    async with open_runtime(settings) as runtime:
        rows = await every_row(runtime, tenant)
    assert Counter(row.topic for row in rows) == Counter(row.topic for row in month.loaded.rows["qinghe"])
    instants = [row.recorded_at for row in rows]
    assert instants == sorted(instants)
    assert instants[-1] - instants[0] < timedelta(days=100)
