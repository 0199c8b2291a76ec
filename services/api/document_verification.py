"""Whoever holds a paper asks whether it is genuine: without an account, by the code that stands on it.

The answer names nobody and nothing of what the paper is about: kind, number, organisation, date, the digest of its
contents, and whether it still counts.
"""

import html
from collections.abc import Mapping
from datetime import date

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.documents import KINDS
from domain.fee_period import FEE_PERIOD, FeePeriodState
from domain.kernel import Refusal, Text
from infra.database import Connection
from projections import documents as listed
from projections import fee_notices
from projections.labels import DOCUMENT_STATUSES
from projections.taken_back import TakenBack, counts, status_of
from services.api.ballot_page import message_page, public_page
from services.api.bodies import json_response
from services.api.problems import to_problem
from services.api.requests import Desk, HttpRequest
from services.documents.codes import Code, parse_code
from services.documents.fee_papers import digest_of, reference_of


class VerifiedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a paper: ``digest`` is the SHA-256 that is printed on it.

    It ``counts`` where it is neither void nor superseded nor asks for what was taken back altogether (``taken_back``:
    all or a part of it, since when); ``replaced_by`` is the number of what stands in its place.
    """

    kind: str
    kind_label: Text
    reference: str
    organisation: str
    issued_on: date
    digest: str
    status: str
    status_label: Text
    counts: bool
    replaced_by: str | None
    taken_back: TakenBack | None


_NO_LONGER = Text("该文书由本系统签发，但已不再有效", "Issued here, but it no longer counts.")
_VERDICTS: Mapping[str, Text] = {
    "issued": Text("该文书由本系统签发，现行有效", "Issued here, and it counts."),
    "taken_back": Text(
        "该文书由本系统签发，但所列款项已冲销，不必再缴", "Issued here, but what it asks for was taken back."
    ),
    "taken_back_in_part": Text(
        "该文书由本系统签发，但所列款项部分已冲销", "Issued here, but a part of what it asks for was taken back."
    ),
}


def verification_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @get(
        "/v1/documents/verify/{code:str}",
        opt={"public": True},
        tags=["documents"],
        summary="核验文书 · Whether a paper is genuine",
    )
    async def verify(request: HttpRequest, code: FromPath[str]) -> Response[VerifiedDocument]:
        """By the code on the paper. A wrong code and one of another service look alike; guessing is slowed down."""
        return json_response(await _verified(desk, request, code), headers={"Cache-Control": "no-store"})

    @get("/d/{code:str}", include_in_schema=False)
    async def page(request: HttpRequest, code: FromPath[str]) -> Response[bytes]:
        try:
            return _page(await _verified(desk, request, code))
        except Refusal as refusal:
            problem = to_problem(refusal)
            return message_page(problem.text, problem.status)

    return [verify, page]


async def _verified(desk: Desk, request: HttpRequest, text: str) -> VerifiedDocument:
    desk.logins.admit(f"document:{request.client.host if request.client else ''}")
    code = parse_code(text)
    if code is None:
        raise _unknown()
    with desk.admitted(request, code.tenant):
        async with desk.runtime.database.tenant_transaction(code.tenant, read_only=True) as connection:
            # nothing is asked of the tenant first: to one that there is not, every code is as wrong as any other
            found = await listed.by_code(connection, code.tenant, code.verification)
            if found is None:
                return await _verified_notice(desk, connection, code)
            replaced_by = await listed.reference(connection, code.tenant, found.replaced_by)
    return VerifiedDocument(
        kind=found.kind,
        kind_label=found.kind_label,
        reference=found.reference,
        organisation=found.organisation,
        issued_on=found.issued_on,
        digest=found.digest,
        status=found.status,
        status_label=found.status_label,
        counts=counts(found.status),
        replaced_by=replaced_by,
        taken_back=found.taken_back,
    )


async def _verified_notice(desk: Desk, connection: Connection, code: Code) -> VerifiedDocument:
    """The same of a notice that was made in bulk; see `services.documents.fee_papers`."""
    found = await fee_notices.notices(connection, fee_notices.code_question(code.tenant, code.verification), 1)
    if not found:
        raise _unknown()
    notice = found[0]
    if notice.period_id is None or notice.serial is None or notice.made_on is None:
        raise _unknown()
    period = (await desk.runtime.states.read(connection, code.tenant, FEE_PERIOD.noun, notice.period_id)).state
    reference = reference_of(period, notice.serial, notice.level) if isinstance(period, FeePeriodState) else None
    if reference is None:
        raise _unknown()
    kind = KINDS["fee_notice" if notice.form == "QR-7510-01" else "fee_reminder"]
    config = await desk.runtime.configs.get(code.tenant)
    taken = notice.taken_back
    status = status_of("issued", taken)
    return VerifiedDocument(
        kind=kind.name,
        kind_label=kind.title,
        reference=reference,
        organisation=config.office.name,
        issued_on=notice.made_on,
        digest=digest_of(notice),
        status=status,
        status_label=DOCUMENT_STATUSES[status],
        counts=counts(status),
        replaced_by=None,
        taken_back=taken,
    )


def _unknown() -> Refusal:
    return Refusal("not_found", zh="没有查到该核验码对应的文书", en="No document has this code.")


def _page(document: VerifiedDocument) -> Response[bytes]:
    """The same for people."""
    lines = [
        ("文书种类", "Kind", f"{document.kind_label.zh} · {document.kind_label.en}"),
        ("文号", "Number", document.reference),
        ("签发单位", "Issued by", document.organisation),
        ("签发日期", "Issued on", document.issued_on.isoformat()),
        ("状态", "Status", f"{document.status_label.zh} · {document.status_label.en}"),
        ("内容摘要", "Digest, SHA-256", document.digest),
    ]
    if document.taken_back:
        lines.append(("冲销日期", "Taken back on", document.taken_back.since.isoformat()))
    if document.replaced_by:
        lines.append(("代替文书", "Replaced by", document.replaced_by))
    rows = "".join(
        f'<p><b>{zh}</b> <span class="en">{en}</span><br>{html.escape(value)}</p>' for zh, en, value in lines
    )
    verdict = _VERDICTS.get(document.status, _NO_LONGER)
    wrong = "" if document.status == "issued" else ' class="wrong"'
    body = (
        f'<h1>文书核验 <span class="en">Verification</span></h1><p{wrong}>{verdict.zh}。 '
        f'<span class="en">{verdict.en}</span></p>{rows}'
        '<p class="en">请与纸面上的文号和内容摘要核对。 Compare number and digest with those on the paper.</p>'
    )
    return public_page("文书核验", body, 200)
