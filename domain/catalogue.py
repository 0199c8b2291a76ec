"""The one index of deciders, reactions and notices. Routes, decoding, permissions and tests follow from it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from domain.accountability import ACCOUNTABILITY_CASE
from domain.assessment import ASSESSMENT
from domain.award_application import AWARD_APPLICATION
from domain.calendar_watch import CALENDAR_WATCH
from domain.complaint import COMPLAINT
from domain.contact import CONTACT
from domain.contract_deposit import CONTRACT_DEPOSIT
from domain.dispatch_proposal import DISPATCH_PROPOSAL
from domain.document import DOCUMENT
from domain.document_register import DOCUMENT_REGISTER
from domain.driver import DRIVER
from domain.duty import DUTY
from domain.evidence_file import EVIDENCE_FILE
from domain.fee_account import FEE_ACCOUNT
from domain.fee_book import FEE_BOOK
from domain.fee_period import FEE_PERIOD
from domain.fine import FINE
from domain.goods_receipt import GOODS_RECEIPT
from domain.goods_stock import GOODS_STOCK
from domain.inspection import INSPECTION
from domain.inspection_site import INSPECTION_SITE
from domain.kernel import CommandSpec, Decider, Event, Reaction
from domain.liaison_sheet import LIAISON_SHEET
from domain.nonconformity import NONCONFORMITY
from domain.notices import accountability as accountability_notices
from domain.notices import complaints as complaint_notices
from domain.notices import contracts as contract_notices
from domain.notices import duties as duty_notices
from domain.notices import fee_books as fee_book_notices
from domain.notices import fees as fee_notices
from domain.notices import goods as goods_notices
from domain.notices import inspections as inspection_notices
from domain.notices import penalties as penalty_notices
from domain.notices import quality as quality_notices
from domain.notices import vehicles as vehicle_notices
from domain.notices.notice import NoticeRule
from domain.organisation import ORGANISATION
from domain.penalty_ledger import PENALTY_LEDGER
from domain.property_project import PROPERTY_PROJECT
from domain.purchased_good import PURCHASED_GOOD
from domain.quality_goal import QUALITY_GOAL
from domain.quality_report import QUALITY_REPORT
from domain.quality_sheet import QUALITY_SHEET
from domain.reactions import (
    account_documents,
    accountability,
    beginnings,
    calendars,
    complaints,
    documents,
    endings,
    fee_books,
    fees,
    goods,
    inspections,
    penalties,
    quality,
    quality_documents,
    results,
    settlements,
    vehicle_documents,
    vehicles,
)
from domain.repair_fund import REPAIR_FUND
from domain.roles import BEYOND_COMMANDS, OTHER_READS, ROLES
from domain.rule_book import RULE_BOOK
from domain.sealed_identity import SEALED_IDENTITY
from domain.service_department import SERVICE_DEPARTMENT
from domain.unit_settlement import UNIT_SETTLEMENT
from domain.vehicle import VEHICLE
from domain.vehicle_booking import VEHICLE_BOOKING

DECIDERS: tuple[Decider[Any], ...] = (
    ORGANISATION,
    RULE_BOOK,
    PROPERTY_PROJECT,
    ASSESSMENT,
    DUTY,
    INSPECTION_SITE,
    REPAIR_FUND,
    FEE_ACCOUNT,
    FEE_BOOK,
    FEE_PERIOD,
    INSPECTION,
    NONCONFORMITY,
    PURCHASED_GOOD,
    GOODS_RECEIPT,
    GOODS_STOCK,
    CONTRACT_DEPOSIT,
    COMPLAINT,
    CONTACT,
    PENALTY_LEDGER,
    FINE,
    EVIDENCE_FILE,
    SEALED_IDENTITY,
    ACCOUNTABILITY_CASE,
    DOCUMENT,
    DOCUMENT_REGISTER,
    VEHICLE,
    DRIVER,
    VEHICLE_BOOKING,
    DISPATCH_PROPOSAL,
    CALENDAR_WATCH,
    UNIT_SETTLEMENT,
    SERVICE_DEPARTMENT,
    QUALITY_SHEET,
    QUALITY_GOAL,
    QUALITY_REPORT,
    LIAISON_SHEET,
    AWARD_APPLICATION,
)

REACTIONS: tuple[Reaction, ...] = (
    *beginnings.REACTIONS,
    *results.REACTIONS,
    *endings.REACTIONS,
    *inspections.REACTIONS,
    *goods.REACTIONS,
    *fee_books.REACTIONS,
    *account_documents.REACTIONS,
    *penalties.REACTIONS,
    *complaints.REACTIONS,
    *accountability.REACTIONS,
    *documents.REACTIONS,
    *vehicles.REACTIONS,
    *calendars.REACTIONS,
    *settlements.REACTIONS,
    *fees.REACTIONS,
    *vehicle_documents.REACTIONS,
    *quality.REACTIONS,
    *quality_documents.REACTIONS,
)

NOTICES: tuple[NoticeRule, ...] = (
    *contract_notices.NOTICES,
    *duty_notices.NOTICES,
    *fee_book_notices.NOTICES,
    *inspection_notices.NOTICES,
    *fee_notices.NOTICES,
    *goods_notices.NOTICES,
    *complaint_notices.NOTICES,
    *penalty_notices.NOTICES,
    *accountability_notices.NOTICES,
    *vehicle_notices.NOTICES,
    *quality_notices.NOTICES,
)

UPCASTERS: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""Tag of an event's old version → the function that gives its fields the shape of a newer one (see ``infra.wire``)."""


