"""How a car and a driver are given, swapped and taken back (R3.2.2). That none is given twice is the store's to say."""

from uuid import UUID

from domain.kernel import Context, Event, Refusal
from domain.vehicle_booking import commands as c
from domain.vehicle_booking import events as e
from domain.vehicle_booking.charging import tariff_on
from domain.vehicle_booking.facts import DriverFacts, Pair, VehicleFacts, Waiting
from domain.vehicle_booking.guards import bad, must_be, rules_of
from domain.vehicle_booking.order_clock import first
from domain.vehicle_booking.ranking import decided_by, ranked
from domain.vehicle_booking.state import BookingState

MAX_SWAPS = 100
MAX_CONSIDERED = 200


def dispatch(state: BookingState, command: c.DispatchVehicle, context: Context) -> tuple[Event, ...]:
    """Give a car and a driver, with the proof of why this request and no other."""
    must_be(state, "accepted", clause="R3.2.2")
    if context.now >= state.starts_at:
        raise Refusal("departure_passed", zh="用车时间已过", en="The departure has passed.", clause="R3.2.2")
    class_zh = _fitting(state, command.vehicle, command.driver, command.off_duty, context)
    own = _own(state, context.own_id())
    considered = ranked((*(each for each in command.known.waiting if each.booking_id != own.booking_id), own))
    rank = considered.index(own) + 1
    if rank > 1 and not command.passing_over.strip():
        better = considered[0]
        raise Refusal(
            "outranked",
            zh="有更优先的申请在等待；越过须说明理由",
            en="A request that goes first is waiting; say why it is passed over.",
            clause="R3.2.2",
            details={
                "booking_id": str(better.booking_id),
                "unit": better.unit,
                "class_rank": better.class_rank,
                "urgent": better.urgent,
                "registered_at": better.registered_at.isoformat(),
                "rank": rank,
            },
        )
    rules, known = rules_of(state, context), command.known
    given = Pair(vehicle_id=command.vehicle.vehicle_id, driver_id=command.driver.driver_id)
    return (
        e.BookingDispatched(
            vehicle=command.vehicle,
            driver=command.driver,
            considered=_kept(considered, own),
            rank=rank,
            decided_by=decided_by(own, considered),
            passing_over=command.passing_over if rank > 1 else "",
            off_duty=command.off_duty,
            known_position=known.position,
            proposal=known.proposal,
            proposed=known.proposed,
            followed=None if known.proposal is None else given == known.proposed,
            dispatched_by=context.actor.id,
            order_due=first("record", state.ends_at, rules),
            readings={"R3.2.2.rank": rules.rank, "R3.2.2.preempt": rules.preempt},
            rule_version=state.rule_version,
            timezone=context.calendar.timezone,
            class_zh=class_zh,
        ),
    )


def swap(state: BookingState, command: c.SwapDispatch, context: Context) -> tuple[Event, ...]:
    """Give another car or driver."""
    must_be(state, "dispatched", "out", clause="R3.2.2")
    assert state.vehicle is not None
    assert state.driver is not None
    previous = (state.vehicle.vehicle_id, state.driver.driver_id)
    if previous == (command.vehicle.vehicle_id, command.driver.driver_id):
        raise Refusal(
            "nothing_swapped", zh="车辆和驾驶员都没有变化", en="Car and driver are the same.", clause="R3.2.2"
        )
    if state.swaps >= MAX_SWAPS:
        raise Refusal("too_many", zh=f"最多换{MAX_SWAPS}次", en=f"At most {MAX_SWAPS} swaps.", clause="R3.2.2")
    class_zh = _fitting(state, command.vehicle, command.driver, command.off_duty, context)
    return (
        e.DispatchSwapped(
            vehicle=command.vehicle,
            driver=command.driver,
            previous_vehicle=previous[0],
            previous_driver=previous[1],
            reason=command.reason,
            off_duty=command.off_duty,
            swapped_by=context.actor.id,
            class_zh=class_zh,
        ),
    )


