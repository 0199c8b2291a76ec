"""Orders: the driver's record, the handler's signature, what is overdue, what a trip and a late cancellation cost."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.rules.r3 import default_values
from domain.vehicle_booking import commands as c
from domain.vehicle_booking import events as e
from tests.domain.booking_given import (
    APPLICANT,
    CHAUFFEUR,
    DEPARTS,
    DISPATCHER,
    HANDLER,
    HEAD,
    SPARE,
    Case,
    at,
    car,
    form,
    man,
    order,
)


def charged(command=None, booking=None, **values):
    """The charge of a trip."""
    return Case(booking, **values).returned(command).state.charge


@pytest.mark.clause("R3.2.1")
def test_an_order_goes_from_driver_to_handler_and_is_the_voucher():
    """The driver sets out and records, the handler signs; the signed order names its month and its charge."""
    case = Case().dispatched()
    case.until(at(4, 15, 9))
    case.send(c.StartTrip(odometer_km=1_000), person=CHAUFFEUR)
    case.until(at(4, 15, 18))
    case.send(order(), person=CHAUFFEUR)
    [signed] = case.send(c.SignOrder(note="属实"), person=HANDLER)
    assert (signed.unit, signed.month, signed.signed_by) == ("教育局", "2026-04", HANDLER)
    assert signed.charge == case.state.charge
    assert case.state.status == "signed"


@pytest.mark.clause("R3.2.1")
def test_only_the_trips_driver_writes_and_he_does_not_sign():
    """Nobody writes the order for the driver, and he does not sign it for the unit."""
    case = Case().dispatched()
    case.until(at(4, 15, 18))
    assert case.refuse(order(), person=DISPATCHER).code == "not_the_driver"
    case.send(order(), person=CHAUFFEUR)
    case.departments[CHAUFFEUR] = "教育局"
    assert case.refuse(c.SignOrder(), person=CHAUFFEUR).code == "own_order"


@pytest.mark.clause("R3.2.1")
def test_an_order_the_handler_objects_to_is_written_again():
    """Until the driver has corrected it, it can not be signed; then its charge is the corrected one."""
    case = Case().returned()
    case.send(c.ObjectToOrder(reason="等候不符"), person=HANDLER)
    assert case.refuse(c.SignOrder(), person=HANDLER).code == "objection_open"
    [again] = case.send(order(waiting_minutes=0), person=CHAUFFEUR)
    assert again.again
    case.send(c.SignOrder(), person=HANDLER)
    assert case.state.charge.waiting_fen == 0


@pytest.mark.clause("R3.2.1")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"back_at": DEPARTS}, "back_at"),
        ({"back_at": at(4, 15, 18, 1)}, "back_at"),
        ({"out_at": at(4, 15, 6, 59)}, "back_at"),
        ({"odometer_back_km": 999}, "odometer_back_km"),
        ({"waiting_minutes": 511}, "waiting_minutes"),
    ],
)
def test_an_order_that_does_not_add_up_is_refused(wrong, field):
    """Times follow each other and lie in the past, the odometer does not run back, waiting is part of the trip."""
    case = Case().dispatched()
    case.until(at(4, 15, 18))
    refusal = case.refuse(order(**wrong), person=CHAUFFEUR)
    assert (refusal.kind, refusal.field) == ("value", field)


@pytest.mark.clause("R3.2.1")
def test_an_order_not_completed_escalates_level_by_level():
    """Four hours after the planned return plus each level's time: dispatcher, then the head, each by its channel."""
    case = Case().dispatched()
    fired = case.until(at(4, 18))
    assert [(one.lacking, one.level, one.role, one.due_at) for one in fired] == [
        ("record", 1, "dispatcher", at(4, 16, 1)),
        ("record", 2, "centre_head", at(4, 17, 1)),
    ]
    assert fired[-1].order_due is None


@pytest.mark.clause("R3.2.1")
def test_an_order_not_signed_escalates_until_it_is():
    """A day after the driver's record the ladder begins anew for the signature, and ends with it."""
    case = Case().returned()
    fired = case.until(at(4, 17))
    assert [(one.lacking, one.level, one.due_at) for one in fired] == [("signature", 1, at(4, 16, 22))]
    case.send(c.SignOrder(), person=HANDLER)
    assert case.until(at(5, 1)) == []


@pytest.mark.clause("R3.1.2")
def test_a_charge_is_the_sum_of_its_parts():
    """120 km at 1.50, seven hours at 20, an hour and a half of waiting at 10, tolls of 25 yuan."""
    charge = charged()
    assert (charge.km_fen, charge.time_fen, charge.waiting_fen, charge.tolls_fen) == (18_000, 14_000, 1_500, 2_500)
    assert (charge.worth_fen, charge.due_fen, charge.settled) == (36_000, 36_000, True)
    assert charge.readings["R3.1.2.time_rounding"] == "up"


