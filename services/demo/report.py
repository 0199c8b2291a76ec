"""What the printed page shows, read from the store: each project's months and its deposit's statement."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.assessment import AssessmentState
from domain.assessment.events import AssessmentReassessed
from domain.contract_deposit import ContractDepositState
from domain.contract_deposit.events import Posting, TopUpDemanded, TopUpOverdue, TopUpReduced, TopUpWithdrawn
from domain.kernel import Text, derived_id
from domain.property_project import PropertyProjectState
from domain.property_project.consequences import consequences
from domain.property_project.state import assessed, corrected
from domain.rules.r14 import REGULATION, R14Rules
from infra.eventstore import select_stream
from services.demo.plan import project_id
from services.demo.story import Organisation, Project
from services.runtime.runtime import Runtime

Memo = TopUpDemanded | TopUpReduced | TopUpWithdrawn | TopUpOverdue


class MonthLine(msgspec.Struct, frozen=True, kw_only=True):
    """A month in force: its score, what vetoed it, the streak after it, and what it led to."""

    month: str
    assessment_id: UUID
    score: str
    band: str
    vetoes: tuple[Text, ...]
    streak: int
    rule_version: int
    previous: tuple[tuple[str, str], ...]
    """Scores and bands that stood before a re-assessment."""
    corrected: str | None
    """How the correction ordered at this month stands."""
    right: bool
    priority: bool


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the deposit, or a memo about a top-up, which moves no money."""

    at: datetime
    event: Posting | Memo


class ProjectReport(msgspec.Struct, frozen=True, kw_only=True):
    """One project's year."""

    code: str
    project_id: UUID
    deposit_id: UUID
    project: PropertyProjectState
    deposit: ContractDepositState
    months: tuple[MonthLine, ...]
    open_months: tuple[str, ...]
    statement: tuple[StatementLine, ...]


async def report(runtime: Runtime, tenant: UUID, organisation: Organisation) -> tuple[ProjectReport, ...]:
    """Every project of an organisation."""
    return tuple([await _project(runtime, tenant, project) for project in organisation.projects])


async def _project(runtime: Runtime, tenant: UUID, told: Project) -> ProjectReport:
    stream = project_id(tenant, told)
    deposit_id = derived_id(stream, "deposit")
    config = await runtime.configs.refresh(tenant)
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        project = (await runtime.states.read(connection, tenant, "property_project", stream)).state
        deposit = (await runtime.states.read(connection, tenant, "contract_deposit", deposit_id)).state
        assert isinstance(project, PropertyProjectState)
        assert isinstance(deposit, ContractDepositState)
        recorded = {month: each for month, each in sorted(project.months.items()) if each.result is not None}
        cards = {}
        for month, each in recorded.items():
            found = await runtime.states.read(connection, tenant, "assessment", each.assessment_id)
            rows = await select_stream(connection, tenant, each.assessment_id)
            cards[month] = (found.state, [runtime.mapper.decode(row.topic, row.state) for row in rows])
        booked = await select_stream(connection, tenant, deposit_id)
    zone = ZoneInfo(config.calendar.timezone)
    rules = {
        version.version: version.values for version in config.rules[REGULATION] if isinstance(version.values, R14Rules)
    }
    standings = consequences(assessed(project), rules, corrected(project))
    return ProjectReport(
        code=told.code,
        project_id=stream,
        deposit_id=deposit_id,
        project=project,
        deposit=deposit,
        months=tuple(
            _month(project, month, state, events, standings.after(month).streak)
            for month, (state, events) in cards.items()
        ),
        open_months=tuple(sorted(month for month, each in project.months.items() if each.result is None)),
        statement=tuple(
            StatementLine(at=row.recorded_at.astimezone(zone), event=event)
            for row in booked
            if isinstance(event := runtime.mapper.decode(row.topic, row.state), Posting | Memo)
        ),
    )


def _month(project: PropertyProjectState, month: str, state: Any, events: list[Any], streak: int) -> MonthLine:
    assert isinstance(state, AssessmentState)
    assert state.scorecard is not None
    correction = project.corrections.get(month)
    return MonthLine(
        month=month,
        assessment_id=project.months[month].assessment_id,
        score=f"{state.scorecard.score:.2f}",
        band=state.scorecard.band,
        vetoes=tuple(Text(veto.zh, veto.en) for veto in state.scorecard.vetoes),
        streak=streak,
        rule_version=state.rule_version,
        previous=tuple(
            (f"{event.previous_score:.2f}", event.previous_band)
            for event in events
            if isinstance(event, AssessmentReassessed)
        ),
        corrected=None if correction is None else correction.status,
        right=project.termination is not None and project.termination.ground_month == month,
        priority=month in project.tender_priority,
    )
