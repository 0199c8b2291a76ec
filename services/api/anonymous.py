"""The anonymous channel for programs: report, and go on with the receipt alone. People have pages (`anonymous_pages`).

The receipt travels in the header ``Kaohe-Receipt`` and never in an address. A body is JSON, or a form whose fields are
the same and whose parts with a file name are files.
"""

from collections.abc import Hashable
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.accountability import ACCOUNTABILITY_CASE
from domain.accountability.commands import ReportAnonymously as ReportMatter
from domain.accountability.words import Codes, Line, Prose
from domain.complaint import COMPLAINT
from domain.complaint.commands import Description, Place, Remark, Score, Subject
from domain.complaint.commands import ReportAnonymously as Complain
from domain.kernel import Text
from domain.rules.r4 import R4Rules
from domain.rules.r11 import R11Rules
from domain.rules.r11_ladder import Code
from services.anonymous.door import Door, Organisation, Receipt
from services.anonymous.forms import Sent, read_form
from services.anonymous.identities import Contact, Identity, Name
from services.anonymous.telling import ReportView, told
from services.api.bodies import json_response
from services.api.body import decode
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, header, raw_body

MAX_BODY_BYTES = 32 * 1_048_576
T = TypeVar("T")


class AnonymousComplaint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A complaint without an account (R0.3)."""

    kind: Code
    subject: Subject
    description: Description
    place: Place | None = None
    reporter_name: Name | None = None
    reporter_contact: Contact | None = None


class AnonymousMatter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A matter for which somebody should answer, reported without an account (R4.12)."""

    matter: Line
    account: Prose
    grounds: Codes = ()
    reporter_name: Name | None = None
    reporter_contact: Contact | None = None


class Addition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """More about a report."""

    text: Description


class LeftName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who the reporter is; kept under seal, apart from the report."""

    reporter_name: Name
    reporter_contact: Contact


class Rating(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How satisfied the reporter is with the answer; a form's number may be text."""

    score: Score
    comment: Remark = ""


class KindOffered(msgspec.Struct, frozen=True):
    """A kind of complaint, or a ground of accountability."""

    code: str
    label: Text


class Offer(msgspec.Struct, frozen=True):
    """What can be reported here; an empty list means that this kind of report is not taken."""

    organisation: str
    complaint_kinds: tuple[KindOffered, ...]
    accountability_grounds: tuple[KindOffered, ...]


class NewReceipt(msgspec.Struct, frozen=True):
    """The receipt, in this answer alone, and the day until whose end it is good.

    ``identity_sealed``: the name that came with the report lies under seal.
    """

    receipt: str
    valid_until: date
    identity_sealed: bool


