"""Satisfaction ballots through one-time links: handed out once, usable without an account, counted once (R14.3)."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from urllib.parse import parse_qs
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.assessment import ASSESSMENT, AssessmentState, latest_link_expiry
from domain.assessment.commands import BallotLink, CastBallotByLink, IssueBallotLinks
from domain.kernel import Actor, Context, Refusal
from domain.scorecard import Group
from infra.database import Connection
from infra.wire import canonical
from services.api.ballot_page import form_page, message_page
from services.api.bodies import json_body, json_response
from services.api.body import decode
from services.api.commands import answer
from services.api.problems import Problem, to_problem
from services.api.requests import Desk, HttpRequest, credential, if_match, opened, path_id
from services.runtime.commands import CommandRequest
from services.runtime.config import TenantConfig, UnknownTenant
from services.runtime.principal import SYSTEM, Principal, TenantSuspended
from services.runtime.tokens import BALLOT_PREFIX, Token, mint, parse

MAX_LINKS_AT_ONCE = 200
MAX_FORM_BYTES = 20_000


class LinkRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many links for which group. Without ``expires_at`` they live as long as the rules let them."""

    group: Group
    count: Annotated[int, msgspec.Meta(ge=1, le=MAX_LINKS_AT_ONCE)]
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Links(msgspec.Struct, frozen=True):
    """The links, shown once; what is stored of each is a hash."""

    urls: list[str]
    expires_at: datetime


class LinkedBallot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rating of the month's service, 0 to 100, as a decimal string."""

    score: Decimal
    comment: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class BallotInvitation(msgspec.Struct, frozen=True):
    """What a link is for."""

    project: str
    contractor: str
    month: str
    group: Group
    expires_at: datetime


def ballot_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [_issue_route(desk), *_json_routes(desk), *_page_routes(desk)]


def _issue_route(desk: Desk) -> HTTPRouteHandler:
    @post(
        "/v1/assessments/{stream_id:str}/ballot-links",
        opt={"body": LinkRequest, "headers": ("If-Match",)},
        tags=["assessments"],
        summary="发放投票链接 · Hand out links",
    )
    async def hand_out_links(request: HttpRequest, stream_id: FromPath[str]) -> Response[Links]:
        """Makes one-time ballot links (R14.3). Each is in this answer alone."""
        token = credential(request)
        tenant, assessment = token.ids[0], path_id(stream_id)
        body = await json_body(request, LinkRequest)
        minted = [mint(BALLOT_PREFIX, tenant, assessment) for _ in range(body.count)]
        with desk.admitted(request, tenant):
            expires_at = body.expires_at or await _latest_expiry(desk, request, token, assessment)
            result = await desk.runtime.bus.execute(
                CommandRequest(
                    tenant=tenant,
                    decider=ASSESSMENT,
                    stream=assessment,
                    command=IssueBallotLinks(
                        links=tuple(BallotLink(one.secret_hash.hex(), body.group) for _, one in minted),
                        expires_at=expires_at,
                    ),
                    authorise=desk.runtime.authority.authorise(token),
                    if_match=if_match(request),
                    correlation=request.scope["state"]["correlation"],
                )
            )
        base = desk.runtime.settings.public_url.rstrip("/")
        links = Links([f"{base}/b/{text}" for text, _ in minted], expires_at)
        return json_response(links, 201, {"ETag": f'"{result.version}"', "Kaohe-Position": str(result.position)})

    return hand_out_links


async def _latest_expiry(desk: Desk, request: HttpRequest, token: Token, assessment: UUID) -> datetime:
    """How long a link may live; for an assessment that does not exist any instant, as the command will say so."""
    async with opened(desk, request, token, ASSESSMENT.spec(IssueBallotLinks).permission) as reader:
        state = await _assessment(desk, reader.connection, reader.tenant, assessment)
    now = desk.runtime.clock()
    if state is None:
        return now
    context = Context(actor=SYSTEM.actor, now=now, calendar=reader.config.calendar, rules=reader.config.rules)
    return latest_link_expiry(state, context)


async def _assessment(desk: Desk, connection: Connection, tenant: UUID, assessment: UUID) -> AssessmentState | None:
    found = await desk.runtime.states.read(connection, tenant, ASSESSMENT.noun, assessment)
    return found.state if isinstance(found.state, AssessmentState) else None


def _json_routes(desk: Desk) -> list[HTTPRouteHandler]:
    @get(
        "/v1/ballots/{token:str}",
        opt={"public": True},
        tags=["ballots"],
        summary="投票邀请 · What a ballot link is for",
    )
    async def invitation(request: HttpRequest, token: FromPath[str]) -> Response[BallotInvitation]:
        """The project and month to rate. A wrong, used or expired link says so."""
        return json_response(await _invitation(desk, request, token))

    @post(
        "/v1/ballots/{token:str}",
        opt={"body": LinkedBallot, "public": True},
        tags=["ballots"],
        summary="投票 · Cast a ballot",
    )
    async def cast(request: HttpRequest, token: FromPath[str]) -> Response[bytes]:
        """Counts once; needs no account."""
        body = await json_body(request, LinkedBallot)
        return await _cast(desk, request, token, body)

    return [invitation, cast]


