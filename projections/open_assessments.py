"""Which assessments are open, and what does each still lack? R14.3.

The domain's own `lacks` answers, on as much of an assessment's state as it looks at, rebuilt from counted columns.
A kept state would have to be decoded and written again for each of up to ten thousand ballots, and folding streams
when asked would read all of them; this reads one row and at most as many contents as a month awaits.
"""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from domain.assessment import AssessmentState, lacks
from domain.assessment.events import AwaitedContent
from domain.assessment.state import Ballot, Finding
from domain.kernel import Text
from domain.scorecard import Group
from projections.asking import Question
from projections.assessments import ASSESSMENTS
from projections.kernel import Connection
from projections.labels import MONTH_STATUSES, ClauseRef, clause_ref

PROJECTION = ASSESSMENTS.name


class OpenLack(msgspec.Struct, frozen=True, kw_only=True):
    """One thing missing; see ``domain.assessment.lacks``. ``blocks`` bars closing, a ``gap`` needs a reason."""

    code: str
    weight: str
    label: Text
    clause: ClauseRef
    subject: str | None
    have: int | None
    want: int | None


class OpenAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """An assessment that is not closed. ``days_left`` counts the days to the survey's last day; negative when past."""

    assessment_id: UUID
    project_id: UUID
    project_name: str
    contractor: str
    month: str
    status: str
    status_label: Text
    rule_version: int
    survey_closes_on: date
    survey_closes_at: datetime
    days_left: int
    staff_ballots: int
    staff_seats: int
    student_ballots: int
    student_seats: int
    findings: int
    findings_awaiting_correction: int
    complaints: int
    incidents: int
    lacks: tuple[OpenLack, ...]


def question(tenant: UUID, project: UUID | None, after: tuple[datetime, UUID] | None) -> Question:
    """The statement, the survey that closes first at the top."""
    found = Question("open_assessments", tenant).where("m.project_id = {}", project)
    if after is not None:
        found.where("(m.survey_closes_at, m.assessment_id) > ({}, {})", *after)
    return found.then("order by m.survey_closes_at, m.assessment_id")


async def open_assessments(  # noqa: PLR0913 - each argument narrows the same question
    connection: Connection,
    tenant: UUID,
    *,
    project: UUID | None,
    after: tuple[datetime, UUID] | None,
    now: datetime,
    zone: tzinfo,
    limit: int,
) -> list[OpenAssessment]:
    """The open assessments as they stand at an instant."""
    rows = await question(tenant, project, after).rows(connection, limit)
    return [_open(row, now, zone) for row in rows]


def _open(row: Any, now: datetime, zone: tzinfo) -> OpenAssessment:
    return OpenAssessment(
        assessment_id=row["assessment_id"],
        project_id=row["project_id"],
        project_name=row["project_name"],
        contractor=row["contractor"],
        month=row["month"],
        status=row["status"],
        status_label=MONTH_STATUSES[row["status"]],
        rule_version=row["rule_version"],
        survey_closes_on=row["survey_closes_on"],
        survey_closes_at=row["survey_closes_at"].astimezone(zone),
        days_left=(row["survey_closes_on"] - now.astimezone(zone).date()).days,
        staff_ballots=row["staff_ballots"],
        staff_seats=row["staff_seats"],
        student_ballots=row["student_ballots"],
        student_seats=row["student_seats"],
        findings=row["findings"],
        findings_awaiting_correction=row["corrections"],
        complaints=row["complaints"],
        incidents=row["incidents"],
        lacks=tuple(
            OpenLack(
                code=lack.code,
                weight=lack.weight,
                label=lack.label,
                clause=clause_ref(lack.clause),
                subject=lack.subject,
                have=lack.have,
                want=lack.want,
            )
            for lack in lacks(_standing(row))
        ),
    )


def _standing(row: Any) -> AssessmentState:
    """As much of the state as `lacks` looks at: who voted for what, or who sits, makes no difference to it."""
    awaited = (AwaitedContent(*content) for content in zip(row["codes"], row["zh"], row["en"], strict=True))
    return AssessmentState(
        status=row["status"],
        project_id=row["project_id"],
        project_name=row["project_name"],
        contractor=row["contractor"],
        month=row["month"],
        rule_version=row["rule_version"],
        survey_closes_on=row["survey_closes_on"],
        survey_closes_at=row["survey_closes_at"],
        awaited=tuple(awaited),
        staff_representatives=row["staff_wanted"],
        student_representatives=row["students_wanted"],
        ballots_required=row["ballots_required"],
        seed="" if row["drawn"] else None,
        staff=("",) * row["staff_seats"],
        students=("",) * row["student_seats"],
        findings={UUID(int=n): Finding(item_code="", count=1, correction="due") for n in range(row["corrections"])},
        ballots={
            **_ballots(0, "staff", row["staff_ballots"], row["staff_seats"]),
            **_ballots(1, "students", row["student_ballots"], row["student_seats"]),
        },
    )


def _ballots(series: int, group: Group, cast: int, seats: int) -> dict[UUID, Ballot]:
    """A group's ballots, no more of them than seats, beyond which none is lacking; at least one if any was cast."""
    ballot = Ballot(group=group, score=Decimal(0))
    return {UUID(int=2 * n + series): ballot for n in range(min(cast, max(seats, 1)))}
