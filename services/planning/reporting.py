"""Lays a period's figures before the domain: whoever compiles a report does not state them (R15.5.1.3.2)."""

from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.quality_report import QUALITY_REPORT
from domain.quality_report.commands import CompileReport, Kind
from domain.quality_terms import Period, every_of, senseless
from domain.rules.r15_duties import ANNUAL, REPORT
from domain.service_department.handlers import duty_id
from infra.database import Connection
from projections import quality_figures
from projections.asking import position_of
from services.runtime.config import TenantConfig

SPEC = QUALITY_REPORT.spec(CompileReport)


class CompileBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which report: of a month (``2026-03``) or a year (``2026``)."""

    kind: Kind
    period: Period


async def compiling(connection: Connection, tenant: UUID, config: TenantConfig, body: CompileBody) -> CompileReport:
    """The command with the figures as the read model has them; the position is read first, so they are no older.

    Raises `Refusal` where the period is none of the kind.
    """
    if every_of(body.period) != ("month" if body.kind == "monthly" else "year"):
        raise senseless(
            "period_not_over", "期间与报告种类不符", "The period is not of the kind.", "period", SPEC.clause or ""
        )
    position = await position_of(connection, tenant, *quality_figures.SOURCES)
    zone = ZoneInfo(config.calendar.timezone)
    found = await quality_figures.figures(connection, tenant, body.period, zone)
    compiles = await quality_figures.compiling_department(connection, tenant)
    kind = REPORT if body.kind == "monthly" else ANNUAL
    return CompileReport(
        kind=body.kind,
        period=body.period,
        figures=found,
        position=position,
        duty_id=None if compiles is None else duty_id(compiles, kind),
    )