def _page_routes(desk: Desk) -> list[HTTPRouteHandler]:
    @get("/b/{token:str}", include_in_schema=False)
    async def page(request: HttpRequest, token: FromPath[str]) -> Response[bytes]:
        try:
            return form_page(await _invitation(desk, request, token))
        except (Refusal, TenantSuspended) as refusal:
            problem = to_problem(refusal)
            return message_page(problem.text, problem.status)

    @post("/b/{token:str}", include_in_schema=False)
    async def submit(request: HttpRequest, token: FromPath[str]) -> Response[bytes]:
        try:
            ballot = _ballot_of_form(await request.body())
            if ballot is None or not await _counted(desk, request, token, ballot):
                return form_page(await _invitation(desk, request, token), invalid=True)
        except (Refusal, TenantSuspended) as refusal:
            problem = to_problem(refusal)
            return message_page(problem.text, problem.status)
        return message_page(None, 200)

    return [page, submit]


def _ballot_of_form(form: bytes) -> LinkedBallot | None:
    """The ballot of a filled-in form under the same guard as one sent as JSON, or none."""
    fields = parse_qs(form[:MAX_FORM_BYTES].decode("utf-8", "replace"))
    raw = canonical({"score": fields.get("score", [""])[0], "comment": fields.get("comment", [""])[0]})
    try:
        return decode(raw, msgspec.json.Decoder(LinkedBallot))
    except Problem:
        return None


async def _counted(desk: Desk, request: HttpRequest, token: str, ballot: LinkedBallot) -> bool:
    """Cast the ballot; ``False`` when the score does not fit. Raises what else refuses it."""
    try:
        await _cast(desk, request, token, ballot)
    except Refusal as refusal:
        if refusal.field == "score":
            return False
        raise
    return True


def _parsed(desk: Desk, request: HttpRequest, text: str) -> Token:
    """The parts of a ballot link. Unknown, malformed and foreign links look alike."""
    desk.logins.admit(f"ballot:{request.client.host if request.client else ''}")
    token = parse(text)
    if token is None or token.prefix != BALLOT_PREFIX or len(token.ids) != 2:  # noqa: PLR2004 - tenant, assessment
        raise _unknown()
    return token


def _unknown() -> Refusal:
    return Refusal("not_found", zh="投票链接无效", en="This ballot link is not valid.")


async def _invitation(desk: Desk, request: HttpRequest, text: str) -> BallotInvitation:
    token = _parsed(desk, request, text)
    tenant, assessment = token.ids
    with desk.admitted(request, tenant):
        async with desk.runtime.database.tenant_transaction(tenant, read_only=True) as connection:
            try:
                config = await desk.runtime.configs.read(connection, tenant)
            except UnknownTenant:
                raise _unknown() from None
            state = await _assessment(desk, connection, tenant, assessment)
    link = state.links.get(token.secret_hash.hex()) if state else None
    if state is None or link is None:
        raise _unknown()
    if not config.active:
        raise TenantSuspended
    now = desk.runtime.clock()
    if link.used:
        raise Refusal("ballot_link_used", zh="该链接已投过票", en="This link has been used.")
    if now >= link.expires_at:
        raise Refusal("ballot_link_expired", zh="该链接已过期", en="This link has expired.")
    if state.status != "open":
        raise Refusal("survey_closed", zh="满意度调查已截止", en="The survey is closed.", clause="R14.3")
    return BallotInvitation(state.project_name, state.contractor, state.month, link.group, link.expires_at)


async def _cast(desk: Desk, request: HttpRequest, text: str, ballot: LinkedBallot) -> Response[bytes]:
    token = _parsed(desk, request, text)
    tenant, assessment = token.ids
    voter = Principal(id=UUID(bytes=token.secret_hash[:16]), actor=Actor(kind="ballot_link"), permissions=frozenset())

    async def authorise(config: TenantConfig) -> Principal:
        if not config.active:
            raise TenantSuspended
        return voter

    with desk.admitted(request, tenant):
        try:
            result = await desk.runtime.bus.execute(
                CommandRequest(
                    tenant=tenant,
                    decider=ASSESSMENT,
                    stream=assessment,
                    command=CastBallotByLink(
                        token_hash=token.secret_hash.hex(), score=ballot.score, comment=ballot.comment
                    ),
                    authorise=authorise,
                    correlation=request.scope["state"]["correlation"],
                )
            )
        except UnknownTenant:
            raise _unknown() from None
        except Refusal as refusal:
            if refusal.code in ("not_found", "ballot_link_unknown"):
                raise _unknown() from None
            raise
    return answer(ASSESSMENT, ASSESSMENT.spec(CastBallotByLink), result)