class Channel:
    """What the pages and the routes for programs share."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.door = Door(lambda: desk.runtime)

    async def read(self, request: HttpRequest) -> Sent:
        """The body of a request, after its sender's turn. Raises `Problem` 429, 413, 400."""
        self.admit(request)
        with self.desk.strangers.receiving(_host(request)):
            raw = await raw_body(request, MAX_BODY_BYTES)
        return read_form(raw, header(request, b"content-type") or "")

    def admit(self, request: HttpRequest) -> None:
        """Count the request against its sender's turn."""
        self.desk.strangers.admit(_host(request))

    async def offer(self, slug: str) -> Offer:
        """What an organisation takes without an account."""
        here = await self.door.organisation(slug)
        return offered(here, self.desk.runtime.clock())

    async def complain(self, slug: str, sent: Sent) -> NewReceipt:
        """Take a complaint in."""
        body = decoded(sent.fields, AnonymousComplaint)

        def complaint(receipt_hash: str, evidence: tuple[str, ...]) -> Complain:
            return Complain(receipt_hash=receipt_hash, evidence=evidence, **_without_name(body))

        made = await self.door.take_in(slug, COMPLAINT, complaint, sent.files, _identity(body))
        return await self._receipt(slug, made)

    async def report(self, slug: str, sent: Sent) -> NewReceipt:
        """Take a matter of accountability in."""
        body = decoded(sent.fields, AnonymousMatter)

        def matter(receipt_hash: str, evidence: tuple[str, ...]) -> ReportMatter:
            return ReportMatter(receipt_hash=receipt_hash, evidence=evidence, **_without_name(body))

        made = await self.door.take_in(slug, ACCOUNTABILITY_CASE, matter, sent.files, _identity(body))
        return await self._receipt(slug, made)

    async def look(self, receipt: str) -> ReportView:
        """What the receipt shows."""
        runtime = self.desk.runtime
        return told(runtime.mapper, await self.door.open(receipt))

    async def add(self, receipt: str, sent: Sent) -> ReportView:
        """Add to the report; what it is then."""
        body = decoded(sent.fields, Addition)
        await self.door.add(receipt, body.text, sent.files)
        return await self.look(receipt)

    async def leave_name(self, receipt: str, sent: Sent) -> ReportView:
        """Leave a name under seal; what the report is then."""
        body = decoded(sent.fields, LeftName)
        await self.door.leave_name(receipt, Identity(body.reporter_name, body.reporter_contact))
        return await self.look(receipt)

    async def rate(self, receipt: str, sent: Sent) -> ReportView:
        """Rate the answer; what the report is then."""
        body = decoded(sent.fields, Rating)
        await self.door.rate(receipt, body.score, body.comment)
        return await self.look(receipt)

    async def _receipt(self, slug: str, made: Receipt) -> NewReceipt:
        here = await self.door.organisation(slug)
        until = made.valid_until.astimezone(ZoneInfo(here.config.calendar.timezone))
        return NewReceipt(made.text, here.config.calendar.add_days(until.date(), -1), made.identity_sealed)


def _without_name(body: AnonymousComplaint | AnonymousMatter) -> dict[str, Any]:
    """What goes into the report itself."""
    fields = msgspec.structs.asdict(body)
    return {name: value for name, value in fields.items() if not name.startswith("reporter_")}


def _identity(body: AnonymousComplaint | AnonymousMatter) -> Identity | None:
    """Who the reporter is, if he says so; a name is of no use without a way to reach him, nor the other way round."""
    if body.reporter_name is None and body.reporter_contact is None:
        return None
    if body.reporter_name is None or body.reporter_contact is None:
        missing = "reporter_name" if body.reporter_name is None else "reporter_contact"
        text = Text("姓名和联系方式须一并填写，或都不填", "Give name and contact together, or neither.")
        raise Problem(422, "missing_field", text, field=f"/{missing}")
    return Identity(body.reporter_name, body.reporter_contact)


def _host(request: HttpRequest) -> str:
    return request.client.host if request.client else ""


def offered(here: Organisation, now: datetime) -> Offer:
    """What the rules in force today let people report."""
    today = here.config.calendar.local_date(now)
    kinds: tuple[KindOffered, ...] = ()
    grounds: tuple[KindOffered, ...] = ()
    for versions in here.config.rules.values():
        values = next((one.values for one in reversed(versions) if one.effective_from <= today), None)
        if isinstance(values, R11Rules):
            kinds = tuple(KindOffered(kind.code, Text(kind.zh, kind.en)) for kind in values.kinds)
        if isinstance(values, R4Rules):
            grounds = tuple(KindOffered(one.code, Text(one.zh, one.en)) for one in values.grounds)
    return Offer(here.name, kinds, grounds)


def decoded(fields: bytes, body_type: type[T]) -> T:
    """The fields as a route's type, under the guard of every body; numbers of a form are text."""
    kind: Any = body_type
    decoder: msgspec.json.Decoder[T] = _decoder(kind)
    return decode(fields, decoder)


@cache
def _decoder(body_type: Hashable) -> Any:
    return msgspec.json.Decoder(body_type, strict=False)


