"""Request forms: signed by the leader in charge, in time or not, and the areas in which the rules send no car."""

from datetime import timedelta

import pytest

from domain.vehicle_booking import commands as c
from tests.domain.booking_given import HEAD, LEADER, Case, at, form

SECOND = timedelta(seconds=1)


def outcome(case, now):
    """What the leader's signature at an instant leads to: status, ground and clause."""
    last = case.sign(now)[-1]
    return case.state.status, getattr(last, "ground", None), last.clause


@pytest.mark.clause("R3.2.1")
def test_a_form_reaches_the_centre_by_its_signature():
    """Unsigned, nobody can be given a car; the leader's signature registers it, and it waits for one."""
    case = Case()
    assert case.refuse(c.RefuseRequest(ground="no_vehicle", reason="无车")).code == "wrong_status"
    signed, accepted = case.sign()
    assert (signed.signed_by, signed.registered_at, signed.late) == (LEADER, case.now, False)
    assert (case.state.status, accepted.clause, accepted.approved) == ("accepted", "R3.2.1", False)


@pytest.mark.clause("R3.2.1")
@pytest.mark.parametrize(
    ("departs", "values", "last"),
    [
        (at(4, 15), {}, at(4, 14)),
        (at(4, 15), {"day_count": "date"}, at(4, 15, 0) - timedelta(microseconds=1)),
        (at(4, 15), {"lead_days": 2}, at(4, 13)),
        # Monday 4 May is in the holiday of 1 to 5 May 2026; Thursday 30 April is the working day before Wednesday 6
        (at(5, 6), {"day": "calendar"}, at(5, 5)),
        (at(5, 6), {"day": "working"}, at(4, 30)),
        (at(5, 6), {"day": "working", "day_count": "date"}, at(5, 1, 0) - timedelta(microseconds=1)),
        # Saturday 9 May is worked in exchange, so that it is the working day before Sunday's departure
        (at(5, 10), {"day": "working"}, at(5, 9)),
    ],
)
def test_a_day_ahead_to_the_second(departs, values, last):
    """The last instant is in time, the next second is not; rest days count by the reading."""
    assert outcome(Case(form(departs), **values), last) == ("accepted", None, "R3.2.1")
    late = Case(form(departs), **values)
    assert outcome(late, last + SECOND) == ("refused", "late", "R3.2.1")
    assert late.events[-2].latest_at == last


@pytest.mark.clause("R3.2.1")
@pytest.mark.parametrize(
    ("departs", "values", "last"),
    [
        (at(4, 15, 14), {}, at(4, 15, 2)),
        (at(4, 15, 14), {"half_day": "working_hours_4"}, at(4, 15, 10)),
        (at(4, 15, 9, 30), {"half_day": "working_hours_4"}, at(4, 14, 14, 30)),
        (at(4, 15, 20), {"half_day": "working_hours_4"}, at(4, 15, 13, 30)),
        (at(5, 6, 9, 30), {"half_day": "working_hours_4"}, at(4, 30, 14, 30)),
    ],
)
def test_half_a_day_ahead_for_temporary_use(departs, values, last):
    """Twelve hours, or four hours of working time, which nights and holidays are no part of."""
    assert outcome(Case(form(departs, temporary=True), **values), last)[0] == "accepted"
    assert outcome(Case(form(departs, temporary=True), **values), last + SECOND) == ("refused", "late", "R3.2.1")


@pytest.mark.clause("R3.2.1")
def test_a_late_request_goes_to_the_centre_head_where_it_is_read_so():
    """Under that reading the head approves or rejects, on the ground of lateness."""
    case = Case(late="centre_head")
    assert outcome(case, at(4, 15, 8)) == ("awaiting_head", None, "R3.2.1")
    assert case.events[-1].grounds == ("late",)
    assert case.events[-1].readings["R3.2.1.late"] == "centre_head"
    [accepted] = case.send(c.ApproveException(reason="事出有因"), person=HEAD)
    assert (accepted.approved_by, accepted.clause, case.state.status) == (HEAD, "R3.2.1", "accepted")


@pytest.mark.clause("R3.2.3")
@pytest.mark.parametrize("area", ["city", "outside_city", "outside_province"])
def test_collective_use_goes_everywhere(area):
    """A unit's collective use is accepted inside the city, outside it and outside the province."""
    assert outcome(Case(form(area=area)), at(4, 10)) == ("accepted", None, "R3.2.1")


@pytest.mark.clause("R3.2.3")
def test_a_single_person_in_the_district_needs_the_centre_head():
    """Not dispatched in principle: the head makes the exception, or refuses under that clause."""
    alone = form(collective=False, party_size=1, area="district", category="other_official")
    case = Case(alone)
    assert outcome(case, at(4, 10)) == ("awaiting_head", None, "R3.2.3")
    assert case.refuse(c.RefuseRequest(ground="no_vehicle", reason="无车")).clause == "R3.2.2"
    [refused] = case.send(c.RejectException(reason="可乘公交"), person=HEAD)
    assert (refused.ground, refused.clause, case.state.status) == ("single_in_district", "R3.2.3", "refused")
    approved = Case(alone)
    approved.sign()
    [accepted] = approved.send(c.ApproveException(reason="携带机要件"), person=HEAD)
    assert (accepted.approved, accepted.clause) == (True, "R3.2.3")


@pytest.mark.clause("R3.2.3")
@pytest.mark.parametrize(
    ("reading", "more", "status"),
    [
        ("accepted", {"party_size": 1, "area": "city"}, "accepted"),
        ("accepted", {"party_size": 2, "area": "district"}, "accepted"),
        ("centre_head", {"party_size": 1, "area": "city"}, "awaiting_head"),
        ("centre_head", {"party_size": 2, "area": "district"}, "awaiting_head"),
    ],
)
def test_other_use_that_is_not_collective_follows_its_reading(reading, more, status):
    """Where the source is silent the tenant's reading says who decides."""
    case = Case(form(collective=False, category="other_official", **more), individual=reading)
    assert outcome(case, at(4, 10))[0] == status


