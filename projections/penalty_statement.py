"""What was a person, a department or a month fined, on what ground, and what of it stands? R11, R4.8, R11.overlap."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from domain.penalty_ledger.commands import CauseRef
from domain.penalty_ledger.state import STANDING, LedgerTotals
from domain.reactions.penalties import ledger_id
from projections.asking import Question
from projections.kernel import Connection
from projections.labels import ClauseRef, ReadingRef, clause_ref, reading_ref
from projections.penalties import PENALTIES

PROJECTION = PENALTIES.name

STATUSES: Mapping[str, Text] = {
    "issued": Text("已开具", "issued"),
    "contested": Text("申诉中", "contested"),
    "upheld": Text("申诉驳回", "upheld"),
    "waived": Text("已免除", "waived"),
    "reversed": Text("已冲回", "reversed"),
    "settled": Text("已结清", "settled"),
}


class LedgerStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger and what its fines add up to; ``department`` is where the person works now."""

    ledger_id: UUID
    position: int
    subject_kind: str
    subject: str
    name: str | None
    department: str | None
    entries: int
    owing: bool
    totals: LedgerTotals


class StatementEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it stands, with all it rests on.

    ``department`` is where the person worked when it was issued. ``stands`` tells whether it counts against the
    subject; ``standing_fen`` is what of the fine does, ``owed_fen`` what of that is still to pay.
    """

    ledger_id: UUID
    subject_kind: str
    subject: str
    name: str | None
    entry_key: str
    number: int
    position: int
    department: str | None
    issued_on: date
    kind: str
    status: str
    status_label: Text
    stands: bool
    amount_fen: int
    standing_fen: int
    settled_fen: int
    owed_fen: int
    form: str | None
    effect: str | None
    period: str | None
    clause: ClauseRef
    rule_version: int
    readings: tuple[ReadingRef, ...]
    overlap: str | None
    displaced_by: str | None
    causes: tuple[CauseRef, ...]
    act: str
    joint_role: str | None
    principal_key: str | None
    contests: int


class DoubleDrawn(msgspec.Struct, frozen=True, kw_only=True):
    """One act of a subject that drew several clauses, and the entries it led to, oldest first (R11.overlap)."""

    ledger_id: UUID
    act: str
    clauses: tuple[ClauseRef, ...]
    entry_keys: tuple[str, ...]


class StatementAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Of which entries: a ledger's or a person's, a department's, those issued in some months, under a clause."""

    ledger: UUID | None = None
    person: UUID | None = None
    department: str | None = None
    first: str | None = None
    last: str | None = None
    clause: str | None = None


def ledgers_question(  # noqa: PLR0913 - each argument narrows the same question
    tenant: UUID,
    *,
    subject_kind: str | None = None,
    person: UUID | None = None,
    department: str | None = None,
    owing: bool | None = None,
    after: int | None = None,
) -> Question:
    """The ledgers in the order of their opening."""
    found = (
        Question("penalty_ledgers", tenant)
        .where("l.subject_kind = {}", subject_kind)
        .where("l.ledger_id = {}", None if person is None else ledger_id("person", str(person)))
        .where("p.department = {}", department)
        .where("l.opened_position > {}", after)
    )
    if owing is not None:
        found.where("l.owing" if owing else "not l.owing")
    return found.then("order by l.opened_position")


def _of(name: str, tenant: UUID, asked: StatementAsked) -> Question:
    return (
        Question(name, tenant)
        .where("e.ledger_id = {}", asked.ledger)
        .where("e.ledger_id = {}", None if asked.person is None else ledger_id("person", str(asked.person)))
        .where("e.department = {}", asked.department)
        .where("e.issued_month >= {}", asked.first)
        .where("e.issued_month <= {}", asked.last)
        .where("e.clause = {}", asked.clause)
    )


def entries_question(tenant: UUID, asked: StatementAsked, after: int | None) -> Question:
    """The entries asked for in the order of issue."""
    return _of("penalty_entries", tenant, asked).where("e.position > {}", after).then("order by e.position")


