"""The rows of the projection "assessments": what the assessed months of a tenant are folded into."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from projections.tables import Table


class MonthRow(msgspec.Struct):
    """One assessed month; the columns of ``assessed_months``."""

    assessment_id: UUID
    project_id: UUID
    month: str
    project_name: str
    contractor: str
    status: str
    rule_version: int
    survey_closes_on: date
    survey_closes_at: datetime
    staff_wanted: int
    students_wanted: int
    ballots_required: bool
    staff_seats: int = 0
    student_seats: int = 0
    drawn: bool = False
    staff_ballots: int = 0
    student_ballots: int = 0
    findings: int = 0
    complaints: int = 0
    incidents: int = 0
    corrections: int = 0
    score: Decimal | None = None
    band: str | None = None
    vetoed: bool | None = None
    centre: Decimal | None = None
    satisfaction: Decimal | None = None
    complaints_deducted: Decimal | None = None
    dissatisfaction_percent: Decimal | None = None
    revision: int = 0
    scorecard_version: int | None = None
    closed_at: datetime | None = None
    scored_at: datetime | None = None
    recorded_revision: int = 0
    streak: int | None = None
    deposit_effect_fen: int = 0
    payout_fen: int = 0
    uncollected_fen: int = 0


class MarkRow(msgspec.Struct):
    """A ballot that counts or a finding that awaits correction; the columns of ``assessed_marks``."""

    mark_id: UUID
    assessment_id: UUID
    kind: str


class AwaitedRow(msgspec.Struct):
    """A content whose result is awaited; the columns of ``awaited_results``."""

    assessment_id: UUID
    code: str
    ordinal: int
    zh: str
    en: str


class ScorecardRow(msgspec.Struct):
    """Where a scorecard stands; the columns of ``assessed_scorecards``."""

    assessment_id: UUID
    revision: int
    version: int
    position: int
    score: Decimal
    band: str
    vetoed: bool
    scored_at: datetime


MONTHS = Table("assessed_months", MonthRow, ("assessment_id",))
MARKS = Table("assessed_marks", MarkRow, ("mark_id",))
AWAITED = Table("awaited_results", AwaitedRow, ("assessment_id", "code"))
SCORECARDS = Table("assessed_scorecards", ScorecardRow, ("assessment_id", "revision"))
