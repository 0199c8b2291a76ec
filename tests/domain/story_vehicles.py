"""The vehicle centre's part of the story: a fleet, and bookings that go every way there is."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from domain import dispatch_proposal as p
from domain.driver import messages as d
from domain.kernel import derived_id
from domain.rule_book import messages as r
from domain.unit_settlement import messages as s
from domain.unit_settlement.handlers import stream_of
from domain.vehicle import messages as v
from domain.vehicle_booking import commands as c
from domain.vehicle_booking.facts import Beneficiary, DriverFacts, Known, VehicleFacts, Waiting
from tests.domain.world import BOOKS, PEOPLE, TENANT

APPLICANT, LEADER, HANDLER, DISPATCHER, HEAD, MEMBER, FINANCE = (UUID(int=number) for number in range(0x31, 0x38))
CARS = tuple(derived_id(TENANT, "vehicle", plate) for plate in ("浙B00001", "浙B00002", "浙B00003"))
DRIVERS = (UUID(int=0xD1), UUID(int=0xD2), UUID(int=0xD3))
TRIP, SWAPPED, URGENT, LATE, REJECTED, TRAVELLER, UNSIGNED, CANCELLED, MISSED, LAPSED = (
    UUID(int=0xB0 + number) for number in range(10)
)
DUTY = tuple(d.DutyTime(weekday=day, from_minute=420, to_minute=1140) for day in range(1, 6))
BEGINS = datetime(2027, 6, 7, tzinfo=UTC)


def at(day, hour=1):
    """An hour, in UTC, of a day of the story counted from Monday 7 June 2027."""
    return BEGINS + timedelta(days=day, hours=hour)


def pass_to(world, instant):
    """Move on, firing what falls due."""
    world.pass_to(instant.year, instant.month, instant.day, hour=instant.hour)


def form(starts_at, hours=4, **more):
    """A request form for a unit's collective use."""
    asked = {
        "unit": "教育局",
        "category": "collective",
        "purpose": "党日活动",
        "collective": True,
        "party_size": 4,
        "area": "city",
        "origin": "区政府",
        "destination": "市展览馆",
    }
    return c.RequestVehicle(starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), **{**asked, **more})


def car(number=0):
    """What is known of a car."""
    return VehicleFacts(
        vehicle_id=CARS[number],
        plate=f"浙B0000{number + 1}",
        vehicle_class="sedan",
        seats=4,
        licence="C1",
        in_service=True,
    )


def driver(number=0):
    """What is known of a driver."""
    return DriverFacts(
        driver_id=DRIVERS[number], name=f"驾驶员{number}", member_id=None, licences=("C1",), drives=True, on_duty=True
    )


def waiting_of(world, booking):
    """A booking as one that waits."""
    state = world.state("vehicle_booking", booking)
    return Waiting(
        booking_id=booking,
        unit=state.unit,
        priority=state.priority,
        class_rank=state.class_rank,
        urgent=state.urgent,
        registered_at=state.registered_at,
        starts_at=state.starts_at,
        ends_at=state.ends_at,
        party_size=state.party_size,
    )


def dispatch(world, number=0, *waiting, **more):
    """Give a car, with what was known."""
    known = Known(waiting=tuple(waiting_of(world, each) for each in waiting), position=len(world.log))
    return c.DispatchVehicle(vehicle=car(number), driver=driver(number), known=known, **more)


def book(world, booking, *commands, **more):
    """Send commands to a booking."""
    for command in commands:
        world.send("vehicle_booking", booking, command, **more)


def centre(world):
    """Adopt the rules, build the fleet, and let every kind of booking happen."""
    adopt(world)
    fleet(world)
    whole_trip(world)
    exceptions(world)
    contested_car(world)
    given_up(world)
    settlement(world)
    farewell(world)


def adopt(world):
    """The shipped rules, then a version under which late requests go to the head and the first class displaces."""
    drafter, publisher, _ = PEOPLE
    book_id = BOOKS["R3"]
    world.send("rule_book", book_id, r.AdoptPack(regulation="R3", effective_from=date(2026, 12, 1)))
    changes = {"late": "centre_head", "preempt": "first_class", "trip": "centre_head", "unit": "or_unassigned"}
    world.send("rule_book", book_id, r.DraftVersion(changes=changes, note="放宽"), person=drafter)
    publish = r.PublishVersion(version=2, effective_from=date(2027, 6, 1))
    world.send("rule_book", book_id, publish, person=publisher)
    pass_to(world, at(0))


