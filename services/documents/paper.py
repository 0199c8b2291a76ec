"""A document made ready for print: every word that stands on the paper, as text, for the page and the PDF alike."""

import io
from datetime import date
from uuid import UUID

import msgspec
import segno

from domain.document import DocumentState
from domain.documents import kind_of
from domain.documents.sheet import Sheet, chinese_date
from domain.kernel import Text
from projections.labels import clause_ref, reading_ref
from services.documents.codes import code_of


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed. ``mark`` is stamped across a document that no longer counts; ``qr`` is an SVG."""

    organisation: str
    title: Text
    reference: str
    issued_on: date
    issued_on_zh: str
    sheet: Sheet
    basis: str
    rules: str
    readings: tuple[str, ...]
    replaces: str
    mark: str
    mark_note: str
    code: str
    address: str
    digest: str
    qr: str


def paper_of(
    tenant: UUID, state: DocumentState, public_url: str, *, replaces: str | None, replaced_by: str | None
) -> Paper:
    """The paper of an issued document; the two numbers are those of the documents it replaces and is replaced by.

    `ValueError` for a document without a number.
    """
    if state.reference is None or state.verification is None or state.digest is None:
        raise ValueError("a document is printed once it has its number")
    kind = kind_of(state.contents)
    clause = clause_ref(state.clause)
    code = code_of(tenant, state.verification)
    address = f"{public_url.rstrip('/')}/d/{code}"
    mark, note = "", ""
    if state.status == "voided":
        mark, note = "作废", f"作废原因：{state.void_reason}"
    elif state.status == "superseded":
        mark, note = "已更正", f"以{replaced_by or '更正后的文书'}为准"
    return Paper(
        organisation=state.organisation,
        title=kind.title,
        reference=state.reference,
        issued_on=state.issued_on,
        issued_on_zh=chinese_date(state.issued_on),
        sheet=kind.sheet(state.contents),
        basis=f"{clause.id} {clause.label.zh}",
        rules="" if state.rule_version is None else f"{state.clause.partition('.')[0]} 第{state.rule_version}版",
        readings=tuple(_reading(identifier, value) for identifier, value in sorted(state.readings.items())),
        replaces="" if state.replaces is None else f"本文书更正并代替{replaces or '前一文书'}",
        mark=mark,
        mark_note=note,
        code=code,
        address=address,
        digest=state.digest,
        qr=_qr(address),
    )


def _reading(identifier: str, value: str) -> str:
    reading = reading_ref(f"{identifier}={value}")
    return f"{reading.label.zh}：{reading.value_label.zh}"


def _qr(text: str) -> str:
    """The text as a QR code in SVG that fills whatever room it is given."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", border=2, xmldecl=False, omitsize=True, nl=False)
    return drawn.getvalue().decode()
