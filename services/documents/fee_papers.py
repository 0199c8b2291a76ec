"""Notices of a fee period made ready for print, out of the events that they are.

They are not documents of their own: a period of ten thousand units would draw, number and issue as many streams with
three events each, for papers of which every word stands in the account's event already. The event is the notice. It
bears its number within the period, the closing takes one block of numbers for all of them from the register of the year
(so that those drawn up singly and those made in bulk follow each other without a gap), and a code of its own.
"""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.documents import kind_of
from domain.documents.sheet import chinese_date
from domain.fee_account.events import FeeReminded, PeriodCharged
from domain.fee_period import FeePeriodState
from domain.office import Numbering
from domain.reactions.fee_documents import of_period, of_reminder
from infra.wire import EventMapper
from projections.fee_notices import NoticeLine
from projections.labels import clause_ref
from services.documents.codes import code_of
from services.documents.paper import Paper, qr_of, reading_of, stamp_of


def reference_of(period: FeePeriodState, serial: int, level: int) -> str | None:
    """The number of a notice, and of each reminder of it; none before the period's notices have their numbers."""
    numbers = period.numbers
    if numbers is None:
        return None
    numbering = Numbering(agency=numbers.agency, pattern=numbers.pattern)
    reference = numbering.reference(numbers.code, numbers.year, numbers.first + serial - 1)
    return f"{reference}之催{level}" if level else reference


def event_of(mapper: EventMapper, notice: NoticeLine) -> PeriodCharged | FeeReminded:
    """The event that a notice is."""
    event = mapper.decode(notice.topic, notice.state)
    if not isinstance(event, PeriodCharged | FeeReminded):
        raise TypeError(f"no notice: {notice.topic}")
    return event


def digest_of(notice: NoticeLine) -> str:
    """The SHA-256 of the event as it is stored."""
    return hashlib.sha256(notice.state).hexdigest()


def papers_of(  # noqa: PLR0913 - whose papers, of which period, out of what
    tenant: UUID,
    organisation: str,
    period: FeePeriodState,
    notices: Sequence[NoticeLine],
    *,
    mapper: EventMapper,
    public_url: str,
) -> list[Paper]:
    """The papers of those notices that have a number."""
    made = []
    for notice in notices:
        reference = None if notice.serial is None else reference_of(period, notice.serial, notice.level)
        if reference is None or notice.verification is None or notice.made_on is None:
            continue
        event = event_of(mapper, notice)
        made.append(_paper(tenant, organisation, notice, event, reference, public_url))
    return made


def _paper(  # noqa: PLR0913, PLR0917 - what one paper is made of
    tenant: UUID, organisation: str, notice: NoticeLine, event: Any, reference: str, public_url: str
) -> Paper:
    contents = of_period(event) if isinstance(event, PeriodCharged) else of_reminder(event)
    kind = kind_of(contents)
    clause = clause_ref(event.clause)
    code = code_of(tenant, notice.verification or "")
    address = f"{public_url.rstrip('/')}/d/{code}"
    mark, mark_note = stamp_of(notice.taken_back)
    assert notice.made_on is not None
    return Paper(
        organisation=organisation,
        title=kind.title,
        reference=reference,
        issued_on=notice.made_on,
        issued_on_zh=chinese_date(notice.made_on),
        sheet=kind.sheet(contents),
        basis=f"{clause.id} {clause.label.zh}",
        rules=f"R13 第{event.rule_version}版",
        readings=tuple(reading_of(name, value) for name, value in sorted(event.readings.items())),
        replaces="",
        mark=mark,
        mark_note=mark_note,
        code=code,
        address=address,
        digest=digest_of(notice),
        qr=qr_of(address),
    )
