"""The computed assignment: nobody twice, nothing unfit, the first classes first, and never worse than brute force."""

import itertools
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.dispatch_proposal import AskedFor, CarThere, DriverThere, Taken
from services.planning.assignment import MAX_REQUESTS, TooLarge, assign

NINE = datetime(2026, 3, 4, 1, tzinfo=UTC)


def asked(number, start=0, hours=2, rank=7, *, urgent=False, party=2, vehicle_class=None):
    """A request for some hours after nine."""
    return AskedFor(
        booking_id=UUID(int=100 + number),
        class_rank=rank,
        urgent=urgent,
        registered_at=NINE - timedelta(days=5) + timedelta(minutes=number),
        starts_at=NINE + timedelta(hours=start),
        ends_at=NINE + timedelta(hours=start + hours),
        party_size=party,
        vehicle_class=vehicle_class,
    )


def car(number, seats=4, licence="C1", busy=(), vehicle_class="sedan"):
    """A car."""
    return CarThere(
        vehicle_id=UUID(int=number), vehicle_class=vehicle_class, seats=seats, licence=licence, busy=taken(busy)
    )


def driver(number, licences=("C1",), busy=(), off_duty=()):
    """A driver."""
    return DriverThere(driver_id=UUID(int=number), licences=tuple(licences), busy=taken(busy), off_duty=tuple(off_duty))


def taken(busy):
    """Times that are taken, given as begin and end."""
    return tuple(Taken(starts_at=starts_at, ends_at=ends_at) for starts_at, ends_at in busy)


def served(found):
    """The numbers of the requests that are served."""
    return {one.booking_id.int - 100 for one in found.assigned}


@pytest.mark.clause("R3.2.2")
def test_a_higher_class_is_not_given_up_for_any_number_of_lower_ones():
    """One long request of the first class beats three short ones of none."""
    requests = [asked(0, 0, 6, rank=1), *(asked(n, 2 * n - 2, 2) for n in (1, 2, 3))]
    found = assign(requests, [car(1)], [driver(1)])
    assert served(found) == {0}
    assert [each.int - 100 for each in found.unserved] == [1, 2, 3]
    assert found.optimal


@pytest.mark.clause("R3.2.2")
def test_within_a_class_the_most_are_served():
    """Three short ones rather than one long one, though that was registered first."""
    requests = [asked(0, 0, 6), *(asked(n, 2 * n - 2, 2) for n in (1, 2, 3))]
    assert served(assign(requests, [car(1)], [driver(1)])) == {1, 2, 3}


@pytest.mark.clause("R3.2.2")
def test_the_urgent_and_then_the_earlier_registered_go_first():
    """Of two that cannot both go, of one class."""
    assert served(assign([asked(0), asked(1, urgent=True)], [car(1)], [driver(1)])) == {1}
    assert served(assign([asked(1), asked(0)], [car(1)], [driver(1)])) == {0}


@pytest.mark.parametrize(
    ("request_", "cars", "drivers"),
    [
        (asked(0, party=5), [car(1)], [driver(1)]),
        (asked(0, vehicle_class="van"), [car(1)], [driver(1)]),
        (asked(0), [car(1, licence="A1")], [driver(1)]),
        (asked(0), [car(1, busy=[(NINE + timedelta(hours=1), None)])], [driver(1)]),
        (asked(0), [car(1)], [driver(1, busy=[(NINE - timedelta(hours=1), NINE + timedelta(minutes=1))])]),
        (asked(0), [car(1)], [driver(1, off_duty=[UUID(int=100)])]),
        (asked(0), [car(1)], []),
        (asked(0), [], [driver(1)]),
    ],
    ids=["seats", "class", "licence", "car taken", "driver taken", "off duty", "no driver", "no car"],
)
def test_what_does_not_fit_is_not_proposed(request_, cars, drivers):
    """Seats, class, licence, duty, and what is taken already."""
    found = assign([request_], cars, drivers)
    assert (found.assigned, found.unserved) == ((), (request_.booking_id,))