def displace(state: BookingState, command: c.DisplaceBooking, context: Context) -> tuple[Event, ...]:
    """Take the car back for a request of the first class, with notice, where the reading allows it."""
    must_be(state, "dispatched", clause="R3.2.2")
    rules, other = rules_of(state, context), command.beneficiary
    if rules.preempt == "never":
        raise _not_displaced("never_displaced", "已确认的派车不得占用", "A confirmed booking is never displaced.")
    if other.class_rank != 1 or other.status != "accepted" or other.booking_id == context.own_id():
        raise _not_displaced(
            "not_first_class",
            "只有待派车的第一类申请可以占用",
            "Only a waiting request of the first class may displace.",
        )
    if state.class_rank == 1:
        raise _not_displaced("equal_class", "第一类用车不得被占用", "A booking of the first class is not displaced.")
    if not (other.starts_at < state.ends_at and state.starts_at < other.ends_at):
        raise _not_displaced("no_overlap", "两次用车时间不重叠", "The two are not at the same time.")
    notice_minutes = int((state.starts_at - context.now).total_seconds() // 60)
    if notice_minutes < rules.preempt_notice_minutes:
        raise _not_displaced(
            "notice_too_short",
            f"须提前{rules.preempt_notice_minutes}分钟告知",
            f"Notice of {rules.preempt_notice_minutes} minutes is due.",
        )
    assert state.vehicle is not None
    assert state.driver is not None
    return (
        e.BookingDisplaced(
            by_booking=other.booking_id,
            by_unit=other.unit,
            vehicle_id=state.vehicle.vehicle_id,
            driver_id=state.driver.driver_id,
            notice=command.notice,
            notice_minutes=notice_minutes,
            displaced_by=context.actor.id,
            readings={"R3.2.2.preempt": rules.preempt},
            rule_version=state.rule_version,
        ),
    )


def _own(state: BookingState, booking_id: UUID) -> Waiting:
    assert state.class_rank is not None
    assert state.registered_at is not None
    return Waiting(
        booking_id=booking_id,
        unit=state.unit,
        priority=state.priority,
        class_rank=state.class_rank,
        urgent=state.urgent,
        registered_at=state.registered_at,
        starts_at=state.starts_at,
        ends_at=state.ends_at,
        party_size=state.party_size,
    )


def _kept(considered: tuple[Waiting, ...], own: Waiting) -> tuple[Waiting, ...]:
    """The proof holds the first so many, and always the request itself."""
    kept = considered[:MAX_CONSIDERED]
    return kept if own in kept else (*kept[:-1], own)


def _fitting(state: BookingState, vehicle: VehicleFacts, driver: DriverFacts, off_duty: str, context: Context) -> str:
    """What the tariff calls the car's class, where the car takes the party and the driver drives it and is on duty."""
    if not vehicle.in_service:
        raise _unfit("vehicle", "vehicle_out_of_service", "车辆不在役", "The car is not in service.")
    if vehicle.seats < state.party_size:
        raise _unfit("vehicle", "too_few_seats", f"该车只有{vehicle.seats}座", f"The car has {vehicle.seats} seats.")
    _, line = tariff_on(vehicle.vehicle_class, context.calendar.local_date(state.starts_at), context)
    if not driver.drives:
        raise _unfit("driver", "driver_out", "驾驶员不在岗", "The driver does not drive at present.")
    if vehicle.licence not in driver.licences:
        raise _unfit(
            "driver",
            "licence_lacking",
            f"驾驶员没有{vehicle.licence}准驾",
            f"The driver lacks licence {vehicle.licence}.",
        )
    if not driver.on_duty and not off_duty.strip():
        raise _unfit(
            "off_duty",
            "off_duty",
            "不在驾驶员值班时段，须说明理由",
            "It is outside the driver's duty; say why he goes.",
        )
    return line.zh


def _unfit(field: str, code: str, zh: str, en: str) -> Refusal:
    return bad(field, code, zh, en, "R3.2.2")


def _not_displaced(code: str, zh: str, en: str) -> Refusal:
    return Refusal(code, zh=zh, en=en, clause="R3.2.2")