@pytest.mark.clause("R3.1.2")
@pytest.mark.parametrize(
    ("command", "values", "due_fen"),
    [
        (order(back_at=at(4, 15, 17, 31)), {}, 37_000),
        (order(back_at=at(4, 15, 17, 44)), {"time_rounding": "half_up"}, 36_000),
        (order(back_at=at(4, 15, 17, 45)), {"time_rounding": "half_up"}, 37_000),
        (order(back_at=at(4, 15, 17, 59)), {"time_rounding": "down"}, 36_000),
        (order(), {"base": "greater"}, 22_000),
        (order(), {"tolls": "included"}, 33_500),
        (order(tolls_fen=2_549), {"amount_rounding": "yuan"}, 36_049),
        (order(odometer_back_km=1_001, back_at=at(4, 15, 9, 30), waiting_minutes=0, tolls_fen=0), {}, 5_000),
        (order(odometer_back_km=1_001, back_at=at(4, 15, 9, 30), waiting_minutes=0, tolls_fen=700), {}, 5_700),
    ],
)
def test_each_reading_of_the_tariff_shows_in_the_fen(command, values, due_fen):
    """Steps of time, the higher of two, tolls, rounding, and the minimum, which tolls are no part of."""
    assert charged(command, **values).due_fen == due_fen


@pytest.mark.clause("R3.1.2")
def test_an_amount_is_rounded_to_the_yuan_half_up():
    """At 1.51 a kilometre one kilometre less makes half a yuan or not."""
    line = replace(default_values().tariff[0], per_km_fen=151, minimum_fen=0)
    short = order(odometer_back_km=1_050, tolls_fen=0)
    charge = charged(short, tariff=(line,), amount_rounding="yuan")
    assert (charge.km_fen, charge.rounded_by_fen, charge.due_fen) == (7_550, 50, 23_100)


@pytest.mark.clause("R3.1.2")
def test_a_night_away_costs_its_price():
    """Out on one day and back on the next is one night."""
    case = Case(form(hours=30)).dispatched()
    case.until(at(4, 16, 18))
    case.send(order(back_at=at(4, 16, 12), waiting_minutes=0), person=CHAUFFEUR)
    assert (case.state.charge.nights, case.state.charge.overnight_fen) == (1, 10_000)


@pytest.mark.clause("R3.1.1")
@pytest.mark.parametrize(
    ("category", "reading", "settled"),
    [
        ("four_bodies", "reception_only", False),
        ("emergencies", "reception_only", True),
        ("four_bodies", "all_free", False),
        ("emergencies", "all_free", False),
    ],
)
def test_free_uses_cost_nothing_and_are_accounted(category, reading, settled):
    """What the trip is worth is kept; whether it stands in the settlement, at nothing, is the reading's to say."""
    charge = charged(booking=form(category=category), receptions=reading)
    assert (charge.due_fen, charge.worth_fen, charge.free, charge.settled) == (0, 36_000, True, settled)


@pytest.mark.clause("R3.2.1")
@pytest.mark.parametrize(
    ("values", "month"),
    [
        ({}, "2026-04"),
        ({"month": "day_of_month", "cut_off_day": 15}, "2026-04"),
        ({"month": "day_of_month", "cut_off_day": 14}, "2026-05"),
    ],
)
def test_the_month_follows_its_cut_off(values, month):
    """The day of return decides: up to the cut-off it is this month's, after it the next one's."""
    case = Case(**values).returned()
    [signed] = case.send(c.SignOrder(), person=HANDLER)
    assert signed.month == month


@pytest.mark.clause("R3.1.2")
@pytest.mark.parametrize(
    ("command", "minutes_before", "fee_fen"),
    [
        (c.CancelBooking(by="unit", reason="取消"), 120, 0),
        (c.CancelBooking(by="unit", reason="取消"), 119, 2_000),
        (c.CancelBooking(by="centre", reason="无车"), 1, 0),
    ],
)
def test_a_late_cancellation_by_the_unit_costs_it(command, minutes_before, fee_fen):
    """Two hours before departure it is free; the centre's own cancellation always is."""
    case = Case().dispatched()
    case.now = DEPARTS - timedelta(minutes=minutes_before)
    [cancelled] = case.send(command, person=APPLICANT)
    assert (cancelled.fee_fen, cancelled.minutes_before) == (fee_fen, minutes_before)
    assert (case.state.status, case.held()) == ("cancelled", {})


