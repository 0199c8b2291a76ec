"""Folds accountability cases: where each stands, what is due in it, and what it did to appraisals."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.accountability import events as e
from domain.accountability import events_after as a
from domain.accountability import events_time as t
from domain.accountability.ending import ENDING, limits_ended
from domain.accountability.interest import INTERESTING, made_interested
from domain.accountability.words import Clock, RespondentRecord
from domain.kernel import Event
from projections import accountability_rows as rows
from projections.kernel import Connection, Folded, Projection
from projections.tables import Rows


class Work:
    """What a batch changes: the rows of the cases it touches, and of the effects it imposes or reverses."""

    def __init__(self) -> None:
        self.cases = Rows(rows.CASES)
        self.limits = Rows(rows.LIMITS)
        self.respondents = Rows(rows.RESPONDENTS)
        self.effects = Rows(rows.EFFECTS)
        self.interested = Rows(rows.INTERESTED)

    async def load(self, connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
        """Read what earlier batches left."""
        touched = {folded.stream_id for folded in batch}
        for table in (self.cases, self.limits, self.respondents, self.interested):
            await table.load(connection, tenant, build, case_id=touched)
        reversed_keys = {each.event.entry_key for each in batch if isinstance(each.event, a.EffectReversed)}
        await self.effects.load(connection, tenant, build, entry_key=reversed_keys)

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """Write all of it."""
        for table in (self.cases, self.limits, self.respondents, self.effects, self.interested):
            await table.write(connection, tenant, build)


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = Work()
    await work.load(connection, tenant, build, batch)
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
        _end(work, folded)
        for person in made_interested(folded.event):
            if work.interested.find(folded.stream_id, person) is None:
                work.interested.put(rows.InterestedRow(folded.stream_id, person))
    await work.write(connection, tenant, build)


def _end(work: Work, folded: Folded) -> None:
    """Drop the limits that the event ended; a case that came to its end has none."""
    keys: Iterable[str] = limits_ended(folded.event)
    if type(folded.event) in ENDING:
        keys = [limit.key for limit in work.limits.known() if limit.case_id == folded.stream_id]
    for key in keys:
        if work.limits.find(folded.stream_id, key) is not None:
            work.limits.drop(folded.stream_id, key)


def _reported(work: Work, folded: Folded, event: e.MatterReported) -> None:
    work.cases.put(
        rows.CaseRow(
            case_id=folded.stream_id,
            reported_position=folded.position,
            reported_on=event.reported_on,
            matter=event.matter,
            source=event.source.code,
            source_zh=event.source.zh,
            source_en=event.source.en,
            anonymous=event.receipt_hash is not None,
            complaint_id=event.complaint_id,
        )
    )
    _join(work, folded, event.respondents)


def _join(work: Work, folded: Folded, respondents: Iterable[RespondentRecord]) -> None:
    case = work.cases.change(folded.stream_id)
    for respondent in respondents:
        case.respondents += 1
        work.respondents.put(rows.RespondentRow(folded.stream_id, respondent.id, respondent.name))


def _named(work: Work, folded: Folded, event: e.RespondentNamed) -> None:
    _join(work, folded, (event.respondent,))


def _absorbed(work: Work, folded: Folded, event: e.CaseAbsorbed) -> None:
    _join(work, folded, event.respondents)


def _linked(work: Work, folded: Folded, event: e.HandledCaseLinked) -> None:
    work.cases.change(folded.stream_id).about_case = event.case_id


def _moved(status: str) -> Callable[[Work, Folded, Any], None]:
    def move(work: Work, folded: Folded, _: Event) -> None:
        work.cases.change(folded.stream_id).status = status

    return move


def _merged(work: Work, folded: Folded, event: e.CaseMerged) -> None:
    case = work.cases.change(folded.stream_id)
    case.status, case.merged_into = "merged", event.into


def _resolved(work: Work, folded: Folded, event: e.CaseResolved) -> None:
    case = work.cases.change(folded.stream_id)
    case.status, case.decided_on = "decided", event.decided_on
    case.to_serve = sum(verdict.outcome == "accountable" for verdict in event.verdicts)


def _served(work: Work, folded: Folded, _: a.DecisionServed) -> None:
    case = work.cases.change(folded.stream_id)
    case.to_serve -= 1
    case.status = "decided" if case.to_serve else "served"


def _began(work: Work, folded: Folded, event: t.StageBegan | e.ExtensionApproved) -> None:
    work.limits.put(_limit(work, folded, event.clock))


def _limit(work: Work, folded: Folded, clock: Clock) -> rows.LimitRow:
    about = None if clock.respondent_id is None else work.respondents.find(folded.stream_id, clock.respondent_id)
    return rows.LimitRow(
        case_id=folded.stream_id,
        key=clock.key,
        stage=clock.stage,
        respondent_id=clock.respondent_id,
        respondent_name=None if about is None else about.name,
        form=clock.form,
        started_on=clock.started_on,
        days=clock.days,
        due_on=clock.due_on,
        due_at=clock.due_at,
        own=clock.own,
        clause=clock.clause,
        role=clock.role,
        provisional=clock.provisional,
    )


def _rederived(work: Work, folded: Folded, event: t.StagesRederived) -> None:
    for moved in event.clocks:
        limit, clock = work.limits.change(folded.stream_id, moved.after.key), moved.after
        limit.due_on, limit.due_at, limit.provisional = clock.due_on, clock.due_at, clock.provisional


def _escalated(work: Work, folded: Folded, event: t.StageEscalated) -> None:
    work.limits.change(folded.stream_id, event.key).level = event.level


def _imposed(work: Work, folded: Folded, event: a.EffectImposed) -> None:
    work.effects.put(
        rows.EffectRow(
            entry_key=event.entry_key,
            case_id=folded.stream_id,
            subject_kind=event.subject_kind,
            subject=event.subject,
            subject_name=event.subject_name,
            period=event.period,
            effect=event.effect,
            form=event.form.code,
            form_zh=event.form.zh,
            form_en=event.form.en,
            clause=event.clause,
            rule_version=event.rule_version,
            readings=" ".join(f"{name}={value}" for name, value in sorted(event.readings.items())),
            imposed_at=folded.recorded_at,
            imposed_position=folded.position,
        )
    )


def _reversed(work: Work, folded: Folded, event: a.EffectReversed) -> None:
    effect = work.effects.change(event.entry_key)
    effect.reversed_at, effect.reversed_position = folded.recorded_at, folded.position
    effect.reversal_reason = event.reason


def _nothing_more(_: Work, __: Folded, ___: Event) -> None:
    """The event ends limits or makes people interested, and that is all."""


_STEPS: Mapping[type[Event], Callable[[Work, Folded, Any], None]] = {
    **dict.fromkeys(INTERESTING, _nothing_more),
    e.MatterReported: _reported,
    e.RespondentNamed: _named,
    e.CaseAbsorbed: _absorbed,
    e.HandledCaseLinked: _linked,
    e.ReportVerified: _moved("verified"),
    e.AccountabilityProposed: _moved("proposed"),
    e.CaseInitiated: _moved("investigating"),
    e.TeamFormed: _nothing_more,
    e.ExtensionApproved: _began,
    e.InvestigationReported: _moved("investigated"),
    e.OpinionGiven: _moved("heard"),
    e.CaseResolved: _resolved,
    e.CaseDismissed: _moved("dismissed"),
    e.CaseMerged: _merged,
    t.StageBegan: _began,
    t.StagesRederived: _rederived,
    t.StageEscalated: _escalated,
    t.ReviewRightLapsed: _nothing_more,
    a.DecisionServed: _served,
    a.SanctionReversed: _nothing_more,
    a.EffectImposed: _imposed,
    a.EffectReversed: _reversed,
    a.ReviewRequested: _nothing_more,
    a.ReviewDecided: _nothing_more,
    a.DecisionFiled: _nothing_more,
    a.ExecutionRecorded: _nothing_more,
    a.CaseClosed: _moved("closed"),
}

ACCOUNTABILITY = Projection(
    name="accountability",
    schema_version=3,
    events=tuple(_STEPS),
    tables=tuple(table.name for table in (rows.CASES, rows.LIMITS, rows.RESPONDENTS, rows.EFFECTS, rows.INTERESTED)),
    fold=fold,
)
"""The cases of a tenant, what is due in them, and the effects on appraisal."""
