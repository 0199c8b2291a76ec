"""What happened is put on paper: events draw documents up, registers number them, and they are issued.

`FORMS` says, for each kind that can be made from its subject as it stands, how that is done; events use the same.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.complaint import ComplaintState
from domain.complaint.events import ComplaintLodged, DatePromised, DepartmentSigned
from domain.document.messages import (
    DocumentDrawn,
    DocumentIssued,
    IssueDocument,
    SupersedeDocument,
    VoidDocument,
)
from domain.document_register import AssignNumber, NumberAssigned
from domain.documents import kind_of
from domain.documents.complaints import ComplaintForm, HandlingNotice, SignedBy, SolutionSheet
from domain.documents.penalties import PenaltySlip
from domain.documents.sheet import Person
from domain.documents.vehicles import MAX_PRINTED, DispatchOrder, StatementLine, TripRecord, UnitStatement
from domain.kernel import Cause, Dispatch, Event, Reaction, State, derived_id
from domain.penalty_ledger import PenaltyLedgerState
from domain.penalty_ledger.events import EntryIssued, EntryReversed
from domain.reactions import case_documents
from domain.reactions.drawing import Form, document_id, drawing
from domain.reactions.fee_documents import fee_notice, fee_reminder
from domain.reactions.goods import receipt_form
from domain.unit_settlement import SettlementState
from domain.unit_settlement.state import totals
from domain.vehicle_booking import BookingState

__all__ = ["FORMS", "REACTIONS", "Form", "document_id", "drawing"]


def complaint_form(state: ComplaintState) -> Form | None:
    """The form of a complaint (R11.2.1)."""
    contents = ComplaintForm(
        complainant=state.complainant,
        complaint_kind=state.kind_zh or state.kind,
        subject=state.subject,
        description=state.description,
        place=state.place,
        departments=state.departments,
        lodged_on=state.lodged_on,
        due_on=state.limit.due_on if state.limit else None,
        taken_by=_person(state.lodged_by),
    )
    return Form(contents, state.rule_version)


def handling_notice(state: ComplaintState) -> Form | None:
    """What the complainant is told, once there is a promised date (R11.2.2)."""
    if state.promised_for is None:
        return None
    contents = HandlingNotice(
        subject=state.subject,
        lodged_on=state.lodged_on,
        departments=state.departments,
        promised_for=state.promised_for,
        responsible=_person(state.responsible),
    )
    return Form(contents, state.rule_version)


def solution_sheet(state: ComplaintState) -> Form | None:
    """The solution, once it is signed by all (R11.2.4)."""
    if state.solution is None or state.to_sign:
        return None
    signatures = tuple(
        SignedBy(department=department, person=_person(each.signed_by), comment=each.comment)
        for department, each in state.signatures.items()
    )
    contents = SolutionSheet(
        subject=state.subject,
        description=state.description,
        lodged_on=state.lodged_on,
        solution=state.solution,
        signatures=signatures,
        responsible=_person(state.responsible),
    )
    return Form(contents, state.rule_version)


def dispatch_order(state: BookingState) -> Form | None:
    """The order that car and driver go with, once these are given; with the trip, once it is recorded (R3.2.1)."""
    if state.vehicle is None or state.driver is None:
        return None
    zone = ZoneInfo(state.timezone)
    contents = DispatchOrder(
        unit=state.unit,
        use=state.category_zh or state.category,
        free=state.free,
        purpose=state.purpose,
        party_size=state.party_size,
        area=state.area,
        origin=state.origin,
        destination=state.destination,
        leaves=_written(state.starts_at, zone),
        returns=_written(state.ends_at, zone),
        plate=state.vehicle.plate,
        vehicle_class=state.class_zh or state.vehicle.vehicle_class,
        driver=state.driver.name,
        rank=state.rank,
        trip=_trip(state, zone),
    )
    return Form(contents, state.rule_version)


def _trip(state: BookingState, zone: ZoneInfo) -> TripRecord | None:
    if state.charge is None or state.out_at is None or state.back_at is None:
        return None
    return TripRecord(
        out_at=_written(state.out_at, zone),
        back_at=_written(state.back_at, zone),
        odometer_out_km=state.odometer_out_km or 0,
        km=state.charge.km,
        waiting_minutes=state.charge.waiting_minutes,
        tolls_fen=state.charge.tolls_fen,
        due_fen=state.charge.due_fen,
        free=state.charge.free,
    )


def _written(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def unit_statement(state: SettlementState) -> Form | None:
    """A unit's month, once it is closed (R3.2.1)."""
    if state.status != "closed":
        return None
    listed = [entry.line for entry in state.lines.values() if entry.line.listed]
    found = totals(state)
    contents = UnitStatement(
        unit=state.unit,
        month=state.month,
        lines=tuple(
            StatementLine(
                used_on=line.used_on,
                kind=line.kind,
                plate=line.plate,
                km=line.km,
                amount_fen=line.amount_fen,
                for_month=line.for_month,
                reason=line.reason,
            )
            for line in sorted(listed, key=lambda line: (line.used_on, line.key))[:MAX_PRINTED]
        ),
        further=max(0, len(listed) - MAX_PRINTED),
        amount_fen=found.amount_fen,
        left_out=found.left_out,
        left_out_worth_fen=found.left_out_worth_fen,
    )
    return Form(contents, state.rule_version)


