"""Cars and drivers: their states, when they are kept free, and what they refuse."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from domain.calendar import Calendar
from domain.driver import DRIVER
from domain.driver import messages as d
from domain.kernel import Actor, Context, Refusal, RuleVersion
from domain.rules.r3 import default_values
from domain.vehicle import VEHICLE
from domain.vehicle import messages as v

NOW = datetime(2026, 4, 10, 1, tzinfo=UTC)
OWN = UUID(int=0xCA)
REGISTER = v.RegisterVehicle(plate="浙B00001", vehicle_class="sedan", seats=4, odometer_km=1_000)
TAKE_ON = d.RegisterDriver(
    name="李师傅", licences=("C1", "C1"), duty=(d.DutyTime(weekday=1, from_minute=480, to_minute=1080),)
)
LATER = NOW + timedelta(days=2)


def told(decider, *commands):
    """The state after commands."""
    state = None
    for command in commands:
        context = Context(
            actor=Actor(kind="member", id=UUID(int=1)),
            now=NOW,
            calendar=Calendar(),
            rules={"R3": (RuleVersion(1, date(2026, 1, 1), default_values()),)},
            entropy=b"x" * 32,
            stream_id=OWN,
        )
        state = decider.fold(state, decider.decide(state, command, context))
    return state


def refused(decider, *commands):
    """The refusal that the last command meets."""
    with pytest.raises(Refusal) as caught:
        told(decider, *commands)
    return caught.value


def held(decider, state):
    """From when to when, by key."""
    return {each.key.partition(":")[0]: (each.starts_at, each.ends_at) for each in decider.reservations(state)}


def maintenance(days=1):
    """Maintenance in two days."""
    return v.PlanMaintenance(starts_at=LATER, ends_at=LATER + timedelta(days=days), reason="保养")


@pytest.mark.clause("R3.2.2")
def test_a_car_in_service_holds_itself_only_for_maintenance():
    """The window is kept free, and given back once it is over or called off."""
    car = told(VEHICLE, REGISTER, maintenance())
    assert held(VEHICLE, car) == {"maintenance": (LATER, LATER + timedelta(days=1))}
    [number] = car.maintenance
    assert (
        held(VEHICLE, told(VEHICLE, REGISTER, maintenance(), v.EndMaintenance(maintenance_id=number, done=True))) == {}
    )


@pytest.mark.clause("R3.2.2")
@pytest.mark.parametrize(
    ("command", "status"),
    [
        (v.TakeForRepair(reason="抛锚"), "repair"),
        (v.RetireVehicle(reason="报废"), "retired"),
        (v.ReplaceVehicle(replacement=UUID(int=9), reason="更新"), "replaced"),
    ],
)
def test_a_car_out_of_service_holds_itself_for_good(command, status):
    """From that moment on nobody else gets it; planned maintenance goes into that."""
    car = told(VEHICLE, REGISTER, maintenance(), command)
    assert (car.status, held(VEHICLE, car)) == (status, {"out_of_service": (NOW, None)})


@pytest.mark.clause("R3.2.2")
def test_a_repaired_car_is_free_again():
    """And one that was retired stays so."""
    assert held(VEHICLE, told(VEHICLE, REGISTER, v.TakeForRepair(reason="抛锚"), v.ReturnToService())) == {}
    gone = refused(VEHICLE, REGISTER, v.RetireVehicle(reason="报废"), v.ReturnToService())
    assert (gone.code, gone.clause) == ("wrong_status", "R3.2.2")


@pytest.mark.clause("R3.1.2")
def test_a_car_is_of_a_class_that_has_a_tariff():
    """What could not be charged does not join the fleet."""
    unknown = v.RegisterVehicle(plate="浙B00002", vehicle_class="rocket", seats=2)
    assert (refused(VEHICLE, unknown).field, refused(VEHICLE, unknown).clause) == ("vehicle_class", "R3.1.2")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (maintenance(days=-1), "window_refused"),
        (maintenance(days=181), "window_refused"),
        (v.EndMaintenance(maintenance_id=UUID(int=5), done=True), "maintenance_unknown"),
        (v.RecordOdometer(odometer_km=999), "odometer_back"),
        (v.ReplaceVehicle(replacement=OWN, reason="更新"), "own_replacement"),
    ],
)
def test_what_does_not_fit_a_car_is_refused(command, code):
    """Each with a code of its own."""
    assert refused(VEHICLE, REGISTER, command).code == code


def test_maintenance_of_one_car_does_not_overlap():
    """A car is in the workshop once at a time."""
    assert refused(VEHICLE, REGISTER, maintenance(), maintenance()).code == "window_refused"


@pytest.mark.clause("R3.2.1")
def test_orders_add_to_the_odometer_and_a_gap_is_shown():
    """What a trip says is kept whatever it says; the next reading tells what orders account for."""
    trip = v.NoteTrip(booking_id=UUID(int=7), odometer_km=1_120, km=110)
    car = told(VEHICLE, REGISTER, trip)
    assert (car.odometer_km, car.by_orders_km) == (1_120, 110)
    [noted] = VEHICLE.decide(
        told(VEHICLE, REGISTER), trip, Context(actor=Actor(kind="system"), now=NOW, calendar=Calendar())
    )
    assert noted.gap_km == 10


@pytest.mark.clause("R3.2.2")
def test_a_driver_is_taken_while_away_or_out():
    """An absence for its time, a suspension until further notice, and a reinstatement ends it."""
    away = d.PlanAbsence(starts_at=LATER, ends_at=LATER + timedelta(days=5), reason="年假")
    assert held(DRIVER, told(DRIVER, TAKE_ON, away)) == {"absence": (LATER, LATER + timedelta(days=5))}
    assert held(DRIVER, told(DRIVER, TAKE_ON, away, d.SuspendDriver(reason="体检"))) == {"out": (NOW, None)}
    assert held(DRIVER, told(DRIVER, TAKE_ON, d.SuspendDriver(reason="体检"), d.ReinstateDriver())) == {}
    assert refused(DRIVER, TAKE_ON, away, away).code == "window_refused"


def test_a_driver_has_each_licence_once_and_duty_that_ends_after_it_begins():
    """Repetitions are dropped, a duty that runs backwards is refused at its field."""
    assert told(DRIVER, TAKE_ON).licences == ("C1",)
    backwards = d.RegisterDriver(
        name="王师傅", licences=("C1",), duty=(d.DutyTime(weekday=1, from_minute=600, to_minute=600),)
    )
    assert refused(DRIVER, backwards).field == "duty.0.to_minute"


def test_who_left_drives_no_more():
    """Nothing but the record is left."""
    refusal = refused(DRIVER, TAKE_ON, d.LetDriverGo(reason="退休"), d.SuspendDriver(reason="体检"))
    assert (refusal.code, refusal.clause) == ("wrong_status", "R3.2.2")