def anonymous_routes(channel: Channel) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [*_door_routes(channel), *_receipt_routes(channel)]


def _door_routes(channel: Channel) -> list[HTTPRouteHandler]:
    @get(
        "/v1/anonymous/{slug:str}", opt={"public": True}, tags=["anonymous"], summary="匿名渠道 · What can be reported"
    )
    async def offer(request: HttpRequest, slug: FromPath[str]) -> Response[Offer]:
        """The kinds of complaint and grounds of accountability that are taken without an account (R0.3)."""
        channel.admit(request)
        return json_response(await channel.offer(slug))

    @post(
        "/v1/anonymous/{slug:str}/complaints",
        opt={"body": AnonymousComplaint, "public": True},
        tags=["anonymous"],
        summary="匿名投诉 · Complain without an account",
    )
    async def complain(request: HttpRequest, slug: FromPath[str]) -> Response[NewReceipt]:
        """Takes JSON, or `multipart/form-data` with up to five pictures or texts (R0.3, R11.2)."""
        return json_response(await channel.complain(slug, await channel.read(request)), 201)

    @post(
        "/v1/anonymous/{slug:str}/accountability-reports",
        opt={"body": AnonymousMatter, "public": True},
        tags=["anonymous"],
        summary="匿名举报 · Report without an account",
    )
    async def report(request: HttpRequest, slug: FromPath[str]) -> Response[NewReceipt]:
        """Takes JSON, or `multipart/form-data` with up to five pictures or texts (R4.12). Nothing says who sent it."""
        return json_response(await channel.report(slug, await channel.read(request)), 201)

    return [offer, complain, report]


def _receipt_routes(channel: Channel) -> list[HTTPRouteHandler]:
    @get(
        "/v1/receipt",
        opt={"public": True, "headers": ("Kaohe-Receipt",)},
        tags=["anonymous"],
        summary="凭回执查看 · Look by receipt",
    )
    async def look(request: HttpRequest) -> Response[ReportView]:
        """Where the report stands, and the conversation. Wrong, expired and foreign receipts are one and the same."""
        channel.admit(request)
        return json_response(await channel.look(receipt_of(request)))

    @post(
        "/v1/receipt/additions",
        opt={"body": Addition, "public": True, "headers": ("Kaohe-Receipt",)},
        tags=["anonymous"],
        summary="凭回执补充 · Add by receipt",
        status_code=200,
    )
    async def add(request: HttpRequest) -> Response[ReportView]:
        """Adds text, and files where it is sent as `multipart/form-data`."""
        return json_response(await channel.add(receipt_of(request), await channel.read(request)))

    @post(
        "/v1/receipt/ratings",
        opt={"body": Rating, "public": True, "headers": ("Kaohe-Receipt",)},
        tags=["anonymous"],
        summary="凭回执评价 · Rate by receipt",
        status_code=200,
    )
    async def rate(request: HttpRequest) -> Response[ReportView]:
        """Rates the answer to a complaint, once for each time that it was taken up."""
        return json_response(await channel.rate(receipt_of(request), await channel.read(request)))

    return [look, add, rate, _name_route(channel)]


def _name_route(channel: Channel) -> HTTPRouteHandler:
    @post(
        "/v1/receipt/identity",
        opt={"body": LeftName, "public": True, "headers": ("Kaohe-Receipt",)},
        tags=["anonymous"],
        summary="凭回执具名 · Leave one's name under seal",
        status_code=200,
    )
    async def leave_name(request: HttpRequest) -> Response[ReportView]:
        """Keeps the name apart from the report; only a custodian opens it, for a recorded reason (R4.12)."""
        return json_response(await channel.leave_name(receipt_of(request), await channel.read(request)))

    return leave_name


def receipt_of(request: HttpRequest) -> str:
    """The receipt in a request's header; a text that is none where there is none."""
    return header(request, b"kaohe-receipt") or ""