FORMS: Mapping[str, Callable[[Any], Form | None]] = {
    "complaint_form": complaint_form,
    "handling_notice": handling_notice,
    "solution_sheet": solution_sheet,
    "goods_receipt_form": receipt_form,
    "dispatch_order": dispatch_order,
    "unit_statement": unit_statement,
    "fee_notice": fee_notice,
    "fee_reminder": fee_reminder,
}
"""Kind → what it says about its subject's state; none while there is nothing to put on paper."""


def _drawn_from(kind: str) -> Callable[[Any, Cause, State], tuple[Dispatch, ...]]:
    """The reaction that draws a kind up from the state that the event left."""

    def react(event: Event, cause: Cause, state: State) -> tuple[Dispatch, ...]:
        form = FORMS[kind](state)
        if form is None:
            return ()
        readings: dict[str, str] = getattr(event, "readings", {})
        command = drawing(form, cause.stream_id, cause.stream_version, readings=readings)
        return (Dispatch("document", document_id(kind, cause.stream_id, cause.stream_version), command),)

    return react


def draw_slip(event: EntryIssued, cause: Cause, ledger: PenaltyLedgerState) -> tuple[Dispatch, ...]:
    """Each fine has its slip for whom it burdens."""
    if event.kind != "fine":
        return ()
    contents = PenaltySlip(
        subject=ledger.subject,
        person=_member(ledger),
        amount_fen=event.amount_fen,
        clause=event.clause,
        period=event.period,
        joint_role=event.joint_role,
        reading=event.reading,
        heavier_alone=event.overlap == "heavier",
        entry_key=event.entry_key,
    )
    command = drawing(Form(contents, event.rule_version), cause.stream_id, cause.stream_version, clause=event.clause)
    return (Dispatch("document", _slip_id(event.entry_key, cause), command),)


def void_slip(event: EntryReversed, cause: Cause, ledger: PenaltyLedgerState) -> tuple[Dispatch, ...]:
    """The slip of a fine whose ground is gone is void."""
    if ledger.entries[event.entry_key].kind != "fine":
        return ()
    return (Dispatch("document", _slip_id(event.entry_key, cause), VoidDocument(reason=event.reason)),)


def _member(ledger: PenaltyLedgerState) -> Person | None:
    """The person whose ledger it is, where the subject is a member's id."""
    if ledger.subject_kind != "person":
        return None
    try:
        return Person(id=UUID(ledger.subject))
    except ValueError:  # the ledger takes any subject; what is no id is printed as it stands
        return None


def _slip_id(entry_key: str, cause: Cause) -> UUID:
    return document_id("penalty_slip", cause.stream_id, entry_key)


def number_document(event: DocumentDrawn, cause: Cause) -> tuple[Dispatch, ...]:
    """The register of its kind and year gives it the next number."""
    kind, year = kind_of(event.contents).name, event.issued_on.year
    command = AssignNumber(kind=kind, year=year, document_id=cause.stream_id, drawn_at=cause.position)
    return (Dispatch("document_register", derived_id("document_register", kind, year), command),)


def issue_document(event: NumberAssigned, _: Cause) -> tuple[Dispatch, ...]:
    """With its number it is issued."""
    command = IssueDocument(number=event.number, year=event.year, reference=event.reference)
    return (Dispatch("document", event.document_id, command),)


def supersede_document(event: DocumentIssued, cause: Cause) -> tuple[Dispatch, ...]:
    """A correction stands in the place of what it corrects."""
    if event.replaces is None:
        return ()
    return (Dispatch("document", event.replaces, SupersedeDocument(replaced_by=cause.stream_id)),)


def _person(person: UUID | None) -> Person | None:
    return None if person is None else Person(id=person)


REACTIONS = (
    *case_documents.REACTIONS,
    Reaction(
        name="draw_complaint_form", events=(ComplaintLodged,), react=_drawn_from("complaint_form"), with_state=True
    ),
    Reaction(
        name="draw_handling_notice", events=(DatePromised,), react=_drawn_from("handling_notice"), with_state=True
    ),
    Reaction(
        name="draw_solution_sheet", events=(DepartmentSigned,), react=_drawn_from("solution_sheet"), with_state=True
    ),
    Reaction(name="draw_slip", events=(EntryIssued,), react=draw_slip, with_state=True),
    Reaction(name="void_slip", events=(EntryReversed,), react=void_slip, with_state=True),
    Reaction(name="number_document", events=(DocumentDrawn,), react=number_document),
    Reaction(name="issue_document", events=(NumberAssigned,), react=issue_document),
    Reaction(name="supersede_document", events=(DocumentIssued,), react=supersede_document),
)
