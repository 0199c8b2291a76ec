"""A vehicle centre over HTTP, for tests: its people, its rules, its fleet, and bookings on their way."""

from typing import Any

import msgspec

from services.worker.settling import settle
from tests.services.conftest import Api, Caller

DEPARTS, RETURNS = "2026-03-04T09:00:00+08:00", "2026-03-04T12:00:00+08:00"
"""A Wednesday; the tests' clock stands at nine on Monday."""
FORM = {
    "unit": "教育局",
    "category": "collective",
    "purpose": "党日活动",
    "collective": True,
    "party_size": 3,
    "area": "city",
    "origin": "区政府",
    "destination": "展览馆",
    "starts_at": DEPARTS,
    "ends_at": RETURNS,
}


class Centre(msgspec.Struct):
    """A tenant with its vehicle centre."""

    api: Api
    admin: Caller
    unit: Caller
    leader: Caller
    dispatcher: Caller
    head: Caller
    driver: Caller
    handler: Caller
    cars: list[str]
    drivers: list[str]
    others: dict[tuple[str, str], Caller] = msgspec.field(default_factory=dict)

    async def of(self, unit: str, role: str) -> Caller:
        """Who speaks for a unit in a role."""
        if unit == FORM["unit"]:
            return {"unit_leader": self.leader, "unit_handler": self.handler}[role]
        if (unit, role) not in self.others:
            self.others[unit, role] = await self.api.member(self.admin, role, department=unit)
        return self.others[unit, role]

    async def request(self, **more: object) -> str:
        """A request form; its id."""
        asked = await self.unit.post("/v1/vehicle-bookings", {**FORM, **more})
        assert asked.status_code == 201, asked.text
        found: str = asked.json()["id"]
        return found

    async def waiting(self, **more: object) -> str:
        """A request that was signed and waits for a car; its id."""
        booking = await self.request(**more)
        leader = await self.of(str(more.get("unit", FORM["unit"])), "unit_leader")
        signed = await leader.post(f"/v1/vehicle-bookings/{booking}/sign-request")
        assert signed.status_code == 200, signed.text
        return booking

    async def dispatch(self, booking: str, car: int = 0, driver: int = 0, **more: object) -> Any:
        """The answer to giving it a car and a driver."""
        body = {"vehicle": self.cars[car], "driver": self.drivers[driver], **more}
        return await self.dispatcher.post(f"/v1/vehicle-bookings/{booking}/dispatch-vehicle", body)

    async def dispatched(self, car: int = 0, driver: int = 0, **more: object) -> str:
        """A request that has a car; its id."""
        booking = await self.waiting(**more)
        answered = await self.dispatch(booking, car, driver)
        assert answered.status_code == 200, answered.text
        return booking

    async def signed(self, booking: str, km: int = 40, unit: str = "教育局", **more: object) -> None:
        """Let the trip of Wednesday morning be made, recorded and signed by its unit."""
        record = {
            "out_at": DEPARTS,
            "back_at": RETURNS,
            "route": "区政府—展览馆",
            "odometer_out_km": 1000,
            "odometer_back_km": 1000 + km,
            **more,
        }
        for caller, command, body in (
            (self.driver, "complete-order", record),
            (await self.of(unit, "unit_handler"), "sign-order", {}),
        ):
            done = await caller.post(f"/v1/vehicle-bookings/{booking}/{command}", body)
            assert done.status_code == 200, done.text

    async def settle(self) -> None:
        """Let the worker do what is to be done by now."""
        await settle(self.api.desk.runtime, self.admin.tenant)


async def a_centre(api: Api, *, cars: int = 2) -> Centre:
    """A tenant under the shipped rules of R3, with so many sedans of four seats, as many drivers, and its people."""
    admin = await api.tenant()
    adopted = await admin.post("/v1/rule-books", {"regulation": "R3", "effective_from": "2026-01-01"})
    assert adopted.status_code == 201, adopted.text
    roles = ("unit_applicant", "unit_leader", "dispatcher", "centre_head", "driver", "unit_handler")
    own = {"unit_applicant", "unit_leader", "unit_handler"}
    people = [await api.member(admin, role, department="教育局" if role in own else None) for role in roles]
    centre = Centre(api, admin, *people, cars=[], drivers=[])
    for number in range(cars):
        car = {"plate": f"浙B0000{number}", "vehicle_class": "sedan", "seats": 4}
        registered = await centre.dispatcher.post("/v1/vehicles", car)
        assert registered.status_code == 201, registered.text
        centre.cars.append(registered.json()["id"])
        driver = {"name": f"驾驶员{number}", "licences": ["C1"], "duty": []}
        taken_on = await centre.dispatcher.post("/v1/drivers", driver)
        assert taken_on.status_code == 201, taken_on.text
        centre.drivers.append(taken_on.json()["id"])
    return centre
