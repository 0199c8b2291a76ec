"""A document made ready for print: every word that stands on the paper, as text, for the page and the PDF alike."""

import io
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec
import segno

from domain.document import DocumentState
from domain.documents import kind_of
from domain.documents.sheet import Row, Sheet, chinese_date
from domain.kernel import Text
from projections.labels import clause_ref, reading_ref
from projections.taken_back import TakenBack
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


def related(state: DocumentState) -> tuple[UUID, ...]:
    """The other documents whose numbers stand on the paper."""
    cited = (each.document for each in kind_of(state.contents).sheet(state.contents).cited)
    return tuple(document for document in (state.replaces, state.replaced_by, *cited) if document is not None)


def paper_of(
    tenant: UUID,
    state: DocumentState,
    public_url: str,
    references: Mapping[UUID, str],
    taken: TakenBack | None = None,
) -> Paper:
    """The paper of an issued document; ``references`` are the numbers of the documents `related` to it.

    What of it was ``taken`` back is stamped across it, unless it is void or superseded.

    `ValueError` for a document without a number.
    """
    if state.reference is None or state.verification is None or state.digest is None:
        raise ValueError("a document is printed once it has its number")
    kind = kind_of(state.contents)
    clause = clause_ref(state.clause)
    code = code_of(tenant, state.verification)
    address = f"{public_url.rstrip('/')}/d/{code}"
    mark, note = stamp_of(taken)
    if state.status == "voided":
        mark, note = "作废", f"作废原因：{state.void_reason}"
    elif state.status == "superseded":
        later = None if state.replaced_by is None else references.get(state.replaced_by)
        mark, note = "已更正", f"以{later or '更正后的文书'}为准"
    earlier = None if state.replaces is None else references.get(state.replaces)
    sheet = kind.sheet(state.contents)
    cited = tuple(Row(each.label, references.get(each.document, "—")) for each in sheet.cited)
    return Paper(
        organisation=state.organisation,
        title=kind.title,
        reference=state.reference,
        issued_on=state.issued_on,
        issued_on_zh=chinese_date(state.issued_on),
        sheet=msgspec.structs.replace(sheet, rows=(*sheet.rows, *cited)),
        basis=f"{clause.id} {clause.label.zh}",
        rules="" if state.rule_version is None else f"{state.clause.partition('.')[0]} 第{state.rule_version}版",
        readings=tuple(reading_of(identifier, value) for identifier, value in sorted(state.readings.items())),
        replaces="" if state.replaces is None else f"本文书更正并代替{earlier or '前一文书'}",
        mark=mark,
        mark_note=note,
        code=code,
        address=address,
        digest=state.digest,
        qr=qr_of(address),
    )


def stamp_of(taken: TakenBack | None) -> tuple[str, str]:
    """What is stamped across a paper that asks for what was taken back, and the note below; empty for any other."""
    if taken is None:
        return "", ""
    if taken.extent == "all":
        return "已冲销", f"所列款项已于{taken.since.isoformat()}冲销"
    return "部分冲销", f"所列款项部分已于{taken.since.isoformat()}冲销"


def reading_of(identifier: str, value: str) -> str:
    """How a clause was read, in words."""
    reading = reading_ref(f"{identifier}={value}")
    return f"{reading.label.zh}：{reading.value_label.zh}"


def qr_of(text: str) -> str:
    """The text as a QR code in SVG that fills whatever room it is given."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", border=2, xmldecl=False, omitsize=True, nl=False)
    return drawn.getvalue().decode()
