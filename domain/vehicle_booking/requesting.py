"""How a booking begins: the form, the leader's signature, lead time, areas, the head's exceptions (R3.2.1, R3.2.3)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from domain.kernel import Context, Event, Refusal
from domain.rules.r3 import R3Rules, in_force
from domain.rules.r3_parts import ChargedCategory, FreeCategory
from domain.unit_voice import must_speak_for
from domain.vehicle_booking import commands as c
from domain.vehicle_booking import events as e
from domain.vehicle_booking.charging import line_of
from domain.vehicle_booking.guards import bad, must_be, person_of, rules_of, unknown
from domain.vehicle_booking.lead import latest, readings
from domain.vehicle_booking.ranking import class_rank
from domain.vehicle_booking.state import BookingState

MAX_DURATION = timedelta(days=60)
MAX_AHEAD = timedelta(days=400)
MAX_ROUNDS = 50
CLAUSES: dict[e.Exception_, str] = {
    "late": "R3.2.1",
    "single_in_district": "R3.2.3",
    "individual": "R3.2.3",
    "business_trip": "R3.2.3",
}
WORDS: dict[e.Exception_, str] = {
    "late": "未按规定提前申请",
    "single_in_district": "单人区内非集体用车",
    "individual": "非集体用车",
    "business_trip": "个人出差、开会",
}


def request(_: None, command: c.RequestVehicle, context: Context) -> tuple[Event, ...]:
    """Fill in the form under the rules of the day; the booking keeps them for its life."""
    found = in_force(context, context.today)
    rules = found.values
    _must_lie_ahead(command.starts_at, command.ends_at, context)
    uses: tuple[FreeCategory | ChargedCategory, ...] = (*rules.free, *rules.charged)
    category = next((each for each in uses if each.code == command.category), None)
    if category is None:
        no_use = ("没有这一用车事由", "The rules know no such use.")
        raise unknown("category", "category_unknown", no_use, "R3.1.2", [each.code for each in uses])
    classes = [each.code for each in rules.priorities]
    if command.priority is not None and command.priority not in classes:
        no_priority = ("没有这一优先类别", "The rules know no such class.")
        raise unknown("priority", "priority_unknown", no_priority, "R3.2.2", classes)
    if command.vehicle_class is not None and line_of(command.vehicle_class, rules) is None:
        no_class = ("资费表中没有这一车型", "The tariff knows no such class.")
        raise unknown("vehicle_class", "class_unknown", no_class, "R3.1.2", [line.code for line in rules.tariff])
    return (
        e.VehicleRequested(
            unit=command.unit,
            category=category.code,
            category_zh=category.zh,
            category_en=category.en,
            free=isinstance(category, FreeCategory),
            reception=isinstance(category, FreeCategory) and category.reception,
            purpose=command.purpose,
            collective=command.collective,
            party_size=command.party_size,
            area=command.area,
            origin=command.origin,
            destination=command.destination,
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            priority=command.priority,
            urgent=command.urgent,
            temporary=command.temporary,
            business_trip=command.business_trip,
            vehicle_class=command.vehicle_class,
            requested_by=context.actor.id,
            rule_version=found.version,
        ),
    )


def change(state: BookingState, command: c.ChangeRequest, context: Context) -> tuple[Event, ...]:
    """Change what is asked for, until the car sets out; the leader signs anew, and the lead time counts anew."""
    must_be(state, "requested", "awaiting_head", "accepted", "dispatched")
    _must_lie_ahead(command.starts_at, command.ends_at, context)
    if state.round >= MAX_ROUNDS:
        raise Refusal("too_many", zh=f"最多变更{MAX_ROUNDS}次", en=f"At most {MAX_ROUNDS} rounds.", clause="R3.2.1")
    return (
        e.RequestChanged(
            round=state.round + 1,
            party_size=command.party_size,
            area=command.area,
            origin=command.origin,
            destination=command.destination,
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            reason=command.reason,
            gave_back=state.status == "dispatched",
            changed_by=context.actor.id,
        ),
    )


def sign(state: BookingState, command: c.SignRequest, context: Context) -> tuple[Event, ...]:
    """The leader in charge signs; the rules accept, refuse, or leave it to the centre's head."""
    must_be(state, "requested")
    rules = rules_of(state, context)
    person = must_speak_for(state.unit, rules, context)
    if context.now >= state.starts_at:
        raise Refusal("departure_passed", zh="已过用车时间", en="The departure has passed.", clause="R3.2.1")
    latest_at = latest(state.starts_at, rules, context.calendar, temporary=state.temporary)
    signed = e.RequestSigned(
        signed_by=person,
        registered_at=context.now,
        latest_at=latest_at,
        late=context.now > latest_at,
        note=command.note,
        readings=readings(rules, temporary=state.temporary),
        rule_version=state.rule_version,
    )
    return (signed, _judged(state, rules, late=signed.late))