def decider_of(noun: str) -> Decider[Any]:
    """The decider of a noun; `KeyError` when there is none."""
    return _by_noun()[noun]


def decider_by_plural(plural: str) -> Decider[Any]:
    """The decider of a plural as it stands in addresses; `KeyError` when there is none."""
    return _by_plural()[plural]


def event_type(tag: str) -> type[Event]:
    """The event class of a stored tag; `KeyError` when there is none."""
    return _by_tag()[tag]


def event_types() -> Mapping[str, type[Event]]:
    """Every event class by its stored tag."""
    return _by_tag()


def tag_of(event: type[Event]) -> str:
    """The stable name under which an event class is stored."""
    return str(event.__struct_config__.tag)


def spec_of(noun: str, command: str) -> CommandSpec:
    """The specification of a noun's command by its name; `KeyError` when there is none."""
    return _by_command()[noun, command]


def reactions_to(event: type[Event]) -> tuple[Reaction, ...]:
    """The reactions that answer an event."""
    return tuple(reaction for reaction in REACTIONS if event in reaction.events)


def notices_of(event: type[Event]) -> tuple[NoticeRule, ...]:
    """The rules by which people are told of an event."""
    return tuple(rule for rule in NOTICES if event in rule.events)


def inconsistencies() -> tuple[str, ...]:
    """What contradicts itself in this index, in words; nothing, or the tests fail."""
    return (*_name_clashes(), *_command_faults(), *_event_faults(), *_reaction_faults())


@cache
def _by_noun() -> dict[str, Decider[Any]]:
    return {decider.noun: decider for decider in DECIDERS}


@cache
def _by_plural() -> dict[str, Decider[Any]]:
    return {decider.plural: decider for decider in DECIDERS}


@cache
def _by_tag() -> dict[str, type[Event]]:
    return {tag_of(event): event for decider in DECIDERS for event in decider.events}


@cache
def _by_command() -> dict[tuple[str, str], CommandSpec]:
    return {(decider.noun, spec.name): spec for decider in DECIDERS for spec in decider.commands}


def _name_clashes() -> Iterator[str]:
    names = {
        "noun": [decider.noun for decider in DECIDERS],
        "plural": [decider.plural for decider in DECIDERS],
        "tag": [tag_of(event) for decider in DECIDERS for event in decider.events],
        "permission": [spec.permission for decider in DECIDERS for spec in decider.commands],
        "reaction": [reaction.name for reaction in REACTIONS],
        "notice": [rule.name for rule in NOTICES],
    }
    for what, listed in names.items():
        for name, times in Counter(listed).items():
            if times > 1:
                yield f"{what} {name} stands {times} times"


def _command_faults() -> Iterator[str]:
    granted = frozenset[str]().union(*(role.permissions for role in ROLES))
    known = {f"{decider.noun}.read" for decider in DECIDERS} | OTHER_READS | BEYOND_COMMANDS
    for decider in DECIDERS:
        if not any(spec.creates or spec.opens for spec in decider.commands):
            yield f"{decider.noun}: no command creates it"
        for spec in decider.commands:
            known.add(spec.permission)
            if spec.permission != f"{decider.noun}.{spec.name}":
                yield f"{spec.permission}: the permission is not the command's name"
            if spec.stream_id is not None and not spec.creates:
                yield f"{spec.permission}: names a stream id without creating a stream"
            if (spec.permission in granted) != (spec.audience == "member"):
                yield f"{spec.permission}: a role holds it exactly when it is for members, not for {spec.audience}"
    yield from (f"{permission}: granted, but no such command" for permission in sorted(granted - known))


def _event_faults() -> Iterator[str]:
    for decider in DECIDERS:
        for event in decider.events:
            tag, fields = tag_of(event), event.__struct_fields__
            if not tag.startswith(f"{decider.noun}."):
                yield f"{tag}: the tag does not begin with its noun"
            if "rule_version" in fields and "clause" not in fields:
                yield f"{tag}: applied rules without a clause"


def _reaction_faults() -> Iterator[str]:
    known = {event for decider in DECIDERS for event in decider.events}
    answering = [(each.name, each.events) for each in REACTIONS] + [(each.name, each.events) for each in NOTICES]
    for name, events in answering:
        for event in events:
            if event not in known:
                yield f"{name}: answers {event.__name__}, which no decider has"
