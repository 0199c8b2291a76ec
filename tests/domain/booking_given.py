"""A booking in memory, for tests: decided and folded as it goes, its deadlines fired at their time."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace

from domain.calendar import Calendar, statutory
from domain.kernel import Actor, Context, Refusal, RuleVersion
from domain.office import Office
from domain.rules.r3 import default_values
from domain.vehicle_booking import VEHICLE_BOOKING
from domain.vehicle_booking import commands as c
from domain.vehicle_booking.facts import Beneficiary, DriverFacts, Known, VehicleFacts, Waiting

HOLIDAYS, MAKEUP = statutory(2026)
CALENDAR = Calendar(holidays=HOLIDAYS, makeup_days=MAKEUP)
SHANGHAI = ZoneInfo("Asia/Shanghai")
APPLICANT, LEADER, HANDLER, DISPATCHER, HEAD, CHAUFFEUR = (UUID(int=number) for number in range(1, 7))
OWN, OTHER, CAR, SPARE = UUID(int=0xB), UUID(int=0xB1), UUID(int=0xCA), UUID(int=0xCB)
MAN, MATE = UUID(int=0xD), UUID(int=0xD1)


def at(month, day, hour=9, minute=0, second=0):
    """An instant of 2026 on the centre's clock."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


DEPARTS = at(4, 15)
"""A Wednesday morning."""


def form(starts_at=DEPARTS, hours=8, **more):
    """A request form for a unit's collective use in the city."""
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


def car(number=CAR, **more):
    """What is known of a car."""
    known = {"plate": "浙B00001", "vehicle_class": "sedan", "seats": 4, "licence": "C1", "in_service": True}
    return VehicleFacts(vehicle_id=number, **{**known, **more})


def man(number=MAN, **more):
    """What is known of a driver."""
    known = {"name": "李师傅", "member_id": CHAUFFEUR, "licences": ("C1",), "drives": True, "on_duty": True}
    return DriverFacts(driver_id=number, **{**known, **more})


FRIDAY = at(4, 10)


def waiting(number=OTHER, class_rank=7, registered_at=FRIDAY, *, urgent=False):
    """Another request that waits at the same time."""
    return Waiting(
        booking_id=number,
        unit="卫生局",
        priority=None,
        class_rank=class_rank,
        urgent=urgent,
        registered_at=registered_at,
        starts_at=DEPARTS,
        ends_at=DEPARTS + timedelta(hours=3),
        party_size=2,
    )


def dispatch(*others, vehicle=None, driver=None, **more):
    """Give a car, knowing of these requests."""
    known = Known(waiting=others, position=12)
    return c.DispatchVehicle(vehicle=vehicle or car(), driver=driver or man(), known=known, **more)


def first_class(**more):
    """A request of the first class for whose sake another may be displaced."""
    known = {
        "booking_id": OTHER,
        "unit": "应急局",
        "class_rank": 1,
        "status": "accepted",
        "starts_at": DEPARTS,
        "ends_at": DEPARTS + timedelta(hours=2),
    }
    return c.DisplaceBooking(beneficiary=Beneficiary(**{**known, **more}), notice="紧急任务")


def order(**more):
    """A trip of 120 km, from nine to half past five with an hour and a half of waiting and tolls of 25 yuan."""
    recorded = {
        "out_at": DEPARTS,
        "back_at": at(4, 15, 17, 30),
        "route": "区政府—展览馆—区政府",
        "odometer_out_km": 1_000,
        "odometer_back_km": 1_120,
        "waiting_minutes": 90,
        "tolls_fen": 2_500,
    }
    return c.CompleteOrder(**{**recorded, **more})


class Case:
    """A booking under the shipped rules with some values changed, requested on Friday 10 April 2026 at nine."""

    def __init__(self, command=None, now=None, **values):
        self.rules = (RuleVersion(1, date(2026, 1, 1), replace(default_values(), **values)),)
        self.now = (now or at(4, 10)).astimezone(UTC)
        self.state = None
        self.events = []
        self.departments = {LEADER: "教育局", HANDLER: "教育局"}
        self.send(command or form())

    def context(self, person):
        """What a decision of this moment sees."""
        return Context(
            actor=Actor(kind="member", id=person),
            now=self.now,
            calendar=CALENDAR,
            rules={"R3": self.rules},
            stream_id=OWN,
            office=Office(departments=self.departments),
        )

    def send(self, *commands, person=APPLICANT):
        """Decide and fold each, as stored and read back; the new events."""
        added = []
        for command in commands:
            new = VEHICLE_BOOKING.decide(self.state, command, self.context(person))
            new = tuple(msgspec.json.decode(msgspec.json.encode(event), type=type(event)) for event in new)
            self.state = VEHICLE_BOOKING.fold(self.state, new)
            added += new
        self.events += added
        return added

    def refuse(self, command, person=DISPATCHER):
        """The refusal a command meets."""
        with pytest.raises(Refusal) as caught:
            self.send(command, person=person)
        return caught.value

    def refuse_new(self, command):
        """The refusal that a form meets under these rules at this moment."""
        with pytest.raises(Refusal) as caught:
            VEHICLE_BOOKING.decide(None, command, self.context(APPLICANT))
        return caught.value

    def until(self, instant):
        """Move on to an instant, firing what falls due on the way at its time; the new events."""
        target, fired = instant.astimezone(UTC), []
        while due := self.due(target):
            self.now = max(self.now, due.due_at)
            fired += self.send(due.command, person=None)
        self.now = target
        return fired

    def due(self, target):
        """The first deadline up to an instant."""
        owed = [deadline for deadline in VEHICLE_BOOKING.deadlines(self.state) if deadline.due_at <= target]
        return min(owed, key=lambda deadline: deadline.due_at, default=None)

    def sign(self, now=None):
        """The unit's leader signs; the new events."""
        if now is not None:
            self.now = now.astimezone(UTC)
        return self.send(c.SignRequest(), person=LEADER)

    def accepted(self):
        """Bring it to where it waits for a car."""
        self.sign()
        return self

    def dispatched(self):
        """Bring it to where it has one."""
        self.accepted().send(dispatch(), person=DISPATCHER)
        return self

    def returned(self, command=None):
        """Bring it to where the handler is to sign."""
        self.dispatched().until(at(4, 15, 18))
        self.send(command or order(), person=CHAUFFEUR)
        return self

    def held(self):
        """What it holds, by kind."""
        return {one.kind: one for one in VEHICLE_BOOKING.reservations(self.state)}