def totals_question(tenant: UUID, asked: StatementAsked) -> Question:
    """What all of the entries asked for add up to."""
    return _of("penalty_totals", tenant, asked)


def double_draws_question(tenant: UUID, after: tuple[UUID, str] | None) -> Question:
    """The acts that drew several clauses, by ledger and act."""
    found = Question("double_draws", tenant)
    if after is not None:
        found.where("(e.ledger_id, e.act) > ({}, {})", *after)
    return found.then("group by e.ledger_id, e.act having count(distinct e.clause) > 1 order by e.ledger_id, e.act")


async def ledgers(connection: Connection, question: Question, limit: int) -> list[LedgerStanding]:
    """The ledgers of a question."""
    return [
        LedgerStanding(
            ledger_id=row["ledger_id"],
            position=row["position"],
            subject_kind=row["subject_kind"],
            subject=row["subject"],
            name=row["name"],
            department=row["department"],
            entries=row["entries"],
            owing=row["owing"],
            totals=_totals(row),
        )
        for row in await question.rows(connection, limit)
    ]


async def totals(connection: Connection, tenant: UUID, asked: StatementAsked) -> LedgerTotals:
    """What all of the entries asked for add up to, to the fen."""
    [row] = await totals_question(tenant, asked).rows(connection, 1)
    return _totals(row)


async def entries(
    connection: Connection, tenant: UUID, asked: StatementAsked, *, after: int | None, limit: int
) -> list[StatementEntry]:
    """The entries asked for in the order of issue."""
    return [_entry(row) for row in await entries_question(tenant, asked, after).rows(connection, limit)]


async def double_draws(
    connection: Connection, tenant: UUID, after: tuple[UUID, str] | None, limit: int
) -> list[DoubleDrawn]:
    """The acts that drew several clauses, whichever reading they were booked by."""
    return [
        DoubleDrawn(
            ledger_id=row["ledger_id"],
            act=row["act"],
            clauses=tuple(clause_ref(clause) for clause in row["clauses"]),
            entry_keys=tuple(row["entry_keys"]),
        )
        for row in await double_draws_question(tenant, after).rows(connection, limit)
    ]


def _totals(row: Any) -> LedgerTotals:
    borne = row["issued_fen"] - row["displaced_fen"] - row["waived_fen"] - row["reversed_fen"]
    return LedgerTotals(
        issued_fen=row["issued_fen"],
        displaced_fen=row["displaced_fen"],
        waived_fen=row["waived_fen"],
        reversed_fen=row["reversed_fen"],
        settled_fen=row["settled_fen"],
        owed_fen=borne - row["settled_fen"],
    )


def _entry(row: Any) -> StatementEntry:
    standing = row["amount_fen"] - row["displaced_fen"] - row["waived_fen"] - row["reversed_fen"]
    return StatementEntry(
        ledger_id=row["ledger_id"],
        subject_kind=row["subject_kind"],
        subject=row["subject"],
        name=row["name"],
        entry_key=row["entry_key"],
        number=row["number"],
        position=row["position"],
        department=row["department"],
        issued_on=row["issued_on"],
        kind=row["kind"],
        status=row["status"],
        status_label=STATUSES[row["status"]],
        stands=row["status"] in STANDING and row["displaced_by"] is None,
        amount_fen=row["amount_fen"],
        standing_fen=standing,
        settled_fen=row["settled_fen"],
        owed_fen=standing - row["settled_fen"],
        form=row["form"],
        effect=row["effect"],
        period=row["period"],
        clause=clause_ref(row["clause"]),
        rule_version=row["rule_version"],
        readings=tuple(reading_ref(pair) for pair in (row["reading"] or "").split(",") if pair),
        overlap=row["overlap"],
        displaced_by=row["displaced_by"],
        causes=msgspec.json.decode(row["causes"], type=tuple[CauseRef, ...]),
        act=row["act"],
        joint_role=row["joint_role"],
        principal_key=row["principal_key"],
        contests=row["contests"],
    )
