"""Opening the seal on a reporter's identity: by a custodian, for a reason, recorded before it is shown (R4.12)."""

from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from domain.sealed_identity import SEALED_IDENTITY, Reason, identity_id
from services.anonymous.identities import open_seal
from services.api.bodies import json_body, json_response
from services.api.requests import Desk, HttpRequest, credential
from services.runtime.access_log import note


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The report whose reporter is to be known, and why."""

    report_id: UUID
    reason: Reason


class OpenedIdentity(msgspec.Struct, frozen=True):
    """What the reporter had left, in this answer alone."""

    report_id: UUID
    name: str
    contact: str


def identity_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The route of this module."""

    @post(
        "/v1/sealed-identities/open-identity",
        opt={"body": Opening},
        status_code=200,
        tags=[SEALED_IDENTITY.plural],
        summary="启封举报人身份 · Open the seal on a reporter's identity",
    )
    async def open_identity(request: HttpRequest) -> Response[OpenedIdentity]:
        """Shows what a reporter left under seal, once the opening stands in the ledger with its reason (R4.12, R4.21).

        Permission: `sealed_identity.open`, in person. Whoever handles the case, or is named in it, is refused.
        """
        token = credential(request)
        body = await json_body(request, Opening)
        correlation = request.scope["state"]["correlation"]
        with desk.admitted(request, token.ids[0]):
            identity, person = await open_seal(desk.runtime, token, body.report_id, body.reason, correlation)
            async with desk.runtime.database.tenant_transaction(token.ids[0]) as connection:
                await note(
                    connection,
                    token.ids[0],
                    person.actor,
                    desk.runtime.clock(),
                    "sealed_identity",
                    noun=SEALED_IDENTITY.noun,
                    stream=identity_id(body.report_id),
                    detail=f"report={body.report_id}",
                    correlation=correlation,
                )
        return json_response(
            OpenedIdentity(body.report_id, identity.name, identity.contact), headers={"Cache-Control": "no-store"}
        )

    return [open_identity]
