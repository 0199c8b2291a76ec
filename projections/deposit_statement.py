"""What happened to a deposit, entry by entry, and what does each entry rest on? R14.5.

The chain is complete: entry → clause → version of the rules → scorecard → the events of all of them.
"""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.contract_lists import DepositStanding, deposit
from projections.contracts import CONTRACTS
from projections.kernel import Connection
from projections.labels import (
    BANDS,
    DEMAND_STATES,
    ENTRY_KINDS,
    ClauseRef,
    EventRef,
    ReadingRef,
    clause_ref,
    reading_refs,
)

PROJECTION = CONTRACTS.name
MAX_OWED = 200


class RuleRef(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a regulation's rules, since when it applies, and the event that put it in force."""

    regulation: str
    version: int
    effective_from: date
    event: EventRef


class ScorecardRef(msgspec.Struct, frozen=True, kw_only=True):
    """The scorecard an entry rests on; its whole derivation is at ``/v1/assessments/{assessment_id}/scorecard``."""

    assessment_id: UUID
    month: str
    revision: int
    score: Decimal
    band: str
    band_label: Text
    vetoed: bool


class TopUp(msgspec.Struct, frozen=True, kw_only=True):
    """A demand to make up for what an entry took. ``demand_id`` is that entry's id."""

    demand_id: str
    month: str
    state: str
    state_label: Text
    demanded_fen: int
    received_fen: int
    reduced_fen: int
    remaining_fen: int
    due_on: date
    due_at: datetime
    clause: ClauseRef
    rule_version: int
    readings: tuple[ReadingRef, ...]
    event: EventRef


class Allotment(msgspec.Struct, frozen=True):
    """The part of a top-up that met one demand."""

    demand_id: str
    amount_fen: int


class StatementEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. ``number`` counts from 1; the totals are those after it.

    ``effect_fen`` changed the balance, ``payout_fen`` went to the contractor, ``uncollected_fen`` was owed and not
    there to be taken. ``events`` are what it rests on, in the tenant's order; its own event is the last of them.
    """

    number: int
    entry_id: str
    kind: str
    kind_label: Text
    booked_at: datetime
    effect_fen: int
    balance_after_fen: int
    payout_fen: int
    uncollected_fen: int
    penalties_total_fen: int
    rewards_total_fen: int
    uncollected_total_fen: int
    paid_out_total_fen: int
    month: str | None
    base_fen: int | None
    percent: Decimal | None
    clause: ClauseRef | None
    readings: tuple[ReadingRef, ...]
    rules: RuleRef | None
    scorecard: ScorecardRef | None
    events: tuple[EventRef, ...]
    reverses: str | None
    reversed_by: str | None
    collects: str | None
    reference: str | None
    allocation: tuple[Allotment, ...]
    top_up: TopUp | None


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a deposit's statement: how it stands now, what is owed in top-ups, and entries, oldest first."""

    deposit: DepositStanding
    owed: tuple[TopUp, ...]
    items: tuple[StatementEntry, ...]


class EntriesAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries: booked from an instant and before another; after a number."""

    since: datetime | None = None
    before: datetime | None = None
    after: int | None = None


def question(tenant: UUID, deposit_id: UUID, asked: EntriesAsked) -> Question:
    """The statement of the entries, in their order."""
    return (
        Question("deposit_statement", tenant, deposit_id)
        .where("e.booked_at >= {}", asked.since)
        .where("e.booked_at < {}", asked.before)
        .where("e.number > {}", asked.after)
        .then("order by e.number")
    )


def owed_question(tenant: UUID, deposit_id: UUID) -> Question:
    """The statement of the demands still owed."""
    return Question("owed_demands", tenant, deposit_id).then("order by q.position")


async def statement(  # noqa: PLR0913 - each argument narrows the same question
    connection: Connection, tenant: UUID, deposit_id: UUID, *, asked: EntriesAsked, zone: tzinfo, limit: int
) -> Statement | None:
    """The statement of a deposit; none for a deposit that does not exist."""
    standing = await deposit(connection, tenant, deposit_id)
    if standing is None:
        return None
    owed = await owed_question(tenant, deposit_id).rows(connection, MAX_OWED)
    entries = await question(tenant, deposit_id, asked).rows(connection, limit)
    return Statement(
        deposit=standing,
        owed=tuple(_top_up(row, deposit_id, zone) for row in owed),
        items=tuple(_entry(row, standing, zone) for row in entries),
    )


def _entry(row: Any, standing: DepositStanding, zone: tzinfo) -> StatementEntry:
    return StatementEntry(
        number=row["number"],
        entry_id=row["entry_id"],
        kind=row["kind"],
        kind_label=ENTRY_KINDS[row["kind"]],
        booked_at=row["booked_at"].astimezone(zone),
        effect_fen=row["effect_fen"],
        balance_after_fen=row["balance_after_fen"],
        payout_fen=row["payout_fen"],
        uncollected_fen=row["uncollected_fen"],
        penalties_total_fen=row["penalties_total_fen"],
        rewards_total_fen=row["rewards_total_fen"],
        uncollected_total_fen=row["uncollected_total_fen"],
        paid_out_total_fen=row["paid_out_total_fen"],
        month=row["month"],
        base_fen=row["base_fen"],
        percent=row["percent"],
        clause=None if row["clause"] is None else clause_ref(row["clause"]),
        readings=reading_refs(row["readings"]),
        rules=_rules(row),
        scorecard=_scorecard(row),
        events=_events(row, standing),
        reverses=row["reverses"],
        reversed_by=row["reversed_by"],
        collects=row["collects"],
        reference=row["reference"],
        allocation=_allocation(row["allocation"]),
        top_up=None if row["demand_id"] is None else _top_up(row, standing.deposit_id, zone),
    )


def _rules(row: Any) -> RuleRef | None:
    if row["rule_topic"] is None:
        return None
    return RuleRef(
        regulation=row["clause"].partition(".")[0],
        version=row["rule_version"],
        effective_from=row["effective_from"],
        event=EventRef(row["rule_topic"], row["rule_stream"], row["rule_event_version"], row["rule_position"]),
    )


def _scorecard(row: Any) -> ScorecardRef | None:
    if row["scored_topic"] is None:
        return None
    return ScorecardRef(
        assessment_id=row["assessment_id"],
        month=row["month"],
        revision=row["revision"],
        score=row["score"],
        band=row["band"],
        band_label=BANDS[row["band"]],
        vetoed=row["vetoed"],
    )


def _events(row: Any, standing: DepositStanding) -> tuple[EventRef, ...]:
    project, account = standing.project_id, standing.deposit_id
    found = [EventRef(row["topic"], account, row["version"], row["position"])]
    if row["rule_topic"] is not None:
        found.append(EventRef(row["rule_topic"], row["rule_stream"], row["rule_event_version"], row["rule_position"]))
    if row["scored_topic"] is not None:
        found.append(EventRef(row["scored_topic"], row["assessment_id"], row["scored_version"], row["scored_position"]))
    found += [
        EventRef(row[f"{part}_topic"], project, row[f"{part}_version"], row[f"{part}_position"])
        for part in ("recorded", "contract")
        if row[f"{part}_position"] is not None
    ]
    return tuple(sorted(found, key=lambda event: event.position))


def _allocation(pairs: str) -> tuple[Allotment, ...]:
    parts = (pair.rpartition("=") for pair in pairs.split())
    return tuple(Allotment(demand, int(amount)) for demand, _, amount in parts)


def _top_up(row: Any, account: UUID, zone: tzinfo) -> TopUp:
    return TopUp(
        demand_id=row["demand_id"],
        month=row["demand_month"],
        state=row["state"],
        state_label=DEMAND_STATES[row["state"]],
        demanded_fen=row["demanded_fen"],
        received_fen=row["received_fen"],
        reduced_fen=row["reduced_fen"],
        remaining_fen=row["demanded_fen"] - row["received_fen"] - row["reduced_fen"],
        due_on=row["due_on"],
        due_at=row["due_at"].astimezone(zone),
        clause=clause_ref(row["demand_clause"]),
        rule_version=row["demand_rule_version"],
        readings=reading_refs(row["demand_readings"]),
        event=EventRef("contract_deposit.top_up_demanded", account, row["demand_version"], row["demand_position"]),
    )
