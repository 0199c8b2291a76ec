"""What left the house and what could not: deliveries, dead letters and their replay, for administrators."""

from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.kernel import Text
from domain.roles import ADMINISTER_NOTICES
from infra import outbox
from infra.outbox import Listed
from services.api.asking import Microseconds, asking, from_microseconds, query, to_microseconds
from services.api.bodies import Nothing, json_body, json_response
from services.api.pages import decode_cursor
from services.api.parameters import PAGING, choice_parameter
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, path_id, reading

STATES = ("waiting", "sending", "sent", "dead", "uncertain")
STATE = choice_parameter("state", "In this state; `dead` and `uncertain` are dead letters.", STATES)
_PARAMETERS = (STATE, *PAGING)
Cursor = tuple[Microseconds, UUID]


class DeliveryPage(msgspec.Struct, frozen=True):
    """A page of deliveries, the latest first."""

    items: list[Listed]
    next: str | None


class Replayed(msgspec.Struct, frozen=True):
    """A dead letter that will be sent anew under the id it has."""

    id: UUID
    state: str


def delivery_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/notice-deliveries", "notices", "通知投递列表 · Deliveries", _PARAMETERS)
    async def listed(request: HttpRequest) -> Response[DeliveryPage]:
        """Each with its attempts and its last error. Permission: `organisation.administer_notices`."""
        async with asking(desk, request, ADMINISTER_NOTICES, _PARAMETERS) as asked:
            after: Cursor | None = decode_cursor(request, Cursor)
            place = None if after is None else (from_microseconds(after[0]), after[1])
            state = STATE.of(request)
            states = STATES if state is None else (state,)
            found = await outbox.listed(asked.connection, asked.tenant, states, place, asked.limit + 1)
            items, following = asked.cut(found, lambda each: (to_microseconds(each.made_at), each.id))
            return asked.answer(DeliveryPage(items, following))

    @post(
        "/v1/notice-deliveries/{delivery_id:str}/replay",
        opt={"body": Nothing},
        status_code=200,
        tags=["notices"],
        summary="重新投递 · Send a dead letter anew",
    )
    async def replay(request: HttpRequest, delivery_id: FromPath[str]) -> Response[Replayed]:
        """An `uncertain` one may have arrived: replaying it is your decision to risk a second copy."""
        wanted = path_id(delivery_id)
        await json_body(request, Nothing)
        async with reading(desk, request, ADMINISTER_NOTICES) as reader:
            tenant = reader.tenant
            known = await reader.connection.fetchval(
                "select state from outbox where tenant_id = $1 and delivery_id = $2", tenant, wanted
            )
        if known is None:
            raise Problem(404, "not_found", Text("没有这次投递", "There is no such delivery."))
        async with desk.runtime.database.tenant_transaction(tenant) as connection:
            if not await outbox.replay(connection, tenant, wanted, desk.runtime.clock()):
                text = Text("只有未达的投递可以重发", "Only a dead letter can be sent anew.")
                raise Problem(409, "not_dead", text, details={"state": known})
        return json_response(Replayed(wanted, "waiting"))

    return [listed, replay]
