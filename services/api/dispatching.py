"""Dispatch: routes whose facts the service lays before the domain, so that no client says them (R3.2.2)."""

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.kernel import not_found
from domain.vehicle_booking import VEHICLE_BOOKING, BookingState
from services.api.bodies import decoder_of
from services.api.body import decode, require_json
from services.api.commands import answer
from services.api.requests import (
    Desk,
    HttpRequest,
    credential,
    header,
    if_match,
    key_use,
    opened,
    path_id,
    raw_body,
)
from services.planning.dispatching import PREPARED, Prepared, Sight
from services.runtime.commands import CommandRequest


def dispatch_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [_route(desk, prepared) for prepared in PREPARED.values()]


def _route(desk: Desk, prepared: Prepared) -> HTTPRouteHandler:
    """A command whose facts the service lays down: what it reads is what stands at this moment."""
    spec = VEHICLE_BOOKING.spec(prepared.command)

    async def act(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        token, booking = credential(request), path_id(stream_id)
        tenant = token.ids[0]
        with desk.admitted(request, tenant):
            raw = await raw_body(request, desk.settings.max_body_bytes)
            require_json((header(request, b"content-type") or "").encode())
            body = decode(raw, decoder_of(prepared.body))
            async with opened(desk, request, token, spec.permission) as reader:
                sight = Sight(runtime=desk.runtime, connection=reader.connection, tenant=tenant, config=reader.config)
                state = await sight.state(VEHICLE_BOOKING.noun, booking)
                if not isinstance(state, BookingState):
                    raise not_found(VEHICLE_BOOKING.title)
                laid = await prepared.prepare(sight, booking, state, body)
            result = await desk.runtime.bus.execute(
                CommandRequest(
                    tenant=tenant,
                    decider=VEHICLE_BOOKING,
                    stream=booking,
                    command=laid.command,
                    beside=laid.beside,
                    authorise=desk.runtime.authority.authorise(token),
                    if_match=if_match(request),
                    key=key_use(request, raw),
                    correlation=request.scope["state"]["correlation"],
                )
            )
        return answer(VEHICLE_BOOKING, spec, result)

    act.__name__ = act.__qualname__ = f"vehicle_booking_{spec.name}"
    act.__doc__ = f"{(prepared.command.__doc__ or '').strip()}\n\nPermission: `{spec.permission}`."
    return post(
        f"/v1/vehicle-bookings/{{stream_id:str}}/{spec.name.replace('_', '-')}",
        opt={"body": prepared.body, "headers": ("If-Match", "Idempotency-Key")},
        tags=["vehicle-bookings"],
        summary=f"{spec.summary.zh} · {spec.summary.en}",
    )(act)
