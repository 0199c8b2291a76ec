"""A driver's calendar as iCalendar (RFC 5545) under a secret, revocable address (R3.2.2).

The address is a credential of its own: it shows one driver's trips and absences, and nothing else. What is stored of it
is a hash; unknown, revoked and foreign addresses look alike.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from icalendar import Calendar, Event
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.driver import DRIVER, DriverState
from domain.driver.messages import IssueFeed
from domain.kernel import Refusal
from projections import fleet_board as fleet
from services.api.bodies import json_body, json_response
from services.api.requests import Desk, HttpRequest, credential, if_match, path_id
from services.runtime.commands import CommandRequest
from services.runtime.config import UnknownTenant
from services.runtime.tokens import FEED_PREFIX, Token, mint, parse

BEFORE, AHEAD = timedelta(days=31), timedelta(days=93)
"""How far back and ahead a calendar shows."""
PRODUCT = "-//Kaohe//Driver calendar//ZH"


class FeedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing is to be said: the address is made here."""


class FeedAddress(msgspec.Struct, frozen=True):
    """The address, shown once; ``feed_id`` is what it is revoked by."""

    feed_id: UUID
    url: str


def feed_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    spec = DRIVER.spec(IssueFeed)

    @post(
        "/v1/drivers/{stream_id:str}/issue-feed",
        opt={"body": FeedRequest, "headers": ("If-Match",)},
        tags=["drivers"],
        summary=f"{spec.summary.zh} · {spec.summary.en}",
    )
    async def issue(request: HttpRequest, stream_id: FromPath[str]) -> Response[FeedAddress]:
        """A secret address at which calendar programs read the driver's trips. Permission: `driver.issue_feed`."""
        token, driver = credential(request), path_id(stream_id)
        tenant = token.ids[0]
        await json_body(request, FeedRequest)
        text, minted = mint(FEED_PREFIX, tenant, driver)
        with desk.admitted(request, tenant):
            result = await desk.runtime.bus.execute(
                CommandRequest(
                    tenant=tenant,
                    decider=DRIVER,
                    stream=driver,
                    command=IssueFeed(token_hash=minted.secret_hash.hex()),
                    authorise=desk.runtime.authority.authorise(token),
                    if_match=if_match(request),
                    correlation=request.scope["state"]["correlation"],
                )
            )
        made = msgspec.json.decode(result.body, type=_Issued).events[0]
        address = FeedAddress(made.feed_id, f"{desk.runtime.settings.public_url.rstrip('/')}/feeds/{text}.ics")
        return json_response(address, 201, {"ETag": f'"{result.version}"', "Kaohe-Position": str(result.position)})

    @get(
        "/feeds/{token:str}",
        opt={"public": True},
        media_type="text/calendar",
        tags=["drivers"],
        summary="驾驶员日历 · A driver's calendar",
    )
    async def feed(request: HttpRequest, token: FromPath[str]) -> Response[bytes]:
        """The driver's trips and absences, a month back and three ahead. The address itself is the permission."""
        known = _parsed(desk, request, token)
        with desk.admitted(request, known.ids[0]):
            body = await _calendar(desk, known)
        headers = {"Cache-Control": "private, max-age=300", "Referrer-Policy": "no-referrer"}
        return Response(body, media_type="text/calendar", headers=headers)

    return [issue, feed]


class _IssuedEvent(msgspec.Struct):
    feed_id: UUID


class _Issued(msgspec.Struct):
    events: list[_IssuedEvent]


def _parsed(desk: Desk, request: HttpRequest, text: str) -> Token:
    desk.logins.admit(f"feed:{request.client.host if request.client else ''}")
    token = parse(text.removesuffix(".ics"))
    if token is None or token.prefix != FEED_PREFIX or len(token.ids) != 2:  # noqa: PLR2004 - tenant, driver
        raise _unknown()
    return token


def _unknown() -> Refusal:
    return Refusal("not_found", zh="日历地址无效", en="This calendar address is not valid.")


async def _calendar(desk: Desk, token: Token) -> bytes:
    tenant, driver = token.ids
    now = desk.runtime.clock()
    async with desk.runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        try:
            config = await desk.runtime.configs.read(connection, tenant)
        except UnknownTenant:
            raise _unknown() from None
        state = (await desk.runtime.states.read(connection, tenant, DRIVER.noun, driver)).state
        hashes = {feed.token_hash for feed in state.feeds.values()} if isinstance(state, DriverState) else set()
        if not isinstance(state, DriverState) or not config.active or token.secret_hash.hex() not in hashes:
            raise _unknown()
        zone = ZoneInfo(config.calendar.timezone)
        start, end = now - BEFORE, now + AHEAD
        held = await fleet.bookings(connection, fleet.held_by_question(tenant, "driver", driver, start, end), zone)
        windows = await fleet.windows(connection, fleet.windows_question(tenant, start, end, driver), zone)
    return rendered(state.name, held, windows, now)


def rendered(name: str, bookings: Sequence[fleet.Booking], windows: Sequence[fleet.Window], now: datetime) -> bytes:
    """The calendar of a driver: trips, and times away that have an end."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{name} 出车日程")
    for each in bookings:
        trip = _event(f"{each.booking_id}@kaohe", each.starts_at, each.ends_at, now)
        trip.add("summary", f"{each.plate} {each.unit}：{each.origin} → {each.destination}")
        trip.add("location", each.origin)
        trip.add("status", "CONFIRMED")
        calendar.add_component(trip)
    for number, window in enumerate(windows):
        if window.ends_at is not None:
            uid = f"{window.resource_id}.{number}.{window.starts_at:%Y%m%dT%H%M}@kaohe"
            away = _event(uid, window.starts_at, window.ends_at, now)
            away.add("summary", f"不出车：{window.reason}")
            calendar.add_component(away)
    written: bytes = calendar.to_ical()
    return written


def _event(uid: str, starts_at: datetime, ends_at: datetime, now: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    return event
