"""From the centre's files to steps: its fleet, and of each request who does what about it, and when.

Steps that come within the hour are `at_once`: nobody waits for the consequences of one before the next. Fates that
are no plain trip: refused (``declined``, ``late``, ``single_rejected``, ``trip_rejected``, ``no_vehicle``,
``no_driver``), left to time (``not_signed``, ``not_decided``, ``not_dispatched``), given up (``cancelled_early``,
``cancelled_late``, ``cancelled_centre``, ``no_show``), ``displaced`` and ``displaces:NUMBER``, or trips with something
about them (``single``, ``trip_approved``, ``changed``, ``swapped``, ``extended``, ``objected``, ``unrecorded``,
``unsigned``, ``temporary``).
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.kernel import derived_id
from domain.unit_settlement.handlers import stream_of
from services.demo.centre import Centre, CentreAct, Request
from services.demo.steps import Send

Local = Callable[[datetime], datetime]
MINUTE = timedelta(minutes=1)
APART = timedelta(seconds=3)
WEEKDAYS = tuple({"weekday": day, "from_minute": 480, "to_minute": 1080} for day in range(1, 6))
FORM = (
    *("unit", "category", "purpose", "collective", "party_size", "area", "origin", "destination"),
    *("priority", "urgent", "temporary", "business_trip"),
)
EXCEPTIONS = {
    (False, False): ("approve_exception", "行动不便，确需用车"),
    (True, False): ("approve_exception", "会议地点无公共交通"),
    (False, True): ("reject_exception", "区内单人出行，请乘公共交通"),
    (True, True): ("reject_exception", "个人参会自行前往"),
}
"""What the head says: of a business trip or a single person, and whether he rejects it."""
CANCELLED = {
    "cancelled_early": (-1, "unit", "会议改期"),
    "cancelled_centre": (-1, "centre", "道路结冰，停止派车"),
    "cancelled_late": (0, "unit", "来宾临时取消行程"),
}
REFUSED = {
    "no_vehicle": "当日车辆已全部派出",
    "no_driver": "有车但无符合准驾的驾驶员",
}
WITHOUT_TRIP = {*CANCELLED, *REFUSED, "declined", "late", "not_signed", "not_decided", "not_dispatched", "no_show"} | {
    "single_rejected",
    "trip_rejected",
    "displaced",
}


def booking_id(tenant: UUID, number: int) -> UUID:
    """The id of a request of the file."""
    return derived_id(tenant, "demo", "vehicle_booking", str(number))


def driver_id(tenant: UUID, name: str) -> UUID:
    """The id of a driver of the file."""
    return derived_id(tenant, "demo", "driver", name)


def vehicle_id(tenant: UUID, plate: str) -> UUID:
    """The id of a car, which follows from its plate."""
    return derived_id(tenant, "vehicle", plate)


def centre_steps(centre: Centre, tenant: UUID, at: Local) -> Iterator[Send]:
    """Everything that is done about the centre; not in the order of time."""
    yield from _fleet(centre, tenant, at)
    for act in centre.story.acts:
        yield _act(act, tenant, at)
    for request in centre.requests:
        yield from _Told(centre, tenant, at, request).steps()


def _fleet(centre: Centre, tenant: UUID, at: Local) -> Iterator[Send]:
    story, begins = centre.story, at(centre.story.equipped_at)
    for place, car in enumerate(story.vehicles):
        fields = {name: getattr(car, name) for name in ("plate", "vehicle_class", "seats", "licence", "odometer_km")}
        yield Send(
            at=begins + place * MINUTE,
            by=story.dispatcher,
            noun="vehicle",
            stream=vehicle_id(tenant, car.plate),
            command="register_vehicle",
            fields=fields,
        )
    for place, driver in enumerate(story.drivers, len(story.vehicles)):
        yield Send(
            at=begins + place * MINUTE,
            by=story.dispatcher,
            noun="driver",
            stream=driver_id(tenant, driver.name),
            command="register_driver",
            fields={
                "name": driver.name,
                "licences": driver.licences,
                "duty": WEEKDAYS if driver.weekdays else (),
                "member_id": None if driver.member is None else f"@{driver.member}",
            },
        )
    plates = {car.plate for car in story.vehicles}
    for kept in story.kept_free:
        car_kept = kept.what in plates
        yield Send(
            at=at(kept.planned_at),
            by=story.dispatcher,
            noun="vehicle" if car_kept else "driver",
            stream=vehicle_id(tenant, kept.what) if car_kept else driver_id(tenant, kept.what),
            command="plan_maintenance" if car_kept else "plan_absence",
            fields={"starts_at": at(kept.begins), "ends_at": at(kept.ends), "reason": kept.reason},
        )


def _act(act: CentreAct, tenant: UUID, at: Local) -> Send:
    kind, _, name = act.on.partition(":")
    unit, _, month = name.partition("/")
    ways: dict[str, tuple[str, Callable[[], UUID]]] = {
        "vehicle": ("vehicle", lambda: vehicle_id(tenant, name)),
        "driver": ("driver", lambda: driver_id(tenant, name)),
        "booking": ("vehicle_booking", lambda: booking_id(tenant, int(name))),
        "unit": ("unit_settlement", lambda: stream_of(unit, month)),
    }
    noun, stream = ways[kind]
    fields = {
        key: f"{booking_id(tenant, int(value))}:order" if key == "line_key" else value
        for key, value in act.fields.items()
    }
    return Send(at=at(act.at), by=act.by, noun=noun, stream=stream(), command=act.do, fields=fields)


class _Told:
    """One request's steps."""

    def __init__(self, centre: Centre, tenant: UUID, at: Local, request: Request) -> None:
        self._story, self._tenant, self._at, self._request = centre.story, tenant, at, request
        self._unit = next(each for each in centre.story.units if each.name == request.unit)
        self._fate, _, self._other = request.fate.partition(":")
        members = {each.name: each.member for each in centre.story.drivers}
        self._driver = members.get(request.driver) or centre.story.dispatcher
        # those of one moment do what they do one after the other
        self._beat = (request.number % 20) * APART

    def steps(self) -> Iterator[Send]:
        """From the form to the end."""
        yield from self._form()
        yield from self._exception()
        if self._fate == "displaces":
            number, fields = (
                int(self._other),
                {"beneficiary": self._booking, "notice": "区里紧急任务，占用所派车辆，请见谅"},
            )
            yield self._do(
                self._dispatched_at(),
                self._story.dispatcher,
                "displace_booking",
                booking_id(self._tenant, number),
                **fields,
            )
        if self._fate in REFUSED:
            reason = REFUSED[self._fate]
            yield self._do(
                self._dispatched_at(), self._story.dispatcher, "refuse_request", ground=self._fate, reason=reason
            )
        elif self._request.plate:
            yield from self._given()
        if self._fate not in WITHOUT_TRIP:
            yield from self._trip()

    def _form(self) -> Iterator[Send]:
        request, unit = self._request, self._unit
        window = {"starts_at": self._at(request.starts_at), "ends_at": self._at(request.ends_at)}
        form = {name: getattr(request, name) for name in FORM} | window
        yield self._do(request.filed_at, unit.handler, "request_vehicle", **form)
        if self._fate == "changed":
            yield self._do(request.filed_at + 10 * MINUTE, unit.leader, "sign_request")
            asked = {name: form[name] for name in ("party_size", "area", "origin", "destination")}
            reason = "增加一处停靠"
            yield self._do(
                request.registered_at - MINUTE, unit.handler, "change_request", **asked, **window, reason=reason
            )
        if self._fate == "declined":
            yield self._do(request.registered_at, unit.leader, "decline_request", reason="可合并乘车")
        elif self._fate != "not_signed":
            yield self._do(request.registered_at, unit.leader, "sign_request")

    def _exception(self) -> Iterator[Send]:
        """What the head decides on trips of individuals, and on single persons within the district."""
        request = self._request
        single = not request.collective and request.party_size == 1 and request.area == "district"
        if not (single or request.business_trip) or self._fate in {"declined", "not_signed", "not_decided"}:
            return
        rejected = self._fate in {"single_rejected", "trip_rejected"}
        command, reason = EXCEPTIONS[request.business_trip, rejected]
        yield self._do(request.registered_at + 4 * MINUTE, self._story.head, command, reason=reason)

    def _given(self) -> Iterator[Send]:
        """The car that was given, and what became of it before departure."""
        request, dispatcher = self._request, self._story.dispatcher
        pair = {
            "vehicle": vehicle_id(self._tenant, request.plate),
            "driver": driver_id(self._tenant, request.driver),
            "off_duty": request.off_duty,
        }
        given = self._dispatched_at()
        if self._fate != "displaces":  # that gets its car as the other loses it
            yield self._do(given, dispatcher, "dispatch_vehicle", **pair)
        afternoon = given.replace(hour=16, minute=51, second=0) + self._beat
        if self._fate == "swapped":
            pair["vehicle"] = vehicle_id(self._tenant, request.other_plate)
            yield self._do(afternoon, dispatcher, "swap_dispatch", **pair, reason="原车胎压报警，换车")
        if self._fate == "displaced":
            later = afternoon + MINUTE
            yield self._do(later, dispatcher, "refuse_request", ground="outranked", reason="车辆由紧急任务占用")
        if self._fate in CANCELLED:
            days, by, reason = CANCELLED[self._fate]
            at = afternoon - 15 * MINUTE if days else request.starts_at - 50 * MINUTE
            person = dispatcher if by == "centre" else self._unit.handler
            yield self._do(at, person, "cancel_booking", by=by, reason=reason)
        if self._fate == "no_show":
            at = request.starts_at + 70 * MINUTE + self._beat
            yield self._do(at, self._driver, "record_no_show", waited_minutes=70, note="电话无人接听")

    def _trip(self) -> Iterator[Send]:
        """Setting out, coming back, the order with its signatures."""
        request = self._request
        assert request.back_at is not None
        out_km = request.odometer_out_km
        yield self._do(request.starts_at + self._beat, self._driver, "start_trip", odometer_km=out_km)
        if self._fate == "extended":
            until = self._at(request.ends_at + 30 * MINUTE)
            yield self._do(
                request.ends_at - 20 * MINUTE, self._story.dispatcher, "extend_trip", ends_at=until, reason="会议延时"
            )
        noon = request.back_at.hour < 13  # noqa: PLR2004 - the afternoon's trips begin then
        written = request.back_at.replace(hour=12, minute=30) if noon else request.back_at.replace(hour=18, minute=0)
        written = written.replace(second=0) + self._beat
        if self._fate == "unrecorded":
            written += timedelta(days=2)
        yield self._recorded(written)
        signed = written + 6 * MINUTE
        if self._fate == "objected":
            yield self._do(signed, self._unit.handler, "object_to_order", reason="等候时间与实际不符")
            yield self._recorded(signed + 24 * MINUTE, waiting_minutes=0, note="已更正等候时间")
            signed += 30 * MINUTE
        if self._fate == "unsigned":
            signed += timedelta(days=20)
        yield self._do(signed, self._unit.handler, "sign_order")

    def _recorded(self, at: datetime, **more: Any) -> Send:
        request = self._request
        assert request.out_at is not None
        assert request.back_at is not None
        fields = {
            "out_at": self._at(request.out_at),
            "back_at": self._at(request.back_at),
            "route": f"{request.origin}—{request.destination}—{request.origin}",
            "odometer_out_km": request.odometer_out_km,
            "odometer_back_km": request.odometer_back_km,
            "waiting_minutes": request.waiting_minutes,
            "tolls_fen": request.tolls_fen,
            **more,
        }
        return self._do(at, self._driver, "complete_order", **fields)

    @property
    def _booking(self) -> UUID:
        return booking_id(self._tenant, self._request.number)

    def _dispatched_at(self) -> datetime:
        assert self._request.dispatched_at is not None
        return self._request.dispatched_at

    def _do(self, at: datetime, who: str, command: str, stream: UUID | None = None, /, **fields: Any) -> Send:
        return Send(
            at=self._at(at),
            by=who,
            noun="vehicle_booking",
            stream=stream or self._booking,
            command=command,
            fields=fields,
            at_once=True,
        )