@pytest.mark.clause("R3.2.3")
def test_a_business_trip_is_refused_in_principle():
    """An individual's trip or meeting is refused under its clause, or goes to the head by the reading."""
    trip = form(collective=False, party_size=1, area="outside_city", business_trip=True, category="other_official")
    case = Case(trip)
    assert outcome(case, at(4, 10)) == ("refused", "business_trip", "R3.2.3")
    assert case.events[-1].readings["R3.2.3.trip"] == "refused"
    assert outcome(Case(trip, trip="centre_head"), at(4, 10))[0] == "awaiting_head"


@pytest.mark.clause("R3.2.1")
def test_a_leader_who_declines_ends_the_request():
    """Without the signature there is no request."""
    case = Case()
    [refused] = case.send(c.DeclineRequest(reason="不必用车"), person=LEADER)
    assert (refused.ground, refused.clause, refused.refused_by) == ("unit_declined", "R3.2.1", LEADER)


@pytest.mark.clause("R3.2.1")
def test_a_changed_request_is_signed_anew_and_its_car_given_back():
    """The signature was for what it said then; the lead time counts from the new one, the car is free."""
    case = Case().dispatched()
    assert set(case.held()) == {"vehicle", "driver"}
    change = c.ChangeRequest(
        party_size=2,
        area="city",
        origin="甲",
        destination="乙",
        starts_at=at(4, 12),
        ends_at=at(4, 12, 12),
        reason="改期",
    )
    [changed] = case.send(change)
    assert (changed.gave_back, changed.round, case.state.status) == (True, 2, "requested")
    assert case.held() == {}
    assert outcome(case, at(4, 11, 9, 0, 1)) == ("refused", "late", "R3.2.1")


@pytest.mark.clause("R3.2.1", "R3.2.2", "R3.2.3")
@pytest.mark.parametrize(
    ("prepare", "ground", "clause"),
    [
        (lambda case: case, "not_signed", "R3.2.1"),
        (lambda case: case.accepted(), "not_dispatched", "R3.2.2"),
    ],
)
def test_a_departure_without_a_car_ends_the_request(prepare, ground, clause):
    """At the minute of departure whatever is still open is answered, with its clause."""
    case = prepare(Case())
    assert case.until(at(4, 15, 8, 59)) == []
    [refused] = case.until(at(4, 15, 9))
    assert (refused.ground, refused.clause, case.state.status) == (ground, clause, "refused")


@pytest.mark.clause("R3.2.3")
def test_an_exception_nobody_decides_ends_with_the_departure():
    """The head's silence is no approval."""
    case = Case(form(collective=False, party_size=1, area="district", category="other_official"))
    case.sign()
    [refused] = case.until(at(4, 15, 9))
    assert (refused.ground, refused.clause) == ("not_decided", "R3.2.3")


@pytest.mark.clause("R3.1.1", "R3.1.2", "R3.2.2")
@pytest.mark.parametrize(
    ("wrong", "field", "clause"),
    [
        ({"category": "leisure"}, "category", "R3.1.2"),
        ({"priority": "friends"}, "priority", "R3.2.2"),
        ({"vehicle_class": "rocket"}, "vehicle_class", "R3.1.2"),
        ({"starts_at": at(4, 10)}, "starts_at", "R3.2.1"),
        ({"hours": 0}, "ends_at", "R3.2.1"),
    ],
)
def test_what_the_rules_do_not_know_is_refused_at_its_field(wrong, field, clause):
    """Use, class, car and time are the rules' own, and in the future."""
    refusal = Case().refuse_new(form(**wrong))
    assert (refusal.field, refusal.clause, refusal.kind) == (field, clause, "value")


@pytest.mark.clause("R3.2.1")
@pytest.mark.parametrize("command", [c.SignRequest(), c.DeclineRequest(reason="不必")])
def test_a_form_is_signed_and_declined_by_its_own_unit(command):
    """Another unit's leader does neither, nor who has no department, unless the rules read it so."""
    case = Case()
    case.departments[HEAD] = "卫生局"
    refusal = case.refuse(command, person=HEAD)
    assert (refusal.code, refusal.kind, refusal.clause) == ("other_unit", "forbidden", "R3.2.1")
    del case.departments[HEAD]
    assert case.refuse(command, person=HEAD).code == "no_department"
    assert Case(unit="or_unassigned").send(command, person=HEAD)
    case.departments[HEAD] = "教育局"
    assert case.send(command, person=HEAD)


@pytest.mark.clause("R3.1.2", "R3.2.2")
@pytest.mark.parametrize(
    ("values", "code", "field", "clause"),
    [
        ({"category": "picnic"}, "category_unknown", "category", "R3.1.2"),
        ({"priority": "picnic"}, "priority_unknown", "priority", "R3.2.2"),
        ({"vehicle_class": "picnic"}, "class_unknown", "vehicle_class", "R3.1.2"),
    ],
)
def test_what_the_rules_do_not_know_is_refused_with_what_they_do(values, code, field, clause):
    """The refusal names the field, the clause, and all that would do."""
    refused = Case().refuse_new(form(**values))
    assert (refused.code, refused.field, refused.clause) == (code, field, clause)
    assert refused.details["known"]
    assert "picnic" not in refused.details["known"]
    for known in refused.details["known"]:
        assert Case(form(**{field: known})).state.status == "requested"
