"""Dispatch: who goes first and why, what a car and driver must be, swaps, displacement, and what a booking holds."""

from datetime import timedelta

import pytest

from domain.vehicle_booking import commands as c
from tests.domain.booking_given import (
    CAR,
    DEPARTS,
    DISPATCHER,
    MAN,
    MATE,
    OTHER,
    OWN,
    SPARE,
    Case,
    at,
    car,
    dispatch,
    first_class,
    form,
    man,
    waiting,
)


def given(case, command):
    """The dispatch that a command leads to."""
    [event] = case.send(command, person=DISPATCHER)
    return event


@pytest.mark.clause("R3.2.2")
@pytest.mark.parametrize(
    ("priority", "ranked", "equal"),
    [("urgent_task", 1, 1), ("veterans_meetings", 2, 1), ("unit_emergency", 6, 1), (None, 7, 2)],
)
def test_the_six_classes_are_ranked_or_equal(priority, ranked, equal):
    """By the reading a class has its rank in the source's order, or all have one; a request of no class comes after."""
    assert Case(form(priority=priority)).accepted().state.class_rank == ranked
    case = Case(form(priority=priority), rank="equal").accepted()
    assert case.state.class_rank == equal
    assert case.events[-1].readings == {"R3.2.2.rank": "equal"}


@pytest.mark.clause("R3.2.2")
@pytest.mark.parametrize(
    ("more", "other", "decided"),
    [
        ({"priority": "delegates"}, waiting(class_rank=4), "class"),
        ({"urgent": True}, waiting(registered_at=at(4, 9)), "urgency"),
        ({}, waiting(registered_at=at(4, 10, 9, 0, 1)), "registration"),
    ],
)
def test_class_then_urgency_then_registration_decide(more, other, decided):
    """The proof names the first rule that tells the request from the next."""
    event = given(Case(form(**more)).accepted(), dispatch(other))
    assert (event.decided_by, event.rank, event.clause) == (decided, 1, "R3.2.2")
    assert [each.booking_id for each in event.considered] == [OWN, OTHER]
    assert event.known_position == 12


@pytest.mark.clause("R3.2.2")
@pytest.mark.parametrize(
    "other",
    [waiting(class_rank=6), waiting(urgent=True), waiting(registered_at=at(4, 10, 8, 59))],
    ids=["class", "urgency", "registration"],
)
def test_a_request_that_goes_first_is_passed_over_only_for_a_reason(other):
    """The refusal names the better request; a stated reason stands in the proof, and others do not wait for it."""
    case = Case().accepted()
    refusal = case.refuse(dispatch(other))
    assert (refusal.code, refusal.clause) == ("outranked", "R3.2.2")
    assert refusal.details["booking_id"] == str(OTHER)
    event = given(case, dispatch(other, passing_over="该车型不合其用"))
    assert (event.decided_by, event.rank, event.passing_over) == ("passed_over", 2, "该车型不合其用")


@pytest.mark.clause("R3.2.2")
def test_an_only_request_is_its_own_proof():
    """Nobody else waited, and that was known."""
    event = given(Case().accepted(), dispatch())
    assert (event.decided_by, len(event.considered)) == ("only_request", 1)


@pytest.mark.clause("R3.2.2")
@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (dispatch(vehicle=car(seats=3)), "too_few_seats", "vehicle"),
        (dispatch(vehicle=car(in_service=False)), "vehicle_out_of_service", "vehicle"),
        (dispatch(vehicle=car(licence="A1")), "licence_lacking", "driver"),
        (dispatch(driver=man(drives=False)), "driver_out", "driver"),
        (dispatch(driver=man(on_duty=False)), "off_duty", "off_duty"),
    ],
)
def test_car_and_driver_must_fit(command, code, field):
    """Seats, service, licence and duty are looked at, and each refusal has its clause."""
    refusal = Case().accepted().refuse(command)
    assert (refusal.code, refusal.field, refusal.clause) == (code, field, "R3.2.2")


@pytest.mark.clause("R3.2.2")
def test_a_driver_goes_off_duty_for_a_reason():
    """The reason stands in the order."""
    event = given(Case().accepted(), dispatch(driver=man(on_duty=False), off_duty="双休日活动"))
    assert event.off_duty == "双休日活动"


