"""A computed assignment is kept as it was made, if it fits what it was computed from."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.dispatch_proposal import (
    DISPATCH_PROPOSAL,
    AskedFor,
    CarThere,
    DriverThere,
    Given,
    RecordProposal,
    name_of,
)
from domain.kernel import Actor, Context, Refusal
from tests.domain.booking_given import CALENDAR

NINE = datetime(2026, 4, 15, 1, tzinfo=UTC)
REQUESTS = tuple(
    AskedFor(
        booking_id=UUID(int=0xB0 + n),
        class_rank=7,
        urgent=False,
        registered_at=NINE - timedelta(days=5),
        starts_at=NINE + timedelta(hours=n),
        ends_at=NINE + timedelta(hours=n + 2),
        party_size=2,
        vehicle_class=None,
    )
    for n in range(3)
)
CARS = tuple(
    CarThere(vehicle_id=UUID(int=0xC0 + n), vehicle_class="sedan", seats=4, licence="C1", busy=()) for n in range(2)
)
DRIVERS = tuple(DriverThere(driver_id=UUID(int=0xD0 + n), licences=("C1",), busy=(), off_duty=()) for n in range(2))


def given(request, car, driver):
    """A pair for a request, by their numbers."""
    return Given(
        booking_id=UUID(int=0xB0 + request), vehicle_id=UUID(int=0xC0 + car), driver_id=UUID(int=0xD0 + driver)
    )


COMMAND = RecordProposal(
    day=date(2026, 4, 15),
    digest="ab" * 8,
    position=7,
    solver="HiGHS 1.16.0",
    objective="most served",
    optimal=True,
    requests=REQUESTS,
    cars=CARS,
    drivers=DRIVERS,
    assigned=(given(0, 0, 0), given(1, 1, 1), given(2, 0, 0)),
)


def decide(command, state=None):
    """The events, or the refusal."""
    context = Context(actor=Actor(kind="member", id=UUID(int=1)), now=NINE, calendar=CALENDAR, stream_id=UUID(int=2))
    return DISPATCH_PROPOSAL.decide(state, command, context)


@pytest.mark.clause("R3.2.2")
def test_a_proposal_is_kept_with_question_and_answer():
    """One event holds all of it; a car may go again when it is back, and nothing changes the proposal later."""
    [made] = decide(COMMAND)
    assert (made.name, made.made_by, made.clause) == (name_of(COMMAND.day, COMMAND.digest), UUID(int=1), "R3.2.2")
    assert (made.requests, made.cars, made.drivers, made.assigned) == (REQUESTS, CARS, DRIVERS, COMMAND.assigned)
    state = DISPATCH_PROPOSAL.fold(None, [made])
    assert state.assigned[REQUESTS[2].booking_id] == given(2, 0, 0)
    with pytest.raises(Refusal) as caught:
        decide(COMMAND, state)
    assert caught.value.code == "already_exists"


@pytest.mark.clause("R3.2.2")
@pytest.mark.parametrize(
    "assigned",
    [
        (given(0, 0, 0), given(1, 0, 1)),
        (given(0, 0, 0), given(1, 1, 0)),
        (given(3, 0, 0),),
        (given(0, 2, 0),),
        (given(0, 0, 2),),
    ],
    ids=["car twice", "driver twice", "request unknown", "car unknown", "driver unknown"],
)
def test_an_answer_that_does_not_fit_its_question_is_refused(assigned):
    """Nothing twice at once, and nothing that was not asked about."""
    with pytest.raises(Refusal) as caught:
        decide(replace(COMMAND, assigned=assigned))
    assert (caught.value.code, caught.value.kind, caught.value.clause) == ("proposal_unsound", "value", "R3.2.2")
