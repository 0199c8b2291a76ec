"""The rows of the projection "quality"; each struct is the columns of its table."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from projections.tables import Table


class DepartmentRow(msgspec.Struct):
    """A department that checks itself."""

    department_id: UUID
    name: str
    head: UUID
    compiles: bool
    begins_on: date
    closed: bool = False


class PlaceRow(msgspec.Struct):
    """A place whose duties count as a department's own."""

    department_id: UUID
    scope_id: UUID


class SheetRow(msgspec.Struct):
    """A day's sheet as it reads now."""

    sheets_id: UUID
    day: date
    department_id: UUID
    percent: Decimal
    problems: int
    raised: int
    late: bool


class MonthRow(msgspec.Struct):
    """A department's sheets of a month, and whether they were submitted."""

    sheets_id: UUID
    department_id: UUID
    department: str
    month: str
    submit_by: date
    submitted_at: datetime | None = None
    late: bool = False


class YearRow(msgspec.Struct):
    """A year's goals, and how far they are."""

    goals_id: UUID
    planned_position: int
    year: str
    planned_by: UUID
    status: str = "drafted"
    goals: int = 0
    adopted_by: UUID | None = None
    adopted_on: date | None = None


class GoalRow(msgspec.Struct):
    """A goal as it is measured now."""

    goals_id: UUID
    code: str
    year: str
    parent: str | None
    department_id: UUID | None
    department: str
    process: str
    indicator: str
    unit: str
    direction: str
    target: Decimal
    every: str
    weight: Decimal
    person: UUID


class MeasurementRow(msgspec.Struct):
    """What a goal came to in a period, against the target of then."""

    goals_id: UUID
    code: str
    period: str
    last_on: date
    department_id: UUID | None
    indicator: str
    unit: str
    weight: Decimal
    direction: str
    target: Decimal
    value: Decimal
    achieved: bool


class ReportRow(msgspec.Struct):
    """A report and how far it is."""

    report_id: UUID
    compiled_position: int
    kind: str
    period: str
    status: str
    due_on: date
    compiled_by: UUID
    submitted_at: datetime | None = None
    late: bool = False
    approved_on: date | None = None
    approved_by: UUID | None = None
    measures: int = 0


class LineRow(msgspec.Struct):
    """What an approved monthly report says of a department."""

    report_id: UUID
    department_id: UUID
    month: str
    filed: int
    late: int
    percent: Decimal | None
    problems: int
    raised: int


class MeasureRow(msgspec.Struct):
    """A measure of an approved report."""

    report_id: UUID
    number: int
    period: str
    kind: str
    department: str
    action: str
    person: UUID
    opened_on: date
    due_on: date
    status: str = "open"
    level: int = 0


DEPARTMENTS = Table("quality_departments", DepartmentRow, ("department_id",))
PLACES = Table("quality_places", PlaceRow, ("department_id", "scope_id"))
SHEETS = Table("quality_sheets", SheetRow, ("sheets_id", "day"))
MONTHS = Table("quality_months", MonthRow, ("sheets_id",))
YEARS = Table("quality_years", YearRow, ("goals_id",))
GOALS = Table("quality_goals", GoalRow, ("goals_id", "code"))
MEASUREMENTS = Table("quality_measurements", MeasurementRow, ("goals_id", "code", "period"))
REPORTS = Table("quality_reports", ReportRow, ("report_id",))
LINES = Table("quality_report_lines", LineRow, ("report_id", "department_id"))
MEASURES = Table("quality_measures", MeasureRow, ("report_id", "number"))