@pytest.mark.clause("R3.1.1", "R3.1.2")
@pytest.mark.parametrize(("category", "fee_fen"), [("collective", 5_000), ("emergencies", 0)])
def test_a_no_show_costs_the_unit_unless_the_use_is_free(category, fee_fen):
    """Recorded only once the departure has come."""
    case = Case(form(category=category)).dispatched()
    absent = c.RecordNoShow(waited_minutes=30)
    assert case.refuse(absent).code == "not_due_yet"
    case.now = DEPARTS
    [event] = case.send(absent, person=DISPATCHER)
    assert (event.fee_fen, case.held()) == (fee_fen, {})


@pytest.mark.clause("R3.2.1")
@pytest.mark.parametrize("minutes", [120, 15, 0])
def test_how_early_a_car_sets_out_is_a_rule(minutes):
    """A second before it is too early, at the minute itself it is not."""
    case = Case(early_minutes=minutes).dispatched()
    case.until(DEPARTS - timedelta(minutes=minutes, seconds=1))
    assert case.refuse(c.StartTrip(odometer_km=1_000), person=CHAUFFEUR).code == "too_early"
    case.until(DEPARTS - timedelta(minutes=minutes))
    [started] = case.send(c.StartTrip(odometer_km=1_000), person=CHAUFFEUR)
    assert started.out_at == DEPARTS - timedelta(minutes=minutes)


@pytest.mark.clause("R3.2.2")
def test_a_car_that_is_out_is_held_until_its_return_is_recorded():
    """Beside the window asked for, from setting out on for as long as it takes; a swap on the way moves the hold."""
    case = Case().dispatched()
    case.until(at(4, 15, 9))
    case.send(c.StartTrip(odometer_km=1_000), person=CHAUFFEUR)
    held = case.held()
    assert {kind: (one.starts_at, one.ends_at) for kind, one in held.items()} == {
        "vehicle": (DEPARTS, at(4, 15, 17)),
        "driver": (DEPARTS, at(4, 15, 17)),
        "vehicle_out": (DEPARTS, None),
        "driver_out": (DEPARTS, None),
    }
    case.send(c.SwapDispatch(vehicle=car(SPARE), driver=man(), reason="故障"), person=DISPATCHER)
    assert case.held()["vehicle_out"].resource_id == SPARE
    case.until(at(4, 15, 18))
    case.send(order(), person=CHAUFFEUR)
    assert case.held() == {}


@pytest.mark.clause("R3.2.2")
def test_the_dispatcher_is_told_of_a_car_that_is_not_back():
    """To the minute that the rules give after the planned return; once, and anew where the trip was extended."""
    case = Case(return_minutes=30).dispatched()
    case.until(at(4, 15, 9))
    case.send(c.StartTrip(odometer_km=1_000), person=CHAUFFEUR)
    assert case.until(at(4, 15, 17, 29, 59)) == []
    [told] = case.until(at(4, 15, 17, 30))
    assert (told.plate, told.ends_at, told.clause) == ("浙B00001", at(4, 15, 17), "R3.2.2")
    case.send(c.ExtendTrip(ends_at=at(4, 15, 19), reason="堵车"), person=DISPATCHER)
    [again] = case.until(at(4, 15, 19, 30))
    assert again.ends_at == at(4, 15, 19)
    assert case.until(at(4, 15, 20)) == []


@pytest.mark.clause("R3.2.2")
def test_a_car_that_is_back_in_time_is_nobodys_concern():
    """Once the order is recorded nothing is said of the return, nor before the car sets out."""
    case = Case(return_minutes=600).dispatched()
    case.until(at(4, 15, 9))
    case.send(c.ExtendTrip(ends_at=at(4, 15, 18), reason="堵车"), person=DISPATCHER)
    assert case.state.return_due_at is None
    case.send(c.StartTrip(odometer_km=1_000), person=CHAUFFEUR)
    case.until(at(4, 15, 18))
    case.send(order(), person=CHAUFFEUR)
    assert not [one for one in case.until(at(4, 17)) if isinstance(one, e.ReturnOverdue)]


@pytest.mark.clause("R3.2.1")
@pytest.mark.parametrize("command", [c.ObjectToOrder(reason="不符"), c.SignOrder()])
def test_an_order_is_signed_and_sent_back_by_its_own_unit(command):
    """Neither another unit's handler nor one whose department nobody entered; with the reading, the latter may."""
    case = Case().returned()
    case.departments[APPLICANT] = "卫生局"
    refusal = case.refuse(command, person=APPLICANT)
    assert (refusal.code, refusal.kind, refusal.clause) == ("other_unit", "forbidden", "R3.2.1")
    assert refusal.details == {"unit": "教育局", "department": "卫生局"}
    assert case.refuse(command, person=HEAD).code == "no_department"
    assert case.send(command, person=HANDLER)
    assert Case(unit="or_unassigned").returned().send(command, person=HEAD)