def test_a_licence_goes_with_its_car():
    """The coach gets the driver who may drive it, the sedan the other one."""
    found = assign(
        [asked(0, party=30), asked(1)],
        [car(1), car(2, seats=40, licence="A1", vehicle_class="coach")],
        [driver(1, ("C1", "A1")), driver(2)],
    )
    assert {(one.vehicle_id.int, one.driver_id.int) for one in found.assigned} == {(2, 1), (1, 2)}


def test_the_smaller_car_is_taken_where_both_would_do():
    """So that the larger one is left for a larger party."""
    found = assign([asked(0)], [car(1, seats=40), car(2, seats=4)], [driver(1)])
    assert found.assigned[0].vehicle_id == UUID(int=2)


def test_the_same_question_gets_the_same_answer():
    """Whatever order it is put in, digest included; another question has another digest."""
    requests = [asked(n, n % 5, 2, rank=1 + n % 3) for n in range(20)]
    cars, drivers = [car(n) for n in range(1, 4)], [driver(n) for n in range(1, 4)]
    first = assign(requests, cars, drivers)
    assert assign(requests[::-1], cars[::-1], drivers[::-1]) == first
    assert assign(requests[1:], cars, drivers).digest != first.digest


def test_a_question_that_is_too_large_is_not_computed():
    """A bound stands before the solver."""
    with pytest.raises(TooLarge):
        assign([asked(n) for n in range(MAX_REQUESTS + 1)], [], [])


def best_by_brute_force(requests, cars, drivers):
    """The most that can be served, by class, tried out one by one."""
    best = ()
    choices = [None, *itertools.product(range(len(cars)), range(len(drivers)))]
    ranks = sorted({one.class_rank for one in requests})
    for plan in itertools.product(choices, repeat=len(requests)):
        chosen = [(one, *pair) for one, pair in zip(requests, plan, strict=True) if pair is not None]
        clashes = any(
            a.starts_at < b.ends_at and b.starts_at < a.ends_at and (c == e or d == f)
            for (a, c, d), (b, e, f) in itertools.combinations(chosen, 2)
        )
        fits = all(one.party_size <= cars[c].seats and cars[c].licence in drivers[d].licences for one, c, d in chosen)
        if fits and not clashes:
            score = tuple(
                sum(MAX_REQUESTS + 1 if one.urgent else 1 for one, *_ in chosen if one.class_rank == rank)
                for rank in ranks
            )
            best = max(best, score)
    return best


REQUESTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(1, 3), st.integers(1, 3), st.booleans(), st.sampled_from([2, 6])),
    min_size=1,
    max_size=4,
)


@pytest.mark.clause("R3.2.2")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=REQUESTS)
def test_no_assignment_serves_more(made):
    """Property: what the solver finds is what trying everything finds, class by class, and nobody is given twice."""
    requests = [
        asked(n, start, hours, rank, urgent=urgent, party=party)
        for n, (start, hours, rank, urgent, party) in enumerate(made)
    ]
    cars = [car(1), car(2, seats=6, licence="A1")]
    drivers = [driver(1), driver(2, ("C1", "A1"))]
    found = assign(requests, cars, drivers)
    by_id = {one.booking_id: one for one in requests}
    for a, b in itertools.combinations(found.assigned, 2):
        if a.vehicle_id == b.vehicle_id or a.driver_id == b.driver_id:
            assert by_id[a.booking_id].ends_at <= by_id[b.booking_id].starts_at or (
                by_id[b.booking_id].ends_at <= by_id[a.booking_id].starts_at
            )
    score = tuple(
        sum(
            MAX_REQUESTS + 1 if by_id[one.booking_id].urgent else 1
            for one in found.assigned
            if by_id[one.booking_id].class_rank == rank
        )
        for rank in sorted({one.class_rank for one in requests})
    )
    assert score == best_by_brute_force(requests, cars, drivers)


def test_the_solver_prints_nothing():
    """A process that computes an assignment has written nothing to its output streams by the time it ends."""
    script = (
        "from tests.services.test_assignment import asked, assign, car, driver\n"
        "assert len(assign([asked(n) for n in range(4)], [car(1), car(2)], [driver(1), driver(2)]).assigned) == 2"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"", b"")