@pytest.mark.clause("R3.1.2")
def test_a_class_without_tariff_is_not_dispatched():
    """What could not be charged does not set out."""
    assert Case().accepted().refuse(dispatch(vehicle=car(vehicle_class="rocket"))).clause == "R3.1.2"


@pytest.mark.clause("R3.1.2")
def test_the_order_calls_the_class_as_the_tariff_does():
    """Of the car that goes: a swap may bring another class."""
    case = Case().dispatched()
    assert case.state.class_zh == "轿车"
    other = car(SPARE, vehicle_class="van", seats=7)
    case.send(c.SwapDispatch(vehicle=other, driver=man(), reason="换车"), person=DISPATCHER)
    assert case.state.class_zh == "商务车"


@pytest.mark.clause("R3.2.2")
def test_car_and_driver_are_held_from_departure_to_return():
    """From the dispatch on, for the window asked for; longer once extended, others once swapped, no more once back."""
    case = Case().dispatched()
    held = case.held()
    assert (held["vehicle"].resource_id, held["driver"].resource_id) == (CAR, MAN)
    assert {(each.starts_at, each.ends_at) for each in held.values()} == {(DEPARTS, DEPARTS + timedelta(hours=8))}
    case.send(c.ExtendTrip(ends_at=DEPARTS + timedelta(hours=10), reason="延长"), person=DISPATCHER)
    assert case.held()["vehicle"].ends_at == DEPARTS + timedelta(hours=10)
    case.send(c.SwapDispatch(vehicle=car(SPARE), driver=man(), reason="抛锚"), person=DISPATCHER)
    assert case.held()["vehicle"].resource_id == SPARE
    assert Case().returned().held() == {}


@pytest.mark.clause("R3.2.2")
def test_a_swap_keeps_what_was_before():
    """Car and driver before the swap, and why, stand in the event; a swap for the same is none."""
    case = Case().dispatched()
    same = c.SwapDispatch(vehicle=car(), driver=man(), reason="无")
    assert case.refuse(same).code == "nothing_swapped"
    swap = c.SwapDispatch(vehicle=car(SPARE), driver=man(MATE), reason="车辆故障")
    [event] = case.send(swap, person=DISPATCHER)
    assert (event.previous_vehicle, event.previous_driver, event.reason) == (CAR, MAN, "车辆故障")


@pytest.mark.clause("R3.2.2")
def test_a_confirmed_booking_is_not_displaced_by_default():
    """The shipped reading is never."""
    refusal = Case().dispatched().refuse(first_class())
    assert (refusal.code, refusal.clause) == ("never_displaced", "R3.2.2")


@pytest.mark.clause("R3.2.2")
def test_the_first_class_displaces_with_notice_where_it_is_read_so():
    """The booking waits again, holds nothing, and its unit is told by whom and how long before."""
    case = Case(preempt="first_class").dispatched()
    case.now = at(4, 15, 8)
    [event] = case.send(first_class(), person=DISPATCHER)
    assert (event.by_unit, event.notice_minutes, event.readings) == (
        "应急局",
        60,
        {"R3.2.2.preempt": "first_class"},
    )
    assert (case.state.status, case.held()) == ("accepted", {})


@pytest.mark.clause("R3.2.2")
@pytest.mark.parametrize(
    ("command", "now", "code"),
    [
        (first_class(class_rank=2), at(4, 14), "not_first_class"),
        (first_class(status="requested"), at(4, 14), "not_first_class"),
        (first_class(booking_id=OWN), at(4, 14), "not_first_class"),
        (first_class(starts_at=at(4, 16), ends_at=at(4, 17)), at(4, 14), "no_overlap"),
        (first_class(), at(4, 15, 8, 0, 1), "notice_too_short"),
    ],
)
def test_nothing_less_displaces(command, now, code):
    """Another class, another time, a request not accepted, or too late a notice leave the booking its car."""
    case = Case(preempt="first_class").dispatched()
    case.now = now
    assert case.refuse(command).code == code


@pytest.mark.clause("R3.2.2")
def test_the_first_class_does_not_displace_its_equal():
    """A booking of the first class keeps its car."""
    case = Case(form(priority="urgent_task"), preempt="first_class").dispatched()
    assert case.refuse(first_class()).code == "equal_class"
