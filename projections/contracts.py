"""Folds projects, deposits and what their entries rest on: one fold, so that a balance and a standing agree in time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.assessment import events as a
from domain.kernel import Event
from domain.property_project import events as p
from domain.rule_book import messages as r
from projections import contract_rows as rows
from projections.contract_work import ContractWork, tag
from projections.deposit_steps import DEPOSIT_STEPS
from projections.kernel import Connection, Folded, Projection

Work = ContractWork


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = ContractWork()
    await work.load(connection, tenant, build, batch)
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
    await work.write(connection, tenant, build)


def _registered(work: Work, folded: Folded, event: p.ProjectRegistered) -> None:
    work.projects.put(
        rows.ProjectRow(
            project_id=folded.stream_id,
            registered_position=folded.position,
            name=event.name,
            contractor=event.contractor,
            status="active",
            contract_from=event.contract_from,
            contract_to=event.contract_to,
            starts_month=event.starts_month,
        )
    )


def _revised(work: Work, folded: Folded, event: p.ProjectRevised) -> None:
    project = work.projects.change(folded.stream_id)
    project.name, project.contractor, project.contract_to = event.name, event.contractor, event.contract_to


def _recorded(work: Work, folded: Folded, event: p.MonthRecorded | p.MonthRevised) -> None:
    project = work.projects.change(folded.stream_id)
    project.streak, project.last_month = event.streak, max(project.last_month or "", event.month)
    source = work.sources.change(event.assessment_id, event.revision)
    source.recorded_topic = tag(event)
    source.recorded_version, source.recorded_position = folded.version, folded.position


def _correction_ordered(work: Work, folded: Folded, event: p.CorrectionOrdered) -> None:
    work.corrections.put(rows.CorrectionRow(folded.stream_id, event.month, event.due_on, event.due_at, "open"))


def _correction(status: str) -> Callable[[Work, Folded, Any], None]:
    def move(work: Work, folded: Folded, event: p.CorrectionConfirmed | p.CorrectionOverdue) -> None:
        work.corrections.change(folded.stream_id, event.month).status = status

    return move


def _correction_withdrawn(work: Work, folded: Folded, event: p.CorrectionWithdrawn) -> None:
    work.corrections.drop(folded.stream_id, event.month)


def _right_arose(work: Work, folded: Folded, event: p.TerminationRightArose) -> None:
    work.projects.change(folded.stream_id).right_since = event.month


def _right_lapsed(work: Work, folded: Folded, _: p.TerminationRightLapsed) -> None:
    work.projects.change(folded.stream_id).right_since = None


def _priority(work: Work, folded: Folded, event: p.TenderPriorityMarked) -> None:
    work.priorities.put(rows.PriorityRow(folded.stream_id, event.month))


def _no_priority(work: Work, folded: Folded, event: p.TenderPriorityWithdrawn) -> None:
    work.priorities.drop(folded.stream_id, event.month)


def _terminated(work: Work, folded: Folded, _: p.ContractTerminated) -> None:
    project = work.projects.change(folded.stream_id)
    project.status, project.ground_lost = "terminated", False
    project.termination_position, project.termination_version = folded.position, folded.version


def _ground(*, lost: bool) -> Callable[[Work, Folded, Any], None]:
    def move(work: Work, folded: Folded, _: Event) -> None:
        work.projects.change(folded.stream_id).ground_lost = lost

    return move


def _reinstated(work: Work, folded: Folded, _: p.ContractReinstated) -> None:
    project = work.projects.change(folded.stream_id)
    project.status, project.ground_lost = "active", False
    project.reinstatement_position, project.reinstatement_version = folded.position, folded.version


def _ended(work: Work, folded: Folded, _: p.ContractEnded) -> None:
    project = work.projects.change(folded.stream_id)
    project.status = "ended"
    project.end_position, project.end_version = folded.position, folded.version


def _scored(work: Work, folded: Folded, event: a.AssessmentClosed | a.AssessmentReassessed) -> None:
    card = event.scorecard
    work.sources.put(
        rows.SourceRow(
            assessment_id=folded.stream_id,
            revision=event.revision,
            scored_topic=tag(event),
            scored_version=folded.version,
            scored_position=folded.position,
            score=card.score,
            band=card.band,
            vetoed=card.vetoed,
            project_id=event.project_id,
        )
    )


def _published(work: Work, folded: Folded, event: r.PackAdopted | r.VersionPublished) -> None:
    work.rules.put(
        rows.RuleRow(
            regulation=event.regulation,
            rule_version=event.version,
            effective_from=event.effective_from,
            topic=tag(event),
            stream_id=folded.stream_id,
            version=folded.version,
            position=folded.position,
        )
    )


_STEPS: Mapping[type[Event], Callable[[Work, Folded, Any], None]] = {
    p.ProjectRegistered: _registered,
    p.ProjectRevised: _revised,
    p.MonthRecorded: _recorded,
    p.MonthRevised: _recorded,
    p.CorrectionOrdered: _correction_ordered,
    p.CorrectionConfirmed: _correction("confirmed"),
    p.CorrectionOverdue: _correction("overdue"),
    p.CorrectionWithdrawn: _correction_withdrawn,
    p.TerminationRightArose: _right_arose,
    p.TerminationRightLapsed: _right_lapsed,
    p.TenderPriorityMarked: _priority,
    p.TenderPriorityWithdrawn: _no_priority,
    p.ContractTerminated: _terminated,
    p.TerminationGroundLost: _ground(lost=True),
    p.TerminationGroundRestored: _ground(lost=False),
    p.ContractReinstated: _reinstated,
    p.ContractEnded: _ended,
    a.AssessmentClosed: _scored,
    a.AssessmentReassessed: _scored,
    r.PackAdopted: _published,
    r.VersionPublished: _published,
    **DEPOSIT_STEPS,
}
"""Which step folds which event; those of deposits stand in `DEPOSIT_STEPS`."""

CONTRACTS = Projection(
    name="contracts",
    schema_version=1,
    events=tuple(_STEPS),
    tables=tuple(
        table.name
        for table in (
            rows.PROJECTS,
            rows.CORRECTIONS,
            rows.PRIORITIES,
            rows.DEPOSITS,
            rows.ENTRIES,
            rows.DEMANDS,
            rows.SOURCES,
            rows.RULES,
        )
    ),
    fold=fold,
)