def fleet(world):
    """Three cars and three drivers, with what happens to such."""
    for number, stream in enumerate(CARS):
        command = v.RegisterVehicle(plate=f"浙B0000{number + 1}", vehicle_class="sedan", seats=4, odometer_km=1_000)
        world.send("vehicle", stream, command)
        taken_on = d.RegisterDriver(name=f"驾驶员{number}", licences=("C1",), duty=DUTY)
        world.send("driver", DRIVERS[number], taken_on)
    revise = v.ReviseVehicle(vehicle_class="sedan", seats=4, licence="B1", reason="误录")
    world.send("vehicle", CARS[1], revise)
    world.send("vehicle", CARS[1], v.ReviseVehicle(vehicle_class="sedan", seats=4, licence="C1", reason="更正"))
    plan = v.PlanMaintenance(starts_at=at(20), ends_at=at(21), reason="保养")
    (planned,) = world.send("vehicle", CARS[0], plan)
    world.send("vehicle", CARS[0], v.EndMaintenance(maintenance_id=planned.maintenance_id, done=False, note="改期"))
    world.send("vehicle", CARS[0], v.RecordOdometer(odometer_km=1_010))
    world.send("vehicle", CARS[1], v.TakeForRepair(reason="更换离合器"))
    world.send("vehicle", CARS[1], v.ReturnToService(note="已修复"))
    widened = d.ReviseDriver(licences=("C1", "B1"), duty=DUTY, reason="增驾")
    world.send("driver", DRIVERS[0], widened)
    away = d.PlanAbsence(starts_at=at(30), ends_at=at(33), reason="年假")
    (absent,) = world.send("driver", DRIVERS[0], away)
    world.send("driver", DRIVERS[0], d.EndAbsence(absence_id=absent.absence_id))
    (feed,) = world.send("driver", DRIVERS[0], d.IssueFeed(token_hash="7b" * 32))
    world.send("driver", DRIVERS[0], d.RevokeFeed(feed_id=feed.feed_id))
    world.send("driver", DRIVERS[1], d.SuspendDriver(reason="体检"))
    world.send("driver", DRIVERS[1], d.ReinstateDriver(note="合格"))


def whole_trip(world):
    """One booking from form to voucher: changed, dispatched, swapped, extended, objected to, late, signed."""
    world.send("vehicle_booking", TRIP, form(at(3)), person=APPLICANT)
    change = c.ChangeRequest(
        party_size=3,
        area="city",
        origin="区政府",
        destination="博物馆",
        starts_at=at(3),
        ends_at=at(3, 5),
        reason="改地点",
    )
    book(world, TRIP, change, person=APPLICANT)
    book(world, TRIP, c.SignRequest(note="同意"), person=LEADER)
    book(world, TRIP, dispatch(world), person=DISPATCHER)
    swap = c.SwapDispatch(vehicle=car(1), driver=driver(1), reason="原车送检")
    book(world, TRIP, swap, c.ExtendTrip(ends_at=at(3, 7), reason="活动延长"), person=DISPATCHER)
    pass_to(world, at(3))
    book(world, TRIP, c.StartTrip(odometer_km=1_000), person=MEMBER)
    pass_to(world, at(4))
    order = c.CompleteOrder(
        out_at=at(3),
        back_at=at(3, 6),
        route="区政府—博物馆—区政府",
        odometer_out_km=1_000,
        odometer_back_km=1_048,
        waiting_minutes=90,
        tolls_fen=2_500,
    )
    book(world, TRIP, order, person=MEMBER)
    book(world, TRIP, c.ObjectToOrder(reason="等候时间不符"), person=HANDLER)
    book(world, TRIP, order, person=MEMBER)
    pass_to(world, at(7))
    book(world, TRIP, c.SignOrder(note="属实"), person=HANDLER)


def propose(world, booking):
    """An assignment is computed for one request."""
    state = world.state("vehicle_booking", booking)
    asked = p.AskedFor(
        booking_id=booking,
        class_rank=state.class_rank,
        urgent=state.urgent,
        registered_at=state.registered_at,
        starts_at=state.starts_at,
        ends_at=state.ends_at,
        party_size=state.party_size,
        vehicle_class=None,
    )
    there = p.CarThere(vehicle_id=CARS[2], vehicle_class="sedan", seats=4, licence="C1", busy=())
    command = p.RecordProposal(
        day=state.starts_at.date(),
        digest="5e" * 8,
        position=len(world.log),
        solver="HiGHS 1.16.0",
        objective="most served",
        optimal=True,
        requests=(asked,),
        cars=(there,),
        drivers=(p.DriverThere(driver_id=DRIVERS[2], licences=("C1",), busy=(), off_duty=()),),
        assigned=(p.Given(booking_id=booking, vehicle_id=CARS[2], driver_id=DRIVERS[2]),),
    )
    name = p.name_of(command.day, command.digest)
    world.send("dispatch_proposal", p.proposal_id(TENANT, name), command, person=DISPATCHER)


