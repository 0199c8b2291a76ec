"""How was each month scored, what did it cost or earn, and what did the months of a year come to? R14.2, R14.5."""

from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.assessments import ASSESSMENTS
from projections.kernel import Connection
from projections.labels import BANDS, MONTH_STATUSES

PROJECTION = ASSESSMENTS.name


class MonthlyScore(msgspec.Struct, frozen=True, kw_only=True):
    """One project's month. Scores are exact decimals; ``null`` until the month is closed.

    ``deposit_effect_fen`` is what the month changed in the deposit's balance, ``payout_fen`` what it had paid to the
    contractor, ``uncollected_fen`` what it took that was not there. ``streak`` is the streak after this month, where an
    event told it: the project tells it for its latest month alone.
    """

    assessment_id: UUID
    project_id: UUID
    project_name: str
    contractor: str
    month: str
    status: str
    status_label: Text
    score: Decimal | None
    band: str | None
    band_label: Text | None
    vetoed: bool | None
    centre: Decimal | None
    satisfaction: Decimal | None
    complaints_deducted: Decimal | None
    dissatisfaction_percent: Decimal | None
    staff_ballots: int
    student_ballots: int
    findings: int
    complaints: int
    incidents: int
    deposit_effect_fen: int
    payout_fen: int
    uncollected_fen: int
    streak: int | None
    rule_version: int
    revision: int
    scorecard_version: int | None
    closed_at: datetime | None
    scored_at: datetime | None


class YearlySummary(msgspec.Struct, frozen=True, kw_only=True):
    """One project's year: ``average`` of its ``closed`` months, half up to 0.01, and the months in each band."""

    project_id: UUID
    project_name: str
    contractor: str
    year: int
    months: int
    closed: int
    average: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    excellent: int
    qualified: int
    marginal: int
    failed: int
    vetoed: int
    deposit_effect_fen: int
    payout_fen: int
    uncollected_fen: int


class ScoresAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which months: of a project, in a range (both ends included), in a band or a status; after a row's key."""

    project_id: UUID | None = None
    first: str | None = None
    last: str | None = None
    band: str | None = None
    status: str | None = None
    after: tuple[str, UUID] | None = None


def question(tenant: UUID, asked: ScoresAsked) -> Question:
    """The statement, latest month first, then by project."""
    found = (
        Question("monthly_scores", tenant)
        .where("m.project_id = {}", asked.project_id)
        .where("m.month >= {}", asked.first)
        .where("m.month <= {}", asked.last)
        .where("m.band = {}", asked.band)
        .where("m.status = {}", asked.status)
    )
    if asked.after is not None:
        found.where("(m.month, m.project_id) < ({}, {})", *asked.after)
    return found.then("order by m.month desc, m.project_id desc")


async def monthly_scores(
    connection: Connection, tenant: UUID, asked: ScoresAsked, zone: tzinfo, limit: int
) -> list[MonthlyScore]:
    """The months asked for."""
    return [_score(row, zone) for row in await question(tenant, asked).rows(connection, limit)]


def summary_question(tenant: UUID, year: int, project: UUID | None, after: UUID | None) -> Question:
    """The statement, by project."""
    return (
        Question("monthly_summary", tenant, f"{year}-01", f"{year}-12")
        .where("m.project_id = {}", project)
        .where("m.project_id > {}", after)
        .then("group by m.project_id order by m.project_id")
    )


async def yearly_summaries(  # noqa: PLR0913 - each argument narrows the same question
    connection: Connection, tenant: UUID, year: int, *, project: UUID | None, after: UUID | None, limit: int
) -> list[YearlySummary]:
    """The year of each project."""
    rows = await summary_question(tenant, year, project, after).rows(connection, limit)
    return [YearlySummary(year=year, **row) for row in rows]


def _score(row: Any, zone: tzinfo) -> MonthlyScore:
    shown = dict(row)
    for instant in ("closed_at", "scored_at"):
        shown[instant] = shown[instant] and shown[instant].astimezone(zone)
    band = shown["band"]
    return MonthlyScore(
        status_label=MONTH_STATUSES[shown["status"]], band_label=None if band is None else BANDS[band], **shown
    )
