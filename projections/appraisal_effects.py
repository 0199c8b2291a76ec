"""What decisions of accountability did to the appraisal of a person's month or a unit's year (R4.8, R4.22)."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec

from domain.accountability.consequences import GRAVEST_FIRST
from domain.kernel import Text
from projections.accountability import ACCOUNTABILITY
from projections.accountability_board import KEPT
from projections.asking import Question
from projections.kernel import Connection
from projections.labels import APPRAISAL_EFFECTS, ClauseRef, ReadingRef, clause_ref, reading_refs

PROJECTION = ACCOUNTABILITY.name


class AppraisalEffect(msgspec.Struct, frozen=True, kw_only=True):
    """One effect, by a case through a form; it stands until it is reversed."""

    entry_key: str
    case_id: UUID
    effect: str
    effect_label: Text
    form: str
    form_label: Text
    clause: ClauseRef
    rule_version: int
    readings: tuple[ReadingRef, ...]
    imposed_at: datetime
    reversed_at: datetime | None
    reversal_reason: str | None


class AppraisedPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """A person's month or a unit's year: the gravest effect that stands, none once all are reversed, and every one.

    ``subject`` is the member's id or the unit's code, ``period`` the month (``2026-03``) or the year (``2026``).
    """

    period: str
    subject_kind: str
    subject: str
    subject_name: str
    effect: str | None
    effect_label: Text | None
    entries: tuple[AppraisalEffect, ...]


class EffectsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to: a person, a unit, a period, and to periods in which an effect stands.

    ``reader`` is who asks, from whom the effects of cases of his own are kept.
    """

    person: UUID | None = None
    unit: str | None = None
    month: str | None = None
    year: int | None = None
    standing: bool = False
    reader: UUID | None = None
    after: tuple[str, str, str] | None = None


def effect_question(tenant: UUID, asked: EffectsAsked) -> Question:
    """The statement, in the order of periods, persons before units."""
    question = Question("appraisal_effects", tenant)
    if asked.person is not None:
        question.where("f.subject_kind = 'person' and f.subject = {}", str(asked.person))
    if asked.unit is not None:
        question.where("f.subject_kind = 'unit' and f.subject = {}", asked.unit)
    question.where("f.period = {}", asked.month)
    question.where(KEPT.format(alias="f"), asked.reader)
    if asked.year is not None:
        question.where("f.period >= {} and f.period < {}", str(asked.year), str(asked.year + 1))
    if asked.after is not None:
        question.where("(f.period, f.subject_kind, f.subject) > ({}, {}, {})", *asked.after)
    question.then("group by f.period, f.subject_kind, f.subject")
    if asked.standing:
        question.then("having bool_or(f.reversed_position is null)")
    return question.then("order by f.period, f.subject_kind, f.subject")


async def appraised(
    connection: Connection, tenant: UUID, asked: EffectsAsked, zone: tzinfo, limit: int
) -> list[AppraisedPeriod]:
    """The months and years asked for."""
    return [_period(row, zone) for row in await effect_question(tenant, asked).rows(connection, limit)]


def _period(row: Any, zone: tzinfo) -> AppraisedPeriod:
    entries = tuple(_entries(row, zone))
    standing = {entry.effect for entry in entries if entry.reversed_at is None}
    gravest = next((effect for effect in GRAVEST_FIRST if effect in standing), None)
    return AppraisedPeriod(
        period=row["period"],
        subject_kind=row["subject_kind"],
        subject=row["subject"],
        subject_name=row["names"][-1],
        effect=gravest,
        effect_label=None if gravest is None else APPRAISAL_EFFECTS[gravest],
        entries=entries,
    )


def _entries(row: Any, zone: tzinfo) -> Iterator[AppraisalEffect]:
    for place, key in enumerate(row["entry_keys"]):
        reversed_at = row["reversed_ats"][place]
        yield AppraisalEffect(
            entry_key=key,
            case_id=row["case_ids"][place],
            effect=row["effects"][place],
            effect_label=APPRAISAL_EFFECTS[row["effects"][place]],
            form=row["forms"][place],
            form_label=Text(row["forms_zh"][place], row["forms_en"][place]),
            clause=clause_ref(row["clauses"][place]),
            rule_version=row["rule_versions"][place],
            readings=reading_refs(row["readings"][place]),
            imposed_at=row["imposed_ats"][place].astimezone(zone),
            reversed_at=None if reversed_at is None else reversed_at.astimezone(zone),
            reversal_reason=row["reasons"][place],
        )