def exceptions(world):
    """A late request and a business trip go to the head, one is approved, one rejected; one is not signed at all."""
    world.send("vehicle_booking", LATE, form(at(7, 8)), person=APPLICANT)
    book(world, LATE, c.SignRequest(), person=LEADER)
    book(world, LATE, c.ApproveException(reason="事出有因"), person=HEAD)
    propose(world, LATE)
    book(world, LATE, c.RefuseRequest(ground="no_vehicle", reason="车辆均已派出"), person=DISPATCHER)
    trip = form(at(10), collective=False, party_size=1, business_trip=True, category="other_official")
    world.send("vehicle_booking", TRAVELLER, trip, person=APPLICANT)
    book(world, TRAVELLER, c.SignRequest(), person=LEADER)
    book(world, TRAVELLER, c.RejectException(reason="可乘公交"), person=HEAD)
    world.send("vehicle_booking", REJECTED, form(at(10)), person=APPLICANT)
    book(world, REJECTED, c.DeclineRequest(reason="不必用车"), person=LEADER)


def contested_car(world):
    """A booking gives way to an urgent task of the first class, and is dispatched again."""
    world.send("vehicle_booking", SWAPPED, form(at(12)), person=APPLICANT)
    book(world, SWAPPED, c.SignRequest(), person=LEADER)
    book(world, SWAPPED, dispatch(world), person=DISPATCHER)
    task = form(at(12), priority="urgent_task", urgent=True, category="emergencies", unit="应急局")
    world.send("vehicle_booking", URGENT, task, person=APPLICANT)
    book(world, URGENT, c.SignRequest(), person=LEADER)
    state = world.state("vehicle_booking", URGENT)
    first = Beneficiary(
        booking_id=URGENT,
        unit=state.unit,
        class_rank=1,
        status="accepted",
        starts_at=state.starts_at,
        ends_at=state.ends_at,
    )
    book(world, SWAPPED, c.DisplaceBooking(beneficiary=first, notice="紧急任务占用"), person=DISPATCHER)
    book(world, URGENT, dispatch(world, 0, SWAPPED), person=DISPATCHER)
    book(world, SWAPPED, dispatch(world, 1, URGENT, passing_over="另有一车"), person=DISPATCHER)


def given_up(world):
    """Cancelled late and at a price, not come to, never signed, never dispatched; and what is overdue escalates."""
    for booking, day in ((CANCELLED, 13), (MISSED, 13), (LAPSED, 14)):
        world.send("vehicle_booking", booking, form(at(day)), person=APPLICANT)
        book(world, booking, c.SignRequest(), person=LEADER)
    world.send("vehicle_booking", UNSIGNED, form(at(14)), person=APPLICANT)
    book(world, CANCELLED, dispatch(world, 0), person=DISPATCHER)
    book(world, MISSED, dispatch(world, 1, off_duty="加班"), person=DISPATCHER)
    pass_to(world, at(13, 0))
    book(world, CANCELLED, c.CancelBooking(by="unit", reason="活动取消"), person=APPLICANT)
    pass_to(world, at(13, 2))
    book(world, MISSED, c.RecordNoShow(waited_minutes=60), person=DISPATCHER)
    pass_to(world, at(16))


def settlement(world):
    """June is objected to, corrected, closed by its deadline, taken up again, closed; later corrections go further."""
    june, july = (stream_of("教育局", month) for month in ("2027-06", "2027-07"))
    line = f"{TRIP}:order"

    def send(stream, command, person=FINANCE):
        world.send("unit_settlement", stream, command, person=person)

    for amount_fen, reason in (
        (world.state("unit_settlement", june).lines[line].now_fen, "单据相符"),
        (20_000, "里程有误"),
    ):
        send(june, s.ContestLine(line_key=line, reason="费用过高"), HANDLER)
        send(june, s.DecideLine(line_key=line, amount_fen=amount_fen, reason=reason))
    pass_to(world, at(40))
    send(june, s.ReopenSettlement(reason="漏项"))
    send(june, s.CloseSettlement(note="更正后结账"))
    send(june, s.CorrectLine(line_key=line, amount_fen=19_000, reason="过路费多计"))
    pass_to(world, at(70))
    send(june, s.CorrectLine(line_key=line, amount_fen=18_000, reason="等候多计"))
    assert world.state("unit_settlement", july).status == "closed"


def farewell(world):
    """A driver leaves, a car is replaced, another retired."""
    world.send("driver", DRIVERS[2], d.LetDriverGo(reason="退休"))
    world.send("vehicle", CARS[2], v.ReplaceVehicle(replacement=CARS[0], reason="更新"))
    world.send("vehicle", CARS[1], v.RetireVehicle(reason="达到报废年限"))