def decline(state: BookingState, command: c.DeclineRequest, context: Context) -> tuple[Event, ...]:
    """Without the leader's signature there is no request."""
    must_be(state, "requested")
    must_speak_for(state.unit, rules_of(state, context), context)
    return (_refused(state, "unit_declined", command.reason, context, clause="R3.2.1"),)


def approve(state: BookingState, command: c.ApproveException, context: Context) -> tuple[Event, ...]:
    """The centre's head lets an exception be dispatched (R3.2.3)."""
    must_be(state, "awaiting_head", clause="R3.2.3")
    person = person_of(context)
    return (_accepted(state, rules_of(state, context), approved_by=person, reason=command.reason),)


def reject(state: BookingState, command: c.RejectException, context: Context) -> tuple[Event, ...]:
    """The centre's head makes no exception; the ground that led to him is the refusal's."""
    must_be(state, "awaiting_head", clause="R3.2.3")
    person_of(context)
    ground = state.grounds[0]
    return (_refused(state, ground, command.reason, context, clause=CLAUSES[ground]),)


def refuse(state: BookingState, command: c.RefuseRequest, context: Context) -> tuple[Event, ...]:
    """The dispatch room has no car to give (R3.2.2)."""
    must_be(state, "accepted", clause="R3.2.2")
    return (_refused(state, command.ground, command.reason, context, clause="R3.2.2"),)


def _must_lie_ahead(starts_at: datetime, ends_at: datetime, context: Context) -> None:
    if not context.now < starts_at <= context.now + MAX_AHEAD:
        raise bad("starts_at", "departure_out_of_bounds", "用车时间须在将来一年内", "The departure must lie ahead.")
    if not timedelta() < ends_at - starts_at <= MAX_DURATION:
        raise bad(
            "ends_at",
            "return_out_of_bounds",
            f"返回须晚于出发且不超过{MAX_DURATION.days}天",
            f"The return must follow the departure within {MAX_DURATION.days} days.",
        )


def _judged(state: BookingState, rules: R3Rules, *, late: bool) -> Event:
    """What the rules say of a signed request: refused where one ground refuses, else to the head, else accepted."""
    grounds = tuple(_grounds(state, rules, late=late))
    refusing = {"late": rules.late == "refused", "business_trip": rules.trip == "refused"}
    for ground in grounds:
        if refusing.get(ground, False):
            return e.BookingRefused(
                ground=ground,
                reason=WORDS[ground],
                refused_by=None,
                readings=_exceptions(state, rules),
                rule_version=state.rule_version,
                clause=CLAUSES[ground],
            )
    if grounds:
        return e.HeadAwaited(
            grounds=grounds,
            readings=_exceptions(state, rules),
            rule_version=state.rule_version,
            clause=CLAUSES[grounds[0]],
        )
    return _accepted(state, rules)


def _grounds(state: BookingState, rules: R3Rules, *, late: bool) -> Iterator[e.Exception_]:
    """Why a request is not simply accepted; areas before lead time, for they would stand even if it were early."""
    if state.business_trip:
        yield "business_trip"
    if not state.collective:
        if state.party_size == 1 and state.area == "district":
            yield "single_in_district"
        elif rules.individual == "centre_head":
            yield "individual"
    if late:
        yield "late"


def _exceptions(state: BookingState, rules: R3Rules) -> dict[str, str]:
    found: dict[str, str] = {"R3.2.1.late": rules.late}
    if state.business_trip:
        found["R3.2.3.trip"] = rules.trip
    if not state.collective:
        found["R3.2.3.individual"] = rules.individual
    return found


def _accepted(state: BookingState, rules: R3Rules, approved_by: UUID | None = None, reason: str = "") -> Event:
    return e.BookingAccepted(
        class_rank=class_rank(state.priority, rules),
        approved=approved_by is not None,
        approved_by=approved_by,
        reason=reason,
        readings={"R3.2.2.rank": rules.rank},
        rule_version=state.rule_version,
        clause="R3.2.1" if approved_by is None else CLAUSES[state.grounds[0]],
    )


def _refused(
    state: BookingState, ground: e.RefusalGround, reason: str, context: Context, *, clause: str
) -> e.BookingRefused:
    return e.BookingRefused(
        ground=ground,
        reason=reason,
        refused_by=context.actor.id,
        readings={},
        rule_version=state.rule_version,
        clause=clause,
    )
