"""Which requests get which car and driver, so that as many as possible are served, the first classes first (R3.2.2).

A mixed-integer programme over binary choices "request r goes by car c" and "request r goes with driver d", solved by
HiGHS once a class of requests: the most that can be served of the first class is kept while the second is looked at,
and so on; a request of a higher class is never given up for any number of lower ones. Within a class the urgent count
first, then those registered earlier break ties. One thread and a fixed seed give the same question the same answer.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any
from uuid import UUID

import highspy
import msgspec

from domain.dispatch_proposal import AskedFor, CarThere, DriverThere, Given, Taken

MAX_REQUESTS = 150
MAX_PAIRS = 4_000
"""Requests times cars, and requests times drivers: beyond that no proposal is computed."""
TIME_LIMIT_S = 5.0
"""For each class of requests; what is found by then is proposed, and is not called optimal."""
_INTEGRAL = 0.5
SOLVER = f"HiGHS {version('highspy')}"
OBJECTIVE = "most served of each class in its order, urgent ones first; then by registration, then the smaller car"
"""What is maximised, in words that stand in the proposal."""


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed; ``digest`` follows from question and answer, ``unserved`` is in the order of the ranks."""

    assigned: tuple[Given, ...]
    unserved: tuple[UUID, ...]
    optimal: bool
    digest: str


class TooLarge(Exception):  # noqa: N818 - an answer to the client
    """There are more requests, cars and drivers than a proposal is computed for."""


def assign(requests: Iterable[AskedFor], cars: Iterable[CarThere], drivers: Iterable[DriverThere]) -> Assignment:
    """The proposal. Raises `TooLarge`."""
    wanted = sorted(requests, key=_order)
    fleet = sorted(cars, key=lambda car: car.vehicle_id)
    people = sorted(drivers, key=lambda driver: driver.driver_id)
    most = max(len(fleet), len(people), 1)
    if len(wanted) > MAX_REQUESTS or len(wanted) * most > MAX_PAIRS:
        raise TooLarge
    found, optimal = _Programme(wanted, fleet, people).solved() if wanted else ((), True)
    served = {one.booking_id for one in found}
    unserved = tuple(one.booking_id for one in wanted if one.booking_id not in served)
    question = msgspec.json.encode((wanted, fleet, people, found), order="sorted")
    return Assignment(
        assigned=tuple(found), unserved=unserved, optimal=optimal, digest=hashlib.sha256(question).hexdigest()[:16]
    )


def _order(one: AskedFor) -> tuple[int, bool, datetime, UUID]:
    return (one.class_rank, not one.urgent, one.registered_at, one.booking_id)


def _free(busy: Sequence[Taken], one: AskedFor) -> bool:
    return not any(
        taken.starts_at < one.ends_at and (taken.ends_at is None or one.starts_at < taken.ends_at) for taken in busy
    )


class _Quiet(highspy.Highs):
    """The solver, told to be quiet before it says its name: what is printed is the service's, on all its streams."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class _Programme:
    """The variables and constraints of one question."""

    def __init__(self, wanted: Sequence[AskedFor], cars: Sequence[CarThere], drivers: Sequence[DriverThere]) -> None:
        self._wanted, self._cars, self._drivers = wanted, cars, drivers
        self._model = _Quiet()  # type: ignore[no-untyped-call]
        for name, value in (("threads", 1), ("random_seed", 7), ("time_limit", TIME_LIMIT_S)):
            self._model.setOptionValue(name, value)
        self._by_car = {
            (r, c): self._model.addBinary()
            for r, one in enumerate(wanted)
            for c, car in enumerate(cars)
            if one.party_size <= car.seats and one.vehicle_class in (None, car.vehicle_class) and _free(car.busy, one)
        }
        self._with_driver = {
            (r, d): self._model.addBinary()
            for r, one in enumerate(wanted)
            for d, driver in enumerate(drivers)
            if one.booking_id not in driver.off_duty and _free(driver.busy, one)
        }
        self._constrain()

    def solved(self) -> tuple[tuple[Given, ...], bool]:
        """The assignment, and whether it is known to be the best."""
        optimal = True
        for rank in sorted({one.class_rank for one in self._wanted}):
            # an urgent one is worth more than all others of its class: the weight exceeds their number
            gains = {
                r: MAX_REQUESTS + 1 if one.urgent else 1 for r, one in enumerate(self._wanted) if one.class_rank == rank
            }
            optimal &= self._best([(gains[r], self._by_car[r, c]) for r, c in self._by_car if r in gains], keep=True)
        # among equals: those registered earlier, then the smaller car
        optimal &= self._best([(self._niceness(r, c), x) for (r, c), x in self._by_car.items()], keep=False)
        return self._chosen(), optimal

    def _constrain(self) -> None:
        for r in range(len(self._wanted)):
            by_car = [x for (q, _), x in self._by_car.items() if q == r]
            with_driver = [x for (q, _), x in self._with_driver.items() if q == r]
            self._model.addConstr(_sum(by_car) <= 1)
            self._model.addConstr(_sum(by_car) - _sum(with_driver) == 0)
            for licence in sorted({car.licence for car in self._cars}):
                needing = [x for (q, c), x in self._by_car.items() if q == r and self._cars[c].licence == licence]
                having = [
                    x for (q, d), x in self._with_driver.items() if q == r and licence in self._drivers[d].licences
                ]
                if needing:
                    self._model.addConstr(_sum(needing) - _sum(having) <= 0)
        for chosen in (self._by_car, self._with_driver):
            self._once_at_a_time(chosen)

    def _once_at_a_time(self, chosen: dict[tuple[int, int], Any]) -> None:
        """Of the requests under way when any one of them starts, a car or driver takes one: these are all overlaps."""
        for resource in sorted({resource for _, resource in chosen}):
            own = [(self._wanted[r], x) for (r, c), x in chosen.items() if c == resource]
            for start in sorted({one.starts_at for one, _ in own}):
                under_way = [x for one, x in own if one.starts_at <= start < one.ends_at]
                if len(under_way) > 1:
                    self._model.addConstr(_sum(under_way) <= 1)

    def _niceness(self, r: int, c: int) -> int:
        one, car = self._wanted[r], self._cars[c]
        return (len(self._wanted) - r) * 1_000 - (car.seats - one.party_size)

    def _best(self, terms: Sequence[tuple[int, Any]], *, keep: bool) -> bool:
        """Maximise a sum; with ``keep`` it never falls below what was found. Whether the solver proved it the best."""
        if not terms:
            return True
        total = sum(weight * variable for weight, variable in terms)
        self._model.maximize(total)
        status = self._model.getModelStatus()
        if keep:
            self._model.addConstr(total >= round(self._model.getObjectiveValue()))
        return bool(status == highspy.HighsModelStatus.kOptimal)

    def _chosen(self) -> tuple[Given, ...]:
        cars = {r: c for (r, c), x in self._by_car.items() if self._model.val(x) > _INTEGRAL}
        people = {r: d for (r, d), x in self._with_driver.items() if self._model.val(x) > _INTEGRAL}
        return tuple(
            Given(
                booking_id=self._wanted[r].booking_id,
                vehicle_id=self._cars[cars[r]].vehicle_id,
                driver_id=self._drivers[people[r]].driver_id,
            )
            for r in sorted(cars)
        )


def _sum(variables: Sequence[Any]) -> Any:
    """A linear expression of variables, also of none."""
    return sum(variables, start=highspy.highs.highs_linear_expression())
